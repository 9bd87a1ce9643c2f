"""What the lab does with an experiment on its way, which may have problems for a while.

Every function gives a new experiment, whose `problems` say what is wrong; one setting alone is changed by
`core.experiment.changes.changed`.
"""

from __future__ import annotations

from typing import Any

from core.catalog import dataset_info
from core.experiment import (
    Embedding,
    Encoding,
    Experiment,
    FirstSplit,
    Labels,
    Layer,
    MultiHotEncoding,
    Optimizer,
    PaddedEncoding,
    Recurrent,
    Split,
)
from core.experiment.changes import changed
from core.experiment.config import Variant
from core.experiment.data import FEWEST_NUMBERS, encodings_for
from core.experiment.experiment import MOST_LAYERS
from dashboard.lab import adapt


def layers_for(draft: Experiment) -> tuple[str, ...]:
    """The kinds of layers that the draft's data can be sent through, in the order of a menu."""
    text = draft.facts.kind == "text"
    return tuple(kind for kind, layer in Layer.KINDS.items() if not (text and layer.READS == "image"))


def most_words(draft: Experiment) -> int:
    """The largest `num_words` that the draft's texts give sense to: all their words are kept."""
    return max(draft.facts.max_value + 1, FEWEST_NUMBERS)


def with_layers(draft: Experiment, layers: adapt.Layers, **others: Any) -> Experiment:
    """Other layers, and perhaps other settings; of more layers than there may be, hidden ones behind give way."""
    kept = [*layers[: MOST_LAYERS - 1], layers[-1]] if len(layers) > MOST_LAYERS else layers
    return changed(draft, {**others, "layers": kept})


_FAMILIES: dict[str, type[Variant]] = {
    "encoding": Encoding,
    "split": Split,
    "labels": Labels,
    "optimizer": Optimizer,
}


def with_kind(draft: Experiment, name: str, kind: str) -> Experiment:
    """Make a part another one of its kinds: another optimizer, encoding or split.

    A setting that both have, such as the learning rate, begins anew, for what suits one seldom suits the other;
    but how many words of the texts are kept stays. A network on texts is made to fit their new form.
    """
    if getattr(draft, name).kind == kind:
        return draft
    if name == "encoding":
        return _with_encoding(draft, kind)
    part = _FAMILIES[name].KINDS[kind].new()
    if isinstance(part, FirstSplit):
        part = FirstSplit(count=min(part.count, max(1, draft.rows // 5)))
    return changed(draft, {name: part})


def _with_encoding(draft: Experiment, kind: str) -> Experiment:
    encoding = Encoding.KINDS[kind].new()
    layers: adapt.Layers = draft.layers
    if isinstance(encoding, MultiHotEncoding | PaddedEncoding):
        num_words = min(getattr(draft.encoding, "num_words", encoding.num_words), most_words(draft))
        encoding = encoding.model_copy(update={"num_words": num_words})
        if layers and draft.facts.kind == "text":
            padded = kind == "padded"
            layers = adapt.for_word_numbers(layers, num_words) if padded else adapt.for_rows_of_values(layers)
    return with_layers(draft, layers, encoding=encoding)


def with_callback(draft: Experiment, name: str, wanted: bool) -> Experiment:
    """Switch EarlyStopping or ReduceLROnPlateau on or off."""
    if not wanted:
        return changed(draft, {name: None})
    monitor = "val_loss" if draft.validation_size else "loss"
    return draft if getattr(draft, name) else changed(draft, {name: {"monitor": monitor}})


def with_layer(draft: Experiment, kind: str) -> Experiment:
    """Add a layer in front of the output layer; as the output if there is none yet."""
    layers = list(draft.layers)
    if len(layers) >= MOST_LAYERS:
        return draft
    if kind == "embedding":
        layers.insert(0, Embedding.new(vocabulary=getattr(draft.encoding, "num_words", most_words(draft))))
    elif not layers and kind == "dense":
        layers.append(adapt.output_layer(draft.facts, draft.loss))
    else:
        layers.insert(max(0, len(layers) - 1), Layer.KINDS[kind].new())
    return with_layers(draft, layers)


def without_layer(draft: Experiment, index: int) -> Experiment:
    """Take a layer away."""
    return with_layers(draft, [*draft.layers[:index], *draft.layers[index + 1 :]])


def with_layer_moved(draft: Experiment, index: int, by: int) -> Experiment:
    """Move a layer up (-1) or down (+1); at the end of the list nothing happens."""
    layers, target = list(draft.layers), index + by
    if not 0 <= target < len(layers):
        return draft
    layers[index], layers[target] = layers[target], layers[index]
    return with_layers(draft, layers)


def with_dataset(draft: Experiment, dataset: str) -> Experiment:
    """Learn from other data, with as little changed as lets the same network be trained on them.

    Between images and texts the form of the input, the scaling and the layers that need the one or the other
    change; another number of classes changes the output layer and perhaps the loss; fewer samples or words change
    the settings that ask for more.
    """
    before, facts = draft.facts, dataset_info(dataset)
    draft = changed(draft, {"dataset": dataset})
    if facts.kind != before.kind:
        draft = fitted_to_data(draft)
    if getattr(draft.encoding, "num_words", 0) > most_words(draft):
        draft = changed(draft, {"encoding.num_words": most_words(draft)})
    if facts.classes != before.classes:
        loss = adapt.loss_for(facts, draft.loss)
        output = adapt.output_layer(facts, loss, one_unit=True)
        layers = adapt.with_output(draft.layers, output) if draft.layers else ()
        draft = with_layers(draft, layers, loss=loss)
    return _for_so_many_samples(draft)


def fitted_to_data(draft: Experiment) -> Experiment:
    """Bring encoding, scaling and layers to the draft's kind of data, images or texts."""
    layers = draft.layers
    recurrent = any(isinstance(layer, Recurrent) for layer in layers)
    embeddings = any(isinstance(layer, Embedding) for layer in layers)
    if draft.facts.kind == "text":
        # The layers are fitted to texts with their form.
        kind = "padded" if recurrent or embeddings else "multi_hot"
        return changed(_with_encoding(draft, kind), {"scaling": "none"})
    # Rows of an image are vectors already, so they need no Embedding.
    rows = [layer for layer in layers if not isinstance(layer, Embedding)]
    kept = rows if recurrent else adapt.for_rows_of_values(layers)
    return with_layers(_with_encoding(draft, "rows" if recurrent else "flat"), kept, scaling="pixel")


def _for_so_many_samples(draft: Experiment) -> Experiment:
    """Take back a sample limit, a validation set or a batch that the data do not give."""
    if draft.rows > draft.facts.train_size:
        draft = changed(draft, {"train_limit": None})
    if isinstance(draft.split, FirstSplit) and draft.split.count >= draft.rows:
        draft = changed(draft, {"split.count": max(1, draft.rows // 5)})
    return changed(draft, {"batch_size": min(draft.batch_size, max(1, draft.train_size))})


def encodings_of(draft: Experiment) -> tuple[str, ...]:
    """The forms of the input that fit the draft's data, as codes."""
    return tuple(encodings_for(draft.facts.kind))
