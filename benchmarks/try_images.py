"""How long a drawing waits for its answer while a training runs, on the server and in a browser.

    python benchmarks/try_images.py --datasets FOLDER [--questions 40]

Starts the dashboard with one worker for trainings on a temporary home and trains a small network on MNIST for a moment:
how well it learns does not matter here. Then a long training runs, and

- the network is asked about a drawing and the same drawing centred, as the page asks: seconds from pixels to answer;
- the network is asked about a test image at 39 strengths of a distortion, in one question;
- in Chromium strokes are drawn on the pad: seconds from the last event of the mouse to the bars that answer it.

Goal: under 0.3 s from the last event to the bars.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from core import presets
from core.datasets import ImageDataset, open_dataset
from core.datasets.distortion import Distortion, distorted, series
from core.datasets.drawing import INK, SIDE, as_drawn, as_in_set
from core.errors import JobError
from core.inference.kinds.images import ImagesRequest
from core.jobs import queue
from core.jobs.inference_client import ask
from core.run import RunState
from core.storage import Store

sys.path.insert(0, str(Path(__file__).parent.parent))
from tests.browser.conftest import launch_options
from tests.browser.server import Server

GOAL = 0.3
#: Drawn anew each time, so that each stroke changes the answer's bars: from and to, in shares of the pad.
STROKES = (
    ((0.2, 0.2), (0.7, 0.2)),
    ((0.7, 0.2), (0.4, 0.8)),
    ((0.3, 0.5), (0.65, 0.5)),
    ((0.2, 0.8), (0.8, 0.8)),
)
#: Milliseconds from the next movement on the pad to the frame after its answer has come, by the browser's own clock.
#: The pad learns last that a drawing was answered, after the bars.
WATCH = """(root) => {
  let moved = null;
  root.querySelector("canvas").addEventListener("pointermove", () => { moved = performance.now(); }, { once: true });
  root.answered = new Promise((resolve) => {
    const look = () => {
      const answered = moved !== null && !root.pad.unsent && root.pad.waiting === null;
      if (answered) requestAnimationFrame(() => resolve(performance.now() - moved));
      else requestAnimationFrame(look);
    };
    look();
  });
}"""


def trained(store: Store) -> str:
    """A small network on MNIST."""
    experiment = presets.load("mnist-three-layers").with_changes(epochs=2, train_limit=6_000)
    run = queue.submit(store, experiment, owner="cli")
    while not (seen := store.get(run)).state.is_over:
        time.sleep(0.1)
    if seen.state is not RunState.FINISHED:
        raise RuntimeError(str(seen.reason))
    return run


def busy(store: Store) -> None:
    """A training that does not end by itself, once it learns."""
    run = queue.submit(store, presets.load("mnist-convnet").with_changes(epochs=1_000), owner="benchmark")
    while store.get(run).progress is None:
        time.sleep(0.1)


def told(name: str, seconds: list[float]) -> None:
    """Print a line of results."""
    slowest = sorted(seconds)[-max(1, len(seconds) // 20)]
    print(
        f"{name:<44} median {statistics.median(seconds):.3f} s   p95 {slowest:.3f} s   max {max(seconds):.3f} s"
    )


def timed(question: Callable[[], object], times: int) -> list[float]:
    """Seconds of each of some calls, after an answer has come."""
    for _ in range(3):
        while True:
            try:
                question()
                break
            except JobError:
                time.sleep(0.5)
    seconds = []
    for _ in range(times):
        begun = time.perf_counter()
        question()
        seconds.append(time.perf_counter() - begun)
    return seconds


def on_the_server(server: Server, run: str, questions: int) -> None:
    """From pixels to answer."""
    drawing = np.zeros((SIDE, SIDE), dtype=np.uint8)
    drawing[20:100, 60:72] = drawing[20:32, 20:72] = INK

    def drawn() -> None:
        images = (as_in_set(drawing, "mnist"), as_drawn(drawing, "mnist"))
        ask(server.settings, ImagesRequest(run, tuple(tuple(image.ravel().tolist()) for image in images)))

    dataset = open_dataset("mnist", server.settings)
    assert isinstance(dataset, ImageDataset)

    def turned() -> None:
        steps = series(Distortion(noise=0.2), "degrees", tuple(range(-90, 91, 5)))
        images = [distorted(dataset.x_test[0], how, 255) for how in (Distortion(), Distortion(), *steps)]
        ask(server.settings, ImagesRequest(run, tuple(tuple(image.ravel().tolist()) for image in images)))

    told("server: a drawing, centred and as drawn", timed(drawn, questions))
    told("server: a test image at 39 strengths", timed(turned, questions))


def in_a_browser(server: Server, run: str, strokes: int) -> list[float]:
    """From the last event of a stroke to the bars that answer it."""
    from playwright.sync_api import sync_playwright

    seconds: list[float] = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(**launch_options())
        page = browser.new_page(viewport={"width": 1440, "height": 1000}, locale="en-US")
        page.goto(f"{server.url}/try?run={run}")
        pad = page.locator(".tp-pad-canvas")
        pad.wait_for(timeout=60_000)
        page.wait_for_timeout(2_000)
        box = pad.bounding_box()
        assert box is not None
        for number in range(strokes):
            (x0, y0), (x1, y1) = STROKES[number % len(STROKES)]
            if number and number % len(STROKES) == 0:
                page.get_by_role("button", name="Clear").click()
                page.wait_for_timeout(700)
            page.mouse.move(box["x"] + x0 * box["width"], box["y"] + y0 * box["height"])
            page.mouse.down()
            page.wait_for_timeout(700)
            page.locator(".tp-pad").evaluate(WATCH)
            page.mouse.move(box["x"] + x1 * box["width"], box["y"] + y1 * box["height"])
            seconds.append(page.locator(".tp-pad").evaluate("root => root.answered") / 1_000)
            page.mouse.up()
        browser.close()
    return seconds


def main() -> int:
    """Run what the command line asks for; 1 if the goal is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--datasets", metavar="FOLDER", help="where mnist.npz is")
    parser.add_argument("--questions", type=int, default=40)
    options = parser.parse_args()
    folder = options.datasets or os.environ.get("TURNING_POINT_DATASETS")
    if not folder:
        print("Name the folder with mnist.npz: --datasets FOLDER", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="turning-point-benchmark-") as home:
        server = Server(Path(home) / "home", {"TURNING_POINT_DATASETS": str(Path(folder).absolute())})
        try:
            server.wait_for_engine()
            run = trained(server.store)
            busy(server.store)
            on_the_server(server, run, options.questions)
            seconds = in_a_browser(server, run, options.questions)
        finally:
            server.stop()
            server.store.close()
    told("browser: from the last event to the bars", seconds)
    return 0 if statistics.median(seconds) < GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
