"""Whatever somebody brings along, a clear sentence or a correct set comes of it, and nothing is left behind."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TypeVar

import pytest

from core.errors import DataError
from core.own_data.apart import answer
from core.own_data.choices import Choices
from core.own_data.findings import said
from core.own_data.limits import FEWEST_CLASSES, FEWEST_TRAINING, LIMITS, MOST_CLASSES
from core.own_data.reading import build, understand
from tests.own_data import hostile, hostile_numbers, hostile_pictures, hostile_texts
from tests.own_data.hostile import Case

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")

T = TypeVar("T")

#: So many are read in each run, spread over all kinds; the others where slow tests are run.
EVERY = 12


@cache
def cases() -> list[Case]:
    every = (hostile.FAMILIES, hostile_pictures.FAMILIES, hostile_numbers.FAMILIES, hostile_texts.FAMILIES)
    return [case for families in every for family in families for case in family()]


def listing(folder: Path) -> list[str]:
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*"))


def check(case: Case, folder: Path) -> None:
    """Read it as a page does: first what it is, then a data set with nothing chosen."""
    given = case.make(folder)
    before = listing(folder)
    found = outcome(lambda: understand(given, case.limits))
    assert listing(folder) == before
    if isinstance(found, DataError):
        assert case.either or found.code in case.refused, f"{found.code}: {found}"
        return
    assert case.either or not case.refused, f"understood: {found}"
    assert FEWEST_CLASSES <= len(found.classes) <= MOST_CLASSES
    assert found.total > FEWEST_TRAINING
    if case.classes:
        assert tuple(one.name for one in found.classes) == case.classes
    counts = {one.code: one.count for one in found.findings}
    assert all(said(one) for one in found.findings)
    if not case.either:
        assert {code: counts.get(code) for code in case.findings} == dict(case.findings), counts
    made = outcome(lambda: build(given, Choices(), case.limits))
    assert listing(folder) == before
    if isinstance(made, DataError):
        assert case.either, f"{made.code}: {made}"
        return
    assert made.info.train_size + made.info.test_size == found.total
    assert made.info.classes == len(found.classes)


def outcome(read: Callable[[], T]) -> T | DataError:
    """What was read, or why it was not: in a sentence of ours, with all its places filled."""
    try:
        return read()
    except DataError as error:
        refusal = error
    assert refusal.code.startswith("own_"), refusal.code
    return refusal


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files would be."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_there_are_enough_of_them() -> None:
    assert len(cases()) >= 500
    assert len({case.name for case in cases()}) == len(cases())


def test_some_of_them_become_a_sentence_or_a_set(temporary: Path, tmp_path: Path) -> None:
    check_all(cases()[::EVERY], temporary, tmp_path)


@pytest.mark.slow
def test_all_of_them_become_a_sentence_or_a_set(temporary: Path, tmp_path: Path) -> None:
    check_all(cases(), temporary, tmp_path)
    assert not Path("/tmp/evil-was-here").exists()


def check_all(cases: list[Case], temporary: Path, tmp_path: Path) -> None:
    wrong = []
    for place, case in enumerate(cases):
        folder = tmp_path / str(place)
        folder.mkdir()
        try:
            check(case, folder)
        except AssertionError as error:
            wrong.append(f"{case.name}: {str(error).splitlines()[0]}")
        assert not list(temporary.iterdir()), case.name
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
@pytest.mark.parametrize(
    "every", [pytest.param(16, id="some"), pytest.param(1, id="all", marks=pytest.mark.thorough)]
)
def test_what_is_heavy_stays_within_its_memory(temporary: Path, tmp_path: Path, every: int) -> None:
    peaks = {}
    for place, case in enumerate(islice(hostile.heavy(), every - 1, None, every)):
        folder = tmp_path / str(place)
        folder.mkdir()
        given = case.make(folder)
        for task in (
            {"do": "understand"},
            {"do": "build", "choices": Choices().model_dump(), "folder": str(folder)},
        ):
            found = outcome(lambda given=given, task=task: answer({**task, "given": str(given)}, LIMITS))
            # A process that was killed told nothing: it was, because it would have taken more.
            peaks[f"{case.name}, {task['do']}"] = (
                found.code if isinstance(found, DataError) else found["peak"] / 1e6
            )
        shutil.rmtree(folder)
        assert not list(temporary.iterdir()), case.name
    assert all(peak < LIMITS.memory / 1e6 for peak in peaks.values() if not isinstance(peak, str))
