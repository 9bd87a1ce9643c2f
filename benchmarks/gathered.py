"""What other benchmarks find, as figures of `benchmarks/all.py`: one function a script, one line of JSON at the end.

    python benchmarks/gathered.py first_page [--quick]

A script may also have a function `figures(quick)` itself, which gives mappings of name, value, unit, goal and note;
then it needs none here.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

#: The scripts of each part.
PARTS = {
    "pages": ("first_page", "presses", "run_list"),
    "class": ("class_load",),
    "memory": ("memory", "memory_grown"),
    "cluster": ("cluster",),
}
Found = Iterable[dict[str, Any]]


def figure(name: str, value: float, unit: str, goal: float | None = None, note: str = "") -> dict[str, Any]:
    """One of them."""
    return {"name": name, "value": value, "unit": unit, "goal": goal, "note": note}


def first_page(quick: bool) -> Found:
    """From `streamlit run` to a page that can be used."""
    from playwright.sync_api import sync_playwright

    from benchmarks import first_page as script
    from tests.browser.conftest import launch_options

    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        browser = driver.chromium.launch(**launch_options())
        found = script.measure(browser, Path(folder), 3 if quick else 5)
        browser.close()
    note = f"an empty page of Streamlit: {found.plain.first:.2f} s"
    yield figure("start to a first page in use", found.ours.first, "s", script.FIRST, note)
    yield figure("the same page in a second tab", found.ours.second, "s", script.SECOND)


def run_list(quick: bool) -> Found:
    """Lists, boards, comparisons and the queue among 10,000 runs."""
    from benchmarks import run_list as script

    with tempfile.TemporaryDirectory() as folder:
        plain, *found = script.measure(Path(folder))
    del plain
    asked = [one for one in found if not one.name.startswith("page ")]
    slowest = max(asked, key=lambda one: one.median)
    goal = 1000 * script.GOAL
    yield figure(
        f"slowest of {len(asked)} questions to storage among 10,000 runs",
        1000 * slowest.median, "ms", goal, slowest.name,
    )  # fmt: skip
    for one in found:
        if one.name.startswith("page "):
            yield figure(f"{one.name}, among 10,000 runs", 1000 * one.median, "ms", goal)


def class_load(quick: bool) -> Found:
    """Thirty students."""
    from benchmarks import class_load as script

    found = script.measure(script.Options())
    yield figure(
        "runs of 30 students that did not end, or are lost or doubled",
        0.0 if found["right"] else 1.0,
        "runs",
        0,
    )
    yield figure("30 students: reruns of pages, p95", 1000 * found["reruns_p95"], "ms", 1000 * script.GOAL)
    yield figure("30 students: polls of runs, p95", 1000 * found["polls_p95"], "ms", 1000 * script.POLLS)
    yield figure("30 students: press to first epoch, p95", found["firsts_p95"], "s")
    yield figure("30 students: until all runs are over", found["seconds"], "s")
    yield figure("30 students: memory of the web process", found["megabytes"], "MB", script.MEMORY)


def memory(quick: bool) -> Found:
    """The idle server."""
    from benchmarks import memory as script

    found = script.idle()
    note = "web, engine, fork server and what else stands ready; proportional"
    yield figure("idle server with two workers", found.total, "MB", script.IDLE, note)
    yield figure("of it the web process", found.web, "MB")
    note = "TURNING_POINT_SMALL=1: the worker comes when something is to be done"
    yield figure("idle server on a small machine", script.idle(small=True).total, "MB", script.SMALL, note)


def memory_grown(quick: bool) -> Found:
    """What 500 runs and 1,000 visits leave behind; 100 runs and 200 visits if it has to be quick."""
    from benchmarks import memory as script

    runs = 100 if quick else 500
    found = script.grown(runs=runs, visits=2 * runs)
    ratio = found[-1].total / found[0].total
    yield figure(
        f"memory after {found[-1].runs} runs and {found[-1].visits} page visits, of that after {found[0].runs}",
        ratio, "", script.GROWTH,
    )  # fmt: skip


def cluster(quick: bool) -> Found:
    """500 runs on eight workers; 80 if it has to be quick."""
    from benchmarks import cluster as script

    found = script.cost(runs=80 if quick else 500)
    name = f"{found.runs} runs on {found.workers} workers: time over the sum of the trainings"
    yield figure(name, 100 * found.share, "%", 100 * script.GOAL, f"trainings of {found.seconds:g} s")


OWN: dict[str, Callable[[bool], Found]] = {
    "first_page": first_page,
    "run_list": run_list,
    "class_load": class_load,
    "memory": memory,
    "memory_grown": memory_grown,
    "cluster": cluster,
}


def figures(name: str, quick: bool) -> list[dict[str, Any]]:
    """Those of one script."""
    own = OWN.get(name) or importlib.import_module(f"benchmarks.{name}").figures
    return list(own(quick))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", choices=[name for names in PARTS.values() for name in names])
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    print(json.dumps(figures(options.name, options.quick)))


if __name__ == "__main__":
    main()
