"""Distorted images: exact where they can be, like SciPy's where they are worked out, and the same each time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from core.datasets.bundled import digits
from core.datasets.distortion import Distortion, distorted, series

FIVE = digits().x_test[5]
LARGE = np.kron(FIVE, np.full((4, 4), 15, dtype=np.uint8))[2:30, 2:30]


def test_nothing_done_changes_nothing() -> None:
    assert Distortion(seed=7).does_nothing
    np.testing.assert_array_equal(distorted(FIVE, Distortion(), 16), FIVE)


@given(st.integers(-9, 9), st.integers(-9, 9))
def test_a_move_is_that_of_scipy(down: int, right: int) -> None:
    expected = ndimage.shift(FIVE, (down, right), order=0)
    np.testing.assert_array_equal(distorted(FIVE, Distortion(down=down, right=right), 16), expected)


@pytest.mark.parametrize(("degrees", "quarters"), [(90, 1), (180, 2), (-90, 3)])
def test_quarter_turns_are_exact(degrees: float, quarters: int) -> None:
    np.testing.assert_array_equal(
        distorted(LARGE, Distortion(degrees=degrees), 255), np.rot90(LARGE, quarters)
    )


@pytest.mark.parametrize("degrees", [-30, 10, 45])
def test_other_turns_are_close_to_those_of_scipy(degrees: float) -> None:
    middle = np.zeros((28, 28), dtype=np.uint8)
    middle[7:21, 7:21] = LARGE[7:21, 7:21]  # away from the border, which each treats in its own way
    expected = ndimage.rotate(middle.astype(float), degrees, reshape=False, order=1)
    found = distorted(middle, Distortion(degrees=degrees), 255)
    assert np.abs(found - expected).max() <= 1


def test_noise_is_repeatable_and_as_strong_as_it_says() -> None:
    grey = np.full((200, 200), 128, dtype=np.uint8)
    how = Distortion(noise=0.1, seed=3)
    once = distorted(grey, how, 255)
    np.testing.assert_array_equal(distorted(grey, how, 255), once)
    assert once.std() == pytest.approx(25.5, rel=0.02)
    assert once.mean() == pytest.approx(128, abs=0.5)
    assert (distorted(grey, Distortion(noise=0.1, seed=4), 255) != once).mean() > 0.9
    stronger = distorted(grey, Distortion(noise=0.2, seed=3), 255).astype(int) - 128
    assert np.corrcoef(stronger.ravel(), once.astype(int).ravel() - 128)[0, 1] > 0.99


@given(
    st.floats(-180, 180), st.integers(-20, 20), st.integers(-20, 20), st.floats(0, 2), st.integers(0, 2**32)
)
def test_the_range_is_kept(degrees: float, right: int, down: int, noise: float, seed: int) -> None:
    how = Distortion(degrees, right, down, noise, seed)
    for image, largest in ((FIVE, 16), (LARGE, 255)):
        found = distorted(image, how, largest)
        assert found.shape == image.shape
        assert found.dtype == np.uint8
        assert found.max() <= largest


def test_a_series_changes_one_strength() -> None:
    how = Distortion(degrees=5, noise=0.2, seed=9)
    assert series(how, "noise", (0, 0.5)) == (
        Distortion(degrees=5, noise=0, seed=9),
        Distortion(degrees=5, noise=0.5, seed=9),
    )
    assert series(how, "right", (-2, 1)) == (
        Distortion(5, -2, 0, 0.2, 9),
        Distortion(5, 1, 0, 0.2, 9),
    )
