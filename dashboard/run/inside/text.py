"""What is said of the inside of a network: names of its parts, and one sentence beside each figure. No Streamlit."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.analysis.turning_point import Turn
from core.analysis.weight_history import WeightGrowth, WeightHistory, size_after
from core.datasets.dataset import Vocabulary
from core.datasets.tokenization import words_kept
from core.experiment import Dropout, Flatten, LayerSummary
from core.inference.kinds.activations import LayerActivation
from core.inference.kinds.first_layer import UnitWords, WordWeight
from core.inference.kinds.units import LayerUnits, UnitsAnswer
from core.models.first_layer import FirstLayer
from dashboard.shared.charts.colours import (
    CHANNELS,
    NEGATIVE,
    POSITIVE,
    as_lights,
    coloured,
    gradient,
    light_gradient,
)
from dashboard.shared.language import Language, Message
from dashboard.shared.samples.sample_html import written_in

#: Words to begin with where an Embedding is asked for neighbours.
_FIRST_WORDS = ("excellent", "wonderful", "good", "oil", "최고", "최고/NNG", "재미", "재미/NNG")
_MOST_NAMED = 20
_ONE_WEIGHT = 2  # axes of a picture with one weight for each place
#: What Keras calls the tensors that have a name in the language files; others go by Keras's.
_TENSORS = ("beta", "bias", "embeddings", "gamma", "kernel", "recurrent_kernel")


def first_word(vocabulary: Vocabulary, num_words: int) -> str:
    """A word that the network knows and that says something, to begin with; the most frequent one if there is none."""
    for word in _FIRST_WORDS:
        rank = vocabulary.rank(word)
        if rank is not None and rank <= words_kept(num_words, len(vocabulary)):
            return word
    return vocabulary.word(1)


def tensor_name(tensor: str, t: Language) -> str:
    """What to call a tensor such as "dense/kernel": its layer, and whether it is weights or biases."""
    layer, _, inner = tensor.partition("/")
    kind = inner.rpartition("/")[2]
    name = t(f"inside.tensor.{kind}") if kind in _TENSORS else kind
    between = inner.rpartition("/")[0].partition("/")[0] if inner.count("/") > 1 else ""
    return " · ".join(part for part in (layer, between, name) if part)


def unit_names(layer: FirstLayer, classes: Sequence[str], t: Language) -> tuple[str, ...]:
    """What to call the units of the first layer: the classes if it is the output too, else numbers."""
    if layer.is_output and layer.units == len(classes):
        return tuple(classes)
    if layer.is_output and layer.units == 1 and len(classes) == 2:
        return (classes[1],)
    word = t("inside.filter" if layer.form == "filters" else "inside.unit")
    return tuple(f"{word} {unit}" for unit in range(layer.units))


def strongest_weight(pictures: NDArray[np.float32], names: Sequence[str], first: int) -> Message:
    """Where the largest weight of some pictures, (units, height, width) or with three colours, is."""
    place = np.unravel_index(int(np.abs(pictures).argmax()), pictures.shape)
    unit, row, column, *channel = map(int, place)
    details: dict[str, Any] = {"value": f"{pictures[place]:+.3f}", "name": names[first + unit]}
    details |= {"row": row, "column": column}
    if not channel:
        return Message("inside.pictures.strongest", details)
    colour = Message(f"data.channel.{CHANNELS[channel[0]]}")
    return Message("inside.pictures.strongest.colour", {**details, "colour": colour})


def picture_about(picture: NDArray[np.float32], name: str) -> Message:
    """One picture of weights in words."""
    return Message(
        "inside.picture.about",
        {"name": name, "low": f"{picture.min():+.3f}", "high": f"{picture.max():+.3f}"},
    )


def layer_title(place: int, row: LayerSummary, t: Language) -> str:
    """A layer by its place from 1, its kind, its name in Keras and the shape of what it puts out."""
    kind = t(f"layer.{row.layer.kind}")
    return f"{place + 1}. {kind} · `{row.name}` · {' × '.join(map(str, row.output_shape))}"


def passes_on(row: LayerSummary) -> Message | None:
    """Why there is nothing to see of a layer that only passes on what it gets; None of any other."""
    if isinstance(row.layer, Flatten):
        return Message("inside.activations.flatten")
    if isinstance(row.layer, Dropout):
        return Message("inside.activations.dropout")
    return None


def layer_sentence(layer: LayerActivation) -> Message:
    """How many values of a layer's output are above 0, and how far they go; of a single value that value."""
    if layer.shape == (1,):
        return Message("inside.activations.single", {"value": f"{layer.highest:.4f}"})
    return Message(
        "inside.activations.layer",
        {
            "active": f"{layer.active:,}",
            "total": f"{int(np.prod(layer.shape)):,}",
            "low": _short(layer.lowest),
            "high": _short(layer.highest),
        },
    )


