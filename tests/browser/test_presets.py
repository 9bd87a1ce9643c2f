"""The experiments of the course on the real data, pressed in the browser, against the figures they must reach."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.analysis.turning_point import turning_point
from core.run import Run, RunState
from dashboard.shared.language import language
from tests.browser.conftest import Open
from tests.browser.server import Server
from tests.claims import CLAIMS, Claim

SAY = language("ko")
#: Pressed in every run of the slow tests; that the others reach their figures, tests of the command line hold.
QUICK = ("fashion-single-layer",)


@pytest.fixture(scope="module")
def real_server(
    chromium: object, real_datasets: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A dashboard that finds the real data in a folder, as a teacher would hand them out."""
    home = tmp_path_factory.mktemp("real") / "home"
    server = Server(home, {"TURNING_POINT_DATASETS": str(real_datasets)})
    yield server
    server.stop()


@pytest.mark.slow
@pytest.mark.real_data
@pytest.mark.parametrize(
    "claim",
    [
        pytest.param(claim, marks=() if claim.preset in QUICK else pytest.mark.thorough, id=claim.preset)
        for claim in CLAIMS
    ],
)
def test_a_preset_reaches_its_figures_through_the_browser(
    claim: Claim, real_server: Server, open_page: Open
) -> None:
    real_server.wait_for_engine()
    page = open_page(f"/lab?preset={claim.preset}", on=real_server, locale="ko-KR")
    page.get_by_role("button", name=SAY("lab.train")).click()
    page.get_by_text(SAY("lab.see_run")).click(timeout=300_000)
    page.wait_for_url(re.compile(r"/run\?"))
    page.get_by_text(SAY("tile.test_accuracy")).first.wait_for()
    run = finished(real_server)
    assert run.preset == claim.preset
    claim.check([epoch.val_accuracy for epoch in run.epochs], run.evaluation, turning_point(run.epochs).epoch)


def finished(server: Server) -> Run:
    """The latest run."""
    run = server.store.get(server.store.summaries(limit=1)[0].id)
    assert run.state is RunState.FINISHED
    return run
