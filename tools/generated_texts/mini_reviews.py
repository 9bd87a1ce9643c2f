"""Film reviews that nobody wrote: for or against a film, in 15 to 120 words.

Each review has a true verdict. Most of its views agree with it, some do not, and where those against are not in the
minority it says its verdict plainly at the end, so that a reader can tell. Views are often put by denying their
opposite ("not bad", "never boring", "anything but dull"), others report what somebody else thinks, and some words of
praise or blame are about the popcorn. So a network that only knows which words occur cannot get all of them right;
and since a small share of the labels is wrong, none can without learning the training texts by heart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from tools.generated_texts.collection import Written
from tools.generated_texts.grammar import Chance, Grammar, Rule, below, chances, finished
from tools.generated_texts.names import NAMES
from tools.generated_texts.review_aspects import EVERY_FILM, SOME_FILMS
from tools.generated_texts.review_sentences import review_rules

NEGATIVE, POSITIVE = 0, 1

WRONG_LABELS = 0.055
"""The share of reviews that carry the other label, as when somebody presses the wrong star."""

SHORTEST, LONGEST = 15, 120
"""Words of a review."""

_SEED = 20_260_417
_KINDS = (*SOME_FILMS, "drama", "western", "crime film", "road movie", "war film", "family film")

#: How likely a view agrees with the verdict: in a clear review and in a mixed one; and the share of mixed reviews.
_AGREES_CLEAR, _AGREES_MIXED, _MIXED = 0.98, 0.86, 0.4

#: Words after which a review comes to its end; what is begun before may still take some thirty.
_LONGEST_BODY = 84


class _Voices:
    """The rules a review is put together from."""

    def __init__(self) -> None:
        grammar = Grammar(review_rules() | NAMES)
        self._rule = grammar.rule
        self.aspects = tuple(EVERY_FILM)
        self.special = {kind: kind.replace(" ", "-") for kind in SOME_FILMS}

    def neutral(self, name: str) -> Rule:
        """A rule that neither praises nor blames."""
        return self._rule(name)

    def moody(self, name: str, praise: bool) -> Rule:
        """A rule in praise or in blame."""
        return self._rule(name, praise)


@dataclass
class _Draft:
    """A review being written.

    Attributes:
        voices: What can be said.
        chance: What decides.
        praise: The verdict.
        agrees: How likely a view agrees with it.
        aspects: What has not been judged yet.
        text: The words so far.
        said: Which forms of sentences they have.
        balance: Views that agree minus views that do not.
    """

    voices: _Voices
    chance: Chance
    praise: bool
    agrees: float
    aspects: list[str]
    text: list[str] = field(default_factory=list)
    said: set[tuple[str, int]] = field(default_factory=set)
    balance: int = 0

    def say(self, name: str) -> None:
        """Append something that neither praises nor blames."""
        self.voices.neutral(name).write_other(self.chance, self.text, self.said, name)

    def claim(self, name: str, praise: bool) -> None:
        """Append praise or blame."""
        self.balance += 1 if praise == self.praise else -1
        # All aspects share their forms of sentences, so that no review judges twice in the same form.
        group = "view" if name.endswith(".view") else name
        self.voices.moody(name, praise).write_other(self.chance, self.text, self.said, group)

    def view(self, praise: bool) -> None:
        """Judge something that has not been judged yet; the whole film if nothing is left."""
        if not self.aspects:
            self.claim("whole", praise)
            return
        self.claim(f"{self.aspects.pop(below(len(self.aspects), self.chance))}.view", praise)

    def views(self) -> None:
        """A sentence of one or two views."""
        agrees = next(self.chance) < self.agrees
        shape = next(self.chance)
        if shape < 0.08:
            self.say("though")
            self.view(not self.praise)
            self.view(self.praise)
        elif shape < 0.14:
            self.view(not self.praise)
            self.say("turn")
            self.view(self.praise)
        elif shape < 0.34:
            self.view(self.praise == agrees)
            self.say("link")
            self.view(self.praise == agrees)
        else:
            self.view(self.praise == agrees)

    def next_sentence(self) -> None:
        """Go on in one way or another."""
        way = next(self.chance)
        if way < 0.65:
            self.views()
        elif way < 0.76:
            self.say("fact")
        elif way < 0.84:
            self.say("tell")
        elif way < 0.875:
            self.say("aside")
        elif way < 0.895:
            self.claim("expected", self.praise)
        else:
            self.claim("whole", self.praise)


def mini_reviews(count: int) -> list[Written]:
    """Write reviews, half of them for and half against the film, in an order without system."""
    chance = chances(_SEED)
    voices = _Voices()
    state = np.random.RandomState(_SEED + 1)
    truths: list[int] = state.permutation(np.arange(count) % 2).tolist()
    wrong: list[bool] = (state.random_sample(count) < WRONG_LABELS).tolist()
    return [
        Written(_review(voices, truth == POSITIVE, chance), truth, 1 - truth if flipped else truth)
        for truth, flipped in zip(truths, wrong, strict=True)
    ]


def _review(voices: _Voices, praise: bool, chance: Chance) -> list[str]:
    kind = _KINDS[below(len(_KINDS), chance)]
    aspects = list(voices.aspects)
    if kind in voices.special:
        # Three times: a comedy is judged by its jokes before its sets.
        aspects += [voices.special[kind]] * 3
    mixed = next(chance) < _MIXED
    draft = _Draft(voices, chance, praise, _AGREES_MIXED if mixed else _AGREES_CLEAR, aspects)
    length = SHORTEST + int((_LONGEST_BODY - SHORTEST) * next(chance) ** 1.3)
    beginning = next(chance)
    if beginning < 0.58:
        draft.say("open")
    elif beginning < 0.80:
        draft.claim("whole", praise)
    if next(chance) < 0.3:
        draft.say("tell")
    while len(draft.text) < length:
        draft.next_sentence()
    if draft.balance <= 0:
        draft.claim("whole", praise)
    if draft.balance <= 1 or next(chance) < 0.6:
        draft.claim("verdict", praise)
    return finished(draft.text, _given(voices, kind, chance))


def _given(voices: _Voices, kind: str, chance: Chance) -> Mapping[str, list[str]]:
    """Who and what a review is about."""
    woman = next(chance) < 0.5
    leads, others = ("woman", "man") if woman else ("man", "woman")
    director_woman = next(chance) < 0.4

    def person(first: str) -> list[str]:
        return voices.neutral(first).written(chance) + voices.neutral("family").written(chance)

    return {
        "kind": kind.split(),
        "film": voices.neutral("title").written(chance),
        "name": person(leads),
        "he": ["she" if woman else "he"],
        "his": ["her" if woman else "his"],
        "partner": person(others),
        "director": person("woman" if director_woman else "man"),
        "director_he": ["she" if director_woman else "he"],
        "town": voices.neutral("town").written(chance),
    }
