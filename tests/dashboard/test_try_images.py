"""The try page for networks on images: drawing for one, distorting for one; a real network answers, in this process."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

import numpy as np
import pytest
from scipy.special import softmax
from streamlit.testing.v1 import AppTest

from core import presets
from core.catalog import DATASETS
from core.datasets.distortion import Distortion, distorted
from core.datasets.drawing import INK, SIDE, as_drawn, as_in_set, to_bits
from core.errors import JobError
from core.inference.kinds.images import ImageAnswer, ImagesAnswer, ImagesRequest
from core.settings import Settings
from dashboard.shared import services
from dashboard.shared.language import language
from dashboard.shared.run_words import class_names
from dashboard.trying.answers import (
    decision,
    how_long_right,
    said_of,
    strength_curve,
    strengths_of,
)
from tests.dashboard.answering import answered_here, train
from tests.dashboard.pages import html, opened, press, run_again, words

SAY = language("en")
IMAGE_SETS = [name for name, facts in DATASETS.items() if facts.kind == "image"]
NAMES = class_names("digits", SAY)


def one(left: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    """A drawing of a thick line."""
    drawing = np.zeros((SIDE, SIDE), dtype=np.uint8)
    drawing[30:100, left : left + 14] = INK
    return drawing


def pixels_of(image: np.ndarray) -> tuple[int, ...]:
    """An image as a question has it."""
    return tuple(image.ravel().tolist())


def open_page(run: str | None = None, lang: str = "en", **parameters: str) -> AppTest:
    return opened("try", lang, run=run, **parameters)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, str]:
    """A home with one network that has learned the small digits."""
    return train(tmp_path_factory.mktemp("home"), presets.PLAIN, epochs=12)


@pytest.fixture
def network(trained: tuple[Settings, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The run; its questions are answered here instead of by an engine."""
    settings, run = trained
    with answered_here(settings, monkeypatch):
        yield run


def draw(test: AppTest, run: str, bits: object, count: object = 1) -> AppTest:
    """What the pad would send."""
    test.session_state[f"try-pad-{run}"] = {"drawing": {"bits": bits, "count": count}}
    return run_again(test)


def answer_to(run: str, image: np.ndarray) -> ImageAnswer:
    answer = services.ask(ImagesRequest(run, (pixels_of(image),)))
    return ImageAnswer(answer.probabilities[0], answer.epoch)


def said(answer: ImageAnswer, lang: str = "en") -> str:
    label, value = said_of(answer, NAMES)
    return f"#### {language(lang)('try.decision', label=label, value=value)}"


# Drawing


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_drawing_is_answered_centred_and_as_it_is(network: str, lang: str) -> None:
    t = language(lang)
    test = open_page(network, lang)
    assert t("error.drawing_empty") in words(test)
    drawing = one(left=100)
    draw(test, network, to_bits(drawing))
    ways = {
        way: answer_to(network, make(drawing, "digits"))
        for way, make in (("centred", as_in_set), ("drawn", as_drawn))
    }
    assert said(ways["centred"], lang) in words(test)
    assert t("try.draw.how.digits") in words(test)
    assert html(test).count('class="tp-share-fill"') == 10
    same = "same" if decision(ways["centred"]) == decision(ways["drawn"]) else "other"
    label, value = said_of(ways["drawn"], NAMES)
    assert t(f"try.draw.{same}.drawn", label=label, value=value) in words(test)
    test.session_state["try-draw-way"] = "drawn"
    run_again(test)
    assert said(ways["drawn"], lang) in words(test)
    assert t("try.draw.how.drawn") in words(test)


def test_what_the_pad_may_send(network: str) -> None:
    test = open_page(network)
    empty = to_bits(np.zeros((SIDE, SIDE), dtype=np.uint8))
    for bits, message in (
        (empty, "drawing_empty"),
        (None, "drawing_empty"),
        ("AAAA", "drawing_unreadable"),
        (["<script>"], "drawing_unreadable"),
        ("<script>alert(1)</script>" + empty[25:], "drawing_unreadable"),
    ):
        draw(test, network, bits, count="<script>")
        (info,) = test.info
        assert info.value == SAY(f"error.{message}", side=SIDE)
    test.session_state[f"try-pad-{network}"] = {"drawing": "nothing of the kind"}
    run_again(test)
    assert SAY("error.drawing_empty") in words(test)
    # And it goes on from there.
    draw(test, network, to_bits(one(40)), count=7)
    assert not test.info


