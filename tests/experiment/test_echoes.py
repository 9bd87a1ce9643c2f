"""What a sentence repeats of an input is cut short, whatever the input is."""

from __future__ import annotations

import random
from typing import Any

import pytest

from core import presets
from core.command_line.experiments import chosen
from core.errors import LONGEST_ECHO, ExperimentError, Issue, PresetError, TurningPointError, short
from core.experiment import Experiment
from tests.experiment.changing import varied
from tests.experiment.test_variation import options

LONGEST_SENTENCE = 700  # with all the names that there are

nested: Any = 1
for _ in range(300):
    nested = [nested]

HUGE = [
    16**5_000,
    -(16**5_000),
    10**400,
    2**64,
    "x" * 100_000,
    nested,
    list(range(50_000)),
    {"k": "v" * 50_000},
    b"y" * 9_999,
]
PLACES = [
    "dataset",
    "epochs",
    "seed",
    "scaling",
    "loss",
    "train_limit",
    "encoding",
    "split",
    "layers",
    "optimizer",
]


@pytest.mark.parametrize("value", HUGE, ids=lambda value: type(value).__name__)
def test_a_huge_value_is_cut_short_in_every_place(value: Any) -> None:
    plain = presets.load(presets.FIRST).to_dict()
    layers = plain["layers"]
    tried = [{**plain, place: value} for place in PLACES]
    tried += [{**plain, "layers": [{**layers[0], "units": value}, *layers[1:]]}]
    if not isinstance(value, int):  # which no file and no link gives for a kind
        tried += [{**plain, "layers": [{**layers[0], "kind": value}, *layers[1:]]}]
    tried += [{**plain, "optimizer": {"kind": "sgd", "learning_rate": value}}]
    if isinstance(value, str):
        tried += [{**plain, value: 1}, {**plain, "optimizer": {"kind": "sgd", value: 1}}]
    for each in tried:
        with pytest.raises(ExperimentError) as caught:
            Experiment.from_dict(each)
        for problem in caught.value.problems:
            assert 0 < len(str(problem)) < LONGEST_SENTENCE


def test_what_is_short_stays_as_it_is() -> None:
    assert Issue("not_text", "", {"field": "x", "received": 5}).details == {"field": "x", "received": 5}
    assert short("y" * LONGEST_ECHO) == "y" * LONGEST_ECHO
    assert short("y" * (LONGEST_ECHO + 1)) == "y" * LONGEST_ECHO + "…"
    assert short(short("y" * 999)) == short("y" * 999)
    assert short(-(10**5_000)) == "-1" + "0" * (LONGEST_ECHO - 2) + "…"
    assert short([1, True, None]) == "[1, True, None]"
    assert short(True) == "True"


WORDS = [
    *(
        "",
        " ",
        "=",
        "==",
        ":",
        ".",
        "..",
        ",",
        "layers",
        "layers.0",
        "layers.0.units",
        "layers.-1.units",
        "epochs",
    ),
    *(
        "units",
        "encoding.num_words",
        "optimizer.kind",
        "optimizer",
        "split.seed",
        "early_stopping.patience",
        "seed",
    ),
    *(
        "5",
        "-1",
        "1e999",
        "nan",
        "true",
        "none",
        "adam:0.1",
        "sgd",
        "dense:5",
        "\u0663",
        "\u00b2",
        "\uff11",
        "\ud800",
    ),
    *(
        "[" * 495,
        "9" * 4_301,
        "{" * 990,
        "x" * 5_000,
        "layers." + "9" * 4_301 + ".units",
        "." * 999,
        "depth",
        "\x00",
    ),
]


def test_5000_spoilt_changes_give_an_experiment_or_a_short_sentence() -> None:
    rng = random.Random(10)
    said = []
    for _ in range(5_000):
        words = [
            rng.choice(WORDS) + rng.choice("== =") + rng.choice(WORDS) for _ in range(rng.choice([1, 1, 2]))
        ]
        try:
            chosen(options(rng.choice(presets.NAMES), *words))
        except TurningPointError as error:
            said.append(str(error).splitlines()[0])
    assert 4_000 < len(said) < 5_000
    assert all(0 < len(sentence) < LONGEST_SENTENCE for sentence in said)


def test_a_place_that_is_not_there_is_cut_short() -> None:
    with pytest.raises(PresetError) as caught:
        varied(presets.load(presets.FIRST), "x" * 9_999 + ".y", 1)
    assert len(str(caught.value)) < 2 * LONGEST_ECHO + 100
