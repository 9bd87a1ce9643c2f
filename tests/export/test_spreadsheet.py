"""What is saved for a spreadsheet opens there as it was: in its own letters, with all digits, and as no formula."""

from __future__ import annotations

import codecs
import csv
import io
import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.export import history_csv
from core.export.spreadsheet import spreadsheet
from core.run import Epoch


def opened(text: str) -> list[dict[str, str]]:
    """As a program reads it that knows the mark."""
    content = text.encode()
    assert content.startswith(codecs.BOM_UTF8)
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠a"]
)
def test_words_are_no_formulas(text: str) -> None:
    assert opened(spreadsheet(["title"], [{"title": text}])) == [{"title": "'" + text.replace("\r", "\n")}]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), st.floats(allow_nan=False))
def test_any_word_and_any_number_come_back(word: str, number: float) -> None:
    (row,) = opened(spreadsheet(["제목", "number"], [{"제목": word, "number": number}]))
    plain = word.replace("\r\n", "\n").replace("\r", "\n")
    assert row["제목"] in (plain, f"'{plain}")
    assert float(row["number"]) == number


def test_a_history_is_read_by_pandas_with_every_digit() -> None:
    epochs = [Epoch(1, 1 / 3, 0.1, None, None, 1e-3, 0.25), Epoch(2, math.inf, 0.2, -1 / 7, 0.3, 1e-3, 0.25)]
    table = pd.read_csv(io.BytesIO(history_csv(epochs).encode()))
    assert list(table.columns)[:3] == ["number", "loss", "accuracy"]
    assert list(table["loss"]) == pytest.approx([1 / 3, math.inf], abs=1e-15)
    assert table["val_loss"][1] == pytest.approx(-1 / 7, abs=1e-15)
    assert math.isnan(table["val_loss"][0])