def growth_sentences(history: WeightHistory, growth: WeightGrowth, turn: Turn) -> tuple[Message, ...]:
    """How far the weights of a tensor have grown, and how far they were at the turning point."""
    first, last = growth.epochs
    details = {
        "first": first,
        "last": last,
        "before": f"{growth.sizes[0]:.3g}",
        "after": f"{growth.sizes[1]:.3g}",
        "reach_before": f"{growth.reach[0]:.3g}",
        "reach_after": f"{growth.reach[1]:.3g}",
    }
    if growth.factor is None:
        messages = [Message("inside.growth.from_nothing", details)]
    else:
        messages = [Message("inside.growth", {**details, "factor": f"{growth.factor:.2f}"})]
    if turn.confirmed and turn.epoch is not None:
        size = size_after(history, growth.tensor, turn.epoch)
        if size is not None:
            messages.append(Message("inside.growth.turn", {"epoch": turn.epoch, "size": f"{size:.3g}"}))
    return tuple(messages)


def units_sentence(answer: UnitsAnswer) -> Message:
    """How many of all hidden units do nothing, or nearly nothing."""
    total = sum(layer.units for layer in answer.layers)
    dead, seldom, saturated = (
        sum(len(getattr(layer, which)) for layer in answer.layers)
        for which in ("dead", "seldom", "saturated")
    )
    if not dead + seldom + saturated:
        return Message("inside.units.none_idle", {"total": f"{total:,}"})
    return Message(
        "inside.units.found",
        {"total": f"{total:,}", "dead": f"{dead:,}", "seldom": f"{seldom:,}", "saturated": f"{saturated:,}"},
    )


def numbers_sentence(layer: LayerUnits, which: str) -> Message | None:
    """The numbers of the units of one sort, the first of many; None if there are none."""
    found: tuple[int, ...] = getattr(layer, which)
    if not found:
        return None
    numbers = ", ".join(map(str, found[:_MOST_NAMED])) + (" …" if len(found) > _MOST_NAMED else "")
    return Message(f"inside.units.{which}_numbers", {"numbers": numbers})


def words_html(units: Sequence[UnitWords], names: Sequence[str], largest: float, t: Language) -> str:
    """The strongest words of some units as cards; every word is escaped here."""
    cards = "".join(
        f'<div class="tp-unit" role="listitem"><b>{escape(names[unit.unit])}</b>'
        f"{_words(unit.raising, POSITIVE, '+', largest, t('inside.words.raising'))}"
        f"{_words(unit.lowering, NEGATIVE, '−', largest, t('inside.words.lowering'))}</div>"
        for unit in units
    )
    return f'<div class="tp-units" role="list">{cards}</div>'


def _words(words: Sequence[WordWeight], colour: str, sign: str, largest: float, label: str) -> str:
    spans = " ".join(
        f'<span class="tp-unit-word" style="--tp-share:{100 * abs(word.weight) / (largest or 1):.0f}%"'
        f' title="{word.weight:+.3f}">{escape(word.word)}</span>'
        for word in words
    )
    return (
        f'<div class="tp-unit-words" style="--tp-colour:{colour}">'
        f'<span class="tp-unit-sign" aria-label="{escape(label)}" title="{escape(label)}">{sign}</span>'
        f'<span lang="{written_in(spans) or "en"}">{spans or "–"}</span></div>'
    )


def _short(value: float) -> str:
    """Three digits, and nothing like 1.17e-12, which a reader could take for more than one."""
    return "0.000" if 0 < abs(value) < 0.0005 else f"{value:.3g}"


def first_about(layer: FirstLayer) -> Message:
    """What the weights of the first layer are, and how to read them."""
    key = f"inside.first.{layer.form}.colour" if layer.in_colours else f"inside.first.{layer.form}"
    return Message(key, {"layer": layer.name, "units": f"{layer.units:,}"})


def painted(picture: NDArray[np.float32], largest: float) -> NDArray[np.uint8]:
    """The weights of a unit as a picture: by their signs, or of colours as the colours that they look for."""
    return as_lights(picture, largest) if picture.ndim > _ONE_WEIGHT else coloured(picture, largest)


def lights_scale_html(largest: float | None, t: Language) -> str:
    """What the colours of a picture of weights of colours mean, one scale for each of the three."""
    low, high = _ends(largest)
    rows = []
    for channel, name in enumerate(CHANNELS):
        colour = t(f"data.channel.{name}")
        about = escape(t("inside.scale.colour", colour=colour, low=low, high=high))
        rows.append(
            f'<div class="tp-scale" role="img" aria-label="{about}"><span>{escape(colour)} {low}</span>'
            f'<i style="background:{light_gradient(channel)}"></i><span>{high}</span></div>'
        )
    return f'<div class="tp-scales">{"".join(rows)}</div>'


def _ends(largest: float | None) -> tuple[str, str]:
    return ("−", "+") if largest is None else (f"−{largest:.3g}", f"+{largest:.3g}")


def scale_html(largest: float | None, t: Language) -> str:
    """What the colours mean, from the lowest number to the highest; `largest` is None if each picture has its own."""
    low, high = _ends(largest)
    return (
        f'<div class="tp-scale" role="img" aria-label="{escape(t("inside.scale", low=low, high=high))}">'
        f'<span>{low}</span><i style="background:{gradient()}"></i><span>{high}</span></div>'
    )
