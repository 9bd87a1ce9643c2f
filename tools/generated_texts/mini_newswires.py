"""Short news that no agency sent: ten topics of business, in 15 to 80 words.

As in real collections the topics differ much in size and run into each other: a report on shipping may be about grain,
one on a mining company about its profit. Each report has a true topic. It opens with it, or with something vaguer, and
goes on with it, with what reports of all topics share, and often with a neighbouring topic. A part of the labels names
that neighbour instead, as editors do who see another side of the same report, and a few name any topic.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.catalog import dataset_info
from tools.generated_texts.collection import Written
from tools.generated_texts.grammar import Chance, Grammar, Rule, below, chances, finished
from tools.generated_texts.names import NAMES
from tools.generated_texts.newswire_sentences import LEADS, NEIGHBOURS, newswire_rules

TOPICS = dataset_info("mini_newswires").class_names

#: How many of a thousand reports are on each topic.
SHARES = {
    "harvest": 120,
    "shipping": 60,
    "energy": 100,
    "results": 270,
    "takeovers": 190,
    "banking": 90,
    "trade": 80,
    "metals": 40,
    "jobs": 25,
    "weather": 25,
}

OTHER_SIDE, ANY_TOPIC = 0.05, 0.02
"""The shares of labels that name a neighbouring topic, and any topic at all."""

SHORTEST, LONGEST = 15, 80
"""Words of a report."""

#: What a report says more than once.
_SHARED = ("country", "town", "person", "crop", "metal", "goods", "cargo")

#: The shares of reports that touch a neighbouring topic, and that open with something vague.
_SIDED, _VAGUE = 0.38, 0.16

_SEED = 20_260_523

#: Words after which a report comes to its end; the sentence begun before may still take some twenty.
_LONGEST_BODY = 56


class _Desk:
    """The rules by topic, ready to draw from."""

    def __init__(self) -> None:
        grammar = Grammar(newswire_rules() | NAMES)
        self.common = grammar.rule("common")
        self.vague = grammar.rule("vague")
        self.lead = {topic: grammar.rule(f"{topic}.lead") for topic in LEADS}
        self.more = {topic: grammar.rule(f"{topic}.more") for topic in LEADS}
        self.firm = {topic: grammar.rule(f"{topic}.firm") for topic in LEADS}
        self.shared = {name: grammar.rule(name) for name in _SHARED}


@dataclass(frozen=True)
class _Assignment:
    """What a report shall be about, and how it is filed."""

    topic: str
    neighbour: str
    label: str


def mini_newswires(count: int) -> list[Written]:
    """Write reports in an order without system.

    Args:
        count: How many, a multiple of 200, so that the topics get their exact shares.
    """
    chance = chances(_SEED)
    desk = _Desk()
    topics = [topic for topic, share in SHARES.items() for _ in range(share * count // 1000)]
    order: list[int] = np.random.RandomState(_SEED + 1).permutation(len(topics)).tolist()
    return [_written(desk, _assigned(topics, topics[place], chance), chance) for place in order]


def _assigned(topics: list[str], topic: str, chance: Chance) -> _Assignment:
    near = NEIGHBOURS[topic]
    neighbour = near[below(len(near), chance)]
    filing = next(chance)
    if filing < OTHER_SIDE:
        return _Assignment(topic, neighbour, neighbour)
    if filing < OTHER_SIDE + ANY_TOPIC:
        return _Assignment(topic, neighbour, topics[below(len(topics), chance)])
    return _Assignment(topic, neighbour, topic)


def _written(desk: _Desk, task: _Assignment, chance: Chance) -> Written:
    words = _report(desk, task, chance)
    return Written(words, TOPICS.index(task.topic), TOPICS.index(task.label))


def _report(desk: _Desk, task: _Assignment, chance: Chance) -> list[str]:
    text: list[str] = []
    said: set[tuple[str, int]] = set()

    def say(rule: Rule, group: str) -> None:
        rule.write_other(chance, text, said, group)

    def go_on(topic: str) -> None:
        say(desk.more[topic], topic)

    length = SHORTEST + int((_LONGEST_BODY - SHORTEST) * next(chance) ** 1.3)
    sided = next(chance) < _SIDED or task.label == task.neighbour
    if next(chance) < _VAGUE:
        say(desk.vague, "vague")
        go_on(task.topic)
    else:
        say(desk.lead[task.topic], "lead")
    if sided and next(chance) < 0.5:
        say(desk.lead[task.neighbour], "other lead")
    elif sided:
        go_on(task.neighbour)
    while len(text) < length:
        way = next(chance)
        if way < 0.42:
            say(desk.common, "common")
        elif way < 0.90 or not sided:
            go_on(task.topic)
        else:
            go_on(task.neighbour)
    return finished(text, _given(desk, task.topic, chance))


def _given(desk: _Desk, topic: str, chance: Chance) -> dict[str, list[str]]:
    """Who and what a report is about."""
    given = {name: rule.written(chance) for name, rule in desk.shared.items()}
    given["company"] = desk.firm[topic].written(chance)
    given["rival"] = _another(desk.firm[topic], given["company"], chance)
    given["other"] = _another(desk.shared["country"], given["country"], chance)
    return given


def _another(rule: Rule, but: list[str], chance: Chance) -> list[str]:
    """What a rule says, other than this."""
    found = rule.written(chance)
    while found == but:
        found = rule.written(chance)
    return found
