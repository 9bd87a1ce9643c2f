"""Room on the disk for a training: how much one needs, whether there is so much, and the wait for it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core.analysis.memorization import ANSWERS, MOST_WATCHED
from core.datasets import availability
from core.errors import DiskFullError, JobError
from core.experiment import Experiment, GivenLabels
from core.free_space import MARGIN, megabytes, said, tightest
from core.settings import Settings
from core.storage import Artifacts, Store
from core.training.recorders import MOST_PREDICTED

_ANEW = 30.0  # after so many seconds without a full disk it is another time that it is full

#: Whole networks on the disk at a time: the best, the last, two in a checkpoint, and one that is being written.
_NETWORKS = 5
_RESERVE = "~reserve"  # no artifact can be called so
_RESERVED = 262_144  # bytes
_BLOCK = 4096  # what a file takes at least
_COUNTS = 300  # what is kept of one tensor after one epoch; see `core.analysis.weight_history`
_ROW = 400  # an epoch in the database
_TEXT = 1_300  # a text with its offsets, as word numbers of four bytes


def disk_bytes_needed(experiment: Experiment, settings: Settings | None = None) -> int:
    """How many bytes the training of an experiment will write, about and rather too many.

    With settings, which say where the data are, a copy of them that has still to be made is counted too.
    """
    facts, trace = experiment.facts, experiment.summary
    slots = {"sgd": 1, "rmsprop": 2, "adagrad": 1}.get(experiment.optimizer.kind, 2)
    networks = _NETWORKS * (trace.parameters * 4 * (1 + slots) + 64_000)
    predicted = min(MOST_PREDICTED, experiment.validation_size) * facts.classes * 2
    watched = (
        0 if isinstance(experiment.labels, GivenLabels) else 2 * MOST_WATCHED * ANSWERS.itemsize + _BLOCK
    )
    tensors = 3 * len(experiment.layers)
    an_epoch = (predicted // _BLOCK + 2) * _BLOCK + watched + tensors * _COUNTS + _ROW
    data = 0
    if settings is not None and availability(experiment.dataset, settings).where not in ("bundled", "cache"):
        data = (facts.train_size + facts.test_size) * (math.prod(facts.shape) if facts.shape else _TEXT)
    return networks + experiment.epochs * an_epoch + facts.test_size * facts.classes * 4 + data


def check_disk_space(
    store: Store, experiments: Iterable[Experiment], settings: Settings | None = None
) -> None:
    """Refuse trainings for which there is no room by a JobError ("disk_full_for_run"); settings as above."""
    found = tightest(store.folders)
    if found is None:
        return
    folder, free = found
    needed = MARGIN + sum(disk_bytes_needed(experiment, settings) for experiment in experiments)
    if free < needed:
        raise JobError(
            "disk_full_for_run", folder=str(folder), needed=megabytes(needed), free=megabytes(free)
        )


class RetryingArtifacts(Artifacts):
    """The files of one run under way: what finds no room on the disk is tried again.

    `wait` is called before each further try, and what it raises is raised: a DiskFullError if there is no room for too
    long. Its own files are under its own id, whatever the database says or does; those of others where `training_of`
    finds them.
    """

    def __init__(
        self,
        root: str,
        run: str,
        wait: Callable[[DiskFullError], None],
        training_of: Callable[[str], str] | None = None,
    ) -> None:
        others = training_of or str
        super().__init__(root, lambda one: run if one == run else others(one))
        self._wait = wait
        self._reserve = None if self.folder is None else self.folder / run / _RESERVE

    def save_bytes(self, run: str, name: str, content: bytes) -> None:
        """Keep bytes, as soon as there is room."""
        save = super().save_bytes
        self._patiently(lambda: save(run, name, content))

    def put_file(self, run: str, name: str, local_path: Path) -> None:
        """Keep a copy of a local file, as soon as there is room."""
        put = super().put_file
        self._patiently(lambda: put(run, name, local_path))

    def _patiently(self, write: Callable[[], None]) -> None:
        while True:
            try:
                return write()
            except DiskFullError as error:
                self._wait(error)

    def reserve(self) -> None:
        """Keep a little room on a local disk, so that the end of the run can be written down when it is full.

        DiskFullError if there is not even that.
        """
        if self._reserve is None:
            return
        try:
            self._reserve.parent.mkdir(parents=True, exist_ok=True)
            self._reserve.write_bytes(bytes(_RESERVED))
        except OSError as error:
            self.give_back()
            raise said(error, self._reserve.parent.parent) from error

    def give_back(self) -> None:
        """Give back what was reserved; nothing happens if nothing is."""
        if self._reserve is not None:
            with suppress(OSError):
                self._reserve.unlink(missing_ok=True)


@dataclass
class RetryUntilSpace:
    """Called by whoever has met a full disk, before it tries again: waits a moment.

    The error is raised if the run should stop, or once the disk has been full for `patience` seconds in all.
    """

    should_stop: Callable[[], bool]
    patience: float
    pause: float = 1.0  # seconds between two tries
    _since: float = -_ANEW
    _last: float = -_ANEW

    def __call__(self, error: DiskFullError) -> None:
        """Wait a moment, or raise the error."""
        now = time.monotonic()
        if now - self._last > _ANEW:
            self._since = now
        self._last = now
        if now - self._since >= self.patience or self.should_stop():
            raise error
        time.sleep(self.pause)
