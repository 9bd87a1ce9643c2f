"""A text set of random words in the sizes of a real one, made in a moment."""

from __future__ import annotations

import numpy as np

from core.catalog import DATASETS
from core.datasets.dataset import RaggedTokens, TextDataset, Vocabulary

_LONGEST = 30


def random_texts(name: str = "mini_reviews", words: int = 200) -> TextDataset:
    """Texts whose class shows in a few words only; ranks 1 to `words`, the low ones much more often.

    Args:
        name: Whose number of texts and classes it has.
        words: Size of the vocabulary.
    """
    facts, chance = DATASETS[name], np.random.default_rng(5)

    def part(count: int) -> tuple[RaggedTokens, np.ndarray]:
        labels = chance.integers(0, facts.classes, count).astype(np.uint8)
        texts = []
        for label in labels:
            ranks = np.minimum(chance.zipf(1.3, chance.integers(1, _LONGEST)), words)
            ranks[chance.random(len(ranks)) < 0.1] = 20 + label
            texts.append(ranks)
        return RaggedTokens.of(texts), labels

    x_train, y_train = part(facts.train_size)
    x_test, y_test = part(facts.test_size)
    return TextDataset(
        name=name,
        class_names=tuple(f"class {label}" for label in range(facts.classes)),
        y_train=y_train,
        y_test=y_test,
        x_train=x_train,
        x_test=x_test,
        vocabulary=Vocabulary(tuple(f"word{rank}" for rank in range(1, words + 1))),
    )
