"""The presets in groups, as the first page offers them."""

from __future__ import annotations

from typing import Literal

from core import presets
from core.datasets import entry

Group = Literal["offline", "image", "text"]


def preset_groups() -> dict[Group, tuple[str, ...]]:
    """The names of all presets: first those that need no download, then those on images, then those on texts."""
    groups: dict[Group, list[str]] = {"offline": [], "image": [], "text": []}
    for name in presets.NAMES:
        known = entry(presets.load(name).dataset)
        groups["offline" if known.offline else known.facts.kind].append(name)
    return {group: tuple(names) for group, names in groups.items()}
