"""Opening a page in tests, pressing on it, and reading what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

MAIN = str(Path(__file__).parent.parent.parent / "dashboard" / "main.py")


def opened(
    page: str, lang: str | None = "en", *, state: Mapping[str, object] | None = None, **parameters: str | None
) -> AppTest:
    """A page as it is at an address, in a session that begins with this state; "" is the first page."""
    test = AppTest.from_file(MAIN, default_timeout=60)
    if page:
        # By its address: AppTest's own `switch_page` goes by the name of the file, which all pages share.
        test._page_hash = calc_hash(page)
    for name, value in {"lang": lang, **parameters}.items():
        if value is not None:
            test.query_params[name] = value
    for key, kept in (state or {}).items():
        test.session_state[key] = kept
    return run_again(test)


def checked(test: AppTest) -> AppTest:
    """The page, which has met no exception."""
    assert not test.exception
    return test


def run_again(test: AppTest) -> AppTest:
    """The page drawn anew, without an exception."""
    return checked(test.run())


def in_tab(test: AppTest, key: str, title: str) -> AppTest:
    """The page after the tab of this title was opened, of the tabs of this key."""
    test.session_state[key] = title
    return run_again(test)


def press(test: AppTest, key: str) -> AppTest:
    """The page after the button of this key was pressed."""
    return checked(test.button(key=key).click().run())


def press_label(test: AppTest, label: str) -> AppTest:
    """The page after the first button that says this was pressed."""
    return checked(next(one for one in test.button if one.label == label).click().run())


def words(test: AppTest) -> str:
    """Everything the page says in text, without the links to the glossary in it."""
    parts: Iterable[object] = (
        *test.title, *test.subheader, *test.markdown, *test.caption, *test.warning, *test.error, *test.info
    )  # fmt: skip
    said = "\n".join(str(part.value) for part in parts)  # type: ignore[attr-defined]
    return re.sub(r"\[([^\]]+)\]\(#term-\w+\)", r"\1", said)


def html(test: AppTest) -> str:
    """All HTML that the page draws itself."""
    return "\n".join(str(part.proto.body) for part in test.get("html"))  # type: ignore[union-attr]
