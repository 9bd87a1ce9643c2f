"""Answers of the server that reach a page when a test says so."""

from __future__ import annotations

from playwright.sync_api import Page, WebSocketRoute


class HeldAnswers:
    """What the server says to a page from its next opening on, held back between `hold` and `let_go`."""

    def __init__(self, page: Page) -> None:
        self._waiting: list[tuple[WebSocketRoute, str | bytes]] = []
        self._holding = False
        page.route_web_socket(lambda _: True, self._connect)

    def __len__(self) -> int:
        return len(self._waiting)

    def hold(self) -> None:
        """Let nothing through from now on."""
        self._holding = True

    def pass_on(self, messages: int) -> None:
        """Let as many through as that, the oldest first."""
        for _ in range(messages):
            route, message = self._waiting.pop(0)
            route.send(message)

    def let_go(self) -> None:
        """Let everything through, in its order, and hold nothing back any more."""
        while self._waiting:
            self.pass_on(1)
        self._holding = False

    def _connect(self, route: WebSocketRoute) -> None:
        def answer(message: str | bytes) -> None:
            if self._holding:
                self._waiting.append((route, message))
            else:
                route.send(message)

        route.connect_to_server().on_message(answer)
