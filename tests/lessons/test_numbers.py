"""Every number in a lesson is one that the data, a network, a recorded run or a training really gives."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from dashboard.learn import lesson as lessons
from dashboard.learn.lesson import Step
from dashboard.learn.parts import WORDS
from dashboard.shared.language import CODES, language
from tests.lessons.claims import NUMBERS, About, Exact
from tests.lessons.lab import SEEDS, Lab

_NUMBER = re.compile(r"\d[\d,]*\d(?:\.\d+)?|\d+(?:\.\d+)?")
_PLACE = re.compile(r"\{[^}]*\}")
#: Names of buttons and pages in the text of steps.
NAMED = {
    "seal.choose.design": (
        "first-network.test",
        "many-classes.test",
        "own-experiment.finish",
    ),
    "page.try.title": ("first-network.prediction",),
    "run.tab.lookback": ("own-experiment.noise",),
    "study.form": ("own-experiment.chance",),
}
PLACES = [f"{name}.{step.id}" for name, step in lessons.steps("en")]


def step_of(place: str, code: str) -> Step:
    name, step = place.split(".")
    return lessons.lesson(name, code).step(step)


def words_of(part: BaseModel) -> Iterator[str]:
    """All that a part of a lesson says in words."""
    for name, field in type(part).model_fields.items():
        value = getattr(part, name)
        if WORDS in field.metadata:
            yield from value if isinstance(value, tuple) else [value]
        elif isinstance(value, BaseModel):
            yield from words_of(value)


def numbers_of(place: str, code: str) -> set[str]:
    """The numbers that a step names; those of one digit are left out, they are names and counts in the sentence."""
    text = " ".join(_PLACE.sub("", one) for one in words_of(step_of(place, code)))
    return {number for number in _NUMBER.findall(text) if len(number) > 1}


@pytest.mark.parametrize("place", PLACES)
def test_every_number_has_a_source(place: str) -> None:
    named = numbers_of(place, "en") | numbers_of(place, "ko")
    assert named <= set(NUMBERS.get(place, {}))


@pytest.mark.parametrize("place", NUMBERS)
def test_every_source_belongs_to_a_number_in_the_text(place: str) -> None:
    for number in NUMBERS[place]:
        assert any(number in " ".join(words_of(step_of(place, code))) for code in CODES), number


@pytest.mark.parametrize("place", PLACES)
def test_both_languages_name_the_same_numbers(place: str) -> None:
    """But for what one of them says in words: "half a minute", "a hundredth", "ten times smaller"."""
    assert numbers_of(place, "en") ^ numbers_of(place, "ko") <= {"10", "30", "100"}


def rounded(value: float, like: str) -> str:
    """A value as a number is written: with as many decimals, with commas or without."""
    decimals = len(like.partition(".")[2])
    return f"{value:,.{decimals}f}" if "," in like else f"{value:.{decimals}f}"


EXACT = [
    (place, number)
    for place, known in NUMBERS.items()
    for number, source in known.items()
    if isinstance(source, Exact)
]
MEASURED = [
    (place, number)
    for place, known in NUMBERS.items()
    for number, source in known.items()
    if isinstance(source, About)
]


@pytest.mark.parametrize(("place", "number"), EXACT)
def test_a_number_is_what_it_is_said_to_be(place: str, number: str) -> None:
    source = NUMBERS[place][number]
    assert isinstance(source, Exact)
    assert rounded(source.value(), number) == number


def near(place: str, number: str, lab: Lab) -> None:
    source = NUMBERS[place][number]
    assert isinstance(source, About)
    assert source.value(lab) == pytest.approx(float(number), abs=source.within)


@pytest.mark.parametrize(("place", "number"), [one for one in MEASURED if one[0].startswith("overfitting")])
def test_a_training_gives_about_the_number(place: str, number: str, lab: Lab) -> None:
    near(place, number, lab)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("place", "number"), MEASURED)
def test_a_training_gives_about_the_number_whatever_the_seed(
    place: str, number: str, seed: int, lab: Lab
) -> None:
    near(place, number, lab.with_seed(seed))


@pytest.mark.parametrize("code", CODES)
def test_buttons_are_called_in_lessons_what_they_are_called_on_the_page(code: str) -> None:
    t = language(code)
    for key, places in NAMED.items():
        for place in places:
            assert t(key) in " ".join(words_of(step_of(place, code))), (key, place)
