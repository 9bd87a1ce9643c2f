"""The records that say what a data set is, where it is, and how far a download has come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from core.catalog import DatasetInfo, dataset_info

Subset = Literal["train", "test"]
SUBSETS: tuple[Subset, ...] = get_args(Subset)


@dataclass(frozen=True, eq=False)
class Dataset:
    """What every data set has; its samples are in `ImageDataset` or `TextDataset`.

    All arrays are read-only, memory-mapped where they are large, and shared by all readers. Labels are uint8, classes
    from 0.
    """

    name: str
    class_names: tuple[str, ...]
    y_train: NDArray[np.uint8]
    y_test: NDArray[np.uint8]

    @property
    def facts(self) -> DatasetInfo:
        """Sizes, shape and range of the data set."""
        return dataset_info(self.name)


@dataclass(frozen=True, eq=False)
class ImageDataset(Dataset):
    """Images of one size: uint8 (samples, height, width), those in colours (samples, height, width, 3)."""

    x_train: NDArray[np.uint8]
    x_test: NDArray[np.uint8]

    def part(self, part: Subset) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """The images of one of the two sets, and their labels."""
        return (self.x_train, self.y_train) if part == "train" else (self.x_test, self.y_test)


@dataclass(frozen=True, eq=False)
class TextDataset(Dataset):
    """Texts as word ranks; `core.datasets.tokenization` turns them into what `keras.datasets` gives.

    Own texts are there as they were written, too (`raw_train`, `raw_test`); of published ones only the words are known.
    """

    x_train: RaggedTokens
    x_test: RaggedTokens
    vocabulary: Vocabulary
    raw_train: RawTexts | None = None
    raw_test: RawTexts | None = None

    def raw(self, part: Subset) -> RawTexts | None:
        """The texts of one of the two sets as they were written; None where only their words are known."""
        return self.raw_train if part == "train" else self.raw_test

    def part(self, part: Subset) -> tuple[RaggedTokens, NDArray[np.uint8]]:
        """The texts of one of the two sets, and their labels."""
        return (self.x_train, self.y_train) if part == "train" else (self.x_test, self.y_test)


@dataclass(frozen=True)
class Availability:
    """Whether a data set can be opened without a network, as far as file names and sizes tell.

    It is "bundled" with a package, "generated" and shipped, in the program's own "cache", in a "folder" (the one that
    TURNING_POINT_DATASETS names, or Keras' own), among the "own" data of this server, or nowhere ("none").
    """

    here: bool
    where: Literal["bundled", "generated", "cache", "folder", "own", "none"]
    path: Path | None = None


@dataclass(frozen=True)
class FetchProgress:
    """Which file is being fetched, and how many bytes of the whole data set have come so far."""

    file: str
    done_bytes: int
    total_bytes: int


def offsets_of(lengths: Sequence[int] | NDArray[np.integer]) -> NDArray[np.int64]:
    """Where texts of these lengths begin, and at last where the last one ends: int64 (texts + 1,)."""
    offsets = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets


@dataclass(frozen=True, eq=False)
class RaggedTokens:
    """Texts of different lengths: text i is `tokens[offsets[i]:offsets[i + 1]]`.

    `tokens` are int32 word ranks, or word numbers where a function says so; `offsets` int64 (texts + 1,), ascending
    from 0.
    """

    tokens: NDArray[np.int32]
    offsets: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[Sequence[int] | NDArray[np.integer]]) -> RaggedTokens:
        """Put single texts one after the other."""
        offsets = offsets_of([len(text) for text in texts])
        tokens = np.empty(int(offsets[-1]), dtype=np.int32)
        for text, start in zip(texts, offsets, strict=False):
            tokens[start : start + len(text)] = text
        return cls(tokens, offsets)

    def __len__(self) -> int:
        """How many texts there are."""
        return len(self.offsets) - 1

    def __getitem__(self, row: int) -> NDArray[np.int32]:
        """The tokens of one text, from 0; an `IndexError` if there is none."""
        if not 0 <= row < len(self):
            raise IndexError(f"text {row} of {len(self)}")
        return self.tokens[self.offsets[row] : self.offsets[row + 1]]

    def __iter__(self) -> Iterator[NDArray[np.int32]]:
        """One text after the other."""
        return (self[row] for row in range(len(self)))

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """int64 (texts,): how many tokens each text has."""
        return np.diff(self.offsets)

    def take(self, rows: NDArray[np.integer]) -> RaggedTokens:
        """Some of the texts, in this order; their tokens are copied."""
        lengths = self.lengths[rows]
        offsets = offsets_of(lengths)
        # Where each token of the result stands now: the start of its text plus its place in the text.
        places = np.repeat(self.offsets[rows] - offsets[:-1], lengths)
        places += np.arange(offsets[-1])
        return RaggedTokens(self.tokens[places], offsets)

    def pieces(self, size: int) -> Iterator[RaggedTokens]:
        """All texts in their order, so many at a time; at least one piece, if need be without a text."""
        for start in range(0, max(1, len(self)), size):
            offsets = self.offsets[start : start + size + 1]
            yield RaggedTokens(self.tokens[offsets[0] : offsets[-1]], offsets - offsets[0])

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """int64 (words of all texts,): to which text each token belongs."""
        return np.repeat(np.arange(len(self)), self.lengths)


@dataclass(frozen=True, eq=False)
class RawTexts:
    """Texts as they were written: text i is `content[offsets[i]:offsets[i + 1]]` as UTF-8; uint8 and int64."""

    content: NDArray[np.uint8]
    offsets: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str]) -> RawTexts:
        """Put single texts one after the other."""
        written = [text.encode() for text in texts]
        content = np.frombuffer(b"".join(written), dtype=np.uint8)
        return cls(content, offsets_of([len(text) for text in written]))

    def __len__(self) -> int:
        """How many texts there are."""
        return len(self.offsets) - 1

    def __getitem__(self, row: int) -> str:
        """One text, from 0; an `IndexError` if there is none."""
        if not 0 <= row < len(self):
            raise IndexError(f"text {row} of {len(self)}")
        return self.content[self.offsets[row] : self.offsets[row + 1]].tobytes().decode()


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The words of a text set by frequency, none twice; `words[0]` has rank 1."""

    words: tuple[str, ...]

    def __len__(self) -> int:
        """How many words there are."""
        return len(self.words)

    def word(self, rank: int) -> str:
        """The word of a rank, from 1; an `IndexError` if there is none."""
        if not 1 <= rank <= len(self.words):
            raise IndexError(f"rank {rank} of {len(self.words)}")
        return self.words[rank - 1]

    def rank(self, word: str) -> int | None:
        """The rank of a word, from 1; None if it is not in the vocabulary."""
        return self._ranks.get(word)

    @cached_property
    def _ranks(self) -> dict[str, int]:
        return {word: rank for rank, word in enumerate(self.words, start=1)}

    def to_bytes(self) -> NDArray[np.uint8]:
        """The words as UTF-8, one a line, in an array that can be kept beside the others: uint8 (bytes,)."""
        return np.frombuffer("\n".join(self.words).encode(), dtype=np.uint8)

    @classmethod
    def from_bytes(cls, content: NDArray[np.uint8]) -> Vocabulary:
        """What `to_bytes` gave."""
        return cls(tuple(content.tobytes().decode().split("\n")))
