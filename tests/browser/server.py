"""The real dashboard: server, engine and workers on a free port of loopback, with a home of its own."""

from __future__ import annotations

import os
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import psutil

from core.jobs.supervisor import engine_status
from core.run import Run
from core.settings import Settings
from core.storage import Store, open_store
from tests.ports import free_port
from tests.priority import session_gives_way
from tests.waiting import run_over, until

ROOT = Path(__file__).parent.parent.parent
_LONGEST_START, _LONGEST_END = 240.0, 90.0  # seconds


class Server:
    """`streamlit run dashboard/app.py` as a user starts it.

    Args:
        home: Its TURNING_POINT_HOME.
        environment: More variables.
        base_path: Below which path it lives, without slashes.
        folder: From which folder it is started.
        options: More options of the command line.
    """

    def __init__(
        self,
        home: Path,
        environment: dict[str, str] | None = None,
        base_path: str = "",
        *,
        folder: Path = ROOT,
        options: Sequence[str] = (),
    ) -> None:
        self.home = home
        self.base_path = base_path
        self.folder = folder
        self.options = tuple(options)
        self.port = free_port()
        self.environment = {
            **os.environ,
            "TURNING_POINT_HOME": str(home),
            "TURNING_POINT_WORKERS": "1",
            "PYTHONPATH": str(ROOT),
            **(environment or {}),
        }
        self.log = home.parent / f"{home.name}.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()
        # Not before: settings that cannot be are for the server to refuse.
        self.settings = Settings.from_environment(self.environment)
        self.store: Store = open_store(self.settings)

    @property
    def url(self) -> str:
        """The address of the first page, without a slash at the end."""
        scheme = "https" if any("sslCertFile" in option for option in self.options) else "http"
        address = f"{scheme}://127.0.0.1:{self.port}"
        return f"{address}/{self.base_path}" if self.base_path else address

    @property
    def pid(self) -> int:
        """The web process."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboard" / "app.py")]
        options = ["--server.port", str(self.port), "--server.headless", "true", *self.options]
        options += ["--server.baseUrlPath", self.base_path] if self.base_path else []
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, *options],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        session_gives_way(self._process.pid)
        end = time.monotonic() + _LONGEST_START
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise RuntimeError(
                    f"The server did not start:\n{self.log.read_text(errors='replace')[-4000:]}"
                )
            time.sleep(0.02)

    def answers(self) -> bool:
        """Whether the health endpoint says ok."""
        try:
            with urllib.request.urlopen(
                f"{self.url}/_stcore/health", timeout=1, context=ssl._create_unverified_context()
            ) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def wait_for_engine(self) -> None:
        """Wait until runs are taken from the queue."""
        until(lambda: engine_status(self.settings).state == "ready", self._told)
        session_gives_way(engine_status(self.settings).pid)

    def over(self, run: str) -> Run:
        """The run once it is over."""
        return run_over(self.store, run, self._told)

    def _told(self) -> str:
        return f"the engine is {engine_status(self.settings)}"

    def stop(self) -> None:
        """End the server, and whatever it started."""
        if self._process is None:
            return
        family = psutil.Process(self.pid).children(recursive=True) if psutil.pid_exists(self.pid) else []
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_LONGEST_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        _, alive = psutil.wait_procs(family, timeout=5)
        for process in alive:
            process.kill()
        self._process = None
