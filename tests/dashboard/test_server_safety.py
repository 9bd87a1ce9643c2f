"""What every answer of the server carries, by which names it answers, and what its settings may be."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from streamlit import config

from core.errors import SettingsError
from core.settings import Settings
from dashboard.server.hosts import is_known, is_wide, name_in, own_names
from dashboard.server.middleware import content_security_policy, exception_handlers, middleware, new_cookie
from dashboard.shared.language import CODES, language
from dashboard.shared.viewer import full_address, keeps_no_cookie
from tests.dashboard.asgi import Answer, answer_of

MOODLE = "https://moodle.example.org"


def answered(
    settings: Settings | None = None, path: str = "/", *, scheme: str = "http", **headers: str
) -> Answer:
    """What a server with our layers answers to a request that comes in on loopback."""

    def page(request: Request) -> Response:
        return HTMLResponse("page")

    def broken(request: Request) -> Response:
        raise ZeroDivisionError

    chosen = settings or Settings()
    app = Starlette(
        routes=[Route("/", page), Route("/broken", broken)],
        middleware=middleware(chosen),
        exception_handlers=exception_handlers(chosen),
    )
    return answer_of(app, path, scheme=scheme, **headers)


@pytest.fixture
def listening(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets where the server was told to listen."""
    options = {name: config.get_option(name) for name in ("server.address", "browser.serverAddress")}

    def listen(address: str | None, shown: str = "localhost") -> None:
        config.set_option("server.address", address)
        config.set_option("browser.serverAddress", shown)

    yield listen
    for name, value in options.items():
        config.set_option(name, value)


# Headers


@pytest.mark.parametrize("path", ["/", "/nothing", "/broken"])
def test_every_answer_has_the_headers_errors_too(path: str) -> None:
    headers = answered(path=path).headers
    policy = dict(one.split(" ", 1) for one in headers["content-security-policy"].split("; "))
    assert policy["frame-ancestors"] == "'self'"
    assert policy["object-src"] == "'none'"
    assert "unsafe-inline" not in policy["script-src"]
    assert "unsafe-eval" not in policy["script-src"].replace("wasm-unsafe-eval", "")
    assert "127.0.0.1:8501" in policy["connect-src"]
    assert not any("*" in sources or "https:" in sources for sources in policy.values())
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-frame-options"] == "SAMEORIGIN"


def test_what_went_wrong_stands_in_the_log_only() -> None:
    answer = answered(path="/broken")
    assert answer.status == 500
    assert "Zero" not in answer.text


def test_a_setting_lets_a_platform_frame_the_pages() -> None:
    headers = answered(Settings(frames=(MOODLE,))).headers
    assert f"frame-ancestors 'self' {MOODLE}" in headers["content-security-policy"]
    assert "x-frame-options" not in headers


@pytest.mark.parametrize("host", ["a b", "x; script-src *", "x\r\nSet-Cookie: a=b", "*"])
def test_no_host_gets_into_the_policy_that_is_none(host: str) -> None:
    assert content_security_policy((), host) == content_security_policy()


# Settings


def test_frames_and_hosts_are_words_with_spaces_between_them() -> None:
    named = {
        "TURNING_POINT_FRAMES": f" {MOODLE}/ http://10.0.0.5:8080  https://*.school.kr",
        "TURNING_POINT_HOSTS": "Class.Example.org. *.school.kr 10.0.0.9 [fe80::1]",
    }
    assert Settings.from_environment(named) == Settings(
        frames=(MOODLE, "http://10.0.0.5:8080", "https://*.school.kr"),
        hosts=("class.example.org", "*.school.kr", "10.0.0.9", "fe80::1"),
    )
    assert Settings.from_environment({}) == Settings()


@pytest.mark.parametrize(
    "nonsense",
    [
        "moodle.example.org",
        "*",
        "https://",
        "https://a.org/path",
        "https://a.org;",
        "'none'",
        "javascript://x",
    ],
)
def test_a_frame_that_is_no_origin_is_refused_in_words(nonsense: str) -> None:
    with pytest.raises(SettingsError, match="TURNING_POINT_FRAMES") as refused:
        Settings.from_environment({"TURNING_POINT_FRAMES": f"{MOODLE} {nonsense}"})
    assert nonsense in str(refused.value)


