"""What a page shows while its server does not answer: what is old fades, and a lost connection is said in words.

The words are the reader's, in the place of Streamlit's own dialog.
"""

from __future__ import annotations

from pathlib import Path

from dashboard.shared import browser
from dashboard.shared.language import Language
from dashboard.shared.theme import frame_colour

# It stands beside the page, not inside it.
_component = browser.register(Path(__file__).parent, isolate_styles=False)

_WORDS = ("title", "server", "network", "training")


def watch_connection(t: Language) -> None:
    """Have the browser say when the server is gone or back, and show what is late; it asks nothing for that."""
    # Flat: to look into a value that is a mapping or a list, Streamlit loads pandas, with the first page.
    data = {"language": t.code, "frame": frame_colour(), **{word: t(f"lost.{word}") for word in _WORDS}}
    _component(data=data, key="lost-connection")
