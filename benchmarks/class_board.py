"""What the live board of a class costs, and how soon it shows what was recorded.

    python benchmarks/class_board.py [--seats 30] [--teachers 1] [--seconds 20] [--rate 1.0]

A server with the addresses of classes runs in a process of its own. Every seat has a run to which another process adds
an epoch `--rate` times a second; the browsers of the teachers ask for the board as its component does, those of the
students ask whether anything has changed for them. Printed are the processor time of the server as a share of one
core, and the seconds from recording an epoch to the answer that holds it. The ratio compares the work of one board with
the plain way: reading every run of the class whole and working the board out anew.

Goals: below 10 % of a core, and 95 of 100 epochs shown within a second.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
TEACHER = "teacher".ljust(22, "_")
POLL, STAMP = 0.4, 2.0  # seconds, as in board.js and watch.js
EPOCHS = 1000
SHARE, DELAY = 0.10, 1.0


def main() -> int:
    """Measure, print, and say by the result whether the goals were met."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="turning-point-benchmark-") as home:
        os.environ["TURNING_POINT_HOME"] = home
        os.environ.pop("TURNING_POINT_DATABASE", None)
        from core.settings import Settings
        from core.storage import open_store

        store = open_store(Settings.from_environment())
        code = store.open_class(TEACHER).code
        runs = [_seated(store, code, number) for number in range(options.seats)]
        start = multiprocessing.get_context("spawn")
        port = start.Value("i", 0)
        server = start.Process(target=serve, args=(port,), daemon=True)
        server.start()
        while not port.value:
            time.sleep(0.05)
        try:
            return measure(options, server.pid or 0, port.value, code, runs)
        finally:
            server.terminate()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seats", type=int, default=30)
    parser.add_argument("--teachers", type=int, default=1, help="browsers that show the board")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--rate", type=float, default=1.0, help="epochs of each run in a second")
    return parser.parse_args()


def owner_of(number: int) -> str:
    """The browser of a seat."""
    return f"student{number}".ljust(22, "_")


def _seated(store: object, code: str, number: int) -> str:
    from core import presets
    from core.storage import Store

    assert isinstance(store, Store)
    store.join(code, f"student {number}", owner_of(number))
    experiment = presets.load(presets.FIRST).with_changes(epochs=EPOCHS, seed=number)
    return store.add(experiment, owner=owner_of(number), worker="benchmark", preset=presets.FIRST)


def serve(port: object) -> None:
    """The server's own addresses, as the web process answers them."""
    import uvicorn
    from starlette.applications import Starlette

    from dashboard.server.routes import routes

    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes()), port=0, log_level="error"))

    def tell() -> None:
        while not server.started:
            time.sleep(0.01)
        port.value = server.servers[0].sockets[0].getsockname()[1]  # type: ignore[attr-defined]

    threading.Thread(target=tell, daemon=True).start()
    server.run()


def record(runs: list[str], rate: float, seconds: float, written: object) -> None:
    """Add an epoch to each run so many times a second, one after the other all the time, and note when."""
    from core.run import Epoch
    from core.settings import Settings
    from core.storage import open_store

    store = open_store(Settings.from_environment())
    begun, number = time.time(), 0
    times: dict[tuple[str, int], float] = {}
    while time.time() - begun < seconds:
        number += 1
        for place, run in enumerate(runs):
            wait = begun + (number - 1 + place / len(runs)) / rate - time.time()
            if wait > 0:
                time.sleep(wait)
            store.record_epoch(run, Epoch(number, 1 / number, 0.9, 1 / number, 0.9, 0.001, 0.1))
            times[run, number] = time.time()
    written.put(times)  # type: ignore[attr-defined]


