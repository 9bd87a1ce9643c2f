"""The bank of questions: the same in both languages, about numbers that runs really have, with the right answers."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest

from core import recorded
from core.classroom.question_facts import FACTS
from core.errors import ClassError
from core.experiment import Adam, Dense, Dropout, Flatten
from core.run import Epoch, Evaluation, Run, RunState
from dashboard.classroom.votes.asking import LETTERS, ask_item, shown_question
from dashboard.classroom.votes.bank import BankFileError, Item, items, read_bank
from dashboard.shared.language import CODES, language
from dashboard.shared.word_files import structure_of

RUNS = [recorded.get(one.id) for one in recorded.summaries()]
BANK = items("en")
#: Losses of training and validation; the validation loss has a rise that is noise, a turn, and a loss that rises on.
CURVES = ((0.9, 1.0), (0.7, 0.8), (0.6, 0.81), (0.5, 0.7), (0.4, 0.6), (0.3, 0.7), (0.2, 0.8), (0.1, 0.9))


def run_of(curves: tuple[tuple[float, float], ...], **changes: object) -> Run:
    """A finished run with these losses; accuracies rise all the time, that of validation a tenth below."""
    first = recorded.get("recorded-fashion-shallow")
    epochs = tuple(
        Epoch(number, loss, 0.7 + 0.03 * number, val, 0.6 + 0.03 * number, 0.001, 0.1)
        for number, (loss, val) in enumerate(curves, start=1)
    )
    return replace(first, epochs=epochs, **changes)  # type: ignore[arg-type]


def test_the_bank_is_the_same_in_every_language() -> None:
    assert len(BANK) >= 12
    korean = items("ko")
    assert list(korean) == list(BANK)
    for name, item in BANK.items():
        assert structure_of(korean[name]) == structure_of(item)
        for one, other in ((item, korean[name]), (korean[name], item)):
            assert places(one) == places(other), name
    # No right answer stands at the same place so often that one learns to choose it.
    where = [ask_item(item, None).right for item in BANK.values() if item.general is not None]
    assert max(where.count(place) for place in range(4)) <= len(where) / 2


def places(item: Item) -> list[set[str]]:
    texts = [item.text, *(one.text for one in item.choices), *(one.text for one in item.explanations)]
    return [set(re.findall(r"\{(\w+)[}:]", text)) for text in texts]


@pytest.mark.parametrize("name", BANK)
def test_a_question_names_numbers_of_the_run_and_all_of_its_words_are_there(name: str) -> None:
    item = BANK[name]
    asked = [ask_item(item, None)] if item.general is not None else []
    suiting = [run for run in RUNS if FACTS[item.facts](run) is not None]
    assert suiting or name in ("dropout", "learning-rate"), "at least one recorded run shows what it is about"
    asked += [ask_item(item, run) for run in suiting]
    assert asked
    for question in asked:
        assert question.right is not None
        for code in CODES:
            found = shown_question(question, language(code))
            said = " ".join((found.text, *found.choices, *found.stands_for, found.explanation, found.title))
            assert "{" not in said
            assert "nan" not in said
            assert len(found.choices) == len(set(found.choices)) == len(found.stands_for) == question.choices
            assert found.explanation
    if item.general is not None:
        assert not {"{", "}"} & set(
            item.general.text + item.general.explanation + "".join(item.general.choices)
        )
        if not item.general.choices:
            assert not any("{" in choice.text for choice in item.choices), (
                "choices without a run name no numbers"
            )


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.id)
def test_what_is_said_of_a_recorded_run_is_so(run: Run) -> None:
    """Worked out once more, without the product's own functions."""
    val = [one.val_loss for one in run.epochs]
    facts = {name: found.values for name in FACTS if (found := FACTS[name](run)) is not None}
    if None in val:
        assert set(facts) <= {"matrix"}
    else:
        losses = [float(one) for one in val if one is not None]
        lowest = 1 + losses.index(min(losses))
        for values in facts.values():
            assert values.get("lowest_epoch", lowest) == lowest
            assert values.get("lowest", round(min(losses), 3)) == round(min(losses), 3)
        gap, end = FACTS["gap"](run), FACTS["end"](run)
        assert gap is not None
        assert gap.values["epoch"] == lowest
        assert run.epochs[lowest - 1].loss < min(losses)
        if end is not None:
            last = losses[-1]
            assert (end.right == "turned") == (last > 1.05 * min(losses))
            assert end.values["val_loss"] == round(last, 3)
        if (noise := facts.get("noise")) is not None:
            epoch = int(noise["epoch"])
            assert losses[epoch] > losses[epoch - 1] > min(losses[epoch + 1 :])
        if (both := facts.get("loss_and_accuracy")) is not None:
            first, later = (run.epochs[int(both[name]) - 1] for name in ("first", "later"))
            assert (later.val_loss or 0) > (first.val_loss or 0)
            assert (later.val_accuracy or 0) > (first.val_accuracy or 0)
        if (size := facts.get("size")) is not None:
            assert size["parameters"] == run.experiment.summary.parameters
    if (cell := facts.get("matrix")) is not None and run.evaluation is not None:
        matrix = run.evaluation.matrix
        true, taken = int(cell["true"]), int(cell["taken"])
        assert (matrix[true][taken], matrix[taken][true]) == (cell["count"], cell["back"])
        assert cell["total"] == sum(matrix[true])
        pairs = [(one, other) for one in range(len(matrix)) for other in range(len(matrix)) if one != other]
        uneven = [matrix[one][other] for one, other in pairs if matrix[one][other] != matrix[other][one]]
        assert cell["count"] == max(uneven)


