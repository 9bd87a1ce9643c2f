"""The board of a class as JSON, worked out at most twice a second, whoever looks; only runs that moved are read anew.

No Streamlit. Whether somebody may see it is for the caller to know.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from threading import Lock
from typing import Any

from core.classroom import Classroom, Seat
from core.classroom.board import Board, Tile, board
from core.run import Run, RunSummary
from core.storage import Store
from dashboard.classroom.snapshot import Snapshot
from dashboard.shared.presence import presence

FRESH = 0.5
"""Seconds that a board is shown as it is: with the time between two questions of a browser less than one."""
_KEPT = 16


class LiveBoard:
    """The board of one class, and what of its runs is known already."""

    def __init__(self, code: str) -> None:
        self.code = code
        self._summaries: dict[str, RunSummary] = {}
        self._runs: dict[str, Run] = {}

    def read(self, store: Store, seats: list[Seat], *, revealed: bool) -> Board:
        """The board as it is now."""
        summaries = {run.id: run for run in store.newest_runs(self.code)}
        self._runs = {run: known for run, known in self._runs.items() if run in summaries}
        moved = {run for run, summary in summaries.items() if self._has_moved(summary)}
        grown = {run for run in moved if self._only_learned(summaries[run])}
        longer = self._longer(store, {run: summaries[run].epochs_done for run in grown})
        self._runs |= longer
        self._runs |= {run.id: run for run in store.get_many(sorted(moved - longer.keys()))}
        self._summaries = summaries
        runs = (replace(run, position=summaries[run.id].position) for run in self._runs.values())
        return board(seats, runs, revealed=revealed)

    def _has_moved(self, summary: RunSummary) -> bool:
        """Whether more has changed than a place in the queue, which moves for all who wait at once."""
        before = self._summaries.get(summary.id)
        return before is None or replace(before, position=summary.position) != summary

    def _only_learned(self, summary: RunSummary) -> bool:
        """Whether a run that may be seen has only got some epochs longer since it was read."""
        before = self._summaries.get(summary.id)
        if before is None or not before.epochs_done or summary.is_covered:
            return False  # what its epochs are judged by is recorded before the first one
        states = (before.state, before.revealed, before.opening)
        return states == (summary.state, summary.revealed, summary.opening)

    def _longer(self, store: Store, grown: Mapping[str, int]) -> dict[str, Run]:
        """Those of these runs to whose known epochs the new ones could be put; of so many epochs each has now."""
        if not grown:
            return {}
        most = max(number - len(self._runs[run].epochs) for run, number in grown.items())
        found = {}
        for run, epochs in store.recent_epochs(grown.keys(), most).items():
            known = self._runs[run].epochs
            new = tuple(epoch for epoch in epochs if epoch.number > len(known))
            # Where one was recorded since the summaries were read there may be a gap: then all are read.
            if new and new[0].number == len(known) + 1:
                found[run] = replace(self._runs[run], epochs=known + new)
        return found


class Boards:
    """The boards of all classes that somebody looks at.

    Args:
        clock: Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._live: dict[str, LiveBoard] = {}
        self._known: dict[str, tuple[float, str, bytes]] = {}

    def get(self, store: Store, of: Snapshot) -> tuple[str, bytes]:
        """The version of the board and the board; the version changes if and only if it does."""
        code = of.classroom.code
        with self._lock:
            moment, version, plain = self._known.pop(code, (float("-inf"), "", b""))
            if self._clock() - moment > FRESH:
                moment = self._clock()
                version, plain = self._worked_out(store, of)
            self._known[code] = moment, version, plain
            while len(self._known) > _KEPT:
                oldest = next(iter(self._known))
                del self._known[oldest]
                self._live.pop(oldest, None)
            return version, plain

    def forget(self) -> None:
        """Work all of them out anew at the next question."""
        with self._lock:
            self._known.clear()
            self._live.clear()

    def _worked_out(self, store: Store, of: Snapshot) -> tuple[str, bytes]:
        code = of.classroom.code
        live = self._live.setdefault(code, LiveBoard(code))
        seats = store.seats(code)
        found = live.read(store, seats, revealed=of.classroom.shown.guesses)
        there = {seat.number: _there(seat.owner) for seat in seats}
        plain = json.dumps(
            board_json(found, of.classroom, there), ensure_ascii=False, separators=(",", ":")
        ).encode()
        version = hashlib.sha256(plain).hexdigest()[:12]
        return version, b'{"version":"%s",%s' % (version.encode(), plain[1:])


def _there(owner: str) -> dict[str, Any]:
    place = presence.place(owner)
    return {"here": presence.is_here(owner), "place": asdict(place) if place is not None else None}


def board_json(
    found: Board, classroom: Classroom, there: Mapping[int, Mapping[str, Any]] | None = None
) -> dict[str, Any]:
    """The board as the browser gets it: without nicknames, and without single seats, where the teacher hides them.

    `there`: who is there and at which step, by the numbers of the seats.
    """
    shown = classroom.shown
    return {
        "shown": shown.model_dump(),
        "states": Counter(tile.state.value for tile in found.tiles if tile.state is not None),
        "ended": not classroom.is_on,
        "seats": len(found.tiles),
        "tiles": []
        if shown.pooled_only
        else [{**_tile(tile, names=shown.names), **(there or {}).get(tile.seat, {})} for tile in found.tiles],
        "turned": found.turned,
        "not_reached": found.not_reached,
        "covered": found.covered,
        "sealed": found.sealed,
        "points": [(point.parameters, point.accuracy) for point in found.points],
        "guesses": [(guess.predicted, guess.true) for guess in found.guesses],
        "guessed": found.guessed,
    }


def _tile(tile: Tile, *, names: bool) -> dict[str, Any]:
    plain = asdict(tile)
    if not names:
        del plain["nickname"]
    return plain


boards = Boards()
"""Of this process."""
