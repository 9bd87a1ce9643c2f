"""A vote of a class in real browsers: one teacher, two students, two rounds, and what each of them is told when."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from core.classroom.ballot import tally
from dashboard.classroom.votes.bank import items
from dashboard.shared.language import language
from tests.browser.conftest import Open
from tests.browser.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Page

EN, KO = language("en"), language("ko")


def joined(open_page: Open, code: str, nickname: str, lang: str, **looks: object) -> Page:
    """A browser that has joined the class."""
    page = open_page(f"/class?code={code}&lang={lang}", **looks)
    t = language(lang)
    page.get_by_role("textbox", name=t("class.nickname")).fill(nickname)
    page.get_by_test_id("stMain").get_by_role("button", name=t("class.join.press"), exact=True).click()
    page.get_by_text(t("class.seat.title", nickname=nickname)).wait_for()
    return page


def choose(page: Page, letter: str, kept: str) -> None:
    """Press the choice of this letter, and wait until it is marked and kept."""
    page.get_by_role("button", name=re.compile(rf"^{letter}\b")).click()
    page.get_by_role("button", name=re.compile(rf"^✓ {letter}\b")).wait_for()
    page.get_by_text(kept).wait_for()


@pytest.mark.slow
def test_a_class_votes_talks_and_votes_again(open_page: Open, server: Server) -> None:
    store = server.store
    teacher = open_page("/class?lang=en")
    teacher.get_by_role("button", name=EN("class.open.press"), exact=True).click()
    teacher.wait_for_url(re.compile("code="))
    code = re.findall(r"code=([A-Z]{6})", teacher.url)[0]

    ann = joined(open_page, code, "Ann", "en", width=400)
    heard: list[str] = []
    ann.on("websocket", lambda socket: socket.on("framereceived", lambda frame: heard.append(str(frame))))
    ann.reload()
    ann.get_by_text(EN("class.seat.title", nickname="Ann")).wait_for()
    ben = joined(open_page, code, "벤", "ko", dark=True)
    ben.goto(f"{server.url}/lab?lang=ko")
    ben.get_by_text(KO("lab.title"), exact=True).first.wait_for()
    # What a student is doing on another page stays when a question comes.
    epochs = ben.get_by_label(KO("field.epochs"), exact=True).first
    epochs.fill("7")
    epochs.press("Enter")

    teacher.get_by_text(EN("votes.ask"), exact=True).click()
    teacher.get_by_role("button", name=EN("votes.open.vote")).click()
    teacher.get_by_text(EN("votes.answered", number=0, seats=2)).wait_for()
    ballot = store.current_ballot(code)
    assert ballot is not None

    kept = EN("votes.kept")
    choose(ann, "A", kept)
    choose(ann, "B", kept)
    ben.get_by_role("button", name=KO("votes.beside.answer")).click()
    choose(ben, "C", KO("votes.kept"))
    teacher.get_by_text(EN("votes.answered", number=2, seats=2)).wait_for()
    assert not teacher.locator(".js-plotly-plot [class*=bars]").count()
    assert epochs.input_value() == "7"
    ann.reload()
    ann.get_by_role("button", name=re.compile("^✓ B")).wait_for()

    teacher.get_by_role("button", name=EN("votes.go.discussing")).click()
    ann.get_by_text(EN("votes.discuss")).wait_for()
    assert not ann.get_by_role("button", name=re.compile("^(✓ )?[A-D] ")).count()
    teacher.get_by_role("button", name=EN("votes.go.second")).click()
    choose(ann, "C", kept)
    ann.get_by_text(EN("votes.before", letter="B")).wait_for()
    # Until now nothing that came to Ann's browser told what is right or how others voted.
    explanation = items("en")["gap"].explanations[0].text[:60]
    told = "".join(heard)
    assert "chose B" in told
    assert explanation not in told
    assert '"type":"bar"' not in told

    ben.get_by_text(KO("votes.heading.second")).wait_for()
    teacher.get_by_role("button", name=EN("votes.go.revealed")).click()
    teacher.get_by_text(explanation).wait_for()
    ann.get_by_text(explanation).wait_for()
    ann.get_by_text(EN("votes.round.2"), exact=True).first.wait_for()
    assert '"type":"bar"' in "".join(heard)
    teacher.get_by_role("button", name=EN("votes.go.closed")).click()
    teacher.get_by_text(EN("votes.ask"), exact=True).wait_for()
    ann.get_by_text(explanation).wait_for(state="detached")
    ann.reload()
    ann.get_by_text(EN("class.seat.title", nickname="Ann")).wait_for()
    assert not ann.get_by_role("button", name=re.compile("^(✓ )?[A-D] ")).count(), (
        "a reload opens nothing again"
    )
    votes = store.votes(ballot.id, reader="")
    question = ballot.questions[0]
    assert tally(question, votes).counts == (0, 1, 1, 0)
    assert tally(question, votes, in_round=2).counts == (0, 0, 1, 0)
    assert epochs.input_value() == "7"
