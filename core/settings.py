"""Where things are: read once from the environment, handed on as a record."""

from __future__ import annotations

import difflib
import logging
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from core.errors import SettingsError, StorageError

KEEP_RUNS = 5_000
"""How many runs are kept unless the settings say otherwise: some 2 GB of files."""
RUN_MINUTES = 120
"""How many minutes one run that a page asked for may take unless the settings say otherwise."""
MOST_WORKERS = 256
"""How many trainings side by side may be asked for; each is a process of several hundred megabytes."""

PREFIX = "TURNING_POINT_"
"""What the names of all our variables begin with."""
VARIABLES = tuple(
    PREFIX + name
    for name in (
        "HOME",
        "DATASETS",
        "DATABASE",
        "ARTIFACTS",
        "SCHEDULER",
        "WORKERS",
        "KEEP_RUNS",
        "RUN_MINUTES",
        "FRAMES",  # these two for the web server
        "HOSTS",
        "CHROMIUM",  # for the browser tests
    )
)
"""Every variable that means something to this program, wherever it is read."""

_log = logging.getLogger(__name__)

_MOST_KEPT = 1_000_000_000
_MOST_MINUTES = 1_000_000
_WHOLE = re.compile(r"[0-9]{1,12}")
#: As Dask writes an address; the port must be there.
_ADDRESS = re.compile(r"(?:(?:tcp|tls|ucx|ws|wss)://)?(?:\[[0-9A-Fa-f:.%]+\]|[^\s:/\[\]]+):([0-9]{1,5})")
#: Homes that have been there.
_seen: set[Path] = set()

_ALIKE = 0.6  # how much of a name must be right for it to be taken for a slip of the keyboard


