"""Where things are: read once from the environment, handed on as a record."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from core.errors import StorageError

KEEP_RUNS = 5_000
"""How many runs are kept unless the settings say otherwise: some 2 GB of files."""


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
        keep_runs: How many runs are kept before old ones are deleted; 0 for all. See `core.storage.retention`.
    """

    home: Path
    datasets: Path | None
    database: str
    artifacts: str
    scheduler: str | None
    workers: int
    keep_runs: int = KEEP_RUNS

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read TURNING_POINT_HOME, _DATASETS, _DATABASE, _ARTIFACTS, _SCHEDULER, _WORKERS and _KEEP_RUNS.

        Without TURNING_POINT_HOME the user's data folder is used; without TURNING_POINT_WORKERS one
        training for every two processors runs at a time, at most four.
        """
        env = os.environ if environment is None else environment
        home = Path(
            env.get("TURNING_POINT_HOME") or platformdirs.user_data_dir("turning-point", appauthor=False)
        )
        home = home.expanduser().absolute()
        folder = env.get("TURNING_POINT_DATASETS")
        workers = env.get("TURNING_POINT_WORKERS", "")
        keep = env.get("TURNING_POINT_KEEP_RUNS", "")
        return cls(
            home=home,
            datasets=Path(folder).expanduser().absolute() if folder else None,
            database=env.get("TURNING_POINT_DATABASE") or f"sqlite:///{home / 'turning-point.sqlite3'}",
            artifacts=env.get("TURNING_POINT_ARTIFACTS") or str(home / "artifacts"),
            scheduler=env.get("TURNING_POINT_SCHEDULER") or None,
            workers=int(workers)
            if workers.isdigit() and int(workers)
            else max(1, min(4, (os.cpu_count() or 1) // 2)),
            keep_runs=int(keep) if keep.isdigit() else KEEP_RUNS,
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
        }

    def make_home(self) -> Path:
        """Create the home folder if it is not there.

        Raises:
            StorageError: If it cannot be created or written.
        """
        try:
            self.home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(
                "home_unusable", folder=str(self.home), reason=error.strerror or str(error)
            ) from error
        if not os.access(self.home, os.W_OK):
            raise StorageError("home_unusable", folder=str(self.home), reason="no permission to write")
        return self.home
