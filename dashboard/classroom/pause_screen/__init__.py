"""The screen over every page of a student while the class is paused: nothing below can be reached or is lost."""

from __future__ import annotations

from pathlib import Path

from dashboard.shared import browser
from dashboard.shared.language import Language

# It stands beside the page, not inside it.
_component = browser.register(Path(__file__).parent, isolate_styles=False)


def show_pause_screen(code: str, t: Language) -> None:
    """Cover the page until the teacher goes on; the server begins nothing meanwhile, whatever a browser shows."""
    data = {"title": t("class.pause.title"), "about": t("class.pause.about"), "language": t.code}
    _component(data=data, key=f"class-pause-{code}")
