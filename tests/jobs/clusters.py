"""A Dask cluster that someone else runs: a scheduler at a fixed address, and workers for trainings."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psutil

from tests.jobs.homes import family
from tests.ports import free_port


class Cluster:
    """A scheduler that can be ended and started again, and workers as `python -m core.jobs.join` starts them."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self._folder = folder
        self._scheduler: subprocess.Popen[bytes] | None = None
        self._workers: list[subprocess.Popen[bytes]] = []

    def start_scheduler(self) -> None:
        options = f"--host 127.0.0.1 --port {self.port} --dashboard-address 127.0.0.1:0"
        self._scheduler = subprocess.Popen([sys.executable, "-m", "dask", "scheduler", *options.split()])

    def end_scheduler(self, number: int = signal.SIGKILL) -> None:
        assert self._scheduler is not None
        self._scheduler.send_signal(number)
        self._scheduler.wait()

    def suspend_scheduler(self) -> None:
        assert self._scheduler is not None
        self._scheduler.send_signal(signal.SIGSTOP)

    def resume_scheduler(self) -> None:
        assert self._scheduler is not None
        self._scheduler.send_signal(signal.SIGCONT)

    def start_worker(self, *options: str) -> subprocess.Popen[bytes]:
        return self._start([sys.executable, "-m", "core.jobs.join", self.address, *options])

    def start_plain_worker(self, *options: str) -> subprocess.Popen[bytes]:
        """One as Dask's own command starts it."""
        common = f"--nthreads 1 --no-dashboard --preload core.jobs.worker --local-directory {self._folder}"
        dask = [sys.executable, "-m", "dask", "worker", self.address, "--host", "127.0.0.1"]
        return self._start([*dask, *common.split(), *options])

    def _start(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        # Settings of its own would go before those of the engine.
        own = {name: value for name, value in os.environ.items() if not name.startswith("TURNING_POINT_")}
        self._workers.append(subprocess.Popen(command, env=own))
        return self._workers[-1]

    def close(self) -> None:
        for worker in self._workers:
            if worker.poll() is None:
                for process in family(worker.pid):
                    process.kill()
            worker.wait()
        if self._scheduler is not None:
            self._scheduler.kill()
            self._scheduler.wait()

    def processes(self) -> list[psutil.Process]:
        return [process for worker in self._workers for process in family(worker.pid)]
