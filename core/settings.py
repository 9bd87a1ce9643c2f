"""Where things are and how much may be done: read once from the environment, handed on as a record."""

from __future__ import annotations

import difflib
import logging
import os
import re
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import platformdirs
from annotated_types import Ge, Le
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from core.errors import SettingsError, StorageError
from core.memory import memory
from core.processors import processors

KEEP_RUNS = 5_000
"""How many runs are kept unless the settings say otherwise: some 2 GB of files."""
RUN_MINUTES = 120
"""How many minutes one run that a page asked for may take unless the settings say otherwise."""
MOST_WORKERS = 256
"""How many trainings side by side may be asked for; each is a process of several hundred megabytes."""

_MOST_BY_ITSELF, _MEMORY_EACH = 8, 2 * 10**9

SHORTEST_PASSCODE, LONGEST_PASSCODE = 6, 200
"""How many characters the teacher's passcode has."""

PREFIX = "TURNING_POINT_"
"""What the names of all our variables begin with."""

_log = logging.getLogger(__name__)

_ALIKE = 0.6  # how much of a name must be right for it to be taken for a slip of the keyboard
_WHOLE = re.compile(r"[0-9]{1,12}")
#: As Dask writes an address; the port must be there.
_ADDRESS = re.compile(r"(?:(?:tcp|tls|ucx|ws|wss)://)?(?:\[[0-9A-Fa-f:.%]+\]|[^\s:/\[\]]+):([0-9]{1,5})")
_LABELS = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*"
_ORIGIN = rf"^https?://(?:(?:\*\.)?{_LABELS}|\[[0-9a-f:.]+\])(?::[0-9]{{1,5}})?$"
_NAME = rf"^(?:\*|(?:\*\.)?{_LABELS}|\[?[0-9a-f:.]+\]?)$"
#: Homes that have been there.
_seen: set[Path] = set()


def _folder(received: str | Path) -> Path:
    try:
        return Path(received).expanduser().absolute()
    except RuntimeError as error:  # "~somebody" whom nobody knows
        raise ValueError(str(error)) from error


def _place(received: str) -> str:
    """A folder, or an address for fsspec as it came."""
    address = "://" in received and not Path(received).is_absolute()
    return received if address else str(_folder(received))


def _digits(received: str | int) -> int:
    if isinstance(received, str) and not _WHOLE.fullmatch(received.strip()):
        raise ValueError("not a number in digits")  # of which pydantic takes more kinds than are meant
    return int(received)


def _switch(received: str | bool) -> bool:
    if isinstance(received, str) and received.strip() not in ("0", "1"):
        raise ValueError("neither 0 nor 1")
    return received if isinstance(received, bool) else received.strip() == "1"


def _one_if_small(workers: int, info: ValidationInfo) -> int:
    return 1 if info.data.get("small") else workers


def _address(received: str) -> str:
    port = _ADDRESS.fullmatch(received.strip())
    if port is None or not 0 < int(port[1]) < 2**16:
        raise ValueError("not an address")
    return received.strip()


def _words(ending: str, brackets: str = "") -> Callable[[str | tuple[str, ...]], tuple[str, ...]]:
    def split(received: str | tuple[str, ...]) -> tuple[str, ...]:
        words = received.split() if isinstance(received, str) else received
        return tuple(word.lower().strip(brackets or None).removesuffix(ending) for word in words)

    return split


def _secret(received: str | SecretStr) -> SecretStr:
    """A passcode, in the one way of writing its characters that two keyboards have in common."""
    plain = received.get_secret_value() if isinstance(received, SecretStr) else received
    composed = unicodedata.normalize("NFKC", plain).strip()
    if not SHORTEST_PASSCODE <= len(composed) <= LONGEST_PASSCODE:
        raise ValueError("too short or too long")
    return SecretStr(composed)


def _in_home(name: str) -> Callable[[dict[str, Any]], Path]:
    return lambda known: known.get("home", Path()) / name


def _sqlite(known: dict[str, Any]) -> str:
    """The URL of a SQLite file; characters that mean something in a URL are written so that they do not."""
    # As SQLAlchemy writes it, which most who ask for settings never need.
    return "sqlite:///" + quote(str(_in_home("turning-point.sqlite3")(known)), safe=" +/")


def _workers(processors: int, memory: int | None) -> int:
    """As many as can train at a time: a small network gains nothing from a second processor, a class does."""
    fitting = _MOST_BY_ITSELF if memory is None else round(memory / _MEMORY_EACH)  # of 4 GB 3.8 are there
    return max(1, min(_MOST_BY_ITSELF, processors, fitting))


Folder = Annotated[Path, BeforeValidator(_folder)]
Whole = Annotated[int, BeforeValidator(_digits)]


