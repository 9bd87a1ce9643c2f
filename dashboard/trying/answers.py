"""What the try page says of an answer: probabilities as bars, words with their effects, distortions. No Streamlit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

import numpy as np

from core.analysis.classification import predicted_classes
from core.analysis.predictions import class_probabilities
from core.catalog import DatasetInfo
from core.datasets.distortion import Kind
from core.datasets.tokenization import words_in
from core.inference.kinds.images import ImageAnswer
from core.inference.kinds.texts import TextAnswer, Word
from dashboard.shared.formats import MINUS, certainty, signed
from dashboard.shared.language import Language, Message
from dashboard.shared.theme import stylesheet

#: The style sheet of all HTML made here.
STYLE = stylesheet("answers")
Answer = TextAnswer | ImageAnswer
Sign = Literal["+", "-", ""]
WordKind = Literal["kept", "out_of_top_k", "out_of_vocabulary", "cut"]

_MOST_TOPICS = 5
#: From which share of the strongest effect of a text on a word is of level 1, 2, 3, 4.
_LEVELS = (0.06, 0.2, 0.45, 0.75)
LEAST = 0.01
"""The strongest word of a text counts as strong only from one point on."""
#: Syllables, and letters that stand alone.
_HANGUL = re.compile(
    "[\N{HANGUL CHOSEONG KIYEOK}-\N{HANGUL JONGSEONG SSANGNIEUN}"
    "\N{HANGUL LETTER KIYEOK}-\N{HANGUL LETTER ARAEAE}\N{HANGUL SYLLABLE GA}-\N{HANGUL SYLLABLE HIH}]"
)
KINDS: tuple[Kind, ...] = ("degrees", "noise", "right", "down")
_TURN, _TURN_STEP = 90, 5
_NOISE_STEP = 0.05
#: How far an image may be moved, as a share of its side.
_FARTHEST = 0.36


# Probabilities


@dataclass(frozen=True)
class Share:
    """How much of an answer a class got, 0 to 1, and what it got before the last change; None if there was none."""

    label: int
    probability: float
    before: float | None = None


def decision(answer: Answer) -> int:
    """The class that the network decides for."""
    return int(predicted_classes(np.array([answer.probabilities]))[0])


def probability_of(answer: Answer, label: int) -> float:
    """The probability of a class, also of the first one of a single output unit."""
    return float(class_probabilities(np.array([answer.probabilities]))[0, label])


def said_of(answer: Answer, names: Sequence[str]) -> tuple[str, str]:
    """The name of the class that a network decides for, and its probability."""
    taken = decision(answer)
    return names[taken], certainty(probability_of(answer, taken)).replace(" ", "\N{NO-BREAK SPACE}")


def topic_shares(answer: TextAnswer, before: TextAnswer | None) -> tuple[Share, ...]:
    """What to draw: of two classes the second one; of more the largest, and the true one wherever it stands."""
    classes = len(answer.probabilities)
    if classes <= 2:
        return _shares(answer, before, [1])
    labels = sorted(range(classes), key=lambda label: -answer.probabilities[label])[:_MOST_TOPICS]
    if answer.label is not None and answer.label not in labels:
        labels.append(answer.label)
    return _shares(answer, before, labels)


def class_shares(answer: ImageAnswer, before: ImageAnswer | None = None) -> tuple[Share, ...]:
    """Every class in its own order, so that none jumps about while a drawing grows."""
    return _shares(answer, before, range(max(2, len(answer.probabilities))))


def _shares(answer: Answer, before: Answer | None, labels: Sequence[int]) -> tuple[Share, ...]:
    return tuple(
        Share(label, probability_of(answer, label), probability_of(before, label) if before else None)
        for label in labels
    )


def answer_bars(shares: Sequence[Share], names: Sequence[str], true: int | None, t: Language) -> str:
    """The probabilities of an answer; a single share is that of the second of two classes. `true` is marked."""
    if len(shares) == 1:
        return _two_sided(shares[0], names, t)
    rows = "".join(_row(share, names[share.label], share.label == true, t) for share in shares)
    return f'<div class="tp-shares">{rows}</div>'


def _two_sided(share: Share, names: Sequence[str], t: Language) -> str:
    first, second = certainty(1 - share.probability), certainty(share.probability)
    said = (f"{names[0]} {first}", "50%", f"{names[1]} {second}")
    ends = "".join(f"<span>{escape(end)}</span>" for end in said)
    return (
        f'<div class="tp-shares tp-two-sided">{_bar(share, names[1], t, half=True)}'
        f'<div class="tp-share-ends" aria-hidden="true">{ends}</div></div>'
    )


def _row(share: Share, name: str, is_true: bool, t: Language) -> str:
    mark = f' <b class="tp-share-true">✓ {escape(t("try.true"))}</b>' if is_true else ""
    return (
        f'<div class="tp-share"><span class="tp-share-name">{escape(name)}{mark}</span>'
        f"{_bar(share, name, t, half=False)}"
        f'<span class="tp-share-value">{escape(certainty(share.probability))}</span></div>'
    )


def _bar(share: Share, name: str, t: Language, *, half: bool) -> str:
    about = f"{name}: {certainty(share.probability)}"
    marks = ""
    if half:
        marks += '<i class="tp-share-half"></i>'
    if share.before is not None:
        about += f" ({t('try.before', value=certainty(share.before))})"
        marks += f'<i class="tp-share-before" style="left:{100 * share.before:.2f}%"></i>'
    return (
        f'<div class="tp-share-bar" role="img" aria-label="{escape(about)}" title="{escape(about)}">'
        f'<i class="tp-share-fill" style="width:{100 * share.probability:.2f}%"></i>{marks}</div>'
    )


# Words


@dataclass(frozen=True)
class ShownWord:
    """A word of a text as it is shown.

    The sign tells whether it raises or lowers the probability ("" if it does next to nothing), the level, 0 to 4, how
    strong its effect is beside the strongest of the text.
    """

    text: str
    kind: WordKind
    sign: Sign
    level: int
    about: str


@dataclass(frozen=True)
class StrongWord:
    """A line of the table of the strongest words.

    The word is "" for all that fell out, where those are one to the network; the effect is with it minus without it,
    -1 to 1. `places` is how often it stands in the text, or, of a sequence, at which place from 1.
    """

    word: str
    places: int
    effect: float


def effect_of(answer: TextAnswer, word: Word, label: int) -> float | None:
    """What a word adds to the probability of a class; None if it is not seen, or was not worked out."""
    if word.variant is None or (effect := answer.effects[word.variant]) is None:
        return None
    if len(effect) == 1:
        return effect[0] if label else -effect[0]
    return effect[label]


def shown_words(answer: TextAnswer, label: int, t: Language) -> tuple[ShownWord, ...]:
    """All words of a text with their effects on the probability of a class."""
    effects = [effect_of(answer, word, label) for word in answer.words]
    strongest = max([LEAST, *(abs(effect) for effect in effects if effect is not None)])
    pairs = zip(answer.words, effects, strict=True)
    return tuple(_shown(word, effect, strongest, t) for word, effect in pairs)


def _shown(word: Word, effect: float | None, strongest: float, t: Language) -> ShownWord:
    return ShownWord(word.word, kind_of(word), *mark_of(effect, strongest), effect_words(word, effect, t))


def kind_of(word: Word) -> WordKind:
    """What became of a word on its way to the network."""
    return word.status if word.variant is not None else "cut"


def mark_of(effect: float | None, strongest: float) -> tuple[Sign, int]:
    """Which way an effect goes, and how strong it is beside the strongest of a text, 0 to 4."""
    level = 0 if effect is None else sum(abs(effect) >= share * strongest for share in _LEVELS)
    return "" if not effect or not level else "+" if effect > 0 else "-", level


def effect_words(word: Word, effect: float | None, t: Language) -> str:
    """What a word did, or why nobody knows."""
    kind = kind_of(word)
    if kind == "cut":
        said = t("try.word.cut")
    elif effect is None:
        said = t("try.word.no_time")
    else:
        said = t("try.word.effect", points=points(effect, t))
    return f"{t(f'try.word.{kind}')} {said}" if kind in ("out_of_top_k", "out_of_vocabulary") else said


def points(effect: float, t: Language) -> str:
    """A difference of two probabilities in percentage points, with its sign."""
    return t("try.points", points=signed(100 * effect, ".1f", zero="0.0"))


def strongest_words(answer: TextAnswer, label: int, count: int, *, sequence: bool) -> tuple[StrongWord, ...]:
    """The words with the largest effects on the probability of a class, whichever way, the largest first.

    Where the network sees a sequence, each place counts by itself.
    """
    found: dict[int, StrongWord] = {}
    for place, word in enumerate(answer.words, start=1):
        effect = effect_of(answer, word, label)
        if effect is None or word.variant is None:
            continue
        known = found.get(word.variant)
        if sequence:
            found[word.variant] = StrongWord(word.word, place, effect)
        elif known is None:
            # Tokens of own data, which know their place, are called as the vocabulary has them.
            known_as = word.word if word.span is not None else word.word.lower()
            name = known_as if word.status == "kept" else ""
            found[word.variant] = StrongWord(name, 1, effect)
        else:
            found[word.variant] = StrongWord(known.word, known.places + 1, effect)
    words = [word for word in found.values() if word.effect]
    return tuple(sorted(words, key=lambda word: -abs(word.effect))[:count])


def has_hangul(text: str) -> bool:
    """Whether there is Korean in a text, its syllables whole or as letters one by one, as macOS may write them."""
    return _HANGUL.search(unicodedata.normalize("NFKC", text)) is not None


def left_out(text: str, spans: Sequence[tuple[int, int]], place: int, *, everywhere: bool) -> str:
    """A text without one of its words, whose places begin and end as the spans say; a place beyond changes nothing.

    `everywhere`: it is left out wherever it stands, in small letters or large, narrow or wide.
    """
    if not 0 <= place < len(spans):
        return text
    word = words_in(text[slice(*spans[place])])
    doomed = [
        (start, end)
        for at, (start, end) in enumerate(spans)
        if at == place or (everywhere and words_in(text[start:end]) == word)
    ]
    for start, end in reversed(doomed):
        # With the blank behind it, or else the one before, so that no two are left.
        end += end < len(text) and text[end] == " "
        start -= end == len(text) and start > 0 and text[start - 1] == " "
        text = text[:start] + text[end:]
    return text


def legend_html(kinds: Collection[str], for_label: str, against: str, t: Language) -> str:
    """What the marks of words of these kinds mean, and what those with a plus and those with a minus speak for."""
    word = escape(t("try.legend.word"))
    signs = (("plus", "+", for_label), ("minus", "−", against))
    rows = [
        f'<span><b class="tp-legend-{kind}">{word}<sup>{sign}</sup></b> {about}</span>'
        for kind, sign, label in signs
        for about in [escape(t("try.legend.for", label=label))]
    ]
    rows += [
        f'<span><b class="tp-legend-{kind}">{word}</b> {escape(t(f"try.legend.{kind}"))}</span>'
        for kind in ("out_of_top_k", "out_of_vocabulary", "cut")
        if kind in kinds
    ]
    return f'<div class="tp-word-legend">{"".join(rows)}</div>'


# Images


@dataclass(frozen=True)
class Strengths:
    """How strong a distortion may be: from the lowest, 0 or the negative of the highest, by equal steps."""

    lowest: float
    highest: float
    step: float

    @property
    def values(self) -> tuple[float, ...]:
        """All of them, ascending; 0 is among them."""
        first, last = round(self.lowest / self.step), round(self.highest / self.step)
        return tuple(round(place * self.step, 10) for place in range(first, last + 1))


@dataclass(frozen=True)
class StrengthCurve:
    """What a network says of an image distorted more and more.

    At each strength, ascending: the probability of the true class, the largest of any other class, and the class that
    the network decides for.
    """

    kind: Kind
    values: tuple[float, ...]
    true: tuple[float, ...]
    others: tuple[float, ...]
    decisions: tuple[int, ...]


def strengths_of(kind: Kind, facts: DatasetInfo) -> Strengths:
    """How strong a distortion of an image of a data set may be."""
    if kind == "noise":
        return Strengths(0, 1, _NOISE_STEP)
    if kind == "degrees":
        return Strengths(-_TURN, _TURN, _TURN_STEP)
    farthest = round(_FARTHEST * facts.shape[0])
    return Strengths(-farthest, farthest, 1)


def strength_curve(
    kind: Kind, values: Sequence[float], answers: Sequence[ImageAnswer], label: int
) -> StrengthCurve:
    """The curve over the strength of a distortion of an image of this class, from the answer at each strength."""
    outputs = np.array([answer.probabilities for answer in answers])
    probabilities = class_probabilities(outputs)
    true, others = probabilities[:, label], np.delete(probabilities, label, axis=1).max(axis=1)
    decisions = predicted_classes(outputs).tolist()
    return StrengthCurve(kind, tuple(values), tuple(true.tolist()), tuple(others.tolist()), tuple(decisions))


def how_long_right(curve: StrengthCurve, label: int, t: Language) -> Message:
    """Around no distortion at all, how far the network stays right."""
    right = [taken == label for taken in curve.decisions]
    start = curve.values.index(0)
    if not right[start]:
        return Message("try.curve.wrong", {"count": sum(right), "of": len(right)})
    low = high = start
    while low > 0 and right[low - 1]:
        low -= 1
    while high < len(right) - 1 and right[high + 1]:
        high += 1
    if (low, high) == (0, len(right) - 1):
        return Message("try.curve.always")
    ends = [strength(curve.kind, curve.values[end], t) for end in (low, high)]
    key = "try.curve.up_to" if curve.values[0] == 0 else "try.curve.between"
    return Message(key, {"low": ends[0], "high": ends[1]})


def on_slider(kind: Kind, value: float) -> int:
    """A strength as its slider and its axis have it: noise in percent."""
    return round(100 * value) if kind == "noise" else round(value)


def strength(kind: Kind, value: float, t: Language) -> str:
    """A strength with its unit."""
    return t(f"try.strength.{kind}", value=str(on_slider(kind, value)).replace("-", MINUS))
