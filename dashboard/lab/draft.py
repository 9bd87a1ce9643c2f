"""An experiment on its way: a draft may be impossible for a while, and says why.

A draft is the plain dict of `Experiment.to_dict`. Every function here returns a new one and leaves the
one it was given as it was.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from core.catalog import DATASETS, DatasetInfo
from core.errors import ExperimentError, Issue
from core.experiment import Experiment, FirstSplit, FoldSplit, FractionSplit, ModelSummary, NoSplit, summarize
from core.experiment.config import Config
from core.experiment.data import ENCODINGS, Split
from core.experiment.data import input_shape as shape_of
from core.experiment.experiment import MOST_LAYERS
from core.experiment.layers import LAYERS
from core.experiment.link import PARTS
from core.experiment.training import EarlyStopping, ReduceLROnPlateau
from dashboard.lab import adapt
from dashboard.lab.defaults import Draft, new_layer, new_part

_CALLBACKS: dict[str, type[Config]] = {"early_stopping": EarlyStopping, "reduce_lr": ReduceLROnPlateau}
_SPLITS: TypeAdapter[NoSplit | FirstSplit | FractionSplit | FoldSplit] = TypeAdapter(Split)
_NUM_WORDS = "encoding.num_words"
#: Layers that make nothing of a kind of data, wherever they stand.
_NOT_FOR = {"text": adapt.SPATIAL, "image": frozenset[str]()}


@dataclass(frozen=True)
class Checked:
    """What is to be said of a draft.

    Attributes:
        experiment: The experiment, if it can be.
        problems: Why it cannot; empty if it can.
        trace: The layers with their shapes, up to the first that does not fit.
    """

    experiment: Experiment | None
    problems: tuple[Issue, ...]
    trace: ModelSummary


def draft_of(experiment: Experiment) -> Draft:
    """A draft equal to an experiment."""
    return experiment.to_dict()


def facts_of(draft: Draft) -> DatasetInfo:
    """What is known of the draft's data."""
    return DATASETS[draft["dataset"]]


def encodings_of(draft: Draft) -> tuple[str, ...]:
    """The forms of the input that fit the draft's data, as codes."""
    return tuple(encoding.model_fields["kind"].default for encoding in ENCODINGS[facts_of(draft).kind])


def layers_for(draft: Draft) -> tuple[str, ...]:
    """The kinds of layers that the draft's data can be sent through, in the order of a menu."""
    return tuple(kind for kind in LAYERS if kind not in _NOT_FOR[facts_of(draft).kind])


def most_words(draft: Draft) -> int:
    """The largest `num_words` that the draft's texts give sense to: all their words are kept."""
    return facts_of(draft).max_value + 1


def check(draft: Draft) -> Checked:
    """Judge a draft: the experiment it is, or everything that is wrong with it."""
    facts = facts_of(draft)
    encoding = PARTS["encoding"][draft["encoding"]["kind"]].model_validate(draft["encoding"])
    layers = [LAYERS[layer["kind"]].model_validate(layer) for layer in draft["layers"]]
    fits = isinstance(encoding, ENCODINGS[facts.kind])
    traced = summarize(layers if fits else (), shape_of(facts, encoding))
    try:
        return Checked(Experiment.from_dict(draft), (), traced)
    except ExperimentError as error:
        return Checked(None, error.problems, traced)


def with_value(draft: Draft, path: str, value: Any) -> Draft:
    """Change one setting.

    Args:
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


def with_setting(draft: Draft, path: str, value: Any) -> Draft:
    """Change one setting and what was in step with it: an Embedding's vocabulary follows `num_words`."""
    changed = with_value(draft, path, value)
    layers = changed["layers"]
    if (
        path == _NUM_WORDS
        and draft["encoding"]["kind"] == "padded"
        and layers
        and layers[0]["kind"] == "embedding"
        and layers[0]["vocabulary"] == draft["encoding"]["num_words"]
    ):
        layers[0]["vocabulary"] = value
    return changed


