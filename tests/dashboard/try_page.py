"""Opening the try page in tests, and reading what it says."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from streamlit.testing.v1 import AppTest

MAIN = str(Path(__file__).parent.parent.parent / "dashboard" / "main.py")
OWNER = "student"


def open_page(run: str = "", lang: str = "en", **parameters: str) -> AppTest:
    """The page at an address with these parameters."""
    test = AppTest.from_file(MAIN, default_timeout=60)
    test.query_params["lang"] = lang
    test.switch_page("pages/try.py")
    for name, value in {"run": run, **parameters}.items():
        if value:
            test.query_params[name] = value
    return run_again(test)


def run_again(test: AppTest) -> AppTest:
    """The page drawn anew, without an exception."""
    test.run()
    assert not test.exception
    return test


def words(test: AppTest) -> str:
    """Everything the page says in text."""
    parts: Iterable[object] = (
        *test.title, *test.markdown, *test.caption, *test.warning, *test.error, *test.info, *test.subheader
    )  # fmt: skip
    return "\n".join(str(part.value) for part in parts)  # type: ignore[attr-defined]


def html(test: AppTest) -> str:
    """All HTML that the page draws itself."""
    return "\n".join(str(part.proto.body) for part in test.get("html"))  # type: ignore[attr-defined]


def press(test: AppTest, key: str) -> AppTest:
    """The page after a button was pressed."""
    test.button(key=key).click()
    return run_again(test)
