"""Text of users among text of ours."""

from __future__ import annotations

_SPECIAL = frozenset(r"\`*_{}[]()#+-.!|~$:<>")


def escaped(text: str) -> str:
    """Text that shall appear as it was typed, where Streamlit would read Markdown, icons and formulas."""
    return "".join(f"\\{one}" if one in _SPECIAL else one for one in text)