def test_without_an_engine_it_says_so_and_keeps_the_pad(
    network: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(question: object) -> None:
        raise JobError("answers_absent")

    answer = services.ask
    monkeypatch.setattr(services, "ask", absent)
    test = draw(open_page(network), network, to_bits(one(40)))
    assert "There is no process that answers questions" in words(test)
    assert SAY("try.draw.about.digits") in words(test)
    monkeypatch.setattr(services, "ask", answer)
    press(test, "try-again")
    assert "#### The network says" in words(test)


def test_the_same_drawing_is_asked_once(network: str, monkeypatch: pytest.MonkeyPatch) -> None:
    test = draw(open_page(network), network, to_bits(one(40)))
    monkeypatch.setattr(services, "ask", None)
    test.session_state["try-draw-way"] = "drawn"
    run_again(test)
    assert "#### The network says" in words(test)


# Distorting


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_test_image_is_distorted(network: str, lang: str) -> None:
    t = language(lang)
    test = open_page(network, lang, row="7")
    dataset = services.image_dataset("digits")
    image, label = dataset.x_test[7], NAMES[dataset.y_test[7]]
    assert t("try.image.row", row="7", label=label) in html(test)
    before = answer_to(network, image)
    assert said(before, lang) in words(test)
    assert 'class="tp-share-before"' not in html(test)
    test.slider(key="try-distort-degrees-digits").set_value(40)
    test.slider(key="try-distort-right-digits").set_value(-1)
    test.slider(key="try-distort-noise-digits").set_value(30)
    run_again(test)
    how = Distortion(degrees=40, right=-1, noise=0.3)
    after = answer_to(network, distorted(image, how, 16))
    assert said(after, lang) in words(test)
    assert html(test).count('class="tp-share-before"') == 10
    name, value = said_of(before, NAMES)
    assert t("try.distort.before", label=name, value=value) in words(test)
    press(test, "try-other-noise")
    other = Distortion(degrees=40, right=-1, noise=0.3, seed=1)
    assert said(answer_to(network, distorted(image, other, 16)), lang) in words(test)
    press(test, "try-distort-reset")
    assert said(before, lang) in words(test)
    assert 'class="tp-share-before"' not in html(test)


def test_images_are_turned_over_and_links_are_followed(network: str) -> None:
    test = open_page(network, row="296")
    press(test, "try-next")
    assert "Test image 0:" in html(test)
    test.query_params["row"] = "20"
    run_again(test)
    assert "Test image 20:" in html(test)
    test.toggle(key=f"try-mistakes-{network}").set_value(True)
    run_again(test)
    press(test, "try-random")
    assert SAY("try.wrong", label="").rstrip("*") in words(test)
    # Whoever goes over to drawing and opens the address again finds the pad.
    test.segmented_control(key="try-image-way").set_value("draw")
    run_again(test)
    assert "row" not in test.query_params
    assert SAY("try.draw.about.digits") in words(test)


@pytest.mark.parametrize("row", ["297", "<script>"])
def test_a_row_that_is_none_shows_the_first_image(network: str, row: str) -> None:
    assert "Test image 0:" in html(open_page(network, row=row))


# Decisions


@pytest.mark.parametrize("dataset", IMAGE_SETS)
def test_every_image_set_can_be_drawn_for(dataset: str) -> None:
    assert 1 <= DATASETS[dataset].drawing.pen < SIDE / 4
    for lang in ("ko", "en"):
        assert language(lang).has(f"try.draw.about.{dataset}")
        assert language(lang).has(f"try.draw.how.{dataset}")


@pytest.mark.parametrize("dataset", IMAGE_SETS)
def test_all_strengths_of_a_curve_fit_into_one_question(dataset: str) -> None:
    for kind in ("noise", "degrees", "right", "down"):
        values = strengths_of(kind, DATASETS[dataset]).values  # type: ignore[arg-type]
        assert 0 in values
        assert list(values) == sorted(set(values))
        assert 3 <= len(values) <= 62
    assert strengths_of("noise", DATASETS[dataset]).values[-1] == 1


def answers(*right: bool) -> list[ImageAnswer]:
    return [ImageAnswer((0.1, 0.7, 0.2) if each else (0.6, 0.3, 0.1), 1) for each in right]


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        ((True, True, True, True, False), "stays right from \N{MINUS SIGN}10° to 5°"),
        ((False, True, True, False, True), "stays right from \N{MINUS SIGN}5° to 0°"),
        ((True,) * 5, "stays right at every strength"),
        ((True, True, False, False, True), "wrong already without this distortion. It is right at 3 of 5"),
    ],
)
def test_how_long_it_stays_right(right: tuple[bool, ...], expected: str) -> None:
    curve = strength_curve("degrees", (-10, -5, 0, 5, 10), answers(*right), 1)
    assert curve.true == tuple(0.7 if each else 0.3 for each in right)
    assert curve.others == tuple(0.2 if each else 0.6 for each in right)
    assert expected in how_long_right(curve, 1, SAY).said(SAY)


