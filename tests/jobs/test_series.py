"""Runs of small networks go to one process one after the other; every other run gets one of its own."""

from __future__ import annotations

import psutil
import pytest

from core.errors import DatabaseAwayError
from core.experiment import Experiment
from core.jobs import series
from core.jobs.series import SeriesDispatcher
from core.run import RunState
from tests.jobs import stand_in, test_dispatcher
from tests.jobs.test_dispatcher import Around, Play, play  # noqa: F401

PLAIN = Experiment.from_dict(
    {
        "dataset": "digits",
        "split": {"kind": "fraction", "fraction": 0.2},
        "layers": [{"kind": "dense", "units": 10, "activation": "softmax"}],
        "loss": "categorical_crossentropy",
    }
)
ALONE = PLAIN.with_changes(batch_size=1)  # so many steps are translated by XLA


@pytest.fixture(autouse=True)
def _in_series(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test_dispatcher, "Dispatcher", SeriesDispatcher)


async def played(around: Around, *experiments: Experiment) -> tuple[list[str], list[int]]:
    """Submit runs at once, let them end; they and in which process each was, counted from 0."""
    await around.start_worker()
    around.dispatch()
    runs = [around.store.add(experiment, owner="ann") for experiment in experiments]
    await around.begun(runs[0])
    around.tell(stand_in.GO)
    for run in runs:
        assert await around.over(run) is RunState.FINISHED
    return runs, in_processes(around, runs)


def in_processes(around: Around, runs: list[str]) -> list[int]:
    pids = [around.store.get(run).environment["pid"] for run in runs]
    order = list(dict.fromkeys(pids))
    return [order.index(pid) for pid in pids]


def test_those_that_wait_when_a_small_one_ends_get_its_process(play: Play) -> None:  # noqa: F811
    async def scene(around: Around) -> None:
        seeds = [PLAIN.with_changes(seed=seed) for seed in range(3)]
        runs, processes = await played(around, *seeds, ALONE, PLAIN)
        assert processes == [0, 0, 0, 1, 2]
        last = around.store.get(runs[-1]).environment["pid"]
        await around.until(lambda: not psutil.pid_exists(last))  # nobody waited, so its process has ended
        later = around.store.add(PLAIN, owner="ben")
        assert await around.over(later) is RunState.FINISHED
        assert in_processes(around, [*runs, later])[-1] == 3

    play(scene)


def test_a_process_has_not_more_than_so_many(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(series, "MOST", 2)

    async def scene(around: Around) -> None:
        _, processes = await played(around, *[PLAIN] * 5)
        assert processes == [0, 0, 1, 1, 2]

    play(scene)


def test_a_process_has_not_more_than_so_many_kinds(
    play: Play,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(series, "MOST_KINDS", 2)

    async def scene(around: Around) -> None:
        one, two, three = (PLAIN.with_changes(optimizer={"kind": kind}) for kind in ("adam", "nadam", "sgd"))
        _, processes = await played(around, one, two, two, three, three, one)
        assert processes == [0, 0, 0, 1, 1, 1]

    play(scene)


def test_after_one_that_failed_comes_another_process(play: Play) -> None:  # noqa: F811
    async def scene(around: Around) -> None:
        await around.start_worker()
        around.dispatch()
        first, second = (around.store.add(PLAIN, owner="ann") for _ in range(2))
        await around.begun(first)
        around.tell(f"{stand_in.FAIL}-{first}")
        await around.begun(second)
        around.tell(stand_in.GO)
        assert await around.over(second) is RunState.FINISHED
        assert around.store.get(first).state is RunState.FAILED
        assert in_processes(around, [first, second]) == [0, 1]

    play(scene)


def test_one_that_overtook_and_needs_a_process_of_its_own_gets_the_next_process(
    play: Play,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(series, "_may_follow", lambda store, job: True)

    async def scene(around: Around) -> None:
        _, processes = await played(around, PLAIN, ALONE, PLAIN)
        assert processes == [0, 1, 2]

    play(scene)


def test_a_claim_whose_answer_was_lost_is_asked_for_again(
    play: Play,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real, lost = SeriesDispatcher._claim, list[str | None]()

    async def loses_the_second(self: SeriesDispatcher, address: str) -> str | None:
        if lost or self._jobs.get(address) is None:
            return await real(self, address)
        lost.append(self._store.claim(self._name + address))
        self._unheard.add(address)
        raise DatabaseAwayError("database_away", name="it", reason="a test")

    monkeypatch.setattr(SeriesDispatcher, "_claim", loses_the_second)

    async def scene(around: Around) -> None:
        runs, processes = await played(around, *[PLAIN] * 3)
        assert lost == [runs[1]]
        assert processes == [0, 0, 0]

    play(scene)


def test_one_whose_process_dies_before_it_has_begun_gets_the_next(play: Play) -> None:  # noqa: F811
    async def scene(around: Around) -> None:
        await around.start_worker()
        around.dispatch()
        runs = [around.store.add(PLAIN, owner="ann") for _ in range(3)]
        await around.begun(runs[0])
        around.tell(stand_in.EARLY)
        around.tell(stand_in.GO)
        for run in runs:
            assert await around.over(run) is RunState.FINISHED
        assert 0 not in in_processes(around, runs)[1:]

    play(scene)
