"""What presets are called: those that are shipped, and the one with which one begins on an own data set."""

from __future__ import annotations

from core.catalog import dataset_info, is_own
from dashboard.shared.language import Language


def preset_title(name: str, t: Language) -> str:
    """The title of a preset, or of the beginning of the own data set of this name."""
    return (
        t("preset.own.title", dataset=t(f"option.dataset.{name}"))
        if is_own(name)
        else t(f"preset.{name}.title")
    )


def preset_about(name: str, t: Language) -> str:
    """What to know of it, in a sentence or two."""
    if not is_own(name):
        return t(f"preset.{name}.about")
    info = dataset_info(name)
    return t(f"preset.own.about.{'colour' if info.channels > 1 else info.kind}")
