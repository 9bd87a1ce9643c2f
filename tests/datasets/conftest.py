import dataclasses
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from core.datasets import download
from tests.datasets import small_sets


@pytest.fixture(autouse=True)
def no_outside(monkeypatch, tmp_path):
    """No test reads Keras' own folder of this computer or asks the real server."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(download, "BASE_URL", "http://127.0.0.1:9/")  # nobody listens there


@pytest.fixture
def small(monkeypatch):
    """The catalog with MNIST and Fashion-MNIST of a few samples."""
    monkeypatch.setattr(small_sets.CATALOG, "_CATALOG", small_sets.entries())
    return small_sets


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "folder"


@pytest.fixture
def with_folder(settings, folder):
    """Settings that name a folder with data files."""
    return dataclasses.replace(settings, datasets=folder)


class Server(ThreadingHTTPServer):
    """Serves bytes by name; counts requests; can break off."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files = {}
        self.asked = []
        self.cut = None


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path.lstrip("/")
        self.server.asked.append(name)
        data = self.server.files.get(name)
        if data is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[: self.server.cut])

    def log_message(self, *args):
        pass


@pytest.fixture
def server(monkeypatch):
    """A download server on loopback in place of the real one."""
    with Server() as made:
        threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True).start()
        monkeypatch.setattr(download, "BASE_URL", f"http://127.0.0.1:{made.server_port}/")
        yield made
        made.shutdown()
