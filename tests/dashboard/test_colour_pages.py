"""Every page that draws images, with a set in colours and a network that was trained on it."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.analysis.neighbours import pixel_distances
from core.datasets.distortion import Distortion, distorted
from core.datasets.exploration import sample
from core.experiment import Experiment
from core.inference.kinds.first_layer import FirstWeightsRequest
from core.inference.kinds.images import ImagesRequest
from core.run import RunState
from core.settings import Settings
from core.storage import Artifacts, open_store
from dashboard.run.exported import run_page
from dashboard.run.text import way_to_try
from dashboard.shared import services
from dashboard.shared.charts import colours
from dashboard.shared.charts.pixels import pixels
from dashboard.shared.language import language
from dashboard.shared.samples.sample_html import png_address
from tests.dashboard.answering import OWNER, answered_here
from tests.dashboard.pages import html, opened, run_again, words
from tests.dashboard.test_run_inside import grids
from tests.own_data import sets

SAY = language("en")
LAYERS = [
    {"kind": "conv2d", "filters": 4, "kernel": 3, "activation": "relu"},
    {"kind": "flatten"},
    {"kind": "dense", "units": 3, "activation": "softmax"},
]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, str, str]:
    """A home with a set in colours and a network that has seen it once."""
    from core.training.execute import execute

    folder = tmp_path_factory.mktemp("colours")
    settings = Settings.from_environment({"TURNING_POINT_HOME": str(folder / "home")})
    store = open_store(settings)
    made = sets.drawn_shapes(60, side=16, title="Shapes of ours")
    name = made[0].name
    store.add_own_data(made[0], sets.archive(folder, made), owner=OWNER)
    experiment = Experiment.from_dict(
        {
            "dataset": name,
            "encoding": {"kind": "image"},
            "split": {"kind": "first", "count": 12},
            "layers": LAYERS,
            "batch_size": 16,
            "epochs": 1,
        }
    )
    run = store.add(experiment, owner=OWNER, preset=name, title="Ours", worker="test")
    execute(run, settings, store=store, artifacts=Artifacts(settings.artifacts))
    assert store.get(run).state is RunState.FINISHED, store.get(run).reason
    store.close()
    return settings, name, run


@pytest.fixture
def shown(trained: tuple[Settings, str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, str]]:
    """The set and the run; the pages look at their home, and the network answers in this process."""
    settings, name, run = trained
    with answered_here(settings, monkeypatch):
        yield name, run


def sheet_of(grid: dict[str, Any]) -> np.ndarray:
    """The picture that the browser cuts the tiles of a grid from."""
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(grid["sheet"].partition(",")[2]))))


def test_the_data_page_shows_pictures_and_one_matrix_a_colour(shown: tuple[str, str]) -> None:
    name, _ = shown
    for lang in ("en", "ko"):
        t = language(lang)
        test = opened("data", lang, dataset=name)
        said = words(test)
        assert t("data.content.colour", shape="(60, 16, 16, 3)", images="60", height=16, width=16, type="uint8",
                 largest=255) in said  # fmt: skip
        assert t("data.sample.about.colour", height=16, width=16, largest=255) in said
        assert t("preset.own.title", dataset="Shapes of ours") in said
    (grid,) = grids(test)
    images = services.image_dataset(name).x_train
    np.testing.assert_array_equal(sheet_of(grid), np.concatenate(images[:20]))
    test.session_state["data-channel"] = "green"
    run_again(test)
    green = pixels(sample(services.image_dataset(name), "train", 0), 255, SAY, channel=1).data[0]
    np.testing.assert_array_equal(np.asarray(green.z), images[0][..., 1])
    assert green.colorscale[-1][1] == "#00ff00"


def test_the_lab_begins_with_the_own_set(shown: tuple[str, str]) -> None:
    name, _ = shown
    test = opened("lab", dataset=name)
    assert SAY("preset.own.about.colour") in words(test)
    box = next(one for one in test.selectbox if one.label == SAY("lab.preset"))
    assert box.value == name
    dataset = next(one for one in test.selectbox if one.label == SAY("field.dataset"))
    assert dataset.value == name
    dataset.set_value("digits")
    run_again(test)
    assert not test.warning


def test_the_run_page_shows_samples_and_weights_in_colours(shown: tuple[str, str]) -> None:
    _, run = shown
    answer = services.ask(FirstWeightsRequest(run)).pictures
    assert answer is not None
    weights = answer.array()
    assert weights.shape == (4, 3, 3, 3)
    state = {"run-tabs": SAY("run.tab.inside"), "inside-part": "first", "inside-pictures": 2}
    test = opened("run", state=state, run=run)
    (grid,) = grids(test)
    largest = float(np.abs(weights).max())
    np.testing.assert_array_equal(sheet_of(grid), np.concatenate(colours.as_lights(weights, largest)))
    assert html(test).count("tp-scale") >= 4  # one for each colour, in one row
    assert [SAY(f"data.channel.{one}") in words(test) for one in colours.CHANNELS] == [True] * 3
    test.session_state["inside-part"] = "activations"
    run_again(test)
    assert "14 × 14 × 4" in words(test)
    opened_sample = opened("run", "ko", run=run, sample="4")
    assert language("ko")("sample.near.colour.about") in words(opened_sample)
    kept = services.store().get(run)
    assert way_to_try(kept) == ("try.distort_for_network", "tune")
    page = run_page(kept, SAY, None)
    for picture in weights:
        assert png_address(colours.as_lights(picture, largest), 255) in page


def test_images_in_colours_are_distorted_and_asked_about(shown: tuple[str, str]) -> None:
    name, run = shown
    test = opened("try", run=run, row="2")
    assert SAY("try.no_drawing.colour") in words(test)
    assert html(test).count('class="tp-share-fill"') == 3
    image = services.image_dataset(name).x_test[2]
    turned = distorted(image, Distortion(degrees=30), 255)
    test.session_state[f"try-distort-degrees-{name}"] = 30
    run_again(test)
    assert SAY("try.image.distorted") in html(test)
    asked = services.ask(ImagesRequest(run, tuple(tuple(one.ravel().tolist()) for one in (image, turned))))
    predicted = services.test_probabilities(run)
    np.testing.assert_allclose(asked.probabilities[0], predicted[2], atol=1e-5)


def test_weights_as_lights() -> None:
    weights = np.array([[0.0, 0.0, 0.0], [2.0, 0.0, 0.0], [0.0, -1.0, 2.0], [9.0, -9.0, 0.0]])
    assert colours.as_lights(weights, 2.0).tolist() == [[128, 128, 128], [255, 128, 128], [128, 64, 255],
                                                        [255, 0, 128]]  # fmt: skip
    assert colours.light_gradient(0) == (
        "linear-gradient(to right, rgb(0, 128, 128), rgb(128, 128, 128), rgb(255, 128, 128))"
    )


def test_near_means_every_colour_of_every_pixel() -> None:
    images = np.random.default_rng(1).integers(0, 256, (5, 4, 4, 3), dtype=np.uint8)
    apart = images[1:].astype(float) / 255 - images[0] / 255
    expected = np.sqrt((apart**2).sum(axis=(1, 2, 3)))
    np.testing.assert_allclose(pixel_distances(images[1:], images[:1], 255), expected, rtol=1e-12)
