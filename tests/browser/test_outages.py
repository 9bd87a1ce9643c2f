"""An open page while the database is away, and while a training stands still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from core.storage.tables import RunRow
from dashboard.shared.language import language
from tests.browser.conftest import Open
from tests.browser.server import Server
from tests.dashboard import runs
from tests.storage.conftest import postgresql  # noqa: F401
from tests.storage.outages import Relayed

SAY = language("en")


@pytest.fixture
def away(postgresql: str) -> Iterator[Relayed]:  # noqa: F811
    away = Relayed(postgresql, frozen=False)
    yield away
    away.close()


@pytest.fixture
def own_server(away: Relayed, chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(
        tmp_path_factory.mktemp("away") / "home", environment={"TURNING_POINT_DATABASE": away.url}
    )
    yield server
    server.stop()


def note(page: Any) -> Callable[[str], None]:
    """Waits until something stands beside the state of a run."""
    return lambda text: page.locator(".tp-live-note", has_text=text).wait_for()


@pytest.mark.slow
def test_an_outage_is_said_on_an_open_page_and_on_one_that_is_opened(
    own_server: Server, away: Relayed, open_page: Open
) -> None:
    store = own_server.store
    run = runs.running(store)

    def since(silent: float, still: float) -> None:
        now = datetime.now(UTC)
        moments = {
            "heartbeat": now - timedelta(seconds=silent),
            "progressed": now - timedelta(seconds=still),
        }
        with store._writing() as connection:
            connection.execute(update(RunRow).values(**moments))

    page = open_page(f"/run?run={run}", on=own_server)
    wait = note(page)
    page.locator(".tp-live-chart .main-svg").first.wait_for()
    left = page.locator(".tp-live-numbers", has_text=SAY("live.left"))
    since(0, 0)  # nobody trains it, and a busy machine may have taken long until here
    left.wait_for()

    away.begin()
    wait(SAY("live.database_away"))
    left.wait_for(state="detached")
    late = open_page("/run", on=own_server)
    late.get_by_text(SAY("away.by_itself")).wait_for()
    assert late.get_by_text("Traceback").count() == 0

    away.end()
    late.get_by_text(SAY("away.by_itself")).wait_for(state="detached")
    late.get_by_role("button", name="Open").or_(late.get_by_text(SAY("state.running"))).first.wait_for()
    page.locator(".tp-live-note", has_text=SAY("live.database_away")).wait_for(state="detached")
    since(2, 3600)
    wait("No progress for about 1 h 0 min")
    since(40, 40)
    wait("No sign of life for about")
    since(0, 0)
    left.wait_for()
