"""Questions in words: an item of the bank put to a run, and any question as its readers see it. No Streamlit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.catalog import find_dataset
from core.classroom.ballot import Question
from core.classroom.question_facts import FACTS
from core.errors import ClassError
from core.run import Run, RunSummary
from core.sentences import filled
from dashboard.classroom.votes.bank import Item, items
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.run_words import class_names

#: Which letters choices have on every page and in the table.
LETTERS = "ABCDE"
_BRIEF = 60


@dataclass(frozen=True)
class Asked:
    """A question in a language, as Markdown in which nothing that anybody typed counts.

    Attributes:
        choices: What may be chosen, in order.
        stands_for: What whoever chooses it has understood, or misunderstood; () for a teacher's own question.
        explanation: What is said once the answer is shown; "" for a teacher's own question.
        title: What it is about; "" for a teacher's own question.
    """

    text: str
    choices: tuple[str, ...]
    stands_for: tuple[str, ...] = ()
    explanation: str = ""
    title: str = ""

    @property
    def brief(self) -> str:
        """What it is called in a list."""
        first = self.text.splitlines()[0].strip()
        return self.title or (f"{first[:_BRIEF].rstrip()}…" if len(first) > _BRIEF else first)


def ask_item(item: Item, run: Run | None) -> Question:
    """The question of an item about a run, with the numbers as they are now; without a run as it is in general.

    Raises:
        ClassError: If the run does not show what it is about ("question_no_facts"), or the item is only about runs
            and there is none ("question_needs_run").
    """
    if run is None:
        if item.general is None:
            raise ClassError("question_needs_run")
        right = item.place(item.general.right)
        return Question(item=item.id, choices=len(item.choices), right=right)
    facts = FACTS[item.facts](run)
    if facts is None:
        raise ClassError("question_no_facts", run=run.id)
    right = item.place(facts.right or item.explanations[0].right)
    return Question(item=item.id, run=run.id, facts=facts.values, choices=len(item.choices), right=right)


def check_gives_nothing_away(run: Run, others: Iterable[RunSummary]) -> None:
    """Refuse to ask about a run while somebody has to predict the same experiment, whose curves are equal.

    Args:
        others: The runs of the class.

    Raises:
        ClassError: "question_twin".
    """
    if any(other.is_covered and other.experiment.digest == run.experiment.digest for other in others):
        raise ClassError("question_twin")


def shown_question(question: Question, t: Language, *, plain: bool = False) -> Asked:
    """A question as its readers see it; `plain` is for where it is shown as it is, such as a table."""
    if not question.item:
        if plain:
            return Asked(question.text, question.options)
        lines = [escaped(line) for line in question.text.splitlines()]
        return Asked("  \n".join(lines), tuple(escaped(option) for option in question.options))
    item = items(t.code).get(question.item)
    if item is None or len(item.choices) != question.choices:  # of another version of the bank
        return Asked(t("votes.item_gone"), tuple(LETTERS[: question.choices]))
    general = item.general
    if not question.facts and general is not None:
        texts = general.choices or tuple(choice.text for choice in item.choices)
        asked, explanation = general.text, general.explanation
    else:
        details = _details(question.facts, t)
        texts = tuple(filled(choice.text, details) for choice in item.choices)
        asked = filled(item.text, details)
        explanation = next(
            (
                filled(one.text, details)
                for one in item.explanations
                if item.place(one.right) == question.right
            ),
            "",
        )
    stands_for = tuple(choice.stands_for for choice in item.choices)
    return Asked(asked, texts, stands_for, explanation, item.title)


def _details(facts: Mapping[str, int | float | str], t: Language) -> dict[str, object]:
    """The facts, and the names of classes where they have numbers of some."""
    details: dict[str, object] = dict(facts)
    dataset = facts.get("dataset")
    if isinstance(dataset, str) and find_dataset(dataset) is not None:
        names = class_names(dataset, t)
        for place in ("true", "taken"):
            label = facts.get(place)
            if isinstance(label, int) and 0 <= label < len(names):
                details[f"{place}_name"] = escaped(names[label])
    return details
