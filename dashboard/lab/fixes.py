"""How a draft that cannot be is mended: for each problem the remedy that its sentence advises."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence

from core.errors import Issue
from core.experiment.link import PARTS
from dashboard.lab import adapt
from dashboard.lab.defaults import Draft, new_layer, new_part
from dashboard.lab.draft import (
    facts_of,
    fitted_to_data,
    with_kind,
    with_setting,
    with_value,
    without_layer,
)


def mended(draft: Draft, problem: Issue) -> Draft | None:
    """The draft with one problem solved in the way its sentence advises; None if only a person can."""
    mend = _MENDS.get(problem.code)
    return mend(draft, problem) if mend else None


def _mend_output(draft: Draft, problem: Issue) -> Draft:
    layers = draft["layers"]
    one_unit = bool(layers) and layers[-1].get("units") == 1
    output = adapt.output_layer(facts_of(draft), draft["loss"], one_unit=one_unit)
    return _with_layers(draft, adapt.with_output(layers, output))


def _mend_rank(draft: Draft, problem: Issue) -> Draft:
    """Make one row of an image or a sequence, in front of the output."""
    layers = list(draft["layers"])
    ends_dense = bool(layers) and layers[-1]["kind"] == "dense"
    text = facts_of(draft).kind == "text"
    layer = new_layer("global_average_pooling" if text else "flatten")
    layers.insert(len(layers) - (1 if ends_dense else 0), layer)
    return _mend_output(_with_layers(draft, layers), problem)


def _mend_loss(draft: Draft, problem: Issue) -> Draft:
    return _mend_output(with_value(draft, "loss", "sparse_categorical_crossentropy"), problem)


def _mend_image(draft: Draft, problem: Issue) -> Draft:
    if facts_of(draft).kind == "text":
        return _mend_by_leaving_out(draft, problem)
    changed = with_kind(draft, "encoding", "image")
    kinds = [layer["kind"] for layer in changed["layers"]]
    if not {"flatten", "global_average_pooling"} & set(kinds):
        last = max(i for i, kind in enumerate(kinds) if kind in adapt.SPATIAL)
        changed["layers"].insert(last + 1, new_layer("flatten"))
    return changed


def _mend_after_flatten(draft: Draft, problem: Issue) -> Draft:
    """Bring all convolutions and poolings to the front, then Flatten; texts have no use for them."""
    if facts_of(draft).kind == "text":
        return _mend_by_leaving_out(draft, problem)
    layers = draft["layers"]
    spatial = [layer for layer in layers if layer["kind"] in adapt.SPATIAL]
    rest = [layer for layer in layers if layer["kind"] not in (*adapt.SPATIAL, "flatten")]
    ordered = [*spatial, new_layer("flatten"), *rest]
    return with_kind(_with_layers(draft, ordered), "encoding", "image")


def _mend_sequence(draft: Draft, problem: Issue) -> Draft | None:
    index = _place(problem)
    before = draft["layers"][index - 1] if index else None
    if before is not None and before["kind"] in adapt.RECURRENT:
        return with_value(draft, f"layers.{index - 1}.return_sequences", True)
    if facts_of(draft).kind == "text":
        return _read_in_order(draft, problem)
    return with_kind(draft, "encoding", "rows") if index == 0 else None


def _mend_by_leaving_out(draft: Draft, problem: Issue) -> Draft:
    return without_layer(draft, _place(problem))


def _mend_kernel(draft: Draft, problem: Issue) -> Draft:
    window = "kernel" if "kernel" in draft["layers"][_place(problem)] else "pool"
    return with_value(draft, f"{problem.where}.{window}", max(1, int(str(problem.details["largest"]))))


def _mend_vocabulary(draft: Draft, problem: Issue) -> Draft:
    return with_value(draft, f"{problem.where}.vocabulary", problem.details["needed"])


def _mend_batch(draft: Draft, problem: Issue) -> Draft:
    return with_value(draft, "batch_size", problem.details["rows"])


def _mend_limit(draft: Draft, problem: Issue) -> Draft:
    return with_value(draft, "train_limit", None)


def _mend_split(draft: Draft, problem: Issue) -> Draft:
    return {**copy.deepcopy(draft), "split": new_part("fraction", PARTS["split"])}


def _mend_monitor(draft: Draft, problem: Issue) -> Draft:
    return with_value(draft, problem.where, problem.details["instead"])


def _mend_scaling(draft: Draft, problem: Issue) -> Draft:
    return with_value(draft, "scaling", "none")


def _mend_embedding_place(draft: Draft, problem: Issue) -> Draft:
    if facts_of(draft).kind == "text":
        return _read_in_order(draft, problem)
    layers = list(draft["layers"])
    embedding = layers.pop(_place(problem))
    if any(layer["kind"] in adapt.SPATIAL for layer in layers):
        return _with_layers(draft, layers)  # these need images, and an Embedding must not have them
    if not layers or layers[0]["kind"] != "embedding":
        layers.insert(0, embedding)
    return with_kind(_with_layers(draft, layers), "encoding", "flat")


def _mend_first_of_multi_hot(draft: Draft, problem: Issue) -> Draft:
    if draft["layers"][0]["kind"] in adapt.RECURRENT:
        return _read_in_order(draft, problem)
    return _with_layers(draft, [new_layer("dense", units=adapt.HIDDEN_UNITS), *draft["layers"]])


def _mend_num_words(draft: Draft, problem: Issue) -> Draft:
    return with_setting(draft, problem.where, problem.details["bound"])


def _mend_encoding(draft: Draft, problem: Issue) -> Draft:
    return fitted_to_data(draft)


def _read_in_order(draft: Draft, problem: Issue) -> Draft:
    """Padded texts, an Embedding in front, recurrent layers next."""
    padded = with_kind(draft, "encoding", "padded")
    layers = adapt.recurrent_first(draft["layers"]) if _recurrent(draft) else draft["layers"]
    return _with_layers(padded, adapt.for_word_numbers(layers, padded["encoding"]["num_words"]))


def _recurrent(draft: Draft) -> bool:
    return any(layer["kind"] in adapt.RECURRENT for layer in draft["layers"])


def _with_layers(draft: Draft, layers: Sequence[Draft]) -> Draft:
    return copy.deepcopy({**draft, "layers": list(layers)})


def _place(problem: Issue) -> int:
    """Which layer a problem is about, from 0."""
    return int(problem.where.split(".")[1])


_MENDS: dict[str, Callable[[Draft, Issue], Draft | None]] = {
    "no_layers": _mend_output,
    "output_units": _mend_output,
    "output_activation": _mend_output,
    "sigmoid_with_classes": _mend_output,
    "categorical_loss_with_one_unit": _mend_output,
    "output_rank": _mend_rank,
    "binary_loss_with_classes": _mend_loss,
    "layer_needs_image": _mend_image,
    "layer_after_flatten": _mend_after_flatten,
    "layer_needs_sequence": _mend_sequence,
    "kernel_too_large": _mend_kernel,
    "embedding_vocabulary": _mend_vocabulary,
    "embedding_scaled": _mend_scaling,
    "text_scaled": _mend_scaling,
    "multi_hot_needs_dense": _mend_first_of_multi_hot,
    "padded_needs_embedding": _read_in_order,
    "num_words_larger_than_data": _mend_num_words,
    "encoding_not_for_data": _mend_encoding,
    "layer_needs_space": _mend_by_leaving_out,
    "embedding_not_first": _mend_embedding_place,
    "batch_larger_than_data": _mend_batch,
    "limit_larger_than_data": _mend_limit,
    "split_too_large": _mend_split,
    "monitor_needs_validation": _mend_monitor,
}
