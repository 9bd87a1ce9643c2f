"""Small text sets for tests, made at once: real enough to count, search and read."""

from __future__ import annotations

import numpy as np

from core.datasets import TextDataset
from core.datasets.dataset import RaggedTokens, Vocabulary
from core.datasets.tokenization import decode

WORDS = tuple(f"w{rank}" for rank in range(1, 41))


def made(seed: int = 0, classes: int = 2, texts: int = 60) -> TextDataset:
    """Random texts of up to 30 words, the rare ones rarer; the first word of the class is typical of it."""
    chance = np.random.default_rng(seed)

    def part(count):
        labels = chance.integers(0, classes, count).astype(np.uint8)
        rows = []
        for label in labels:
            length = int(chance.integers(1, 31))
            ranks = np.minimum(chance.geometric(0.12, length), len(WORDS))
            ranks[0] = 20 + label
            rows.append(ranks)
        return RaggedTokens.of(rows), labels

    x_train, y_train = part(texts)
    x_test, y_test = part(texts // 3)
    name = {2: "imdb", 46: "reuters"}.get(classes, "mini_newswires")
    return TextDataset(
        name=name,
        class_names=tuple(f"class {label}" for label in range(classes)),
        y_train=y_train,
        y_test=y_test,
        x_train=x_train,
        x_test=x_test,
        vocabulary=Vocabulary(WORDS),
    )


def as_text(numbers, vocabulary: Vocabulary) -> str:
    """The numbers of a text as one line of words; whatever is no word is a question mark, padding is left out."""
    return " ".join(token.word for token in decode(numbers, vocabulary) if token.kind != "padding")
