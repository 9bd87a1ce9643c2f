"""What the real server answers, and to whom: headers, names, websockets, frames, and pages that are given junk."""

from __future__ import annotations

import datetime
import http.client
import ipaddress
import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dashboard.shared import browser
from dashboard.shared.language import language
from dashboard.shared.viewer import OWNER_COOKIE
from tests.browser.conftest import Open, elsewhere, until
from tests.browser.server import Server
from tests.dashboard import runs
from tests.dashboard.hostile import HOSTILE

SAY = language("en")
STREAM = "/_stcore/stream"


def request(server: Server, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
    """An answer of the server; headers as keywords, with _ for -."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    base = f"/{server.base_path}" if server.base_path else ""
    connection.putrequest(method, base + path, skip_host=True)
    for name, value in {"host": f"127.0.0.1:{server.port}", **headers}.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    answer = connection.getresponse()
    connection.close()
    return answer


def opens_a_websocket(server: Server, **headers: str) -> bool:
    """Whether the server lets somebody open the stream of a page."""
    wanted = {
        "connection": "Upgrade",
        "upgrade": "websocket",
        "sec_websocket_version": "13",
        "sec_websocket_key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    status = request(server, STREAM, **wanted, **headers).status
    assert status in {101, 403}
    return status == 101


def check_headers(server: Server) -> None:
    """Every kind of answer has them: pages, Streamlit's own files, routes, errors."""
    run = runs.running(server.store, owner="cli")
    kinds = {
        "/": 200,
        "/lab": 200,
        "/favicon.png": 200,
        "/_stcore/health": 200,
        "/_stcore/host-config": 200,
        "/static/js/nothing.js": 200,  # the frame of a page, as Streamlit has it
        "/media/nothing.png": 404,
        f"/api/runs/{run}": 200,
        "/api/runs/a%20b": 400,
        f"/{browser.PLOTLY}": 200,
        "/..%2f..%2fetc/passwd": 400,
    }
    for path, status in kinds.items():
        answer = request(server, path)
        assert (path, answer.status) == (path, status)
        assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
    # No page elsewhere that shows ours in a frame may stop it, run it anew or say who is there.
    with urlopen(f"{server.url}/_stcore/host-config") as answered:
        assert json.load(answered)["allowedOrigins"] == []
    for method, path in (("POST", f"/api/runs/{run}"), ("PUT", "/"), ("DELETE", "/lab")):
        answer = request(server, path, method)
        assert answer.status in {404, 405}
        assert "content-security-policy" in answer.headers


def check_names(server: Server) -> None:
    """Pages, routes and websockets answer by names of this computer, to pages of this server."""
    run = runs.running(server.store, owner="cli")
    for path in ("/", f"/api/runs/{run}", "/_stcore/health", "/static/js/nothing.js"):
        assert request(server, path, host="evil.example").status == 421
        assert request(server, path, host=f"localhost:{server.port}").status == 200
    own = f"http://127.0.0.1:{server.port}"
    assert opens_a_websocket(server, origin=own)
    assert not opens_a_websocket(server, origin="http://evil.example")
    assert not opens_a_websocket(server, origin="null")
    assert not opens_a_websocket(server, host="evil.example", origin="http://evil.example")


def test_every_answer_has_the_headers(server: Server) -> None:
    check_headers(server)


def test_it_answers_by_its_own_names_only(server: Server) -> None:
    check_names(server)


@pytest.mark.slow
def test_below_another_path_it_is_as_safe(tmp_path: Path) -> None:
    server = Server(tmp_path / "home", base_path="class7")
    try:
        check_headers(server)
        check_names(server)
    finally:
        server.stop()


@pytest.mark.slow
def test_a_setting_that_makes_no_sense_ends_the_start_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="TURNING_POINT_FRAMES names 'moodle'") as refused:
        Server(tmp_path / "home", {"TURNING_POINT_FRAMES": "moodle"})
    assert "Traceback" not in str(refused.value)


# Frames


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[ThreadingHTTPServer]:
    """A learning platform: another site, for a browser, than 127.0.0.1."""
    folder = tmp_path / "platform"
    folder.mkdir()
    served = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(folder)))
    thread = threading.Thread(target=served.serve_forever)
    thread.start()
    yield served
    served.shutdown()
    thread.join()
    served.server_close()


def course(platform: ThreadingHTTPServer, folder: Path, server: Server) -> str:
    """The address of a page of the platform with our list of runs in a frame."""
    page = f'<iframe name="ours" width="1200" height="800" src="{server.url}/run"></iframe>'
    (folder / "platform" / "course.html").write_text(page, encoding="utf-8")
    return f"http://localhost:{platform.server_port}/course.html"


