"""What a class has predicted together: the epochs it named, and where the validation loss really was lowest.

The runs that come here are disclosed already (`core.disclosure`). What was predicted, and what was so, is held back
here until the teacher shows it: before, whoever still has to predict would follow the others, or read the truth from
one who trains the same experiment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from core.analysis.turning_point import turning_point_of
from core.run import Run


@dataclass(frozen=True)
class Pooled:
    """The predictions of a class in one place.

    Attributes:
        lesson: In which step of a lesson, as "LESSON.STEP"; "" for all runs outside of lessons.
        number: How many students have predicted; all else is empty until it is shown.
        epochs: The most epochs that one of the runs has.
        predicted: The epochs that were named, each with how many named it, rising.
        true: Those of the lowest validation loss, of the runs that are over, likewise.
        right: How many named the very epoch.
        distance: How many epochs a prediction is off, on average; None before a run is over.
    """

    lesson: str
    number: int
    epochs: int = 0
    predicted: tuple[tuple[int, int], ...] = ()
    true: tuple[tuple[int, int], ...] = ()
    right: int = 0
    distance: float | None = None


def pooled(runs: Iterable[Run], *, revealed: bool) -> tuple[Pooled, ...]:
    """The predictions of each step of a lesson, then those of other runs; of each student the newest counts.

    Args:
        runs: Of a class, in any order; those without a prediction are passed over.
        revealed: Whether the teacher shows what was predicted.
    """
    newest: dict[tuple[str, str], Run] = {}
    for run in sorted(runs, key=lambda run: (run.created, run.id)):
        if run.prediction is not None:
            newest[run.lesson, run.owner] = run
    lessons = sorted({lesson for lesson, _ in newest}, key=lambda lesson: (not lesson, lesson))
    return tuple(
        _pooled(lesson, [run for (at, _), run in newest.items() if at == lesson], revealed)
        for lesson in lessons
    )


def _pooled(lesson: str, runs: list[Run], revealed: bool) -> Pooled:
    if not revealed:
        return Pooled(lesson, len(runs))
    said = [run.prediction.epoch for run in runs if run.prediction is not None]
    judged = [
        (run.prediction.epoch, turning_point_of(run).loss.epoch)
        for run in runs
        if run.prediction is not None and run.state.is_over and not run.is_covered
    ]
    pairs = [(predicted, true) for predicted, true in judged if true is not None]
    off = [abs(predicted - true) for predicted, true in pairs]
    return Pooled(
        lesson,
        len(runs),
        max(run.experiment.epochs for run in runs),
        tuple(sorted(Counter(said).items())),
        tuple(sorted(Counter(true for _, true in pairs).items())),
        off.count(0),
        sum(off) / len(off) if off else None,
    )
