"""The data page with texts: read, step, search, slide, and whatever stands in an address."""

from __future__ import annotations

import re

import pytest

from dashboard.data.text import ALL_CLASSES
from dashboard.shared.language import language
from tests.dashboard import pages
from tests.dashboard.pages import checked, in_tab, words
from tests.datasets import small_sets

# The same page, so the same fixtures and helpers.
from tests.dashboard.test_data_page import (  # noqa: F401 isort: skip
    _nothing_opened_yet,
    folder,
    shows,
    small,
)


@pytest.fixture(autouse=True)
def _text_files(small, folder):  # noqa: F811
    """IMDB and Reuters of a few random texts."""
    for name in small_sets.TEXTS:
        small.put(folder, small.flat_files(name))


def opened(dataset="imdb", language="en", **parameters):
    """The page at an address."""
    return pages.opened("data", language, dataset=dataset, **parameters)


def texts(test):
    """The text that is read and the padded one, as HTML."""
    boxes = [each.proto.body for each in test.get("html") if 'role="region"' in each.proto.body]
    assert len(boxes) in (0, 2)
    return boxes


def numbers(box):
    return [int(number) for number in re.findall(r"<rt>(\d+)</rt>", box)]


def raw(dataset, part, row):
    """The numbers of a text as Keras would give them."""
    content = small_sets.arrays(dataset)
    offsets = content[f"{part}_offsets"]
    return [1, *(content[f"{part}_tokens"][offsets[row] : offsets[row + 1]] + 3).tolist()]


def keep_all(test):
    return checked(
        test.select_slider(key=f"data-num-words-{test.session_state['data-choice']}").set_value(44).run()
    )


@pytest.mark.parametrize(("dataset", "lang", "counts"), [("imdb", "ko", 1), ("reuters", "en", 2)])
def test_texts_are_shown_with_all_their_charts(dataset, lang, counts):
    test = opened(dataset, lang)
    assert shows(test) == dataset
    assert not test.warning
    assert not test.error
    charts = len(test.get("plotly_chart")) - counts
    assert charts == 2, "what is kept, the text as ones; counts of many classes come in two charts"
    assert "`y_train[0]`" in words(test)
    assert len(texts(test)) == 2
    every = in_tab(test, "data-texts", language(lang)("data.texts"))
    charts = len(every.get("plotly_chart")) - counts
    assert charts == 1 + 1 + 2, "lengths, frequent words, those of two classes"
    assert len(texts(every)) == 0


def test_numbers_stand_beneath_their_words():
    test = keep_all(opened())
    checked(test.button_group(key="data-text-how").set_value("numbers").run())
    box, padded = texts(test)
    assert numbers(box) == raw("imdb", "train", 0)
    for number in numbers(box)[1:]:
        assert f"{small_sets.WORDS[number - 4].replace(chr(39), '&#x27;')}<rt>{number}</rt>" in box
    assert "START" in box
    assert numbers(padded) == [0] * (100 - len(numbers(box))) + numbers(box)


def test_words_beyond_the_limit_turn_into_question_marks():
    test = opened()
    slider = test.select_slider(key="data-num-words-imdb")
    checked(slider.set_value(10).run())
    checked(test.button_group(key="data-text-how").set_value("numbers").run())
    expected = [number if number < 10 else 2 for number in raw("imdb", "train", 0)]
    assert numbers(texts(test)[0]) == expected
    kept = sum(number > 2 for number in expected) / (len(expected) - 1)
    assert test.metric[0].value == f"{kept:.1%}"
    assert test.metric[1].value != "100.0%"
    assert "Dropped: " in words(test)
    keep_all(test)
    assert [metric.value for metric in test.metric] == ["100.0%", "100.0%"]
    assert "Dropped" not in words(test)


def test_next_and_previous_go_round_and_the_address_follows():
    test = opened()
    checked(test.button(key="data-text-next").click().run())
    assert "`y_train[1]`" in words(test)
    assert (test.query_params["dataset"], test.query_params["row"]) == ("imdb", "1")
    for _ in range(2):
        checked(test.button(key="data-text-previous").click().run())
    assert "`y_train[11]`" in words(test)
    checked(test.button(key="data-text-next").click().run())
    assert "`y_train[0]`" in words(test)
    assert "row" not in test.query_params
    checked(test.button(key="data-text-random").click().run())
    row = int(test.query_params.get("row", "0"))
    assert f"`y_train[{row}]`" in words(test)


def test_a_link_leads_to_its_text_in_a_new_session():
    test = opened(part="test", row="7")
    assert "`y_test[7]`" in words(test)
    assert "Text 8 of 10" in words(test)
    checked(test.button(key="data-text-next").click().run())
    assert (test.query_params["part"], test.query_params["row"]) == ("test", "8")
    test.query_params["row"] = "2"
    assert "`y_test[2]`" in words(checked(test.run())), "as the browser's back button has it"
    checked(test.button_group(key="data-choice").set_value("reuters").run())
    assert set(test.query_params) == {"lang", "dataset"}
    assert "`y_train[0]`" in words(test)


