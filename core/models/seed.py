"""Random numbers that only the experiment's seed decides, whatever else the process does."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager

import keras
from keras.src.random import seed_generator

logger = logging.getLogger(__name__)


@contextmanager
def own_randomness(seed: int) -> Iterator[None]:
    """Give layers made inside the seeds they would have after `keras.utils.set_random_seed(seed)`.

    Keras draws the seed of each layer from Python's global `random`. Any other thread of the process that
    draws from it (a job system's event loop does) would shift them, so Keras gets a generator of its own.
    If a later Keras draws otherwise, this says so in the log and seeds the global generators instead.
    """
    if getattr(seed_generator, "python_random", None) is not random:
        logger.error(
            "Keras %s takes its seeds from another place than expected; other threads that draw random "
            "numbers may now change results.",
            keras.__version__,
        )
        keras.utils.set_random_seed(seed)
        yield
        return
    seed_generator.python_random = random.Random(seed)  # noqa: S311 - not for secrets
    try:
        yield
    finally:
        seed_generator.python_random = random
