"""What whoever carries out a run writes down of it: in order, and also when the database is away for a while."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, TypeVar

from core.errors import DatabaseAwayError, DatabaseLostError, StorageError
from core.run import Epoch, Evaluation, Progress, Reason, RunState, Timing
from core.storage.store import Store

_log = logging.getLogger(__name__)

#: Seconds that the database may be away before a training is given up.
PATIENCE = 600.0

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 2.0  # seconds between two tries
_ANSWER = 1.0  # seconds that a training waits to hear whether it should stop

Result = TypeVar("Result")


def patiently(do: Callable[[], Result], *, patience: float = PATIENCE) -> Result:
    """Do something of which twice does no harm, again and again while the database is away.

    Raises:
        DatabaseLostError: If it was away for all these seconds.
    """
    deadline, pause = time.monotonic() + patience, _FIRST_PAUSE
    while True:
        try:
            return do()
        except DatabaseAwayError as error:
            left = deadline - time.monotonic()
            if left <= 0:
                raise lost(patience) from error
            time.sleep(min(pause, left))
            pause = min(2 * pause, _LONGEST_PAUSE)


def lost(patience: float) -> DatabaseLostError:
    """What is raised when the database was away for so many seconds."""
    return DatabaseLostError("database_lost", seconds=round(patience))


@dataclass(eq=False)
class _Entry:
    """Something to be done with the database."""

    do: Callable[[], None]  # does it; a second time does no harm
    kind: str = "record"  # or "progress", of which only the newest counts, or "question"
    failure: StorageError | ValueError | None = None  # why it was not done although the database answered


class Logbook:
    """Writes down a run from a thread of its own, so that the training never waits for the database.

    What is recorded reaches the database in the order in which it was told, each epoch once; of several
    progresses that wait, only the newest. While the database is away everything is kept and tried again. Whatever
    else goes wrong is raised at the next call. Use it with `with`; only `finish` waits until all is written.

    Args:
        patience: Seconds that the database may be away before `DatabaseLostError` is raised.
    """

    def __init__(self, store: Store, run: str, *, patience: float = PATIENCE) -> None:
        self._store = store
        self._run = run
        self._patience = patience
        self._entries: deque[_Entry] = deque()
        self._changed = threading.Condition()
        self._begun: float | None = None  # since when the first entry is being tried (monotonic)
        self._failure: StorageError | ValueError | None = None
        self._asked = False  # whether the question for a stop waits for its answer
        self._away = False  # whether it is not worth waiting for that
        self._stop = False
        self._closed = False
        self._ended = False
        self._thread = threading.Thread(target=self._write, name=f"logbook of {run}", daemon=True)

    def __enter__(self) -> Logbook:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()

    def environment(self, environment: Mapping[str, Any]) -> None:
        """Record what the result may depend on; see `Store.record_environment`."""
        self._add(_Entry(lambda: self._store.record_environment(self._run, environment)))

    def progress(self, progress: Progress) -> None:
        """Record how far the run is."""
        self._add(_Entry(lambda: self._store.record_progress(self._run, progress), "progress"))

    def epoch(self, epoch: Epoch) -> None:
        """Record a complete epoch."""
        self._add(_Entry(lambda: self._store.record_epoch(self._run, epoch)))

    def evaluation(self, evaluation: Evaluation) -> None:
        """Record the test result."""
        self._add(_Entry(lambda: self._store.record_evaluation(self._run, evaluation)))

    def stop_requested(self) -> bool:
        """Whether the run should end, as far as known: while the database is away, nobody has asked.

        What was told before is in the database when this is answered.
        """
        with self._changed:
            if not self._stop and not self._asked:
                self._asked = True
                self._append(_Entry(self._ask, "question"))
            if not self._changed.wait_for(lambda: not self._asked or self._away, _ANSWER):
                self._away = True
            self._check()
            return self._stop

    def finish(
        self,
        state: RunState,
        reason: Reason,
        *,
        timing: Timing | None = None,
        best_epoch: int | None = None,
        learned: int | None = None,
    ) -> bool:
        """Record the end as `Store.finish` does, and wait until all is in the database; False as there."""
        ended = False

        def end() -> None:
            nonlocal ended
            ended = self._store.finish(
                self._run, state, reason, timing=timing, best_epoch=best_epoch, learned=learned
            )

        last = _Entry(end)
        with self._changed:
            if self._begun is not None:
                self._begun = time.monotonic()  # the end has all the time once more
            self._append(last)
            while last in self._entries:
                self._changed.wait(_ANSWER)
                self._check_time()
            if last.failure is not None:
                raise last.failure
        return ended

    def _add(self, entry: _Entry) -> None:
        with self._changed:
            self._check()
            self._append(entry)

    def _append(self, entry: _Entry) -> None:
        if entry.kind == "progress":
            being_tried = 0 if self._begun is None else 1
            older = [one for one in list(self._entries)[being_tried:] if one.kind == "progress"]
            for one in older:
                self._entries.remove(one)
        self._entries.append(entry)
        self._changed.notify_all()

    def _check(self) -> None:
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure
        self._check_time()

    def _check_time(self) -> None:
        # A database that does not even refuse is away too.
        if self._begun is not None and time.monotonic() - self._begun > self._patience:
            raise lost(self._patience)
        if self._ended:
            raise RuntimeError("what writes down the run has failed; the log says how")

    def _ask(self) -> None:
        stop = self._store.stop_requested(self._run)
        with self._changed:
            self._stop, self._asked, self._away = stop, False, False

    # In the thread

    def _write(self) -> None:
        try:
            while (entry := self._next()) is not None:
                self._carry_out(entry)
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def _next(self) -> _Entry | None:
        with self._changed:
            self._changed.wait_for(lambda: self._entries or self._closed)
            if self._closed:
                return None
            self._begun = time.monotonic()
            return self._entries[0]

    def _carry_out(self, entry: _Entry) -> None:
        """Do what an entry says, and if the database is away, again and again."""
        pause = _FIRST_PAUSE
        while True:
            try:
                entry.do()
            except DatabaseAwayError as error:
                if pause == _FIRST_PAUSE:
                    _log.warning("Run %s cannot be written down now; trying again: %s", self._run, error)
                if self._closed_within(pause):
                    return
                pause = min(2 * pause, _LONGEST_PAUSE)
                continue
            except (StorageError, ValueError) as error:
                entry.failure = error
            break
        with self._changed:
            self._entries.remove(entry)
            self._begun = None
            if entry.failure is not None:
                self._failure = entry.failure
                self._asked = self._asked and entry.kind != "question"
            self._changed.notify_all()

    def _closed_within(self, pause: float) -> bool:
        with self._changed:
            self._away = True
            self._changed.notify_all()
            return self._changed.wait_for(lambda: self._closed, pause)
