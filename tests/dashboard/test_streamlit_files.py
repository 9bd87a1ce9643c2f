"""Streamlit's scripts and styles come as they are, compressed for whoever takes that, and never anything else."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import streamlit
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard.server import streamlit_files
from dashboard.server.streamlit_files import StreamlitFiles, compress
from tests.dashboard.asgi import answer_of

FOLDER = Path(streamlit.__file__).parent / "static" / "static"
SCRIPT = max((FOLDER / "js").glob("Button.*.js"), key=lambda path: path.stat().st_size)
STYLE = next((FOLDER / "css").glob("*.css"))
FONT = next((FOLDER / "media").glob("*.woff2"))
PASSED_ON = "Streamlit's answer"


@pytest.fixture(autouse=True)
def _nothing_compressed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streamlit_files, "_asked", set())
    monkeypatch.setattr(streamlit_files, "_compressed", {})


def asked(path: str, method: str = "GET", **headers: str) -> tuple[Headers, bytes]:
    """Headers and content of the answer."""

    def streamlits(request: Request) -> Response:
        return PlainTextResponse(PASSED_ON)

    app = Starlette(
        routes=[Route("/{rest:path}", streamlits, methods=["GET", "HEAD", "POST"])],
        middleware=[Middleware(StreamlitFiles)],
    )
    answer = answer_of(app, path, method, **headers)
    return answer.headers, answer.content


def address(path: Path) -> str:
    return f"/static/{path.relative_to(FOLDER).as_posix()}"


@pytest.mark.parametrize(
    ("path", "kind"), [(SCRIPT, "text/javascript"), (STYLE, "text/css"), (FONT, "font/woff2")]
)
def test_files_come_as_they_are_and_may_be_kept(path: Path, kind: str) -> None:
    headers, content = asked(address(path), accept_encoding="gzip, br")
    assert content == path.read_bytes()
    assert headers["content-type"].partition(";")[0] == kind
    assert headers["content-length"] == str(len(content))
    assert "immutable" in headers["cache-control"]
    assert "content-encoding" not in headers


def test_compressed_they_are_the_same_and_smaller() -> None:
    for path in (SCRIPT, STYLE, FONT):
        asked(address(path))
    compress(lambda: True)
    assert len(streamlit_files._compressed) == 2  # what nobody asked for is left alone
    for path in (SCRIPT, STYLE):
        headers, content = asked(address(path), accept_encoding="gzip, deflate, br")
        assert headers["content-encoding"] == "gzip"
        assert headers["vary"] == "accept-encoding"
        assert headers["content-length"] == str(len(content))
        assert len(content) < path.stat().st_size
        assert gzip.decompress(content) == path.read_bytes()
        headers, content = asked(address(path))  # of somebody who does not take it
        assert "content-encoding" not in headers
        assert content == path.read_bytes()
    assert (
        "content-encoding" not in asked(address(FONT), accept_encoding="gzip")[0]
    )  # it is compressed in itself


def test_compressing_ends_when_it_has_to() -> None:
    for path in (FOLDER / "js").glob("B*.js"):
        asked(address(path))
    left = iter([True, True, False])
    compress(lambda: next(left))
    assert len(streamlit_files._compressed) == 2


def test_below_a_base_path(base_path: str) -> None:
    assert asked(f"{base_path}{address(SCRIPT)}")[1] == SCRIPT.read_bytes()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/run",
        "/static/js/no-such.js",
        "/static/js",
        "/static/../index.html",
        "/static/js/../../../__init__.py",
        f"/static/js//{SCRIPT.name}",
        f"/elsewhere{address(SCRIPT)}",
    ],
)
def test_anything_else_is_streamlits_to_answer(path: str) -> None:
    assert asked(path)[1] == PASSED_ON.encode()


def test_so_is_a_part_of_a_file_and_whatever_does_not_get_it() -> None:
    assert asked(address(SCRIPT), range="bytes=0-10")[1] == PASSED_ON.encode()
    assert asked(address(SCRIPT), "POST")[1] == PASSED_ON.encode()
    assert "immutable" not in asked(address(SCRIPT), "HEAD")[0].get("cache-control", "")


def test_a_file_that_went_is_streamlits_to_miss(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    gone = tmp_path / "gone.js"
    monkeypatch.setattr(streamlit_files, "_files", lambda: {"static/js/gone.js": gone})
    gone.write_text("//" * 1000)
    asked("/static/js/gone.js")
    gone.unlink()
    assert asked("/static/js/gone.js")[1] == PASSED_ON.encode()
    compress(lambda: True)
    assert streamlit_files._compressed == {}
