"""Whether one is asked which of two runs will win on new data, and what is held back until then. No Streamlit.

The question is about the test set, so test results and verdicts stay behind a curtain until there is an answer;
training and validation stay in sight, for by them one guesses. The curtain hangs where a test result is sealed anyway,
and where it is wished for: by the address, by the session's switch, in a step of a lesson.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from core.comparison import ComparisonPrediction
from core.disclosure import without_test
from core.run import Run, RunState
from dashboard.shared.language import Message

Stage = Literal["none", "covered", "wait", "ask", "told"]
"""Nothing is asked; the turning point of a run has to be predicted first; a run is not tested yet; it is asked;
it was guessed or shown."""


@dataclass(frozen=True)
class Onlooker:
    """Who looks at a comparison.

    Attributes:
        owner: Whose guess it would be.
        also_of: Other owners whose sealed test results this one may open.
        wishes: Whether it wishes to be asked where nothing is sealed.
    """

    owner: str
    also_of: tuple[str, ...] = ()
    wishes: bool = False

    def may_open(self, owner: str) -> bool:
        """Whether it may open what this owner has sealed."""
        return owner == self.owner or owner in self.also_of


@dataclass(frozen=True)
class Question:
    """Where the question stands.

    Attributes:
        prediction: What was said; None before.
        obstacle: Why it cannot be asked of these runs; None if it can, or if nobody asks.
    """

    stage: Stage
    prediction: ComparisonPrediction | None = None
    obstacle: Message | None = None

    @property
    def is_open(self) -> bool:
        """Whether an answer is waited for, and the curtain hangs."""
        return self.stage in ("covered", "wait", "ask")


def question_of(
    runs: Sequence[Run], onlooker: Onlooker, prediction: ComparisonPrediction | None = None
) -> Question:
    """Where the question stands for these runs, as they may be seen."""
    obstacle = _obstacle(runs, onlooker)
    if obstacle is not None:
        return Question("none", obstacle=Message(f"guess.not.{obstacle}"))
    if prediction is not None:
        return Question("told", prediction)
    if not onlooker.wishes and not any(run.is_sealed for run in runs):
        return Question("none")
    if any(run.is_covered for run in runs):
        return Question("covered")
    return Question("ask" if all(run.state.is_over for run in runs) else "wait")


def _obstacle(runs: Sequence[Run], onlooker: Onlooker) -> str | None:
    if len(runs) != 2:
        return "two"
    if runs[0].experiment.test_set != runs[1].experiment.test_set:
        return "other_data"
    if any(run.is_sealed and not onlooker.may_open(run.owner) for run in runs):
        return "of_another"
    return "no_test" if any(_is_never_tested(run) for run in runs) else None


def _is_never_tested(run: Run) -> bool:
    if not run.state.is_over:
        return False
    if run.is_covered or run.is_sealed:  # what it was tested with is hidden
        return not run.epochs or run.state in (RunState.FAILED, RunState.INTERRUPTED)
    return run.evaluation is None


def behind_curtain(runs: Sequence[Run], question: Question) -> list[Run]:
    """The runs as they may be seen while the question stands so."""
    return [without_test(run) for run in runs] if question.is_open else list(runs)


def opened_by_guess(runs: Sequence[Run]) -> Collection[str]:
    """The owner of each run whose sealed test result a guess opens."""
    return [run.owner for run in runs if run.is_sealed]
