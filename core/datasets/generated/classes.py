"""What must be known of the generated sets without their grammars, which take their time to load."""

from __future__ import annotations

#: Counts up with each change of the texts, so that a copy kept of older ones is known to be old.
VERSION = 1

CLASS_NAMES: dict[str, tuple[str, ...]] = {
    "mini_reviews": ("negative", "positive"),
    "mini_newswires": (
        "harvest",
        "shipping",
        "energy",
        "results",
        "takeovers",
        "banking",
        "trade",
        "metals",
        "jobs",
        "weather",
    ),
}
"""What the classes are called in English, by class; the data sets that can be generated are its keys."""
