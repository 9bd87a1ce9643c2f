"""How a data set gets here. Downloads run in threads of the web process, so that no reload stops or repeats one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import streamlit as st

from core.catalog import DatasetInfo
from core.datasets import FetchProgress, download_dataset
from core.errors import TurningPointError
from core.settings import Settings
from dashboard.shared.language import Language

#: The sign of each answer of `availability`.
SIGNS = {
    "bundled": "check_circle",
    "cache": "check_circle",
    "folder": "check_circle",
    "generated": "auto_awesome",
    "none": "download",
    "own": "folder_shared",
}


def origin(known: DatasetInfo, t: Language) -> str:
    """Who made a data set and under which terms."""
    return t("data.origin", source=t(f"data.source.{known.name}"), license=t(f"data.license.{known.name}"))


def how_to_copy(known: DatasetInfo, t: Language) -> str:
    """Which files to put where if there is no network, as Markdown."""
    files = (file for choice in known.files for file in choice.split(" + "))
    key = "data.offline.text_files" if known.kind == "text" else "data.offline.files"
    return t(key, files=", ".join(f"`{file}`" for file in files))


@dataclass(frozen=True)
class Download:
    """How a download stands; no progress before the first byte, and an error if it is known why it failed."""

    state: Literal["running", "done", "failed"] = "running"
    progress: FetchProgress | None = None
    error: TurningPointError | None = None


class Downloads:
    """At most one download of each data set, seen by all sessions."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, Download] = {}
        self._threads: dict[str, threading.Thread] = {}

    def start(self, name: str, settings: Settings) -> None:
        """Begin to fetch a data set, unless that is under way."""
        with self._lock:
            known = self._known.get(name)
            if known is not None and known.state == "running":
                return
            self._known[name] = Download()
            # A daemon: a server that is being stopped does not wait, and half a download leaves no trace.
            thread = threading.Thread(
                target=self._fetch, args=(name, settings), name=f"fetch-{name}", daemon=True
            )
            self._threads[name] = thread
        thread.start()

    def get(self, name: str) -> Download | None:
        """How the download of a data set stands; None if none was begun."""
        with self._lock:
            return self._known.get(name)

    def forget(self, name: str) -> None:
        """Put aside what has ended."""
        with self._lock:
            known = self._known.get(name)
            if known is not None and known.state != "running":
                del self._known[name]

    def wait(self, name: str) -> None:
        """Return when no download of this data set is under way."""
        thread = self._threads.get(name)
        if thread is not None:
            thread.join()

    def _fetch(self, name: str, settings: Settings) -> None:
        ended = Download("failed")
        try:
            download_dataset(name, settings, progress=lambda now: self._change(name, _with(now)))
            ended = Download("done")
        except TurningPointError as error:
            ended = Download("failed", error=error)
        finally:
            self._change(name, lambda _: ended)

    def _change(self, name: str, change: Callable[[Download], Download]) -> None:
        with self._lock:
            self._known[name] = change(self._known[name])


def _with(progress: FetchProgress) -> Callable[[Download], Download]:
    return lambda known: replace(known, progress=progress)


@st.cache_resource(show_spinner=False)
def downloads() -> Downloads:
    """The one list of downloads of this process."""
    return Downloads()
