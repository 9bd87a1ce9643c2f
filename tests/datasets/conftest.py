import pytest

from core.datasets import download
from tests.datasets import small_sets
from tests.datasets.server import serving


@pytest.fixture(autouse=True)
def no_outside(monkeypatch, tmp_path):
    """No test reads Keras' own folder of this computer or asks the real server."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(download, "BASE_URL", "http://127.0.0.1:9/")  # nobody listens there


@pytest.fixture
def small(monkeypatch):
    """The catalog with a few samples in each set that is otherwise downloaded."""
    for name, info in small_sets.entries().items():
        monkeypatch.setitem(small_sets.DATASETS, name, info)
    return small_sets


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "folder"


@pytest.fixture
def with_folder(settings, folder):
    """Settings that name a folder with data files."""
    return settings.model_copy(update={"datasets": folder})


@pytest.fixture
def server(monkeypatch):
    """A download server on loopback in place of the real one."""
    with serving() as made:
        monkeypatch.setattr(download, "BASE_URL", f"http://127.0.0.1:{made.server_port}/")
        yield made
