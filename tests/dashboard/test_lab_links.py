"""Links as people and programs spoil them: an experiment or a sentence, never a page that breaks off."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from core import presets
from core.errors import LONGEST_ECHO, TurningPointError
from core.experiment.link import to_link
from dashboard.lab import session as labs
from dashboard.shared.language import CODES, language
from tests.dashboard.extremes import bases, extremes
from tests.dashboard.pages import opened

LINKS, PAGES = 5_000, 36
LONGEST_SENTENCE = 900  # with all fields or layers that there are
REFUSED = "The experiment in this link cannot be read"

WORDS = [
    *(
        "",
        " ",
        "none",
        "null",
        "true",
        "nan",
        "NaN",
        "inf",
        "-Infinity",
        "1e999",
        "1e-999",
        "-0",
        "1_000",
        "0x10",
        "+1",
    ),
    *(
        "\u0663",
        "\uff11\uff12",
        "\u00b2",
        "\u2460",
        "\u200b5",
        "\ufeff5",
        "5\u0000",
        "\u202e5",
        "\U0001f600",
        "\ud800",
    ),
    *(
        "[" * 495,
        "[" * 990,
        "{" * 990,
        '{"a":' * 400,
        "[" * 3_999,
        "9" * 4_301,
        "-" + "9" * 3_999,
        "1e" + "9" * 3_000,
    ),
    *(
        "0." + "1" * 3_000,
        "dense",
        "dense:",
        ":",
        ",",
        "=",
        "::=:",
        "dense:64:units=3",
        "kind=dense",
        "on",
        "\n\r\t",
    ),
    *(
        "![i](http://example.invalid/p.png)",
        "<script>alert(1)</script>",
        "{received}",
        "{0.__class__}",
        "%s%n",
        "$x$",
    ),
]
NAMES = [
    "",
    "x",
    "__class__",
    "kind",
    "layers.0",
    "epochs ",
    "EPOCHS",
    "preset",
    "scaling",
    "train_limit",
    "x" * 3_000,
]


def _mutations(rng: random.Random) -> list[Callable[[str], str]]:
    def at(text: str) -> int:
        return rng.randrange(len(text) + 1)

    def insert(text: str) -> str:
        place = at(text)
        return text[:place] + rng.choice(WORDS) + text[place:]

    def cut(text: str) -> str:
        start, end = sorted((at(text), at(text)))
        return text[:start] + text[end:]

    def swap(text: str) -> str:
        return "".join(rng.choice(":=,.0-e[ ") if rng.random() < 0.1 else one for one in text)

    def digit(text: str) -> str:
        return "".join(
            str(rng.randrange(10)) if one.isdigit() and rng.random() < 0.3 else one for one in text
        )

    return [
        insert,
        cut,
        swap,
        digit,
        digit,
        lambda _: rng.choice(WORDS),
        lambda text: text * rng.choice([2, 3, 500]),
    ]


def mutated(number: int) -> dict[str, str]:
    """One of the spoilt links, always the same for the same number."""
    rng = random.Random(number)
    link = dict(STARTS[rng.randrange(len(STARTS))])
    changes = _mutations(rng)
    for _ in range(rng.choice([1, 1, 2, 3])):
        name = rng.choice([*[*link][1:], *_SETTINGS, rng.choice([*link, *NAMES])])
        link[name] = rng.choice(changes)(link.get(name, "5"))
    return link


_SETTINGS = ["epochs", "layers", "optimizer", "split", "seed", "early_stopping"]
STARTS = [
    presets.link(experiment) for experiment in [*bases(), *(each for _, each in list(extremes())[::40])]
]


def test_5000_spoilt_links_give_an_experiment_or_a_short_sentence() -> None:
    says = [language(code) for code in CODES]
    read = refused = 0
    for number in range(LINKS):
        try:
            experiment, preset = presets.follow(mutated(number))
        except TurningPointError as error:
            refused += 1
            for sentence in (str(error).splitlines()[0], *(t.error(error) for t in says)):
                assert 0 < len(sentence) < LONGEST_SENTENCE
        else:
            read += 1
            assert not experiment.problems
            assert presets.follow(presets.link(experiment, preset))[0] == experiment
    assert read > LINKS / 20
    assert refused > LINKS / 4


@pytest.mark.parametrize("number", range(PAGES))
def test_a_spoilt_link_opens_a_page_that_works(number: int) -> None:
    link = {name: text for name, text in mutated(number * 131).items() if "\ud800" not in text}
    test = opened("lab", CODES[number % 2], **link)
    assert test.title[0].value
    assert test.session_state["lab"].draft


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("epochs", "[" * 990),
        ("epochs", "[" * 495),
        ("epochs", "9" * 4_301),
        ("epochs", "1e999999"),
        ("epochs", "\uff11\uff12"),
        ("epochs", "\u00b2"),
        ("epochs", "nan"),
        ("epochs", ""),
        ("optimizer", "sgd:" + "[" * 990),
        ("optimizer", "sgd:inf"),
        ("optimizer", "sgd:0.1:learning_rate=0.2"),
        ("layers", "dense:" + "9" * 3_990),
        ("layers", ",,,"),
        ("preset", ""),
        ("preset", "x" * 10_000),
        ("y" * 10_000, "1"),
        ("epochs", ["3", "4"]),
        ("preset", ["mini-reviews", "mini-newswires"]),
    ],
    ids=lambda text: str(text)[:20],
)
def test_what_no_link_says_is_refused_on_a_page_that_works(name: str, value: str | list[str]) -> None:
    test = opened("lab", **{name: value})  # type: ignore[arg-type]
    said = test.error[0].value
    assert said.startswith(REFUSED)
    assert len(said) < LONGEST_SENTENCE
    assert "[" * (LONGEST_ECHO + 1) not in said
    assert "9" * (LONGEST_ECHO + 1) not in said
    assert any(one.label == "Train" for one in test.button)


def test_a_link_to_an_equal_experiment_says_nothing_twice() -> None:
    first = labs.follow(None, {"epochs": "7"}, twice=["lang"])
    assert first.refused is None
    assert to_link(presets.load(presets.PLAIN), presets.load(presets.PLAIN)) == {}
    assert labs.follow(None, {"epochs": "7"}, twice=["epochs"]).refused is not None
