"""A text as it was written, in stretches that show what the tokens on them did to an answer. No Streamlit.

Tokens of own data can share characters, as pairs do: the effect of a token is spread evenly over the stretches that it
covers, so that all stretches together say what all tokens together say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.inference.kinds.texts import TextAnswer, Word
from dashboard.shared.language import Language
from dashboard.trying.answers import (
    LEAST,
    ShownWord,
    WordKind,
    effect_of,
    effect_words,
    kind_of,
    mark_of,
)

Span = tuple[int, int]
_KINDS: tuple[WordKind, ...] = ("kept", "out_of_top_k", "out_of_vocabulary", "cut")
_BLANKS = " \n"


@dataclass(frozen=True)
class Stretch:
    """Characters of a text that the same tokens cover; `tokens` are their places among all."""

    start: int
    end: int
    tokens: tuple[int, ...]


@dataclass(frozen=True)
class ColouredText:
    """The stretches of a text, and what stands before each of them and behind the last one, where no token is.

    `shared` if most of them belong to several tokens.
    """

    words: tuple[ShownWord, ...]
    between: tuple[str, ...]
    shared: bool


def stretches(spans: Sequence[Span]) -> tuple[Stretch, ...]:
    """The stretches between all places where tokens begin or end, those without tokens left out, in their order."""
    ends = sorted({place for span in spans for place in span})
    number = {place: at for at, place in enumerate(ends)}
    covering: list[list[int]] = [[] for _ in ends]
    for token, (start, end) in enumerate(spans):
        for at in range(number[start], number[end]):
            covering[at].append(token)
    return tuple(
        Stretch(ends[at], ends[at + 1], tuple(tokens)) for at, tokens in enumerate(covering) if tokens
    )


def spans_of(answer: TextAnswer) -> tuple[Span, ...]:
    """Where the tokens of an answer stand in its text; () if that is not known."""
    spans = [word.span for word in answer.words if word.span is not None]
    return tuple(spans) if spans and len(spans) == len(answer.words) else ()


def coloured(answer: TextAnswer, label: int, t: Language) -> ColouredText:
    """The text of an answer with the effects of its tokens on the probability of a class."""
    found = stretches(spans_of(answer))
    effects = [effect_of(answer, word, label) for word in answer.words]
    covered = [0] * len(answer.words)
    for one in found:
        for token in one.tokens:
            covered[token] += 1
    sums: list[float | None] = []
    for one in found:
        shares = [effects[token] for token in one.tokens]
        known = [(share or 0.0) / covered[token] for share, token in zip(shares, one.tokens, strict=True)]
        sums.append(None if all(share is None for share in shares) else sum(known))
    strongest = max([LEAST, *(abs(value) for value in sums if value is not None)])
    ends = [0, *(one.end for one in found)]
    starts = [*(one.start for one in found), len(answer.text)]
    return ColouredText(
        tuple(
            _shown(one, value, strongest, answer, effects, t) for one, value in zip(found, sums, strict=True)
        ),
        tuple(answer.text[end:start] for end, start in zip(ends, starts, strict=True)),
        2 * sum(len(one.tokens) > 1 for one in found) > len(found),
    )


def _shown(
    one: Stretch,
    effect: float | None,
    strongest: float,
    answer: TextAnswer,
    effects: Sequence[float | None],
    t: Language,
) -> ShownWord:
    text = answer.text[one.start : one.end]
    words = [answer.words[token] for token in one.tokens]
    kind = min(map(kind_of, words), key=_KINDS.index)
    about = " · ".join(_about(answer.words[token], effects[token], text, t) for token in one.tokens)
    return ShownWord(text, kind, *mark_of(effect, strongest), about)


def _about(word: Word, effect: float | None, text: str, t: Language) -> str:
    """What one token did; it is named where it is not what stands there."""
    said = effect_words(word, effect, t)
    return said if word.word == text else f"{word.word}: {said}"


def without(answer: TextAnswer, place: int, *, everywhere: bool) -> str:
    """The text of an answer without one of its stretches; a place beyond changes nothing.

    `everywhere`: without all that the same tokens cover alone, too.
    """
    found = stretches(spans_of(answer))
    if not 0 <= place < len(found):
        return answer.text
    text, wanted = answer.text, [answer.words[token].word for token in found[place].tokens]
    for one in reversed(found):
        same = everywhere and [answer.words[token].word for token in one.tokens] == wanted
        if one is found[place] or same:
            text = _left_out(text, one.start, one.end)
    return text


def _left_out(text: str, start: int, end: int) -> str:
    """Without what stands there; a blank goes, too, where two would be left."""
    before = start == 0 or text[start - 1] in _BLANKS
    if before and end < len(text) and text[end] == " ":
        end += 1
    elif before and end == len(text) and start > 0:
        start -= 1
    return text[:start] + text[end:]
