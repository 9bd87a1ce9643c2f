"""Images in colours from the data to the network: their arrays, scripts, first weights, distortions, and a training."""

from __future__ import annotations

import ast
import math
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from core import presets
from core.catalog.own import register
from core.datasets import ImageDataset, open_dataset, prepare
from core.datasets.distortion import Distortion, distorted
from core.datasets.encoding import encode_images
from core.experiment import Experiment
from core.inference.kinds.first_layer import first_pictures
from core.models.build import build
from core.models.code import script
from core.models.first_layer import first_layer
from core.presets.beginning import beginning
from core.run import RunState
from core.settings import Settings
from core.storage import Artifacts, open_store
from core.training import artifact_names
from core.training.execute import execute
from dashboard.lab.draft import with_dataset
from tests.models.test_code import compare, run_here
from tests.own_data import sets

SCALINGS = ("none", "pixel", "min_max", "standard", "robust")
OUTPUT = {"kind": "dense", "units": 3, "activation": "softmax"}


@pytest.fixture(scope="module")
def made():
    info, arrays = sets.drawn_shapes(60, side=16)
    register(info)
    return info, arrays


def experiment_on(info: Any, **changes: Any) -> Experiment:
    plain: dict[str, Any] = {
        "dataset": info.name,
        "split": {"kind": "fraction", "fraction": 0.2, "seed": 3, "stratified": True},
        "layers": [OUTPUT],
        "batch_size": 16,
        "epochs": 2,
    }
    return Experiment.from_dict({**plain, **changes})


def opened(info: Any, arrays: Any) -> ImageDataset:
    return ImageDataset(
        info.name, info.class_names, arrays["y_train"], arrays["y_test"], arrays["x_train"], arrays["x_test"]
    )


