"""What a browser lives through when its server is restarted, and where the server may live."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.run import RunState
from dashboard.shared.language import language
from dashboard.shared.viewer import OWNER_COOKIE
from tests.browser.conftest import Open
from tests.browser.server import Server
from tests.browser.test_training import long_training, wait_for_epochs
from tests.dashboard import runs

SAY = language("en")


@pytest.mark.slow
def test_curves_outlive_a_restart_of_the_server(tmp_path: Path, open_page: Open) -> None:
    server = Server(tmp_path / "home")
    try:
        run = long_training(server)
        page = open_page(f"/run?run={run}", on=server)
        before = wait_for_epochs(page, 2)
        server.stop()
        assert server.store.get(run).state is RunState.INTERRUPTED
        page.get_by_text(SAY("live.no_answer")).wait_for()
        assert wait_for_epochs(page, before["epochs"])["node"] == before["node"]
        server.start()
        page.get_by_text("The server was stopped").first.wait_for()
        kept = server.store.get(run).epochs
        assert len(kept) >= before["epochs"]
        assert wait_for_epochs(page, len(kept))["loss"] == [epoch.loss for epoch in kept]
    finally:
        server.stop()


@pytest.mark.slow
def test_below_another_path(tmp_path: Path, open_page: Open) -> None:
    server = Server(tmp_path / "home", base_path="class7")
    try:
        run = runs.running(server.store, owner="cli")
        page = open_page(f"/run?run={run}", on=server)
        begun = wait_for_epochs(page, 4)
        for epoch in runs.epochs(runs.TURNING)[4:6]:
            server.store.record_epoch(run, epoch)
        assert wait_for_epochs(page, 6)["node"] == begun["node"]
        (cookie,) = [one for one in page.context.cookies() if one["name"] == OWNER_COOKIE]
        assert cookie["path"] == "/class7/"
    finally:
        server.stop()


@pytest.mark.slow
def test_what_ends_while_it_is_watched_is_judged_at_once(server: Server, open_page: Open) -> None:
    run = runs.running(server.store, runs.TURNING, owner="cli")
    page = open_page(f"/run?run={run}")
    begun = wait_for_epochs(page, 8)
    page.get_by_role("button", name=SAY("run.stop"), exact=True).wait_for()
    server.store.finish(run, RunState.FINISHED, runs.DONE[RunState.FINISHED])
    page.get_by_role("button", name=SAY("run.train_to", epoch=4)).wait_for()
    assert wait_for_epochs(page, 8)["node"] == begun["node"]
    assert page.get_by_role("button", name=SAY("run.stop"), exact=True).count() == 0
