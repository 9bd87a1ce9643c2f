"""A class at once: so many browser-like clients open pages and train `digits` twice each, over websockets.

    python benchmarks/class_load.py [--students 30] [--minute 20] [--workers N] [--different] [--restart]

The dashboard runs as a user starts it, on a free port of loopback with an empty home. Each client has a cookie and a
websocket of its own and speaks Streamlit's protocol as a browser does: it joins the class by its form, opens the
first page, presses the button that trains, asks for the run twice a second as live curves do, walks through the run's
page, the lab and the data meanwhile, and presses once more. With `--different` every press trains another experiment:
the same network with a seed of its own, brought to the lab by its address; otherwise equal experiments share
trainings. The teacher's board is asked for as its component does. With `--restart` the server and all that came of it
are killed once a third of the runs are there, and started again; the clients connect anew.

Printed: seconds of a rerun of a page as its client sees it, how soon polls of a run and the board answer, how long it
takes from a press to the first epoch and to the end, the memory of the web process, and of the runs how many there
should be, are, ended, and share a training. A press whose answer the kill took away may have queued its run or not;
then the client looks for it before it presses again, as a student would.

Goals: all runs end, none is lost or doubled; reruns p95 500 ms, polls p95 100 ms; memory at most 350 MB.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import statistics
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, WebSocketException

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from core.presets import FIRST
from core.run import RunState
from dashboard.shared.language import language
from dashboard.shared.viewer import OWNER_COOKIE
from tests.browser.server import Server

SAY = language("en")
TEACHER = "teacher".ljust(22, "_")
PAGES = ("data", "lab")
POLL, BOARD = 0.5, 0.4  # seconds, as in live_curves.js and board.js
LOOK = 1.0  # seconds for which a page is looked at before the next is opened
GOAL, POLLS, MEMORY = 0.5, 0.1, 350.0
_AWAY = (OSError, WebSocketException, InvalidHandshake, TimeoutError)


@dataclass(frozen=True)
class Options:
    """How many come within how many seconds, and what they do."""

    students: int = 30
    minute: float = 20.0
    workers: int | None = None  # as many as the settings say by themselves
    different: bool = False
    restart: bool = False
    longest: float = 600.0


@dataclass
class Measured:
    """What all clients have seen."""

    reruns: list[float] = field(default_factory=list)
    polls: list[float] = field(default_factory=list)
    boards: list[float] = field(default_factory=list)
    firsts: list[float] = field(default_factory=list)
    """Seconds from each press to the first epoch that its student sees."""
    ends: list[float] = field(default_factory=list)
    """Seconds from each press to the end of its run."""
    errors: Counter[str] = field(default_factory=Counter)
    memory: float = 0.0


class Client:
    """A browser without a screen: one websocket, the buttons and fields on its page by their labels, its address."""

    def __init__(self, server: Server, owner: str, measured: Measured) -> None:
        self._server, self.owner, self.measured = server, owner, measured
        self._socket: ClientConnection | None = None
        self._buttons: dict[str, str] = {}
        self._fields: dict[str, str] = {}
        self._page, self._query = "", ""

    async def open(self, page: str, query: str = "") -> None:
        """Open a page by its address, in a session of its own as a browser that loads it does."""
        await self.close()
        self._socket = await connect(
            f"ws://127.0.0.1:{self._server.port}/_stcore/stream",
            additional_headers={"Cookie": f"{OWNER_COOKIE}={self.owner}"},
            origin=f"http://127.0.0.1:{self._server.port}",  # type: ignore[arg-type]
            max_size=None,
        )
        self._page, self._query = page, query
        await self._rerun()

    async def press(self, label: str, typed: Mapping[str, str] | None = None) -> None:
        """Press the button of this label, with what was typed into the fields of its form."""
        fields = {self._fields[name]: text for name, text in (typed or {}).items()}
        await self._rerun(self._buttons[label], fields)

    async def close(self) -> None:
        """Leave the page."""
        if self._socket is not None:
            await self._socket.close()
            self._socket = None

    async def _rerun(self, button: str = "", fields: Mapping[str, str] | None = None) -> None:
        assert self._socket is not None
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_name = self._query, self._page
        state.context_info.timezone, state.context_info.locale = "UTC", "en-US"
        for name, text in (fields or {}).items():
            widget = state.widget_states.widgets.add()
            widget.id, widget.string_value = name, text
        if button:
            widget = state.widget_states.widgets.add()
            widget.id, widget.trigger_value = button, True
        begun = time.monotonic()
        await self._socket.send(message.SerializeToString())
        async with asyncio.timeout(60):
            while not self._take(await self._socket.recv()):
                pass
        self.measured.reruns.append(time.monotonic() - begun)

    def _take(self, received: str | bytes) -> bool:
        """Remember what a message says; True at the end of the script."""
        message = ForwardMsg()
        message.ParseFromString(received if isinstance(received, bytes) else received.encode())
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._buttons.clear()
            self._fields.clear()
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            if element.WhichOneof("type") == "button":
                self._buttons[element.button.label] = element.button.id
            elif element.WhichOneof("type") == "text_input":
                self._fields[element.text_input.label] = element.text_input.id
            elif element.WhichOneof("type") == "exception":
                self.measured.errors[element.exception.message[:100]] += 1
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        return kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN


async def student(server: Server, code: str, number: int, options: Options, measured: Measured) -> None:
    """Join within the first minute, and train twice; whatever fails while the server is away is tried again."""
    await asyncio.sleep(options.minute * number / options.students)
    client = Client(server, owner_of(number), measured)
    done = 0
    while done < 2:
        try:
            if server.store.seat(client.owner) is None:
                await client.open("class", f"code={code}")
                nickname = {SAY("class.nickname"): f"Student {number}"}
                await client.press(SAY("class.join.press"), {SAY("class.code"): code, **nickname})
            pressed = time.monotonic()
            if len(_runs(server, client.owner)) <= done:
                if options.different:
                    await client.open("lab", f"preset={FIRST}&seed={1 + done + 2 * number}")
                    pressed = time.monotonic()
                    await client.press(SAY("lab.train"))
                else:
                    await client.open("")
                    pressed = time.monotonic()
                    await client.press(SAY("home.start"))
            await _watch(server, client, done, pressed)
            done += 1
        except _AWAY as error:
            measured.errors[f"tried again after {type(error).__name__}"] += 1
            await asyncio.sleep(1)
    await client.close()


async def _watch(server: Server, client: Client, done: int, pressed: float) -> None:
    """Ask for the run of the last press until it is over, walking through other pages meanwhile."""
    async with asyncio.timeout(30):  # a rerun that ends may be another one than that of the press
        while len(runs := _runs(server, client.owner)) <= done:
            await asyncio.sleep(POLL / 5)
    run = runs[done]
    walk = asyncio.create_task(_walk(server, client, run))
    measured, since = client.measured, 0
    try:
        while True:
            begun = time.monotonic()
            answer = json.loads(await asyncio.to_thread(_get, f"{server.url}/api/runs/{run}?since={since}"))
            now = time.monotonic()
            measured.polls.append(now - begun)
            if answer["epochs"]:
                if not since:
                    measured.firsts.append(now - pressed)
                since = answer["epochs"][-1]["number"]
            if RunState(answer["state"]).is_over:
                measured.ends.append(now - pressed)
                break
            await asyncio.sleep(POLL)
        await walk
    finally:
        walk.cancel()


async def _walk(server: Server, client: Client, run: str) -> None:
    await client.open("run", f"run={run}")
    elsewhere = Client(server, client.owner, client.measured)
    for page in PAGES:
        await asyncio.sleep(LOOK)
        await elsewhere.open(page)
    await asyncio.sleep(LOOK)
    await elsewhere.close()


def _runs(server: Server, owner: str) -> list[str]:
    return [run.id for run in reversed(server.store.summaries(owner=owner))]


def _get(address: str, owner: str = "") -> bytes:
    request = urllib.request.Request(address, headers={"Cookie": f"{OWNER_COOKIE}={owner}"} if owner else {})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return bytes(answer.read())


async def board(server: Server, code: str, measured: Measured) -> None:
    """The teacher's board, and the memory of the web process, until cancelled."""
    while True:
        begun = time.monotonic()
        try:
            await asyncio.to_thread(_get, f"{server.url}/api/classes/{code}/board", TEACHER)
            measured.boards.append(time.monotonic() - begun)
            measured.memory = max(measured.memory, psutil.Process(server.pid).memory_info().rss / 1e6)
        except (OSError, psutil.NoSuchProcess, AssertionError):
            measured.errors["board away"] += 1
        await asyncio.sleep(BOARD)


