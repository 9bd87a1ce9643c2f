"""What the first page reads once, read before somebody opens it."""

from __future__ import annotations

from contextlib import suppress

from core import presets
from core.errors import TurningPointError
from dashboard.learn import lesson
from dashboard.shared import services
from dashboard.shared.glossary.marking import mark
from dashboard.shared.language import CODES, language


def make_ready() -> None:
    """Read the storage, the presets and, in all languages, the lessons and the terms."""
    with suppress(TurningPointError):  # the page that needs it says what is wrong
        services.store().summaries(limit=1)
    for name in presets.NAMES:
        presets.load(name)
    for code in CODES:  # which of them a visitor reads is not known yet
        for _ in lesson.steps(code):
            pass
        mark("", language(code), lambda name: False)
