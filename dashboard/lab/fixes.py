"""How a draft that cannot be is mended: for each problem the remedy that its sentence advises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.errors import Issue
from core.experiment import Dense, Experiment, Flatten, FractionSplit, GlobalAveragePooling, Recurrent
from core.experiment.changes import changed
from dashboard.lab import adapt
from dashboard.lab.draft import fitted_to_data, with_kind, with_layers, without_layer


def fixed(draft: Experiment, problem: Issue) -> Experiment | None:
    """The draft with one problem solved in the way its sentence advises; None if only a person can."""
    if problem.code in _SETTINGS:
        return changed(draft, _SETTINGS[problem.code])
    if problem.code in _FROM_DETAILS:
        suffix, detail = _FROM_DETAILS[problem.code]
        return changed(draft, {problem.where + suffix: problem.details[detail]})
    fix = _FIXES.get(problem.code)
    return fix(draft, problem) if fix else None


#: Problems that one setting solves, and what it becomes.
_SETTINGS: dict[str, dict[str, Any]] = {
    "embedding_scaled": {"scaling": "none"},
    "text_scaled": {"scaling": "none"},
    "limit_larger_than_data": {"train_limit": None},
    "split_too_large": {"split": FractionSplit.new()},
}

#: Problems whose details say what the setting they are about, or one in that place, should be.
_FROM_DETAILS = {
    "embedding_vocabulary": (".vocabulary", "needed"),
    "num_words_larger_than_data": ("", "bound"),
    "batch_larger_than_data": ("", "rows"),
    "monitor_needs_validation": ("", "instead"),
}


def _output(draft: Experiment, problem: Issue) -> Experiment:
    one_unit = bool(draft.layers) and getattr(draft.layers[-1], "units", 0) == 1
    output = adapt.output_layer(draft.facts, draft.loss, one_unit=one_unit)
    return with_layers(draft, adapt.with_output(draft.layers, output))


def _rank(draft: Experiment, problem: Issue) -> Experiment:
    """Make one row of an image or a sequence, in front of the output."""
    layers = list(draft.layers)
    ends_dense = bool(layers) and isinstance(layers[-1], Dense)
    row = GlobalAveragePooling() if draft.facts.kind == "text" else Flatten()
    layers.insert(len(layers) - (1 if ends_dense else 0), row)
    return _output(with_layers(draft, layers), problem)


def _loss(draft: Experiment, problem: Issue) -> Experiment:
    return _output(changed(draft, {"loss": "sparse_categorical_crossentropy"}), problem)


def _image(draft: Experiment, problem: Issue) -> Experiment:
    if draft.facts.kind == "text":
        return _leave_out(draft, problem)
    layers = list(draft.layers)
    if not any(layer.READS == "space" for layer in layers):
        last = max(place for place, layer in enumerate(layers) if layer.READS == "image")
        layers.insert(last + 1, Flatten())
    return with_layers(with_kind(draft, "encoding", "image"), layers)


def _after_flatten(draft: Experiment, problem: Issue) -> Experiment:
    """Bring all convolutions and poolings to the front, then Flatten; texts have no use for them."""
    if draft.facts.kind == "text":
        return _leave_out(draft, problem)
    spatial = [layer for layer in draft.layers if layer.READS == "image"]
    rest = [layer for layer in draft.layers if layer.READS != "image" and not isinstance(layer, Flatten)]
    return with_kind(with_layers(draft, [*spatial, Flatten(), *rest]), "encoding", "image")


def _sequence(draft: Experiment, problem: Issue) -> Experiment | None:
    place = _place(problem)
    if place and isinstance(draft.layers[place - 1], Recurrent):
        return changed(draft, {f"layers.{place - 1}.return_sequences": True})
    if draft.facts.kind == "text":
        return _read_in_order(draft, problem)
    return with_kind(draft, "encoding", "rows") if place == 0 else None


def _leave_out(draft: Experiment, problem: Issue) -> Experiment:
    return without_layer(draft, _place(problem))


def _window(draft: Experiment, problem: Issue) -> Experiment:
    window = "kernel" if hasattr(draft.layers[_place(problem)], "kernel") else "pool"
    return changed(draft, {f"{problem.where}.{window}": max(1, int(str(problem.details["largest"])))})


def _embedding_place(draft: Experiment, problem: Issue) -> Experiment:
    if draft.facts.kind == "text":
        return _read_in_order(draft, problem)
    layers = list(draft.layers)
    embedding = layers.pop(_place(problem))
    if any(layer.READS == "image" for layer in layers):
        return with_layers(draft, layers)  # these need images, and an Embedding must not have them
    if not layers or layers[0].READS != "numbers":
        layers.insert(0, embedding)
    return with_kind(with_layers(draft, layers), "encoding", "flat")


def _first_of_multi_hot(draft: Experiment, problem: Issue) -> Experiment:
    if isinstance(draft.layers[0], Recurrent):
        return _read_in_order(draft, problem)
    return with_layers(draft, [Dense.new(units=adapt.HIDDEN_UNITS), *draft.layers])


def _read_in_order(draft: Experiment, problem: Issue) -> Experiment:
    """Padded texts, an Embedding in front, recurrent layers next."""
    padded = with_kind(draft, "encoding", "padded")
    recurrent = any(isinstance(layer, Recurrent) for layer in draft.layers)
    layers = adapt.recurrent_first(draft.layers) if recurrent else draft.layers
    return with_layers(padded, adapt.for_word_numbers(layers, padded.text_encoding.num_words))


def _place(problem: Issue) -> int:
    """Which layer a problem is about, from 0."""
    return int(problem.where.split(".")[1])


_FIXES: dict[str, Callable[[Experiment, Issue], Experiment | None]] = {
    "no_layers": _output,
    "output_units": _output,
    "output_activation": _output,
    "sigmoid_with_classes": _output,
    "categorical_loss_with_one_unit": _output,
    "output_rank": _rank,
    "binary_loss_with_classes": _loss,
    "layer_needs_image": _image,
    "layer_after_flatten": _after_flatten,
    "layer_needs_sequence": _sequence,
    "layer_needs_space": _leave_out,
    "kernel_too_large": _window,
    "multi_hot_needs_dense": _first_of_multi_hot,
    "padded_needs_embedding": _read_in_order,
    "encoding_not_for_data": lambda draft, _: fitted_to_data(draft),
    "embedding_not_first": _embedding_place,
}
