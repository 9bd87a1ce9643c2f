"""Keras, kept for good: what a command loads before it trains, and the server that its trainings are forked from."""

from core.lasting import lasting

with lasting():
    import core.training.execute  # noqa: F401
