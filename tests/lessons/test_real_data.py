"""What lessons say of trainings on the real data, where no recorded run shows it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.learn import lesson as lessons
from dashboard.learn.action_kinds import TrainAction
from tests.lessons.claims import highest, val_accuracy
from tests.lessons.lab import Lab, a_lab

pytestmark = [pytest.mark.slow, pytest.mark.real_data]


@pytest.fixture(scope="module")
def real_lab(real_datasets: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TURNING_POINT_DATASETS", str(real_datasets))
        yield from a_lab(tmp_path_factory.mktemp("real"))


def real(place: str) -> TrainAction:
    name, step = place.split(".")
    action = lessons.lesson(name, "en").step(step).action
    assert isinstance(action, TrainAction)
    assert action.real is not None
    return action


def test_four_units_cost_the_newswires_about_eleven_points(real_lab: Lab) -> None:
    wide, narrow = (
        real_lab.trained(real(place).real.experiment())  # type: ignore[union-attr]
        for place in ("many-classes.train", "many-classes.bottleneck")
    )
    assert highest(wide) - highest(narrow) == pytest.approx(11, abs=4)


def test_unscaled_digits_are_only_guessed_and_scaled_ones_learned(real_lab: Lab) -> None:
    unscaled = real("tensors.unscaled").real.experiment()  # type: ignore[union-attr]
    assert val_accuracy(real_lab.trained(unscaled)) < 15
    assert val_accuracy(real_lab.trained(unscaled.with_changes(scaling="pixel"))) > 90


def test_a_single_layer_gets_about_85_percent_of_the_clothes_right(real_lab: Lab) -> None:
    run = real_lab.trained(real("depth.one-layer").real.experiment())  # type: ignore[union-attr]
    assert val_accuracy(run) == pytest.approx(84.5, abs=1.5)
