"""What a network says about an image equals what plain Keras says about the prepared one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np
import pytest

from core import presets
from core.datasets import open_dataset
from core.datasets.preparation import prepare
from core.errors import DrawingError, RunError
from core.experiment import Experiment
from core.inference.kinds.images import ImagesAnswer, ImagesRequest
from core.inference.kinds.texts import SampleRequest
from core.inference.service import InferenceService
from core.settings import Settings
from core.storage import Store, open_store
from core.training import artifact_names
from core.training.execute import execute

SMALL = presets.load(presets.PLAIN).with_changes(train_limit=300, epochs=2)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[tuple[Settings, Store]]:
    settings = Settings.from_environment({"TURNING_POINT_HOME": str(tmp_path)})
    store = open_store(settings)
    yield settings, store
    store.close()


def run_of(home: tuple[Settings, Store], experiment: Experiment) -> str:
    settings, store = home
    run = store.add(experiment, owner="ann", worker="test")
    execute(run, settings, store=store, artifacts=store.artifacts)
    return run


@pytest.mark.parametrize("scaling", ["pixel", "standard"])
def test_an_image_is_prepared_as_in_the_training(home: tuple[Settings, Store], scaling: str) -> None:
    experiment = SMALL.with_changes(scaling=scaling)
    run = run_of(home, experiment)
    settings, store = home
    data = open_dataset(experiment.dataset, settings)
    with store.artifacts.fetch_file(run, artifact_names.LAST) as path:
        model = keras.saving.load_model(path, compile=False)
    expected = model.predict(prepare(experiment, data).x_test[:5], verbose=0)
    asked = InferenceService(settings, store=store, artifacts=store.artifacts)
    images = tuple(tuple(int(value) for value in np.ravel(data.x_test[row])) for row in range(5))
    together = asked.answer(ImagesRequest(run, images))
    assert isinstance(together, ImagesAnswer)
    np.testing.assert_allclose(together.probabilities, expected, atol=1e-6)
    for row, pixels in enumerate(images):
        answer = asked.answer(ImagesRequest(run, (pixels,)))
        assert isinstance(answer, ImagesAnswer)
        assert answer.epoch == 2
        np.testing.assert_allclose(answer.probabilities[0], expected[row], atol=1e-6)


def test_what_is_no_image_for_a_network(home: tuple[Settings, Store]) -> None:
    run = run_of(home, SMALL.with_changes(epochs=1))
    asked = InferenceService(home[0], store=home[1], artifacts=home[1].artifacts)
    for pixels, code in (
        ((0,) * 63, "image_size"),
        ((17,) * 64, "image_values"),
        ((-1,) * 64, "image_values"),
    ):
        with pytest.raises(DrawingError) as caught:
            asked.answer(ImagesRequest(run, (pixels,)))
        assert caught.value.code == code
    with pytest.raises(DrawingError):
        asked.answer(ImagesRequest(run, ((),)))
    for images in ((), ((0,) * 64,) * 65, ((0,) * 64, (0,) * 63)):
        with pytest.raises(DrawingError):
            asked.answer(ImagesRequest(run, images))
    with pytest.raises(RunError) as refused:
        asked.answer(SampleRequest(run, 0))
    assert refused.value.code == "run_not_about_texts"
    texts = home[1].add(presets.load("mini-reviews"), owner="ann")
    with pytest.raises(RunError) as refused:
        asked.answer(ImagesRequest(texts, ((0,) * 64,)))
    assert refused.value.code == "run_not_about_images"
