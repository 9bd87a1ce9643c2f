"""What a network must beat to have learned anything."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.analysis.advice import ADVICE, advice
from core.analysis.bands import measured, turns
from core.analysis.baseline import VALIDATION_COUNTS, baseline, has_learned
from core.analysis.evidence import evidence
from core.analysis.turning_point import turning_point, turning_point_of
from core.catalog import DATASETS
from core.datasets import open_dataset
from core.experiment import Experiment
from core.export import notebook, page
from core.run import Epoch, Reason, Run, RunState
from core.settings import Settings
from tests.analysis.runs import stored

SIGMOIDS = [{"kind": "dense", "units": 16, "activation": "sigmoid"}] * 6
#: As the issue has it: lowest after epoch 4, then far up, and never more than one class.
RISING = (2.58, 2.43, 2.43, 2.394, 2.9, 2.9, 2.9, 2.9)


def softmax(classes: int, **more: object) -> dict[str, object]:
    return {"kind": "dense", "units": classes, "activation": "softmax", **more}


def reuters(**changes: object) -> Experiment:
    plain = {
        "dataset": "reuters",
        "encoding": {"kind": "multi_hot", "num_words": 10_000},
        "scaling": "none",
        "split": {"kind": "first", "count": 1_000},
        "layers": [*SIGMOIDS, softmax(46)],
        "optimizer": {"kind": "sgd", "learning_rate": 3, "momentum": 0.9},
        "loss": "categorical_crossentropy",
    }
    return Experiment.from_dict({**plain, **changes})


def images(dataset: str = "digits", **changes: object) -> Experiment:
    plain = {"dataset": dataset, "split": {"kind": "fraction", "fraction": 0.2}, "layers": [softmax(10)]}
    return Experiment.from_dict({**plain, **changes})


def reviews(**changes: object) -> Experiment:
    plain = {
        "dataset": "mini_reviews",
        "encoding": {"kind": "multi_hot", "num_words": 500},
        "scaling": "none",
        "split": {"kind": "first", "count": 1_000},
        "layers": [{"kind": "dense", "units": 1, "activation": "sigmoid"}],
        "loss": "binary_crossentropy",
    }
    return Experiment.from_dict({**plain, **changes})


def sequences(*layers: dict[str, object], **encoding: object) -> Experiment:
    return reviews(
        encoding={"kind": "padded", "num_words": 500, "length": 40, **encoding},
        layers=[
            {"kind": "embedding", "vocabulary": 500, "dimensions": 8},
            *layers,
            {"kind": "dense", "units": 1, "activation": "sigmoid"},
        ],
    )


def trained(experiment: Experiment, losses: tuple[float, ...], accuracy: float, **changes: object) -> Run:
    """A run with these validation losses; its training loss falls with every epoch."""
    epochs = tuple(
        Epoch(number, 3 / number, accuracy, loss, accuracy, 0.01, 0.1)
        for number, loss in enumerate(losses, start=1)
    )
    return stored("a", experiment, epochs=epochs, **changes)


@pytest.mark.parametrize("name", ["digits", "mini_reviews", "mini_newswires"])
def test_the_class_counts_are_those_of_the_data(name: str, settings: Settings) -> None:
    labels = open_dataset(name, settings).y_train
    assert DATASETS[name].class_counts == tuple(np.bincount(labels).tolist())


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["mnist", "fashion_mnist", "imdb", "reuters"])
def test_the_class_counts_of_real_data_are_theirs_too(name: str, settings: Settings, real_datasets) -> None:
    labels = open_dataset(name, settings.model_copy(update={"datasets": real_datasets}), fetch=False).y_train
    assert DATASETS[name].class_counts == tuple(np.bincount(labels).tolist())


@pytest.mark.parametrize(
    ("experiment", "loss", "accuracy"),
    [
        (reuters(), 2.4016, 0.3517),  # not ln 46 = 3.83
        (reuters(loss="mse"), 0.0177, 0.3517),
        (images("mnist"), 2.3012, 0.1124),  # not ln 10 = 2.3026
        (images("mnist", loss="mse"), 0.0900, 0.1124),
        (images(loss="sparse_categorical_crossentropy"), 2.3025, 0.102),
        (reviews(), 0.6931, 0.5058),
        (reviews(loss="mse"), 0.2500, 0.5058),
        (reviews(loss="mse", layers=[softmax(2)]), 0.2500, 0.5058),
    ],
)
def test_a_constant_answer_gives_each_class_its_share(
    experiment: Experiment, loss: float, accuracy: float
) -> None:
    found = baseline(trained(experiment, (1.0,), 0.1))
    assert found is not None
    assert (found.loss, found.accuracy) == (pytest.approx(loss, abs=1e-4), pytest.approx(accuracy, abs=1e-4))


def test_the_classes_of_the_validation_samples_themselves_count_where_they_are_kept() -> None:
    counts = [600, 400]
    run = trained(reviews(), (0.68,), 0.6, environment={VALIDATION_COUNTS: counts})
    found = baseline(run)
    assert found is not None
    assert found.accuracy == 0.6
    assert found.loss == pytest.approx(-0.6 * math.log(0.6) - 0.4 * math.log(0.4))


@pytest.mark.parametrize(
    ("experiment", "losses", "accuracy"),
    [
        (reuters(), RISING, 0.211),
        (reuters(loss="mse"), (0.0178, 0.0177, 0.03, 0.03, 0.03), 0.211),
        (images("mnist"), (2.31, 2.3045, 2.6, 2.6, 2.6), 0.1135),
        (
            images("mnist"),
            (2.31, 2.3015, 2.6, 2.6, 2.6),
            0.1135,
        ),  # less than ln 10, and one class all the same
        (images(loss="mse"), (0.091, 0.0905, 0.18, 0.18, 0.18), 0.103),
        (reviews(), (0.70, 0.6935, 0.9, 0.9, 0.9), 0.506),
        (reviews(loss="mse"), (0.26, 0.2502, 0.5, 0.5, 0.5), 0.49),
        (images(layers=[softmax(10, l2=0.01)]), (4.6, 3.9, 5.1, 5.9), 0.103),
        (images(layers=[softmax(10, l1=0.01)], loss="mse"), (4.6, 3.9, 5.1, 5.9), 0.103),
    ],
)
def test_one_class_always_is_never_a_turning_point(
    experiment: Experiment, losses: tuple[float, ...], accuracy: float
) -> None:
    run = trained(experiment, losses, accuracy)
    assert turning_point(run.epochs).epoch is not None, "its curve alone would be taken for one"
    found = turning_point_of(run)
    assert (found.epoch, found.learned, found.accuracy.confirmed) == (None, False, False)
    assert found.loss.epoch is not None
    assert measured(run, "turning_point") is None
    assert turns([run]).reached == ()
    assert not evidence(run.epochs, learned=found.learned).turn.confirmed
    for text in (page(run, _names(experiment)), notebook(run)):
        assert "learned nothing" in text
        assert "turning point is" not in text
        assert "rose after it" not in text


def _names(experiment: Experiment) -> tuple[str, ...]:
    return tuple(str(label) for label in range(experiment.facts.classes))


@pytest.mark.parametrize(
    ("experiment", "losses", "accuracy"),
    [
        (reuters(), (1.9, 1.2, 0.95, 1.3, 1.4, 1.5), 0.79),
        (images("mnist", scaling="none"), (9.0, 4.2, 5.1, 5.9), 0.9),  # far too sure, but mostly right
        (images(layers=[softmax(10, l2=0.01)]), (4.6, 3.9, 5.1, 5.9), 0.9),  # the penalty makes it so much
        (images(loss="mse"), (0.05, 0.02, 0.03, 0.03, 0.03), 0.9),
        (reviews(), (0.66, 0.60, 0.9, 0.9, 0.9), 0.506),  # sure where it is right: that is learned too
    ],
)
def test_a_network_that_learned_keeps_its_turning_point(
    experiment: Experiment, losses: tuple[float, ...], accuracy: float
) -> None:
    run = trained(experiment, losses, accuracy)
    assert turning_point_of(run) == turning_point(run.epochs)
    assert turning_point_of(run).epoch is not None
    assert advice(run, learned=True) == ()


@pytest.mark.parametrize(
    "run",
    [
        trained(images(split={"kind": "none"}), (), 0.1),
        trained(images(), (), 0.1),
        trained(images(), (math.nan, math.nan), math.nan),
        trained(images(train_limit=20, split={"kind": "first", "count": 1}, batch_size=4), (3.0,), 0.0),
    ],
    ids=["no validation", "no epochs", "no numbers", "one validation sample"],
)
def test_where_nothing_can_be_told_nothing_is_held_against_a_network(run: Run) -> None:
    assert has_learned(run)


def words(experiment: Experiment) -> tuple[str, ...]:
    return advice(trained(experiment, RISING, 0.1), learned=False)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_a_layer_that_reads_the_filling_last_is_told_to_have_it_first(cell: str) -> None:
    layer = {"kind": cell, "units": 4}
    assert words(sequences(layer, fill="end"))[0] == "fill_at_start"
    assert "fill_at_start" not in words(sequences(layer, fill="start"))


def test_what_does_not_only_read_forwards_is_not() -> None:
    assert "fill_at_start" not in words(sequences({"kind": "bidirectional", "units": 4}, fill="end"))
    assert "fill_at_start" not in words(sequences({"kind": "global_average_pooling"}, fill="end"))


@pytest.mark.parametrize("reason", ["all_epochs", "not_a_number"])
def test_only_bare_images_are_told_to_scale_their_input(reason: str) -> None:
    ended = Reason(reason, {"epochs": 3} if reason == "all_epochs" else {"epoch": 3, "batch": 2})

    def told(experiment: Experiment) -> tuple[str, ...]:
        state = RunState.FAILED if reason == "not_a_number" else RunState.FINISHED
        return advice(trained(experiment, RISING, 0.1, reason=ended, state=state), learned=False)

    assert "scale_input" in told(images(scaling="none"))
    assert "scale_input" not in told(images(scaling="standard"))
    assert "scale_input" not in told(
        images(scaling="none", layers=[{"kind": "batch_normalization"}, softmax(10)])
    )
    for texts in (reuters(), reviews(), sequences({"kind": "lstm", "units": 4})):
        assert "scale_input" not in told(texts)


@pytest.mark.parametrize(
    ("rate", "told"),
    [(3.0, "smaller_learning_rate"), (1e-6, "larger_learning_rate"), (0.01, "other_learning_rate")],
)
def test_the_learning_rate_is_moved_away_from_where_it_is_unusual(rate: float, told: str) -> None:
    assert words(images(optimizer={"kind": "sgd", "learning_rate": rate}))[-1] == told


def test_many_sigmoids_and_penalties_are_named() -> None:
    assert words(reuters()) == ("hidden_relu", "smaller_learning_rate")
    assert "smaller_penalty" in words(images(layers=[softmax(10, l2=0.5)]))


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        ({"kind": "shuffled"}, True),
        ({"kind": "replaced", "share": 0.95}, True),
        ({"kind": "replaced", "share": 0.9}, True),
        ({"kind": "replaced", "share": 0.85}, False),
        ({"kind": "given"}, False),
    ],
)
def test_labels_that_say_nothing_are_named_before_all_else(labels: dict[str, object], told: bool) -> None:
    assert (words(images(labels=labels, scaling="none")) == ("right_labels",)) == told


def test_every_advice_has_its_sentence() -> None:
    assert all(sentence.endswith(".") for sentence in ADVICE.values())