@dataclass(frozen=True)
class Settings:
    """Folders and addresses.

    Attributes:
        home: Folder for the database, artifacts and prepared data.
        datasets: Extra folder with data files, only read; None if none is named.
        database: SQLAlchemy URL.
        artifacts: Where weights and predictions go: a folder or an fsspec URL.
        scheduler: Address of an existing Dask scheduler; None for a local one.
        workers: How many trainings run side by side on this computer.
        keep_runs: How many runs are kept before old ones are deleted; 0 for all. See `Store.expendable`.
        run_minutes: How many minutes one run may take, 0 for any number; None if that is not set, which means
            `RUN_MINUTES` for what a page asked for, and any number for the command line.
    """

    home: Path
    datasets: Path | None
    database: str
    artifacts: str
    scheduler: str | None
    workers: int
    keep_runs: int = KEEP_RUNS
    run_minutes: int | None = None

    @property
    def page_minutes(self) -> int:
        """How many minutes a run that a page asked for may take; 0 for any number."""
        return RUN_MINUTES if self.run_minutes is None else self.run_minutes

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the variables of the environment: `PREFIX` and the name of a field, as TURNING_POINT_HOME.

        Without TURNING_POINT_HOME the user's data folder is used; without TURNING_POINT_WORKERS one
        training for every two processors runs at a time, at most four. An empty variable is none.

        Raises:
            SettingsError: If one of them cannot be what it says, or one looks like a slip for one of them.
        """
        env = os.environ if environment is None else environment
        _check_names(env)
        home = _folder(env, "HOME") or Path(platformdirs.user_data_dir("turning-point", appauthor=False))
        home = home.absolute()
        minutes = _whole(env, "RUN_MINUTES", -1, 0, _MOST_MINUTES)
        default = max(1, min(4, (os.cpu_count() or 1) // 2))
        return cls(
            home=home,
            datasets=_folder(env, "DATASETS"),
            database=env.get(PREFIX + "DATABASE") or _sqlite(home / "turning-point.sqlite3"),
            artifacts=_place(env, "ARTIFACTS") or str(home / "artifacts"),
            scheduler=_address(env, "SCHEDULER"),
            workers=_whole(env, "WORKERS", default, 1, MOST_WORKERS),
            keep_runs=_whole(env, "KEEP_RUNS", KEEP_RUNS, 0, _MOST_KEPT),
            run_minutes=None if minutes < 0 else minutes,
        )

    def to_environment(self) -> dict[str, str]:
        """The variables from which `from_environment` reads equal settings, for another process."""
        return {
            "TURNING_POINT_HOME": str(self.home),
            "TURNING_POINT_DATASETS": str(self.datasets or ""),
            "TURNING_POINT_DATABASE": self.database,
            "TURNING_POINT_ARTIFACTS": self.artifacts,
            "TURNING_POINT_SCHEDULER": self.scheduler or "",
            "TURNING_POINT_WORKERS": str(self.workers),
            "TURNING_POINT_KEEP_RUNS": str(self.keep_runs),
            "TURNING_POINT_RUN_MINUTES": "" if self.run_minutes is None else str(self.run_minutes),
        }

    def make_home(self) -> Path:
        """Create the home folder if it is not there; but once a process has seen it, it is not made anew by it.

        Raises:
            StorageError: If it cannot be created or written ("home_unusable"), or was there and is no longer
                ("home_deleted").
        """
        if self.home in _seen and not self.home.is_dir():
            raise StorageError("home_deleted", folder=str(self.home))
        try:
            self.home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(
                "home_unusable", folder=str(self.home), reason=error.strerror or str(error)
            ) from error
        if not os.access(self.home, os.W_OK):
            raise StorageError("home_unusable", folder=str(self.home), reason="no permission to write")
        _seen.add(self.home)
        return self.home

    def expect_home(self) -> None:
        """Have `make_home` of this process not create the folder: whoever started the process has seen it."""
        _seen.add(self.home)


def _check_names(environment: Mapping[str, str]) -> None:
    """Refuse a variable that is nearly one of ours: what it says would be passed over without a word."""
    for name, value in environment.items():
        if not name.upper().startswith(PREFIX) or name in VARIABLES or not value:
            continue
        ending = name.upper().removeprefix(PREFIX)
        endings = [known.removeprefix(PREFIX) for known in VARIABLES]
        near = difflib.get_close_matches(ending, endings, 1, _ALIKE)
        if near:
            raise SettingsError("variable_unknown", variable=name, known=PREFIX + near[0])
        # Whoever runs containers may have named a service like this program, and so get variables of that name.
        _log.warning("The variable %s means nothing to this program.", name)


def _folder(environment: Mapping[str, str], name: str) -> Path | None:
    """The folder that a variable names."""
    received = environment.get(PREFIX + name)
    if not received:
        return None
    try:
        return Path(received).expanduser().absolute()
    except RuntimeError as error:  # "~somebody" whom nobody knows
        raise SettingsError("variable_no_folder", variable=PREFIX + name, received=received) from error


def _place(environment: Mapping[str, str], name: str) -> str:
    """A folder, or an address as it came; "" if none is named."""
    received = environment.get(PREFIX + name, "")
    if "://" in received and not Path(received).is_absolute():
        return received
    return str(_folder(environment, name) or "")


def _whole(environment: Mapping[str, str], name: str, default: int, lowest: int, highest: int) -> int:
    received = environment.get(PREFIX + name, "").strip()
    if not received:
        return default
    if not _WHOLE.fullmatch(received) or not lowest <= int(received) <= highest:
        raise SettingsError(
            "variable_not_a_number",
            variable=PREFIX + name,
            received=received,
            lowest=lowest,
            highest=highest,
        )
    return int(received)


def _address(environment: Mapping[str, str], name: str) -> str | None:
    received = environment.get(PREFIX + name, "").strip()
    if not received:
        return None
    port = _ADDRESS.fullmatch(received)
    if port is None or not 0 < int(port[1]) < 2**16:
        raise SettingsError("variable_no_address", variable=PREFIX + name, received=received)
    return received


def _sqlite(path: Path) -> str:
    """The URL of a SQLite file; characters that mean something in a URL are written so that they do not."""
    from sqlalchemy.engine import URL  # which most who ask for settings need sooner or later, but not all

    return URL.create("sqlite", database=str(path)).render_as_string(hide_password=False)