def test_a_search_shows_only_texts_with_all_words_and_marks_them():
    one, other = raw("imdb", "train", 4)[1:3]
    rows = [row for row in range(12) if {one, other} <= set(raw("imdb", "train", row))]
    first, second = (small_sets.WORDS[number - 4] for number in (one, other))
    test = keep_all(opened(search=f" {first.upper()},  {second} "))
    assert f"`y_train[{rows[0]}]`" in words(test)
    assert f"of {len(rows)}" in words(test)
    assert texts(test)[0].count("<mark>") >= 2
    assert test.text_input(key="data-text-search-imdb").value == f"{first.upper()}, {second}"


def test_a_link_leads_to_its_text_past_the_filters_of_the_session():
    labels = small_sets.arrays("imdb")["y_train"]
    test = opened()
    checked(test.selectbox(key="data-text-class-imdb").set_value(int(labels[0])).run())
    low, high = test.slider(key="data-text-length-imdb-train").value
    checked(test.slider(key="data-text-length-imdb-train").set_range(low + 1, high).run())
    other = next(row for row in range(12) if labels[row] != labels[0])
    for row in (other, 11):  # the last one is the shortest
        test.query_params["row"] = str(row)
        assert f"`y_train[{row}]`" in words(checked(test.run()))
    assert test.selectbox(key="data-text-class-imdb").value == ALL_CLASSES
    assert test.slider(key="data-text-length-imdb-train").value == (low, high)


def test_filters_that_nothing_passes_are_said_plainly():
    test = opened("reuters")
    empty = next(label for label in range(46) if label not in small_sets.arrays("reuters")["y_train"])
    checked(test.selectbox(key="data-text-class-reuters").set_value(empty).run())
    assert "No text is like this" in test.warning[0].value
    assert not texts(test)
    checked(test.selectbox(key="data-text-class-reuters").set_value(None).run())
    low, _ = test.slider(key="data-text-length-reuters-train").value
    checked(test.slider(key="data-text-length-reuters-train").set_range(low, low).run())
    assert not test.warning
    assert "words: 1" in words(test)
    assert test.button(key="data-text-next").disabled


@pytest.mark.parametrize(
    "search", ["<script>alert(1)</script>", "![x](http://127.0.0.1/x.png) 🙂 한국어", "zzz" * 200]
)
def test_a_word_that_nobody_wrote_is_said_and_not_drawn(search):
    test = opened(search=search)
    (warning,) = test.warning
    assert "Not in the vocabulary" in warning.value
    assert "<script" not in warning.value
    assert "![" not in warning.value
    assert len(warning.value) < 300
    assert shows(test) == "imdb"
    checked(test.text_input(key="data-text-search-imdb").set_value("").run())
    assert not test.warning
    assert "search" not in test.query_params


@pytest.mark.parametrize("row", ["12", "-1", "9" * 5000, "²", "**x**<b>"])
def test_a_row_that_is_not_there_is_said_on_a_working_page(row):
    test = opened(row=row)
    (warning,) = test.warning
    assert "There is no text with the number" in warning.value
    assert "0–11" in warning.value
    assert "**x**" not in warning.value
    assert "<b>" not in warning.value
    assert "`y_train[0]`" in words(test)


def test_a_part_that_is_not_there_is_said_on_a_working_page():
    test = opened(part="validation")
    assert "validation" in test.warning[0].value
    assert "`y_train[0]`" in words(test)


def test_padded_texts_follow_length_and_sides():
    test = keep_all(opened(row="3"))
    checked(test.select_slider(key="data-padded-length").set_value(20).run())
    checked(test.button_group(key="data-padded-fill").set_value("end").run())
    text = raw("imdb", "train", 3)
    assert numbers(texts(test)[1]) == text + [0] * (20 - len(text))
    assert f"**{20 - len(text)} zeros**" in words(test)


def test_frequent_words_can_be_left_out_and_classes_chosen():
    test = opened("reuters")
    label = int(small_sets.arrays("reuters")["y_train"][0])
    checked(test.selectbox(key="data-text-class-reuters").set_value(label).run())
    in_tab(test, "data-texts", language("en")("data.texts"))
    checked(test.select_slider(key="data-frequent-skip-reuters").set_value(10).run())
    checked(test.selectbox(key="data-typical-reuters-0").set_value(label).run())
    assert shows(test) == "reuters"
    in_tab(test, "data-texts", language("en")("data.text"))
    assert test.selectbox(key="data-text-class-reuters").value == label, "the filter of the other tab stays"


def test_the_next_step_is_a_preset_on_this_data():
    links = [link.proto for link in opened("reuters").get("page_link")]
    assert [link.query_string for link in links if link.page == "lab"] == ["preset=reuters-multi-hot"]
