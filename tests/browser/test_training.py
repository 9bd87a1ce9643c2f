"""A training watched in a real browser, from the first press to the turning point."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from core import presets
from core.analysis.loss_axis import loss_axis
from core.run import RunState
from dashboard.shared.language import language
from dashboard.shared.viewer import OWNER_COOKIE
from tests.browser.conftest import Open
from tests.browser.server import Server
from tests.dashboard import runs
from tests.waiting import until

if TYPE_CHECKING:
    from playwright.sync_api import Page

SAY = language("en")

CHART = """() => {
  const chart = document.querySelector(".tp-live-chart");
  if (!chart?._fullLayout) return null;
  const trace = (uid) => chart.data.find((one) => one.uid === uid);
  return {
    epochs: trace("loss").x.length,
    loss: trace("loss").y, val_loss: trace("val_loss")?.y, accuracy: trace("accuracy").y,
    range: chart._fullLayout.xaxis.range,
    losses: chart._fullLayout.yaxis.range,
    scale: chart._fullLayout.yaxis.type,
    edges: ["edge-loss", "edge-val_loss"].map((uid) => trace(uid)?.x ?? []),
    said: chart.getAttribute("aria-label"),
    visible: chart._fullData.filter((one) => !one.uid.startsWith("edge-")).map((one) => one.visible),
    node: (chart.testNode ??= Math.random()),
    state: document.querySelector(".tp-live").dataset.state,
  };
}"""


def chart(page: Page) -> dict[str, Any]:
    """What the chart shows now; waits until there is one."""
    handle = page.wait_for_function(CHART)
    return dict(handle.json_value())


def wait_for_epochs(page: Page, number: int) -> dict[str, Any]:
    """Wait until the chart shows so many epochs."""
    page.wait_for_function(f"() => ({CHART})()?.epochs >= {number}")
    return chart(page)


def long_training(server: Server, *, owner: str = "cli", epochs: int = 1000) -> str:
    """Queue a training that lasts until it is stopped: many epochs of many small steps."""
    experiment = presets.load(presets.FIRST).with_changes(epochs=epochs, batch_size=2)
    server.wait_for_engine()
    return server.store.add(experiment, owner=owner, preset=presets.FIRST)


def test_one_press_trains_and_the_curves_move_to_the_turning_point(server: Server, open_page: Open) -> None:
    before = server.store.count()
    page = open_page("/")
    page.get_by_role("button", name=SAY("home.start")).click()
    page.wait_for_url(re.compile(r"/run\?run="))
    run_id = page.url.partition("run=")[2]
    first = wait_for_epochs(page, 1)
    page.get_by_text(SAY("tile.test_accuracy")).first.wait_for()
    last = chart(page)

    run = server.store.get(run_id)
    assert run.state is RunState.FINISHED
    assert server.store.count() == before + 1
    assert 1 <= first["epochs"] <= last["epochs"] == run.experiment.epochs
    assert last["node"] == first["node"]
    assert last["loss"] == [epoch.loss for epoch in run.epochs]
    assert last["val_loss"] == [epoch.val_loss for epoch in run.epochs]
    assert last["accuracy"] == [epoch.accuracy for epoch in run.epochs]
    cookie = next(one for one in page.context.cookies() if one["name"] == OWNER_COOKIE)
    assert run.owner == cookie["value"]
    assert cookie["httpOnly"]


def test_zoom_and_legend_are_kept_while_epochs_come_in(server: Server, open_page: Open) -> None:
    page = open_page(f"/run?run={long_training(server)}")
    before = wait_for_epochs(page, 3)
    box = page.locator(".tp-live-chart .nsewdrag").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.8 * box["height"], steps=4)
    page.mouse.up()
    page.locator(".tp-live-chart .legendtoggle").first.click()
    page.wait_for_function(f"() => ({CHART})().visible.includes('legendonly')")
    zoomed = chart(page)
    assert zoomed["range"] != before["range"]
    assert zoomed["losses"] != before["losses"]

    after = wait_for_epochs(page, zoomed["epochs"] + 3)
    assert after["range"] == pytest.approx(zoomed["range"])
    assert after["losses"] == pytest.approx(zoomed["losses"])  # though the axis itself has changed since
    assert after["visible"] == zoomed["visible"]
    assert after["node"] == before["node"]


def test_the_loss_axis_leaves_out_first_epochs_or_is_logarithmic(server: Server, open_page: Open) -> None:
    run = runs.over(server.store, val_losses=(9.0, 2.2, 0.8, 0.6, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9))
    curves = [
        [getattr(epoch, name) for epoch in server.store.get(run).epochs] for name in ("loss", "val_loss")
    ]
    page = open_page(f"/run?run={run}")
    wait_for_epochs(page, 10)
    shown = chart(page)
    assert (shown["scale"], shown["losses"]) == ("linear", list(loss_axis(curves).range))
    assert shown["edges"] == [[1], [1, 2]]
    assert SAY("axis.cut", epoch=2) in shown["said"]
    page.get_by_text(SAY("axis.cut", epoch=2)).wait_for()

    group = page.get_by_role("radiogroup", name=SAY("axis.scale"))
    group.get_by_role("radio", name=SAY("axis.scale.linear")).focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("scale=log"))
    logarithmic = chart(page)
    assert logarithmic["scale"] == "log"
    assert logarithmic["losses"] == pytest.approx(loss_axis(curves, scale="log").range)
    assert logarithmic["edges"] == [[], []]
    assert logarithmic["node"] == shown["node"]
    assert page.get_by_text(SAY("axis.cut", epoch=2)).count() == 0
    page.reload()
    wait_for_epochs(page, 10)
    assert chart(page)["scale"] == "log"


#: What is written at a turning point or a prediction in each of these epochs and reaches beyond the two charts.
CUT_OFF = """async (epochs) => {
  const { liveCurves: curves } = document.querySelector(".tp-live");
  const [from, to] = [curves.chart._fullLayout._size.l, curves.width];
  const cut = [];
  for (const epoch of epochs) {
    for (const turn of Object.values(curves.run.turning_point)) Object.assign(turn, { epoch, confirmed: true });
    curves.run.prediction = { epoch };
    const drawn = new Promise((done) => curves.chart.once("plotly_afterplot", done));
    curves.draw();
    await drawn;
    const left = curves.chart.getBoundingClientRect().left;
    for (const text of curves.chart.querySelectorAll(".annotation-text-g")) {
      const { left: start, right: end } = text.getBoundingClientRect();
      if (start - left < from - 1 || end - left > to + 1) cut.push([epoch, text.textContent, start - left, end - left]);
    }
  }
  return cut;
}"""


def test_what_is_written_at_a_turning_point_is_not_cut_off(server: Server, open_page: Open) -> None:
    run = runs.over(server.store, val_losses=[1 / number for number in range(1, 41)], epochs=40)
    page = open_page(f"/run?run={run}", width=400)
    wait_for_epochs(page, 40)
    assert page.evaluate(CUT_OFF, [1, 7, 14, *range(17, 25), 32, 40]) == []


@pytest.mark.slow
def test_stop_ends_it_and_keeps_what_there_is(server: Server, open_page: Open) -> None:
    run_id = long_training(server)
    page = open_page(f"/run?run={run_id}")
    begun = wait_for_epochs(page, 1)
    page.get_by_role("button", name=SAY("run.stop"), exact=True).click()
    page.get_by_text(re.compile("Stopped on request")).first.wait_for()
    run = server.store.get(run_id)
    assert run.state is RunState.STOPPED
    shown = wait_for_epochs(page, len(run.epochs))
    assert shown["epochs"] == len(run.epochs)
    assert shown["node"] == begun["node"]
    page.get_by_role("button", name=SAY("run.extend")).wait_for()


@pytest.mark.slow
def test_reload_and_second_browser_show_the_same_run(server: Server, open_page: Open) -> None:
    page = open_page("/lab")
    page.get_by_role("button", name=SAY("lab.train"), exact=True).wait_for()
    run_id = long_training(server, owner=cookie_of(page))
    stored = server.store.count()
    page.goto(f"{server.url}/run?run={run_id}")
    wait_for_epochs(page, 2)
    page.reload()
    again = wait_for_epochs(page, 2)
    second = open_page(f"/run?run={run_id}")
    other = wait_for_epochs(second, again["epochs"])
    assert other["loss"][: again["epochs"]] == again["loss"]
    assert server.store.count() == stored
    assert server.store.under_way() == [run_id]


def cookie_of(page: Page) -> str:
    return str(next(one["value"] for one in page.context.cookies() if one["name"] == OWNER_COOKIE))


@pytest.mark.slow
def test_someone_elses_run_has_no_stop_button(server: Server, open_page: Open) -> None:
    page = open_page(f"/run?run={long_training(server, owner='someone else')}")
    wait_for_epochs(page, 1)
    page.get_by_text(SAY("run.not_yours")).wait_for()
    assert page.get_by_role("button", name=SAY("run.stop"), exact=True).count() == 0


def test_the_second_run_waits_in_sight_and_can_be_taken_out(server: Server, open_page: Open) -> None:
    first = long_training(server)
    until(lambda: server.store.get(first).state is RunState.RUNNING)
    second = long_training(server)
    page = open_page(f"/run?run={second}")
    page.get_by_text(SAY("live.position", position=1)).wait_for()
    page.get_by_role("button", name=SAY("run.stop")).click()
    page.get_by_text(SAY("reason.removed_from_queue")).first.wait_for()
    assert server.store.get(second).state is RunState.STOPPED
    assert server.store.get(first).state is RunState.RUNNING


def test_the_web_process_holds_no_tensorflow(server: Server, open_page: Open) -> None:
    page = open_page("/run")
    page.get_by_role("heading", name=SAY("page.run.title"), exact=True).wait_for()
    process = psutil.Process(server.pid)
    loaded = [one.path for one in process.memory_maps(grouped=True)]
    assert any("numpy" in path for path in loaded)
    assert not [path for path in loaded if re.search("tensorflow|keras|jaxlib", path)]


@pytest.mark.slow
def test_without_a_reader_nothing_is_asked(server: Server, open_page: Open) -> None:
    page = open_page(f"/run?run={long_training(server)}")
    wait_for_epochs(page, 1)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "api/runs" in request.url else None)
    page.evaluate("Object.defineProperty(document, 'hidden', {get: () => true, configurable: true})")
    page.wait_for_timeout(1200)
    asked.clear()
    page.wait_for_timeout(1500)
    assert asked == []
    page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_event("request", lambda request: "api/runs" in request.url)