def test_the_right_choice_follows_from_the_run() -> None:
    turned, falling = run_of(CURVES), run_of(CURVES[:5])
    undecided = run_of((*CURVES[:5], (0.35, 0.605)))
    for name in ("end", "more-epochs"):
        item = BANK[name]
        assert ask_item(item, turned).right == item.place("turned")
        assert ask_item(item, falling).right == item.place("falling")
        for of in (undecided, replace(turned, state=RunState.RUNNING)):
            with pytest.raises(ClassError, match="does not show"):
                ask_item(item, of)
    noise = FACTS["noise"](turned)
    assert noise is not None
    assert (noise.values["epoch"], noise.values["next"], noise.values["lowest_epoch"]) == (2, 3, 5)
    assert FACTS["noise"](run_of(CURVES[4:])) is None, "a rise that is the turn is no noise"
    kept = FACTS["epoch_to_keep"](turned)
    assert kept is not None
    assert (kept.values["lowest_epoch"], kept.values["trained_epoch"], kept.values["val_there"]) == (
        5,
        8,
        0.9,
    )


def test_dropout_learning_rate_and_classes_are_those_of_the_run() -> None:
    run = run_of(CURVES)
    dropped = run.experiment.with_changes(
        layers=[
            Flatten(),
            Dense(units=4, activation="relu"),
            Dropout(rate=0.5),
            Dense(units=10, activation="softmax"),
        ]
    )
    better = [replace(one, val_accuracy=one.accuracy + 0.02) for one in run.epochs]
    assert FACTS["dropout"](replace(run, epochs=tuple(better))) is None
    found = FACTS["dropout"](replace(run, epochs=tuple(better), experiment=dropped))
    assert found is not None
    assert (found.values["rate"], found.values["val_accuracy"]) == (0.5, 0.75)
    jumping = tuple(replace(one, loss=2.0 + number % 2) for number, one in enumerate(run.epochs))
    assert FACTS["jumping"](replace(run, epochs=jumping)) is None
    high = run.experiment.with_changes(optimizer=Adam(learning_rate=0.1))
    found = FACTS["jumping"](replace(run, epochs=jumping, experiment=high))
    assert found is not None
    assert (found.values["rises"], found.values["steps"]) == (4, 7)
    assert FACTS["jumping"](replace(run, experiment=high)) is None
    [reuters] = [FACTS["unbalanced"](one) for one in RUNS if FACTS["unbalanced"](one) is not None]
    assert reuters is not None
    assert 0.33 < float(reuters.values["share"]) < 0.38


def test_what_is_covered_or_broken_gives_nothing_away() -> None:
    run = run_of(CURVES)
    blind = replace(
        run,
        epochs=tuple(replace(one, val_loss=None, val_accuracy=None) for one in run.epochs),
        evaluation=None,
    )
    assert not [name for name in FACTS if FACTS[name](blind) is not None]
    assert not [name for name in FACTS if FACTS[name](replace(run, epochs=(), evaluation=None)) is not None]
    broken = replace(run, epochs=(*run.epochs, replace(run.epochs[-1], loss=math.nan)), evaluation=None)
    assert not [name for name in FACTS if FACTS[name](broken) is not None]
    right = replace(run, evaluation=Evaluation(0.1, 1.0, ((5, 0), (0, 5))))
    assert FACTS["matrix"](right) is None
    with pytest.raises(ClassError, match="Choose one"):
        ask_item(BANK["end"], None)


def test_a_file_that_cannot_be_is_refused() -> None:
    start = '[[items]]\nid = "a"\ntitle = "t"\nfacts = "gap"\ntext = "?"\n'
    choices = (
        'choices = [{id = "x", text = "X", stands_for = "s"}, {id = "y", text = "Y", stands_for = "s"}]\n'
    )
    right = 'explanations = [{right = "x", text = "e"}]\n'
    assert read_bank(start + choices + right, "a.toml")
    for wrong in (
        "[[",
        start + choices,
        start + choices + right.replace('"x"', '"z"'),
        start.replace("gap", "nothing") + choices + right,
        start + choices.replace('"y"', '"x"') + right,
        start + choices + right + 'more = "x"\n',
    ):
        with pytest.raises(BankFileError, match=r"a\.toml"):
            read_bank(wrong, "a.toml")
    gone = ask_item(BANK["gap"], None).model_copy(update={"item": "of-another-version"})
    assert shown_question(gone, language("en")).choices == tuple(LETTERS[:4])
