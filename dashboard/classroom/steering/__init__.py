"""The teacher's controls of a class: pause, pace, what is fixed, caps, and the runs of all."""

from __future__ import annotations

from dashboard.classroom.steering.panel import show_pause, show_steering

__all__ = ["show_pause", "show_steering"]
