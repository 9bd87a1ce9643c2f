"""How an own set was made: of what, by which choices, and what was left out; kept with whoever brought it along.

Two who bring the same samples along may have made them of different files in different ways: each is told their own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from core.own_data.choices import Choices
from core.own_data.plain import findings_from
from core.own_data.understood import Finding, Form

if TYPE_CHECKING:
    from core.storage.own_data import OwnDataset

#: Names and terms may be changed afterwards: they stand in the record of the set.
_WORDS = frozenset(("title", "class_names", "license_note"))
_LONGEST_PLACE = 200


@dataclass(frozen=True)
class Making:
    """How a set was made.

    Attributes:
        choices: Those that decided its samples; the columns of a table are those that were taken, also if nobody chose
            them.
        given_split: Whether its test samples are those that the files set apart.
        findings: What was left out or changed, and what else was to be known of it.
    """

    form: Form
    choices: Choices
    given_split: bool = False
    findings: tuple[Finding, ...] = ()


def to_plain(making: Making) -> dict[str, Any]:
    """As plain dicts, lists, numbers and strings, to be passed on and kept as JSON; without the words of the set."""
    return {
        "form": making.form,
        "choices": making.choices.model_dump(mode="json", exclude=set(_WORDS)),
        "given_split": making.given_split,
        "findings": [
            dataclasses.asdict(replace(one, places=tuple(place[:_LONGEST_PLACE] for place in one.places)))
            for one in making.findings
        ],
    }


def from_plain(plain: Mapping[str, Any]) -> Making:
    """What `to_plain` gave, also after it was JSON."""
    return Making(
        plain["form"],
        Choices(**plain["choices"]),
        plain["given_split"],
        findings_from(plain["findings"]),
    )


def making_of(one: OwnDataset) -> Making | None:
    """How a set was made, for whoever it is seen by; None of one that is older than these records.

    What files are called is told only to those who brought them along: names of children may be among them.
    """
    if one.made is None:
        return None
    found = from_plain(one.made)
    if one.mine:
        return found
    return replace(found, findings=tuple(replace(each, places=()) for each in found.findings))
