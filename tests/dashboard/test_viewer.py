"""Who looks at a page, from where, and what that allows."""

from __future__ import annotations

import pytest

from core.storage import Store
from dashboard.server.middleware import new_cookie
from dashboard.shared import services
from dashboard.shared.language import language
from dashboard.shared.viewer import OWNER_COOKIE, Viewer, address_of, is_cookie, is_own_name
from tests.dashboard import runs
from tests.dashboard.pages import opened, press_label, words

SAY = language("en")
HERE = {"Host": "localhost:8501", "Origin": "http://localhost:8501"}


def test_a_browser_on_the_servers_computer_is_here() -> None:
    for peer in (None, "127.0.0.1", "127.0.0.5", "::1", "::ffff:127.0.0.1"):
        assert address_of(peer, HERE) == ""
        assert address_of(peer, {}) == ""
    assert address_of(None, {"host": "[::1]:8501", "origin": "http://app.localhost:8501"}) == ""


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "10.0.0.7"},
        {"forwarded": "for=10.0.0.7"},
        {"X-Real-IP": "10.0.0.7"},
        {"Host": "class.example.org"},
        {"Host": "127.0.0.1:8501", "Origin": "https://class.example.org"},
        {"Host": "127.0.0.1:8501", "Origin": "null"},
        {"Host": "localhost.example.org"},
    ],
)
def test_whoever_comes_by_way_of_a_proxy_here_is_not(headers: dict[str, str]) -> None:
    assert address_of(None, {**HERE, **headers}) == "proxy"
    assert address_of("127.0.0.1", {**HERE, **headers}) == "proxy"


def test_an_address_is_that_of_one_computer() -> None:
    assert address_of("10.0.0.7", HERE) == "10.0.0.7"
    assert address_of("::ffff:10.0.0.7", HERE) == "10.0.0.7"
    # One computer may use any address of its network.
    assert address_of("2001:db8::1", HERE) == address_of("2001:db8::ffff:2", HERE) != ""
    assert address_of("2001:db8:0:1::1", HERE) != address_of("2001:db8::1", HERE)
    assert address_of("fe80::1%eth0", HERE) == "fe80::/64"
    assert address_of("testclient" * 20, HERE) == ("testclient" * 20)[:64]


def test_only_names_that_lead_each_computer_to_itself_are_own() -> None:
    assert all(map(is_own_name, ("localhost", "LOCALHOST.", "127.0.0.1", "::1", "[::1]")))
    assert not any(map(is_own_name, ("10.0.0.7", "localhost.example.org", "", "0.0.0.0", "127.0.0.1.nip.io")))


def test_runs_of_the_command_line_belong_to_its_computer() -> None:
    assert Viewer("me").may_change("me")
    assert Viewer("me", "10.0.0.7").may_change("me")
    assert Viewer("me").may_change("cli")
    assert not Viewer("me", "10.0.0.7").may_change("cli")
    assert not Viewer("me").may_change("you")


def test_a_cookie_that_was_made_up_is_none() -> None:
    line = new_cookie(secure=False)
    assert is_cookie(line.partition("=")[2].partition(";")[0])
    for made_up in (None, "", "cli", "x" * 21, "x" * 23, "x" * 21 + "\n", "<script>alert(1)</script>"):
        assert not is_cookie(made_up)


@pytest.mark.parametrize(("address", "may"), [("", True), ("10.0.0.7", False)])
def test_only_the_servers_computer_stops_what_its_command_line_began(
    address: str, may: bool, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "viewer", lambda: Viewer("me", address))
    run = runs.running(store, owner="cli")
    test = opened("run", run=run)
    assert any(button.key == f"stop-{run}" for button in test.button) is may
    assert (SAY("run.not_yours.command_line") in words(test)) is not may


def test_the_limit_counts_where_a_press_came_from(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "viewer", lambda: Viewer("me", "10.0.0.7"))
    press_label(opened(""), SAY("home.start"))
    assert store.count(address="10.0.0.7") == 1


def test_the_owner_is_never_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    class Context:
        cookies = {OWNER_COOKIE: "cli"}  # noqa: RUF012

    monkeypatch.setattr(services.st, "context", Context())
    monkeypatch.setattr(services.st, "session_state", {})
    assert services.owner() != "cli"
