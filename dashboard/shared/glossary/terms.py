"""The words of the field: where each can be seen in the dashboard, and which others belong to it.

What a word means stands in the language files: `glossary.term.NAME` is what it is called, `glossary.forms.NAME` how it
may stand in a text, parted by "|", and `glossary.about.NAME` explains it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from dashboard.shared.language import CODES, Language, language


@dataclass(frozen=True)
class Place:
    """Where something can be seen: a page by its folder and address, and what its address says besides."""

    folder: str
    address: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Term:
    """A word of the glossary.

    Attributes:
        place: Where it can be seen, a key of `PLACES`.
        related: The names of others that belong to it.
    """

    place: str
    related: tuple[str, ...] = ()


#: Of runs those that are recorded: they are there from the first start on.
PLACES = {
    "curves": Place("run", "run", {"run": "recorded-imdb-multi-hot"}),
    "evidence": Place("run", "run", {"run": "recorded-imdb-multi-hot"}),
    "test_result": Place("run", "run", {"run": "recorded-fashion-deep"}),
    "confidence": Place("run", "run", {"run": "recorded-fashion-deep"}),
    "look_back": Place("run", "run", {"run": "recorded-mnist-three-layers"}),
    "inside": Place("run", "run", {"run": "recorded-mnist-three-layers"}),
    "network": Place("lab", "lab"),
    "learning": Place("lab", "lab"),
    "studies": Place("lab", "lab"),
    "bottleneck": Place("lab", "lab", {"preset": "reuters-bottleneck"}),
    "images": Place("data", "data", {"dataset": "digits"}),
    "texts": Place("data", "data", {"dataset": "mini_reviews"}),
    "scores": Place("trying", "try", {"show": "scores"}),
}

#: What links to such places end with, before the term's name; the browser follows them without loading the page anew.
SEE = "#see-"

#: In the order in which a course meets them.
TERMS = {
    "sample": Term("images", ("label", "class", "batch")),
    "label": Term("images", ("class", "one_hot", "label_noise")),
    "class": Term("images", ("label", "confusion_matrix")),
    "training_set": Term("images", ("validation_set", "test_set")),
    "validation_set": Term("learning", ("training_set", "test_set", "cross_validation")),
    "test_set": Term("test_result", ("training_set", "validation_set")),
    "tensor": Term("images", ("layer", "scaling")),
    "scaling": Term("images", ("tensor",)),
    "layer": Term("network", ("unit", "dense", "activation")),
    "unit": Term("inside", ("layer", "weight", "activation")),
    "dense": Term("network", ("layer", "parameter")),
    "weight": Term("inside", ("parameter", "gradient_descent")),
    "parameter": Term("network", ("weight", "overfitting")),
    "activation": Term("network", ("relu", "sigmoid", "softmax")),
    "relu": Term("network", ("activation", "unit")),
    "sigmoid": Term("scores", ("softmax", "activation")),
    "softmax": Term("scores", ("sigmoid", "cross_entropy")),
    "loss": Term("curves", ("cross_entropy", "accuracy")),
    "cross_entropy": Term("learning", ("loss", "softmax", "one_hot")),
    "accuracy": Term("curves", ("loss", "recall")),
    "optimizer": Term("learning", ("gradient_descent", "learning_rate")),
    "gradient_descent": Term("learning", ("optimizer", "batch", "weight")),
    "learning_rate": Term("learning", ("optimizer", "loss")),
    "batch": Term("learning", ("epoch", "gradient_descent")),
    "epoch": Term("curves", ("batch", "turning_point")),
    "seed": Term("studies", ("weight", "cross_validation")),
    "overfitting": Term("curves", ("turning_point", "gap", "dropout")),
    "turning_point": Term("evidence", ("overfitting", "early_stopping", "validation_set")),
    "gap": Term("evidence", ("overfitting", "loss")),
    "early_stopping": Term("learning", ("turning_point", "validation_set")),
    "dropout": Term("network", ("overfitting", "l2")),
    "l2": Term("network", ("weight", "overfitting", "dropout")),
    "label_noise": Term("look_back", ("label", "overfitting")),
    "confusion_matrix": Term("test_result", ("precision", "recall")),
    "precision": Term("test_result", ("recall", "f1", "confusion_matrix")),
    "recall": Term("test_result", ("precision", "f1", "confusion_matrix")),
    "f1": Term("test_result", ("precision", "recall")),
    "confidence": Term("confidence", ("calibration", "softmax")),
    "calibration": Term("confidence", ("confidence",)),
    "one_hot": Term("learning", ("label", "multi_hot", "cross_entropy")),
    "multi_hot": Term("texts", ("one_hot", "padding")),
    "padding": Term("texts", ("embedding", "multi_hot")),
    "embedding": Term("texts", ("padding", "layer")),
    "bottleneck": Term("bottleneck", ("unit", "layer")),
    "cross_validation": Term("studies", ("validation_set", "seed")),
}


def place_link(name: str) -> str:
    """The address of where a term can be seen, from a page beside it."""
    place = PLACES[TERMS[name].place]
    parameters = f"?{urlencode(place.parameters)}" if place.parameters else ""
    return f"{place.address}{parameters}{SEE}{name}"


@dataclass(frozen=True)
class Entry:
    """A term in a language, with what it is called in the other one."""

    name: str
    called: str
    elsewhere: str
    about: str


def entry(name: str, t: Language) -> Entry:
    """What the glossary says of a term."""
    other = language(next(code for code in CODES if code != t.code))
    return Entry(
        name, t(f"glossary.term.{name}"), other(f"glossary.term.{name}"), t(f"glossary.about.{name}")
    )


def entries(t: Language) -> list[Entry]:
    """All terms in the order of their names in this language."""
    return sorted((entry(name, t) for name in TERMS), key=lambda one: one.called.casefold())


def forms(name: str, t: Language) -> tuple[str, ...]:
    """How a term may stand in a text of this language."""
    return tuple(t(f"glossary.forms.{name}").split("|"))


def found(wanted: str, t: Language) -> list[Entry]:
    """The terms that fit what somebody looks for, in either language: those called so before those explained by it."""
    word = " ".join(wanted.casefold().split())

    def names(one: Entry) -> str:
        said = (
            one.called,
            one.elsewhere,
            *(form for code in CODES for form in forms(one.name, language(code))),
        )
        return "|".join(said).casefold()

    called = [one for one in entries(t) if word in names(one)]
    return called + [one for one in entries(t) if one not in called and word in one.about.casefold()]


@lru_cache(maxsize=len(CODES))
def glossary_json(code: str) -> dict[str, Any]:
    """All terms of a language as the browser reads them."""
    t = language(code)
    return {
        one.name: {
            "called": one.called,
            "elsewhere": one.elsewhere,
            "about": one.about,
            "place": t(f"glossary.place.{TERMS[one.name].place}"),
            "related": list(TERMS[one.name].related),
        }
        for one in entries(t)
    }
