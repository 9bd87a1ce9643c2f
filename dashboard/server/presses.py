"""What a reader presses, before a page's script answers it: trainings on this computer are asked to hold still."""

from __future__ import annotations

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from core.pages_first import PagesFirst
from core.settings import Settings

_ANSWER = 0.3
"""Seconds in which a press is to be answered, the drawing in the browser included."""


class Presses:
    """Has trainings hold still from each press until its answer should be there."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.pages = PagesFirst(settings.home)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""

        async def hear() -> Message:
            message = await receive()
            if is_press(message):
                self.pages.hold(_ANSWER)
            return message

        await self.app(scope, hear if scope["type"] == "websocket" else receive, send)


def is_press(message: Message) -> bool:
    """Whether a browser wants a page anew because of its reader, and not because the page looks again by itself."""
    data = message.get("bytes") if message["type"] == "websocket.receive" else None
    if not data:
        return False
    try:
        asked = BackMsg.FromString(data)
    except DecodeError:  # Streamlit says what it thinks of it
        return False
    return asked.HasField("rerun_script") and not asked.rerun_script.is_auto_rerun
