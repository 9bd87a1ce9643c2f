"""How soon after `streamlit run` the first page can be used, beside a page of Streamlit with nothing on it.

    python benchmarks/first_page.py [--starts 5]

Each start has a home folder of its own that is empty, and a browser without a cache (Chromium is open already). A page
can be used once its button is enabled and the script behind it has come to its end. In the same run a script of
two lines is started the same way: what Streamlit needs by itself. Needs what the browser tests need.

Goals: the first page within 2.5 s of the start, the same page in a second tab within 1.2 s.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

sys.path.insert(0, str(Path(__file__).parent.parent))

from dashboard.shared.language import language
from tests.browser.conftest import launch_options
from tests.browser.server import free_port

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

ROOT = Path(__file__).resolve().parent.parent
FIRST, SECOND = 2.5, 1.2
_PLAIN = 'import streamlit as st\nst.title("Nothing")\nst.button("Press")\n'


@dataclass(frozen=True)
class Start:
    """Seconds of one start."""

    health: float  # until the server answers
    first: float  # until its first page can be used
    second: float  # until the page can be used in another tab, from its opening
    pressed: float  # until the first press was answered, from the press


@dataclass(frozen=True)
class FirstPage:
    """Medians of the seconds of several starts, of the dashboard and of an empty page."""

    ours: Start
    plain: Start
    #: Until the first page of a program that Python has never compiled, as after an installation.
    first_ever: float

    @property
    def is_met(self) -> bool:
        """Whether both goals are."""
        return self.ours.first <= FIRST and self.ours.second <= SECOND


@contextmanager
def served(script: Path, home: Path) -> Iterator[tuple[str, float, float]]:
    """A server of this script: its address, when it was started, and when it answered."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    options = ["--server.port", str(port), "--server.headless", "true"]
    environment = {**os.environ, "TURNING_POINT_HOME": str(home), "PYTHONPATH": str(ROOT)}
    # Where Python may write, only its very first start compiles the program; here that is `first_ever`.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = str(home.parent / "bytecode")
    url = f"http://127.0.0.1:{port}"
    begun = time.monotonic()
    with Path(os.devnull).open("wb") as nowhere:
        process = subprocess.Popen(
            [*command, *options], env=environment, stdout=nowhere, stderr=nowhere, start_new_session=True
        )
    try:
        while not _answers(url):
            if process.poll() is not None or time.monotonic() - begun > 60:
                raise RuntimeError("the server did not start")
            time.sleep(0.01)
        yield url, begun, time.monotonic()
    finally:
        family = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        for left in psutil.wait_procs(family, timeout=5)[1]:
            left.kill()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def start(browser: Browser, script: Path, home: Path, *, button: str, press: str, answer: str) -> Start:
    """Start a server once, open its first page in two tabs and press a button in the second."""
    with served(script, home) as (url, begun, healthy):
        context = browser.new_context(locale="en-US")
        _open(context, url, button)
        first = time.monotonic() - begun
        opened = time.monotonic()
        page = _open(context, url, button)
        second = time.monotonic() - opened
        pressed = time.monotonic()
        page.locator(press).first.click()
        page.locator(answer).first.wait_for()
        answered = time.monotonic() - pressed
        context.close()
    return Start(healthy - begun, first, second, answered)


def _open(context: BrowserContext, url: str, button: str):  # type: ignore[no-untyped-def]
    page = context.new_page()
    page.goto(url, wait_until="commit")
    page.wait_for_function(
        """name => {
          const found = [...document.querySelectorAll("button")].find((one) => one.innerText.includes(name));
          const app = document.querySelector("[data-testid=stApp]");
          return found && !found.disabled && app?.dataset.testScriptState === "notRunning";
        }""",
        arg=button,
    )
    return page


def measure(browser: Browser, folder: Path, starts: int = 5) -> FirstPage:
    """Medians of so many starts of each, in turn."""
    ours, plain = [], []
    script = folder / "nothing.py"
    script.write_text(_PLAIN)
    for number in range(starts + 1):
        plain.append(
            start(
                browser,
                script,
                folder / "none",
                button="Press",
                press="[data-testid=stButton] button",
                answer="h1",
            )
        )
        ours.append(
            start(
                browser,
                ROOT / "dashboard" / "app.py",
                folder / f"home{number}",
                button=language("en")("home.start"),
                press=".st-key-share button",
                answer="[data-testid=stDialog]",
            )
        )
    return FirstPage(_median(ours[1:]), _median(plain[1:]), ours[0].first)


def _median(starts: list[Start]) -> Start:
    return Start(
        *(
            statistics.median(getattr(one, name) for one in starts)
            for name in ("health", "first", "second", "pressed")
        )
    )


def main() -> int:
    """Measure and print; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--starts", type=int, default=5)
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        browser = driver.chromium.launch(**launch_options())
        found = measure(browser, Path(folder), options.starts)
        browser.close()
    print(f"{'seconds (median)':<44}{'dashboard':>10}{'empty page':>12}")
    for name, words in (
        ("health", "start to health"),
        ("first", f"start to the first page in use, goal {FIRST}"),
        ("second", f"second tab, goal {SECOND}"),
        ("pressed", "a press answered"),
    ):
        print(f"{words:<44}{getattr(found.ours, name):>10.2f}{getattr(found.plain, name):>12.2f}")
    print(f"{'the very first start, compiling':<44}{found.first_ever:>10.2f}")
    print("met" if found.is_met else "missed")
    return 0 if found.is_met else 1


if __name__ == "__main__":
    raise SystemExit(main())