def test_noise_begins_at_none() -> None:
    curve = strength_curve("noise", (0, 0.05, 0.1), answers(True, True, False), 1)
    assert "up to 5%" in how_long_right(curve, 1, SAY).said(SAY)


def test_answers_to_several_images(network: str) -> None:
    dataset = services.image_dataset("digits")
    together = services.ask(ImagesRequest(network, tuple(pixels_of(image) for image in dataset.x_test[:3])))
    assert isinstance(together, ImagesAnswer)
    assert re.fullmatch(
        r"[\d.]+%|>\u00a099.99%", said_of(ImageAnswer(together.probabilities[0], 1), NAMES)[1]
    )


# Scores


def test_scores_are_moved_by_slider_box_and_buttons() -> None:
    test = open_page(show="scores")
    assert test.tabs[1].label == SAY("scores.tab")
    for share in (
        "0.3672",
        "0.3322",
        "0.3006",
        f"{math.exp(3.1):.4f}",
        f"{math.exp(3.1) + math.exp(3) + math.exp(2.9):.4f}",
    ):
        assert share in html(test)
    press(test, "scores-example-spread")
    for share in ("0.6096", "0.2243", "0.1661"):
        assert share in html(test)
    press(test, "scores-add-one")
    assert test.number_input(key="scores-0-box").value == 3
    assert "0.6096" in html(test)
    press(test, "scores-double")
    assert [test.slider(key=f"scores-{place}-slider").value for place in range(3)] == [6, 4, 3.4]
    test.number_input(key="scores-0-box").set_value(1000)
    run_again(test)
    assert test.slider(key="scores-0-slider").value == 10
    assert "1.0000" in html(test)
    assert SAY("scores.shifted") in words(test)
    test.slider(key="scores-0-slider").set_value(-10)
    run_again(test)
    assert test.number_input(key="scores-0-box").value == -10
    test.session_state["scores-count"] = 5
    run_again(test)
    assert html(test).count('<th scope="row">') == 5


def test_temperature_brings_shares_together() -> None:
    test = open_page(show="scores")
    press(test, "scores-example-spread")
    test.slider(key="scores-temperature").set_value(10.0)
    run_again(test)
    assert "z / 10" in html(test)
    assert f"{softmax([0.2, 0.1, 0.07])[0]:.4f}" in html(test)


def test_the_sigmoid_says_where_it_is_saturated() -> None:
    test = open_page(show="scores")
    assert "= 0.7311" in words(test)
    test.number_input(key="scores-sigmoid-box").set_value(-1000)
    run_again(test)
    assert "Saturated" in words(test)
    assert "= 0.0000" in words(test)
