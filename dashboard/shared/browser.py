"""What browsers fetch from this server beside pages: components of our own, runs as JSON, the drawing library.

Addresses are below the path that the server was told to live under.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit import config


def register(folder: Path, *, parts: Sequence[str] = (), **options: Any) -> Any:
    """The component whose HTML, CSS and JavaScript stand in a folder, each under the folder's name.

    `parts` are further files of JavaScript in it, which come before; `options` are what
    `st.components.v2.component` takes besides.
    """

    def read(ending: str, name: str = folder.name) -> str:
        # Streamlit takes text without an inner line break for a file path; all three have some.
        return (folder / f"{name}.{ending}").read_text(encoding="utf-8")

    script = "\n".join(read("js", name) for name in (*parts, folder.name))

    return st.components.v2.component(
        f"turning_point_{folder.name}", html=read("html"), css=read("css"), js=script, **options
    )


#: Where the browser finds a run as JSON, below the base path; `{id}` is the run.
RUN = "api/runs/{id}"
#: Where it finds the words of the glossary in a language.
GLOSSARY = "api/glossary/{code}"
#: Where it finds the drawing library. The version in the name lets the browser keep the file for ever.
PLOTLY = f"api/plotly-{version('plotly')}.min.js"


def base() -> str:
    """The path all addresses begin with: "/" or "/class7/", as `server.baseUrlPath` says."""
    prefix = str(config.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{prefix}/" if prefix else "/"
