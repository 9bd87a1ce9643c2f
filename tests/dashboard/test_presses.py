"""The server asks trainings to hold still when a reader presses, and not when a page looks again by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from core.settings import Settings
from dashboard.server.presses import Presses, is_press
from tests.loops import run_apart


def received(message: BackMsg | bytes) -> Message:
    data = message if isinstance(message, bytes) else message.SerializeToString()
    return {"type": "websocket.receive", "bytes": data}


def rerun(*, by_itself: bool = False) -> BackMsg:
    message = BackMsg()
    message.rerun_script.query_string = "lang=ko"
    message.rerun_script.is_auto_rerun = by_itself
    return message


OTHER = BackMsg(stop_script=True)
NO_PRESSES = {
    "a fragment that looks again": received(rerun(by_itself=True)),
    "a stop": received(OTHER),
    "nothing": received(b""),
    "what nobody can read": received(b"\xff\xff\xff"),
    "words": {"type": "websocket.receive", "text": "rerun"},
    "a connection": {"type": "websocket.connect"},
    "an end": {"type": "websocket.disconnect", "code": 1001},
}


def test_a_rerun_is_a_press() -> None:
    assert is_press(received(rerun()))


@pytest.mark.parametrize("name", NO_PRESSES)
def test_nothing_else_is(name: str) -> None:
    assert not is_press(NO_PRESSES[name])


@pytest.mark.parametrize(
    ("kind", "message", "asked"),
    [
        ("websocket", received(rerun()), True),
        ("websocket", received(rerun(by_itself=True)), False),
        ("http", received(rerun()), False),
    ],
)
def test_trainings_are_asked_to_hold_still_before_the_page_hears_of_it(
    tmp_path: Path, kind: str, message: Message, asked: bool
) -> None:
    seen = []

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append((await receive(), list(tmp_path.iterdir()) != []))

    async def receive() -> Message:
        return message

    async def send(message: Message) -> None:
        raise AssertionError("nothing is to be sent")

    run_apart(Presses(page, Settings(home=tmp_path))({"type": kind}, receive, send))
    assert seen == [(message, asked)]
