"""What browsers fetch from this server beside pages: components of our own, runs as JSON, the drawing library.

Addresses are below the path that the server was told to live under.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit import config

_STATIC = Path(__file__).parent / "static"
_SHARED = (_STATIC / "from_server.js", _STATIC / "scale_switch.js")


def sources(folder: Path) -> dict[str, str]:
    """The HTML, CSS and JavaScript of the component in a folder, each under the folder's name.

    Further files of JavaScript in it come before that one, as if they were its beginning, and before them all what
    components share; likewise of styles.
    """
    own = folder / f"{folder.name}.js"
    others = sorted(set(folder.glob("*.js")) - {own})
    style = (_STATIC / "component.css", folder / f"{folder.name}.css")
    return {
        "html": (folder / f"{folder.name}.html").read_text("utf-8"),
        "css": "\n".join(file.read_text("utf-8") for file in style),
        "js": "\n".join(file.read_text("utf-8") for file in (*_SHARED, *others, own)),
    }


def register(folder: Path, **options: Any) -> Any:
    """The component of a folder; `options` are what `st.components.v2.component` takes besides."""
    # Streamlit takes text without an inner line break for a file path; all three have some.
    found = sources(folder)
    return st.components.v2.component(
        f"turning_point_{folder.name}", html=found["html"], css=found["css"], js=found["js"], **options
    )


#: Where the browser finds a run as JSON, below the base path; `{id}` is the run.
RUN = "api/runs/{id}"
#: Where it finds what has changed for it in its class; `{code}` is the class.
CLASS_STAMP = "api/classes/{code}/stamp"
#: Where a teacher's browser finds the board of a class.
CLASS_BOARD = "api/classes/{code}/board"
#: The short link of a class; it leads to its page.
CLASS_LINK = "c/{code}"
#: Where it finds the words of the glossary in a language.
GLOSSARY = "api/glossary/{code}"
#: Where it finds the drawing library. The version in the name lets the browser keep the file for ever.
PLOTLY = f"api/plotly-{version('plotly')}.min.js"


def base() -> str:
    """The path all addresses begin with: "/" or "/class7/", as `server.baseUrlPath` says."""
    prefix = str(config.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{prefix}/" if prefix else "/"
