"""Who may open a class and teach it: whoever has named the passcode of this server; without one, its own computer.

What lets a browser is a record in the database that is bound to its cookie and sealed with the passcode: it outlasts
reload and restart, ends when the passcode is changed, and nothing that a session holds stands in for it.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from functools import lru_cache

from core.errors import ClassError
from core.settings import LONGEST_PASSCODE
from dashboard.shared import services
from dashboard.shared.attempts import Attempts
from dashboard.shared.viewer import Viewer

wrong_from_there = Attempts(most=10, seconds=60.0)
"""Wrong passcodes by the address they come from; a school has one address for its teacher and all of its students."""
wrong_in_all = Attempts(most=40, seconds=60.0)
"""The same, wherever they come from."""
_ALL = "all"


def has_passcode() -> bool:
    """Whether a passcode is set by which one teaches from any computer."""
    return services.settings().teacher_passcode is not None


def may_teach(viewer: Viewer) -> bool:
    """Whether a browser may open classes."""
    passcode = services.settings().teacher_passcode
    if passcode is None:
        return viewer.is_here
    found = services.store().teaching_seal(viewer.owner)
    return found is not None and hmac.compare_digest(found, _seal(viewer.owner, passcode.get_secret_value()))


def check_may_teach(viewer: Viewer) -> None:
    """Refuse whoever may not open classes.

    Raises:
        ClassError: "teacher_only", or "teacher_only_here" where no passcode is set.
    """
    if not may_teach(viewer):
        raise ClassError("teacher_only" if has_passcode() else "teacher_only_here")


def name_passcode(viewer: Viewer, typed: str) -> None:
    """Let a browser open classes from now on, if this is the passcode.

    Raises:
        ClassError: If it is not ("passcode_wrong"), if too many before were not ("passcode_tries"), or if there is none
            ("teacher_only_here").
    """
    passcode = _checked_passcode(viewer, typed)
    services.store().grant_teaching(viewer.owner, _seal(viewer.owner, passcode))


def teach_too(viewer: Viewer, code: str, typed: str = "") -> None:
    """Let a second browser teach a class that is there already.

    Raises as `name_passcode`, and a ClassError ("unknown_class") where there is none. Where no passcode is set, the
    server's own computer needs none.
    """
    if has_passcode():
        name_passcode(viewer, typed)
    else:
        check_may_teach(viewer)
    services.store().let_teach(code, viewer.owner)


def stop_teaching(viewer: Viewer) -> None:
    """Forget that a browser may open classes; those that it teaches stay its own."""
    services.store().withdraw_teaching(viewer.owner)


def _checked_passcode(viewer: Viewer, typed: str) -> str:
    """The passcode, if it was typed."""
    setting = services.settings().teacher_passcode
    if setting is None:
        raise ClassError("teacher_only_here")
    passcode = setting.get_secret_value()
    seconds = wrong_from_there.begin(viewer.address)
    if seconds:
        raise ClassError("passcode_tries", seconds=seconds)
    seconds = wrong_in_all.begin(_ALL)
    if seconds:
        raise ClassError("passcode_tries", seconds=seconds)
    if not hmac.compare_digest(_digest(typed[: 4 * LONGEST_PASSCODE]), _digest(passcode)):
        raise ClassError("passcode_wrong")
    wrong_from_there.forgive(viewer.address)
    wrong_in_all.forgive(_ALL)
    return passcode


def _digest(text: str) -> bytes:
    """As many bytes for every text, so that comparing takes as long for every one."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return hashlib.sha256(plain.encode("utf-8", "replace")).digest()


@lru_cache(maxsize=256)
def _seal(owner: str, passcode: str) -> str:
    """What ties a grant to a browser and a passcode; slow to work out, so that a stolen database does not tell it."""
    return hashlib.scrypt(
        passcode.encode(), salt=owner.encode("utf-8", "replace"), n=2**13, r=8, p=1, dklen=32
    ).hex()
