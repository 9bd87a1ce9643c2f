"""The steps of lessons by their names, for pages that a step leads to, and the one that an address names.

A run begun there carries the step, as one begun in the step itself, so that checks find it.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from dashboard.shared.language import Message
from dashboard.shared.url_state import Property, one_of

_FILES = Path(__file__).parents[2] / "learn" / "lessons" / "en"


@cache
def places() -> tuple[str, ...]:
    """All steps there are, as "LESSON.STEP"; they are called the same in every language."""
    return tuple(
        f"{path.stem}.{step['id']}"
        for path in sorted(_FILES.glob("*.toml"))
        for step in tomllib.loads(path.read_text(encoding="utf-8"))["steps"]
    )


def _place(text: str) -> str:
    return one_of(places(), lambda received: Message("lesson.no_place", {"received": received}))(text)


PLACE = Property("lesson", "", _place)
"""The step that led to a page; "" for none."""
