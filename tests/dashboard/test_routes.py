"""The server's own addresses and its cookie, asked over HTTP."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from importlib import resources

import pytest
import requests
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route

from core.jobs.status import StatusFile
from core.run import Reason, RunState
from core.settings import Settings
from core.storage import Store
from dashboard.server.middleware import OwnerCookie
from dashboard.server.routes import routes
from dashboard.shared import browser, services
from dashboard.shared.glossary.terms import TERMS
from dashboard.shared.language import CODES
from dashboard.shared.viewer import OWNER_COOKIE
from tests.dashboard import runs

Browser = Callable[[Starlette], "Visitor"]


class Visitor(requests.Session):
    """A browser of one server: it keeps cookies and needs only paths."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address

    def request(self, method: str, url: str, *args: object, **options: object) -> requests.Response:  # type: ignore[override]
        return super().request(method, self.address + url, *args, timeout=60, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def visit() -> Iterator[Browser]:
    """Serves an application on a free port of loopback and gives a browser for it."""
    servers: list[tuple[uvicorn.Server, threading.Thread]] = []

    def serve(application: Starlette) -> Visitor:
        server = uvicorn.Server(uvicorn.Config(application, port=0, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run)
        thread.start()
        servers.append((server, thread))
        while not server.started:
            time.sleep(0.01)
        host, port = server.servers[0].sockets[0].getsockname()
        return Visitor(f"http://{host}:{port}")

    yield serve
    for server, _ in servers:
        server.should_exit = True
    for _, thread in servers:
        thread.join()


@pytest.fixture
def client(store: Store, visit: Browser) -> Visitor:
    return visit(Starlette(routes=routes()))


def test_a_running_run(client: Visitor, store: Store) -> None:
    run = runs.running(store)
    answer = client.get(f"/api/runs/{run}")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    said = answer.json()
    assert said["id"] == run
    assert said["state"] == "running"
    assert said["epochs_planned"] == 8
    assert [epoch["number"] for epoch in said["epochs"]] == [1, 2, 3, 4]
    assert said["epochs"][1] == {
        "number": 2,
        "loss": 0.5,
        "accuracy": 0.75,
        "val_loss": 0.6,
        "val_accuracy": 0.7,
        "learning_rate": 0.001,
        "seconds": 0.25,
    }
    assert said["progress"]["batch"] == 7
    assert said["progress"]["eta_seconds"] == 12.5
    assert said["turning_point"]["loss"] == {"epoch": 4, "value": 0.4, "confirmed": False}
    assert said["position"] is None


def test_only_epochs_after_the_one_named(client: Visitor, store: Store) -> None:
    run = runs.over(store)
    said = client.get(f"/api/runs/{run}?since=6").json()
    assert [epoch["number"] for epoch in said["epochs"]] == [7, 8]
    assert said["turning_point"]["loss"] == {"epoch": 4, "value": 0.4, "confirmed": True}
    assert said["reason"] == {"code": "all_epochs", "details": {"epochs": 8}}
    assert client.get(f"/api/runs/{run}?since=99").json()["epochs"] == []


def test_a_waiting_run_tells_its_place_and_how_the_engine_is(client: Visitor, store: Store) -> None:
    runs.queued(store)
    said = client.get(f"/api/runs/{runs.queued(store)}").json()
    assert (said["state"], said["position"], said["engine"]) == ("queued", 2, "absent")
    assert said["turning_point"] == {"loss": None, "accuracy": None}


def test_runs_that_are_not_over_tell_that_the_scheduler_is_away(client: Visitor, store: Store) -> None:
    StatusFile(services.settings().home).say("no_scheduler", "it does not answer")
    over = runs.over(store)
    for run, engine in ((runs.queued(store), "no_scheduler"), (over, None)):
        assert client.get(f"/api/runs/{run}").json()["engine"] == engine
    under_way = store.add(store.get(over).experiment, owner="student", worker="elsewhere")
    assert client.get(f"/api/runs/{under_way}").json()["engine"] == "no_scheduler"


def test_an_unknown_run_is_an_answer_and_no_error(client: Visitor) -> None:
    answer = client.get("/api/runs/nosuchrun")
    assert (answer.status_code, answer.json()) == (200, {"state": "missing"})


def test_a_recorded_run_is_read_like_any_other(client: Visitor, store: Store) -> None:
    found = client.get("/api/runs/recorded-imdb-multi-hot?since=18").json()
    assert (found["state"], found["recorded"], len(found["epochs"])) == ("finished", True, 2)
    assert found["turning_point"]["loss"]["epoch"] == 4
    assert client.get("/api/runs/recorded-unknown").json() == {"state": "missing"}


@pytest.mark.parametrize(
    "address",
    [
        "/api/runs/a%20b",
        "/api/runs/recorded-..%2F..%2Fx",
        "/api/runs/..%2F",
        "/api/runs/" + "a" * 65,
        "/api/runs/%EA%B0%80",
        "/api/runs/abc?since=-1",
        "/api/runs/abc?since=x",
        "/api/runs/abc?since=1e3",
        "/api/runs/abc?since=",
        "/api/runs/abc?since=99999999999",
        "/api/runs/abc?since=%D9%A1",
    ],
)
def test_nonsense_is_refused_as_json(client: Visitor, address: str) -> None:
    answer = client.get(address)
    if answer.status_code == 404:  # a slash makes it another address, which is not ours
        assert "%2F" in address
        return
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_what_is_no_number_becomes_null(client: Visitor, store: Store) -> None:
    run = runs.with_nan(store)
    answer = client.get(f"/api/runs/{run.id}")
    said = json.loads(answer.text, parse_constant=lambda word: pytest.fail(f"{word} is not JSON"))
    assert said["epochs"][1]["val_loss"] is None
    assert said["epochs"][2]["loss"] is None
    assert said["turning_point"]["loss"]["epoch"] == 1


def test_runs_are_only_read(client: Visitor, store: Store) -> None:
    run = runs.running(store)
    for method in ("post", "put", "delete"):
        assert getattr(client, method)(f"/api/runs/{run}").status_code == 405
    assert store.get(run).state is RunState.RUNNING


def test_a_database_that_does_not_answer_is_said_as_json(
    client: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.forget()
    monkeypatch.setenv("TURNING_POINT_DATABASE", "sqlite:////proc/none/runs.sqlite3")
    answer = client.get("/api/runs/abc")
    assert (answer.status_code, answer.json()) == (503, {"error": "database_unavailable"})


def test_plotly_is_the_file_of_the_package(client: Visitor) -> None:
    file = resources.files("plotly").joinpath("package_data/plotly.min.js").read_bytes()
    packed = client.get(f"/{browser.PLOTLY}", headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(file) / 3
    assert packed.content == file
    assert "immutable" in packed.headers["cache-control"]
    plain = client.get(f"/{browser.PLOTLY}", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == file


def test_addresses_stand_below_the_base_path(base_path: str, store: Store, visit: Browser) -> None:
    client = visit(Starlette(routes=routes()))
    run = runs.running(store)
    assert client.get(f"{base_path}/api/runs/{run}").json()["state"] == "running"
    assert client.get(f"/api/runs/{run}").status_code == 404
    assert client.get(f"{base_path}/{browser.PLOTLY}").status_code == 200


def pages() -> Starlette:
    page, data = (lambda _: HTMLResponse("<p>")), (lambda _: JSONResponse({}))
    return Starlette(
        routes=[Route("/", page), Route("/data", data)],
        middleware=[Middleware(OwnerCookie, Settings())],
    )


def test_the_first_page_brings_the_cookie_and_later_ones_keep_it(visit: Browser) -> None:
    client = visit(pages())
    line = client.get("/").headers["set-cookie"]
    assert "HttpOnly" in line
    assert "SameSite=Lax" in line
    assert "Path=/;" in line
    assert "Max-Age=31536000" in line
    assert "Secure" not in line
    assert len(client.cookies[OWNER_COOKIE]) >= 16
    assert "set-cookie" not in client.get("/").headers
    assert client.cookies[OWNER_COOKIE] != Visitor(client.address).get("/").cookies[OWNER_COOKIE]


def test_only_pages_bring_the_cookie(visit: Browser) -> None:
    assert "set-cookie" not in visit(pages()).get("/data").headers


def test_behind_https_the_cookie_is_secure(visit: Browser) -> None:
    answer = visit(pages()).get("/", headers={"X-Forwarded-Proto": "https"})
    assert "; Secure" in answer.headers["set-cookie"]


def test_the_cookie_stays_below_the_base_path(base_path: str, visit: Browser) -> None:
    assert f"Path={base_path}/;" in visit(pages()).get("/").headers["set-cookie"]


def test_the_reason_of_a_failure_is_passed_on(client: Visitor, store: Store) -> None:
    run = runs.running(store)
    store.finish(run, RunState.FAILED, Reason("worker_died", {"epoch": 5}))
    said = client.get(f"/api/runs/{run}").json()
    assert said["state"] == "failed"
    assert said["reason"] == {"code": "worker_died", "details": {"epoch": 5}}


def test_the_glossary_is_there_in_each_language(visit: Browser) -> None:
    browsing = visit(Starlette(routes=routes()))
    for code in CODES:
        answer = browsing.get(f"/api/glossary/{code}")
        assert set(answer.json()) == set(TERMS)
        assert answer.headers["content-type"] == "application/json"
    assert browsing.get("/api/glossary/de").status_code == 400
