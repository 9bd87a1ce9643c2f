"""Where the styles of what pages draw themselves are."""

from __future__ import annotations

from pathlib import Path

_STATIC = Path(__file__).parent / "static"


def stylesheet(name: str) -> Path:
    """The CSS file of this name, "texts" or "answers", for `st.html`."""
    return _STATIC / f"{name}.css"
