"""What the tests of the pages share: a store of their own behind the pages."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from dashboard import services


@pytest.fixture(autouse=True)
def _services_of_this_test(_own_environment: None) -> Iterator[None]:
    """The pages' store is that of this test's home, and closed with it."""
    services.forget()
    yield
    services.forget()


@pytest.fixture(autouse=True)
def _main_module_of_pytest() -> Iterator[None]:
    """Streamlit puts the page it runs in the place of `__main__`; processes started later would run it again."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main
