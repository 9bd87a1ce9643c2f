"""Drawings become images like those of each set: where the ink lies, how large it is, and what cannot be drawn."""

from __future__ import annotations

import base64
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from core.catalog import DATASETS
from core.datasets.bundled import digits
from core.datasets.drawing import (
    INK,
    SIDE,
    as_drawn,
    as_in_set,
    centre_of_mass,
    filled,
    from_bits,
    ink_box,
    to_bits,
)
from core.errors import DrawingError

Grey = NDArray[np.uint8]
IMAGE_SETS = [facts.name for facts in DATASETS.values() if facts.kind == "image"]


def drawn(*strokes: tuple[int, int, int, int], width: int = 5) -> Grey:
    """A drawing of straight strokes, each from row and column to row and column."""
    drawing = np.zeros((SIDE, SIDE), dtype=np.uint8)
    for top, left, bottom, right in strokes:
        steps = max(abs(bottom - top), abs(right - left), 1)
        for step in range(steps + 1):
            row, column = top + (bottom - top) * step // steps, left + (right - left) * step // steps
            drawing[row : row + width, column : column + width] = INK
    return drawing


PLACES = st.integers(0, SIDE - 5)
DRAWINGS = st.builds(
    lambda strokes, width: drawn(*strokes, width=width),
    st.lists(st.tuples(PLACES, PLACES, PLACES, PLACES), min_size=1, max_size=4),
    st.integers(1, 24),
)
SEVEN = drawn((10, 10, 10, 60), (10, 60, 90, 30))


def test_every_image_set_has_its_way() -> None:
    assert all(DATASETS[name].drawing for name in IMAGE_SETS)


@pytest.mark.parametrize("dataset", IMAGE_SETS)
@given(drawing=DRAWINGS)
def test_an_image_has_shape_and_range_of_its_set_and_keeps_ink(dataset: str, drawing: Grey) -> None:
    facts = DATASETS[dataset]
    for image in (as_in_set(drawing, dataset), as_drawn(drawing, dataset)):
        assert image.shape == facts.shape
        assert image.dtype == np.uint8
        assert image.max() <= facts.max_value
        assert image.any()


@given(DRAWINGS, st.integers(-100, 100), st.integers(-100, 100))
def test_where_it_was_drawn_does_not_matter(drawing: Grey, down: int, right: int) -> None:
    box = ink_box(drawing)
    down = min(max(down, -box.top), SIDE - box.top - box.height)
    right = min(max(right, -box.left), SIDE - box.left - box.width)
    moved = np.roll(drawing, (down, right), axis=(0, 1))
    for dataset in IMAGE_SETS:
        np.testing.assert_array_equal(as_in_set(moved, dataset), as_in_set(drawing, dataset))


@given(DRAWINGS)
def test_a_digit_of_mnist_is_twenty_long_and_lies_on_its_centre_of_mass(drawing: Grey) -> None:
    image = as_in_set(drawing, "mnist")
    box = ink_box(image)
    # Edges may be too faint for one grey step.
    assert 18 <= max(box.height, box.width) <= 20
    row, column = centre_of_mass(image)
    assert (row, column) == pytest.approx(ndimage.center_of_mass(image))
    for place, start, length in ((row, box.top, box.height), (column, box.left, box.width)):
        # Half a pixel, unless the ink would leave the image.
        assert abs(place - 14) <= 0.5 + 1e-9 or start <= 1 or start + length >= 27


@given(DRAWINGS)
def test_a_garment_is_twenty_eight_long_and_lies_in_the_middle(drawing: Grey) -> None:
    box = ink_box(as_in_set(drawing, "fashion_mnist"))
    assert max(box.height, box.width) >= 26
    assert abs(box.top + box.height / 2 - 14) <= 1.5
    assert abs(box.left + box.width / 2 - 14) <= 1.5


def test_the_shape_is_kept() -> None:
    tall = drawn((10, 50, 105, 50), width=20)
    for dataset, longest in (("mnist", 20), ("fashion_mnist", 28)):
        box = ink_box(as_in_set(tall, dataset))
        before = ink_box(tall)
        assert box.height == longest
        assert abs(box.width - longest * before.width / before.height) <= 1


def test_a_full_pad_and_a_single_point_fill_the_box() -> None:
    point = np.zeros((SIDE, SIDE), dtype=np.uint8)
    point[100, 3] = INK
    for drawing in (np.full((SIDE, SIDE), INK, dtype=np.uint8), point):
        assert (as_in_set(drawing, "mnist") == INK).sum() == 400
        assert (as_in_set(drawing, "fashion_mnist") == INK).all()
        # 20 of 32 columns: six blocks, of which the outer two are half full.
        np.testing.assert_array_equal(as_in_set(drawing, "digits")[0], [0, 8, 16, 16, 16, 16, 8, 0])
    assert (as_drawn(np.full((SIDE, SIDE), INK, dtype=np.uint8), "digits") == 16).all()


def test_a_drawn_pad_is_the_mean_of_its_areas() -> None:
    drawing = np.zeros((SIDE, SIDE), dtype=np.uint8)
    drawing[:64, :64] = INK
    image = as_drawn(drawing, "mnist")
    assert (image[:14, :14] == INK).all()
    assert not image[14:].any()
    np.testing.assert_array_equal(as_drawn(drawing, "digits")[:4, :4], np.full((4, 4), 16))


def test_small_digits_count_pixels_and_stand_upright() -> None:
    slanting = drawn((10, 80, 110, 20), width=8)
    image = as_in_set(slanting, "digits")
    assert image.sum(axis=1).min() > 0
    assert np.ptp(np.argmax(image, axis=1)) <= 1


@given(DRAWINGS)
def test_outlines_are_filled_as_scipy_fills_them(drawing: Grey) -> None:
    np.testing.assert_array_equal(filled(drawing) == INK, ndimage.binary_fill_holes(drawing))


