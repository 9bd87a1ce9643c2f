"""What the tests of training share."""

from __future__ import annotations

import pytest

from core.datasets import open_dataset, prepare
from core.storage import Artifacts, open_store
from core.training.graphs import KeptGraphs, kept_graphs
from tests.training.recording import Recording


@pytest.fixture
def recording() -> Recording:
    return Recording()


@pytest.fixture
def digits(settings):
    """Prepare the bundled digits for an experiment."""
    dataset = open_dataset("digits", settings)
    return lambda experiment: prepare(experiment, dataset)


@pytest.fixture
def store(settings):
    store = open_store(settings)
    yield store
    store.close()


@pytest.fixture(scope="session")
def kept() -> KeptGraphs:
    """As a worker has them: of trainings of one kind only the first is traced."""
    return kept_graphs()


@pytest.fixture
def artifacts(settings) -> Artifacts:
    return Artifacts(settings.artifacts)
