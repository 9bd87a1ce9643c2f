"""The code of a class in an address, and how often somebody may be wrong about one."""

from __future__ import annotations

from core.classroom import Classroom
from core.classroom.names import as_code
from core.errors import ClassError
from core.storage import Store
from dashboard.shared.attempts import Attempts
from dashboard.shared.url_state import Property

CODE = Property("code", "")
"""The class that the page is about, as somebody typed it."""

wrong_codes = Attempts(most=120, seconds=600.0)
"""Wrong codes by the address they come from. A whole class may sit behind one address and mistype a code each; but of
47 million codes nobody finds one by trying."""


def class_of(store: Store, typed: str, *, address: str, again: bool = False) -> Classroom:
    """The class of a code that somebody typed; `again` if the same was asked for before, which counts once.

    Raises:
        ClassError: If it is none ("class_code", "unknown_class"), or too many from this address were ("class_tries").
    """
    if not wrong_codes.may(address):
        raise ClassError("class_tries", minutes=wrong_codes.minutes_left(address))
    try:
        return store.classroom(as_code(typed))
    except ClassError as error:
        if error.code == "unknown_class" and not again:  # what cannot be a code tells nobody anything
            wrong_codes.note(address)
        raise
