"""The confusion matrix in words, what the reader below it gets, and the flows from classes to answers."""

from __future__ import annotations

import re

import numpy as np
import pytest

from core.analysis.confusion_reading import flows
from core.catalog import DATASETS
from core.storage import Store
from dashboard.run.flow_figure import centres, flow_figure, least_share
from dashboard.shared.language import CODES, language
from dashboard.shared.run_words import class_names
from dashboard.shared.samples.matrix_reader import reader_data
from dashboard.shared.samples.matrix_words import (
    change_sentence,
    column_sentence,
    flow_sentence,
    matrix_sentence,
    row_sentence,
)
from tests.dashboard.pages import opened, words
from tests.dashboard.runs import MATRIX, over

KO, EN = language("ko"), language("en")
FASHION = ((800, 110, 90), (50, 900, 50), (0, 0, 0))
NAMES = ("Shirt", "Coat", "Bag")
#: A particle written for both kinds of nouns, or after a name in a way that fits only one kind.
_BOTH = re.compile(r"(?<=\w)\((?:으|이|은|는|을|를|가|와|과)\)")


def test_a_row_is_read_as_of_those_that_are_and_a_column_as_of_those_called() -> None:
    assert row_sentence(FASHION, 0, NAMES, EN) == (
        "Of 1,000 samples that are Shirt, 800 were found (recall 80.0%). Taken for: Coat (110×), Bag (90×)."
    )
    assert column_sentence(FASHION, 1, NAMES, EN) == (
        "Of 1,010 samples called Coat, 900 really are (precision 89.1%). The others are: Shirt (110×)."
    )
    assert row_sentence(FASHION, 2, NAMES, EN) == "No sample is Bag."
    assert column_sentence(FASHION, 2, NAMES, EN).startswith("Of 140 samples called Bag, none is")
    korean = row_sentence(FASHION, 0, ("셔츠", "코트", "가방"), KO)
    assert korean == (
        "정답이 셔츠인 샘플 1,000개 가운데 800개를 맞혔습니다(재현율 80.0%). 틀린 답: ‘코트’ 110개, ‘가방’ 90개."
    )


def test_the_whole_matrix_names_its_most_frequent_confusions() -> None:
    said = matrix_sentence(FASHION, NAMES, EN)
    assert said.startswith("1,700 of 2,000 test samples are right.")
    assert "of 1,000 that are Shirt, 110 taken for Coat; of 1,000 that are Shirt, 90 taken for Bag" in said
    assert matrix_sentence(((3, 0), (0, 4)), ("a", "b"), EN).endswith(EN("confusion.none"))


def test_a_difference_is_read_by_rows() -> None:
    second = ((850, 70, 80), (50, 900, 50), (0, 0, 0))
    said = change_sentence(FASHION, second, 0, NAMES, ("A", "B"), EN)
    assert said == (
        "Of 1,000 samples that are Shirt, A found 800 and B 850. More or fewer mistakes of B: Coat: −40, Bag: −10."
    )
    assert change_sentence(FASHION, second, 1, NAMES, ("A", "B"), EN).endswith("A found 900 and B 900.")


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("dataset", DATASETS)
def test_no_class_name_of_any_data_set_makes_a_sentence_wrong(dataset: str, code: str) -> None:
    """Korean sentences put no particle after a name but 인, which fits all of them, and English ones no plural."""
    t = language(code)
    names = class_names(dataset, t)
    size = len(names)
    matrix = (np.eye(size, dtype=int) * 50 + np.arange(size * size).reshape(size, size) % 7).tolist()
    said = [matrix_sentence(matrix, names, t)]
    for label in range(size):
        said += [row_sentence(matrix, label, names, t), column_sentence(matrix, label, names, t)]
        said.append(change_sentence(matrix, matrix, label, names, ("A", "B"), t))
        assert names[label] in said[-3]
    assert not [one for one in said if _BOTH.search(one) or "{" in one]
    if code == "ko":
        for name in names:
            after = {
                one[at.end() :][:2] for one in said for at in re.finditer(f"(?<= ){re.escape(name)}", one)
            }
            if not name.isdecimal():  # else any number of samples may begin like it
                assert all(text[:1] in " ,;" or text == "인 " for text in after), (name, after)


def test_the_reader_gets_a_sentence_for_each_row_and_column_that_is_shown() -> None:
    data = reader_data(["r1", "r0"], ["c1", "c0"], [1, 0], EN, chart="chart", chosen=(0, 1))
    assert (data["rows"], data["columns"], data["labels"]) == (["r1", "r0"], ["c1", "c0"], [1, 0])
    assert data["at"] == [1, 0]
    assert reader_data(["r"], (), [3], EN, chart="", chosen=(0, 1))["at"] is None


@pytest.mark.parametrize("size", [2, 10, 46])
def test_flows_keep_their_names_apart_and_right_answers_grey(size: int) -> None:
    rng = np.random.default_rng(3)
    counts = np.eye(size, dtype=int) * 20 + rng.poisson(0.7, (size, size))
    found = flows(counts.tolist(), range(size), least_share(size))
    figure = flow_figure(found, [f"class {label}" for label in range(size)], EN)
    links = figure.data[0].link
    for source, target, colour in zip(links.source, links.target, links.color, strict=True):
        right = found.classes[source] == found.answers[target - len(found.classes)]
        assert colour.startswith("rgba(135" if right else "rgba(217")
    assert len(links.value) == len(found.flows)
    inside = figure.layout.height - figure.layout.margin.t - figure.layout.margin.b
    for x in (0.0, 1.0):
        ys = sorted(one.y * inside for one in figure.layout.annotations if one.x == x and not one.yshift)
        assert len(ys) == len(found.classes if x == 0 else found.answers)
        assert min(np.diff(ys), default=99) >= 11.5  # pixels: a line of words


def test_nodes_fill_the_height_as_plotly_scales_them() -> None:
    places = centres([1, 1, 2], 436, 4)  # 36 pixels between four nodes, 100 a share
    assert places[0] == pytest.approx(50 / 436)
    assert places[-1] == pytest.approx(1 - 100 / 436)


def test_flows_are_told_in_words() -> None:
    said = flow_sentence(flows(FASHION, (0, 1, 2), 0.06), NAMES, EN)
    assert "from 6% of a class on. 100 rarer ones are left out." in said
    assert "Shirt as Coat: 11.0% (110); Shirt as Bag: 9.0% (90)." in said


@pytest.mark.parametrize("code", CODES)
def test_the_page_of_a_run_reads_its_matrix_and_shows_its_flows(code: str, store: Store) -> None:
    t = language(code)
    run = over(store)
    test = opened("run", code, run=run)
    assert matrix_sentence(MATRIX, class_names("digits", t), t) in words(test)
    test.button_group(key="confusion-form").set_value("flows").run()
    assert not test.exception
    assert t("confusion.flows.about", least="2%") in words(test)
