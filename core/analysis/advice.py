"""What to try with a network that learned nothing, or whose loss was no longer a number."""

from __future__ import annotations

from typing import Literal

from core.experiment import Experiment, PaddedEncoding
from core.experiment.layers import GRU, LSTM, BatchNormalization, Embedding
from core.run import Run

Advice = Literal[
    "right_labels",
    "fill_at_start",
    "scale_input",
    "hidden_relu",
    "smaller_penalty",
    "smaller_learning_rate",
    "larger_learning_rate",
    "other_learning_rate",
]

#: The English sentences; other languages hold theirs under "advice.CODE".
ADVICE: dict[Advice, str] = {
    "right_labels": (
        "Give the training samples the labels of the data: from labels that are all shuffled, or mostly wrong, nothing "
        "can be learned that holds for other samples."
    ),
    "fill_at_start": (
        "Fill short texts at the start: a layer that reads forwards forgets a text over the zeros that follow it."
    ),
    "scale_input": "Scale the input.",
    "hidden_relu": (
        "Try relu in the hidden layers: through many sigmoids hardly any of the error reaches the first ones."
    ),
    "smaller_penalty": "Try smaller penalties (L1, L2).",
    "smaller_learning_rate": "Try a smaller learning rate.",
    "larger_learning_rate": "Try a larger learning rate.",
    "other_learning_rate": "Try another learning rate, larger or smaller.",
}

#: From which multiple of its usual value a learning rate is the likelier cause on that side.
_FAR = 3.0
#: Through how many hidden sigmoid layers an error hardly gets: the slope of each is at most a quarter.
_MANY = 3


def advice(run: Run, *, learned: bool) -> tuple[Advice, ...]:
    """What to try, the likeliest first; () where nothing went wrong. `learned`: it once beat a constant answer."""
    experiment = run.experiment
    if run.reason.code == "not_a_number" or (run.epochs and not _has_numbers(run)):
        # The steps were too large: that is known, the rest is not.
        return (*_about_input(experiment), "smaller_learning_rate")
    if learned:
        return ()
    if not experiment.labels.tell(experiment.facts.classes):
        return ("right_labels",)
    found = list(_about_input(experiment))
    sigmoids = [layer for layer in experiment.layers[:-1] if getattr(layer, "activation", "") == "sigmoid"]
    if len(sigmoids) >= _MANY:
        found.append("hidden_relu")
    if experiment.is_penalized:
        found.append("smaller_penalty")
    return (*found, _about_learning_rate(experiment))


def _has_numbers(run: Run) -> bool:
    """Whether any epoch has a validation loss that is a number, as far as there is validation at all."""
    losses = [epoch.val_loss for epoch in run.epochs if epoch.val_loss is not None]
    return not losses or any(abs(loss) < float("inf") for loss in losses)


def _about_input(experiment: Experiment) -> tuple[Advice, ...]:
    """Texts are not scaled: word numbers are names, not amounts. Nor is what an Embedding or a normalisation takes."""
    first, encoding = experiment.layers[0], experiment.encoding
    if experiment.facts.kind == "image":
        bare = experiment.scaling == "none" and not isinstance(first, Embedding | BatchNormalization)
        return ("scale_input",) if bare else ()
    late = isinstance(encoding, PaddedEncoding) and encoding.fill == "end"
    forwards = any(isinstance(layer, LSTM | GRU) for layer in experiment.layers)
    return ("fill_at_start",) if late and forwards else ()


def _about_learning_rate(experiment: Experiment) -> Advice:
    optimizer = experiment.optimizer
    usual = float(type(optimizer).model_fields["learning_rate"].default)
    if optimizer.learning_rate >= _FAR * usual:
        return "smaller_learning_rate"
    return "larger_learning_rate" if optimizer.learning_rate <= usual / _FAR else "other_learning_rate"