def test_no_page_of_others_may_frame_ours(
    server: Server, open_page: Open, platform: ThreadingHTTPServer, tmp_path: Path
) -> None:
    page = open_page("/")
    said: list[str] = []
    other = page.context.new_page()
    other.on("console", lambda message: said.append(message.text))
    other.goto(course(platform, tmp_path, server))
    until(other, lambda: any("frame-ancestors" in line for line in said))
    assert other.frame_locator("iframe[name=ours]").get_by_text(SAY("page.run.title")).count() == 0


@pytest.mark.slow
def test_where_a_frame_keeps_no_cookie_the_page_says_so_and_opens_in_a_tab(
    open_page: Open, platform: ThreadingHTTPServer, tmp_path: Path
) -> None:
    server = Server(tmp_path / "home", {"TURNING_POINT_FRAMES": f"http://localhost:{platform.server_port}"})
    try:
        page = open_page("/run", on=server)
        page.get_by_role("heading", name=SAY("page.run.title"), exact=True).wait_for()
        assert page.get_by_text(SAY("cookie.open")).count() == 0
        page.context.clear_cookies()
        page.goto(course(platform, tmp_path, server))
        frame = page.frame_locator("iframe[name=ours]")
        link = frame.get_by_role("link", name=SAY("cookie.open"))
        link.wait_for()
        assert link.get_attribute("href") == f"{server.url}/run"
        assert link.get_attribute("target") == "_blank"
        frame.get_by_role("heading", name=SAY("page.run.title"), exact=True).wait_for()
    finally:
        server.stop()


@pytest.mark.slow
def test_over_https_a_frame_keeps_the_cookie(
    chromium: object, open_page: Open, platform: ThreadingHTTPServer, tmp_path: Path
) -> None:
    certificate, key = certificate_for_loopback(tmp_path)
    server = Server(
        tmp_path / "home",
        {"TURNING_POINT_FRAMES": f"http://localhost:{platform.server_port}"},
        options=[f"--server.sslCertFile={certificate}", f"--server.sslKeyFile={key}"],
    )
    try:
        context = chromium.new_context(ignore_https_errors=True, locale="en-US")  # type: ignore[attr-defined]
        page = context.new_page()
        page.goto(course(platform, tmp_path, server))
        frame = page.frame_locator("iframe[name=ours]")
        frame.get_by_role("heading", name=SAY("page.run.title"), exact=True).wait_for()
        assert frame.get_by_text(SAY("cookie.open")).count() == 0
        (cookie,) = [one for one in context.cookies() if one["name"] == OWNER_COOKIE]
        assert (cookie["sameSite"], cookie["secure"]) == ("None", True)
        context.close()
    finally:
        server.stop()


def certificate_for_loopback(folder: Path) -> tuple[Path, Path]:
    """A certificate of our own for 127.0.0.1, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return files


# Links that somebody made up


def test_a_link_puts_nothing_of_its_own_into_a_page(server: Server, open_page: Open) -> None:
    page = open_page("/")
    asked: list[str] = []
    page.on("request", lambda request: asked.extend(elsewhere(request.url)))
    for path, name in (("/lab", "preset"), ("/compare", "runs"), ("/run", "run"), ("/data", "dataset")):
        page.goto(f"{server.url}{path}?{urlencode({name: ' '.join(HOSTILE)})}")
        main = page.get_by_test_id("stMain")
        main.get_by_text("![i]").or_(main.get_by_text(SAY("run.missing"))).or_(
            main.get_by_test_id("stAlert")
        ).first.wait_for()
        assert (
            main.locator(
                "a[href*='example.invalid'], a[href^='mailto:'], img[src*='example.invalid']"
            ).count()
            == 0
        )
    assert asked == []


@pytest.mark.slow
@pytest.mark.parametrize("locale", ["ko-KR", pytest.param("en-US", marks=pytest.mark.thorough)])
def test_no_page_asks_for_what_its_policy_forbids(server: Server, open_page: Open, locale: str) -> None:
    """`open_page` listens to what the browser refuses."""
    run, other = (runs.over(server.store, owner="cli") for _ in range(2))
    t = language(locale[:2])
    page = open_page("/", locale=locale)
    for path, sign in (
        ("/", page.get_by_role("heading", name=t("home.title"))),
        ("/data", page.get_by_role("heading", name=t("data.title"))),
        ("/data?dataset=mini_reviews", page.get_by_role("tab", name=t("data.text"), exact=True)),
        ("/lab", page.get_by_role("button", name=t("lab.train"), exact=True)),
        (f"/run?run={run}", page.locator(".js-plotly-plot").first),
        (f"/compare?runs={run},{other}", page.locator(".js-plotly-plot").first),
        ("/try?show=scores", page.get_by_role("tab", name=t("scores.tab"))),
    ):
        page.goto(server.url + path)
        sign.wait_for()
        page.wait_for_load_state("networkidle")
    page.goto(f"{server.url}/lab")
    page.get_by_role("tab", name=t("lab.tab.diagram")).click()
    page.locator("[data-testid=stGraphVizChart] svg").wait_for()
