"""The same images in every form give the same data set, in the same order."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core import presets
from core.catalog import DATASETS, DatasetInfo
from core.catalog.own import from_plain as info_from
from core.own_data.apart import answer
from core.own_data.choices import Choices
from core.own_data.limits import LIMITS
from core.own_data.reading import Built, build, understand
from core.own_data.understood import FoundClass
from core.settings import Settings
from core.storage import open_store

TRAIN, TEST = 260, 90
Parts = dict[str, tuple[np.ndarray, np.ndarray]]


@pytest.fixture(scope="module")
def parts() -> Parts:
    """Grey images of 28 x 28, classes 0 to 9 in any order, light on dark."""
    chance = np.random.default_rng(7)

    def some(count: int) -> tuple[np.ndarray, np.ndarray]:
        pixels = np.zeros((count, 28, 28), dtype=np.uint8)
        pixels[:, 4:24, 4:24] = chance.integers(0, 256, (count, 20, 20))
        pixels[0, 0, 0] = 255
        return pixels, chance.integers(0, 10, count).astype(np.uint8)

    return {"train": some(TRAIN), "test": some(TEST)}


def png(pixels: np.ndarray) -> bytes:
    written = io.BytesIO()
    Image.fromarray(pixels).save(written, "PNG")
    return written.getvalue()


def folders(path: Path, parts: Parts) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for part, (images, labels) in parts.items():
            for place, (pixels, label) in enumerate(zip(images, labels, strict=True)):
                archive.writestr(f"digits/{part}/{label}/{place:05d}.png", png(pixels))
        archive.writestr("digits/.DS_Store", b"x")
        archive.writestr("__MACOSX/digits/train/0/._00001.png", b"x")
    return path


def table(path: Path, parts: Parts, header: str = "", end: str = "\n", label_last: bool = False) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, (images, labels) in parts.items():
            rows = images.reshape(len(images), -1).tolist()
            written = [
                [*row, label] if label_last else [label, *row]
                for row, label in zip(rows, labels.tolist(), strict=True)
            ]
            lines = [header] * bool(header) + [",".join(map(str, one)) for one in written]
            archive.writestr(f"mnist_{part}.csv", end.join(lines))
    return path


def arrays(path: Path, parts: Parts, **how: object) -> Path:
    made = {
        f"{axis}_{part}": values
        for part, both in parts.items()
        for axis, values in zip("xy", both, strict=True)
    }
    np.savez_compressed(path, **{name: how.get(name[0], lambda one: one)(one) for name, one in made.items()})
    return path


def same(made: Built, parts: Parts) -> bool:
    return all(
        np.array_equal(made.arrays[f"{axis}_{part}"], values)
        for part, both in parts.items()
        for axis, values in zip("xy", both, strict=True)
    )


def test_every_form_gives_the_same_set_in_the_same_order(parts: Parts, tmp_path: Path) -> None:
    header = "label," + ",".join(f"pixel{one}" for one in range(784))
    behind = ",".join(f"{one}x{one}" for one in range(784)) + ",Label"
    as_floats = {
        "x": lambda one: (one / 255).astype(np.float32)[..., None],
        "y": lambda one: one.astype(np.int64),
    }
    signed = {"x": lambda one: (one / 127.5 - 1).astype(">f4"), "y": lambda one: one.astype(float)[:, None]}
    flat = {"x": lambda one: np.asfortranarray(one.reshape(len(one), -1)).astype(np.int32)}
    given = [
        folders(tmp_path / "folders.zip", parts),
        table(tmp_path / "plain.zip", parts),
        table(tmp_path / "header.zip", parts, header, "\r\n"),
        table(tmp_path / "behind.zip", parts, behind, "\r", label_last=True),
        arrays(tmp_path / "bytes.npz", parts),
        arrays(tmp_path / "floats.npz", parts, **as_floats),
        arrays(tmp_path / "signed.npz", parts, **signed),
        arrays(tmp_path / "flat.npz", parts, **flat),
    ]
    with zipfile.ZipFile(given[0]) as archive:
        archive.extractall(tmp_path / "unpacked")
    given.append(tmp_path / "unpacked")
    names = set()
    for path in given:
        made = build(path, Choices(title="Digits"))
        assert same(made, parts), path.name
        names.add((made.info.name, made.info.test_digest))
    assert len(names) == 1
    found = [understand(path) for path in given]
    counts = [np.bincount(parts[part][1], minlength=10).tolist() for part in ("train", "test")]
    wanted = tuple(FoundClass(str(label), *both) for label, both in enumerate(zip(*counts, strict=True)))
    assert {one.classes for one in found} == {wanted}
    assert all(one.given_split and not one.images.colours for one in found)
    assert {one.images.smallest for one in found} == {(28, 28)}
    assert {finding.code for finding in found[0].findings} == {"ignored_files"}
    assert {finding.code for finding in found[5].findings} == {"scaled_from_one"}


@pytest.mark.real_data
@pytest.mark.thorough
@pytest.mark.slow
@pytest.mark.parametrize("write", [table, folders])
def test_mnist_comes_back_as_it_is(
    write: Callable[[Path, Parts], Path], real_datasets: Path, tmp_path: Path
) -> None:
    with np.load(real_datasets / "mnist.npz") as archive:
        both = {part: (archive[f"x_{part}"], archive[f"y_{part}"]) for part in ("train", "test")}
    given = write(tmp_path / "mnist.zip", both)
    del both
    told: list[tuple[int, int]] = []
    task = {"do": "build", "given": str(given), "choices": Choices().model_dump(), "folder": str(tmp_path)}
    made = answer(task, LIMITS, lambda done, total: told.append((done, total)))
    info = info_from(made["result"]["info"])
    # The digests of the published set: the same arrays in the same order.
    assert dict(info.digests) == dict(DATASETS["mnist"].digests)
    assert {one["code"] for one in made["result"]["findings"]} <= {"ignored_files"}
    assert told[-1][1] == 70_000
    seen = answer({"do": "understand", "given": str(given)}, LIMITS)
    assert max(made["peak"], seen["peak"]) < LIMITS.memory
    if write is folders:
        settings = Settings(home=tmp_path / "home", datasets=real_datasets)
        own, published = histories(info, tmp_path / made["result"]["archive"], settings)
        assert own == published


def histories(info: DatasetInfo, archive: Path, settings: Settings) -> list[tuple[object, ...]]:
    """The first epoch of the same network on an own set and on the published one."""
    from core.training.execute import execute  # with it comes TensorFlow

    store = open_store(settings)
    store.add_own_data(info, archive, owner="cli")
    found = []
    for name in (info.name, "mnist"):
        run = store.add(
            presets.load("mnist-three-layers").with_changes(dataset=name, epochs=1), owner="cli", worker="cli"
        )
        execute(run, settings, store=store, artifacts=store.artifacts)
        done = store.get(run)
        assert done.evaluation is not None
        first = done.epochs[0]
        found.append(
            (first.loss, first.accuracy, first.val_loss, first.val_accuracy, done.evaluation.accuracy)
        )
    store.close()
    return found
