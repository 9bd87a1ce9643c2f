"""Data sets of a few samples under the real names, so that files of them can be made and spoiled at will."""

import dataclasses
import gzip
import hashlib
import io
import json
import zipfile
from pathlib import Path

import numpy as np

from core.catalog import DATASETS, WORD_SHIFT
from core.datasets.archives import digest

TRAIN, TEST, SIDE = 60, 20, 28
IDX = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}


#: Training and test texts; the test texts of Reuters are the last fifth of all.
TEXTS = {"imdb": (12, 10), "reuters": (20, 5)}
WORDS = ("the", "a", "don't", "ü", *(f"word{number}" for number in range(5, 41)))


def arrays(name: str) -> dict[str, np.ndarray]:
    """The same few random samples and labels for the same name."""
    return text_arrays(name) if name in TEXTS else image_arrays(name)


def image_arrays(name: str) -> dict[str, np.ndarray]:
    """A few random images."""
    chance = np.random.default_rng(len(name))

    def images(count):
        return chance.integers(0, 256, (count, SIDE, SIDE)).astype(np.uint8)

    def labels(count):
        return chance.permutation(np.arange(count) % 10).astype(np.uint8)

    return {
        "x_train": images(TRAIN),
        "y_train": labels(TRAIN),
        "x_test": images(TEST),
        "y_test": labels(TEST),
    }


def text_arrays(name: str) -> dict[str, np.ndarray]:
    """A few random texts, in the order of `load_data()`; one of them is a single word long."""
    chance, classes = np.random.default_rng(len(name)), DATASETS[name].classes
    made = {}
    for part, count in zip(("train", "test"), TEXTS[name], strict=True):
        lengths = np.append(chance.integers(2, 9, count - 1), 1)
        made[f"{part}_offsets"] = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        made[f"{part}_tokens"] = chance.integers(1, len(WORDS) + 1, lengths.sum()).astype(np.int32)
        made[f"y_{part}"] = chance.integers(0, classes, count).astype(np.uint8)
    made["vocabulary"] = np.frombuffer("\n".join(WORDS).encode(), dtype=np.uint8)
    return made


def flat_files(name: str) -> dict[str, bytes]:
    """A text set as flat arrays and a list of words by rank."""
    content = arrays(name)
    content.pop("vocabulary")
    return {f"{name}.npz": npz(content), f"{name}_word_index.json": word_index()}


def word_index(words=WORDS) -> bytes:
    """A list of words as Keras has it, in no order."""
    ranks = {word: rank for rank, word in enumerate(words, start=1)}
    return json.dumps(dict(sorted(ranks.items()))).encode()


def keras_lists(name: str, content: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Flat arrays as lists in the order before `load_data()` shuffles them, as Keras publishes them."""
    parts = {
        part: (
            np.split(content[f"{part}_tokens"], content[f"{part}_offsets"][1:-1]),
            content[f"y_{part}"],
        )
        for part in ("train", "test")
    }
    if name == "reuters":
        texts = [text for part in parts.values() for text in part[0]]
        parts = {"": (texts, np.concatenate([part[1] for part in parts.values()]))}
    shuffle, made = np.random.RandomState(113), {}
    for part, (texts, labels) in parts.items():
        order = np.arange(len(texts))
        shuffle.shuffle(order)
        lists, before = np.empty(len(texts), dtype=object), np.empty(len(texts), dtype=np.int64)
        for place, text in zip(order, texts, strict=True):
            lists[place] = text.tolist()
        before[order] = labels
        ending = f"_{part}" if part else ""
        made |= {f"x{ending}": lists, f"y{ending}": before}
    return made


def entries():
    """The catalog with all downloaded sets made small."""
    made = {}
    for known in DATASETS.values():
        if not known.offline:
            content, files = arrays(known.name), served(known.name)
            train, test = TEXTS.get(known.name, (TRAIN, TEST))
            largest = len(WORDS) + WORD_SHIFT if known.kind == "text" else 255
            downloads = tuple(
                dataclasses.replace(
                    remote,
                    size=len(files[remote.name]),
                    sha256=_hash("sha256", files[remote.name]) if known.kind == "text" else None,
                    md5=_hash("md5", files[remote.name]) if remote.md5 else None,
                )
                for remote in known.downloads
            )
            digests = {name: digest(array) for name, array in content.items()}
            known = dataclasses.replace(
                known,
                train_size=train,
                test_size=test,
                class_counts=(),
                max_value=largest,
                digests=digests,
                downloads=downloads,
            )
        made[known.name] = known
    return made


def _hash(kind: str, data: bytes) -> str:
    return hashlib.new(kind, data).hexdigest()


def npz(content: dict[str, np.ndarray], **options) -> bytes:
    """A NumPy archive as bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in content.items():
            member = io.BytesIO()
            np.save(member, array, **options)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), member.getvalue())
    return stream.getvalue()


def idx(array: np.ndarray) -> bytes:
    """An IDX file of bytes."""
    head = bytes([0, 0, 8, array.ndim]) + b"".join(size.to_bytes(4, "big") for size in array.shape)
    return head + array.tobytes()


def served(name: str) -> dict[str, bytes]:
    """What the download server of a set has, by file name."""
    content = arrays(name)
    if name in TEXTS:
        return {f"{name}.npz": npz(keras_lists(name, content)), f"{name}_word_index.json": word_index()}
    if name == "mnist":
        return {"mnist.npz": npz(content)}
    return {f"{stem}.gz": gzip.compress(idx(content[array]), mtime=0) for array, stem in IDX.items()}


def put(folder: Path, files: dict[str, bytes]) -> Path:
    """Write files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def install() -> None:
    """Replace the catalog of this process for good."""
    DATASETS.update(entries())
