"""One laboratory for all tests of the lessons."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lessons.lab import Lab, a_lab, home_of_all


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    yield from a_lab(home_of_all(tmp_path_factory, "lab"))
