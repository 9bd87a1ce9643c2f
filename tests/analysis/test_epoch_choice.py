"""The chosen epochs are spread evenly and hold what they must."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from core.analysis.curves import epoch_choice


def test_few_epochs_are_all_chosen() -> None:
    assert epoch_choice(0, 5) == ()
    assert epoch_choice(5, 5, always=(2,)) == (1, 2, 3, 4, 5)


def test_many_are_thinned_out() -> None:
    assert epoch_choice(9, 5) == (1, 3, 5, 7, 9)
    assert epoch_choice(9, 5, always=(4, 99)) == (1, 3, 4, 5, 7, 9)


@given(st.integers(0, 1_000), st.integers(2, 80), st.sets(st.integers(1, 1_000), max_size=3))
def test_they_are_even_and_within_bounds(epochs: int, most: int, always: set[int]) -> None:
    found = epoch_choice(epochs, most, always=always)
    assert list(found) == sorted(set(found))
    assert len(found) <= most + len(always)
    assert {epoch for epoch in always if epoch <= epochs} <= set(found)
    if epochs:
        assert (found[0], found[-1]) == (1, epochs)
    even = epoch_choice(epochs, most)
    assert len(even) == min(epochs, most)
    steps = [after - before for before, after in pairwise(even)]
    assert not steps or max(steps) - min(steps) <= 1
