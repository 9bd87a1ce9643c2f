"""How quickly the web process is there, how small it stays, and how soon an epoch is on the screen.

    python benchmarks/web_process.py [--starts 5] [--epochs 40] [--readers 30]

Starts the dashboard as a user does, on a free port of loopback with an empty home, and drives it with a real
Chromium. Needs what the browser tests need. Goals: health within 1 s and the first page within 2.5 s of the
start, less than 250 MB, an epoch on the screen within 0.7 s of its being stored.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

sys.path.insert(0, str(Path(__file__).parent.parent))

from core import presets
from core.run import Epoch
from dashboard.shared.language import language
from tests.browser.conftest import launch_options
from tests.browser.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SAY = language("en")
MEGA = 1e6

# Remembers when each number of epochs was first drawn, in ms since 1970.
WATCH = """() => {
  globalThis.drawn = {};
  const look = () => {
    const epochs = document.querySelector(".tp-live-chart")?.dataset.epochs;
    if (epochs) globalThis.drawn[epochs] ??= Date.now();
    requestAnimationFrame(look);
  };
  look();
}"""


@contextmanager
def running(home: Path) -> Iterator[tuple[Server, float]]:
    """A server, and the seconds until its health endpoint answered."""
    begun = time.monotonic()
    server = Server(home)
    try:
        yield server, time.monotonic() - begun
    finally:
        server.stop()


def starts(browser: Browser, folder: Path, number: int) -> tuple[list[float], list[float]]:
    """Seconds from the start of the process to health, and to a first page that can be used."""
    health, first_page = [], []
    for one in range(number):
        begun = time.monotonic()
        with running(folder / f"start{one}") as (server, healthy):
            page = browser.new_page(locale="en-US")
            page.goto(server.url)
            page.get_by_role("button", name=SAY("home.start")).wait_for()
            first_page.append(time.monotonic() - begun)
            health.append(healthy)
            page.close()
    return health, first_page


def memory_after_all_pages(browser: Browser, server: Server) -> float:
    """Resident memory of the web process in MB, after every page was looked at."""
    page = browser.new_page(locale="en-US")
    for path in ("/", "/data", "/lab", "/run", "/compare", "/try"):
        page.goto(server.url + path)
        page.get_by_test_id("stHeading").first.wait_for()
        page.wait_for_timeout(1500)
    page.close()
    return float(psutil.Process(server.pid).memory_info().rss / MEGA)


def latencies(browser: Browser, server: Server, epochs: int) -> list[float]:
    """Seconds from storing an epoch to drawing it."""
    experiment = presets.load(presets.FIRST).with_changes(epochs=epochs)
    run = server.store.add(experiment, owner="cli")
    server.store.start(run, "benchmark")
    page = browser.new_page(locale="en-US", viewport={"width": 1440, "height": 900})
    page.goto(f"{server.url}/run?run={run}")
    page.locator(".tp-live-chart[data-epochs='0']").wait_for()
    page.evaluate(WATCH)
    stored = {}
    for number in range(1, epochs + 1):
        # Out of step with the polling, as a training is.
        time.sleep(0.6 + 0.37 * (number * 0.618 % 1))
        server.store.record_epoch(run, Epoch(number, 1 / number, 0.9, 1.1 / number, 0.8, 0.001, 0.6))
        stored[str(number)] = time.time()
    page.wait_for_function(f"() => globalThis.drawn['{epochs}']")
    drawn: dict[str, float] = page.evaluate("globalThis.drawn")
    page.close()
    return [drawn[number] / 1000 - when for number, when in stored.items() if number in drawn]


def cost_of_readers(server: Server, readers: int, seconds: float = 10) -> float:
    """Share of a core the web process needs while so many browsers ask for a run twice a second."""
    run = server.store.add(presets.load(presets.FIRST), owner="cli")
    server.store.start(run, "benchmark")
    over = threading.Event()

    def read(delay: float) -> None:
        time.sleep(delay)
        while not over.wait(0.5):
            urllib.request.urlopen(f"{server.url}/api/runs/{run}?since=0", timeout=10).read()

    threads = [threading.Thread(target=read, args=(0.5 * one / readers,)) for one in range(readers)]
    for thread in threads:
        thread.start()
    process = psutil.Process(server.pid)
    time.sleep(1)
    before, begun = process.cpu_times(), time.monotonic()
    time.sleep(seconds)
    after, took = process.cpu_times(), time.monotonic() - begun
    over.set()
    for thread in threads:
        thread.join()
    return (after.user + after.system - before.user - before.system) / took


def told(name: str, values: Sequence[float], goal: str) -> None:
    """Print the median and the slowest of some seconds."""
    print(
        f"{name:<34} median {statistics.median(values):6.2f} s   slowest {max(values):6.2f} s   goal {goal}"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--readers", type=int, default=30)
    wanted = parser.parse_args()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        browser = driver.chromium.launch(**launch_options())
        health, first_page = starts(browser, Path(folder), wanted.starts)
        told("start to health", health, "1 s")
        told("start to first page in Chromium", first_page, "2.5 s")
        with running(Path(folder) / "home") as (server, _):
            server.wait_for_engine()
            print(
                f"{'memory after all pages':<34} {memory_after_all_pages(browser, server):9.0f} MB   goal 250 MB"
            )
            told("epoch stored to epoch drawn", latencies(browser, server, wanted.epochs), "0.7 s")
            share = cost_of_readers(server, wanted.readers)
            print(f"{f'{wanted.readers} readers at 2 Hz':<34} {share:9.1%} of a core")
        browser.close()


if __name__ == "__main__":
    main()
