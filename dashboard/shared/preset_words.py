"""What presets are called: those that are shipped, and the one with which one begins on an own data set."""

from __future__ import annotations

from collections.abc import Callable

from core.catalog import dataset_info, is_own
from dashboard.shared.language import Language


def preset_title(name: str, t: Language, called: Callable[[str], str] | None = None) -> str:
    """The title of a preset, or of the beginning of the own data set of this name.

    `called` says what an own set is called among others (`dashboard.shared.offered_sets.set_words`).
    """
    if not is_own(name):
        return t(f"preset.{name}.title")
    return t("preset.own.title", dataset=called(name) if called is not None else t(f"option.dataset.{name}"))


def preset_about(name: str, t: Language) -> str:
    """What to know of it, in a sentence or two."""
    if not is_own(name):
        return t(f"preset.{name}.about")
    info = dataset_info(name)
    return t(f"preset.own.about.{'colour' if info.channels > 1 else info.kind}")
