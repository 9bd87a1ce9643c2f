"""How long recorded runs take to open, on a server that has just been started and has no data folder.

    python benchmarks/recorded_runs.py [--runs recorded-imdb-multi-hot ...]

Starts the server with an empty home and opens one run after the other, each in a browser window of its own that knows
nothing yet. Printed are seconds from the address to the curves with their turning point, to the matrix of the test
result, and from a press on "Look back" to the matrix by epoch; beside them the processor seconds that the server with
its engine and the page's main thread spent on all of it, which a busy computer disturbs little, and how many processes
want a processor.

Goal: curves, turning point and matrix within 2 s on a computer that does nothing else.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import psutil
from playwright.sync_api import CDPSession, Page, sync_playwright

from core import recorded
from dashboard.shared.language import language
from tests.browser.conftest import launch_options
from tests.browser.server import Server

SAY = language("en")
GOAL = 2.0
_PATIENCE = 120_000  # ms


def at_work(page: Page) -> CDPSession:
    """The browser's own count of the processor time of a page's main thread."""
    found = page.context.new_cdp_session(page)
    found.send("Performance.enable", {"timeDomain": "threadTicks"})
    return found


def main_thread(page: CDPSession) -> float:
    """Processor seconds of the main thread so far."""
    metrics = page.send("Performance.getMetrics")["metrics"]
    return next(one["value"] for one in metrics if one["name"] == "TaskDuration")


def spent(process: psutil.Process) -> float:
    """Processor seconds of a process and all that it has started, as far as they still live."""
    found = 0.0
    for one in (process, *process.children(recursive=True)):
        try:
            found += sum(one.cpu_times()[:2])
        except psutil.Error:  # ended just now
            continue
    return found


def opened(page: Page, url: str, run: str) -> tuple[float, float, float | None]:
    """Seconds to the curves, to the matrix, and from the press to the matrix by epoch, if there is one."""
    epochs = len(recorded.get(run).epochs)
    begun = time.perf_counter()
    page.goto(f"{url}/run?run={run}")
    page.locator(f".tp-live-chart[data-epochs='{epochs}']").wait_for()
    curves = time.perf_counter() - begun
    page.locator("[data-testid=stPlotlyChart] .heatmaplayer").first.wait_for()
    matrix = time.perf_counter() - begun
    if not recorded.get(run).experiment.validation_size:
        return curves, matrix, None
    begun = time.perf_counter()
    page.get_by_role("tab", name=SAY("run.tab.lookback")).click()
    page.locator(".tp-player").first.wait_for()
    return curves, matrix, time.perf_counter() - begun


def main() -> int:
    """Open them, and print; 1 if the goal is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", nargs="+", default=[f"{recorded.PREFIX}{name}" for name in recorded.NAMES])
    options = parser.parse_args()
    slowest = 0.0
    with tempfile.TemporaryDirectory(prefix="turning-point-benchmark-") as folder, sync_playwright() as play:
        home = Path(folder) / "home"
        home.mkdir()
        server = Server(home, {"KERAS_HOME": str(Path(folder) / "keras")})
        browser = play.chromium.launch(**launch_options())
        try:
            for run in options.runs:
                page = browser.new_context(
                    viewport={"width": 1440, "height": 1000}, locale="en-US"
                ).new_page()
                page.set_default_timeout(_PATIENCE)
                own, before = at_work(page), spent(psutil.Process(server.pid))
                curves, matrix, look_back = opened(page, server.url, run)
                of_server = spent(psutil.Process(server.pid)) - before
                of_page = main_thread(own)
                by_epoch = "-" if look_back is None else f"{look_back:.2f}"
                print(
                    f"{run:<32} curves {curves:.2f}  matrix {matrix:.2f}  by epoch {by_epoch}  "
                    f"processor: server {of_server:.2f}, page {of_page:.2f}  busy {os.getloadavg()[0]:.1f}",
                    flush=True,
                )
                slowest = max(slowest, matrix)
                page.context.close()
        finally:
            browser.close()
            server.stop()
    print(f"slowest: {slowest:.2f} s (goal {GOAL:.0f} s)")
    return 0 if slowest <= GOAL else 1


if __name__ == "__main__":
    raise SystemExit(main())
