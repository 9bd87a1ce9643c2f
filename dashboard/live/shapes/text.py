"""What is said of a shape that a run's curves have, or are taken for. No Streamlit."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from core.analysis.curve_shapes import Suspicion
from core.experiment import Experiment
from dashboard.shared.language import Language, Message

_VERDICTS: dict[bool | None, str] = {True: "fits", False: "not", None: "open"}


def verdict(one: Suspicion, t: Language) -> str:
    """Whether the shape fits, in a word or two."""
    return t(f"shape.{_VERDICTS[one.fits]}")


def sentence(one: Suspicion) -> Message:
    """Why it fits or does not, by the numbers of the run."""
    return Message(f"shape.{one.code}.{_kind(one)}", _WRITTEN[one.code](one.numbers))


def _kind(one: Suspicion) -> str:
    if one.code == "rate" and one.fits and math.isnan(one.numbers["share"]):
        return "no_number"
    if one.code == "labels" and one.fits and one.numbers["share"] == 1:
        return "all"
    if one.code == "dropout" and not one.fits and not one.numbers["rate"]:
        return "without"
    return _VERDICTS[one.fits]


def _share(value: float) -> str:
    return f"{value:.0%}" if math.isfinite(value) else "∞"


def _rate(numbers: Mapping[str, float]) -> dict[str, str]:
    return {
        "rate": f"{numbers['rate']:g}",
        "rises": f"{numbers.get('rises', 0):g}",
        "steps": f"{numbers.get('steps', 0):g}",
        "share": _share(numbers["share"]),
    }


def _early(numbers: Mapping[str, float]) -> dict[str, str]:
    return {name: f"{value:g}" for name, value in numbers.items()}


def _dropout(numbers: Mapping[str, float]) -> dict[str, str]:
    return {name: f"{value:g}" for name, value in numbers.items()}


def _small(numbers: Mapping[str, float]) -> dict[str, str]:
    return {
        "samples": f"{numbers['samples']:,.0f}",
        "accuracy": f"{numbers['accuracy']:.1%}",
        "half": f"{100 * numbers['half']:.1f}",
    }


def _noise(numbers: Mapping[str, float]) -> dict[str, str]:
    times = numbers["times"]
    return {
        "rise": f"{numbers['rise']:.3g}",
        "zigzag": f"{numbers['zigzag']:.2g}",
        "times": f"{times:.1f}" if math.isfinite(times) else "∞",
    }


_WRITTEN: dict[str, Callable[[Mapping[str, float]], dict[str, str]]] = {
    "rate": _rate,
    "labels": lambda numbers: {"share": f"{numbers['share']:.0%}"},
    "early": _early,
    "dropout": _dropout,
    "small": _small,
    "noise": _noise,
}


def attempt_label(one: Suspicion, tried: Experiment, t: Language) -> str:
    """What the experiment that would tell changes."""
    if one.code in ("rate", "noise"):
        return t("shape.try.rate", rate=f"{tried.optimizer.learning_rate:g}")
    if one.code == "early":
        return t("shape.try.early", epochs=tried.epochs)
    if one.code == "small":
        return t("shape.try.small", samples=f"{tried.validation_size:,}")
    return t(f"shape.try.{one.code}")
