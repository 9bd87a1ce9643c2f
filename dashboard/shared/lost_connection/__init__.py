"""What a page says while its server does not answer: in the reader's words, in the place of Streamlit's own dialog."""

from __future__ import annotations

from pathlib import Path

from dashboard.shared import browser
from dashboard.shared.language import Language

# It stands beside the page, not inside it.
_component = browser.register(Path(__file__).parent, isolate_styles=False)

_WORDS = ("title", "server", "network", "training")


def watch_connection(t: Language) -> None:
    """Have the browser say when the server is gone, and when it is back; it asks nothing of the server for that."""
    # Flat: to look into a value that is a mapping or a list, Streamlit loads pandas, with the first page.
    data = {"language": t.code, **{word: t(f"lost.{word}") for word in _WORDS}}
    _component(data=data, key="lost-connection")