async def restart(server: Server, runs: int) -> None:
    """Kill the server and all that came of it once so many runs are there, and start it again."""
    while server.store.count() < runs:
        await asyncio.sleep(0.2)
    family = [psutil.Process(server.pid), *psutil.Process(server.pid).children(recursive=True)]
    for process in family:
        try:
            os.kill(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    psutil.wait_procs(family, timeout=10)
    await asyncio.to_thread(server.start)


def owner_of(number: int) -> str:
    """The cookie of a student's browser."""
    return f"student{number:02d}".ljust(22, "_")


async def load(server: Server, code: str, options: Options) -> Measured:
    """Let all come, and wait until each has trained twice."""
    measured = Measured()
    beside = [asyncio.create_task(board(server, code, measured))]
    if options.restart:
        beside.append(asyncio.create_task(restart(server, 2 * options.students // 3)))
    students = [student(server, code, number, options, measured) for number in range(options.students)]
    try:
        await asyncio.wait_for(asyncio.gather(*students), options.longest)
    except TimeoutError:
        measured.errors["not done in time"] += 1
    for task in beside:
        task.cancel()
    return measured


def p95(values: Sequence[float]) -> float:
    """What 95 of 100 do not exceed."""
    return sorted(values)[int(0.95 * (len(values) - 1))] if values else float("nan")


def measure(options: Options) -> dict[str, Any]:
    """Serve, have all come, and say in seconds and 10**6 bytes what they met; `right` if no run was lost or doubled."""
    workers = {} if options.workers is None else {"TURNING_POINT_WORKERS": str(options.workers)}
    with tempfile.TemporaryDirectory(prefix="turning-point-benchmark-") as folder:
        server = Server(Path(folder) / "home", {"TURNING_POINT_WORKERS": "", **workers})
        try:
            server.wait_for_engine()
            code = server.store.open_class(TEACHER).code
            before = os.getloadavg()[0]
            begun = time.monotonic()
            measured = asyncio.run(load(server, code, options))
            seconds = time.monotonic() - begun
            return {
                **_of_runs(server, options.students),
                **_figures(measured, seconds),
                "load_before": before,
            }
        finally:
            server.stop()


def _of_runs(server: Server, students: int) -> dict[str, Any]:
    runs = server.store.summaries(limit=10_000)
    owners = Counter(run.owner for run in runs)
    ended = sum(run.state.is_over for run in runs)
    seats = len({run.owner for run in runs if run.classroom})
    return {
        "workers": server.settings.workers,
        "runs": len(runs),
        "ended": ended,
        "shared": sum(bool(run.follows) for run in runs),
        "states": dict(Counter(run.state.value for run in runs)),
        "right": ended == len(runs) == 2 * students and set(owners.values()) == {2} and seats == students,
    }


def _figures(measured: Measured, seconds: float) -> dict[str, Any]:
    lists = {name: getattr(measured, name) for name in ("reruns", "polls", "boards", "firsts", "ends")}
    found: dict[str, Any] = {
        "seconds": seconds,
        "megabytes": measured.memory,
        "errors": dict(measured.errors),
    }
    for name, values in lists.items():
        found[name] = len(values)
        found[f"{name}_median"] = statistics.median(values) if values else float("nan")
        found[f"{name}_p95"] = p95(values)
    return found


def goals_met(found: Mapping[str, Any]) -> bool:
    """Whether a class may count on it."""
    return bool(
        found["right"]
        and found["reruns_p95"] <= GOAL
        and found["polls_p95"] <= POLLS
        and found["megabytes"] <= MEMORY
    )


def tell(found: Mapping[str, Any], students: int) -> None:
    """Print what was measured."""
    print(
        f"runs     {found['runs']} of {2 * students}, {found['ended']} ended, each owner has two: {found['right']}; "
        f"{found['states']}, {found['shared']} shared the training of another; {found['workers']} workers, "
        f"{found['seconds']:.0f} s in all"
    )
    for name, goal in (
        ("reruns", GOAL),
        ("polls", POLLS),
        ("boards", None),
        ("firsts", None),
        ("ends", None),
    ):
        median, most = found[f"{name}_median"], found[f"{name}_p95"]
        print(
            f"{name:<8} {found[name]}: median {median:.2f} s, p95 {most:.2f} s"
            + (f"   goal {goal} s" if goal else "")
        )
    print(f"memory   {found['megabytes']:.0f} MB   goal {MEMORY:.0f} MB")
    print(f"trouble  {found['errors']}")
    print(f"load     {found['load_before']:.1f} before, {os.getloadavg()[0]:.1f} now")


def main() -> int:
    """Measure, print, and say by the result whether the goals were met."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--minute", type=float, default=20.0, help="seconds in which all come")
    parser.add_argument("--workers", type=int)
    parser.add_argument("--different", action="store_true", help="every press trains another experiment")
    parser.add_argument("--restart", action="store_true")
    parser.add_argument("--longest", type=float, default=600.0)
    options = Options(**vars(parser.parse_args()))
    found = measure(options)
    tell(found, options.students)
    return 0 if goals_met(found) else 1


if __name__ == "__main__":
    sys.exit(main())
