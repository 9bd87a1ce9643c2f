"""What a page says of an error, what is wrong with the whole server, and how a page comes back by itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from core.errors import MESSAGES, DatabaseAwayError, StorageError, TurningPointError
from core.free_space import full
from core.free_space import trouble as trouble_of
from core.jobs.status import engine_status
from core.settings import Settings
from dashboard.shared import services
from dashboard.shared.language import Language

_PAUSE = 2.0  # seconds between two looks
#: Seconds that what is wrong with the server is known; many sessions ask, those with a live curve twice a second.
_HOLDS = 2.0
_known: tuple[float, Settings, StorageError | None] | None = None


def tell(error: TurningPointError, t: Language, level: Literal["error", "warning"] = "error") -> None:
    """Say what is wrong; if it is a database that may come back, the page is drawn anew as soon as it does."""
    say = st.error if level == "error" else st.warning
    say(t.error(error), icon=":material/error:")
    if isinstance(error, DatabaseAwayError):
        st.caption(t("away.by_itself"))
        come_back_when(_answers)


@contextmanager
def told(t: Language, *, level: Literal["error", "warning"] = "error") -> Iterator[None]:
    """A part of a page: an error of this program in it is said there, and the rest of the page goes on.

    `with told(t): show_list(t)`; what needs something that was found in the part belongs into the part. `main.py` has
    one around each page, so that a page need not end with one of its own.
    """
    try:
        yield
    except TurningPointError as error:
        tell(error, t, level)


@dataclass(frozen=True)
class Refusal:
    """Why a press did nothing: kept by its callback, in which nothing can be said, for the page that is drawn then.

    `key` is where the session keeps it.
    """

    key: str

    @contextmanager
    def kept(self) -> Iterator[None]:
        """What is done at the press; an error of this program in it is kept."""
        try:
            yield
        except TurningPointError as error:
            st.session_state[self.key] = error

    def tell(self, t: Language) -> None:
        """Say it, once; nothing if what was pressed last was done."""
        refused: TurningPointError | None = st.session_state.pop(self.key, None)
        if refused is not None:
            tell(refused, t, "warning")


def _answers() -> bool:
    try:
        services.store().count()
    except StorageError:
        return False
    return True


def come_back_when(ready: Callable[[], bool]) -> None:
    """Draw the page anew as soon as something is so, but not at once; it is asked every few seconds."""
    st.fragment(_look, run_every=_PAUSE)(ready, time.monotonic())


def _look(ready: Callable[[], bool], since: float) -> None:
    with suppress(StorageError):  # then it is not, as far as is known
        if time.monotonic() - since > _PAUSE / 2 and ready():
            st.rerun()


# The whole server: no folder, no room on the disk, no locks


def server_trouble() -> StorageError | None:
    """What keeps anything from being written down now; None if nothing does. Cheap enough for every page.

    `SettingsError` if the server has no settings.
    """
    global _known
    settings, now = services.settings(), time.monotonic()
    if _known is None or _known[1] is not settings or now - _known[0] > _HOLDS:
        _known = now, settings, _found(settings)
    return _known[2]


def _found(settings: Settings) -> StorageError | None:
    files = services.artifacts().folder
    return (
        _of_the_engine(settings)  # which has tried
        or trouble_of((settings.home,))
        or (full((files,)) if files is not None else None)
    )


def _of_the_engine(settings: Settings) -> StorageError | None:
    status = engine_status(settings)
    if status.state != "failed" or status.code not in MESSAGES:
        return None
    try:
        return StorageError(status.code, **status.details)
    except KeyError:  # of another version
        return None
