"""How soon presses are answered while two networks are trained.

    python benchmarks/presses.py [--rounds 10] [--quick]

A real Chromium walks through the pages of a server whose two workers both train: ways between pages, the lab (a
preset, a number, a layer more and less, another optimizer), the sections of a run, cells of its matrix and the samples
in them, a list that is filtered, data, a lesson, a study, the language. An answer is there when what the press
had to bring is in the document, where it was not before, the script behind the page has ended, all charts in sight
are drawn and nothing spins; that is taken by the browser's own clock, from the press. The first round, in which modules
and the browser's own scripts are loaded, is told apart. Needs what the browser tests need.

Goal: 95 of 100 presses of each kind, and of all together, answered within 300 ms.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from core import presets
from core.experiment import Dense
from core.run import RunState
from core.study import Plan
from dashboard.shared.language import language
from dashboard.shared.preset_words import preset_title
from tests.browser.conftest import launch_options
from tests.browser.matrix import at_cell
from tests.browser.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

GOAL = 0.3
SAY = language("en")
ROUNDS, QUICK_ROUNDS = 10, 3
_EPOCHS, _UNITS = 1000, 2048  # of trainings that last longer than any walk
_PATIENCE = 20_000  # milliseconds
# Watches from a press on: `awaited` are conditions, each of a selector and what has to be so of what it finds.
_WATCH = """
globalThis.presses = { awaited: null, pressed: 0, ended: 0, answered: 0, tell: () => {} };
for (const kind of ["pointerdown", "keydown"])
  addEventListener(kind, () => { if (presses.awaited && !presses.pressed) presses.pressed = performance.now(); }, true);
const seen = one => one.checkVisibility();
globalThis.holds = ({ selector, text, count, attribute, value }) => {
  // Whether something is visible the browser says only after all styles have been worked out: asked last.
  const found = [...document.querySelectorAll(selector)].filter(one =>
    (text === undefined || one.textContent.includes(text))
    && (attribute === undefined || one.getAttribute(attribute) === value));
  return count === undefined ? found.some(seen) : found.filter(seen).length === count;
};
const inSight = one => one.getBoundingClientRect().top < innerHeight && one.getBoundingClientRect().bottom > 0;
const drawn = () => [...document.querySelectorAll("[data-testid=stPlotlyChart]")].filter(seen).filter(inSight)
    .every(one => one.querySelector(".main-svg"))
  && ![...document.querySelectorAll("[data-testid=stSpinner], [data-testid=stSkeleton]")].some(seen);
let state = "";
const script = () => {
  const now = document.querySelector("[data-testid=stApp]")?.dataset.testScriptState ?? "";
  if (now !== state && now === "notRunning") presses.ended = performance.now();
  state = now;
};
new MutationObserver(script).observe(document, { subtree: true, childList: true, attributes: true,
  attributeFilter: ["data-test-script-state"] });
