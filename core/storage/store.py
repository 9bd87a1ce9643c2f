"""The store: the meeting place of pages and workers, by its concerns."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress

from core.errors import RunError, UnknownRunError
from core.settings import Settings
from core.storage.artifacts import Artifacts
from core.storage.ballots import Ballots
from core.storage.class_rules import ClassRules
from core.storage.classes import Classes
from core.storage.comparisons import Comparisons
from core.storage.covers import Covers
from core.storage.drawings import Drawings
from core.storage.grants import Grants
from core.storage.notes import Notes
from core.storage.own_data import OwnData
from core.storage.queue import Queue
from core.storage.runs import Runs
from core.storage.studies import Studies

RESTING = 86_400.0
"""Seconds that a run stays after its end in any case: nobody's lesson is cleared away while it is on."""

_log = logging.getLogger(__name__)


class Store(
    Queue, Runs, Studies, Covers, Comparisons, Notes, Classes, ClassRules, Ballots, Grants, OwnData, Drawings
):
    """Keeps runs, studies, comparisons, notes, classes and own data sets in a database.

    What holds of every method:

    - It is one transaction: after it returns the change is durable and visible to every other process; if it
      raises, nothing has changed.
    - It may be called from any thread and from several processes at once.
    - States only move forward. Each change of state is conditional on the state before, in one statement,
      so of two callers exactly one succeeds; the loser is told by the return value, not by an exception.
    - An epoch is recorded once; recording the same number again changes nothing. Numbers come without gaps.
    - **Shared trainings.** Of equal experiments (`Experiment.digest`) that wait or learn at the same time and may share
      (`add(share=True)`), one is trained, the leader, and the others follow it (`Run.follows`). What comes from the
      training (state, epochs, progress, evaluation, timing, end) is recorded for all of them in one transaction; owner,
      title, lesson, cover, seal, prediction and notes are each run's own. `claim`, `queue` and `under_way` give leaders
      only; of those that wait, the one whose turn comes first leads. Whoever joins a training under way gets its epochs
      so far; whoever joins one that others have finished within `sharing.MOMENT`, and has not trained it before, has
      all of it and is over at once (`Run.taken_over`). A follower that is stopped ends alone, without a network. A
      leader that is stopped, or ends by an accident that says nothing about the experiment, leaves the training to its
      first follower, which waits again and goes on from what was kept: the only way back from running to queued. Files
      are kept once, under the leader's id, found by `training_of`, and stay until the last run that they belong to is
      deleted.
    - Nothing but `delete`, `delete_study`, `delete_class`, `delete_collection` and `remove_own_data` removes anything
      but seats and what a seat takes back. What was recorded of a run stays readable after it failed.
    - It raises `UnknownRunError` where there is no run of that name, unless it says otherwise.
    - All times are UTC, to the microsecond, and come from the process that calls.

    Nothing in a text is ever executed. Owners are kept as they came but for what no database text can hold: NUL
    characters are left out and unpaired surrogates become "?". Titles are kept as one plain line
    (`core.plain_text.as_title`), and found however their letters are composed. Numbers are kept bit for bit, infinity
    and NaN included; the best values of `RunSummary` pass over what is not finite.
    """

    def __init__(self, database: str, artifacts: Artifacts) -> None:
        super().__init__(database, artifacts)
        artifacts.share(self.training_of)


def open_store(settings: Settings) -> Store:
    """The store that the settings name; folders and tables are created where they are missing.

    Raises:
        StorageError: If the home folder, the database or the artifact folder cannot be used.
    """
    settings.make_home()
    return Store(settings.database, Artifacts(settings.artifacts))


def clear_old_runs(store: Store, keep: int, *, resting: float = RESTING) -> int:
    """Delete old runs with all their files, so that a server that is used every day does not fill its disk.

    At most `keep` stay (0 for all); `Store.expendable` says which go. Nothing goes that ended less than `resting`
    seconds ago, is not over, or is still needed by a run that goes on from it.

    Returns:
        How many were deleted.
    """
    if not keep:
        return 0
    deleted = 0
    for run in store.expendable(keep, resting=resting):
        try:
            store.delete(run)
        except (UnknownRunError, RunError):
            continue  # somebody deleted it, or goes on from it, just now
        deleted += 1
    if deleted:
        _log.info("%d old runs were deleted, so that %d stay.", deleted, keep)
    return deleted


def clear_class(store: Store, code: str, *, teacher: str) -> tuple[int, list[str]]:
    """Delete all runs and votes of a class; its seats stay.

    What is not over is asked to end, and can be deleted once it has.

    Returns:
        How many runs were deleted, and the ids of those that are not over yet.

    Raises:
        ClassError: If `teacher` does not teach it ("class_not_teacher") or there is none ("unknown_class").
    """
    store.stop_runs(code, teacher=teacher)
    over, ending = store.class_runs(code, teacher=teacher)
    store.clear_ballots(code, teacher=teacher)
    return delete_all(store, over), ending


def delete_all(store: Store, runs: Sequence[str]) -> int:
    """Delete those of these runs that are over and that no other goes on from; how many those were."""
    deleted = 0
    for run in runs:
        with suppress(UnknownRunError, RunError):
            store.delete(run)
            deleted += 1
    return deleted
