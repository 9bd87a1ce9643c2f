"""What the processes of a server hold: when it is idle, and after hundreds of runs and page visits.

    python benchmarks/memory.py [--workers 2] [--runs 500] [--visits 1000] [--seconds 3000]

The dashboard runs as a user starts it, on a free port of loopback with an empty home. Memory is proportional (PSS):
of a page that processes have in common each is counted its share, so that the sum is what the computer has to give.
Idle is the server once its engine is ready and nobody has asked for anything. Then tiny trainings of different seeds
go through the queue, the real engine and real workers, while clients speak Streamlit's
protocol by websocket and open pages, each in a session of its own. Every few runs, once nothing trains, memory is
measured. After `--seconds` it ends with the runs that there are, and says how many.

Goals: idle at most 750 MB with two workers, 500 MB by the setting for small machines;
at the end at most 5 % more than after 50 runs.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from class_load import PAGES, Client, Measured

from core import presets
from core.run import RunState
from tests.browser.server import Server

IDLE, SMALL, GROWTH = 750.0, 500.0, 1.05
MEGA = 1e6
EACH, FIRST = 50, 50
"""After how many runs memory is measured, and after how many for the first time."""
_SETTLE = 6.0  # seconds until what a start or an end leaves behind has gone
_LIBRARY = ("recorded-fashion-deep", "recorded-fashion-shallow")


@dataclass(frozen=True)
class Memory:
    """Proportional megabytes of the processes of a server, by what they are."""

    runs: int
    visits: int
    web: float
    engine: float
    fork_server: float
    workers: tuple[float, ...]

    @property
    def total(self) -> float:
        """Of all of them."""
        return self.web + self.engine + self.fork_server + sum(self.workers)


def proportional(pid: int) -> float:
    """PSS of a process in MB, as the kernel adds it up."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")) / MEGA


def measured(server: Server, runs: int = 0, visits: int = 0) -> Memory:
    """What a server and all that came of it hold now."""
    web = psutil.Process(server.pid)
    engine, fork_server = 0.0, 0.0
    workers = []
    for process in web.children(recursive=True):
        words = " ".join(process.cmdline())
        if "core.jobs.engine" in words or "resource_tracker" in words:
            engine += proportional(process.pid)
        elif process.parent() == web or "core.jobs.engine" in " ".join(process.parent().cmdline()):
            fork_server += proportional(process.pid)
        else:
            workers.append(proportional(process.pid))
    return Memory(runs, visits, proportional(web.pid), engine, fork_server, tuple(sorted(workers)))


def idle(workers: int = 2, *, small: bool = False) -> Memory:
    """A server that nobody has asked for anything; `small` is the setting for computers with little memory."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"TURNING_POINT_WORKERS": str(workers), "TURNING_POINT_SMALL": str(int(small))}
        server = Server(Path(folder) / "home", environment)
        try:
            server.wait_for_engine()
            time.sleep(_SETTLE)
            return measured(server)
        finally:
            server.stop()


def grown(workers: int = 2, runs: int = 500, visits: int = 1000, seconds: float = 3000) -> list[Memory]:
    """Memory every few runs; visits are spread evenly over them."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(
            Path(folder) / "home", {"TURNING_POINT_WORKERS": str(workers), "TURNING_POINT_KEEP_RUNS": "0"}
        )
        try:
            server.wait_for_engine()
            return asyncio.run(_grow(server, runs, visits, time.monotonic() + seconds))
        finally:
            server.stop()


async def _grow(server: Server, runs: int, visits: int, end: float) -> list[Memory]:
    found = []
    seen, visited = Measured(), 0
    for done in range(FIRST, runs + 1, EACH):
        begun = [_add(server, seed) for seed in range(done - EACH, done)]
        wanted = visits * done // runs
        for number in range(visited, wanted):
            await _visit(server, number, begun, seen)
        visited = wanted
        while not _over(server, begun) and time.monotonic() < end:
            await asyncio.sleep(0.5)
        if seen.errors or not _over(server, begun):
            break
        await asyncio.sleep(_SETTLE)
        found.append(measured(server, done, visited))
        print(line(found[-1]), flush=True)
        if time.monotonic() > end:
            break
    if seen.errors:
        raise RuntimeError(f"pages have said {dict(seen.errors)}")
    return found


def _add(server: Server, seed: int) -> str:
    experiment = presets.load(presets.FIRST).with_changes(epochs=1, seed=seed)
    return server.store.add(experiment, owner=f"student{seed % 30}".ljust(22, "_"), preset=presets.FIRST)


def _over(server: Server, runs: Iterable[str]) -> bool:
    states = [run.state for run in server.store.get_many(list(runs))]
    if any(state is RunState.FAILED for state in states):
        raise RuntimeError("a run has failed")
    return all(state.is_over for state in states)


async def _visit(server: Server, number: int, runs: list[str], seen: Measured) -> None:
    """One page in a session of its own: now a list, now a run, now two recorded ones side by side."""
    client = Client(server, f"student{number % 30}".ljust(22, "_"), seen)
    page = (*PAGES, "run", "try")[number % (len(PAGES) + 2)]
    query = {"run": f"run={runs[number % len(runs)]}", "compare": f"runs={','.join(_LIBRARY)}"}.get(page, "")
    await client.open(page, query)
    await client.close()


def line(one: Memory) -> str:
    """A record as a line."""
    workers = " ".join(f"{worker:.0f}" for worker in one.workers)
    return (
        f"{one.runs:5} runs {one.visits:5} visits   web {one.web:4.0f}   engine {one.engine:4.0f}   "
        f"fork server {one.fork_server:4.0f}   workers {workers}   all {one.total:5.0f} MB"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--visits", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=3000)
    wanted = parser.parse_args()
    still = idle(wanted.workers)
    print(line(still), f"  goal {IDLE:.0f} MB: {'met' if still.total <= IDLE else 'missed'}", flush=True)
    least = idle(small=True)
    met = "met" if least.total <= SMALL else "missed"
    print(line(least), f"  small machine, goal {SMALL:.0f} MB: {met}", flush=True)
    if wanted.runs < FIRST + EACH:
        return
    found = grown(wanted.workers, wanted.runs, wanted.visits, wanted.seconds)
    if len(found) > 1:
        ratio = found[-1].total / found[0].total
        print(
            f"after {found[-1].runs} runs {ratio:.3f} of what it was after {found[0].runs}   "
            f"goal {GROWTH}: {'met' if ratio <= GROWTH else 'missed'}"
        )


if __name__ == "__main__":
    main()
