"""Which epochs of a long run to look at, where looking at each would take too long."""

from __future__ import annotations

from collections.abc import Collection


def epoch_choice(epochs: int, most: int, *, always: Collection[int] = ()) -> tuple[int, ...]:
    """Epochs spread evenly over a run, the first and the last among them; all of them where they are few.

    Args:
        epochs: How many there are; they count from 1.
        most: How many to choose at most, at least 2, those of `always` not counted.
        always: Epochs that must be among them, such as the turning point; others than 1 to `epochs` are passed
            over.

    Returns:
        Epochs in order, each once; empty without epochs.
    """
    if epochs <= most:
        return tuple(range(1, epochs + 1))
    # Rounded in whole numbers, so that the same run gives the same epochs everywhere.
    spread = {1 + (2 * place * (epochs - 1) + most - 1) // (2 * (most - 1)) for place in range(most)}
    return tuple(sorted(spread | {epoch for epoch in always if 1 <= epoch <= epochs}))