const look = () => {
  const { awaited, pressed, answered } = presses;
  if (awaited && pressed && !answered && state === "notRunning" && awaited.every(holds) && drawn()) {
    presses.answered = performance.now();
    presses.tell();
  }
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
Condition = dict[str, Any]


@dataclass(frozen=True)
class Press:
    """One press: what it was, seconds to the script's end, and to the answer being there."""

    name: str
    script: float
    seconds: float


@dataclass(frozen=True)
class Presses:
    """All presses of a walk."""

    first: tuple[Press, ...]  # of the first round
    later: tuple[Press, ...]

    @property
    def p95(self) -> float:
        """Seconds within which 95 of 100 of the later ones were answered."""
        return percentile([one.seconds for one in self.later], 0.95)

    def kinds(self) -> dict[str, list[Press]]:
        """The later ones by what was pressed."""
        found: dict[str, list[Press]] = {}
        for one in self.later:
            found.setdefault(one.name, []).append(one)
        return found


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of them does not exceed."""
    return sorted(values)[max(0, min(len(values) - 1, round(share * len(values)) - 1))]


@dataclass(frozen=True)
class Home:
    """What is there to be looked at."""

    run: str  # over, evaluated
    study: str
    matrix: tuple[tuple[int, ...], ...]


@contextmanager
def training(server: Server) -> Iterator[Home]:
    """Two runs under way for as long as the block lasts; one, and a study of two, that are over."""
    server.wait_for_engine()
    store, first = server.store, presets.load(presets.FIRST)
    over = store.add(first, owner="cli", preset=presets.FIRST)
    study = store.get_study(store.add_study(Plan(first.with_changes(epochs=20), seeds=(1, 2)), owner="cli"))
    members = [over, *(run for run in study.runs if run)]
    _wait_for(lambda: all(run.state.is_over for run in store.get_many(members)))
    found = store.get(over)
    assert found.evaluation is not None, found.reason
    wide = [*(Dense(units=_UNITS, activation="relu") for _ in range(3)), first.layers[-1]]
    slow = first.with_changes(epochs=_EPOCHS, layers=wide)
    long = [store.add(slow.with_changes(seed=seed), owner="cli") for seed in (3, 4)]
    _wait_for(lambda: all(run.epochs for run in store.get_many(long)))
    try:
        yield Home(over, study.id, found.evaluation.matrix)
        assert all(run.state is RunState.RUNNING for run in store.get_many(long)), "a training ended"
    finally:
        for run in long:
            store.request_stop(run)


def _wait_for(so: Callable[[], bool]) -> None:
    end = time.monotonic() + 90
    while not so():
        if time.monotonic() > end:
            raise TimeoutError("the trainings do not come on")
        time.sleep(0.2)


def has(selector: str, **what: object) -> Condition:
    """What is waited for: something visible that the selector finds.

    With this `text` in it, or this `attribute` of this `value`; or there are to be `count` of them.
    """
    return {"selector": selector, **what}


class Walk:
    """Rounds through all pages in one tab; `found` are the presses."""

    def __init__(self, page: Page, url: str, home: Home) -> None:
        self.page, self.url, self.home = page, url, home
        self.found: list[Press] = []

    def press(self, name: str, do: Callable[[], object], *awaited: Condition) -> None:
        """Do it and wait for the answer."""
        already = self.page.evaluate(
            "awaited => { Object.assign(presses, { awaited, pressed: 0, ended: 0, answered: 0 });"
            " return awaited.every(holds); }",
            list(awaited),
        )
        assert not already, f"{name}: what is waited for is there before the press"
        do()
        # The page tells; asked again and again it would answer later.
        came = self.page.evaluate(
            "patience => presses.answered > 0 || new Promise(done =>"
            " { presses.tell = () => done(true); setTimeout(done, patience, false); })",
            _PATIENCE,
        )
        assert came, f"{name}: no answer: {self.page.evaluate('() => JSON.stringify(presses)')}"
        script, whole = self.page.evaluate(
            "() => [presses.ended - presses.pressed, presses.answered - presses.pressed]"
        )
        self.page.evaluate("() => { presses.awaited = null; }")
        # Of a script that begins and ends between two looks of the browser nothing is seen but what it brought.
        self.found.append(Press(name, (script if 0 < script < whole else whole) / 1000, whole / 1000))
        self.page.wait_for_timeout(250)

    def click(self, name: str, target: Locator, *awaited: Condition) -> None:
        """Press one thing that is there already."""
        target.scroll_into_view_if_needed()
        self.press(name, target.click, *awaited)

    def way(self, address: str, title: str) -> None:
        """Go to a page by the navigation."""
        link = self.page.locator(f"[data-testid=stSidebarNav] a[href$='/{address}']").first
        self.click(f"open /{address}", link, has("h1", text=title))

    def write(self, name: str, field: Locator, text: str, *awaited: Condition) -> None:
        """Write into a field; pressed is the key Enter."""
        field.scroll_into_view_if_needed()
        field.fill(text)
        self.press(name, lambda: field.press("Enter"), *awaited)

    def choose(self, name: str, box: str, option: str, *awaited: Condition) -> None:
        """Take an option of a select box; it is opened before."""
        field, entry = (
            self.page.get_by_role("combobox", name=box).first,
            self.page.get_by_role("option", name=option),
        )
        field.scroll_into_view_if_needed()
        field.click()
        self.page.wait_for_timeout(200)
        if not entry.first.is_visible():  # something that was open before was closed by it
            field.press("ArrowDown")
        self.click(name, entry.first, *awaited)

    def lab(self) -> None:
        """Build a network."""
        self.way("lab", SAY("lab.title"))
        bins = "[class*='st-key-lab'][class*='remove'] button"
        for name in ("fashion-deep", "digits-first-network"):
            layers = presets.load(name).layers
            title = preset_title(name, SAY)
            self.choose("lab: a preset", SAY("lab.preset"), title, has(bins, count=len(layers)))
        draft = presets.load("digits-first-network")
        for units in (333, draft.layers[0].units):
            field = self.page.get_by_label(SAY("field.units"), exact=True).first
            changed = draft.with_changes(layers=[Dense(units=units, activation="relu"), *draft.layers[1:]])
            size = f"{changed.footprint.total / 1e6:,.1f} MB"
            self.write("lab: a number", field, str(units), has("[data-testid=stCaptionContainer]", text=size))
        self.page.get_by_role("button", name=SAY("lab.add_layer")).click()
        more = self.page.get_by_role("menuitem").filter(has_text=SAY("layer.dense"))
        self.click("lab: a layer more", more, has(bins, count=len(draft.layers) + 1))
        self.page.keyboard.press("Escape")
        self.click("lab: a layer less", self.page.locator(bins).nth(2), has(bins, count=len(draft.layers)))
        momentum = f"input[aria-label='{SAY('field.momentum')}']"
        for kind, count in (("sgd", 1), ("adam", 0)):
            option = SAY(f"optimizer.{kind}")
            self.choose("lab: an optimizer", SAY("field.optimizer"), option, has(momentum, count=count))

    def run(self) -> None:
        """A list that is filtered, then a run with its sections."""
        page = self.page
        self.way("run", SAY("page.run.title"))
        search, rows = page.get_by_label(SAY("runs.search")).first, "[class*=st-key-open-]"
        number = page.locator(rows).count()
        self.write("run: a list filtered", search, self.home.run, has(rows, count=1))
        self.write("run: a list filtered", search, "", has(rows, count=number))
        name = SAY("confusion.title")
        self.click(
            "run: opened",
            page.locator(f".st-key-open-{self.home.run} button").first,
            has("strong", text=name),
        )
        tabs = page.locator(".st-key-run-tabs [role=tab]")
        for place in [*range(1, tabs.count()), 0]:
            panel = f"[role=tabpanel][aria-labelledby='{tabs.nth(place).get_attribute('id')}']"
            self.click(
                f"run: {tabs.nth(place).text_content()}", tabs.nth(place),
                has(f"{panel} [data-testid=stElementContainer]"),
            )  # fmt: skip
        self.matrix()

    def matrix(self) -> None:
        """Cells, and samples of one."""
        page, matrix = self.page, np.array(self.home.matrix)
        for true in (3, 6):
            x, y = at_cell(page, true, true)
            count = f"{matrix[true, true]:,}"
            title = SAY("mistake.cell.right", true=true, count=count)
            self.press(
                "run: a cell of the matrix",
                lambda x=x, y=y: page.mouse.click(x, y),
                has("strong", text=title),
            )
        place = at_place(count)
        self.click("run: a sample opened", page.locator(".tp-sample:visible").first, place(1))
        for number in (2, 3):
            self.click("run: the next sample", page.locator(".st-key-sample-next button"), place(number))
        self.click(
            "run: back to all samples", page.locator(".st-key-sample-back button"), has("strong", text=title)
        )

    def others(self) -> None:
        """Comparisons with a study, data, trying, lessons, and the other language."""
        page = self.page
        self.way("compare", SAY("page.compare.title"))
        self.click(
            "compare: studies", page.get_by_role("tab", name=SAY("study.list")),
            has(f"[class*='{self.home.study}'] button"),
        )  # fmt: skip
        self.click(
            "study: opened",
            page.locator(f"[class*='{self.home.study}'] button").first,
            has(".js-plotly-plot"),
        )
        self.way("data", SAY("data.title"))
        for name in ("mini_reviews", "digits"):
            option = page.get_by_role("radio", name=SAY(f"option.dataset.{name}"))
            self.click("data: another set", option, has("h3", text=SAY("data.content")), has(
                "[data-testid=stMarkdown]", text=SAY(f"data.about.{name}")[:40]
            ))  # fmt: skip
        self.way("try", SAY("try.title"))
        self.way("learn", SAY("learn.title"))
        step = page.locator("[data-testid=stPageLink] a[href*='step=']").first
        self.click("learn: a lesson", step, has(".st-key-lesson-next button"))
        self.click("learn: the next step", page.locator(".st-key-lesson-next button"), has("h3", text="2."))
        self.way("glossary", SAY("page.glossary.title"))
        self.way("", SAY("home.title"))
        for code in ("ko", "en"):
            button = page.get_by_role("radio", name=language(code)("language.name"))
            self.click("another language", button, has("h1", text=language(code)("home.title")))

    def round(self) -> None:
        """All of it."""
        self.lab()
        self.run()
        self.others()


def at_place(count: str) -> Callable[[int], Condition]:
    """What tells which sample of so many is shown."""
    return lambda place: has(
        "[data-testid=stCaptionContainer]", text=SAY("sample.place", place=str(place), count=count)
    )


def measure(browser: Browser, server: Server, rounds: int = ROUNDS) -> Presses:
    """Walk once more than so many times, while two networks are trained."""
    with training(server) as home:
        context = browser.new_context(locale="en-US", viewport={"width": 1440, "height": 900})
        page = context.new_page()
        page.add_init_script(_WATCH)
        page.goto(server.url)
        page.get_by_role("heading", level=1).wait_for()
        page.wait_for_timeout(1500)
        walk = Walk(page, server.url, home)
        walk.round()
        first = len(walk.found)
        for _ in range(rounds):
            walk.round()
        context.close()
    return Presses(tuple(walk.found[:first]), tuple(walk.found[first:]))


def measured(rounds: int) -> Presses:
    """The same with a server on an empty home and a browser of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        browser = driver.chromium.launch(**launch_options())
        server = Server(Path(folder) / "home", {"TURNING_POINT_WORKERS": "2"})
        try:
            return measure(browser, server, rounds)
        finally:
            server.stop()
            browser.close()


def figures(quick: bool) -> Iterator[dict[str, Any]]:
    """For `benchmarks/all.py`."""
    found = measured(QUICK_ROUNDS if quick else ROUNDS)
    kinds = {name: percentile([one.seconds for one in some], 0.95) for name, some in found.kinds().items()}
    slowest = max(kinds, key=lambda name: kinds[name])
    over = sum(seconds > GOAL for seconds in kinds.values())
    note = f"{len(found.later)} presses of {len(kinds)} kinds, {over} of the kinds above; slowest: {slowest}"
    name = "presses answered while two networks are trained, p95"
    yield {"name": name, "value": 1000 * found.p95, "unit": "ms", "goal": 1000 * GOAL, "note": note}
    yield {"name": "of it the slowest kind, p95", "value": 1000 * kinds[slowest], "unit": "ms", "goal": None,
           "note": slowest}  # fmt: skip


def main() -> int:
    """Measure and print; 1 if the goal is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ROUNDS} rounds")
    options = parser.parse_args()
    found = measured(QUICK_ROUNDS if options.quick else options.rounds)
    firsts = {one.name: one for one in reversed(found.first)}
    print(f"{'milliseconds':<34}{'first':>7}{'script p50':>12}{'p50':>7}{'p95':>7}{'presses':>9}")
    missed = False
    for name, some in found.kinds().items():
        whole, p95 = [one.seconds for one in some], percentile([one.seconds for one in some], 0.95)
        script = statistics.median(one.script for one in some)
        first = 1000 * firsts[name].seconds
        said = "met" if p95 <= GOAL else "missed"
        missed |= p95 > GOAL
        numbers = (
            f"{first:>7.0f}{1000 * script:>12.0f}{1000 * statistics.median(whole):>7.0f}{1000 * p95:>7.0f}"
        )
        print(f"{name:<34}{numbers}{len(some):>9} {said}")
    every = [one.seconds for one in found.later]
    print(f"{len(every)} presses: p50 {1000 * statistics.median(every):.0f}, p95 {1000 * found.p95:.0f}")
    print("met by all kinds" if not missed else "met over all" if found.p95 <= GOAL else "missed")
    return int(missed or found.p95 > GOAL)


if __name__ == "__main__":
    sys.exit(main())
