"""What pages make of own texts: as they were written, coloured by the tokens of their set, searched for parts."""

from __future__ import annotations

import pytest

from core.catalog.own import register
from core.datasets import TextDataset, exploration
from core.datasets.dataset import RaggedTokens, RawTexts, Vocabulary
from core.datasets.decoded_text import TextQuery, containing, find, read
from core.datasets.tokenization import UNKNOWN
from core.inference.kinds.texts import TextAnswer, Word
from core.own_data import corpus as making
from core.own_data.choices import Choices
from core.own_data.tokenizers import tokenizer
from dashboard.shared.language import language
from dashboard.shared.samples.sample_html import excerpt_html
from dashboard.shared.samples.token_html import written_html
from dashboard.trying.answers import strongest_words
from dashboard.trying.coloured import coloured, spans_of, stretches, without

SAY = language("ko")


def dataset(tokens) -> TextDataset:
    """Twelve Korean reviews to learn from; the words of the test texts are partly new."""
    texts = [f"{'좋은' if row % 2 else '나쁜'} 영화, Film {row}!" for row in range(12)]
    texts += ["처음 보는 영화", "전혀\n모르겠다 <b>"]
    rows = [making.Read(text, "01"[row % 2], row >= 12, f"line {row}") for row, text in enumerate(texts)]
    made = making.built(
        making.corpus("text_table", rows, ()), Choices(tokens=tokens), "평.csv", lambda *_: None
    )
    register(made.info)
    plain = made.arrays
    return TextDataset(
        name=made.info.name,
        class_names=made.info.class_names,
        y_train=plain["y_train"],
        y_test=plain["y_test"],
        x_train=RaggedTokens(plain["train_tokens"], plain["train_offsets"]),
        x_test=RaggedTokens(plain["test_tokens"], plain["test_offsets"]),
        vocabulary=Vocabulary.from_bytes(plain["vocabulary"]),
        raw_train=RawTexts(plain["train_texts"], plain["train_text_offsets"]),
        raw_test=RawTexts(plain["test_texts"], plain["test_text_offsets"]),
    )


def answered(text: str, name, effect) -> TextAnswer:
    """What a network says of a text, each token's effect being that of its place."""
    pieces = tokenizer(name).cut(text)
    words = tuple(
        Word(piece.token, 4 + place, "kept", place, (piece.start, piece.end))
        for place, piece in enumerate(pieces)
    )
    return TextAnswer((0.7,), words, tuple((effect(place),) for place in range(len(words))), 0, None, 3, text)


@pytest.mark.parametrize("tokens", ["words", "char_pairs"])
def test_a_text_is_read_as_it_was_written_and_as_the_network_gets_it(tokens) -> None:
    data = dataset(tokens)
    reading = read(data, "test", 0, None)
    assert reading.raw == "처음 보는 영화"
    cut = [piece.token for piece in tokenizer(tokens).cut(reading.raw)]
    known = [one for one in cut if data.vocabulary.rank(one) is not None]
    assert [token.word for token in reading.tokens if token.kind == "word"] == known
    assert [word for word in reading.words if word] == known
    assert [token.number for token in reading.tokens].count(UNKNOWN) == len(cut) - len(known) > 0
    shapes = {one.name: one for one in exploration.array_shapes(data)}
    assert shapes["x_test"].largest <= data.facts.max_value
    assert "처음 보는 영화" in excerpt_html(reading, SAY)
    assert "&lt;b&gt;" in excerpt_html(read(data, "test", 1), SAY)
    long = read(data, "test", 0).__class__("test", 0, 0, None, (), (), "가나다 " * 200)
    assert "<details>" in excerpt_html(long, SAY)


def test_own_texts_are_searched_for_parts_as_they_were_written() -> None:
    data = dataset("char_pairs")
    assert find(data, "train", TextQuery(words="film 좋은")).rows.tolist() == [1, 3, 5, 7, 9, 11]
    assert find(data, "train", TextQuery(label=0, words="영화, 1")).rows.tolist() == [10]
    assert find(data, "test", TextQuery(words="모르겠")).words == ("모르겠",)
    assert not len(find(data, "train", TextQuery(words="없는말")).rows)
    texts = RawTexts.of(["ab", "cd.", "", "a.c"])
    assert containing(texts, "bc").tolist() == [False] * 4
    assert containing(texts, ".").tolist() == [False, True, False, True]
    assert written_html("<Film> film", marked=("film",)).count("<mark>") == 2


@pytest.mark.parametrize("tokens", ["words", "char_pairs"])
def test_all_stretches_together_say_what_all_tokens_say(tokens) -> None:
    text = "아주 좋은, 영화!\n또 봄"
    answer = answered(text, tokens, lambda place: (-1) ** place * (place + 1) / 50)
    written = coloured(answer, 1, SAY)
    shown = "".join(
        before + word.text
        for before, word in zip(written.between, (*written.words, None), strict=True)
        if word is not None
    )
    assert shown + written.between[-1] == text
    found = stretches(spans_of(answer))
    # Each character of a word stands in one stretch, each other one between them.
    covered = {place for one in found for place in range(one.start, one.end)}
    assert covered == {place for start, end in spans_of(answer) for place in range(start, end)}
    if tokens == "words":
        assert [word.sign for word in written.words] == ["+", "-", "+", "-", "+"]
        assert [word.level for word in written.words] == [1, 2, 3, 4, 4]
    else:
        assert len(written.words) == len("아주좋은영화또봄")
        assert "영화: " in written.words[4].about
        assert "_영: " in written.words[4].about


def test_a_stretch_is_left_out_and_blanks_stay_as_they_were() -> None:
    words = answered("영화 좋다 영화", "words", lambda place: 0.1)
    assert without(words, 0, everywhere=True) == "좋다"
    assert without(words, 0, everywhere=False) == "좋다 영화"
    assert without(words, 2, everywhere=False) == "영화 좋다"
    assert without(words, 9, everywhere=False) == "영화 좋다 영화"
    pairs = answered("영화 좋다", "char_pairs", lambda place: 0.1)
    assert without(pairs, 1, everywhere=True) == "영 좋다"


def test_tokens_are_called_as_their_vocabulary_has_them() -> None:
    word = Word("재밌/VA", 9, "kept", 0, (0, 2))
    answer = TextAnswer((0.5,), (word,), ((0.2,),), 0, None, 1, "재밌")
    assert strongest_words(answer, 1, 3, sequence=False)[0].word == "재밌/VA"
    assert "재밌/VA: " in coloured(answer, 1, SAY).words[0].about
