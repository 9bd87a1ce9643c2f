"""What a page script says reaches the browser in order and whole, and together if the script is quick."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard.server import bursts
from dashboard.server.bursts import Bursts, Held, is_urgent
from tests.loops import run_apart


def said(message: ForwardMsg) -> Message:
    return {"type": "websocket.send", "bytes": message.SerializeToString()}


def element(text: str) -> Message:
    message = ForwardMsg()
    message.delta.new_element.markdown.body = text
    return said(message)


def status(*, running: bool) -> Message:
    message = ForwardMsg()
    message.session_status_changed.script_is_running = running
    return said(message)


PAGE = [status(running=True), *(element(f"{number}") for number in range(50)), status(running=False)]


class Browser:
    """Takes messages; gone if `gone` says so."""

    def __init__(self, gone: Callable[[int], bool] = lambda number: False) -> None:
        self.taken: list[Message] = []
        self.gone = gone

    async def send(self, message: Message) -> None:
        await asyncio.sleep(0)  # a wire takes its time
        if self.gone(len(self.taken)):
            raise ConnectionResetError("gone")
        self.taken.append(message)


def play(scene: Callable[[Held, Browser], Coroutine[Any, Any, None]], browser: Browser | None = None) -> None:
    """What happens between a server and a browser, from the connection's beginning to its end."""

    async def whole(browser: Browser) -> None:
        held = Held(browser.send)
        await scene(held, browser)
        await held.drop()

    run_apart(whole(browser or Browser()))


async def nothing() -> Message:
    raise AssertionError("nobody is asked")


async def arrived(browser: Browser, number: int) -> None:
    async with asyncio.timeout(60):
        while len(browser.taken) < number:
            await asyncio.sleep(0.01)


def test_messages_of_a_run_leave_together_when_it_is_over() -> None:
    async def talk(held: Held, browser: Browser) -> None:
        for message in PAGE[:-1]:
            await held.send(message)
        assert browser.taken == PAGE[:1]  # it runs: a page shows that at once
        await held.send(PAGE[-1])
        assert browser.taken == PAGE

    play(talk)


def test_a_script_that_works_on_something_has_shown_what_it_said_before() -> None:
    async def talk(held: Held, browser: Browser) -> None:
        for end in (3, 5):  # a pause after three and after five
            for message in PAGE[len(browser.taken) : end]:
                await held.send(message)
            await arrived(browser, end)
        assert browser.taken == PAGE[:5]

    play(talk)


def test_a_script_that_never_pauses_is_shown_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bursts, "_PAUSE", 60.0)

    async def talk(held: Held, browser: Browser) -> None:
        async with asyncio.timeout(60):
            while not browser.taken:
                await held.send(PAGE[1])
                await asyncio.sleep(0.01)

    play(talk)


def test_what_is_held_back_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bursts, "_MOST", 10)

    async def talk(held: Held, browser: Browser) -> None:
        for message in PAGE[:25]:
            await held.send(message)
        assert browser.taken == PAGE[:21]

    play(talk)


def test_the_order_stays_while_the_browser_is_slow() -> None:
    async def talk(held: Held, browser: Browser) -> None:
        waiting = [asyncio.create_task(held.send(message)) for message in PAGE + PAGE]
        await asyncio.gather(*waiting)
        assert browser.taken == PAGE + PAGE

    play(talk)


@pytest.mark.parametrize("gone", [0, 7])
def test_a_browser_that_is_gone_is_told_to_whoever_sends_next(gone: int) -> None:
    async def talk(held: Held, browser: Browser) -> None:
        for message in PAGE[1:10]:
            await held.send(message)
        assert held._waiting is not None
        await asyncio.wait([held._waiting])  # the pause is over, and with it the connection
        for _ in range(2):
            with pytest.raises(ConnectionResetError):
                await held.send(PAGE[10])
        assert len(browser.taken) == gone

    play(talk, Browser(lambda number: number == gone))


def test_nothing_is_sent_any_more_when_the_connection_is_over() -> None:
    async def talk(held: Held, browser: Browser) -> None:
        await held.send(PAGE[1])
        waiting = held._waiting
        await held.drop()
        assert waiting is not None
        assert waiting.cancelled()
        assert browser.taken == []

    play(talk)


@pytest.mark.parametrize("kind", ["http", "lifespan"])
def test_only_websockets_are_held_back(kind: str) -> None:
    given: list[Any] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        given.append(send)

    browser = Browser()
    run_apart(Bursts(app)({"type": kind}, nothing, browser.send))
    assert given == [browser.send]


def test_opening_and_closing_pass_at_once_and_in_order() -> None:
    messages: list[Message] = [
        {"type": "websocket.accept"},
        PAGE[1],
        {"type": "websocket.close", "code": 1000},
    ]

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        for message in messages:
            await send(message)

    browser = Browser()
    run_apart(Bursts(app)({"type": "websocket"}, nothing, browser.send))
    assert browser.taken == messages


def test_what_is_urgent() -> None:
    assert is_urgent(status(running=True))
    assert is_urgent(status(running=False))
    assert is_urgent({"type": "websocket.close"})
    assert not is_urgent(element("text"))
    assert not is_urgent(element("long" * 1000))
