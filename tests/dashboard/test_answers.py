"""What the try page makes of an answer: signs, strengths, tables, bars, and a text without a word."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from core.datasets.dataset import Vocabulary
from core.datasets.tokenization import places_of_words, tokenize
from core.inference.kinds.texts import TextAnswer, Word
from dashboard.shared.controls import fitting, moved
from dashboard.shared.formats import signed
from dashboard.shared.language import language
from dashboard.trying import answers as decide
from dashboard.trying.answers import answer_bars, legend_html
from dashboard.trying.asking import row_of

SAY = language("en")

GOOD, BAD, FILM = Word("Good", 7, "kept", 0), Word("bad", 8, "kept", 1), Word("film", 9, "kept", 2)
AGAIN = Word("good", 7, "kept", 0)
ODD, NEVER = Word("odd", 2, "out_of_top_k", 3), Word("<b>", 2, "out_of_vocabulary", 3)
LAST = Word("late", 9, "kept", None)
REVIEW = TextAnswer(
    (0.7,), (GOOD, BAD, FILM, AGAIN, ODD, NEVER, LAST), ((0.4,), (-0.2,), (0.001,), None), 0, 1, 4
)
NEWSWIRE = TextAnswer(
    (0.05, 0.1, 0.04, 0.5, 0.06, 0.2, 0.05),
    (GOOD, BAD),
    ((0.0, 0.1, 0.0, -0.3, 0.0, 0.0, 0.0), (0.0,) * 7),
    0,
    2,
    4,
)


def test_the_decision_and_its_probability() -> None:
    assert decide.decision(REVIEW) == 1
    assert [decide.probability_of(REVIEW, label) for label in (0, 1)] == pytest.approx([0.3, 0.7])
    assert decide.decision(NEWSWIRE) == 3
    assert decide.probability_of(NEWSWIRE, 5) == 0.2


def test_two_classes_have_one_bar_and_topics_the_largest_with_the_true_one() -> None:
    before = TextAnswer((0.9,), REVIEW.words, REVIEW.effects, 0, None, 4)
    assert decide.topic_shares(REVIEW, before) == (decide.Share(1, 0.7, 0.9),)
    assert [share.label for share in decide.topic_shares(NEWSWIRE, None)] == [3, 5, 1, 4, 0, 2]


def test_words_tell_direction_and_strength_without_colour() -> None:
    shown = decide.shown_words(REVIEW, 1, SAY)
    assert [(word.sign, word.level) for word in shown[:3]] == [("+", 4), ("-", 3), ("", 0)]
    assert [word.kind for word in shown] == ["kept"] * 4 + ["out_of_top_k", "out_of_vocabulary", "cut"]
    assert shown[0].about == "effect +40.0 points"
    assert shown[2].about == "effect +0.1 points"
    assert "not in the vocabulary" in shown[5].about.lower()
    assert SAY("try.word.no_time") in shown[4].about
    assert shown[6].about == SAY("try.word.cut")
    # Seen from the first class everything is the other way round.
    assert [word.sign for word in decide.shown_words(REVIEW, 0, SAY)[:2]] == ["-", "+"]


def test_next_to_nothing_is_not_made_strong() -> None:
    weak = TextAnswer((0.5,), (GOOD, BAD), ((0.0004,), (-0.003,)), 0, None, 1)
    assert [word.level for word in decide.shown_words(weak, 1, SAY)] == [0, 2]


@pytest.mark.parametrize(
    ("value", "text"),
    [(3.14, "+3.1"), (-3.14, "\N{MINUS SIGN}3.1"), (0.0, "0.0"), (-0.04, "0.0"), (100.0, "+100.0")],
)
def test_signs(value: float, text: str) -> None:
    assert signed(value, ".1f", zero="0.0") == text


def test_the_table_has_each_input_of_the_network_once() -> None:
    rows = decide.strongest_words(REVIEW, 1, 10, sequence=False)
    assert [(row.word, row.places, row.effect) for row in rows] == [
        ("good", 2, 0.4),
        ("bad", 1, -0.2),
        ("film", 1, 0.001),
    ]
    places = (Word("a", 5, "kept", 0), Word("a", 5, "kept", 1), ODD)
    sequence = TextAnswer(
        (0.5,), (*places[:2], Word("odd", 2, "out_of_top_k", 2)), ((0.1,), (-0.3,), (0.2,)), 0, None, 1
    )
    rows = decide.strongest_words(sequence, 1, 2, sequence=True)
    assert [(row.word, row.places) for row in rows] == [("a", 2), ("odd", 3)]
    fallen = TextAnswer((0.5,), (GOOD, ODD, NEVER), ((0.1,), (0.0,), (0.0,), (0.2,)), 0, None, 1)
    assert decide.strongest_words(fallen, 1, 1, sequence=False) == (decide.StrongWord("", 2, 0.2),)


@pytest.mark.parametrize(
    ("place", "everywhere", "left"),
    [
        (0, False, "not bad, good!"),
        (0, True, "not bad, !"),
        (2, False, "Good not , good!"),
        (3, False, "Good not bad, !"),
        (9, True, "Good not bad, good!"),
        (-1, True, "Good not bad, good!"),
    ],
)
def test_a_word_is_left_out_of_the_text(place: int, everywhere: bool, left: str) -> None:
    text = "Good not bad, good!"
    assert decide.left_out(text, places_of_words(text), place, everywhere=everywhere) == left


def test_the_last_word_takes_its_blank_along() -> None:
    assert decide.left_out("so good", places_of_words("so good"), 1, everywhere=False) == "so"
    assert decide.left_out("good", places_of_words("good"), 0, everywhere=False) == ""


def test_places_of_words_are_those_that_are_looked_up() -> None:
    text = "It's <b>GOOD</b>,\n10/10 \N{GRINNING FACE} 좋다"
    words = [word.typed for word in tokenize(text, Vocabulary(("it's", "good")))]
    assert [text[start:end] for start, end in places_of_words(text)] == words


def test_a_word_is_left_out_however_its_letters_are_written() -> None:
    text = "It’s ｇｏｏｄ — “good”, isn’t it？ GOOD！"
    left = decide.left_out(text, places_of_words(text), 1, everywhere=True)
    assert left == "It’s — “”, isn’t it？ ！"
    assert decide.left_out(text, places_of_words(text), 0, everywhere=True).startswith("ｇｏｏｄ — ")


@pytest.mark.parametrize("text", ["좋은 영화", unicodedata.normalize("NFD", "좋은 영화"), "ㅋㅋ", "ﾡﾢ", "ᄒ"])
def test_korean_is_recognised_however_it_is_written(text: str) -> None:
    assert decide.has_hangul(text)
    assert decide.has_hangul(f"a {text} film")
    assert not decide.has_hangul("a film — “great”！ 映画 😀")


def test_bars_say_in_words_what_they_show() -> None:
    html = answer_bars((decide.Share(1, 0.7, 0.25),), ("negative", "<i>"), None, SAY)
    assert 'aria-label="&lt;i&gt;: 70.00% (before the change 25.00%)"' in html
    assert "negative 30.00%" in html
    assert "<i>:" not in html
    many = answer_bars(decide.topic_shares(NEWSWIRE, None), [f"topic {n}" for n in range(7)], 2, SAY)
    assert many.count("tp-share-bar") == 6
    assert f'topic 2 <b class="tp-share-true">✓ {SAY("try.true")}' in many


def test_the_legend_explains_what_is_there() -> None:
    html = legend_html({"kept", "out_of_top_k"}, "<good>", "bad", SAY)
    assert "&lt;good&gt;" in html
    assert SAY("try.legend.out_of_top_k") in html
    assert SAY("try.legend.cut") not in html


LABELS = np.array([0, 1, 1, 0, 1])
PROBABILITIES = np.array([[0.2], [0.8], [0.1], [0.9], [0.6]])


def test_texts_are_found_by_class_and_mistake() -> None:
    assert fitting(LABELS, None).tolist() == [0, 1, 2, 3, 4]
    assert fitting(LABELS, PROBABILITIES, label=1).tolist() == [1, 2, 4]
    assert fitting(LABELS, PROBABILITIES, mistakes=True).tolist() == [2, 3]
    assert fitting(LABELS, PROBABILITIES, label=0, mistakes=True).tolist() == [3]
    assert fitting(LABELS, None, mistakes=True).tolist() == [0, 1, 2, 3, 4]


def test_on_and_back_go_round() -> None:
    rows = np.array([2, 5, 9])
    assert [moved(rows, here, "next") for here in (2, 3, 9, -1)] == [5, 5, 2, 2]
    assert [moved(rows, here, "previous") for here in (9, 6, 2, -1)] == [5, 5, 9, 9]
    assert {moved(rows, 5, "random") for _ in range(60)} == {2, 9}
    assert moved(rows[:1], 2, "random") == 2
    assert moved(rows[:0], 7, "next") == 7


@pytest.mark.parametrize(
    ("parameter", "row"), [(None, 0), ("3", 3), ("10", 0), ("-1", 0), ("x", 0), ("9" * 5000, 0)]
)
def test_the_address_may_name_a_text(parameter: str | None, row: int) -> None:
    assert row_of({} if parameter is None else {"row": parameter}, 10) == row
