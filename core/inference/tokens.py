"""The tokens of texts that a network is asked about: those of own data are cut as their set was, with their places."""

from __future__ import annotations

from dataclasses import dataclass

from core.datasets.tokenization import (
    LONGEST_TEXT,
    TypedWord,
    judged,
    tokenize,
    words_from_ranks,
    words_kept,
)
from core.errors import DataError, TextError
from core.inference.service import TextNetwork
from core.own_data.tokenizers import tokenizer
from core.own_data.written import as_written

Span = tuple[int, int]


@dataclass(frozen=True)
class TokenizedText:
    """The tokens of a text, and of own data between which characters of `text` each stands; else () and ""."""

    words: tuple[TypedWord, ...]
    text: str = ""
    spans: tuple[Span, ...] = ()


def typed_tokens(network: TextNetwork, text: str) -> TokenizedText:
    """The tokens of a text that somebody typed.

    Raises:
        TextError: If nothing can be made of it: too long, empty, or without a token that the network knows.
        DataError: If what cuts such texts is not installed here ("own_morphemes_missing").
    """
    dataset, num_words = network.dataset, network.encoding.num_words
    if not dataset.facts.own:
        return TokenizedText(tokenize(text, dataset.vocabulary, num_words))
    if len(text) > LONGEST_TEXT:
        raise TextError("text_too_long", received=len(text), bound=LONGEST_TEXT)
    text = as_written(text)
    found = _placed(network, text)
    if not found.words:
        raise TextError("text_empty", received=len(text))
    if all(word.status != "kept" for word in found.words):
        kept = words_kept(num_words, len(dataset.vocabulary))
        raise TextError("text_unknown_tokens", received=len(found.words), kept=kept)
    return found


def test_tokens(network: TextNetwork, row: int) -> TokenizedText:
    """The tokens of a text of the test set, as the network got them when it was evaluated.

    Those of own data have no places if the text is cut otherwise here than it was when the set was made, as by another
    release of `kiwipiepy`, or by none.
    """
    dataset, num_words = network.dataset, network.encoding.num_words
    ranks, raw = dataset.x_test[row], dataset.raw("test")
    known = TokenizedText(words_from_ranks(ranks, dataset.vocabulary, num_words))
    if raw is None:
        return known
    try:
        found = _placed(network, raw[row])
    except DataError:
        return known
    unknown = len(dataset.vocabulary) + 1
    return found if [word.rank or unknown for word in found.words] == ranks.tolist() else known


def _placed(network: TextNetwork, text: str) -> TokenizedText:
    """The tokens of a text as its set cuts them, with their places; a DataError if what cuts them is not here."""
    vocabulary, num_words = network.dataset.vocabulary, network.encoding.num_words
    pieces = tokenizer(network.dataset.facts.tokens).cut(text)
    words = (judged(one.token, one.token, vocabulary.rank(one.token), num_words) for one in pieces)
    return TokenizedText(tuple(words), text, tuple((one.start, one.end) for one in pieces))
