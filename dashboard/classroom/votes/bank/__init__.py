"""The bank of questions on what is often misunderstood: `LANGUAGE.toml`, checked when it is read. No Streamlit.

An item is the same in every language but for its words. It names numbers of a run (`core.classroom.question_facts`),
which the teacher chooses; without a run it is asked as its `general` part says, if it has one.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, ValidationError, model_validator

from core.classroom.ballot import FEWEST_CHOICES, MOST_CHOICES
from core.classroom.question_facts import FACTS
from dashboard.shared.word_files import WORDS, Part, Text

_FOLDER = Path(__file__).parent
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]*$", max_length=64)]


def _facts(name: str) -> str:
    if name not in FACTS:
        raise ValueError(f"no facts {name}")
    return name


class Choice(Part):
    """A choice; `stands_for` is the understanding, or misunderstanding, of whoever chooses it."""

    id: Name
    text: Annotated[Text, WORDS]
    stands_for: Annotated[Text, WORDS]


class Explanation(Part):
    """What is said after revealing where this choice is the right one."""

    right: Name
    text: Annotated[Text, WORDS]


class General(Part):
    """The item where there is no run to speak of; its `choices` take the places of the others' words, in order."""

    text: Annotated[Text, WORDS]
    choices: Annotated[tuple[Text, ...], WORDS] = ()
    right: Name
    explanation: Annotated[Text, WORDS]


class Item(Part):
    """A question.

    Attributes:
        facts: The numbers that `text`, the choices and the explanations name in braces, by their name in `FACTS`.
        explanations: One for each choice that may be right: the numbers of the run decide if there are several.
    """

    id: Name
    title: Annotated[Text, WORDS]
    facts: Annotated[str, AfterValidator(_facts)]
    text: Annotated[Text, WORDS]
    choices: Annotated[tuple[Choice, ...], Field(min_length=FEWEST_CHOICES, max_length=MOST_CHOICES)]
    explanations: Annotated[tuple[Explanation, ...], Field(min_length=1)]
    general: General | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        ids = [choice.id for choice in self.choices]
        if len(set(ids)) != len(ids):
            raise ValueError(f"{self.id}: two choices have the same id")
        right = [one.right for one in self.explanations] + ([self.general.right] if self.general else [])
        if not set(right) <= set(ids):
            raise ValueError(f"{self.id}: what is right is one of the choices")
        if self.general is not None and len(self.general.choices) not in (0, len(ids)):
            raise ValueError(f"{self.id}: as many choices in general as otherwise")
        return self

    def place(self, choice: str) -> int:
        """The place of a choice, from 0; ValueError if there is none of this id."""
        return [one.id for one in self.choices].index(choice)


class _Bank(Part):
    items: tuple[Item, ...]


class BankFileError(ValueError):
    """A file of the bank that cannot be: a mistake of whoever wrote it."""


def read_bank(text: str, name: str) -> tuple[Item, ...]:
    """The items of a file; `name` is for the message of a `BankFileError`."""
    try:
        return _Bank.model_validate(tomllib.loads(text)).items
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise BankFileError(f"{name}: {error}") from error


@cache
def items(language: str) -> dict[str, Item]:
    """All items in a language, by their names, in the order of the file."""
    path = _FOLDER / f"{language}.toml"
    return {item.id: item for item in read_bank(path.read_text(encoding="utf-8"), path.name)}
