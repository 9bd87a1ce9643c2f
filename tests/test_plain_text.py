"""Texts from outside lose what would drive a terminal, turn words around or forge a line, and nothing else."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.plain_text import LONGEST_TITLE, as_note, as_title, folded, for_terminal

#: Every control sign, what breaks lines, and what turns text around.
DRIVING = "".join(
    map(chr, [*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
)
DRIVING += "\u061c\u200b\u200e\u200f\u2028\u2029\u2060\ufeff\ufff9\ud800\udcff"
ANY = st.text(st.characters() | st.sampled_from(DRIVING), max_size=LONGEST_TITLE + 30)


@given(ANY)
def test_a_title_is_one_plain_line_and_stays_what_it_is(text: str) -> None:
    title = as_title(text)
    assert as_title(title) == title
    assert unicodedata.is_normalized("NFC", title)
    assert not set(title) & set(DRIVING)
    assert len(title.splitlines()) <= 1
    assert len(title) <= LONGEST_TITLE
    title.encode("utf-8")


@given(ANY)
def test_a_note_is_plain_lines_and_stays_what_it_is(text: str) -> None:
    note = as_note(text)
    assert as_note(note) == note
    assert not set(note) & (set(DRIVING) - {"\n"})
    assert note.split("\n") == (note.splitlines() or [""])
    note.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("\n\n  - a\n\n  - b  \n\n", "  - a\n\n  - b"),
        ("\u1112\u1161\u11ab 메모\u202e\x00", "한 메모"),
        (" \t ", ""),
    ],
)
def test_a_note_keeps_its_lines(text: str, kept: str) -> None:
    assert as_note(text) == kept


@given(ANY)
def test_what_is_compared_is_the_same_for_every_form(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert folded(unicodedata.normalize(form, as_title(text))) == folded(as_title(text))


@given(ANY)
def test_a_terminal_gets_nothing_that_drives_it(text: str) -> None:
    told = for_terminal(text)
    assert not set(told) & set(DRIVING) - set("\n\t")
    assert for_terminal(told) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\x1b[2J\x1b]0;owned\x07", r"\x1b[2J\x1b]0;owned\x07"),
        ("a\u202eb\x85\x9b", r"a\u202eb\x85\x9b"),
        ("two\nlines\tand 한글 👩‍🏫 é", "two\nlines\tand 한글 👩‍🏫 é"),
        ("\udcff", r"\udcff"),
    ],
)
def test_signs_that_drive_a_terminal_are_named(text: str, told: str) -> None:
    assert for_terminal(text) == told
