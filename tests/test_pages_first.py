"""While a page is answered trainings are asked to hold still, by a file in the home folder and by nothing else."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from core.pages_first import LONGEST, PagesFirst


def test_what_one_process_asks_for_another_hears(tmp_path: Path) -> None:
    now = 1000.0
    web, training = PagesFirst(tmp_path, lambda: now), PagesFirst(tmp_path, lambda: now)
    assert training.left() == 0
    web.hold(0.4)
    assert training.left() == pytest.approx(0.4)
    now += 0.3
    assert training.left() == pytest.approx(0.1)
    web.hold(60)
    assert training.left() == pytest.approx(LONGEST)
    now += LONGEST
    assert training.left() == 0
    web.close()
    training.close()
    web.hold(0.4)
    assert training.left() == pytest.approx(0.4)


LEFT = {
    "nothing": b"",
    "too little": b"\0\0\0",
    "for ever": struct.pack("<d", float("inf")),
    "no number": struct.pack("<d", float("nan")),
    "far ahead": struct.pack("<d", 1e15),
    "long past": struct.pack("<d", -1.0),
}


@pytest.mark.parametrize("name", LEFT)
def test_what_was_left_there_by_something_else_holds_nobody(tmp_path: Path, name: str) -> None:
    (tmp_path / "pages.first").write_bytes(LEFT[name])
    assert PagesFirst(tmp_path).left() == 0


def test_where_there_is_no_such_folder_nobody_asks_and_nobody_is_asked(tmp_path: Path) -> None:
    pages = PagesFirst(tmp_path / "away", lambda: 1000.0)
    pages.hold(0.4)
    assert pages.left() == 0
    assert not (tmp_path / "away").exists()
    (tmp_path / "away").mkdir()
    pages.hold(0.4)
    assert pages.left() > 0


def test_a_training_that_looks_makes_no_file(tmp_path: Path) -> None:
    assert PagesFirst(tmp_path).left() == 0
    assert list(tmp_path.iterdir()) == []
