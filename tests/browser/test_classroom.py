"""A class in three browsers: a teacher's board and two students who join and train."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dashboard.classroom.board import seat_name
from dashboard.shared.language import language
from tests.browser.conftest import Open
from tests.browser.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

SAY = language("en")
#: Script, a change of direction, and a name of the other language.
NICKNAMES = ("<img src=x onerror=alert(1)>"[:24], "\u202e김하은")


def join(page: Page, nickname: str) -> None:
    page.get_by_role("textbox", name=SAY("class.nickname")).fill(nickname)
    page.get_by_role("button", name=SAY("class.join.press")).click()
    page.get_by_role("heading", name=re.compile("^Hello")).wait_for()


def tile(board: Page, seat: int) -> Locator:
    return board.locator(f'.tp-seat[data-seat="{seat}"]')


@pytest.mark.slow
def test_a_class_is_joined_watched_hidden_and_outlives_a_restart(tmp_path: Path, open_page: Open) -> None:
    server = Server(tmp_path / "home")
    try:
        board = open_page("/class", on=server)
        board.get_by_role("button", name=SAY("class.open.press")).click()
        board.get_by_text(SAY("class.board.nobody")).wait_for()
        code = board.url.partition("code=")[2][:6]

        students = [open_page(f"/c/{code}", width=400, on=server) for _ in NICKNAMES]
        for student, nickname in zip(students, NICKNAMES, strict=True):
            join(student, nickname)
        for seat, nickname in enumerate(NICKNAMES, start=1):
            tile(board, seat).get_by_text(nickname.lstrip("\u202e"), exact=True).wait_for()
        assert board.locator(".tp-seat img").count() == 0

        # Both train; the tiles move without a press of the teacher.
        server.wait_for_engine()
        for student in students:
            student.goto(f"{server.url}/")
            student.get_by_role("button", name=SAY("home.start")).click()
            student.wait_for_url(re.compile(r"/run\?run="))
        for seat in (1, 2):
            board.locator(f'.tp-seat[data-seat="{seat}"][data-state="finished"]').wait_for()
        board.locator(
            '.tp-pooled-chart[data-drawn="turned"], .tp-pooled-turned p:not(:empty)'
        ).first.wait_for()

        # Hidden names reach neither the board nor the run that is opened from it.
        board.get_by_text(SAY("class.shown.names"), exact=True).click()
        tile(board, 2).get_by_text(seat_name(2, SAY), exact=True).wait_for()
        assert "하은" not in (board.locator(".tp-board").text_content() or "")
        tile(board, 2).locator(".tp-seat-open").click()
        board.wait_for_url(re.compile(r"/run\?run="))
        back = board.get_by_role("link", name=re.compile(seat_name(2, SAY)))
        back.wait_for()
        assert "하은" not in board.inner_text("body")
        back.click()
        board.wait_for_url(re.compile(rf"code={code}"))
        tile(board, 1).wait_for()

        # The teacher takes somebody out: their page changes by itself.
        students[0].goto(f"{server.url}/class")
        students[0].get_by_role("heading", name=re.compile("^Hello")).wait_for()
        tile(board, 1).locator(".tp-seat-menu").click()
        board.get_by_role("button", name=SAY("class.remove")).click()
        tile(board, 1).wait_for(state="detached")
        students[0].get_by_role("button", name=SAY("class.join.press")).wait_for()

        # A reload, and a server that was started anew.
        server.stop()
        server.start()
        again = students[1].context.new_page()
        again.goto(f"{server.url}/class")
        again.get_by_role("heading", name=re.compile("김하은")).wait_for()
        board.reload()
        tile(board, 2).get_by_text(seat_name(2, SAY), exact=True).wait_for()
    finally:
        server.stop()
