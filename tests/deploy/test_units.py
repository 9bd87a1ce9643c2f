"""The files of `deploy/` are what systemd, nginx, Dask and this program take them for."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from core.settings import Settings

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd-analyze (Debian's package systemd)")
    assert len(UNITS) == 4
    programs = Path(sys.executable).parent
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("/opt/turning-point/venv/bin", str(programs))
        # What is started is there: only where it is installed differs.
        for program in re.findall(rf"^ExecStart=({re.escape(str(programs))}/\w+)", text, re.MULTILINE):
            assert Path(program).exists()
        (tmp_path / unit.name.replace("@", "@8601")).write_text(
            text.replace("User=turning-point", "User=root")
        )
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, tmp_path.glob("turning-point-*"))],
        capture_output=True,
        text=True,
        timeout=240,
    )
    ours = [line for line in verified.stderr.splitlines() if "turning-point" in line]
    assert not ours
    assert verified.returncode == 0, verified.stderr


def test_what_the_units_start_are_options_that_there_are() -> None:
    started = {unit.name: unit.read_text(encoding="utf-8") for unit in UNITS}
    assert "-m core.jobs.join --workers ${WORKERS}" in started["turning-point-worker.service"]
    assert "Type=notify" in started["turning-point-engine.service"]
    web = started["turning-point-web@.service"]
    path = re.search(r"--server.baseUrlPath (\S+)", web)
    assert path is not None
    assert f"location /{path[1]}/ {{" in (DEPLOY / "nginx" / "turning-point.conf").read_text(encoding="utf-8")
    for text in started.values():
        for line in ("User=turning-point", "NoNewPrivileges=yes", "ProtectSystem=strict", "MemoryMax="):
            assert line in text


def test_the_settings_are_ours_and_hold_no_secret() -> None:
    lines = [
        line.removeprefix("#").split("=", 1)
        for line in (DEPLOY / "turning-point.env").read_text(encoding="utf-8").splitlines()
        if re.match(r"#?[A-Z_]+=", line)
    ]
    named = dict(lines)
    settings = Settings.from_environment(named)  # refuses names and values that mean nothing
    assert settings.scheduler == "tls://localhost:8786"
    assert settings.hosts == ("class.example.org",)
    assert not re.search(r"://[^@/]*:[^@/]*@", settings.database)
    assert not [name for name in named if "KEY" in name or "PASSCODE" in name or "PASSWORD" in name]


def test_dask_takes_its_file_for_one_of_its_own() -> None:
    from dask import config
    from distributed.security import Security

    named = yaml.safe_load((DEPLOY / "dask.yaml").read_text(encoding="utf-8"))
    with config.set(config.merge({"distributed": config.get("distributed")}, named)):
        security = Security()
        assert security.require_encryption is True
        for role in ("scheduler", "worker", "client"):
            assert getattr(security, f"tls_{role}_key") == "/etc/turning-point/cluster.key"
        assert config.get("distributed.scheduler.allowed-failures") == 0
