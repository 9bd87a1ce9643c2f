"""What the data page draws and writes of texts, from records alone."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.datasets.decoded_text import DecodedText, PaddedText, places, read
from core.datasets.exploration import ArrayShape, ClassCount
from core.datasets.tokenization import Token
from core.datasets.word_counts import (
    CoveragePoint,
    count_words,
    coverage,
    frequent,
    length_histogram,
    typical,
)
from dashboard.data import figures
from dashboard.data import text as views
from dashboard.shared import data_words
from dashboard.shared.charts import pixels as data_figures
from dashboard.shared.charts.multi_hot import multi_hot
from dashboard.shared.language import language
from dashboard.shared.markdown import escaped
from dashboard.shared.samples.text_place import (
    TextPlace,
    first_word_limit,
    text_address,
    text_place,
    word_limits,
)
from dashboard.shared.samples.token_html import STYLE, legend_html, padded_html, text_html
from tests.datasets import small_texts

SAY = language("en")
SMALL = small_texts.made(classes=3)
COUNTS = count_words(SMALL.x_train, SMALL.y_train, 3, len(SMALL.vocabulary))
SIZES = {"train": 60, "test": 20}
EVIL = "<script>alert('x')</script>"


# HTML


def reading_of(*tokens, words):
    return DecodedText("train", 0, 0, 10, (Token(1, "start", "?"), *tokens), words)


def test_whatever_a_word_is_it_is_text():
    reading = reading_of(Token(4, "word", EVIL), Token(2, "unknown", "?"), words=(EVIL, f'"{EVIL}'))
    for with_numbers in (True, False):
        made = text_html(reading, SAY, with_numbers=with_numbers, marked={EVIL}, name=EVIL)
        assert "<script" not in made
        assert made.count("&lt;script&gt;") == 3, "the word, the title of what it was, the name"
        assert set(re.findall(r"<(\w+)", made)) <= {"div", "abbr", "mark", "ruby", "rt"}
    padded = PaddedText((Token(0, "padding", "?"), Token(4, "word", EVIL)), 1, 0)
    assert "<script" not in padded_html(padded, "start", SAY)


def test_a_mark_says_what_it_is_and_an_unknown_word_what_it_was():
    made = text_html(reading_of(Token(2, "unknown", "?"), words=("fawn",)), SAY, with_numbers=False)
    assert 'title="This was: fawn">?</abbr>' in made
    assert ">START</abbr>" in made
    legend = legend_html(("start", "unknown", "padding"), SAY)
    assert all(f"tp-{kind}" in legend for kind in ("start", "unknown", "padding"))


@pytest.mark.parametrize("side", ["start", "end"])
def test_a_cut_is_shown_where_it_was_made(side):
    made = padded_html(PaddedText((Token(4, "word", "the"),) * 2, 0, 1_234), side, SAY)
    before, after = made.split("✂")
    assert "1,234 numbers" in after
    assert ("<ruby>" in before) == (side == "end")


def test_every_class_of_the_html_has_its_style():
    kinds = ("padding", "start", "unknown", "unused")
    tokens = tuple(Token(number, kind, "?") for number, kind in enumerate(kinds))
    reading = PaddedText(tokens, 0, 1)
    made = padded_html(reading, "start", SAY) + legend_html(("start",), SAY)
    style = STYLE.read_text("utf-8")
    used = {name for names in re.findall(r'class="([^"]+)"', made) for name in names.split()}
    assert used
    assert not {name for name in used if f".{name}" not in style}


# Which text


@given(part=st.sampled_from(["train", "test"]), row=st.integers(0, 19), search=st.text("ab <é", max_size=80))
def test_a_place_comes_back_from_its_own_address(part, row, search):
    place = TextPlace(part, row, " ".join(search.split()))
    written = text_address(part, SIZES[part]).parameters(place._asdict())
    assert text_place(written, SIZES) == (place, ())


@given(st.dictionaries(st.sampled_from(["part", "row", "search", "x"]), st.text(max_size=100)))
def test_any_address_leads_to_a_text(parameters):
    place, refused = text_place(parameters, SIZES)
    assert 0 <= place.row < SIZES[place.part]
    assert len(place.search) <= 80
    for sentence in refused:
        assert sentence.details["received"] in {escaped(typed[:20]) for typed in parameters.values()}


def test_the_first_text_needs_no_parameters():
    assert text_address("train", SIZES["train"]).parameters(TextPlace()._asdict()) == {}
    assert text_place({}, SIZES) == (TextPlace(), ())


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [(88_584, 10_000, 88_588), (30_979, 10_000, 30_983), (2_400, 2_000, 2_404), (40, 20, 44), (3, 7, 7)],
)
def test_limits_begin_usual_and_end_with_every_word(words, first, last):
    limits = word_limits(words)
    assert list(limits) == sorted(set(limits))
    assert (first_word_limit(words), limits[-1]) == (first, last)


# Words of the page


def test_shapes_of_texts_name_the_shortest_and_the_longest():
    assert (
        data_words.shape_text(ArrayShape("x_train", (25000,), "int32", 1, 9, 8, (11, 2494)))
        == "(25000, 11–2494)"
    )
    assert data_words.shape_text(ArrayShape("y_train", (25000,), "uint8", 0, 1, 8)) == "(25000,)"


def test_fallen_words_are_listed_once():
    reading = read(SMALL, "train", 0, 10)
    assert views.fallen_words(reading) == tuple(
        dict.fromkeys(f"w{rank}" for rank in SMALL.x_train[0] if rank + 3 >= 10)
    )


def test_many_classes_are_shown_by_size_in_two_charts():
    few = [ClassCount(label, label, 1) for label in range(10)]
    assert views.count_charts(few) == (tuple(few),)
    many = [ClassCount(label, label % 7, 1) for label in range(45)]
    first, second = views.count_charts(many)
    assert (len(first), len(second)) == (23, 22)
    assert sorted((*first, *second), key=lambda count: count.label) == many
    assert min(count.train for count in first) >= max(count.train for count in second)
    figure = data_figures.class_counts(second, [f"t{label}" for label in range(45)], SAY, most=6)
    assert figure.layout.xaxis.range[1] > 6
    assert figure.data[0].texttemplate


# Figures


def test_bars_of_lengths_hold_every_text():
    found = length_histogram(SMALL.x_train, 10)
    figure = figures.lengths(found, SAY)
    assert sum(figure.data[0].y) == 60
    assert [shape.x0 for shape in figure.layout.shapes] == [found.mean, found.median]


def test_bars_of_words_stand_in_their_order_with_their_names():
    often = frequent(COUNTS, SMALL.vocabulary, 6)
    figure = figures.frequent_words(often, SAY)
    assert list(figure.layout.yaxis.ticktext) == [word.word for word in often]
    assert list(figure.data[0].x) == [word.count for word in often]
    telling = typical(COUNTS, SMALL.vocabulary, 1, 6, prior=50)
    figure = figures.typical_words(telling, SAY)
    assert figure.data[0].text[0] == "w21"
    assert figure.layout.dragmode is False
    assert figures.typical_words((), SAY).layout.height > 0


def test_the_curve_of_kept_words_marks_the_chosen_number():
    figure = figures.coverage(coverage(COUNTS), 20, COUNTS.kept_share(20), SAY)
    curve, mark = figure.data
    assert (mark.x[0], mark.y[0]) == (20, COUNTS.kept_share(20))
    assert np.interp(np.log(20), np.log(curve.x), curve.y) == pytest.approx(mark.y[0], abs=0.02)
    assert figures.coverage([CoveragePoint(10, 1.0)], 10, 1.0, SAY).data


@pytest.mark.parametrize("num_words", [10, 12, 16, 44, 60])
def test_every_mark_of_the_square_is_a_place_of_the_row(num_words):
    taken = places(read(SMALL, "train", 2, num_words))
    figure = multi_hot(taken, num_words, SAY)
    marks = figure.data[0]
    width = int(np.ceil(np.sqrt(num_words)))
    assert [x + width * y for x, y in zip(marks.x, marks.y, strict=True)] == [
        place.token.number for place in taken
    ]
    assert max(marks.x) < width
    assert len(figure.layout.shapes) == 1


def test_the_frame_of_the_square_has_as_many_places_as_the_row():
    def area(path):
        corners, x, y = [], 0.0, 0.0
        for step in path.split():
            if step[0] == "M":
                x, y = map(float, step[1:].split(","))
            elif step[0] == "H":
                x = float(step[1:])
            elif step[0] == "V":
                y = float(step[1:])
            corners.append((x, y))
        return (
            abs(sum(a * d - c * b for (a, b), (c, d) in zip(corners, corners[1:] + corners[:1], strict=True)))
            / 2
        )

    for num_words in (10, 16, 17, 10_000, 10_001):
        (frame,) = multi_hot((), num_words, SAY).layout.shapes
        assert area(frame.path) == num_words
