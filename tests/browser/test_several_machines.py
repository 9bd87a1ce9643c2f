"""`docs/several-machines.md` does what it says: its commands, as they stand there, from nothing to a running class.

Only the ports are others, so that nothing else on this computer is in the way, and `sudo -u postgres` leads to a
private PostgreSQL.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from core import presets
from core.experiment import Experiment
from core.run import Run, RunState
from core.settings import Settings
from core.storage import Store, open_store
from dashboard.shared.language import language
from dashboard.shared.viewer import OWNER_COOKIE
from tests.browser.conftest import Open
from tests.browser.test_training import wait_for_epochs
from tests.ports import free_port
from tests.storage.conftest import private_postgresql, server_programs
from tests.storage.object_store import access, s3_server
from tests.waiting import LONG, until

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parent.parent.parent
PORTS = ("5432", "8786", "8601", "8602", "8443", "8080")
NGINX = "/usr/sbin/nginx"
SAY = language("en")


def commands() -> list[str]:
    """The blocks of commands in the document; those that need root, on other computers, begin with a prompt."""
    text = (ROOT / "docs" / "several-machines.md").read_text(encoding="utf-8")
    return re.findall(r"^```sh\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


class Classroom:
    """All that the document starts, in a folder of its own."""

    def __init__(self, folder: Path, sockets: str, store_address: str, ports: dict[str, str]) -> None:
        self.ports = ports
        self.url = f"https://localhost:{ports['8443']}/turning-point"
        self.folder = folder / "turning-point-class"
        self._source = folder / "source"
        self._source.mkdir()
        shutil.copytree(ROOT / "deploy", self._source / "deploy")
        for name in ("core", "dashboard"):
            (self._source / name).symlink_to(ROOT / name)
        for path in self._source.glob("deploy/**/*.*"):
            if path.is_file():
                path.write_text(self._here(path.read_text(encoding="utf-8")), encoding="utf-8")
        programs = folder / "bin"
        programs.mkdir()
        (programs / "sudo").write_text(
            f'#!/bin/sh\n[ "$1 $2" = "-u postgres" ] && shift 2 &&'
            f' PGHOST={sockets} PGPORT={ports["5432"]} PGUSER=postgres exec "$@"\n'
        )
        (programs / "sudo").chmod(0o755)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TURNING_POINT_")}
        self.environment = {
            **kept,
            "HOME": str(folder),
            "PATH": f"{programs}:{Path(sys.executable).parent}:{server_programs()}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            **access(store_address),
        }
        self._groups: list[int] = []

    def _here(self, text: str) -> str:
        return re.sub("|".join(PORTS), lambda found: self.ports[found[0]], text)

    def run(self, *blocks: str) -> str:
        """Run commands in one shell and return what they print; what they start in the background stays."""
        log = self.folder.parent / f"shell-{len(self._groups)}.log"
        with log.open("wb") as out:
            shell = subprocess.Popen(
                ["bash", "-euc", self._here("\n".join(blocks))],
                cwd=self._source,
                env=self.environment,
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._groups.append(shell.pid)
        code = shell.wait(LONG)
        said = log.read_text(errors="replace")
        assert code == 0, f"{said}\n{self.logs()}"
        return said

    def logs(self) -> str:
        """The end of all that was written."""
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(f"== {log.name}\n{log.read_text(errors='replace')[-1500:]}" for log in logs)

    def until(self, condition: Callable[[], object]) -> None:
        until(condition, self.logs)

    def answers(self) -> bool:
        """Whether a page comes through nginx."""
        anyone = ssl._create_unverified_context()
        with (
            suppress(OSError),
            urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2, context=anyone),
        ):
            return True
        return False

    def web_server(self, *, asked: bool) -> psutil.Process:
        """The web server to which nginx has sent the open page, or the other one."""
        for port in (self.ports["8601"], self.ports["8602"]):
            for process in self.processes():
                with suppress(psutil.Error):
                    connections = process.net_connections(kind="tcp")
                    here = [one for one in connections if one.laddr and one.laddr.port == int(port)]
                    if not any(one.status == psutil.CONN_LISTEN for one in here):
                        continue
                    if asked == any(one.status == psutil.CONN_ESTABLISHED for one in here):
                        return process
        raise AssertionError("no such web server")

    def processes(self) -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error, ProcessLookupError):  # it may end while it is looked at
                if os.getsid(process.pid) in self._groups:
                    found.append(process)
        return found

    def close(self) -> None:
        if (self.folder / "nginx.pid").exists():
            stop = [NGINX, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), "-s", "stop"]
            subprocess.run(stop, check=False)
        for group in self._groups:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGTERM)
        _, alive = psutil.wait_procs(self.processes(), timeout=5)
        for process in alive:
            with suppress(psutil.Error):
                process.kill()


@pytest.fixture
def classroom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Classroom]:
    for program in (NGINX, "openssl", "bash"):
        if shutil.which(program) is None:
            pytest.skip(f"there is no {program} (Debian's package {Path(program).name})")
    ports = {port: str(free_port()) for port in PORTS}
    with s3_server() as address, private_postgresql(int(ports["5432"])) as sockets:
        classroom = Classroom(tmp_path, sockets, address, ports)
        try:
            monkeypatch.setenv("PGPASSFILE", str(classroom.folder / "pgpass"))
            yield classroom
        finally:
            classroom.close()


def opened(classroom: Classroom) -> Store:
    lines = (classroom.folder / "turning-point.env").read_text(encoding="utf-8").splitlines()
    named = dict(line.split("=", 1) for line in lines if re.match("TURNING_POINT_", line))
    return open_store(Settings.from_environment(named))


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.postgresql
def test_the_commands_lead_from_nothing_to_a_class_that_outlives_a_web_server(
    classroom: Classroom, chromium: Browser, open_page: Open
) -> None:
    *setting_up, report = commands()
    classroom.run(*setting_up)
    classroom.until(classroom.answers)
    settings = ["cd ~/turning-point-class; set -a; . ./turning-point.env; set +a"]

    # A press in a browser, by HTTPS and below the path.
    profile = chromium.new_context(ignore_https_errors=True, locale="en-US")
    page = open_page("/", on=classroom, profile=profile)  # type: ignore[arg-type]  # it has a url
    page.get_by_role("button", name=SAY("home.start")).click()
    page.wait_for_url(re.compile(r"/turning-point/run\?run="))
    store = opened(classroom)
    run = page.url.partition("run=")[2]
    classroom.until(lambda: store.get(run).state.is_over)
    done = store.get(run)
    assert done.state is RunState.FINISHED, done.reason
    assert wait_for_epochs(page, len(done.epochs))["loss"] == [epoch.loss for epoch in done.epochs]
    (cookie,) = [one for one in profile.cookies() if one["name"] == OWNER_COOKIE]
    assert (cookie["path"], cookie["secure"]) == ("/turning-point/", True)
    assert store.artifacts.root.startswith("s3://")
    assert "best.keras" in store.artifacts.names(run)

    # Both workers are there and fit; nobody is refused.
    said = classroom.run(*settings, report)
    assert "The engine gives out runs" in said
    assert "get no runs" not in said
    both = [store.add(long(), owner=str(cookie["value"])) for _ in range(2)]
    classroom.until(lambda: all(learns(store.get(one)) for one in both))
    assert len({store.get(one).environment["worker"] for one in both}) == 2

    # The web server with the open page dies: the page goes on with the other one, without being loaded anew.
    page.goto(f"{classroom.url}/run?run={both[0]}")
    before = wait_for_epochs(page, 2)
    classroom.web_server(asked=True).kill()
    after = wait_for_epochs(page, before["epochs"] + 2)
    assert after["state"] == "running"
    stop = page.get_by_role("button", name=SAY("run.stop"), exact=True).first

    def stopped() -> bool:
        """Press until the page is connected again; as long as it is not, the button is grey."""
        if stop.is_visible() and stop.is_enabled():
            stop.click()
        page.wait_for_timeout(500)
        return store.get(both[0]).state is RunState.STOPPED

    classroom.until(stopped)
    store.request_stop(both[1])
    classroom.until(lambda: store.get(both[1]).state is RunState.STOPPED)
    store.close()


def long() -> Experiment:
    return presets.load(presets.FIRST).with_changes(epochs=1000, batch_size=2)


def learns(run: Run) -> bool:
    assert not run.state.is_over, run.reason
    return len(run.epochs) > 1
