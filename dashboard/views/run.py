"""What the run page decides: which sentence, which next steps, who may do what. No Streamlit."""

from __future__ import annotations

COMMAND_LINE = "cli"


def may_change(owner: str, viewer: str) -> bool:
    """Whether a browser may stop, rename or delete a run: its own ones, and those of the command line."""
    return owner in (viewer, COMMAND_LINE)
