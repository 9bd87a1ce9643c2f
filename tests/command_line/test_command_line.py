"""The command line does what the pages do: real training on the bundled digits, stored, compared, exported."""

from __future__ import annotations

import codecs
import csv
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from core import presets
from core.__main__ import main
from core.catalog import DATASETS
from core.command_line import studying
from core.datasets import open_dataset, prepare
from core.experiment.toml import to_toml
from core.run import RunState
from core.settings import Settings
from core.storage import Artifacts, open_store
from core.training import artifact_names
from tests.command_line.dying import die

ROOT = Path(__file__).parent.parent.parent
SMALL = ["--set", "layers=dense:16:relu,dense:10:softmax", "--epochs", "3"]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A home with two finished runs of three epochs and one of a TOML file, and what was printed."""
    home = tmp_path_factory.mktemp("trained")
    toml = home / "own.toml"
    toml.write_text(to_toml(presets.load(presets.FIRST).with_changes(epochs=1)), encoding="utf-8")
    results = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TURNING_POINT_HOME", str(home))
        for words in ([presets.FIRST, *SMALL], [presets.FIRST, *SMALL, "--seed", "1"], [str(toml)]):
            out = home / "out.txt"
            with out.open("w") as stream:
                patch.setattr(sys, "stdout", stream)
                status = main(["train", *words, "--json"])
            results.append(json.loads(out.read_text().splitlines()[-1]))
            assert status == 0
    return {"home": home, "results": results}


@pytest.fixture
def home(trained: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of the trained runs, as the environment's."""
    monkeypatch.setenv("TURNING_POINT_HOME", str(trained["home"]))
    return trained["home"]


def test_train_prints_one_line_of_json(trained: dict[str, Any]) -> None:
    first, second, third = trained["results"]
    assert first["state"] == "finished"
    assert first["experiment"]["epochs"] == 3
    assert [len(values) for values in first["history"].values()] == [3, 3, 3, 3]
    assert first["history"]["loss"][-1] < first["history"]["loss"][0]
    assert first["history"] != second["history"]
    assert 0.3 < first["test"]["accuracy"] <= 1
    assert set(first["seconds"]) == {"prepare", "fit", "evaluate"}
    assert first["peak_mb"] > 0
    assert {"epoch", "confirmed"} <= set(first["turning_point"])
    assert third["experiment"] == presets.load(presets.FIRST).with_changes(epochs=1).to_dict()


@pytest.mark.slow
def test_a_process_of_its_own_trains_alike_whatever_keras_is_set_to_for_other_programs(
    trained: dict[str, Any], settings: Settings, tmp_path: Path
) -> None:
    others = {"backend": "torch", "floatx": "float16", "epsilon": 0.1, "image_data_format": "channels_first"}
    (tmp_path / "keras.json").write_text(json.dumps(others))
    environment = {**os.environ, "TURNING_POINT_HOME": str(settings.home), "KERAS_HOME": str(tmp_path)}
    words = [sys.executable, "-m", "core", "train", presets.FIRST, *SMALL, "--json"]
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    result = json.loads(done.stdout.splitlines()[-1])
    assert "epoch   3/3" in done.stderr
    assert result["history"] == trained["results"][0]["history"]
    run = open_store(settings).get(result["run"])
    assert run.state is RunState.FINISHED
    assert [epoch.loss for epoch in run.epochs] == result["history"]["loss"]


