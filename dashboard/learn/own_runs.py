"""The runs that a lesson names: the reader's own, by the step they were begun in, and recorded ones. No Streamlit."""

from __future__ import annotations

from collections.abc import Sequence

from core.errors import UnknownRunError
from core.run import Run
from core.storage import Store
from core.study import Study
from dashboard.learn.parts import OWN

#: So many of the newest runs of a step are looked at.
_MOST = 8


class OwnRuns:
    """What a reader has trained in the steps of a lesson; it is read once for each step."""

    def __init__(self, store: Store, owner: str, lesson: str) -> None:
        self._store, self._owner, self._lesson = store, owner, lesson
        self._known: dict[str, Sequence[Run]] = {}

    def full(self, step: str) -> str:
        """A step of this or another lesson as "LESSON.STEP"."""
        return step if "." in step else f"{self._lesson}.{step}"

    def of(self, step: str) -> Sequence[Run]:
        """The runs that were begun in a step, newest first; `StorageError` if storage does not answer."""
        place = self.full(step)
        if place not in self._known:
            found = self._store.summaries(owner=self._owner, lesson=place, limit=_MOST)
            runs = {run.id: run for run in self._store.get_many([one.id for one in found])}
            self._known[place] = [runs[one.id] for one in found if one.id in runs]
        return self._known[place]

    def named(self, name: str) -> Run | None:
        """The run that a lesson file names: the newest own one of a step, or a recorded one; None if there is none."""
        if name.startswith(OWN):
            return next((run for run in self.of(name.removeprefix(OWN)) if run.epochs), None)
        try:
            return self._store.get(name)
        except UnknownRunError:
            return None

    def studies(self) -> Sequence[tuple[Study, Sequence[Run]]]:
        """The reader's newest studies with their runs."""
        found = self._store.studies(owner=self._owner, limit=_MOST)
        return [(study, self._store.get_many([run for run in study.runs if run])) for study in found]
