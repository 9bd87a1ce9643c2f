"""How long a run will wait is said from what is before it, and not where it cannot be known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.experiment import Experiment
from core.run import Progress
from core.storage import Store
from core.storage.waiting import RENEWAL, Ahead, left

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("under_way", "waiting", "workers", "seconds"),
    [
        ((), (), 1, 0.0),
        ((), (5.0,), 2, 0.0),
        ((4.0,), (), 1, 4.0 + RENEWAL),
        ((4.0,), (5.0, 6.0), 1, 15.0 + 3 * RENEWAL),
        ((4.0, 9.0), (5.0,), 2, 9.0 + RENEWAL),
        ((4.0, 9.0), (20.0, 1.0), 2, 10.0 + 2 * RENEWAL),
        ((1.0, 5.0, 7.0), (), 2, 5.0 + RENEWAL),  # one more than there are workers now
        ((None,), (), 1, None),
        ((4.0,), (None,), 1, None),
        ((4.0,), (), 0, None),
    ],
)
def test_runs_begin_as_workers_become_free(
    under_way: tuple[float | None, ...],
    waiting: tuple[float | None, ...],
    workers: int,
    seconds: float | None,
) -> None:
    assert Ahead(under_way, waiting).starts_in(workers) == seconds


def test_what_a_training_says_itself_counts_more_than_what_was_expected() -> None:
    started = NOW - timedelta(seconds=30)
    assert left(50.0, started, None, NOW) == 20.0
    assert left(50.0, started, {"eta_seconds": 3.5}, NOW) == 3.5
    assert left(20.0, started, {"eta_seconds": None}, NOW) is None
    assert left(None, started, None, NOW) is None


def test_the_store_knows_what_is_before_a_run(store: Store, experiment: Experiment) -> None:
    busy = store.add(experiment, owner="a", expected=100.0)
    store.claim("w")
    store.record_progress(busy, Progress("training", 1, 3, eta_seconds=8.0))
    store.add(experiment, owner="x", worker="cli:host:7")  # takes no worker
    second = store.add(experiment.with_changes(seed=4), owner="b", expected=2.0)
    longer = store.add(experiment.with_changes(seed=5), owner="c", expected=7.0)
    assert store.ahead(second) == Ahead((8.0,), ())
    assert store.ahead(longer) == Ahead((8.0,), (2.0,))
    assert store.ahead() == Ahead((8.0,), (2.0, 7.0))
    assert store.ahead(longer).starts_in(1) == 10.0 + 2 * RENEWAL
