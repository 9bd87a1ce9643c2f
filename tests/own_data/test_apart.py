"""Own data read by a process of its own: the same answers, the same errors, within bounds of memory and time."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.datasets.own_files import read_archive
from core.errors import DataError
from core.own_data.apart import build_apart, understand_apart
from core.own_data.choices import Choices
from core.own_data.limits import LIMITS
from core.own_data.reading import build, understand


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """An archive of 600 images."""
    chance = np.random.default_rng(3)
    labels = chance.integers(0, 3, 600)
    path = tmp_path / "images.npz"
    np.savez(path, x_train=chance.integers(0, 256, (600, 28, 28), dtype=np.uint8), y_train=labels)
    return path


def test_a_process_apart_answers_the_same(images: Path, tmp_path: Path) -> None:
    assert understand_apart(images) == understand(images)
    choices = Choices(title="Noise", class_names=("a", "b", "c"), most=300)
    told: list[tuple[int, int]] = []
    made = build_apart(images, choices, tmp_path, progress=lambda done, total: told.append((done, total)))
    here = build(images, choices)
    assert made.info.name == here.info.name
    assert made.info.class_names == ("a", "b", "c")
    assert made.findings == here.findings
    assert made.making == replace(here.making, choices=Choices(most=300))
    assert not made.making.given_split
    arrays = read_archive(made.archive, made.info)
    assert all(np.array_equal(arrays[name], here.arrays[name]) for name in made.info.arrays)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["images.npz", made.archive.name]


@pytest.mark.parametrize(
    ("bounds", "code"),
    [
        ({}, "own_archive_missing"),
        ({"memory": 30_000_000}, "own_data_too_heavy"),
        ({"seconds": 0}, "own_data_too_slow"),
    ],
)
def test_what_is_refused_apart_is_refused_here(bounds: dict[str, int], code: str, tmp_path: Path) -> None:
    path = tmp_path / "images.npz"
    np.savez(path, x_train=np.zeros((9, 4, 4)))
    with pytest.raises(DataError) as refused:
        understand_apart(path, limits=dataclasses.replace(LIMITS, **bounds))
    assert refused.value.code == code