def test_a_maze_is_filled_only_where_it_is_closed() -> None:
    spiral = np.zeros((SIDE, SIDE), dtype=np.uint8)
    for turn in range(2, 50, 4):
        spiral[turn, turn : SIDE - turn] = spiral[SIDE - turn, turn : SIDE - turn] = INK
        spiral[turn : SIDE - turn, turn] = spiral[turn : SIDE - turn, SIDE - turn] = INK
        spiral[turn, SIDE // 2 + turn // 2] = 0  # a gap in each ring
    np.testing.assert_array_equal(filled(spiral) == INK, ndimage.binary_fill_holes(spiral))


@pytest.mark.parametrize("dataset", IMAGE_SETS)
def test_an_empty_pad_asks_for_a_drawing(dataset: str) -> None:
    empty = np.zeros((SIDE, SIDE), dtype=np.uint8)
    for way in (as_drawn, as_in_set):
        with pytest.raises(DrawingError, match="Draw something"):
            way(empty, dataset)
    with pytest.raises(DrawingError, match="Draw something"):
        centre_of_mass(empty)
    assert not filled(empty).any()


@given(DRAWINGS)
def test_a_drawing_survives_its_way_from_the_pad(drawing: Grey) -> None:
    np.testing.assert_array_equal(from_bits(to_bits(drawing)), drawing)


@pytest.mark.parametrize(
    "garbage",
    [
        None,
        7,
        b"",
        [0] * (SIDE * SIDE),
        "",
        "A" * 100,
        "A" * 10_000_000,
        to_bits(SEVEN)[:-1],
        to_bits(SEVEN) + "AAAA",
        "\N{GRINNING FACE}" * 2732,
        "<script>" + to_bits(SEVEN)[8:],
        base64.b64encode(bytes(2047)).decode() + "====",
        "=" * 2732,
    ],
    ids=lambda garbage: repr(garbage)[:30],
)
def test_garbage_from_the_pad_is_refused(garbage: object) -> None:
    with pytest.raises(DrawingError, match="128 x 128"):
        from_bits(garbage)


# Against the real sets


def nearest(images: Grey, labels: NDArray[np.uint8], asked: Grey) -> NDArray[np.uint8]:
    """The class of the most similar image."""
    known, new = (each.reshape(len(each), -1).astype(np.float32) for each in (images, asked))
    apart = (known**2).sum(axis=1) - 2 * new @ known.T
    return labels[np.argmin(apart, axis=1)]


def on_the_pad(image: Grey, scale: float, generator: np.random.Generator) -> Grey:
    """An image of MNIST as somebody might have drawn it: in black and white, of some size, somewhere."""
    box = ink_box(image)
    ink = Image.fromarray(image[box.top : box.top + box.height, box.left : box.left + box.width])
    size = (max(1, round(box.width * scale)), max(1, round(box.height * scale)))
    large = np.asarray(ink.resize(size, Image.Resampling.BICUBIC)) >= 110
    pad = np.zeros((SIDE, SIDE), dtype=np.uint8)
    top, left = generator.integers(0, [SIDE - size[1] + 1, SIDE - size[0] + 1])
    pad[top : top + size[1], left : left + size[0]] = large * INK
    return pad


@pytest.mark.real_data
@pytest.mark.parametrize("scale", [4.5, 2.0])
def test_digits_drawn_anywhere_are_known_when_they_are_centred(real_datasets: Path, scale: float) -> None:
    generator = np.random.default_rng(1)
    with np.load(real_datasets / "mnist.npz") as arrays:
        images, labels = arrays["x_train"][:4000], arrays["y_train"][:4000]
        asked, truth = arrays["x_test"][:400], arrays["y_test"][:400]
    pads = [on_the_pad(image, scale, generator) for image in asked]
    share = {
        way: (nearest(images, labels, np.array([way(pad, "mnist") for pad in pads])) == truth).mean()
        for way in (as_in_set, as_drawn)
    }
    assert (nearest(images, labels, asked) == truth).mean() - share[as_in_set] < 0.02
    assert share[as_drawn] < 0.5
    small = digits()
    known = nearest(small.x_train, small.y_train, np.array([as_in_set(pad, "digits") for pad in pads]))
    assert (known == truth).mean() > 0.7


@pytest.mark.real_data
def test_mnist_and_fashion_are_made_as_is_said_here(real_datasets: Path) -> None:
    with np.load(real_datasets / "mnist.npz") as arrays:
        sample = arrays["x_train"][:500]
    boxes = [ink_box(image) for image in sample]
    assert np.mean([max(box.height, box.width) == 20 for box in boxes]) > 0.99
    centres = np.array([centre_of_mass(image) for image in sample])
    assert np.abs(centres - 14).max() < 0.6
    with np.load(real_datasets / "fashion_mnist.npz") as arrays:
        sample = arrays["x_train"][:500]
    boxes = [ink_box(image) for image in sample]
    assert np.mean([max(box.height, box.width) == 28 for box in boxes]) > 0.95
    middles = np.array([(box.top + box.height / 2, box.left + box.width / 2) for box in boxes])
    assert np.abs(middles - 14).max() <= 1
    # Pixels are counted from 0, sides from the edge: the middle of the image is 13.5 for a centre of mass.
    assert np.mean(np.abs(np.array([centre_of_mass(image) for image in sample]) - 13.5).max(axis=1) > 1) > 0.5


def test_small_digits_are_made_as_is_said_here() -> None:
    small = digits()
    images = np.concatenate([small.x_train, small.x_test])
    assert images.max() == 16
    assert images.any(axis=2).all()
    assert images[:, :, [0, 7]].any(axis=1).mean() < 0.1
