"""An experiment on its way: a draft may be impossible for a while, says why, and knows how to be mended.

A draft is the plain dict of `Experiment.to_dict`. Every function here returns a new one and leaves the
one it was given as it was.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import ExperimentError, Problem
from core.experiment import DATASETS, Experiment, Trace, trace
from core.experiment.data import FlatEncoding, ImageEncoding, RowsEncoding
from core.experiment.data import input_shape as shape_of
from core.experiment.experiment import MOST_LAYERS
from core.experiment.layers import LAYERS
from core.experiment.link import PARTS
from core.experiment.part import Part
from core.experiment.training import EarlyStopping, ReduceLROnPlateau

Draft = dict[str, Any]

_ENCODINGS = {"flat": FlatEncoding, "image": ImageEncoding, "rows": RowsEncoding}
_CALLBACKS: dict[str, type[Part]] = {"early_stopping": EarlyStopping, "reduce_lr": ReduceLROnPlateau}

#: What a newly added part begins with, where its model has no default.
_BEGINNINGS: dict[str, dict[str, Any]] = {
    "dense": {"units": 64, "activation": "relu"},
    "dropout": {"rate": 0.5},
    "conv2d": {"filters": 16, "activation": "relu", "padding": "same"},
    "embedding": {"vocabulary": 256, "dimensions": 8},
    "lstm": {"units": 32},
    "gru": {"units": 32},
    "bidirectional": {"units": 32},
    "first": {"count": 10_000},
    "fraction": {"fraction": 0.3},
}


@dataclass(frozen=True)
class Checked:
    """What is to be said of a draft.

    Attributes:
        experiment: The experiment, if it can be.
        problems: Why it cannot; empty if it can.
        trace: The layers with their shapes, up to the first that does not fit.
    """

    experiment: Experiment | None
    problems: tuple[Problem, ...]
    trace: Trace


def draft_of(experiment: Experiment) -> Draft:
    """A draft equal to an experiment."""
    return experiment.to_dict()


def check(draft: Draft) -> Checked:
    """Judge a draft: the experiment it is, or everything that is wrong with it."""
    facts = DATASETS[draft["dataset"]]
    encoding = _ENCODINGS[draft["encoding"]["kind"]]()
    layers = [LAYERS[layer["kind"]].model_validate(layer) for layer in draft["layers"]]
    traced = trace(layers, shape_of(facts, encoding))
    try:
        return Checked(Experiment.from_dict(draft), (), traced)
    except ExperimentError as error:
        return Checked(None, error.problems, traced)


def new_part(kind: str, models: Mapping[str, type[Part]]) -> Draft:
    """A part of this kind with all its settings filled in."""
    part = models[kind].model_validate({"kind": kind, **_BEGINNINGS.get(kind, {})})
    return part.model_dump(mode="json", exclude_none=True)


def with_value(draft: Draft, path: str, value: Any) -> Draft:
    """Change one setting.

    Args:
        draft: The draft.
        path: Where: "epochs", "layers.2.units", "optimizer.learning_rate".
        value: The new value; None takes an optional setting away.
    """
    changed = copy.deepcopy(draft)
    *way, last = path.split(".")
    here: Any = changed
    for step in way:
        here = here[int(step)] if isinstance(here, list) else here[step]
    if value is None:
        here.pop(last, None)
    else:
        here[last] = value
    return changed


def with_kind(draft: Draft, name: str, kind: str) -> Draft:
    """Make a part another one of its kinds: another optimizer, encoding or split.

    A setting that both have, such as the learning rate, begins anew: what suits one seldom suits the other.
    """
    if draft[name]["kind"] == kind:
        return draft
    part = new_part(kind, PARTS[name])
    facts = DATASETS[draft["dataset"]]
    if kind == "first":
        part["count"] = min(part["count"], max(1, (draft.get("train_limit") or facts.train_size) // 5))
    return {**copy.deepcopy(draft), name: part}


def with_callback(draft: Draft, name: str, wanted: bool) -> Draft:
    """Switch EarlyStopping or ReduceLROnPlateau on or off."""
    changed = copy.deepcopy(draft)
    if not wanted:
        changed.pop(name, None)
    elif name not in changed:
        changed[name] = _CALLBACKS[name]().model_dump(mode="json")
        if draft["split"]["kind"] == "none":
            changed[name]["monitor"] = "loss"
    return changed


def with_layer(draft: Draft, kind: str) -> Draft:
    """Add a layer in front of the output layer; as the output if there is none yet."""
    if len(draft["layers"]) >= MOST_LAYERS:
        return draft
    changed = copy.deepcopy(draft)
    layer = new_part(kind, LAYERS)
    if kind == "embedding":
        layer["vocabulary"] = DATASETS[draft["dataset"]].largest + 1
        changed["layers"].insert(0, layer)
    elif not changed["layers"] and kind == "dense":
        changed["layers"].append(_output_layer(draft))
    else:
        changed["layers"].insert(max(0, len(changed["layers"]) - 1), layer)
    return changed


def without_layer(draft: Draft, index: int) -> Draft:
    """Take a layer away."""
    changed = copy.deepcopy(draft)
    del changed["layers"][index]
    return changed


def with_layer_moved(draft: Draft, index: int, by: int) -> Draft:
    """Move a layer up (-1) or down (+1); at the end of the list nothing happens."""
    changed = copy.deepcopy(draft)
    layers = changed["layers"]
    target = index + by
    if 0 <= target < len(layers):
        layers[index], layers[target] = layers[target], layers[index]
    return changed


def with_dataset(draft: Draft, dataset: str) -> Draft:
    """Learn from other data; what no longer fits is left for `check` to name, except the sample limit."""
    changed = {**copy.deepcopy(draft), "dataset": dataset}
    if changed.get("train_limit", 0) > DATASETS[dataset].train_size:
        del changed["train_limit"]
    return changed


def mended(draft: Draft, problem: Problem) -> Draft | None:
    """The draft with one problem solved in the way its sentence advises; None if only a person can."""
    mend = _MENDS.get(problem.code)
    return mend(draft, problem) if mend else None


def _output_layer(draft: Draft) -> Draft:
    return {
        **new_part("dense", LAYERS),
        "units": DATASETS[draft["dataset"]].classes,
        "activation": "softmax",
    }


def _mend_output(draft: Draft, problem: Problem) -> Draft:
    changed = copy.deepcopy(draft)
    binary = draft["loss"] == "binary_crossentropy" and DATASETS[draft["dataset"]].classes == 2
    output = {**_output_layer(draft), **({"units": 1, "activation": "sigmoid"} if binary else {})}
    if changed["layers"] and changed["layers"][-1]["kind"] == "dense":
        changed["layers"][-1] |= {key: output[key] for key in ("units", "activation")}
    else:
        changed["layers"].append(output)
    return changed


def _mend_rank(draft: Draft, problem: Problem) -> Draft:
    changed = copy.deepcopy(draft)
    ends_dense = bool(changed["layers"]) and changed["layers"][-1]["kind"] == "dense"
    position = len(changed["layers"]) - (1 if ends_dense else 0)
    changed["layers"].insert(position, new_part("flatten", LAYERS))
    return _mend_output(changed, problem)


def _mend_loss(draft: Draft, problem: Problem) -> Draft:
    return _mend_output(with_value(draft, "loss", "sparse_categorical_crossentropy"), problem)


def _mend_image(draft: Draft, problem: Problem) -> Draft:
    changed = with_kind(draft, "encoding", "image")
    kinds = [layer["kind"] for layer in changed["layers"]]
    if not {"flatten", "global_average_pooling"} & set(kinds):
        last = max(i for i, kind in enumerate(kinds) if kind in ("conv2d", "max_pooling2d"))
        changed["layers"].insert(last + 1, new_part("flatten", LAYERS))
    return changed


def _mend_after_flatten(draft: Draft, problem: Problem) -> Draft:
    """Bring all convolutions and poolings to the front, then Flatten."""
    layers = draft["layers"]
    spatial = [layer for layer in layers if layer["kind"] in ("conv2d", "max_pooling2d")]
    rest = [layer for layer in layers if layer["kind"] not in ("conv2d", "max_pooling2d", "flatten")]
    ordered = [*spatial, new_part("flatten", LAYERS), *rest]
    return with_kind({**copy.deepcopy(draft), "layers": copy.deepcopy(ordered)}, "encoding", "image")


def _mend_sequence(draft: Draft, problem: Problem) -> Draft | None:
    index = int(problem.where.split(".")[1])
    changed = copy.deepcopy(draft)
    before = changed["layers"][index - 1] if index else None
    if before is not None and "return_sequences" in LAYERS[before["kind"]].model_fields:
        before["return_sequences"] = True
        return changed
    return with_kind(changed, "encoding", "rows") if index == 0 else None


def _mend_kernel(draft: Draft, problem: Problem) -> Draft:
    layer = f"{problem.where}.{'kernel' if 'kernel' in _layer_at(draft, problem) else 'pool'}"
    return with_value(draft, layer, max(1, int(str(problem.details["largest"]))))


def _mend_vocabulary(draft: Draft, problem: Problem) -> Draft:
    return with_value(draft, f"{problem.where}.vocabulary", problem.details["needed"])


def _mend_batch(draft: Draft, problem: Problem) -> Draft:
    return with_value(draft, "batch_size", problem.details["rows"])


def _mend_limit(draft: Draft, problem: Problem) -> Draft:
    return with_value(draft, "train_limit", None)


def _mend_split(draft: Draft, problem: Problem) -> Draft:
    return {**copy.deepcopy(draft), "split": new_part("fraction", PARTS["split"])}


def _mend_monitor(draft: Draft, problem: Problem) -> Draft:
    return with_value(draft, problem.where, problem.details["instead"])


def _mend_embedding_scale(draft: Draft, problem: Problem) -> Draft:
    return with_value(draft, "scaling", "none")


def _mend_embedding_place(draft: Draft, problem: Problem) -> Draft:
    changed = copy.deepcopy(draft)
    layer = changed["layers"].pop(int(problem.where.split(".")[1]))
    changed["layers"].insert(0, layer)
    return with_kind(changed, "encoding", "flat")


def _layer_at(draft: Draft, problem: Problem) -> Draft:
    layer: Draft = draft["layers"][int(problem.where.split(".")[1])]
    return layer


_MENDS = {
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
    "embedding_scaled": _mend_embedding_scale,
    "embedding_not_first": _mend_embedding_place,
    "batch_larger_than_data": _mend_batch,
    "limit_larger_than_data": _mend_limit,
    "split_too_large": _mend_split,
    "monitor_needs_validation": _mend_monitor,
}
