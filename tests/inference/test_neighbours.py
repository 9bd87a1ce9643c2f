"""Neighbours of test samples among the training samples of a run, compared with scikit-learn's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from core.datasets import prepare
from core.datasets.bundled import digits
from core.datasets.preparation import encoder_of, taught_labels
from core.datasets.tokenization import texts_to_sequences
from core.errors import RunError
from core.experiment import Experiment
from core.inference import kept
from core.inference.kinds import neighbours
from core.inference.kinds.neighbours import (
    COUNT,
    NeighboursAnswer,
    NeighboursRequest,
    Searches,
    Space,
    find_neighbours,
)
from core.inference.request import answer_from_json, answer_to_json, request_from_json, request_to_json
from core.inference.service import ImageNetwork, TextNetwork
from core.models.build import build
from core.models.predicting import Predictor
from core.run import Reason, Run, RunState
from tests.inference.small_networks import experiment_on, sequence_experiment, trained

ROW, LABEL = 3, 1
HALF = {"kind": "fraction", "fraction": 0.4, "seed": 5, "stratified": False}


def opened_images(*layers: dict[str, Any]) -> tuple[ImageNetwork, Any]:
    """A network on digits as it is before training, and its model."""
    experiment = Experiment.from_dict(
        {
            "dataset": "digits",
            "encoding": {"kind": "flat"},
            "scaling": "standard",
            "train_limit": 700,
            "split": HALF,
            "layers": [*layers, {"kind": "dense", "units": 10, "activation": "softmax"}],
            "optimizer": {"kind": "sgd", "learning_rate": 0.1},
            "loss": "sparse_categorical_crossentropy",
            "epochs": 1,
            "batch_size": 32,
        }
    )
    dataset = digits()
    model = build(experiment)
    run = Run("run", experiment, RunState.FINISHED, Reason("waiting"), "", "", "", "", None, None, None)  # type: ignore[arg-type]
    return ImageNetwork(run, 1, Predictor(model), encoder_of(experiment, dataset), dataset), model


def asked(opened: ImageNetwork | TextNetwork, space: Space, **changes: Any) -> NeighboursAnswer:
    question = NeighboursRequest(**{"run": "run", "row": ROW, "label": LABEL, "space": space, **changes})
    assert request_from_json(request_to_json(question)) == question
    answer = find_neighbours(opened, question, Searches())
    assert answer_from_json(question, answer_to_json(answer)) == answer
    return answer


def agrees(answer: NeighboursAnswer, opened: Any, one: Any, many: Any, metric: str = "euclidean") -> None:
    """Whether an answer is what scikit-learn finds among the prepared training rows `many`."""
    rows = prepare(opened.run.experiment, opened.dataset).train_rows
    mine = opened.dataset.y_train[rows] == LABEL
    assert answer.samples == mine.sum() > COUNT
    search = NearestNeighbors(n_neighbors=COUNT, metric=metric, algorithm="brute").fit(many[mine])
    distances, places = (found[0] for found in search.kneighbors(one))
    assert [each.distance for each in answer.neighbours] == pytest.approx(distances, rel=1e-5, abs=1e-6)
    if len(set(np.round(distances, 5))) == COUNT:
        assert [each.row for each in answer.neighbours] == rows[mine][places].tolist()


def before_the_last(model: Any, inputs: Any, place: int) -> Any:
    inner = keras.Model(model.inputs, model.layers[place].output)
    inner.run_eagerly = True  # compiling would take longer than these few samples
    return inner.predict(inputs, batch_size=300, verbose=0).reshape(inputs.shape[0], -1)


def test_images_are_near_by_their_grey_values() -> None:
    opened, _ = opened_images()
    data = opened.dataset
    rows = prepare(opened.run.experiment, data).train_rows
    one, many = data.x_test[[ROW]].reshape(1, -1) / 16, data.x_train[rows].reshape(len(rows), -1) / 16
    agrees(asked(opened, "input"), opened, one, many)


def test_images_are_near_by_what_the_last_hidden_layer_says() -> None:
    dense = {"kind": "dense", "units": 6, "activation": "relu"}
    opened, model = opened_images(dense, {"kind": "dropout", "rate": 0.5})
    prepared = prepare(opened.run.experiment, opened.dataset)
    one, many = (before_the_last(model, x, 1) for x in (prepared.x_test[[ROW]], prepared.x_train))
    agrees(asked(opened, "hidden"), opened, one, many)


def test_texts_are_near_by_the_words_that_the_network_knows(tmp_path: Path) -> None:
    opened, model = trained(experiment_on(split=HALF), tmp_path)
    prepared = prepare(opened.run.experiment, opened.dataset)
    one, many = prepared.x_test[[ROW]].toarray(), prepared.x_train.toarray()
    agrees(asked(opened, "input"), opened, one[:, 4:], many[:, 4:], "cosine")  # 0 to 3 are no words
    one, many = (before_the_last(model, x, 1) for x in (prepared.x_test[[ROW]], prepared.x_train))
    agrees(asked(opened, "hidden"), opened, one, many)


def test_sequences_are_near_by_the_words_that_are_left(tmp_path: Path) -> None:
    opened, model = trained(sequence_experiment(cut="end"), tmp_path)
    prepared = prepare(opened.run.experiment, opened.dataset)

    def sets(rows: Any) -> Any:
        return np.array([[number in row for number in range(4, 44)] for row in rows], dtype=float)

    agrees(asked(opened, "input"), opened, sets(prepared.x_test[[ROW]]), sets(prepared.x_train), "cosine")
    one, many = (before_the_last(model, x, 1) for x in (prepared.x_test[[ROW]], prepared.x_train))
    agrees(asked(opened, "hidden"), opened, one, many)
    assert (texts_to_sequences(opened.dataset.x_train, 44).lengths > 8).any()  # some were cut


def test_samples_are_searched_by_the_labels_they_were_learned_with() -> None:
    opened, _ = opened_images()
    noisy = opened.run.experiment.with_changes(labels={"kind": "replaced", "share": 0.5})
    opened = replace(opened, run=replace(opened.run, experiment=noisy))
    prepared = prepare(noisy, opened.dataset)
    learned = prepared.train_rows[prepared.labels_train == LABEL]
    answer = asked(opened, "input")
    assert answer.samples == len(learned)
    rows = {each.row for each in answer.neighbours}
    assert rows <= set(learned.tolist())
    apart = (opened.dataset.x_test[ROW].astype(float) - opened.dataset.x_train[learned]) / 16
    nearest = np.sqrt((apart**2).sum(axis=(1, 2))).min()
    assert answer.neighbours[0].distance == pytest.approx(nearest, rel=1e-5)
    taught = taught_labels(noisy, opened.dataset)
    np.testing.assert_array_equal(taught[prepared.train_rows], prepared.labels_train)
    np.testing.assert_array_equal(taught[prepared.val_rows], prepared.labels_val)


def test_a_search_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    opened, _ = opened_images({"kind": "dense", "units": 6, "activation": "relu"})
    whole = asked(opened, "hidden")
    monkeypatch.setattr(kept, "STRETCH", -1.0)
    monkeypatch.setattr(neighbours, "_ROWS", 10)
    for most_bytes in (100, 10_000):  # less than one part; more than all of them
        monkeypatch.setattr(neighbours, "MOST_BYTES", most_bytes)
        searches = Searches()
        question = NeighboursRequest("run", ROW, LABEL, "hidden")
        answers = [find_neighbours(opened, question, searches)]
        while answers[-1].done < 1:
            answers.append(find_neighbours(opened, question, searches))
        assert len(answers) == -(-whole.samples // 10)
        assert [answer.done for answer in answers] == sorted({answer.done for answer in answers})
        assert answers[-1] == whole
        assert find_neighbours(opened, question, searches).done < 1  # a later question begins anew


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"row": -1}, "run_no_such_sample"),
        ({"row": 10**9}, "run_no_such_sample"),
        ({"label": 10}, "run_no_such_class"),
        ({"space": "hidden"}, "run_no_hidden_layer"),
    ],
)
def test_what_is_not_there_is_said(changes: dict[str, Any], code: str) -> None:
    opened, _ = opened_images()
    with pytest.raises(RunError) as refused:
        asked(opened, **{"space": "input", **changes})
    assert refused.value.code == code


def test_a_class_that_was_not_learned_has_no_neighbours() -> None:
    opened, _ = opened_images()
    dataset = replace(opened.dataset, y_train=np.zeros(1500, dtype=np.uint8))
    answer = asked(replace(opened, dataset=dataset), "input")
    assert (answer.done, answer.neighbours, answer.samples) == (1, (), 0)