class Settings(BaseSettings):
    """Folders, addresses and limits: the variable of each is `PREFIX` and its name, as TURNING_POINT_HOME."""

    model_config = SettingsConfigDict(
        frozen=True, env_prefix=PREFIX, env_ignore_empty=True, hide_input_in_errors=True
    )

    home: Folder = Field(
        description="Folder for the database, artifacts and prepared data.",
        default_factory=lambda: Path(platformdirs.user_data_dir("turning-point", appauthor=False)).absolute(),
    )
    datasets: Folder | None = Field(None, description="Extra folder with data files, only read.")
    database: str = Field(description="SQLAlchemy URL.", default_factory=_sqlite)
    artifacts: Annotated[str, BeforeValidator(_place)] = Field(
        description="Where weights and predictions go: a folder or an fsspec URL.",
        default_factory=lambda known: str(_in_home("artifacts")(known)),
    )
    scheduler: Annotated[str, AfterValidator(_address)] | None = Field(
        None, description="Address of an existing Dask scheduler; a local one where none is named."
    )
    small: Annotated[bool, BeforeValidator(_switch)] = Field(
        False,
        description="1 on a computer with little memory: one worker, whatever is said of their number, which is there "
        "when something is to be done and answers questions between trainings.",
    )
    workers: Annotated[Whole, AfterValidator(_one_if_small)] = Field(
        description="How many trainings run side by side on this computer: one for every processor and every 2 GB of "
        "memory, at most eight, where nothing is said.",
        default_factory=lambda: _workers(processors(), memory()),
        ge=1,
        le=MOST_WORKERS,
    )
    keep_runs: Whole = Field(
        KEEP_RUNS, ge=0, le=1_000_000_000, description="How many runs are kept before old ones go; 0 for all."
    )
    run_minutes: Whole | None = Field(
        None,
        ge=0,
        le=1_000_000,
        description="How many minutes one run may take, 0 for any number; where nothing is said, `RUN_MINUTES` for "
        "what a page asked for, and any number for the command line.",
    )
    frames: Annotated[
        tuple[Annotated[str, Field(pattern=_ORIGIN)], ...], NoDecode, BeforeValidator(_words("/"))
    ] = Field((), description="Origins whose pages may show ours in a frame: https://moodle.example.org.")
    hosts: Annotated[
        tuple[Annotated[str, Field(pattern=_NAME)], ...], NoDecode, BeforeValidator(_words(".", "[]"))
    ] = Field(
        (),
        description="Names by which the web server is called beside those it knows; *.example.org is any name below "
        "one, * every name.",
    )
    teacher_passcode: Annotated[SecretStr, BeforeValidator(_secret)] | None = Field(
        None,
        description="What a teacher types to open a class from any computer; without one only the server's own may.",
    )

    data_megabytes: Whole = Field(
        300,
        ge=0,
        le=1_000_000,
        description="How many megabytes of own data each browser may keep; 0 for any number.",
    )

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], *sources: PydanticBaseSettingsSource, **named: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is given: `from_environment` alone reads the environment."""
        return (named["init_settings"],)

    @property
    def page_minutes(self) -> int:
        """How many minutes a run that a page asked for may take; 0 for any number."""
        return RUN_MINUTES if self.run_minutes is None else self.run_minutes

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the variables of the environment; an empty variable is none.

        Raises:
            SettingsError: If one of them cannot be what it says, or one looks like a slip for one of them.
        """
        env = os.environ if environment is None else environment
        _check_names(env)
        source = EnvSettingsSource(cls)
        source.env_vars = {name.lower(): env[name] for name in VARIABLES if env.get(name, "").strip()}
        try:
            return cls(**source())
        except ValidationError as error:
            # Not from this error, which holds the value also where it may be a passcode.
            raise _said(error) from None

    def to_environment(self) -> dict[str, str]:
        """The variables from which `from_environment` reads equal settings, for another process.

        Without the passcode: nobody but the web server itself asks for it, and others may run on another computer.
        """
        return {
            PREFIX + name.upper(): " ".join(value)
            if isinstance(value, tuple)
            else str("" if value is None else int(value) if isinstance(value, bool) else value)
            for name, value in self
            if not isinstance(value, SecretStr)
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


VARIABLES = (*(PREFIX + name.upper() for name in Settings.model_fields), PREFIX + "CHROMIUM")
"""Every variable that means something to this program, wherever it is read; the last one is for the browser tests."""

#: What is said of a field that cannot be what its variable says; of the others that it is not a number.
_SENTENCES = {
    **dict.fromkeys(("home", "datasets", "artifacts"), "variable_no_folder"),
    "scheduler": "variable_no_address",
    "small": "variable_no_switch",
    "frames": "frames_no_origin",
    "hosts": "hosts_no_name",
    "teacher_passcode": "passcode_length",
}
#: Fields whose value no sentence repeats.
_SECRET = ("teacher_passcode",)


def _said(error: ValidationError) -> SettingsError:
    """The first thing that is wrong, in a sentence."""
    first = error.errors()[0]
    name = str(first["loc"][0])
    bounds = {type(bound): bound for bound in Settings.model_fields[name].metadata}
    numbers = {"lowest": bounds[Ge].ge, "highest": bounds[Le].le} if Ge in bounds else {}
    code = _SENTENCES.get(name, "variable_not_a_number")
    if name in _SECRET:
        bounds_said = {"shortest": SHORTEST_PASSCODE, "longest": LONGEST_PASSCODE}
        return SettingsError(code, variable=PREFIX + name.upper(), **bounds_said)
    return SettingsError(
        code, variable=PREFIX + name.upper(), received=str(first["input"]).strip(), **numbers
    )


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
