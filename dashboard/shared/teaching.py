"""Who may open a class and teach it."""

from __future__ import annotations

from dashboard.shared.viewer import Viewer


def may_teach(viewer: Viewer) -> bool:
    """Whether a browser may open classes: one on the server's own computer."""
    return viewer.is_here
