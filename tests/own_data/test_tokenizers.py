"""What own texts are cut into: the same for files and typed texts, with places in the text as it was written."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.datasets.tokenization import words_in
from core.own_data import tokenizers
from core.own_data.tokenizers import check, tokenizer
from core.own_data.written import as_written, has_unseen

KOREAN = "이 영화 정말 재밌었어요ㅋㅋㅋ 안 했다. Good★"
needs_kiwi = pytest.mark.skipif(
    tokenizer("morphemes").missing is not None, reason="kiwipiepy (extra korean) is not installed"
)


def pieces(name, text: str) -> list[tuple[str, str]]:
    return [(piece.token, text[piece.start : piece.end]) for piece in tokenizer(name).cut(text)]


def test_words_are_those_of_typed_texts() -> None:
    assert pieces("words", KOREAN)[3:] == [
        ("재밌었어요ㅋㅋㅋ", "재밌었어요ㅋㅋㅋ"),
        ("안", "안"),
        ("했다", "했다"),
        ("good", "Good"),
    ]
    english = "It's a well-made film, isn't it?"
    assert [token for token, _ in pieces("words", english)] == list(words_in(english))


def test_pairs_know_where_a_word_begins_and_ends() -> None:
    assert [token for token, _ in pieces("char_pairs", "영화, 또")] == ["_영", "영화", "화_", "_또", "또_"]
    assert pieces("char_pairs", "ㅋㅋ NO")[1:4] == [("ㅋㅋ", "ㅋㅋ"), ("ㅋ_", "ㅋ"), ("_n", "N")]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40))
def test_every_text_can_be_cut_and_places_go_on(text: str) -> None:
    text = as_written(text)
    assert unicodedata.is_normalized("NFC", text)
    assert as_written(text) == text
    assert not has_unseen(text)
    for name in ("words", "char_pairs"):
        found = tokenizer(name).cut(text)
        assert list(*tokenizer(name).tokens([text])) == [piece.token for piece in found]
        starts = [piece.start for piece in found]
        assert starts == sorted(starts)
        assert all(0 <= piece.start < piece.end <= len(text) for piece in found)
        assert all(piece.token and not set(piece.token) & set("\n\r\t ") for piece in found)


def test_texts_of_other_systems_become_the_same_text() -> None:
    assert (
        as_written(unicodedata.normalize("NFD", "\ufeff 재미\x00있다\u202e\r\n정말\t좋다 "))
        == "재미있다\n정말 좋다"
    )
    assert has_unseen("a\x00b")
    assert not has_unseen("가\r\n나")


@needs_kiwi
def test_morphemes_are_forms_with_their_kind() -> None:
    found = pieces("morphemes", "정말 재밌었어요! 했다")
    assert found[:4] == [("정말/MAG", "정말"), ("재밌/VA", "재밌"), ("었/EP", "었"), ("어요/EF", "어요")]
    assert {("하/VV", "했"), ("었/EP", "했")} <= set(found)
    assert ("ㄴ다/EF", "간다") in pieces("morphemes", "집에 간다.")
    assert list(*tokenizer("morphemes").tokens(["했다"])) == [
        token for token, _ in pieces("morphemes", "했다")
    ]


def test_without_the_package_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokenizers, "find_spec", lambda name: None)
    with pytest.raises(Exception, match=r"pip install 'turning-point\[korean\]'"):
        check("morphemes")
    check("words")
