"""Small own data sets for tests: records with arrays that fit them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from core.catalog import DatasetInfo, Tokens
from core.catalog.own import own_name
from core.datasets.archives import Arrays, digest
from core.datasets.dataset import RaggedTokens, RawTexts, Vocabulary
from core.datasets.own_files import write_archive


def images(
    classes: int = 3, size: int = 40, shape: tuple[int, ...] = (28, 28), title: str = "Shapes", seed: int = 1
) -> tuple[DatasetInfo, Arrays]:
    """Random images, uint8 (size, *shape), half as many to test with; a bright stripe tells the class."""
    chance = np.random.default_rng(seed)

    def some(count: int) -> tuple[np.ndarray, np.ndarray]:
        labels = (np.arange(count) % classes).astype(np.uint8)
        pixels = chance.integers(0, 60, (count, *shape), dtype=np.uint8)
        for row, label in enumerate(labels):
            pixels[row, label * 4 : label * 4 + 4] = 220
        return pixels, labels

    x_train, y_train = some(size)
    x_test, y_test = some(size // 2)
    arrays = {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}
    return _record("image", arrays, classes, title, shape=shape, max_value=255), arrays


def drawn_shapes(
    size: int = 600, side: int = 32, title: str = "Drawn shapes", seed: int = 1
) -> tuple[DatasetInfo, Arrays]:
    """Circles, squares and triangles in random colours, sizes and places on (side, side, 3); a quarter to test with."""
    chance = np.random.default_rng(seed)

    def some(count: int) -> tuple[np.ndarray, np.ndarray]:
        labels = (np.arange(count) % 3).astype(np.uint8)
        return np.stack([_drawn(int(label), side, chance) for label in labels]), labels

    x_train, y_train = some(size)
    x_test, y_test = some(size // 4)
    arrays = {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}
    names = ("circle", "square", "triangle")
    return _record("image", arrays, 3, title, names, shape=(side, side, 3), max_value=255), arrays


def _drawn(label: int, side: int, chance: np.random.Generator) -> np.ndarray:
    ground, colour = chance.integers(0, 256, 3), chance.integers(0, 256, 3)
    while np.abs(ground - colour).max() < 60:  # nobody could see it
        colour = chance.integers(0, 256, 3)
    image = Image.new("RGB", (side, side), tuple(map(int, ground)))
    half = int(chance.integers(side // 6, side // 3))
    x, y = (int(place) for place in chance.integers(half, side - half, 2))
    box = (x - half, y - half, x + half, y + half)
    draw, fill = ImageDraw.Draw(image), tuple(map(int, colour))
    if label == 0:
        draw.ellipse(box, fill=fill)
    elif label == 1:
        draw.rectangle(box, fill=fill)
    else:
        draw.polygon([(x, y - half), (x - half, y + half), (x + half, y + half)], fill=fill)
    noisy = np.asarray(image) + chance.normal(0, 8, (side, side, 3))
    return np.rint(noisy).clip(0, 255).astype(np.uint8)


def texts(
    size: int = 60, title: str = "Reviews", tokens: Tokens = "words", seed: int = 1
) -> tuple[DatasetInfo, Arrays]:
    """Korean opinions of a few words, half as many to test with."""
    chance = np.random.default_rng(seed)
    good, bad = ("좋은", "최고", "감동"), ("나쁜", "최악", "지루한")
    plain = ("영화", "배우", "음악", "이야기", "정말", "오늘")
    vocabulary = Vocabulary((*plain, *good, *bad))

    def some(count: int) -> tuple[RaggedTokens, RawTexts, np.ndarray]:
        labels = (np.arange(count) % 2).astype(np.uint8)
        written = [[*chance.choice(plain, 4), *chance.choice(good if label else bad, 2)] for label in labels]
        ranks = [[vocabulary.rank(str(word)) or 0 for word in words] for words in written]
        return RaggedTokens.of(ranks), RawTexts.of([" ".join(words) for words in written]), labels

    arrays: Arrays = {}
    for part, count in (("train", size), ("test", size // 2)):
        ranks, raw, labels = some(count)
        arrays |= {f"{part}_tokens": ranks.tokens, f"{part}_offsets": ranks.offsets, f"y_{part}": labels}
        arrays |= {f"{part}_texts": raw.content, f"{part}_text_offsets": raw.offsets}
    arrays["vocabulary"] = vocabulary.to_bytes()
    return _record("text", arrays, 2, title, max_value=len(vocabulary) + 3, tokens=tokens), arrays


def archive(folder: Path, made: tuple[DatasetInfo, Arrays]) -> Path:
    """The archive of a set, in a file."""
    path = folder / f"{made[0].name}.npz"
    write_archive(path, made[1])
    return path


def _record(kind, arrays, classes, title, names=None, **facts) -> DatasetInfo:
    digests = {name: digest(array) for name, array in arrays.items()}
    counts = tuple(int(one) for one in np.bincount(arrays["y_train"], minlength=classes))
    return DatasetInfo(
        name=own_name(digests, {"kind": kind}),
        title=title,
        task=title,
        kind=kind,
        class_names=names or tuple(f"class {chr(97 + label)}" for label in range(classes)),
        class_counts=counts,
        train_size=len(arrays["y_train"]),
        test_size=len(arrays["y_test"]),
        license="made for a test",
        source="a test",
        digests=digests,
        origin="own",
        **facts,
    )
