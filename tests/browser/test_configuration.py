"""Whose options hold when the server is started: from any folder ours, unless somebody says otherwise."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.browser.conftest import Open
from tests.browser.server import ROOT, Server

PRIMARY = "rgb(24, 99, 155)"  # theme.light.primaryColor
EVERYWHERE = {"0.0.0.0"}
HERE = {"127.0.0.1"}


def listens_on(server: Server) -> set[str]:
    """The addresses on which the web process listens."""
    connections = psutil.Process(server.pid).net_connections(kind="tcp")
    return {one.laddr.ip for one in connections if one.status == psutil.CONN_LISTEN}


def primary_colour(server: Server, open_page: Open) -> str:
    """The colour of the button that trains, as a browser works it out."""
    button = open_page("/", on=server).get_by_test_id("stBaseButton-primary").first
    button.wait_for()
    return str(button.evaluate("button => getComputedStyle(button).backgroundColor"))


def own_file(folder: Path, *lines: str) -> Path:
    """A user's config.toml below a folder, and that folder."""
    file = folder / ".streamlit" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.mark.slow
def test_from_the_root_of_the_disk_only_this_computer_reaches_it_and_the_theme_is_ours(
    tmp_path: Path, open_page: Open
) -> None:
    server = Server(tmp_path / "home", {"HOME": str(tmp_path)}, folder=Path("/"))
    try:
        assert listens_on(server) == HERE
        assert primary_colour(server, open_page) == PRIMARY
    finally:
        server.stop()


@pytest.mark.slow
@pytest.mark.parametrize(
    "folder", [ROOT, ROOT / "dashboard", None], ids=["project", "dashboard", "elsewhere"]
)
def test_from_any_folder_only_this_computer_reaches_it(folder: Path | None, tmp_path: Path) -> None:
    server = Server(tmp_path / "home", {"HOME": str(tmp_path)}, folder=folder or tmp_path)
    try:
        assert listens_on(server) == HERE
    finally:
        server.stop()


@pytest.mark.slow
@pytest.mark.parametrize("said", ["option", "environment", "file at home", "file in the folder"])
def test_whoever_names_an_address_is_heard(said: str, tmp_path: Path) -> None:
    environment, options = {"HOME": str(tmp_path)}, []
    if said == "option":
        options = ["--server.address=0.0.0.0"]
    elif said == "environment":
        environment["STREAMLIT_SERVER_ADDRESS"] = "0.0.0.0"
    folder = tmp_path / "lesson"
    folder.mkdir()
    if said.startswith("file"):
        own_file(tmp_path if said == "file at home" else folder, "[server]", 'address = "0.0.0.0"')
    server = Server(tmp_path / "home", environment, folder=folder, options=options)
    try:
        assert listens_on(server) == EVERYWHERE
    finally:
        server.stop()


def test_a_server_that_is_not_streamlits_own_has_our_options_too(tmp_path: Path) -> None:
    read = (
        "import dashboard.app; from streamlit import config;"
        "print(*map(config.get_option, ['client.showErrorDetails', 'theme.light.primaryColor']))"
    )
    environment = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    told = subprocess.run(
        [sys.executable, "-c", read],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == ["none", "#18639b"]


@pytest.mark.slow
def test_an_option_goes_before_a_users_file_and_a_users_file_before_ours(
    tmp_path: Path, open_page: Open
) -> None:
    own_file(tmp_path, "[server]", 'address = "0.0.0.0"', "[theme.light]", 'primaryColor = "#aa0000"')
    options = ["--server.address=127.0.0.1"]
    server = Server(tmp_path / "home", {"HOME": str(tmp_path)}, folder=tmp_path, options=options)
    try:
        assert listens_on(server) == HERE
        assert primary_colour(server, open_page) == "rgb(170, 0, 0)"
    finally:
        server.stop()
