"""The six lessons, walked through from the first step to the last: everything is done as a student does it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core import presets
from core.jobs.queue import submit_study
from core.study import Plan
from dashboard.learn import action_kinds, check_kinds
from dashboard.learn import lesson as lessons
from dashboard.learn.lesson import Step
from dashboard.shared.language import Language, language
from dashboard.shared.viewer import OWNER_COOKIE
from tests.browser.conftest import PATIENCE, Open, at_rest
from tests.browser.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Take = Callable[[str], object]

LOCALES = {"ko": "ko-KR", "en": "en-US"}
REMEMBERED = "JSON.parse(localStorage.getItem('turning-point.lessons') ?? '[]')"
_TRAINING = 180_000  # ms that a training may take on a busy machine


def plain(words: str) -> str:
    """The first words of Markdown, up to anything that is not shown as it is written."""
    return re.split(r"[`*]", words)[0].strip()[:40]


class Student:
    """Somebody who does what each step asks for."""

    def __init__(self, page: Page, server: Server, t: Language, *, data: str = "") -> None:
        self.page, self.server, self.t = page, server, t
        self.data = f"&data={data}" if data else ""
        self.patience = _TRAINING if not data else 5 * _TRAINING

    @property
    def owner(self) -> str:
        """The code of the browser."""
        return next(str(one["value"]) for one in self.page.context.cookies() if one["name"] == OWNER_COOKIE)

    def open(self, name: str, step: str) -> None:
        self.page.goto(f"{self.server.url}/learn?lesson={name}&step={step}&lang={self.t.code}{self.data}")

    def reads(self, name: str, step: Step) -> None:
        """The step is there, fits the window, and says no error."""
        number = lessons.lesson(name, self.t.code).place(step.id) + 1
        self.page.get_by_role("heading", name=f"{number}. {step.title}").wait_for()
        self.page.locator(".st-key-lesson-task").get_by_text(plain(step.task)).first.wait_for()
        at_rest(self.page)
        width = self.page.viewport_size["width"]  # type: ignore[index]
        assert self.page.evaluate("document.documentElement.scrollWidth") <= width
        assert not self.page.locator("[data-testid=stException]").count()

    def does(self, name: str, step: Step) -> None:
        """What the step asks for."""
        action, check = step.action, step.check
        if step.question is not None:
            self.page.locator(f".st-key-lesson-{name}-{step.id}-answer label").nth(
                step.question.right + 1
            ).click()
            return
        if isinstance(action, action_kinds.ExploreAction):
            assert isinstance(check, check_kinds.ExploredCheck)
            slider = self.page.get_by_role("slider").first
            slider.focus()
            slider.press("End" if check.least is not None else "Home")
        elif isinstance(action, action_kinds.TrainAction):
            self._trains(name, step, action)
        elif isinstance(action, action_kinds.RetrainAction):
            self._presses(name, step)
        elif isinstance(action, action_kinds.UnsealAction):
            self._opens_the_test()
        elif isinstance(action, action_kinds.CompareAction):
            self._guesses()
        elif isinstance(action, action_kinds.NoteAction):
            self._notes()
        elif isinstance(check, check_kinds.StudiedCheck):
            self._studies(check)
            self.open(name, step.id)

    def _presses(self, name: str, step: Step) -> None:
        self.page.locator(f".st-key-lesson-{name}-{step.id}-train button").click()

    def _trains(self, name: str, step: Step, action: action_kinds.TrainAction) -> None:
        if isinstance(step.check, check_kinds.ChangedCheck):
            self._sets(name, step, "optimizer.learning_rate", "0.002")
        elif isinstance(step.check, check_kinds.BetterCheck) and "units" in action.settings:
            # On the real clothes 48 units do not reach the deep network, as the step then says.
            self._sets(name, step, "units", "128" if self.data else "48")
        elif "scaling" in action.settings:
            self._chooses(name, step, "scaling", self.t("option.scaling.pixel"))
        self._presses(name, step)
        if action.predict:
            number = self.page.locator("[class*='st-key-prediction-epoch-'] input")
            number.wait_for()
            number.fill("5")
            number.press("Enter")
            button = self.page.get_by_role("button", name=self.t("prediction.submit"))
            button.and_(self.page.locator(":enabled")).click()

    def _key(self, name: str, step: Step, path: str) -> str:
        return f"[class*='st-key-lesson-{name}-{step.id}-setting-{path.replace('.', '-')}']"

    def _sets(self, name: str, step: Step, path: str, value: str) -> None:
        field = self.page.locator(f"{self._key(name, step, path)} input")
        field.fill(value)
        field.press("Tab")
        at_rest(self.page)

    def _chooses(self, name: str, step: Step, path: str, value: str) -> None:
        field = self.page.locator(f"{self._key(name, step, path)} input")
        option = self.page.get_by_role("option", name=value, exact=True)
        for _ in range(10):  # a run of the page that ends just then closes the list again
            field.press("ArrowDown")
            self.page.wait_for_timeout(1_000)
            if option.is_visible():
                break
        option.click()
        at_rest(self.page)

    def _guesses(self) -> None:
        self.page.locator(".st-key-guess label").filter(has_text=self.t("guess.choice.none")).click()
        button = self.page.get_by_role("button", name=self.t("guess.submit"))
        button.and_(self.page.locator(":enabled")).click()

    def _notes(self) -> None:
        for kind in ("hypothesis", "saw"):
            field = self.page.get_by_role("textbox", name=self.t(f"notes.{kind}"))
            field.fill(f"{kind}: 4")
            field.press("Tab")
            at_rest(self.page)

    def _opens_the_test(self) -> None:
        design = self.page.get_by_text(self.t("seal.choose.design"), exact=True)
        design.wait_for()
        design.click()
        self.page.get_by_role("button", name=self.t("seal.open")).click()

    def _studies(self, check: check_kinds.StudiedCheck) -> None:
        plan = Plan(presets.load("mini-reviews"), seeds=tuple(range(1, check.runs + 1)))
        study = submit_study(self.server.store, plan, owner=self.owner)
        waiting = list(self.server.store.get_study(study).runs)
        while any(not run.state.is_over for run in self.server.store.get_many(waiting)):
            self.page.wait_for_timeout(500)

    def is_told(self, step: Step) -> None:
        """That the step is done, with numbers where the sentence has places for them."""
        start = re.split(r"[{*`]", step.done)
        part = max(start, key=len).partition("}")[2] or start[0]
        sentence = self.page.get_by_test_id("stAlert").filter(has=self.page.locator("p"))
        sentence.filter(has_text=part.strip()[:40]).first.wait_for(timeout=self.patience)

    def is_kept(self, steps: Sequence[str]) -> None:
        """That these are among the steps that the browser remembers: it is told a moment after the student."""
        kept = f"steps => steps.every(step => {REMEMBERED}.includes(step))"
        self.page.wait_for_function(kept, arg=list(steps))

    def goes_on(self) -> None:
        """To the next step, or to the next lesson."""
        self.page.locator(".st-key-lesson-next button").click()


def walk(student: Student, names: Sequence[str], *, take: Take = lambda _: None) -> None:
    """These lessons, step by step by the button at the bottom."""
    for name in names:
        found = lessons.lesson(name, student.t.code)
        student.open(name, found.steps[0].id)
        for step in found.steps:
            student.reads(name, step)
            student.does(name, step)
            student.is_told(step)
            student.is_kept([f"{name}.{step.id}"])
            take(f"{name}-{step.id}")
            student.goes_on()


def look_again(student: Student, names: Sequence[str]) -> None:
    """At what is still there: answers stay with the session, what was trained stays with the student."""
    for name in names:
        for step in lessons.lesson(name, student.t.code).steps:
            if step.question is None and not isinstance(step.action, action_kinds.ExploreAction):
                student.open(name, step.id)
                student.reads(name, step)
                student.is_told(step)


ALL = lessons.available()
#: All kinds of things that are to be done in a lesson, and all that they are judged by but for one that trains worse.
MOST_KINDS = ("tensors", "overfitting", "depth", "own-experiment")


@pytest.mark.slow
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize(
    ("code", "width", "names", "again"),
    [
        pytest.param("en", 400, MOST_KINDS, ("overfitting",), id="en-400"),
        pytest.param("ko", 1440, ALL, ALL, id="ko-1440", marks=pytest.mark.thorough),
    ],
)
def test_lessons_from_the_first_step_to_the_last(
    server: Server, open_page: Open, code: str, width: int, names: Sequence[str], again: Sequence[str]
) -> None:
    """In one language everything is done; then, in the other one and width, what was trained is still there."""
    server.wait_for_engine()
    page = open_page("/learn", width=width, locale=LOCALES[code])
    page.locator(".st-key-lesson-record").wait_for(state="attached")
    student = Student(page, server, language(code))
    walk(student, names)
    page.goto(f"{server.url}/learn?lang={code}")
    steps = [f"{name}.{step.id}" for name in names for step in lessons.lesson(name, code).steps]
    student.is_kept(steps)
    assert page.evaluate(f"{REMEMBERED}.length") == len(steps)
    page.set_viewport_size({"width": 1840 - width, "height": 900})
    other = language("en" if code == "ko" else "ko")
    look_again(Student(page, server, other), again)


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.real_data
@pytest.mark.timeout(5_400)
def test_six_lessons_on_the_real_data(
    chromium: Browser, real_datasets: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """All that is done on the bundled data is done on the real ones, too."""
    home = tmp_path_factory.mktemp("real")
    server = Server(home / "home", {"TURNING_POINT_DATASETS": str(real_datasets)})
    try:
        server.wait_for_engine()
        page = chromium.new_page(viewport={"width": 1440, "height": 900}, locale=LOCALES["en"])
        page.set_default_timeout(PATIENCE)
        page.goto(f"{server.url}/learn")
        page.locator(".st-key-lesson-record").wait_for(state="attached")
        student = Student(page, server, language("en"), data="real")
        walk(student, ALL, take=lambda name: page.screenshot(path=home / f"{name}.png", full_page=True))
        page.close()
    finally:
        server.stop()


@pytest.mark.slow
def test_what_is_done_is_remembered_by_the_browser_and_can_be_forgotten(
    server: Server, open_page: Open
) -> None:
    t = language("en")
    found = lessons.lesson("first-network", "en")
    page = open_page(f"/learn?lesson=first-network&step={found.steps[0].id}")
    Student(page, server, t).does("first-network", found.steps[0])
    page.get_by_text(found.steps[0].done[:30]).wait_for()
    page.wait_for_function("() => localStorage.getItem('turning-point.lessons') !== null")
    again = page.context.new_page()  # another session of the same browser
    again.goto(f"{server.url}/learn")
    counted = t("learn.progress", done=1, steps=len(found.steps), minutes=found.minutes)
    again.get_by_text(counted).wait_for()
    again.get_by_role("button", name=t("learn.forget")).click()
    again.get_by_text(counted).wait_for(state="detached")
    forgotten = "() => localStorage.getItem('turning-point.lessons') === '[]'"
    again.wait_for_function(forgotten)
    again.reload()
    again.get_by_text(found.about).wait_for()
    # The first session goes on where it was, and brings nothing back by that.
    page.get_by_role("button", name=t("learn.all")).click()
    page.get_by_text(found.about).wait_for()
    at_rest(page)
    again.wait_for_timeout(500)
    assert again.evaluate(forgotten)
    assert not again.get_by_text(counted).count()


def test_a_worksheet_is_printed_without_the_program_around_it(server: Server, open_page: Open) -> None:
    page = open_page("/learn?lesson=overfitting&view=worksheet")
    found = lessons.lesson("overfitting", "en")
    page.get_by_text(found.steps[-1].task).wait_for()
    page.get_by_role("button", name=language("en")("learn.print")).wait_for()
    page.emulate_media(media="print")
    page.get_by_test_id("stSidebar").wait_for(state="hidden")
    page.get_by_role("button", name=language("en")("learn.print")).wait_for(state="hidden")
    pdf = page.pdf(format="A4")
    assert pdf.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 2