@pytest.mark.parametrize("nonsense", ["https://a.org", "a.org:80", "a/b", "a_b c;d", "**"])
def test_a_host_that_is_no_name_is_refused_in_words(nonsense: str) -> None:
    with pytest.raises(SettingsError, match="TURNING_POINT_HOSTS"):
        Settings.from_environment({"TURNING_POINT_HOSTS": nonsense})


# Names


@pytest.mark.parametrize("host", ["localhost:8501", "LOCALHOST", "127.0.0.1:8501", "127.1.2.3", "[::1]:8501"])
def test_bound_to_this_computer_it_answers_by_its_names(host: str, listening: Any) -> None:
    listening("127.0.0.1")
    assert answered(host=host).status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8501", "127.0.0.1.evil.example", "10.0.0.5:8501"]
)
def test_bound_to_this_computer_it_answers_by_no_other_name(host: str, listening: Any) -> None:
    listening("127.0.0.1")
    for code in CODES:
        answer = answered(host=host, accept_language=code)
        assert answer.status == 421
        assert answer.text == language(code)("server.host_refused", host=host)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "host", ["", "a b", "localhost:x", "user@localhost", "localhost/x", "<b>", "x" * 5000 + "/"]
)
def test_what_is_no_name_at_all_is_a_bad_request(host: str) -> None:
    answer = answered(host=host)
    assert answer.status == 400
    assert len(answer.text) < 600


def test_open_to_a_class_it_answers_by_addresses_and_the_computers_names(listening: Any) -> None:
    listening("0.0.0.0", shown="https://lesson.example.org")
    own = socket.gethostname()
    for host in (
        "192.168.1.5:8501",
        "[fe80::1]:8501",
        own,
        f"{own.split('.')[0]}.local",
        "lesson.example.org",
    ):
        assert answered(host=host).status == 200
    assert answered(host="evil.example").status == 421


@pytest.mark.parametrize(
    ("setting", "known"), [("a.org", False), ("class.a.org", True), ("*.a.org", True), ("*", True)]
)
def test_further_names_are_a_setting(setting: str, known: bool) -> None:
    answer = answered(Settings(hosts=(setting,)), host="class.a.org")
    assert (answer.status == 200) is known


def test_a_name_is_read_out_of_a_host_header() -> None:
    assert name_in("Example.ORG.:80") == "example.org"
    assert name_in("[::1]:80") == "::1"
    assert is_known("::ffff:127.0.0.1", wide=False)
    assert not is_known("::ffff:10.0.0.1", wide=False)
    assert socket.gethostname().lower() in own_names(socket.gethostname())


@pytest.mark.parametrize(
    ("configured", "came_in", "wide"),
    [
        ("127.0.0.1", "127.0.0.1", False),
        ("localhost", "::1", False),
        (
            "127.0.0.1",
            "192.168.1.5",
            True,
        ),  # a server that is not Streamlit's own listens where it was told to
        ("0.0.0.0", "127.0.0.1", True),
        (None, "::ffff:127.0.0.1", True),
    ],
)
def test_whether_others_reach_it(configured: str | None, came_in: str, wide: bool) -> None:
    assert is_wide(configured, {"server": (came_in, 8501)}) is wide


# The cookie


def test_inside_a_page_of_others_the_cookie_is_theirs_to_keep() -> None:
    assert new_cookie(secure=True, framed=True).endswith("; HttpOnly; Secure; SameSite=None; Partitioned")
    assert new_cookie(secure=True).endswith("; HttpOnly; Secure; SameSite=Lax")
    assert new_cookie(secure=False, framed=True).endswith("; HttpOnly; SameSite=Lax")
    framed = answered(Settings(frames=(MOODLE,)), scheme="https").headers["set-cookie"]
    assert "Partitioned" in framed


def test_without_a_cookie_a_browser_is_told_so_and_only_a_browser() -> None:
    assert keeps_no_cookie({"Host": "localhost"}, {})
    assert not keeps_no_cookie({"Host": "localhost"}, {"turning_point_owner": "x"})
    assert not keeps_no_cookie({}, {})
    assert full_address("http://a/run", {"run": "x y"}) == "http://a/run?run=x+y"
    assert full_address("http://a/run", {}) == "http://a/run"
