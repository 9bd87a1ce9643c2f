"""Every page, with what somebody made up in every parameter of its address and every title: none of it is Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest

from core.run import Reason, RunState
from core.storage import Store
from dashboard.shared.language import CODES, language
from dashboard.shared.markdown import one_line
from tests.dashboard import runs, studies
from tests.dashboard.hostile import HOSTILE, LIVE
from tests.dashboard.pages import html, opened

PARAMETERS = {
    "": ("lang", "unknown"),
    "data": ("dataset", "part", "row", "search", "unknown"),
    "lab": ("preset", "dataset", "epochs", "layers", "optimizer", "encoding", "split", "loss", "unknown"),
    "run": ("run", "sample", "epoch", "unknown"),
    "compare": ("runs", "base", "hide", "align", "show", "smooth", "study"),
    "try": ("run", "row", "show"),
}
PLACES = tuple((page, name) for page, names in PARAMETERS.items() for name in names)
#: Where Streamlit reads Markdown, by the names of its messages' fields; what these messages hold is shown as it is.
READ, SHOWN = {"body", "label", "help", "text", "caption"}, {"Html", "Code", "TextInput.value", "IFrame"}
LONGEST = 1_500


def read_as_markdown(message: Message) -> Iterator[str]:
    """All text in a message of Streamlit's that its pages read as Markdown."""
    if message.DESCRIPTOR.name in SHOWN:
        return
    for field, value in message.ListFields():
        if field.message_type is None:
            if field.name in READ and isinstance(value, str):
                yield value
        elif isinstance(value, Message):
            yield from read_as_markdown(value)
        elif not field.message_type.GetOptions().map_entry:
            for inner in value:
                yield from read_as_markdown(inner)


def markdown_of(test: AppTest) -> list[str]:
    """All text of a page that is read as Markdown, with labels of tabs, expanders and popovers."""
    found: list[str] = []

    def look(node: Any) -> None:
        proto = getattr(node, "proto", None)
        if isinstance(proto, Message):
            found.extend(read_as_markdown(proto))
        for child in getattr(node, "children", {}).values():
            look(child)

    look(test._tree)
    return found


def check(test: AppTest) -> list[str]:
    """The page's Markdown, of which nothing is of others, and no sentence longer than a page can bear."""
    found = markdown_of(test)
    assert found
    for text in found:
        assert not [sign for sign in LIVE if sign in text.replace("\\<", "")], text
        assert len(text) < LONGEST, text[:200]
    body = html(test).lower()
    assert "<img src=http" not in body
    assert "<script>x" not in body
    return found


@pytest.fixture
def kept(store: Store) -> dict[str, str]:
    """Two runs and a study with such titles, by what parameters name them."""
    finished = [runs.over(store, title=title) for title in HOSTILE[:2]]
    study = studies.recorded(store, studies.repeated(), title=HOSTILE[0])
    return {"run": finished[0], "runs": ",".join(finished), "study": study}


def cases() -> list[tuple[str, str, int]]:
    """Each parameter of each page with one of the strings, all of them in turn."""
    return [(page, name, place % len(HOSTILE)) for place, (page, name) in enumerate(PLACES)]


def more_cases() -> list[tuple[str, str, int]]:
    """Of each parameter of each page with each string every seventh: in the end all strings, each in some places."""
    return [(page, name, place) for page, name in PLACES for place in range(len(HOSTILE))][::7]


def page_at(page: str, parameters: dict[str, str | None]) -> AppTest:
    """A page at an address."""
    named = dict(parameters)
    return opened(page, named.pop("lang", "en"), **named)


def look_at(page: str, name: str, value: str, kept: dict[str, str], lang: str = "en") -> list[str]:
    """A page with one parameter that somebody made up; beside it, what it takes to get that far."""
    beside = {"sample": "run", "epoch": "run", "base": "runs", "hide": "runs", "align": "runs", "row": "run"}
    beside |= {"smooth": "runs", "show": "runs"}
    needed = beside.get(name) if page in {"run", "compare", "try"} else None
    named: dict[str, str | None] = {needed: kept[needed]} if needed else {}
    return check(page_at(page, {**named, "lang": lang, name: value}))


@pytest.mark.parametrize(("page", "name", "place"), cases())
def test_no_parameter_gets_markdown_into_a_page(
    page: str, name: str, place: int, kept: dict[str, str]
) -> None:
    look_at(page, name, HOSTILE[place], kept, CODES[place % 2])


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.parametrize(("page", "name", "place"), more_cases())
def test_none_of_many_gets_markdown_into_a_page(page: str, name: str, place: int, store: Store) -> None:
    look_at(page, name, HOSTILE[place], {"run": "", "runs": "", "study": ""})


@pytest.mark.parametrize("page", PARAMETERS)
def test_titles_and_reasons_are_no_markdown_anywhere(page: str, kept: dict[str, str], store: Store) -> None:
    ended = []
    for title, reason in zip(HOSTILE, ("error", "server_ended"), strict=False):
        run = runs.running(store, title=title)
        store.finish(run, RunState.FAILED, Reason(reason, {"message": " ".join(HOSTILE), "state": "running"}))
        ended.append(run)
    for title in HOSTILE:
        runs.queued(store, title=title)
    check(opened(page))
    if page in {"run", "try"}:
        for run in (kept["run"], *ended, store.queue()[-1]):
            check(opened(page, run=run))
    if page == "compare":
        check(opened(page, runs=kept["runs"]))
        check(opened(page, study=kept["study"]))


@pytest.mark.parametrize(("page", "name"), PLACES)
def test_what_is_repeated_is_cut_short(page: str, name: str, store: Store) -> None:
    check(page_at(page, {name: "x" * 20_000}))
    check(page_at(page, {name: "9" * 20_000}))


def test_a_parameters_name_is_no_markdown(store: Store) -> None:
    for page in PARAMETERS:
        check(opened(page, **{HOSTILE[0]: "1", "x" * 20_000: "1"}))


def test_what_was_typed_can_still_be_read() -> None:
    said = " ".join(look_at("lab", "preset", HOSTILE[0], {}))
    assert one_line(HOSTILE[0])[:10] in said.replace("\\", "").replace("\N{WORD JOINER}", "")
    assert language("en")("lab.bad_link") in said
