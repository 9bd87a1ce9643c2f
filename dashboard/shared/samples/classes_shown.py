"""What the cells of a matrix of classes tell, and how many of many classes it shows."""

from __future__ import annotations

from dashboard.shared.charts.class_matrix import FEW, Form
from dashboard.shared.choose import choose
from dashboard.shared.language import Language

_SOME = 24
_FORMS: tuple[Form, ...] = ("shares", "counts", "mistakes")


def choose_form(classes: int, key: str, t: Language, *, labelled: bool) -> Form:
    """The choice of what the cells tell; of two classes the mistakes alone would be but two cells.

    Args:
        key: Of the choice; another one for two classes and for more.
        labelled: Whether it says what is chosen here; else only screen readers are told.
    """
    return choose(
        t("confusion.form"),
        _FORMS if classes > 2 else _FORMS[:2],
        lambda one: t(f"confusion.{one}"),
        key=key,
        default="shares",
        labelled=labelled,
    )


def choose_number(classes: int, part: str, t: Language) -> int:
    """The choice of how many classes to show at once: a few, some or all.

    Args:
        classes: How many there are; more than `FEW`.
        part: The part of the page, as its keys in the session and its words in the languages begin.

    Returns:
        How many to show.
    """
    numbers = [*(number for number in (FEW, _SOME) if number < classes), classes]
    return choose(
        t("confusion.shown"),
        numbers,
        lambda number: t(
            "confusion.shown.all" if number == classes else f"{part}.shown.first", number=number
        ),
        key=f"{part}-shown-{classes}",
        default=FEW,
    )
