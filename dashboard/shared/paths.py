"""Addresses of our own beside Streamlit's, below the path the server was told to live under."""

from __future__ import annotations

from importlib.metadata import version

from streamlit import config

#: Where the browser finds a run as JSON, below the base path; `{id}` is the run.
RUN = "api/runs/{id}"
#: Where it finds the drawing library. The version in the name lets the browser keep the file for ever.
PLOTLY = f"api/plotly-{version('plotly')}.min.js"


def base() -> str:
    """The path all addresses begin with: "/" or "/class7/", as `server.baseUrlPath` says."""
    prefix = str(config.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{prefix}/" if prefix else "/"
