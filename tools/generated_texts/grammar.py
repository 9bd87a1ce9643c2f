"""A small grammar that writes texts by chance: rules, drawn alternatives, and words given to a text.

A rule is a list of alternatives. In an alternative, with blanks between its parts,

- a word stands for itself;
- `<name>` stands for an alternative of another rule;
- `<+name>` does so in the mood of the sentence, `<-name>` in the opposite one: "although <-view> <+view>" is one
  sentence for reviews that praise and for reviews that blame;
- `one|other|` stands for one of these, all equally likely; the last one here is nothing at all;
- `_` joins what belongs to one such choice: `far_from|anything_but`;
- `$name` stands for words that a whole text shares, such as the name of the film it is about.

What stands first in a rule is drawn most often: the alternative at place i (from 0) weighs 1 / (i + evenness),
the law of Zipf and Mandelbrot. So word lists are written from usual to rare, and the texts get frequencies like
those of natural ones.

Weights are whole numbers and draws come from `numpy.random.RandomState`, whose stream NumPy has promised not to
change: the same seed gives the same texts on every machine, for ever.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

Chance = Iterator[float]
"""An endless row of numbers that are at least 0 and less than 1."""

_UNIT = 1_000_000
_BLOCK = 1 << 16

#: Words that begin with a vowel in writing but not in speech, and the other way round: "a useful", "an hour".
_SPOKEN_CONSONANT = frozenset({"euro", "one", "once", "unit", "united", "university", "useful"})
_SPOKEN_VOWEL = frozenset({"heir", "heiress", "honest", "honour", "hour"})


def chances(seed: int) -> Chance:
    """The numbers that decide everything in a text set."""
    state = np.random.RandomState(seed)
    while True:
        yield from state.random_sample(_BLOCK).tolist()


def below(bound: int, chance: Chance) -> int:
    """A whole number from 0 to `bound` - 1, all equally likely."""
    return int(next(chance) * bound)


@dataclass(frozen=True)
class Choice:
    """The alternatives of a rule.

    Attributes:
        alternatives: From the most usual to the rarest.
        evenness: How little the first ones are preferred; at least 1.
    """

    alternatives: tuple[str, ...]
    evenness: int


@dataclass(frozen=True)
class Moods:
    """A rule that has other alternatives in praise than in blame."""

    good: Choice
    bad: Choice


def words(text: str, evenness: int = 3) -> Choice:
    """A rule of single words (or words joined by `_`), from usual to rare."""
    return Choice(tuple(text.split()), evenness)


def lines(text: str, evenness: int = 12) -> Choice:
    """A rule with an alternative on each line that is not empty."""
    return Choice(tuple(line.strip() for line in text.splitlines() if line.strip()), evenness)


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A rule that is ready to be drawn from.

    Attributes:
        alternatives: Each a row of words and further rules.
        bounds: Up to where each alternative reaches on a line from 0 to the sum of all weights.
    """

    alternatives: tuple[tuple[str | Rule, ...], ...]
    bounds: tuple[int, ...]

    def write(self, chance: Chance, text: list[str]) -> None:
        """Append one alternative to a text, word by word."""
        self._write(self._place(chance), chance, text)

    def write_other(self, chance: Chance, text: list[str], said: set[tuple[str, int]], group: str) -> None:
        """Append an alternative that was not used before: the next one on where the drawn one was.

        Args:
            said: Which alternatives of which group were used; this one is added. When all were, any may come again.
            group: What this rule is called there; rules with the same forms of sentences may share a name.
        """
        count = len(self.alternatives)
        place = self._place(chance)
        for other in range(place, place + count):
            if (group, other % count) not in said:
                place = other % count
                break
        said.add((group, place))
        self._write(place, chance, text)

    def _place(self, chance: Chance) -> int:
        return bisect_right(self.bounds, next(chance) * self.bounds[-1])

    def _write(self, place: int, chance: Chance, text: list[str]) -> None:
        for part in self.alternatives[place]:
            if isinstance(part, str):
                text.append(part)
            else:
                part.write(chance, text)

    def written(self, chance: Chance) -> list[str]:
        """One alternative as a text of its own."""
        text: list[str] = []
        self.write(chance, text)
        return text


class Grammar:
    """Rules that refer to each other by name.

    Raises:
        KeyError: When a rule is asked for that is not there, or refers to one that is not there.
        ValueError: When a rule with moods is asked for without one.
    """

    def __init__(self, rules: Mapping[str, Choice | Moods]) -> None:
        self._rules = rules
        self._ready: dict[tuple[str, bool | None], Rule] = {}

    def rule(self, name: str, praise: bool | None = None) -> Rule:
        """A rule ready to draw from.

        Args:
            praise: In which mood: True in praise, False in blame, None where it has none.
        """
        key = (name, praise)
        if key not in self._ready:
            choice = self._rules[name]
            if isinstance(choice, Moods):
                if praise is None:
                    raise ValueError(f"the rule {name} needs a mood")
                choice = choice.good if praise else choice.bad
            self._ready[key] = self._made(choice, praise)
        return self._ready[key]

    def _made(self, choice: Choice, praise: bool | None) -> Rule:
        alternatives = tuple(self._parts(alternative, praise) for alternative in choice.alternatives)
        weights = (_UNIT // (place + choice.evenness) for place in range(len(alternatives)))
        return Rule(alternatives, tuple(accumulate(weights)))

    def _parts(self, alternative: str, praise: bool | None) -> tuple[str | Rule, ...]:
        parts: list[str | Rule] = []
        for token in alternative.split():
            if "|" in token:
                options = tuple(self._parts(option.replace("_", " "), praise) for option in token.split("|"))
                parts.append(Rule(options, tuple(range(1, len(options) + 1))))
            elif token.startswith("<"):
                parts.append(self._referred(token[1:-1], praise))
            elif "_" in token:
                parts.extend(self._parts(token.replace("_", " "), praise))
            else:
                parts.append(token)
        return tuple(parts)

    def _referred(self, name: str, praise: bool | None) -> Rule:
        if name[0] not in "+-":
            return self.rule(name)
        if praise is None:
            raise ValueError(f"<{name}> needs a mood")
        return self.rule(name[1:], praise if name[0] == "+" else not praise)


def finished(text: Sequence[str], given: Mapping[str, Sequence[str]]) -> list[str]:
    """Put in the shared words of a text and make "a" an "an" where English wants it.

    Args:
        text: Words, some of them `$name`.
        given: The words for each name, without `$`.

    Raises:
        KeyError: If a name is not given.
    """
    whole: list[str] = []
    for word in text:
        if word[0] == "$":
            whole.extend(given[word[1:]])
        else:
            whole.append(word)
    for place in range(len(whole) - 1):
        if whole[place] == "a" and _sounds_like_vowel(whole[place + 1]):
            whole[place] = "an"
    return whole


def _sounds_like_vowel(word: str) -> bool:
    if word[0] in "aeiou":
        return word not in _SPOKEN_CONSONANT
    return word in _SPOKEN_VOWEL or word[0] == "8" or word in ("11", "18")
