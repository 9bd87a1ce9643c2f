"""What each tokenizer makes of texts: looked at before one is chosen, so it works on some of the texts only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from core.catalog import Tokens
from core.datasets.tokenization import words_kept
from core.experiment import MultiHotEncoding
from core.own_data.tokenizers import Tokenizer, tokenizer
from core.own_data.understood import CutText, TokenEffect

#: So many characters of all texts are looked at.
_CHARACTERS = 100_000
#: Where the files do not say which texts are for testing, every so many-th is taken for one.
_EVERY = 5
_FEWEST = 50
_EXAMPLES, _EXAMPLE = 3, 60


def token_effects(texts: Sequence[str], for_test: NDArray[np.bool_]) -> tuple[TokenEffect, ...]:
    """What each tokenizer makes of some of the texts, evenly taken from all, with the usual `num_words` of a run."""
    kept = MultiHotEncoding().num_words
    if not for_test.any() or for_test.all():
        for_test = np.arange(len(texts)) % _EVERY == _EVERY - 1
    rows = _some(texts)
    train = [texts[row] for row in rows if not for_test[row]]
    test = [texts[row] for row in rows if for_test[row]]
    names: tuple[Tokens, ...] = get_args(Tokens)
    return tuple(_effect(tokenizer(name), train, test, kept) for name in names)


def _effect(cutting: Tokenizer, train: Sequence[str], test: Sequence[str], kept: int) -> TokenEffect:
    if cutting.missing is not None:
        error = cutting.missing
        return TokenEffect(cutting.name, missing=error.code, details=error.details)
    learned: Counter[str] = Counter()
    lengths = 0
    for tokens in cutting.tokens(train):
        learned.update(tokens)
        lengths += len(tokens)
    known = {token for token, _ in learned.most_common(words_kept(kept, len(learned)))}
    tokens = [token for text in cutting.tokens(test) for token in text]
    texts = len(train) + len(test)
    return TokenEffect(
        cutting.name,
        texts=texts,
        different=len(learned),
        kept=kept,
        unknown=sum(token not in known for token in tokens) / max(1, len(tokens)),
        length=(lengths + len(tokens)) / max(1, texts),
        examples=tuple(_cut(text, cutting) for text in _examples(train)),
    )


def _some(texts: Sequence[str]) -> NDArray[np.int64]:
    """Rows of texts, evenly from all, that have about so many characters together."""
    lengths = np.array([len(text) for text in texts])
    # A step that shares no factor with the test rows, so that both parts stay as large as they are among all texts.
    step = max(1, -(-int(lengths.sum()) // _CHARACTERS))
    step = min(step + (step > 1 and step % _EVERY == 0), max(1, len(texts) // _FEWEST))
    return np.arange(0, len(texts), step, dtype=np.int64)


def _examples(texts: Iterable[str]) -> list[str]:
    """The first few texts that are short, but not too short to show anything; beginnings of longer ones if need be."""
    found: list[str] = []
    for text in texts:
        if _EXAMPLE // 4 <= len(text) <= _EXAMPLE and "\n" not in text:
            found.append(text)
        if len(found) == _EXAMPLES:
            return found
    longer = (" ".join(text[:_EXAMPLE].split()) for text in texts if len(text) > _EXAMPLE)
    return [*found, *longer, *texts][:_EXAMPLES]


def _cut(text: str, cutting: Tokenizer) -> CutText:
    pieces = cutting.cut(text)
    return CutText(
        text, tuple(piece.token for piece in pieces), tuple((piece.start, piece.end) for piece in pieces)
    )
