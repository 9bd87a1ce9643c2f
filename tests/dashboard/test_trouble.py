"""What is wrong with the whole server, said on every page."""

from __future__ import annotations

import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from tests.dashboard.pages import MAIN, run_again, words

PAGES = ("home", "data", "lab", "run", "compare", "try")


def framed(page: str, lang: str, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """A page inside its frame, as `dashboard/app.py` has it: `main.py` runs the page."""
    monkeypatch.setattr(PagesManager, "__init__", _without_folder)
    test = AppTest.from_file(MAIN, default_timeout=60)
    if page != "home":
        test.switch_page(f"pages/{page}.py")
    test.query_params["lang"] = lang
    return run_again(test)


_original = PagesManager.__init__


def _without_folder(manager: PagesManager, *arguments: object, **options: object) -> None:
    _original(manager, *arguments, **options)  # type: ignore[arg-type]
    PagesManager.uses_pages_directory = False


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_that_a_setting_cannot_be(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TURNING_POINT_WORKERS", "two")
    for lang in ("ko", "en"):
        assert "TURNING_POINT_WORKERS" in words(framed(page, lang, monkeypatch))
