"""Whose options hold: those of the command line and the environment, then the user's own files, then ours.

Ours stand in `dashboard/.streamlit/config.toml`, which Streamlit finds from any folder because it lies beside the
script. It would let them go before what users wrote into a config.toml in their home or in the current folder;
here those are put back in front.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil
from streamlit import config

OURS = Path(__file__).parent.parent / ".streamlit" / "config.toml"
_ADDRESS, _ADDRESS_VARIABLE = "server.address", "STREAMLIT_SERVER_ADDRESS"


def let_users_decide() -> None:
    """Put the options of the user's own files in front of ours, now and whenever a file is read again."""
    if config._main_script_path is None:  # another server than Streamlit's own has imported `dashboard.app`
        config._main_script_path = str(OURS.parent.parent / "app.py")
    _prefer_users()
    config.on_config_parsed(_prefer_users, force_connect=True)
    _listen_where_users_say()


def _prefer_users() -> None:
    for file in config.get_config_files("config.toml"):
        if Path(file).resolve() != OURS.resolve():
            for option, value in _options(_read(Path(file)), ""):
                if option in config.get_config_options() and _is_ours(option):
                    config.set_option(option, _with_environment(value), file)


def _is_ours(option: str) -> bool:
    """Whether an option is as it is because of us, or because of a user's file that this loop has read before."""
    return config.get_where_defined(option) in config.get_config_files("config.toml")


def _read(file: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}  # Streamlit has read it before and told what is wrong


def _options(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    """Every option below a table by its dotted name, as "theme.dark.textColor"."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _options(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _with_environment(value: Any) -> Any:
    """A value written as "env:NAME" stands in the environment."""
    if isinstance(value, str) and value.startswith("env:"):
        return os.environ.get(value.removeprefix("env:"), value)
    return value


def _listen_where_users_say() -> None:
    """Begin anew if a user's file names another address than the one Streamlit has bound already.

    It binds before it reads `app.py`. The same command again, with the address in the environment, binds the right
    one; a server that is not Streamlit's own has an address of its own.
    """
    address, before = config.get_option(_ADDRESS), _read(OURS)["server"]["address"]
    if (
        address
        and address != before
        and config.get_where_defined(_ADDRESS) in config.get_config_files("config.toml")
        and config._server_mode == "starlette-app"
        and _ADDRESS_VARIABLE not in os.environ
    ):
        for connection in psutil.Process().net_connections(kind="tcp"):
            if connection.status == psutil.CONN_LISTEN:
                os.close(connection.fd)
        os.environ[_ADDRESS_VARIABLE] = str(address)
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - our own command, as it came
