"""A form knows of a field what the model that checks it knows."""

from __future__ import annotations

import pytest
from hypothesis import given
from pydantic import BaseModel

from core.errors import ExperimentError, Issue
from core.experiment import SGD, Adam, Conv2D, Dense, Experiment, FractionSplit, ReduceLROnPlateau, RMSprop
from core.experiment.layers import Layer
from core.experiment.training import Optimizer
from dashboard.shared.fields import Field, field, number_arguments, plain_fields
from dashboard.shared.language import language
from tests.dashboard.extremes import extremes, numbers
from tests.experiment.strategies import experiments


def test_bounds_come_from_the_model() -> None:
    units = field(Dense, "units")
    assert (units.kind, units.low, units.high, units.step, units.unit) == ("whole", 1, 4096, 1, "units")
    limit = field(Experiment, "train_limit")
    assert (limit.kind, limit.optional, limit.default) == ("whole", True, None)
    rate = field(Adam, "learning_rate")
    assert rate.low is not None
    assert rate.low > 0
    share = field(FractionSplit, "fraction")
    assert share.high is not None
    assert share.high < 1
    assert field(FractionSplit, "stratified").kind == "switch"
    assert field(Conv2D, "padding").choices == ("valid", "same")


def test_a_small_number_is_shown_in_full() -> None:
    rate = field(Adam, "learning_rate")
    assert rate.decimals() == 4
    assert rate.decimals(0.00001) == 5
    assert field(FractionSplit, "fraction").decimals() == 2
    assert rate.number_format(0.00001) == "%.5f"
    assert rate.number_format(9.9e-8) == "%g"


@pytest.mark.parametrize(
    "model", [*Layer.KINDS.values(), *Optimizer.KINDS.values()], ids=lambda model: model.__name__
)
def test_what_a_form_offers_at_its_ends_is_accepted(model: type) -> None:
    fields = plain_fields(model)
    for end in ("low", "high"):
        values = {one.name: getattr(one, end) for one in fields if one.kind == "number"}
        values |= {one.name: int(getattr(one, end)) for one in fields if one.kind == "whole"}
        values |= {one.name: one.choices[0] for one in fields if one.kind == "choice"}
        model.model_validate(values)


def test_one_below_is_refused() -> None:
    epochs = field(Experiment, "epochs")
    assert epochs.low is not None
    with pytest.raises(ExperimentError):
        Experiment.from_dict({"dataset": "digits", "layers": [], "epochs": int(epochs.low) - 1})


def shown(number_format: str, value: float) -> str:
    """What the browser's number input writes: its sprintf has "%g" without a precision write the shortest text."""
    return repr(value) if number_format == "%g" else number_format % value


def held(one: Field, value: float | None) -> bool:
    """Whether a field's widget takes a value and shows it with all its digits."""
    given = number_arguments(one, value)
    if value is None:
        return one.optional and given["value"] is None
    inside = given["min_value"] <= given["value"] <= given["max_value"]
    exact = given["value"] == value and (one.kind == "whole" or float(shown(given["format"], value)) == value)
    same = {type(given[name]) for name in ("min_value", "max_value", "value", "step")}
    return inside and exact and same == ({int} if one.kind == "whole" else {float})


@pytest.mark.parametrize(
    ("model", "name", "value"),
    [
        (RMSprop, "learning_rate", 9.9e-8),
        (SGD, "momentum", 0.99999999),
        (FractionSplit, "fraction", 1e-8),
        (ReduceLROnPlateau, "factor", 1e-8),
    ],
)
def test_a_value_at_the_edge_of_its_bounds_is_held(model: type[BaseModel], name: str, value: float) -> None:
    assert held(field(model, name), value)


def test_every_setting_is_held_at_its_ends_and_at_odd_values() -> None:
    found = list(extremes())
    assert len(found) > 1_000
    for name, experiment in found:
        values = {each: (one, value) for each, one, value in numbers(experiment)}
        assert held(*values[name]), (name, values[name][1])


@given(experiments())
def test_every_number_of_every_experiment_is_held(experiment: Experiment) -> None:
    for name, one, value in numbers(experiment):
        assert held(one, value), (name, value)


def test_a_fixed_setting_is_called_by_its_name() -> None:
    for code, units in (("en", "Units"), ("ko", language("ko")("field.units"))):
        said = language(code).problem(Issue("setting_fixed", "layers.0.units", {"fixed": "layers.0.units"}))
        assert units in said
        assert "layers.0" not in said