def with_kind(draft: Draft, name: str, kind: str) -> Draft:
    """Make a part another one of its kinds: another optimizer, encoding or split.

    A setting that both have, such as the learning rate, begins anew, for what suits one seldom suits the other;
    but how many words of the texts are kept stays. A network on texts is made to fit their new form.
    """
    if draft[name]["kind"] == kind:
        return draft
    if name == "encoding":
        return _with_encoding(draft, kind)
    part = new_part(kind, PARTS[name])
    if kind == "first":
        rows = draft.get("train_limit") or facts_of(draft).train_size
        part["count"] = min(part["count"], max(1, rows // 5))
    return {**copy.deepcopy(draft), name: part}


def _with_encoding(draft: Draft, kind: str) -> Draft:
    changed = copy.deepcopy(draft)
    encoding = new_part(kind, PARTS["encoding"])
    if "num_words" in encoding:
        wanted = draft["encoding"].get("num_words", encoding["num_words"])
        encoding["num_words"] = min(wanted, max(most_words(draft), 10))
    changed["encoding"] = encoding
    if not changed["layers"] or facts_of(draft).kind != "text":
        return changed
    if kind == "multi_hot":
        changed["layers"] = adapt.for_rows_of_values(changed["layers"])
    elif kind == "padded":
        changed["layers"] = adapt.for_word_numbers(changed["layers"], encoding["num_words"])
    return changed


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
    if kind == "embedding":
        vocabulary = draft["encoding"].get("num_words", facts_of(draft).max_value + 1)
        changed["layers"].insert(0, new_layer(kind, vocabulary=vocabulary))
    elif not changed["layers"] and kind == "dense":
        changed["layers"].append(adapt.output_layer(facts_of(draft), draft["loss"]))
    else:
        changed["layers"].insert(max(0, len(changed["layers"]) - 1), new_part(kind, LAYERS))
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
    """Learn from other data, with as little changed as lets the same network be trained on them.

    Between images and texts the form of the input, the scaling and the layers that need the one or the other
    change; another number of classes changes the output layer and perhaps the loss; fewer samples or words change
    the settings that ask for more.
    """
    changed = {**copy.deepcopy(draft), "dataset": dataset}
    before, facts = facts_of(draft), DATASETS[dataset]
    if facts.kind != before.kind:
        changed = fitted_to_data(changed)
    if changed["encoding"].get("num_words", 0) > most_words(changed):
        changed = with_setting(changed, _NUM_WORDS, most_words(changed))
    if facts.classes != before.classes:
        changed["loss"] = adapt.loss_for(facts, draft["loss"])
        if changed["layers"]:
            output = adapt.output_layer(facts, changed["loss"], one_unit=True)
            changed["layers"] = adapt.with_output(changed["layers"], output)
    return _for_so_many_samples(changed, facts.train_size)


def fitted_to_data(draft: Draft) -> Draft:
    """Bring encoding, scaling and layers to the draft's kind of data, images or texts."""
    layers = draft["layers"]
    sequence = adapt.reads_a_sequence(layers)
    if facts_of(draft).kind == "text":
        # with_kind fits the layers to texts itself.
        return {**_with_encoding(draft, "padded" if sequence else "multi_hot"), "scaling": "none"}
    recurrent = any(layer["kind"] in adapt.RECURRENT for layer in layers)
    fitted = adapt.for_image_rows(layers) if recurrent else adapt.for_rows_of_values(layers)
    encoding = new_part("rows" if recurrent else "flat", PARTS["encoding"])
    return {**draft, "encoding": encoding, "scaling": "pixel", "layers": fitted}


def _for_so_many_samples(draft: Draft, most: int) -> Draft:
    """Take back a sample limit, a validation set or a batch that so many samples do not give."""
    if draft.get("train_limit", 0) > most:
        del draft["train_limit"]
    rows = draft.get("train_limit") or most
    split = draft["split"]
    if split["kind"] == "first" and split["count"] >= rows:
        split["count"] = max(1, rows // 5)
    kept = _SPLITS.validate_python(split).validation_size(rows)
    draft["batch_size"] = min(draft["batch_size"], max(1, rows - kept))
    return draft
