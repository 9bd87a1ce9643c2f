"""What is shipped of recorded runs: each whole, small, of its preset, and figures only."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC
from hashlib import sha256
from importlib import resources

import numpy as np
import pytest

from core import presets, recorded
from core.analysis.classification import confusion_matrix, predicted_classes
from core.analysis.training_dynamics import epoch_predictions
from core.analysis.turning_point import turning_point_of
from core.recorded.file_format import STEP
from core.run import RunState
from core.storage.file_formats import from_npy
from core.training import artifact_names
from core.training.recorders import MOST_PREDICTED
from tests.conftest import ROOT

MOST_BYTES = 6_000_000
#: The turning points of the files as they are; None where there is no validation set, or the loss has not risen.
TURNS = {
    "mnist-first-network": None,
    "mnist-three-layers": 14,
    "fashion-single-layer": None,
    "fashion-shallow": 16,
    "fashion-deep": 17,
    "imdb-multi-hot": 4,
    "imdb-four-epochs": None,
    "reuters-multi-hot": 9,
    "reuters-nine-epochs": None,
    "reuters-bottleneck": None,
}


def array(name: str, artifact: str) -> np.ndarray:
    return from_npy(recorded.file(f"recorded-{name}").read(artifact))


def test_all_files_together_are_small() -> None:
    folder = resources.files(recorded) / "runs"
    files = {file.name: len(file.read_bytes()) for file in folder.iterdir()}
    assert sorted(files) == sorted(f"{name}.zip" for name in recorded.NAMES)
    assert sum(files.values()) < MOST_BYTES


def test_they_are_part_of_what_is_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["core"]
    shipped = {file for pattern in patterns for file in (ROOT / "core").glob(pattern)}
    files = {*(ROOT / "core" / "recorded").rglob("*.zip"), ROOT / "core" / "recorded" / "bands.toml"}
    assert files <= shipped


def test_there_is_one_of_each_preset_of_the_course_on_real_data() -> None:
    assert list(recorded.NAMES) == [
        name
        for name in presets.NAMES
        if name.split("-")[0] in ("mnist", "fashion", "imdb", "reuters")
        and name not in ("mnist-convnet", "imdb-embedding", "imdb-lstm")
    ]


@pytest.mark.parametrize("name", recorded.NAMES)
class TestEach:
    def test_is_a_finished_run_of_its_preset(self, name: str) -> None:
        run = recorded.get(f"recorded-{name}")
        assert run.experiment == presets.load(name)
        assert run.experiment.digest == presets.load(name).digest
        assert (run.preset, run.owner, run.state) == (name, "recorded", RunState.FINISHED)
        assert [epoch.number for epoch in run.epochs] == list(range(1, run.experiment.epochs + 1))
        assert not run.covered
        assert not run.sealed
        assert run.created.tzinfo == UTC
        assert run.started
        assert run.ended
        assert run.created <= run.started < run.ended

    def test_tells_how_it_was_made_but_not_where(self, name: str) -> None:
        found = dict(recorded.get(f"recorded-{name}").environment)
        found.pop("validation_counts", None)
        assert {"python", "keras", "tensorflow", "numpy", "machine", "processors", "threads"} <= found.keys()
        assert not {"host", "pid", "worker"} & found.keys()
        assert all(re.fullmatch(r"[\w.+-]{1,20}", str(value)) for value in found.values())

    def test_holds_figures_only(self, name: str) -> None:
        for artifact in recorded.file(f"recorded-{name}").names():
            found = array(name, artifact)
            if artifact == artifact_names.WEIGHT_NAMES:
                assert all(re.fullmatch(r"dense(_\d)?/(kernel|bias)", one) for one in found.tolist())
            else:
                assert found.dtype.kind in "uif" or artifact.startswith(artifact_names.WEIGHT_BLOCKS)
        record = recorded.file(f"recorded-{name}").record()
        assert not {"title", "owner", "id"} & record.keys()

    def test_its_answers_to_the_test_set_give_its_matrix(self, name: str) -> None:
        run = recorded.get(f"recorded-{name}")
        assert run.evaluation is not None
        labels = array(name, artifact_names.TEST_LABELS)
        probabilities = array(name, artifact_names.TEST_PROBABILITIES)
        assert probabilities.dtype == np.float32
        matrix = confusion_matrix(labels, predicted_classes(probabilities), run.experiment.facts.classes)
        assert matrix.tolist() == [list(row) for row in run.evaluation.matrix]
        assert run.evaluation.right / run.evaluation.samples == pytest.approx(run.evaluation.accuracy)
        facts = run.experiment.facts
        assert sha256(labels.tobytes()).hexdigest() == facts.digests["y_test"]
        assert len(labels) == facts.test_size
        if probabilities.shape[1] > 1:
            assert np.abs(probabilities.sum(axis=1) - 1).max() <= STEP * probabilities.shape[1]

    def test_has_the_answers_to_the_validation_samples_after_each_epoch(self, name: str) -> None:
        run = recorded.get(f"recorded-{name}")
        kept = [one for one in recorded.file(run.id).names() if one.startswith("predictions/0")]
        if not run.experiment.validation_size:
            assert not kept
            return
        assert kept == [artifact_names.predictions(epoch.number) for epoch in run.epochs]
        labels = array(name, artifact_names.PREDICTED_LABELS)
        assert len(labels) == min(MOST_PREDICTED, run.experiment.validation_size)
        for epoch in run.epochs:
            answers = epoch_predictions(array(name, artifact_names.predictions(epoch.number)), labels)
            assert answers is not None
            assert epoch.val_accuracy is not None
            # A thousand samples of more: three standard errors of a share.
            assert abs((answers.predicted == labels).mean() - epoch.val_accuracy) < 0.05

    def test_the_weights_of_its_first_layer_are_those_of_its_last_epoch(self, name: str) -> None:
        run = recorded.get(f"recorded-{name}")
        names = recorded.file(run.id).names()
        assert (artifact_names.FIRST_WEIGHTS in names) == (run.experiment.facts.kind == "image")
        if artifact_names.FIRST_WEIGHTS not in names:
            return
        weights = array(name, artifact_names.FIRST_WEIGHTS)
        kept = array(name, artifact_names.weights(0))[-1, 0]
        assert array(name, artifact_names.WEIGHT_NAMES)[0].endswith("/kernel")
        assert kept["epoch"] == len(run.epochs)
        assert weights.size == kept["counts"].sum()
        found = [weights.min(), weights.max(), weights.astype(np.float64).mean()]
        assert found == pytest.approx([kept["low"], kept["high"], kept["mean"]], rel=2e-3, abs=1e-5)

    def test_its_turning_point_is_found(self, name: str) -> None:
        assert turning_point_of(recorded.get(f"recorded-{name}")).epoch == TURNS[name]


@pytest.mark.parametrize(
    "name", ["", "recorded-", "recorded", "recorded-unknown", "recorded-../../x", "recorded-imdb-lstm",
             "RECORDED-imdb-multi-hot", "recorded-imdb-multi-hot.zip", "imdb-multi-hot", "recorded-bands"],
)  # fmt: skip
def test_there_are_no_others(name: str) -> None:
    assert not recorded.is_recorded(name)
