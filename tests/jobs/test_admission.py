"""Workers elsewhere that do not fit get no runs, and it is said which and why."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import JobError
from core.jobs import admission as admitting
from core.jobs.admission import Admission
from core.jobs.kit import differences, kit
from core.jobs.status import StatusFile, engine_status
from core.run import RunState
from core.settings import Settings
from dashboard.shared.language import language
from tests.jobs import stand_in
from tests.jobs.test_dispatcher import Around, Play, play  # noqa: F401


def test_libraries_data_and_code_must_be_equal_and_the_machine_need_not() -> None:
    ours = kit()
    other_machine = replace(ours, processor="another", processors=64, threads=3, python="3.13.0")
    assert differences(ours, other_machine.to_dict()) == []
    for name in ("keras", "tensorflow", "numpy", "distributed", "data", "code"):
        (found,) = differences(ours, replace(ours, **{name: "1.0"}).to_dict())
        assert (found.name, found.theirs, found.ours) == (name, "1.0", getattr(ours, name))
    assert len(differences(ours, {})) == 6


def test_those_that_do_not_fit_get_nothing_until_they_do(
    play: Play,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(admitting, "AGAIN", 0.2)
    elsewhere = tmp_path / "elsewhere"
    told = ["tests.jobs.stand_in"]
    unfit: dict[str, dict[str, str]] = {
        "worker_other_library": {stand_in.CLAIMS: json.dumps({"keras": "3.0.0"})},
        "worker_other_code": {stand_in.CLAIMS: json.dumps({"code": "0" * 12})},
        "worker_other_database": {"TURNING_POINT_DATABASE": f"sqlite:///{tmp_path / 'other.sqlite3'}"},
        "worker_no_database": {"TURNING_POINT_DATABASE": "sqlite:////proc/none/runs.sqlite3"},
        "worker_other_artifacts": {"TURNING_POINT_ARTIFACTS": str(elsewhere)},
        "worker_no_artifacts": {"TURNING_POINT_ARTIFACTS": "nosuch://bucket/folder"},
    }

    async def scene(around: Around) -> None:
        said: list[Sequence[JobError]] = []
        status = StatusFile(around.settings.home)
        status.say("ready")

        def say(refused: Sequence[JobError]) -> None:
            said.append(refused)
            status.refuse(refused)

        around.tell(stand_in.GO)
        plain = await around.start_worker()
        nannies = {"worker_without_preload": plain}
        environment = around.settings.to_environment()
        around.dispatch(admission=Admission(kit(), around.store, environment, name="probe", say=say))
        await around.until(lambda: said)
        run = around.submit()
        for code, variables in unfit.items():
            nannies[code] = await around.start_worker(preload=told, env=variables)
        await around.until(lambda: {error.code for error in said[-1]} == nannies.keys())
        for error in said[-1]:
            assert error.details["worker"] == nannies[error.code].worker_address
            assert error.details["worker"] in language("ko").error(error, plain=True)
        await around.until(lambda: around.said and around.said[-1][0] == "no_workers")
        assert around.store.get(run).state is RunState.QUEUED
        found = engine_status(around.settings)
        assert (len(found.refused), found.refused_in_all) == (6, 7)
        assert {str(one) for one in found.refused} <= {str(one) for one in said[-1]}

        fit = await around.start_worker(preload=told)
        assert await around.over(run) is RunState.FINISHED
        assert around.store.get(run).environment["worker"] == fit.worker_address
        # The place that was not shared is now: the same worker is asked again.
        again = around.store.artifacts.folder / "~probes" / "probe"
        (elsewhere / "~probes").mkdir(exist_ok=True, parents=True)
        (elsewhere / "~probes" / "probe").write_bytes(again.read_bytes())
        await around.until(lambda: all(error.code != "worker_other_artifacts" for error in said[-1]))
        for code, nanny in nannies.items():
            if code != "worker_other_artifacts":
                await nanny.close()
        await around.until(lambda: not said[-1])
        assert not list((around.store.artifacts.folder / "~probes").glob("probe-*"))

    play(scene)


def test_what_is_said_of_workers_outlasts_a_status_of_another_version(settings: Settings) -> None:
    status = StatusFile(settings.home)
    status.say("ready")
    status.refuse([JobError("worker_silent", worker="tcp://127.0.0.1:1", seconds=60)])
    path = settings.home / "engine.json"
    path.write_text(path.read_text().replace("worker_silent", "of_a_later_version"))
    assert engine_status(settings).state == "ready"
    assert engine_status(settings).refused == ()