def measure(options: argparse.Namespace, server: int, port: int, code: str, runs: list[str]) -> int:
    """Let everybody ask for a while, and print what it took."""
    import psutil

    from dashboard.shared import browser

    process = psutil.Process(server)
    address = f"http://127.0.0.1:{port}{browser.base()}"
    board, stamp = (address + one.format(code=code) for one in (browser.CLASS_BOARD, browser.CLASS_STAMP))
    seen: dict[tuple[str, int], float] = {}
    over = threading.Event()
    asking = [
        threading.Thread(target=_watch_board, args=(board, over, seen)) for _ in range(options.teachers)
    ]
    asking += [
        threading.Thread(target=_watch_stamp, args=(stamp, owner_of(number), over))
        for number in range(options.seats)
    ]
    start = multiprocessing.get_context("spawn")
    written = start.Queue()
    writer = start.Process(target=record, args=(runs, options.rate, options.seconds + 3, written))
    writer.start()
    for thread in asking:
        thread.start()
    time.sleep(3)  # the server has loaded what it needs
    before, begun = sum(process.cpu_times()[:2]), time.time()
    time.sleep(options.seconds)
    share = (sum(process.cpu_times()[:2]) - before) / (time.time() - begun)
    times = written.get()
    writer.join()
    time.sleep(1)
    over.set()
    for thread in asking:
        thread.join()
    delays = _delays(times, seen, since=begun)
    late = statistics.quantiles(delays, n=20)[-1]
    print(f"{options.seats} seats, {options.teachers} boards, {options.rate:g} epochs a second each")
    print(f"processor time of the server: {share:.1%} of a core (goal: below {SHARE:.0%})")
    print(f"from record to answer: median {statistics.median(delays):.2f} s, 95 % within {late:.2f} s")
    plain, own = _one_board(code)
    print(f"one board: {own * 1000:.1f} ms, the plain way {plain * 1000:.1f} ms, ratio {plain / own:.1f}")
    return 0 if share < SHARE and late <= DELAY else 1


def _watch_board(address: str, over: threading.Event, seen: dict[tuple[str, int], float]) -> None:
    import requests

    from dashboard.shared.viewer import OWNER_COOKIE

    session, version = requests.Session(), ""
    session.cookies.set(OWNER_COOKIE, TEACHER)
    while not over.is_set():
        answer = session.get(address, params={"version": version}, timeout=10)
        moment = time.time()
        if answer.status_code == 200:
            said = answer.json()
            version = said["version"]
            for tile in said["tiles"]:
                seen.setdefault((tile["run"], tile["epoch"]), moment)
        time.sleep(POLL)


def _watch_stamp(address: str, owner: str, over: threading.Event) -> None:
    import requests

    from dashboard.shared.viewer import OWNER_COOKIE

    session = requests.Session()
    session.cookies.set(OWNER_COOKIE, owner)
    while not over.is_set():
        assert session.get(address, timeout=10).status_code == 200
        time.sleep(STAMP)


def _delays(
    times: dict[tuple[str, int], float], seen: dict[tuple[str, int], float], *, since: float
) -> list[float]:
    """For each epoch the seconds until a board showed it or a later one."""
    found = []
    for (run, number), written in times.items():
        if written < since:
            continue
        shown = [moment for (other, epoch), moment in seen.items() if other == run and epoch >= number]
        if shown:
            found.append(min(shown) - written)
    return found


def _one_board(code: str) -> tuple[float, float]:
    """Seconds of one board the plain way and ours, where every run has moved by one epoch."""
    from core.classroom.board import board
    from core.run import Epoch
    from dashboard.classroom.live_board import LiveBoard
    from dashboard.shared import services

    store, live = services.store(), LiveBoard(code)
    seats = store.seats(code)
    live.read(store, seats, revealed=False)
    plain, own = [], []
    for _ in range(5):
        for run in store.summaries(classroom=code):
            number = run.epochs_done + 1
            store.record_epoch(run.id, Epoch(number, 1 / number, 0.9, 1 / number, 0.9, 0.001, 0.1))
        begun = time.perf_counter()
        live.read(store, seats, revealed=False)
        own.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        board(seats, store.get_many([run.id for run in store.summaries(classroom=code)]))
        plain.append(time.perf_counter() - begun)
    return statistics.median(plain), statistics.median(own)


if __name__ == "__main__":
    raise SystemExit(main())
