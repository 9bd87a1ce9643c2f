"""Word numbers are those of `keras.datasets`, and typed words get the same ones."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.datasets.dataset import RaggedTokens, Vocabulary
from core.datasets.tokenization import (
    LONGEST_TEXT,
    decode,
    places_of_words,
    texts_to_sequences,
    tokenize,
    words_in,
    words_to_sequence,
)
from core.errors import TextError
from tests.datasets.small_texts import as_text

WORDS = Vocabulary(("the", "film", "was", "not", "good", "don't", "watch", "fawn"))


@given(st.lists(st.lists(st.integers(1, 60), max_size=9), max_size=6), st.none() | st.integers(4, 70))
def test_numbers_are_those_of_load_data(texts, num_words):
    """As `keras.datasets.imdb.load_data` works them out, one after the other."""
    made = texts_to_sequences(RaggedTokens.of(texts), num_words)
    expected = [
        [1, *(rank + 3 if num_words is None or rank + 3 < num_words else 2 for rank in text)]
        for text in texts
    ]
    assert [list(text) for text in made] == expected


def test_the_ranks_stay_as_they_are():
    texts = RaggedTokens.of([[5, 60], [7]])
    before = texts.tokens.copy()
    texts.tokens.setflags(write=False)
    texts_to_sequences(texts, 10)
    assert (texts.tokens == before).all()


def test_every_number_is_shown_as_what_it_stands_for():
    tokens = decode([0, 0, 1, 4, 2, 3, 11], WORDS)
    assert [(token.number, token.kind, token.word) for token in tokens] == [
        (0, "padding", "?"),
        (0, "padding", "?"),
        (1, "start", "?"),
        (4, "word", "the"),
        (2, "unknown", "?"),
        (3, "unused", "?"),
        (11, "word", "fawn"),
    ]
    assert as_text([0, 1, 5, 2], WORDS) == "? film ?"
    with pytest.raises(IndexError):
        decode([12], WORDS)


def test_a_typed_text_is_cut_and_numbered_like_the_original_ones():
    words = tokenize("The FILM\twas not\ngood -- don't watch, Fawn & Eve!", WORDS, num_words=10)
    assert [(one.typed, one.word, one.number, one.status) for one in words] == [
        ("The", "the", 4, "kept"),
        ("FILM", "film", 5, "kept"),
        ("was", "was", 6, "kept"),
        ("not", "not", 7, "kept"),
        ("good", "good", 8, "kept"),
        ("don't", "don't", 9, "kept"),
        ("watch", "watch", 2, "out_of_top_k"),
        ("Fawn", "fawn", 2, "out_of_top_k"),
        ("Eve", "eve", 2, "out_of_vocabulary"),
    ]
    assert list(words_to_sequence(words)) == [1, 4, 5, 6, 7, 8, 9, 2, 2, 2]
    assert words_to_sequence(words).dtype == np.int32


@given(st.text(st.characters(max_codepoint=127), max_size=60))
def test_words_of_ascii_are_cut_as_keras_cuts_them(text):
    cut = pytest.importorskip("keras.src.legacy.preprocessing.text").text_to_word_sequence
    # Keras splits at the single blank only; the original files had no other blank characters.
    expected = " ".join(cut(" ".join(text.split()))).split()
    try:
        made = [one.word for one in tokenize(f"{text} film", WORDS)]
    except TextError:
        made = []
    assert made == [*expected, "film"]


#: What word processors, telephones, web pages and Korean or Japanese keyboards put between words.
SIGNS = {
    "quotes": "“”„‟«»‹›「」『』〝〞＂‚",
    "dashes": "–—―‒‐‑−－～〜・·•…‥",
    "full-width marks": "！？，．：；（）［］｛｝＊＆＃％＠／＼＿＋＝＜＞｜＾｀＄￡　、。",
    "emoji": "😀🎬👍🏽❤⭐🇰🇷👨👩👧\u20e3🏴\U000e0067\U000e007f",
    "signs that nobody sees": "\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2028\u2060\u2066\u2069\u3164\ufe0f\ufeff",
    "symbols": "£€©®™°§¡¿½②→★♥",
}
GAPS = st.text(st.sampled_from("".join(SIGNS.values()) + " "), min_size=1, max_size=4)
ENGLISH = st.lists(st.sampled_from(WORDS.words), min_size=1, max_size=6)


@pytest.mark.parametrize("kind", SIGNS)
def test_no_sign_glues_two_words_together(kind):
    for sign in SIGNS[kind]:
        assert words_in(f"good{sign}film") == ("good", "film"), hex(ord(sign))
        assert words_in(f"{sign}good {sign}film{sign}") == ("good", "film"), hex(ord(sign))


@pytest.mark.parametrize("sign", "’‘‛′´＇ʼ")
def test_an_apostrophe_is_one_between_letters_only(sign):
    assert words_in(f"don{sign}t") == ("don't",)
    assert words_in(f"{sign}good{sign} {sign} film{sign}") == ("good", "film")


@given(ENGLISH, st.data())
def test_signs_between_words_change_neither_words_nor_where_they_are(words, data):
    text = data.draw(GAPS)
    for word in words:
        text += word + data.draw(GAPS)
    assert words_in(text) == tuple(words)
    assert [text[start:end] for start, end in places_of_words(text)] == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("great！", "great"),
        ("it’s a “great” film — wonderful！", "it's a great film wonderful"),
        ("good😀", "good"),
        ("‘great’ boys’ it´s rock ‘n’ roll don′t DON＇T", "great boys it's rock n roll don't don't"),
        ("ｇｒｅａｔ　ＦＩＬＭ１０", "great film10"),
        ("cafe\N{COMBINING ACUTE ACCENT} caf\N{LATIN SMALL LETTER E WITH ACUTE}", "café café"),
        ("won\N{SOFT HYPHEN}der\N{SOFT HYPHEN}ful \N{SOFT HYPHEN}", "wonderful"),
        ("o\N{LATIN SMALL LIGATURE FFI}ce ①great ②bad", "office great bad"),
        (unicodedata.normalize("NFD", "좋은 film"), "좋은 film"),
        ("\N{COMBINING ACUTE ACCENT} \ufe0f\u20e3 \ufeff", ""),
    ],
)
def test_words_as_people_write_them(text, words):
    assert list(words_in(text)) == words.split()
    assert [" ".join(words_in(text[start:end])) for start, end in places_of_words(text)] == words.split()


@given(st.text(max_size=60))
def test_words_of_any_text_stay_what_they_are(text):
    words = words_in(text)
    assert words_in(" ".join(words)) == words
    assert len(places_of_words(text)) == len(words)
    assert all(0 <= start < end <= len(text) for start, end in places_of_words(text))
    assert all(word and word == unicodedata.normalize("NFKC", word) for word in words)


@given(st.text(max_size=60))
def test_composed_or_decomposed_a_text_has_the_same_words(text):
    assert words_in(unicodedata.normalize("NFD", text)) == words_in(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "text_empty"),
        (" \n\t ", "text_empty"),
        ("!?... --", "text_empty"),
        ("a" * 100_000, "text_too_long"),
        ("film " * (LONGEST_TEXT // 5 + 1), "text_too_long"),
        ("정말 재미있는 영화", "text_unknown_words"),
        ("🎬🍿 😀", "text_empty"),
        ("zzzz qqqq", "text_unknown_words"),
        ("fawn", "text_unknown_words"),
    ],
)
def test_a_text_without_anything_for_the_network_is_refused_in_words(text, code):
    with pytest.raises(TextError) as caught:
        tokenize(text, WORDS, num_words=10)
    assert caught.value.code == code
    assert len(str(caught.value)) < 200


def test_markup_is_a_text_like_any_other():
    words = tokenize("<script>alert('film')</script> film", WORDS)
    assert [one.word for one in words] == ["script", "alert", "'film'", "script", "film"]
    assert [one.status for one in words][-1] == "kept"
