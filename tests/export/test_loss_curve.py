"""The losses of the exported page stand on the axis of all charts, with marks where first epochs lie above it."""

from __future__ import annotations

import math
import re

from core import presets
from core.export import page
from core.run import Epoch
from tests.analysis.runs import stored


def exported(*losses: float) -> str:
    epochs = [Epoch(at, loss, 0.5, loss, 0.5, 0.001, 0.1) for at, loss in enumerate(losses, start=1)]
    return page(stored("a", presets.load(presets.PLAIN), epochs=tuple(epochs)), "0123456789")


def test_first_epochs_are_marked_with_their_values_where_they_are_cut() -> None:
    text = exported(9.0, 0.8, 0.6, 0.5, 0.55, 0.6, 0.7, 0.8)
    assert "up to epoch 1 losses lie above it" in text
    assert re.findall(r"<title>(epoch 1: [\d.]+)</title>", text) == ["epoch 1: 9.0000"] * 2
    levels = [float(level) for level in re.findall(r'text-anchor="end">([\d.]+)</text>', text)][:5]
    assert (levels[0], max(levels)) == (0, 0.85)
    assert "above it" not in exported(0.9, 0.8, 0.7)


def test_what_is_no_number_is_not_drawn() -> None:
    assert "nan" not in re.findall(r'<path class="train" d="([^"]*)"', exported(0.9, 0.8, math.nan))[0]
