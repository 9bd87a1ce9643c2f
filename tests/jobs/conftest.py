"""Homes with a real engine: real Dask workers that train real networks on the bundled digits."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from core.experiment import Dense, Experiment, FirstSplit
from core.settings import Settings
from core.storage import Store, open_store
from tests.jobs.homes import Home


@pytest.fixture(scope="session")
def experiment() -> Experiment:
    """Three epochs of a network as small as can be."""
    return Experiment(
        dataset="digits",
        split=FirstSplit(count=300),
        layers=(Dense(units=8, activation="relu"), Dense(units=10, activation="softmax")),
        epochs=3,
    )


@pytest.fixture(scope="session")
def endless(experiment: Experiment) -> Experiment:
    """More epochs than any test waits for."""
    return experiment.with_changes(
        epochs=1000, batch_size=1, layers=({"kind": "dense", "units": 256}, *experiment.to_dict()["layers"])
    )


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    store = open_store(settings)
    yield store
    store.close()


@pytest.fixture(scope="module")
def new_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Home]]:
    """Makes homes whose engines are ended after the module's last test."""
    homes: list[Home] = []

    def make() -> Home:
        homes.append(Home(tmp_path_factory.mktemp("home")))
        return homes[-1]

    yield make
    for home in homes:
        home.close()
