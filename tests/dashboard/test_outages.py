"""Every page while its database is away, and after its home was deleted: a sentence on a page that works."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.study import Plan
from dashboard.live.live_curves import live_data
from dashboard.live.run_json import run_json
from dashboard.shared import services, trouble
from dashboard.shared.language import language
from dashboard.shared.viewer import OWNER_COOKIE
from tests.dashboard import runs
from tests.dashboard.pages import checked, opened, run_again, words
from tests.storage.conftest import postgresql  # noqa: F401
from tests.storage.outages import Away, impatient, new_away  # noqa: F401

SAY = language("en")
#: Each page that shows runs, at an address where it must read some.
PAGES = (
    "",
    "run",
    "run of one",
    "compare",
    "compare of two",
    "compare of a study",
    "try",
    "try of one",
    "lab",
)


class Dashboard:
    """The pages on a PostgreSQL server, with a run under way, one that is over, and a study."""

    def __init__(self, away: Away) -> None:
        self.away = away
        store = services.store()
        self.running, self.over = runs.running(store), runs.over(store)
        experiment = store.get(self.over).experiment
        self.study = store.add_study(Plan(experiment, (), (11, 12)), owner="ann")

    def open(self, page: str, lang: str = "en") -> AppTest:
        name, _, _ = page.partition(" of ")
        addresses: dict[str, dict[str, str | None]] = {
            "run of one": {"run": self.running},
            "try of one": {"run": self.over},
            "compare of two": {"runs": f"{self.running},{self.over}"},
            "compare of a study": {"study": self.study},
        }
        return opened(name, lang, **addresses.get(page, {}))


@pytest.fixture
def dashboard(
    request: pytest.FixtureRequest,
    impatient: None,  # noqa: F811
    new_away: Callable[[str], Away],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Dashboard]:
    away = new_away(getattr(request, "param", "postgresql cut off"))
    services.forget()
    monkeypatch.setenv("TURNING_POINT_DATABASE", away.url)
    yield Dashboard(away)
    services.forget()


def test_pages_opened_while_the_database_is_away_say_so_and_work(dashboard: Dashboard) -> None:
    dashboard.away.begin()
    for page in PAGES:
        said = words(dashboard.open(page))
        if page != "lab":  # whose form for studies is closed at first
            assert "does not answer" in said, page
            assert SAY("away.by_itself") in said, page
    assert "응답하지 않습니다" in words(dashboard.open("run", "ko"))
    assert "does not answer" not in words(opened("data"))
    dashboard.away.end()


@pytest.mark.slow
def test_pages_that_are_open_say_so_and_come_back(dashboard: Dashboard) -> None:
    tests = {page: dashboard.open(page) for page in PAGES}
    assert not any("does not answer" in words(test) for test in tests.values())
    dashboard.away.begin()
    for page, test in tests.items():
        run_again(test)
        assert page == "lab" or "does not answer" in words(test), page
    dashboard.away.end()
    for test in tests.values():
        assert "does not answer" not in words(run_again(test))


@pytest.mark.parametrize("dashboard", ["postgresql frozen"], indirect=True)
def test_a_page_does_not_wait_for_a_frozen_database(dashboard: Dashboard) -> None:
    dashboard.away.begin()
    test = dashboard.open("run of one")
    assert "does not answer" in words(test)
    dashboard.away.end()
    assert "does not answer" not in words(run_again(test))


def test_a_stop_that_cannot_be_asked_for_is_said(dashboard: Dashboard) -> None:
    test = opened("run", run=dashboard.running, state={OWNER_COOKIE: "student"})
    button = test.button(key=f"stop-{dashboard.running}")
    dashboard.away.begin()
    checked(button.click().run())
    assert "does not answer" in words(test)
    dashboard.away.end()


def test_training_is_refused_in_words_where_the_database_is_away(dashboard: Dashboard) -> None:
    for page in ("", "lab"):
        test = opened(page)
        label = SAY("home.start") if not page else SAY("lab.train")
        button = next(one for one in test.button if one.label == label)
        dashboard.away.begin()
        checked(button.click().run())
        assert "does not answer" in words(test), page
        dashboard.away.end()
        run_again(test)


def test_a_page_looks_by_itself_whether_the_database_is_back(dashboard: Dashboard) -> None:
    dashboard.away.begin()
    assert not trouble._answers()
    dashboard.away.end()
    assert trouble._answers()


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_deleted_home_is_said_on_every_page(lang: str) -> None:
    store, settings = services.store(), services.settings()
    running, over = runs.running(store), runs.over(store)
    shutil.rmtree(settings.home)
    sentence = language(lang)("error.home_deleted", folder=str(settings.home))
    for page, address in (
        ("", {}),
        ("run", {}),
        ("run", {"run": running}),
        ("compare", {}),
        ("compare", {"runs": f"{running},{over}"}),
        ("try", {}),
        ("try", {"run": over}),
    ):
        assert sentence in words(opened(page, lang, **address)), (page, address)
    Path(settings.home).mkdir()
    assert sentence in words(opened("run", lang))


def test_a_run_tells_for_how_long_it_stands_still() -> None:
    store = services.store()
    run = store.get(runs.running(store))
    assert run.progressed is not None
    later = run_json(run, now=run.progressed + timedelta(seconds=80))
    assert later["still"] == pytest.approx(80)
    assert later["silent"] == pytest.approx(80)
    store.beat(run.id)
    alive = store.get(run.id)
    assert alive.heartbeat is not None
    told = run_json(alive, now=alive.heartbeat + timedelta(seconds=4))
    assert told["silent"] == pytest.approx(4)
    assert told["still"] > 4
    over = store.get(runs.over(store))
    assert (run_json(over)["silent"], run_json(over)["still"]) == (None, None)
    behind = run_json(run, now=datetime.now(UTC) - timedelta(hours=1))  # a clock that goes after another
    assert behind["still"] == behind["silent"] == 0


def test_the_curves_know_the_sentence_for_each_trouble() -> None:
    store = services.store()
    run = store.get(runs.running(store))
    for code in ("ko", "en"):
        said = live_data(run, language(code))["words"]
        assert {"database_away", "database_unavailable", "home_deleted"} <= set(said["troubles"])
        assert "{time}" in said["no_progress"]
        assert "{time}" in said["no_sign_of_life"]
