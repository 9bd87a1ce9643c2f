"""A change of a class by a press of its teacher: done before the page is drawn, which says it if it was refused."""

from __future__ import annotations

from collections.abc import Callable

from core.classroom import Rules
from dashboard.classroom.live_board import boards
from dashboard.classroom.snapshot import snapshots
from dashboard.shared import services
from dashboard.shared.trouble import Refusal

STEERING_REFUSED = Refusal("class-steering-refused")


def change_rules(code: str, change: Callable[[Rules], Rules]) -> None:
    """Change what students may do; the store refuses whoever does not teach the class."""
    attempt(lambda: services.store().set_rules(code, change, teacher=services.owner()))


def attempt(action: Callable[[], object], refused: Refusal = STEERING_REFUSED) -> None:
    """Do what was pressed, and have all who look at the class see it."""
    with refused.kept():
        action()
    snapshots.forget()
    boards.forget()
