"""A form knows of a field what the model that checks it knows."""

from __future__ import annotations

import pytest

from core.errors import ExperimentError
from core.experiment import Adam, Conv2D, Dense, Experiment, FractionSplit
from core.experiment.layers import LAYERS
from core.experiment.training import OPTIMIZERS
from dashboard.forms.fields import field, plain_fields


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


@pytest.mark.parametrize("model", [*LAYERS.values(), *OPTIMIZERS.values()], ids=lambda model: model.__name__)
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
