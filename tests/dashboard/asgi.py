"""What an ASGI application answers to one request, without a server."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message

from tests.loops import run_apart


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Headers
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()


def answer_of(
    app: ASGIApp, path: str = "/", method: str = "GET", *, scheme: str = "http", **headers: str
) -> Answer:
    """The answer to a request that comes in on loopback."""
    named = {"host": "127.0.0.1:8501", **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {
        "type": "http",
        "method": method,
        "scheme": scheme,
        "path": path,
        "query_string": b"",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in named.items()],
        "server": ("127.0.0.1", 8501),
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    with suppress(ZeroDivisionError):  # Starlette lets the server write it to its log
        run_apart(app(scope, receive, send))  # type: ignore[arg-type]
    return Answer(
        sent[0]["status"], Headers(raw=sent[0]["headers"]), b"".join(one.get("body", b"") for one in sent)
    )
