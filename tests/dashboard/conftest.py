"""What the tests of the pages share: a store of their own behind the pages."""

from __future__ import annotations

import functools
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit import config
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner import script_runner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import app_test, local_script_runner

from core.storage import Store
from dashboard.shared import services

_CONFIGURATION = Path(services.__file__).parent.parent / ".streamlit" / "config.toml"


@pytest.fixture(scope="session", autouse=True)
def _components_are_looked_for_once() -> Iterator[None]:
    """AppTest reads the metadata of every installed package at each run, which takes as long as a page."""
    with pytest.MonkeyPatch.context() as patch:
        found = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", found)
        yield


@pytest.fixture(scope="session", autouse=True)
def _scripts_are_compiled_once() -> Iterator[None]:
    """AppTest compiles main script and page anew at each run; and it does not read the dashboard's configuration."""
    compiled = ScriptCache()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app_test, "ScriptCache", lambda: compiled)
        patch.setattr(local_script_runner, "ScriptCache", lambda: compiled)
        configuration = tomllib.loads(_CONFIGURATION.read_text(encoding="utf-8"))
        for section in ("runner", "browser"):
            for name, value in configuration[section].items():
                config.set_option(f"{section}.{name}", value)
        yield


@pytest.fixture(scope="session", autouse=True)
def _keras_is_not_cleared_after_each_page() -> Iterator[None]:
    """Where Keras is loaded, as in a process that trained before, Streamlit collects all garbage after each run.

    The web process never loads it; here it was nine tenths of the time of all page tests.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(script_runner, "_clean_problem_modules", lambda: None)
        yield


@pytest.fixture(autouse=True)
def _services_of_this_test(_own_environment: None) -> Iterator[None]:
    """The pages' store is that of this test's home, and closed with it."""
    services.forget()
    yield
    services.forget()


@pytest.fixture
def store(_services_of_this_test: None) -> Store:
    """The store behind the pages."""
    return services.store()


@pytest.fixture
def base_path() -> Iterator[str]:
    """A server below a path; the path."""
    before = config.get_option("server.baseUrlPath")
    config.set_option("server.baseUrlPath", "/class7/")
    yield "/class7"
    config.set_option("server.baseUrlPath", before)


@pytest.fixture(autouse=True)
def _main_module_of_pytest() -> Iterator[None]:
    """Streamlit puts the page it runs in the place of `__main__`; processes started later would run it again."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main
