"""Somebody draws a set alone on the page of data: labels, drawings sent and taken back, and the set of them."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.catalog import dataset_info
from core.datasets import open_dataset
from core.settings import Settings
from core.storage import Store
from dashboard.shared.language import language
from tests.dashboard.pages import press, words
from tests.dashboard.test_class_drawings import stroke
from tests.dashboard.test_votes import ANN, page

ENOUGH = 12  # of two labels: ten to learn from, one of each to test with


def draw(test: AppTest, number: int, place: int | None = None) -> None:
    """Send a drawing as that of this number."""
    key = f"own-pad-{number}"
    test.session_state[key] = {"drawing": {"bits": stroke(number if place is None else place), "count": 1}}
    press(test, f"{key}-send")


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_set_is_drawn_alone(lang: str, store: Store) -> None:
    t = language(lang)
    test = page(ANN, lang, at="data")
    assert t("draw.own.about") not in words(test)
    test.session_state["draw-own"] = True
    test.run()
    assert t("draw.label", label="0") in words(test)
    press(test, "own-pad-0-send")
    assert test.warning, "there is nothing on the pad"
    assert t("draw.so_far", number=0) in words(test)

    test.session_state["own-what"] = "own"
    test.run()
    test.text_input(key="own-labels").input("one").run()
    assert test.warning, "one label is none to tell apart"
    test.text_input(key="own-labels").input("cat, dog").run()
    assert t("draw.label", label="cat") in words(test)
    draw(test, 0)
    assert t("draw.label", label="dog") in words(test)
    draw(test, 1)
    press(test, "own-pad-2-undo")
    assert t("draw.so_far", number=1) in words(test)
    assert t("draw.label", label="dog") in words(test)
    for number in range(1, ENOUGH):
        assert t("draw.own.few", number=ENOUGH) in words(test)
        draw(test, number)

    test.text_input(key="own-title").input("Pets").run()
    press(test, "own-make")
    assert not test.warning, [one.value for one in test.warning]
    assert t("drawn.made") in test.success[0].value
    name = test.session_state["draw-own-made"]
    info = dataset_info(name)
    assert (info.class_names, info.train_size + info.test_size) == (("cat", "dog"), ENOUGH)
    data = open_dataset(name, Settings.from_environment())
    assert set(data.y_train.tolist()) == {0, 1}
