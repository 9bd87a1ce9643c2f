"""What the rules of a class let a student begin: no more, and no less."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from core import presets
from core.classroom import Caps, Fixed, Pace, Rules
from core.classroom.permission import refusal
from core.experiment import Experiment
from core.experiment.changes import changed
from core.experiment.experiment import plain_form
from dashboard.shared.language import CODES, language
from tests.experiment.strategies import experiments

BASE = presets.load(presets.FIRST)
FREE = ("epochs", "batch_size", "seed", "optimizer", "loss", "train_limit", "layers.0.units")
#: Changes of the first preset, each of one setting alone.
CHANGES = {
    "epochs": 7,
    "batch_size": 11,
    "seed": 12345,
    "optimizer": {"kind": "sgd"},
    "train_limit": 900,
    "layers.0.units": 5,
    "layers.0.activation": "tanh",
    "scaling": "standard",
    "labels.kind": "shuffled",
}
numbers = st.none() | st.integers(1, 1_000_000)
caps = st.builds(
    Caps, epochs=st.none() | st.integers(1, 1000), parameters=numbers, samples=numbers, waiting=numbers
)


@settings(max_examples=25, deadline=None)
@given(caps, experiments(), st.integers(0, 40), st.integers(0, 3))
def test_caps_let_pass_what_they_name_and_nothing_above(
    caps: Caps, experiment: Experiment, waiting: int, more: int
) -> None:
    asked = [experiment] * (1 + more)
    found = refusal(Rules(caps=caps), asked, waiting=waiting)
    amounts = {
        "class_cap_epochs": (experiment.epochs, caps.epochs),
        "class_cap_parameters": (experiment.summary.parameters, caps.parameters),
        "class_cap_samples": (experiment.rows - experiment.validation_size, caps.samples),
        "class_cap_waiting": (waiting + 1 + more, caps.waiting),
    }
    broken = {code for code, (amount, most) in amounts.items() if most is not None and amount > most}
    assert (found.code in broken) if found else not broken
    if found:
        assert (found.details["received"], found.details["most"]) == amounts[found.code]
        for code in CODES:
            assert f"{found.details['most']:,}" in language(code).error(found).replace("\\", "") or (
                str(found.details["most"]) in language(code).error(found)
            )


@settings(max_examples=40, deadline=None)
@given(st.sets(st.sampled_from(sorted(CHANGES))), st.sets(st.sampled_from(FREE)))
def test_of_a_fixed_preset_only_what_is_free_may_differ(changes: set[str], free: set[str]) -> None:
    rules = Rules(fixed=Fixed(experiment=BASE.to_dict(), free=tuple(sorted(free))))
    experiment = changed(BASE, {path: CHANGES[path] for path in changes})
    found = refusal(rules, [BASE, experiment])
    fixed = changes - free
    assert (found is None) is (not fixed)
    if found is None:
        return
    named = str(found.details["fixed"])
    assert any(path == named or path.startswith(f"{named}.") or named == path.split(".")[0] for path in fixed)
    said = language("ko").error(found)
    assert language("ko").setting(named) in said
    assert all(language("ko").setting(path) in said for path in free)
    assert free or "없음" in said


@settings(max_examples=25, deadline=None)
@given(experiments(), experiments(), st.sets(st.sampled_from(sorted(Experiment.model_fields))))
def test_whatever_is_asked_for_is_judged_and_never_breaks(
    base: Experiment, other: Experiment, free: set[str]
) -> None:
    rules = Rules(fixed=Fixed(experiment=base.to_dict(), free=tuple(sorted(free))))
    one, two = plain_form(base), plain_form(other)
    differ = {name for name in Experiment.model_fields if one.get(name) != two.get(name)} - free
    assert (refusal(rules, [other]) is None) is (not differ)
    assert refusal(rules, [base]) is None
    assert Rules.model_validate(rules.model_dump(mode="json")) == rules


@dataclass(frozen=True)
class Asked:
    lesson: str
    refused: bool


def test_a_step_that_is_not_open_may_not_be_trained_and_a_pause_lets_nothing_through() -> None:
    pace = Rules(pace=Pace(lesson="overfitting", open=("meet", "train")))
    for asked in (
        Asked("overfitting.train", False),
        Asked("", False),
        Asked("overfitting.later", True),
        Asked("depth.meet", True),
        Asked("overfitting", True),
        Asked("overfitting.meet.x", True),
        Asked("x.overfitting.meet", True),
    ):
        found = refusal(pace, [BASE], lesson=asked.lesson)
        assert (found is not None and found.code == "class_pace") is asked.refused, asked
    assert pace.pace is not None
    assert pace.pace.step == 2
    for rules in (Rules(), Rules(paused=True)):
        found = refusal(rules, [], lesson="")
        assert (found is not None and found.code == "class_paused") is rules.paused
