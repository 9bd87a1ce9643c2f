"""Every sentence agrees with its numbers, above all with one."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from core.analysis.advice import ADVICE
from core.errors import MESSAGES
from core.run import REASONS
from core.sentences import counted, filled
from dashboard.shared.language import language

ROOT = Path(__file__).parent.parent
SENTENCES: dict[str, str] = {
    **language("en").words,
    **{f"core error.{code}": sentence for code, sentence in MESSAGES.items()},
    **{f"core reason.{code}": sentence for code, sentence in REASONS.items()},
    **{f"core advice.{code}": sentence for code, sentence in ADVICE.items()},
}

#: Details that are no counts: names, shares, letters, epochs by their number, words in a list.
NO_COUNTS = {
    "at", "better", "callback", "dataset", "epoch", "error", "file", "first", "folder", "host", "known", "layer",
    "left", "loss", "name", "network", "place", "reason", "run", "second", "share", "state", "true", "predicted",
    "variable", "worse", "which",
}  # fmt: skip

#: Words that end in s and are no plurals, or verbs that go with one.
SINGULAR = {
    "across", "always", "answers", "as", "becomes", "besides", "class", "comes", "differs", "does", "ends", "fills",
    "gets", "gives", "goes", "has", "is", "its", "less", "lies", "looks", "loss", "makes", "means", "minus", "needs",
    "plus", "reads", "says", "sees", "stops", "this", "thus", "times.", "unless", "was", "works",
}  # fmt: skip

#: Where what looks like "1 <plural>" is none.
EXCEPTIONS = {
    # The count belongs to another noun than the one with the verb.
    "calibration.figures": "bins are faint, with fewer answers than a fixed number of several",
    "calibration.state.top": "a share is right, of a counted number",
    "lookback.some_kept": "predictions are there, of a counted number of epochs",
    "lookback.unreadable": "predictions are damaged, of a counted number of epochs",
    "verdicts.holm.about": "a chance stays, among a counted number of pairs",
    # A chart fills in the number: the end of a range of several, and points with two decimals.
    "data.lengths.hover": "from several to more numbers",
    "try.all.hover": "1.00 points",
    # No number at all, or one that is no count.
    "data.content.text": "the number 1 in a text marks its start",
    "error.kernel_too_large": "a width, and then what the layer receives",
    "core error.kernel_too_large": "the same",
    "error.set_seeds": "what was typed, in quotes",
    "core error.set_seeds": "the same",
    "option.values.binary": "the value 1, if the word occurs",
    "scores.temperature.help": "a temperature below 1, and then differences",
}

_PLURAL_NOUN = re.compile(r"(?<![\w.,])1\*{0,2}(?:</?b>)? (?:[A-Za-z-]+ ){0,2}?([A-Za-z-]+s)\b")
_PLURAL_VERB = re.compile(r"(?<![\w.,])1\*{0,2} (?:[A-Za-z]+ ){0,3}?(are|were|have|differ|lie|stop)\b")


def with_one(sentence: str) -> str:
    """The sentence where each count is 1, and each name a name."""
    names = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
    return filled(sentence, {name: "Name" if name in NO_COUNTS else 1 for name in names})


def unfit(sentence: str) -> list[str]:
    """Where it has a plural after 1."""
    found = [one.group(0) for one in _PLURAL_VERB.finditer(sentence)]
    for one in _PLURAL_NOUN.finditer(sentence):
        words = one.group(0).split()[1:]
        # "1 is enough, epochs are": the plural belongs to something else once a verb or a small word came between.
        if one.group(1) not in SINGULAR and not {*words[:-1]} & (SINGULAR | SMALL):
            found.append(one.group(0))
    return found


SMALL = {
    "of",
    "for",
    "in",
    "to",
    "and",
    "or",
    "that",
    "on",
    "a",
    "the",
    "with",
    "went",
    "from",
    "by",
    "at",
    "not",
}


def test_no_sentence_says_one_and_a_plural() -> None:
    wrong = {key: unfit(with_one(text)) for key, text in SENTENCES.items() if key not in EXCEPTIONS}
    assert {key: places for key, places in wrong.items() if places} == {}


def test_every_exception_is_still_needed() -> None:
    assert all(unfit(with_one(SENTENCES[key])) for key in EXCEPTIONS)


@pytest.mark.parametrize(
    ("sentence", "fits"),
    [
        ("{words} words", False),
        ("{words} {words:word|words}", True),
        ("the {count} English words", False),
        ("All {epochs} epochs were trained.", False),
        ("{count} {count:run|runs} are waiting", False),
        ("{count} {count:run|runs} {count:is|are} waiting", True),
        ("{layers} layers", False),
        ("**{runs}** runs", False),
        ("{share} of the samples", True),
    ],
)
def test_the_test_itself_finds_what_does_not_fit(sentence: str, fits: bool) -> None:
    assert (unfit(with_one(sentence)) == []) == fits


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "1 run was"),
        ("1", "1 run was"),
        (0, "0 runs were"),
        (2, "2 runs were"),
        ("1,001", "1,001 runs were"),
    ],
)
def test_a_noun_agrees_with_its_number(number: object, said: str) -> None:
    assert filled("{n} {n:run was|runs were}", {"n": number}) == said


def test_a_number_that_a_chart_fills_in_later_is_refused() -> None:
    with pytest.raises(ValueError, match="fills in"):
        filled("{count} {count:text|texts}", {"count": "%{y:,}"})


def test_a_form_can_hold_the_number_itself() -> None:
    assert [filled("{n:The only one|All #}", {"n": n}) for n in (1, 12)] == ["The only one", "All 12"]


def test_other_places_are_filled_as_ever() -> None:
    assert filled("{name!r} is {x:.2f}", {"name": "a", "x": 1}) == "'a' is 1.00"
    with pytest.raises(KeyError):
        filled("{name}", {})


def test_counting_says_one_of_a_thing_or_several() -> None:
    assert (counted(1, "epoch"), counted(1200, "epoch"), counted(0, "run")) == (
        "1 epoch",
        "1,200 epochs",
        "0 runs",
    )
