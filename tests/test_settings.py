"""What the environment says, and what is said of it where it makes no sense."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import traceback
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import make_url

from core.__main__ import main
from core.errors import SettingsError
from core.experiment import Experiment
from core.settings import MOST_WORKERS, PREFIX, RUN_MINUTES, VARIABLES, Settings
from core.storage import open_store
from dashboard.server.middleware import settings_or_exit

ROOT = Path(__file__).parent.parent
#: Names with what means something in a URL, in fsspec's addresses or in a pattern of files.
ODD = ("a?b", "a%20b", "a#b", "a::b", "a b", "a&b=c", "100%", "한글 폴더", "[1]*", "s3:", "a+b", "~x")
NONSENSE = ("two", "²", "٣", "0", "-1", "+1", "1.5", "1e3", "99999999999", "9" * 5000, "0x4", "1 2", "1_0")


def refused(name: str, value: str) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({PREFIX + name: value})
    assert PREFIX + name in str(caught.value)
    return caught.value


@pytest.mark.parametrize("name", ODD)
def test_a_home_of_any_name_is_that_one_home(name: str, tmp_path: Path) -> None:
    home = tmp_path / name
    settings = Settings.from_environment({"TURNING_POINT_HOME": str(home)})
    again = Settings.from_environment(settings.to_environment())
    assert again == settings
    assert again.home == home
    store = open_store(again)
    run = store.add(Experiment.from_dict(EXPERIMENT), owner="ann")
    store.artifacts.save_array(run, "predictions/0001", np.zeros(3))
    store.artifacts.put_file(run, "note", Path(__file__))
    with store.artifacts.fetch_file(run, "note") as path:
        assert path.read_bytes() == Path(__file__).read_bytes()
    assert store.artifacts.names(run) == ["note", "predictions/0001"]
    assert store.artifacts.load_array(run, "predictions/0001").tolist() == [0, 0, 0]
    store.close()
    # All that was written is there, and nothing is anywhere else.
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert {path.name for path in home.iterdir()} == {"turning-point.sqlite3", "artifacts"}
    assert (home / "artifacts" / run / "predictions" / "0001").is_file()
    store = open_store(settings)
    store.request_stop(run)
    store.delete(run)
    store.close()
    assert not any((home / "artifacts").iterdir())


EXPERIMENT = {
    "dataset": "digits",
    "layers": [{"kind": "dense", "units": 10, "activation": "softmax"}],
    "epochs": 1,
}


@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_settings_come_back_from_the_environment(name: str) -> None:
    settings = Settings.from_environment({"TURNING_POINT_HOME": f"/somewhere/{name}/home"})
    assert Settings.from_environment(settings.to_environment()) == settings
    assert make_url(settings.database).database == str(settings.home / "turning-point.sqlite3")


def test_a_folder_for_weights_may_be_named_in_any_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    def named(value: str) -> str:
        return Settings.from_environment({"TURNING_POINT_ARTIFACTS": value}).artifacts

    assert named("weights::1") == str(tmp_path / "weights::1")
    assert named("~/weights") == str(Path.home() / "weights")
    assert named("s3://bucket/a%20b") == "s3://bucket/a%20b"


@pytest.mark.parametrize("value", NONSENSE)
def test_a_number_of_workers_that_cannot_be_is_said(value: str) -> None:
    error = refused("WORKERS", value)
    assert error.code == "variable_not_a_number"
    assert f"from 1 to {MOST_WORKERS}" in str(error)
    assert len(str(error)) < 300


def test_a_number_of_runs_to_keep_that_cannot_be_is_said() -> None:
    for value in ("many", "-1", "²", "9" * 11):
        assert refused("KEEP_RUNS", value).code == "variable_not_a_number"


def test_numbers_that_can_be_are_taken() -> None:
    assert Settings.from_environment({"TURNING_POINT_WORKERS": " 3 "}).workers == 3
    assert Settings.from_environment({"TURNING_POINT_WORKERS": ""}).workers >= 1


def test_a_small_machine_has_one_worker_whatever_is_said_of_workers() -> None:
    small = Settings.from_environment({"TURNING_POINT_SMALL": "1", "TURNING_POINT_WORKERS": "3"})
    assert (small.small, small.workers) == (True, 1)
    assert Settings.from_environment(small.to_environment()) == small
    assert Settings.from_environment({"TURNING_POINT_SMALL": "1"}).workers == 1
    large = Settings.from_environment({"TURNING_POINT_SMALL": "0", "TURNING_POINT_WORKERS": "3"})
    assert (large.small, large.workers) == (False, 3)
    for value in ("yes", "2", "-1", "1.0"):
        assert refused("SMALL", value).code == "variable_no_switch"


@pytest.mark.parametrize(
    "value",
    [
        "nonsense",
        "tcp://host",
        "tcp://:8786",
        "http://host:8786",
        "tcp://host:0",
        "tcp://host:70000",
        "a b:1",
    ],
)
def test_a_scheduler_that_is_no_address_is_said(value: str) -> None:
    assert refused("SCHEDULER", value).code == "variable_no_address"


@pytest.mark.parametrize(
    "value", ["tcp://127.0.0.1:8786", "tls://[::1]:99", "scheduler.example:8786", "ws://h:1"]
)
def test_addresses_as_dask_has_them_are_taken(value: str) -> None:
    assert Settings.from_environment({"TURNING_POINT_SCHEDULER": value}).scheduler == value


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("TURNING_POINT_HOEM", "TURNING_POINT_HOME"),
        ("TURNING_POINT_WORKER", "TURNING_POINT_WORKERS"),
        ("TURNING_POINT_DATA_SETS", "TURNING_POINT_DATASETS"),
        ("turning_point_home", "TURNING_POINT_HOME"),
    ],
)
def test_a_slip_in_the_name_of_a_variable_is_said(wrong: str, meant: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({wrong: "/somewhere"})
    assert str(caught.value) == f"There is no variable {wrong}. Did you mean {meant}? Correct or remove it."


def test_variables_of_others_are_none_of_ours(caplog: pytest.LogCaptureFixture) -> None:
    # As a cluster of containers sets them for a service that is called turning-point.
    others = {"TURNING_POINT_SERVICE_HOST": "10.0.0.1", "TURNING_POINT_PORT_8501_TCP_ADDR": "10.0.0.1"}
    Settings.from_environment({**others, "TURNING_POINT_HOEM": ""})
    assert all(name in caplog.text for name in others)


def test_every_variable_that_is_read_is_known() -> None:
    named = set()
    for path in [*(ROOT / "core").rglob("*.py"), *(ROOT / "dashboard").rglob("*.py"), ROOT / "README.md"]:
        named.update(re.findall(PREFIX + r"[A-Z][A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8")))
    assert named <= set(VARIABLES)
    assert set(Settings.from_environment({}).to_environment()) <= set(VARIABLES)


def test_every_variable_is_declared_with_its_help_and_stands_in_the_readme() -> None:
    told = (ROOT / "README.md").read_text("utf-8")
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert f"{PREFIX}{name.upper()}" in told


def test_whoever_starts_the_program_is_told_of_a_slip(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TURNING_POINT_WORKER", "2")
    assert main(["presets"]) == 2
    assert "Did you mean TURNING_POINT_WORKERS?" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="Did you mean TURNING_POINT_WORKERS"):
        settings_or_exit()


def test_a_home_of_nobody_is_said() -> None:
    assert refused("HOME", "~nobody-of-this-name/x").code == "variable_no_folder"


def test_a_port_of_a_database_that_is_no_number_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TURNING_POINT_DATABASE", "postgresql://host:port/runs")
    assert main(["runs"]) == 2


@pytest.mark.parametrize("value", ["two", "²", "99999999999"])
def test_the_command_line_says_so(
    value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TURNING_POINT_WORKERS", value)
    assert main(["presets"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("TURNING_POINT_WORKERS is ")
    assert said.count("\n") == 1


def test_the_engine_says_so() -> None:
    engine = subprocess.run(
        [sys.executable, "-m", "core.jobs.engine"],
        env={**os.environ, "TURNING_POINT_WORKERS": "²"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert engine.returncode == 2
    assert "TURNING_POINT_WORKERS is " in engine.stderr
    assert "Traceback" not in engine.stderr


def test_the_time_of_one_run_is_limited_for_pages_and_for_the_command_line_where_it_is_set() -> None:
    usual = Settings.from_environment({})
    assert (usual.run_minutes, usual.page_minutes) == (None, RUN_MINUTES)
    for minutes in (0, 7):
        settings = Settings.from_environment({"TURNING_POINT_RUN_MINUTES": str(minutes)})
        assert (settings.run_minutes, settings.page_minutes) == (minutes, minutes)
        assert Settings.from_environment(settings.to_environment()) == settings
    assert Settings.from_environment(usual.to_environment()) == usual
    for value in ("-1", "two", "²", "1.5", "99999999999"):
        with pytest.raises(SettingsError):
            Settings.from_environment({"TURNING_POINT_RUN_MINUTES": value})


def test_the_passcode_is_told_to_nobody() -> None:
    name = "TURNING_POINT_TEACHER_PASSCODE"
    settings = Settings.from_environment({name: "  ｏｐｅｎ sésame "})
    assert settings.teacher_passcode is not None
    assert settings.teacher_passcode.get_secret_value() == "open sésame"
    shown = (repr(settings), str(settings), str(settings.model_dump()), settings.model_dump_json())
    assert not any("sésame" in text for text in (*shown, *settings.to_environment().values()))
    assert name not in settings.to_environment()
    assert Settings.from_environment({}).teacher_passcode is None
    for wrong in ("x9y", "x9y" * 100):
        error = refused("TEACHER_PASSCODE", wrong)
        assert error.code == "passcode_length"
        assert "x9y" not in "".join(traceback.format_exception(error)) + repr(error.details)
