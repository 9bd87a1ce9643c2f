"""What a page script says, sent together instead of word by word.

Streamlit sends each element the moment the script has made it, and a browser draws the page anew for whatever has come
while it drew the last time: the lab, of 137 messages within 60 ms, some 25 times. What a script brings is therefore
held back until it has ended or pauses; then the browser draws it once. That it runs is told at once.
"""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

_PAUSE = 0.03
"""Seconds without a message after which a script is taken to work on something: what it has said so far is shown."""
_LONGEST = 0.15
"""Seconds for which a message is held back at most."""
_MOST = 200
"""Messages that are held back at most; the next one waits until the browser has taken them."""
_LARGEST_STATUS = 200
"""Bytes. Larger messages bring elements and need not be read to know that they tell of no script's state."""


class Bursts:
    """Holds back what goes through a websocket until it is worth drawing."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        held = Held(send)
        try:
            await self.app(scope, receive, held.send)
        finally:
            await held.drop()


class Held:
    """The messages of one connection that are held back; they leave in the order in which they came."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._messages: list[Message] = []
        self._first = self._last = 0.0  # when the oldest and the newest of them came, by the loop's clock
        self._sending = asyncio.Lock()
        self._waiting: asyncio.Task[None] | None = None

    async def send(self, message: Message) -> None:
        """Hold it back, or send it behind all that were held back before.

        Raises:
            OSError: The browser is gone; whatever else `send` raised since the last message.
        """
        if self._waiting is not None and self._waiting.done():
            self._waiting.result()
            self._waiting = None
        self._last = asyncio.get_running_loop().time()
        if not self._messages:
            self._first = self._last
        self._messages.append(message)
        if is_urgent(message) or len(self._messages) >= _MOST:
            await self._let_go()
        elif self._waiting is None:
            self._waiting = asyncio.create_task(self._wait(), name="messages held back")

    async def drop(self) -> None:
        """The connection is over: what is held back has nobody to read it, and what went wrong concerns nobody."""
        if self._waiting is not None:
            self._waiting.cancel()
            await asyncio.gather(self._waiting, return_exceptions=True)

    async def _wait(self) -> None:
        clock = asyncio.get_running_loop().time
        while self._messages:
            left = min(self._last + _PAUSE, self._first + _LONGEST) - clock()
            if left > 0:
                await asyncio.sleep(left)
            else:
                await self._let_go()

    async def _let_go(self) -> None:
        async with self._sending:
            messages, self._messages = self._messages, []
            for message in messages:
                await self._send(message)


def is_urgent(message: Message) -> bool:
    """Whether it says that a script begins or is over, which a page shows at once, or no script sends it."""
    data = message.get("bytes") if message["type"] == "websocket.send" else None
    if data is None:
        return True
    return len(data) <= _LARGEST_STATUS and ForwardMsg.FromString(data).HasField("session_status_changed")
