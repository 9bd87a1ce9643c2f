"""Pictures of all modes and sizes become arrays as one works them out by hand, and sets of them records."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import DataError
from core.own_data.choices import Choices
from core.own_data.entries import natural
from core.own_data.limits import LIMITS
from core.own_data.picture_kinds import webp_size
from core.own_data.pictures import all_fitted, as_png, decode, fitted, previews
from core.own_data.reading import build, understand
from tests.own_data.hostile import file, folder_of, good, noise, picture, saved, zipped

GREY, COLOURS = noise(1, (12, 20)), noise(2, (12, 20, 3))


def pixels_of(image: Image.Image, kind: str = "PNG", **how: object) -> np.ndarray:
    return decode(saved(image, kind, **how)).pixels


def test_modes_become_grey_or_colours() -> None:
    grey, colours = Image.fromarray(GREY), Image.fromarray(COLOURS)
    assert np.array_equal(pixels_of(grey), GREY)
    assert np.array_equal(pixels_of(colours), COLOURS)
    assert np.array_equal(pixels_of(grey.convert("RGB")), GREY)
    deep = np.random.default_rng(3).integers(0, 65_536, (12, 20)).astype(np.uint16)
    assert np.array_equal(pixels_of(Image.fromarray(deep)), np.rint(deep / 257).astype(np.uint8))
    assert np.array_equal(pixels_of(Image.fromarray(GREY > 99)), (GREY > 99) * np.uint8(255))
    palette = colours.quantize(9)
    assert np.array_equal(pixels_of(palette), np.asarray(palette.convert("RGB")))
    inks = Image.fromarray(np.full((16, 16, 4), (0, 255, 255, 0), dtype=np.uint8), "CMYK")
    red = pixels_of(inks, "JPEG", quality=100).astype(int)
    assert np.all(np.abs(red - np.array([254, 0, 0])) < 12)


@pytest.mark.parametrize(("kind", "how"), [("GIF", {}), ("BMP", {}), ("WEBP", {"lossless": True})])
def test_other_kinds_have_the_pixels_of_png(kind: str, how: dict[str, object]) -> None:
    colours = (
        Image.fromarray(COLOURS).quantize(50).convert("RGB") if kind == "GIF" else Image.fromarray(COLOURS)
    )
    assert np.array_equal(pixels_of(colours, kind, **how), np.asarray(colours))
    grey = pixels_of(Image.fromarray(GREY), kind, **how)
    assert np.array_equal(grey, GREY)
    assert grey.shape == GREY.shape


@pytest.mark.parametrize(("kind", "how"), [("GIF", {}), ("WEBP", {"lossless": True}), ("PNG", {})])
def test_the_first_image_of_one_that_moves_counts(kind: str, how: dict[str, object]) -> None:
    first, *others = (Image.fromarray(noise(seed, (12, 20))) for seed in range(4))
    found = decode(saved(first, kind, save_all=True, append_images=others, **how))
    assert found.moving
    assert np.array_equal(found.pixels, np.asarray(first))
    assert not decode(saved(first, kind, **how)).moving


def test_the_size_of_webp_is_known_before_it_is_decoded() -> None:
    for how in (
        {"lossless": True},
        {"quality": 50},
        {"save_all": True, "append_images": [Image.new("L", (19, 7))]},
    ):
        assert webp_size(saved(Image.new("L", (19, 7), 9), "WEBP", **how)[:30]) == (19, 7)
    assert webp_size(saved(Image.new("RGBA", (19, 7), (1, 2, 3, 4)), "WEBP")[:30]) == (19, 7)
    assert webp_size(picture()) is None


def test_white_lies_under_what_is_transparent() -> None:
    alpha = np.full((12, 20), 255, dtype=np.uint8)
    alpha[:3] = 0
    image = Image.fromarray(np.dstack([COLOURS, alpha]), "RGBA")
    found = decode(saved(image))
    assert found.transparent
    assert np.all(found.pixels[:3] == 255)
    assert np.array_equal(found.pixels[3:], COLOURS[3:])
    image.putalpha(255)
    opaque = decode(saved(image))
    assert not opaque.transparent
    assert np.array_equal(opaque.pixels, COLOURS)


@pytest.mark.parametrize(
    ("orientation", "turn"),
    [
        (1, lambda one: one),
        (2, np.fliplr),
        (3, lambda one: np.rot90(one, 2)),
        (4, np.flipud),
        (5, np.transpose),
        (6, lambda one: np.rot90(one, -1)),
        (7, lambda one: np.rot90(one, 2).T),
        (8, np.rot90),
    ],
)
def test_a_picture_stands_as_its_camera_did(
    orientation: int, turn: Callable[[np.ndarray], np.ndarray]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = decode(saved(Image.fromarray(GREY), exif=exif))
    assert np.array_equal(found.pixels, turn(GREY))
    assert found.size == turn(GREY).shape
    assert found.turned == (orientation > 1)


def test_large_pictures_keep_their_look_and_lose_pixels() -> None:
    ramp = np.linspace(0, 255, 2_000).astype(np.uint8)
    large = np.broadcast_to(ramp, (1_500, 2_000))
    choices = Choices(fit="stretch")
    wanted = fitted(np.ascontiguousarray(large), choices).astype(int)
    for kind in ("PNG", "JPEG"):
        found = decode(saved(Image.fromarray(large), kind))
        assert found.size == (1_500, 2_000)
        assert min(found.pixels.shape) >= 256
        assert found.pixels.size < large.size / 4
        assert np.abs(fitted(found.pixels, choices) - wanted).max() <= 3


def test_pictures_are_fitted_as_chosen() -> None:
    small = noise(4, (28, 28))
    assert np.array_equal(fitted(small, Choices()), small)
    assert np.array_equal(fitted(small, Choices(invert=True)), 255 - small)
    wide = noise(5, (28, 56))
    assert np.array_equal(fitted(wide, Choices()), wide[:, 14:42])
    narrow = np.full((28, 14), 40, dtype=np.uint8)
    narrow[5:9, 5:9] = 200
    padded = fitted(narrow, Choices(fit="pad"))
    assert np.array_equal(padded[:, 7:21], narrow)
    assert np.all(padded[:, :7] == 40)
    flat = np.full((40, 90, 3), (10, 20, 30), dtype=np.uint8)
    for fit in ("crop", "pad", "stretch"):
        made = fitted(flat, Choices(fit=fit, image_shape="64x64x3"))
        assert made.shape == (64, 64, 3)
        assert np.all(made == (10, 20, 30))
    assert np.all(fitted(flat, Choices()) == round(0.299 * 10 + 0.587 * 20 + 0.114 * 30))
    grey = fitted(small, Choices(image_shape="32x32x3"))
    assert np.array_equal(grey[..., 0], grey[..., 1])
    block = noise(6, (5, 9, 9))
    assert np.array_equal(all_fitted(block, Choices())[3], fitted(block[3], Choices()))


def test_previews_show_before_and_after(tmp_path: Path) -> None:
    found = understand(file("set.zip", zipped(good()))(tmp_path))
    choices = Choices(image_shape="32x32x3", invert=True)
    shown = previews(found.samples, choices)
    assert [one.label for one in shown] == [0, 0, 0, 0, 1, 1, 1, 1]
    for one in shown:
        before, after = (
            np.asarray(Image.open(io.BytesIO(base64.b64decode(png)))) for png in (one.before, one.after)
        )
        assert np.array_equal(after, fitted(before, choices))
    assert shown[0].before == as_png(decode(good()["cats/0.png"]).pixels)


def test_a_set_of_ink_on_paper_says_so_and_can_be_drawn_for_once_inverted(tmp_path: Path) -> None:
    def page(place: int) -> bytes:
        drawn = np.full((28, 28), 250, dtype=np.uint8)
        drawn[6 + place % 9 : 20, 10:14] = 20
        return saved(Image.fromarray(drawn))

    given = folder_of({f"{'ab'[place % 2]}/{place}.png": page(place) for place in range(40)})(tmp_path)
    assert "dark_on_light" in {one.code for one in understand(given).findings}
    assert build(given, Choices()).info.drawing is None
    inverted = build(given, Choices(invert=True, title="<Ink>", class_names=("하나", "둘"))).info
    assert inverted.drawing is not None
    assert (inverted.title, inverted.class_names) == ("＜Ink＞", ("하나", "둘"))
    assert build(given, Choices(image_shape="32x32x3", invert=True)).info.drawing is None


def test_the_test_set_is_known_again_in_another_form(tmp_path: Path) -> None:
    given = folder_of(good(each=30))(tmp_path)
    grey, colours = build(given, Choices()), build(given, Choices(image_shape="32x32x3"))
    assert grey.info.test_digest == colours.info.test_digest
    assert grey.info.name != colours.info.name
    assert colours.info.shape == (32, 32, 3)
    other, fewer = build(given, Choices(seed=1)), build(given, Choices(most=40))
    assert other.info.test_digest != grey.info.test_digest
    assert fewer.info.train_size + fewer.info.test_size == 40
    assert build(given, Choices()).info.name == grey.info.name
    assert grey.info.class_counts == (24, 24)


def test_pictures_that_come_class_by_class_are_mixed(tmp_path: Path) -> None:
    names = good(each=30)
    given = folder_of({path.replace("/", f"/{path[:3]}_"): one for path, one in names.items()})(tmp_path)
    labels = build(given, Choices()).arrays["y_train"]
    assert 8 < np.count_nonzero(np.diff(labels.astype(int))) < 40


def test_too_much_for_a_form_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    given = folder_of(good(each=20))(tmp_path)
    tight = replace(LIMITS, values=40_000)
    assert build(given, Choices(), tight)
    with pytest.raises(DataError) as refused:
        build(given, Choices(image_shape="64x64x3"), tight)
    assert refused.value.code == "own_images_too_large"
    assert refused.value.details["limit"] == 3


def test_names_are_sorted_as_people_count() -> None:
    names = ["b10", "B9", "b2", "a", "00010", "9", "가2", "가10"]
    assert sorted(names, key=natural) == ["9", "00010", "a", "b2", "B9", "b10", "가2", "가10"]
    assert picture() == picture()
