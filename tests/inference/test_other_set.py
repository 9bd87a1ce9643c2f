"""How a network reads another set equals what plain Keras says of its images, and is told only to those who may ask."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from core.catalog.record import DatasetInfo
from core.errors import DataError, RunError
from core.experiment import Experiment
from core.inference.kinds.other_set import OtherSetAnswer, OtherSetRequest
from core.inference.request import answer_from_json, answer_to_json, request_from_json, request_to_json
from core.inference.service import InferenceService
from core.settings import Settings
from core.storage import Store, open_store
from core.training import artifact_names
from core.training.execute import execute
from dashboard.shared import services
from tests.own_data import sets


def kept(store: Store, folder: Path, owner: str, **facts) -> tuple[DatasetInfo, dict]:
    made = sets.images(**facts)
    return store.add_own_data(made[0], sets.archive(folder, made), owner=owner).info, made[1]


def test_another_set_is_read_as_keras_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings.from_environment({"TURNING_POINT_HOME": str(tmp_path / "home")})
    store = open_store(settings)
    learned, _ = kept(store, tmp_path, "ann", classes=3, size=60)
    other, arrays = kept(store, tmp_path, "ben", classes=2, size=50, seed=9, title="Another")
    unfit, _ = kept(store, tmp_path, "ann", classes=4, size=50, seed=3)
    experiment = Experiment.from_dict(
        {
            "dataset": learned.name,
            "scaling": "pixel",
            "split": {"kind": "none"},
            "layers": [{"kind": "dense", "units": 3, "activation": "softmax"}],
            "epochs": 1,
            "batch_size": 20,
        }
    )
    run, sealed = (
        store.add(experiment.with_changes(seed=seed), owner="ann", worker="test", sealed=seed == 2)
        for seed in (1, 2)
    )
    for each in (run, sealed):
        execute(each, settings, store=store, artifacts=store.artifacts)
    service = InferenceService(settings, store=store, artifacts=store.artifacts)
    question = OtherSetRequest(run, other.name)
    assert request_from_json(request_to_json(question)) == question
    answer = service.answer(question)
    assert answer_from_json(question, answer_to_json(answer)) == answer
    assert isinstance(answer, OtherSetAnswer)

    images = np.concatenate([arrays["x_train"], arrays["x_test"]]).reshape(75, -1) / 255
    labels = np.concatenate([arrays["y_train"], arrays["y_test"]])
    with store.artifacts.fetch_file(run, artifact_names.evaluated_checkpoint(store.get(run))[0]) as path:
        model = keras.saving.load_model(path, compile=False)
    taken = model.predict(images.reshape(75, *model.input_shape[1:]), verbose=0).argmax(axis=1)
    expected = [[int(((labels == true) & (taken == one)).sum()) for one in range(3)] for true in range(3)]
    assert [list(row) for row in answer.result.matrix] == expected
    assert (answer.result.right, answer.result.samples) == (int((labels == taken).sum()), 75)
    assert answer.whole
    wrong = set(np.flatnonzero(labels != taken).tolist())
    assert {one.row for one in answer.result.worst} <= wrong

    with pytest.raises(DataError) as unknown:
        service.answer(OtherSetRequest(run, unfit.name))
    assert unknown.value.code == "other_set_unfit"
    with pytest.raises(RunError) as closed:
        service.answer(OtherSetRequest(sealed, other.name))
    assert closed.value.code == "run_sealed"

    # A page asks for nobody but those who may use the set.
    monkeypatch.setattr(services, "store", lambda: store)
    monkeypatch.setattr(services, "owner", lambda: "ann")
    with pytest.raises(DataError) as private:
        services.ask(question)
    assert private.value.code == "own_data_private"
    store.share_own_data(other.name, owner="ben", shared=True)
    monkeypatch.setattr(services.inference_client, "ask", lambda _, asked: service.answer(asked))
    monkeypatch.setattr(services, "settings", lambda: settings)
    assert services.ask(question) == answer
    store.close()
