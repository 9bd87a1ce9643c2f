"""The board of a class: what each seat does now, and what all seats together have found.

Numbers in, records out. The runs that come here are disclosed already (`core.disclosure`), so nothing that is covered
or sealed in itself can reach the board. One thing more is held back here: two students who train the same experiment
get the same curves, so what one of them has uncovered would tell the other, who still has to predict it, where it
turns. Until the teacher shows what was guessed, such a twin counts as covered, and its test result as sealed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from core.analysis.turning_point import turning_point_of
from core.classroom.classroom import Seat
from core.run import Run, RunState

Turning = Literal["", "found", "not_yet", "not_reached", "covered"]
"""What is known of a run's turning point; "" before there is anything to judge."""


@dataclass(frozen=True)
class Tile:
    """What one seat does: its newest run."""

    seat: int  # the number of the seat
    nickname: str
    run: str = ""  # the id of its newest run in this class; "" if it has none yet, like all below
    dataset: str = ""
    preset: str = ""  # the preset it began from; "" if none
    state: RunState | None = None
    position: int | None = None  # its place in the queue, from 1; None if it is not waiting
    epoch: int = 0  # epochs done
    epochs: int = 0  # of how many
    turning: Turning = ""
    turned: int | None = None  # where the validation loss turned, if that was found
    lesson: str = ""  # in which step of a lesson it was begun, as "LESSON.STEP"; "" elsewhere


@dataclass(frozen=True)
class Point:
    """A finished run as a point: how large its network is, and how well it did on the test set."""

    seat: int
    run: str
    parameters: int  # that are learned
    accuracy: float  # on the test set, 0 to 1


@dataclass(frozen=True)
class Guess:
    """What one seat predicted, and what was so."""

    seat: int
    run: str
    predicted: int  # the epoch, from 1
    true: int  # the epoch of the lowest validation loss


@dataclass(frozen=True)
class Board:
    """All that the board shows, of one moment.

    Attributes:
        turned: The epochs where the newest finished runs turned, each with the number of seats, rising.
        not_reached: Of how many seats the newest finished run has no turning point.
        covered: Of how many it is covered, whether there is one or not.
        points: Of the newest finished runs, those whose test result may be seen.
        sealed: Of how many it may not be seen yet.
        guesses: What was predicted; empty until the teacher shows it.
        guessed: How many seats have predicted, shown or not.
    """

    tiles: tuple[Tile, ...] = ()
    turned: tuple[tuple[int, int], ...] = ()
    not_reached: int = 0
    covered: int = 0
    points: tuple[Point, ...] = ()
    sealed: int = 0
    guesses: tuple[Guess, ...] = ()
    guessed: int = 0

    @property
    def finished(self) -> int:
        """Of how many seats a run has finished."""
        return sum(number for _, number in self.turned) + self.not_reached + self.covered


def board(seats: Sequence[Seat], runs: Iterable[Run], *, revealed: bool = False) -> Board:
    """The board of these seats.

    Args:
        runs: Disclosed, of this class, in any order: of each owner at least the newest run and the newest finished one.
            Those of others than the seats' owners only count as twins.
        revealed: Whether the teacher shows what was guessed, and with it what twins hold back.
    """
    everything = tuple(runs)
    held = _Held.of(() if revealed else everything)
    newest, finished = _newest(everything), _newest(r for r in everything if r.state is RunState.FINISHED)
    ended = [(seat, finished[seat.owner]) for seat in seats if seat.owner in finished]
    turnings = [_turning(run, held) for _, run in ended]
    found = Counter(epoch for _, epoch in turnings if epoch is not None)
    open_to_test = [(seat, run) for seat, run in ended if not held.test_of(run)]
    guesses = [guess for seat, run in ended if (guess := _guess(seat, run)) is not None]
    return Board(
        tiles=tuple(_tile(seat, newest.get(seat.owner), held) for seat in seats),
        turned=tuple(sorted(found.items())),
        not_reached=sum(turning == "not_reached" for turning, _ in turnings),
        covered=sum(turning == "covered" for turning, _ in turnings),
        points=tuple(
            Point(seat.number, run.id, run.experiment.summary.trainable, run.evaluation.accuracy)
            for seat, run in open_to_test
            if run.evaluation is not None
        ),
        sealed=len(ended) - len(open_to_test),
        guesses=tuple(guesses) if revealed else (),
        guessed=len(guesses),
    )


@dataclass(frozen=True)
class _Held:
    """The experiments of which somebody in the class still has a covered, or a sealed, run."""

    covered: frozenset[str]
    sealed: frozenset[str]

    @classmethod
    def of(cls, runs: Iterable[Run]) -> _Held:
        held = [run for run in runs if run.is_covered or run.is_sealed]
        covered = frozenset(run.experiment.digest for run in held if run.is_covered)
        return cls(covered, covered | {run.experiment.digest for run in held if run.is_sealed})

    def validation_of(self, run: Run) -> bool:
        return run.is_covered or (bool(self.covered) and run.experiment.digest in self.covered)

    def test_of(self, run: Run) -> bool:
        hidden = run.is_covered or run.is_sealed
        return hidden or (bool(self.sealed) and run.experiment.digest in self.sealed)


def _newest(runs: Iterable[Run]) -> Mapping[str, Run]:
    """The run of each owner that was queued last."""
    return {run.owner: run for run in sorted(runs, key=lambda run: (run.created, run.id))}


def _tile(seat: Seat, run: Run | None, held: _Held) -> Tile:
    if run is None:
        return Tile(seat.number, seat.nickname)
    turning, turned = _turning(run, held)
    return Tile(
        seat=seat.number,
        nickname=seat.nickname,
        run=run.id,
        dataset=run.experiment.dataset,
        preset=run.preset,
        state=run.state,
        position=run.position,
        epoch=len(run.epochs),
        epochs=run.experiment.epochs,
        turning=turning,
        turned=turned,
        lesson=run.lesson,
    )


def _turning(run: Run, held: _Held) -> tuple[Turning, int | None]:
    if held.validation_of(run):
        return "covered", None
    if not run.epochs:
        return "", None
    found = turning_point_of(run).epoch
    if found is not None:
        return "found", found
    return ("not_reached" if run.state.is_over else "not_yet"), None


def _guess(seat: Seat, run: Run) -> Guess | None:
    """What was predicted of a run whose cover is lifted."""
    if run.prediction is None or run.is_covered:
        return None
    lowest = turning_point_of(run).loss.epoch
    return None if lowest is None else Guess(seat.number, run.id, run.prediction.epoch, lowest)
