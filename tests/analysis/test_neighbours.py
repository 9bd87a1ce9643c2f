"""Distances and neighbours are those of scikit-learn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from sklearn.neighbors import NearestNeighbors

from core.analysis.neighbours import Nearest, cosine_distances, euclidean_distances, pixel_distances


def images(chance: np.random.Generator, count: int) -> Any:
    return chance.integers(0, 256, (count, 5, 4)).astype(np.uint8)


def values(chance: np.random.Generator, count: int) -> Any:
    return chance.normal(size=(count, 7)).astype(np.float32)


def sets(chance: np.random.Generator, count: int) -> Any:
    return csr_matrix((chance.random((count, 12)) < 0.3).astype(np.float32))  # some have no words


def pixels(many: Any, one: Any) -> Any:
    return pixel_distances(many, one, largest=255)


KINDS: list[tuple[Callable[..., Any], Callable[..., Any], str, Callable[[Any], Any]]] = [
    (images, pixels, "euclidean", lambda raw: raw.reshape(len(raw), -1) / 255),
    (values, euclidean_distances, "euclidean", lambda raw: raw.astype(np.float64)),
    (sets, cosine_distances, "cosine", lambda raw: raw.toarray()),
]


@pytest.mark.parametrize(("make", "measure", "metric", "plain"), KINDS, ids=["pixels", "hidden", "words"])
@given(seed=st.integers(0, 2**32 - 1), part=st.integers(1, 40))
@settings(max_examples=25, deadline=None)
def test_the_nearest_are_those_of_scikit_learn(
    seed: int, part: int, make: Any, measure: Any, metric: str, plain: Any
) -> None:
    chance = np.random.default_rng(seed)
    many, one = make(chance, 40), make(chance, 1)
    distances = measure(many, one)
    search = NearestNeighbors(n_neighbors=40, metric=metric, algorithm="brute").fit(plain(many))
    expected, rows = (found[0] for found in search.kneighbors(plain(one)))
    assert distances[rows] == pytest.approx(expected, abs=1e-6)

    nearest = Nearest(8)
    for start in range(0, 40, part):
        nearest.add(np.arange(start, min(start + part, 40)), distances[start : start + part])
    found = nearest.found()
    assert [one.distance for one in found] == pytest.approx(expected[:8], abs=1e-6)
    assert [one.row for one in found] == np.lexsort((np.arange(40), distances))[:8].tolist()


def test_white_images_are_one_apart_in_each_pixel() -> None:
    # A sum of squares that float32 could not hold exactly.
    black, white = np.zeros((1, 28, 28), dtype=np.uint8), np.full((28, 28), 255, dtype=np.uint8)
    assert pixel_distances(black, white, 255) == pytest.approx(28)


def test_a_text_is_at_no_distance_from_itself_and_far_from_nothing() -> None:
    words = csr_matrix(np.array([[1, 1, 1], [0, 0, 0]], dtype=np.float32))
    assert cosine_distances(words, words[0]).tolist() == [0, 1]
    assert cosine_distances(words, words[1]).tolist() == [1, 1]


def test_equally_near_ones_come_by_row_and_no_numbers_never() -> None:
    nearest = Nearest(3)
    nearest.add(np.array([7, 9]), np.array([1.0, np.nan]))
    nearest.add(np.array([2, 4, 5]), np.array([1.0, 2.0, np.inf]))
    assert [one.row for one in nearest.found()] == [2, 7, 4]
    assert Nearest(3).found() == ()