def prepared_by_script(experiment: Experiment, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict:
    """What the exported script has when its data are prepared; what follows of it is left out."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr("sys.argv", ["script.py"])
    body = ast.parse(script(experiment)).body
    last = max(place for place, node in enumerate(body) if ast.unparse(node).startswith("x_val = prepare("))
    found: dict = {}
    exec(compile(ast.Module(body[: last + 1], []), "script.py", "exec"), found)
    return found


@pytest.mark.parametrize("encoding", ["flat", "image", "rows"])
def test_a_script_prepares_the_same_arrays(made, encoding, tmp_path, monkeypatch) -> None:
    info, arrays = made
    sets.archive(tmp_path, made)
    layers = {
        "flat": [OUTPUT],
        "image": [{"kind": "flatten"}, OUTPUT],
        "rows": [{"kind": "gru", "units": 2}, OUTPUT],
    }
    shape = {"flat": (768,), "image": (16, 16, 3), "rows": (16, 48)}[encoding]
    for scaling in SCALINGS:
        experiment = experiment_on(
            info, encoding={"kind": encoding}, scaling=scaling, layers=layers[encoding]
        )
        prepared = prepare(experiment, opened(info, arrays))
        assert experiment.input_shape == prepared.x_train.shape[1:] == shape
        found = prepared_by_script(experiment, tmp_path, monkeypatch)
        for part in ("train", "val", "test"):
            np.testing.assert_array_equal(found[f"x_{part}"], getattr(prepared, f"x_{part}"), err_msg=scaling)
            assert found[f"x_{part}"].dtype == np.float32
        # Against the images themselves: pixel (2, 5) of the first sample, its three colours one after the other.
        raw = arrays["x_train"][prepared.train_rows[0]].astype(np.float32)
        assert scaling != "none" or np.array_equal(
            np.ravel(prepared.x_train[0])[(2 * 16 + 5) * 3 :][:3], raw[2, 5]
        )


def test_grey_images_are_encoded_as_ever() -> None:
    grey = np.arange(2 * 4 * 5, dtype=np.float32).reshape(2, 4, 5)
    for experiment, shape in (("digits-first-network", (2, 20)), ("mnist-convnet", (2, 4, 5, 1))):
        assert encode_images(grey, presets.load(experiment).encoding).shape == shape


def test_each_colour_is_distorted_as_a_grey_image_is(made) -> None:
    image = made[1]["x_train"][0]
    for how in (Distortion(degrees=25), Distortion(right=4, down=-7), Distortion(degrees=-90, right=1)):
        together = distorted(image, how, 255)
        assert together.shape == image.shape
        for channel in range(3):
            np.testing.assert_array_equal(together[..., channel], distorted(image[..., channel], how, 255))
    noisy = distorted(np.full((32, 32, 3), 128, np.uint8), Distortion(noise=0.1, seed=4), 255).astype(float)
    assert noisy.std() == pytest.approx(25.5, rel=0.05)
    apart = np.corrcoef(noisy.reshape(-1, 3).T)
    assert abs(apart[np.triu_indices(3, 1)]).max() < 0.1


@pytest.mark.parametrize(
    ("encoding", "before", "picture"),
    [
        ("flat", [], (16, 16)),
        ("image", [{"kind": "flatten"}], (16, 16)),
        ("rows", [{"kind": "flatten"}], (16, 16)),
        ("image", [{"kind": "max_pooling2d"}, {"kind": "flatten"}], (8, 8)),
    ],
)
def test_weights_lie_where_their_colours_do(made, encoding, before, picture) -> None:
    """What a Dense layer makes of an image is the sum of its picture of weights times the image."""
    info, _ = made
    experiment = experiment_on(info, encoding={"kind": encoding}, layers=[*before, OUTPUT])
    layer = first_layer(experiment)
    assert (layer.form, layer.picture, layer.channels, layer.is_output) == ("pictures", picture, 3, True)
    chance = np.random.default_rng(1)
    kernel = chance.normal(size=(math.prod(picture) * 3, 3)).astype(np.float32)
    image = chance.normal(size=(*picture, 3)).astype(np.float32)
    answer = first_pictures(kernel, layer, 0, 1)
    assert answer.pictures is not None
    np.testing.assert_allclose(
        (answer.pictures.array() * image).sum(axis=(1, 2, 3)), image.reshape(-1) @ kernel, rtol=1e-4
    )


def test_filters_are_pictures_in_colours(made) -> None:
    layers = [{"kind": "conv2d", "filters": 5, "kernel": 3}, {"kind": "flatten"}, OUTPUT]
    layer = first_layer(experiment_on(made[0], encoding={"kind": "image"}, layers=layers))
    assert (layer.form, layer.picture, layer.channels, layer.in_colours) == ("filters", (3, 3), 3, True)
    kernel = np.random.default_rng(2).normal(size=(3, 3, 3, 5)).astype(np.float32)
    answer = first_pictures(kernel, layer, 0, 1)
    assert answer.pictures is not None
    np.testing.assert_array_equal(answer.pictures.array()[4], kernel[..., 4])


@pytest.mark.parametrize("side", [32, 64])
def test_the_summary_is_that_of_keras(side: int) -> None:
    info, _ = sets.images(shape=(side, side, 3))
    register(info)
    for experiment in (
        beginning(info),
        experiment_on(info, encoding={"kind": "flat"}),
        experiment_on(info, encoding={"kind": "rows"}, layers=[{"kind": "gru", "units": 4}, OUTPUT]),
    ):
        model = build(experiment)
        assert model.input_shape[1:] == experiment.input_shape
        for row, layer in zip(experiment.summary.rows, model.layers, strict=True):
            assert row.output_shape == layer.output.shape[1:]
            assert row.parameters == layer.count_params()
        held = experiment.footprint
        assert held.weights == 3 * 4 * model.count_params()
        values = sum(math.prod(layer.output.shape[1:]) for layer in model.layers) + side * side * 3
        if "gru" not in str(experiment.layers).lower():
            assert held.activations == 2 * 4 * experiment.batch_size * values


def test_a_draft_changes_from_grey_to_colours_and_back(made) -> None:
    info, _ = sets.images(shape=(64, 64, 3), size=40)
    register(info)
    for name in presets.NAMES:
        draft = presets.load(name)
        there = with_dataset(draft, info.name)
        assert not there.problems, name
        assert there.summary.output_shape == (3,)
        if draft.facts.kind == "image":
            assert [layer.kind for layer in there.layers] == [layer.kind for layer in draft.layers]
            assert not with_dataset(there, draft.dataset).problems, name


@pytest.mark.slow
def test_drawn_shapes_are_learned_repeatably_and_the_script_reproduces_it(tmp_path, monkeypatch) -> None:
    """Through the way that every run takes: stored data, a real training, the test set, the exported script."""
    settings = Settings(home=tmp_path / "home")
    store, artifacts = open_store(settings), Artifacts(settings.artifacts)
    made = sets.drawn_shapes(2_400)
    info = made[0]
    file = sets.archive(tmp_path, made)
    store.add_own_data(info, file, owner="ana")
    experiment = beginning(info)

    def trained(experiment: Experiment) -> Any:
        run = store.add(experiment, owner="ana", worker="test")
        execute(run, settings, store=store, artifacts=artifacts)
        return store.get(run)

    def course(run: Any) -> dict[str, list[float]]:
        names = ("loss", "accuracy", "val_loss", "val_accuracy")
        return {name: [getattr(epoch, name) for epoch in run.epochs] for name in names}

    first = trained(experiment)
    assert first.state is RunState.FINISHED, first.reason
    assert first.evaluation.accuracy > 0.95
    # How it begins is enough to see that it goes the same way again, here and by the script.
    beginning_of_it = experiment.with_changes(epochs=4)
    expected = {name: values[:4] for name, values in course(first).items()}
    assert course(trained(beginning_of_it)) == expected
    with artifacts.fetch_file(first.id, artifact_names.LAST) as path:
        model = keras.models.load_model(path)
    data = prepare(experiment, open_dataset(info.name, settings))
    assert model.evaluate(data.x_test, data.y_test, verbose=0)[1] == pytest.approx(first.evaluation.accuracy)
    text = script(beginning_of_it)
    history = run_here(text, tmp_path / "alone", monkeypatch, {info.name: file.read_bytes()})
    # Convolutions learn from parts of a batch, which rounds sums otherwise; without parts every digit is the script's.
    assert "rounds the sums of this network otherwise" in text
    for name in ("loss", "val_loss"):
        assert history[name][0] == pytest.approx(expected[name][0], rel=1e-2)
    monkeypatch.setattr("core.models.build.front", lambda _: 0)
    compare(history, course(trained(beginning_of_it)))
    store.close()
