"""From written texts to the arrays of a text set: words numbered by frequency, texts one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from core.datasets.dataset import Vocabulary, offsets_of


@dataclass(frozen=True, slots=True)
class Written:
    """One generated text.

    Attributes:
        words: Its words, in small letters and without punctuation.
        truth: The class that it was written for.
        label: The class that the data set says it has; a small share is wrong on purpose.
    """

    words: list[str]
    truth: int
    label: int


def collected(texts: Sequence[Written], train_size: int) -> dict[str, NDArray[np.generic]]:
    """The arrays of a text set, named as in `core.catalog.ARRAYS["text"]`.

    Words are ranked by how often they occur in the training texts, words equally frequent by alphabet. Words of test
    texts that no training text has are left out, as in the IMDB set of Keras.

    Args:
        texts: The training texts, then the test texts.
        train_size: How many of them are for training.
    """
    train, test = texts[:train_size], texts[train_size:]
    counts = Counter(chain.from_iterable(text.words for text in train))
    by_rank = sorted(counts, key=lambda word: (-counts[word], word))
    ranks = {word: rank for rank, word in enumerate(by_rank, start=1)}
    train_tokens, train_offsets = _numbered(train, ranks)
    test_tokens, test_offsets = _numbered(test, ranks)
    return {
        "train_tokens": train_tokens,
        "train_offsets": train_offsets,
        "y_train": np.array([text.label for text in train], dtype=np.uint8),
        "test_tokens": test_tokens,
        "test_offsets": test_offsets,
        "y_test": np.array([text.label for text in test], dtype=np.uint8),
        "vocabulary": Vocabulary(tuple(by_rank)).to_bytes(),
    }


def _numbered(texts: Sequence[Written], ranks: dict[str, int]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Ranks of all known words, int32 (words,), and where each text begins, int64 (texts + 1,)."""
    numbers = [[ranks[word] for word in text.words if word in ranks] for text in texts]
    offsets = offsets_of([len(text) for text in numbers])
    tokens = np.fromiter(chain.from_iterable(numbers), dtype=np.int32, count=int(offsets[-1]))
    return tokens, offsets
