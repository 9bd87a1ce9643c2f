"""The store and the artifacts as pages get them: without what is covered or sealed. No Streamlit.

This is the one place where it is taken out. Pages open neither by themselves; `tests/test_architecture.py` sees to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Unpack

from core.disclosure import all_disclosed
from core.errors import ArtifactMissingError
from core.run import Epoch, Run, RunSummary
from core.settings import Settings
from core.storage import Artifacts, Store
from core.storage.runs import RunFilter
from core.training import artifact_names


class DisclosedStore(Store):
    """A store whose runs hold only what may be seen; whoever trains asks it for `undisclosed` ones."""

    def get_many(self, runs: Sequence[str]) -> list[Run]:
        """As of the store, disclosed; `get` follows from it."""
        return all_disclosed(super().get_many(runs))

    def summaries(
        self, *, limit: int = 200, offset: int = 0, **chosen: Unpack[RunFilter]
    ) -> list[RunSummary]:
        """As of the store, disclosed."""
        return all_disclosed(super().summaries(limit=limit, offset=offset, **chosen))

    def newest_runs(self, classroom: str) -> list[RunSummary]:
        """As of the store, disclosed."""
        return all_disclosed(super().newest_runs(classroom))

    def epochs_since(self, run: str, number: int) -> tuple[Epoch, ...]:
        """As of the store, disclosed."""
        return tuple(epoch for epoch in self.get(run).epochs if epoch.number > number)


class DisclosedArtifacts(Artifacts):
    """Artifacts of which the files are missing that tell what is covered or sealed, as `Covers.hides` says."""

    def __init__(
        self,
        root: str,
        hides: Callable[[str], tuple[bool, bool]],
        training_of: Callable[[str], str] | None = None,
    ) -> None:
        super().__init__(root, training_of)
        self._hides = hides
        #: Runs of which nothing is hidden: that stays so.
        self._open: set[str] = set()

    def load_bytes(self, run: str, name: str) -> bytes:
        """As of all artifacts; `ArtifactMissingError` ("artifact_covered") for what is hidden.

        Of a covered run also for its networks: whoever has one can ask it what is covered.
        """
        self._check(run, name)
        if name in (artifact_names.LAST, artifact_names.BEST) and self._hides(run)[0]:
            raise ArtifactMissingError("artifact_covered", run=run, name=name)
        return super().load_bytes(run, name)

    @contextmanager
    def fetch_file(self, run: str, name: str) -> Iterator[Path]:
        """The same."""
        self._check(run, name)
        with super().fetch_file(run, name) as path:
            yield path

    def version(self, run: str, name: str) -> str:
        """The same."""
        self._check(run, name)
        return super().version(run, name)

    def exists(self, run: str, name: str) -> bool:
        """Whether there is a file of this name that may be seen."""
        return not self._is_hidden(run, name) and super().exists(run, name)

    def names(self, run: str) -> list[str]:
        """The names of all files that may be seen."""
        return [name for name in super().names(run) if not self._is_hidden(run, name)]

    def _check(self, run: str, name: str) -> None:
        if self._is_hidden(run, name):
            raise ArtifactMissingError("artifact_covered", run=run, name=name)

    def _is_hidden(self, run: str, name: str) -> bool:
        # A run that does not hide this kind of file is not asked about: only some files ever are hidden.
        if run in self._open or not artifact_names.is_hidden(name, covered=True, sealed=True):
            return False
        covered, sealed = self._hides(run)
        if not covered and not sealed:
            self._open.add(run)
        return artifact_names.is_hidden(name, covered=covered, sealed=sealed)


def open_disclosed_store(settings: Settings) -> Store:
    """As `core.storage.open_store`, disclosed; it raises the same."""
    settings.make_home()
    store = DisclosedStore(settings.database, Artifacts(settings.artifacts))
    store.artifacts = DisclosedArtifacts(settings.artifacts, store.hides, store.training_of)
    return store