def test_runs_and_compare(trained: dict[str, Any], home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second, _ = (result["run"] for result in trained["results"])
    assert main(["runs"]) == 0
    listed = capsys.readouterr().out
    assert first in listed
    assert presets.FIRST in listed
    assert main(["compare", first, second]) == 0
    assert "seed: 777 | 1" in capsys.readouterr().out
    assert main(["compare", first, second, "--json"]) == 0
    compared = json.loads(capsys.readouterr().out)
    assert compared["differences"] == [{"setting": "seed", "first": 777, "second": 1}]
    for side, result in zip(compared["runs"], trained["results"], strict=False):
        assert side["test_accuracy"]["share"] == pytest.approx(result["test"]["accuracy"], abs=1e-6)
        assert side["test_accuracy"]["low"] < side["test_accuracy"]["share"] < side["test_accuracy"]["high"]
    hits = [round(result["test"]["accuracy"] * 297) for result in trained["results"][:2]]
    verdict = compared["mcnemar"]
    assert verdict["only_first"] - verdict["only_second"] == hits[0] - hits[1]
    assert 0 <= verdict["p"] <= 1


def test_a_study_reuses_what_was_trained(
    trained: dict[str, Any], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["study", presets.FIRST, *SMALL, "--seeds", "777,1", "--vary", "layers.0.units=16", "--json"]
    assert main(words) == 0
    out, err = capsys.readouterr()
    assert "2 of 2 runs were trained before" in err
    members = json.loads(out.splitlines()[-1])["members"]
    assert [member["run"] for member in members] == [result["run"] for result in trained["results"][:2]]
    assert [member["test_accuracy"] for member in members] == [
        result["test"]["accuracy"] for result in trained["results"][:2]
    ]
    assert "test_accuracy" in out


@pytest.mark.slow
@pytest.mark.parametrize("units", [(16,), pytest.param((16, 8), marks=pytest.mark.thorough)])
def test_a_study_trains_as_single_runs_do(
    units: tuple[int, ...],
    trained: dict[str, Any],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TURNING_POINT_HOME", str(settings.home))
    varied = ["--vary", f"units={','.join(map(str, units))}"]
    assert main(["study", presets.FIRST, *SMALL, "--seeds", "777,1", *varied, "--json"]) == 0
    members = json.loads(capsys.readouterr().out.splitlines()[-1])["members"]
    assert [(member["levels"], member["seed"]) for member in members] == [
        ([level], seed) for level in units for seed in (777, 1)
    ]
    assert not any(member["reused"] for member in members)
    for member, result in zip(members[:2], trained["results"], strict=False):
        assert member["test_accuracy"] == result["test"]["accuracy"]
        assert member["val_loss"] == min(result["history"]["val_loss"])


@pytest.mark.slow
@pytest.mark.thorough
def test_a_study_trains_its_folds(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TURNING_POINT_HOME", str(settings.home))
    folds = ["study", presets.FIRST, *SMALL, "--folds", "2", "--json"]
    assert main(folds) == 0
    assert [member["fold"] for member in json.loads(capsys.readouterr().out.splitlines()[-1])["members"]] == [
        0,
        1,
    ]


@pytest.mark.slow
def test_a_process_that_dies_costs_its_run_only(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TURNING_POINT_HOME", str(settings.home))
    monkeypatch.setattr(studying, "_train", die)
    assert main(["study", presets.FIRST, *SMALL, "--seeds", "2", "--json"]) == 1
    members = json.loads(capsys.readouterr().out.splitlines()[-1])["members"]
    assert [member["state"] for member in members] == ["failed", "failed"]


def test_exports(trained: dict[str, Any], home: Path, tmp_path: Path) -> None:
    result = trained["results"][0]

    def export(form: str, name: str, *more: str) -> Path:
        output = tmp_path / name
        assert main(["export", result["run"], "--as", form, "-o", str(output), *more]) == 0
        return output

    for style in ("sequential", "functional"):
        compile(export("script", f"{style}.py", "--style", style).read_text("utf-8"), style, "exec")
    book = json.loads(export("notebook", "n.ipynb").read_text("utf-8"))
    assert book["nbformat"] == 4
    code = ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code"]
    assert len(code) > 3
    for cell in code:
        compile(cell, "cell", "exec")
    page = export("html", "p.html").read_text("utf-8")
    assert "<svg" in page
    assert f"{result['test']['accuracy']:.4f}" in page
    assert "<script" not in page
    table = export("csv", "h.csv")
    assert table.read_bytes().startswith(codecs.BOM_UTF8), "or Excel takes it for another code page"
    rows = list(csv.DictReader(table.open(encoding="utf-8-sig")))
    assert [float(row["val_loss"]) for row in rows] == result["history"]["val_loss"]
    assert zipfile.is_zipfile(export("model", "m.keras"))


def test_a_data_set_is_saved_as_plain_arrays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, array in (("digits", "x_train"), ("mini_reviews", "train_tokens")):
        output = tmp_path / f"{name}.npz"
        assert main(["data", "save", name, "-o", str(output)]) == 0
        with np.load(output, allow_pickle=False) as saved:
            assert array in saved
            assert len(saved["y_train"]) == DATASETS[name].train_size
    assert main(["data", "save", "digits", "-o", str(tmp_path / "no" / "where.npz")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_the_exported_model_is_the_one_that_was_evaluated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings.from_environment()
    stopped = [*SMALL[:2], "--epochs", "40", "--set", "optimizer=adam:0.1"]
    stopped += ["--set", "early_stopping=on:val_loss:3:restore_best=true", "--json"]
    assert main(["train", presets.FIRST, *stopped]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    epochs = len(result["history"]["loss"])
    file = tmp_path / "m.keras"

    assert main(["export", result["run"], "--as", "model", "-o", str(file)]) == 0

    said = capsys.readouterr().err
    assert f"after epoch {epochs - 3}, the one that was evaluated" in said
    assert f"Keras {keras.__version__} or newer" in said
    experiment = presets.load(presets.FIRST)
    prepared = prepare(experiment, open_dataset("digits", settings))
    _, accuracy = keras.models.load_model(file).evaluate(prepared.x_test, prepared.y_test, verbose=0)
    assert accuracy == pytest.approx(result["test"]["accuracy"], abs=1e-6)

    artifacts = Artifacts(settings.artifacts)
    artifacts.save_bytes(result["run"], artifact_names.BEST, file.read_bytes()[:1000])
    file.unlink()
    assert main(["export", result["run"], "--as", "model", "-o", str(file)]) == 2
    said = capsys.readouterr().err
    assert f"The file best.keras of run {result['run']} is damaged" in said
    assert "zip" not in said.lower()
    assert not file.exists()


def test_a_reader_that_has_enough_is_no_error() -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "core", "presets"], cwd=ROOT, stdout=write, stderr=subprocess.PIPE, check=False
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


def test_lists(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["presets"]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in presets.NAMES)
    assert main(["data"]) == 0
    out = capsys.readouterr().out
    assert [line.split()[0] for line in out.splitlines()] == list(DATASETS)
    assert "8 x 8 pixels" in out
    assert "88,584 words" in out
    assert "here (generated by the product)" in out
    assert "not here" in out


def test_a_text_set_is_made_ready(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "fetch", "mini_reviews"]) == 0
    assert "4,000 training and 1,000 test samples" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["train", "nothing"], "no preset called 'nothing'"),
        (["train", "missing.toml"], "no file missing.toml"),
        (["train", presets.FIRST, "--epochs", "x"], "whole number"),
        (["train", presets.FIRST, "--set", "epochs"], "FIELD=VALUE"),
        (["train", presets.FIRST, "--set", "layers.7.units=3"], "no layer '7'"),
        (["train", presets.FIRST, "--set", "layers.0.colour=3"], "no setting 'colour'"),
        (["train", presets.FIRST, "--set", "encoding.num_words=500"], "no 'num_words'"),
        (["train", presets.FIRST, "--set", "units=" + 495 * "["], "must be a whole number"),
        (["train", presets.FIRST, "--set", "epochs=" + 4301 * "9"], "4301 characters"),
        (["train", presets.FIRST, "--set", "optimizer.learning_rate=-1"], "greater than"),
        (["study", presets.FIRST, "--seeds", "many"], "are no seeds"),
        (["study", presets.FIRST, "--seeds", "0"], "at least one"),
        (["study", presets.FIRST, "--seeds", "61"], "at most 60 runs"),
        (["study", presets.FIRST, "--seeds", "2000000000"], "makes 2000000000 runs"),
        (["study", presets.FIRST, "--folds", "many"], "no number of folds"),
        (["study", presets.FIRST, "--vary", "units"], "FIELD=VALUE"),
        (["study", presets.FIRST, "--vary", "units="], "no values for units"),
        (["study", presets.FIRST, "--vary", "units=4,0"], "units"),
        (["study", presets.FIRST, "--vary", "depth=99"], "cannot be 99"),
        (["study", presets.FIRST, "--folds", "1"], "1 fold."),
        (["data", "fetch", "cats"], "no data set called 'cats'"),
        (["compare", "a", "b"], "no run 'a'"),
        (["export", "a", "--as", "csv", "-o", "x"], "no run 'a'"),
    ],
)
def test_wrong_words_get_a_sentence(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    error = capsys.readouterr().err
    assert says in error
    assert "Traceback" not in error
