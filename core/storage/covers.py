"""What is covered until it was predicted, and sealed until it is opened; see `core.disclosure` for what that hides."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Row, select, update

from core.catalog import dataset_info
from core.catalog.own import same_test
from core.disclosure import epochs_in_sight
from core.errors import RunError, UnknownRunError
from core.run import Opening, Prediction
from core.storage.database import Database
from core.storage.records import experiment_of, is_run, now, plain_record, storable
from core.storage.tables import RunRow

MOST_POINTS = 400
"""Of a sketched curve."""
HIGHEST_LOSS = 1e6
"""That can be sketched."""


class Covers(Database):
    """Predicting, showing and opening, by the owner of a run only; see `Store` for what holds of all methods.

    Each raises a RunError ("run_not_owner") for anybody else.
    """

    def predict(
        self, run: str, epoch: int, sketch: Sequence[tuple[float, float]] = (), *, owner: str
    ) -> Prediction:
        """Keep what its owner says of a covered run, and lift the cover, both at once; return what was kept.

        Args:
            run: Waits, learns or is over.
            epoch: In which the validation loss will be lowest, from 1 to the planned epochs.
            sketch: The curve as it was drawn, (epoch, loss) from left to right; () for none.
            owner: Who predicts.

        Raises:
            RunError: If the run is not covered, or not any more ("run_not_covered"), if there is no such epoch
                ("prediction_epoch"), or the sketch cannot be one ("prediction_sketch").
        """
        with self._writing() as connection:
            row = own_row(connection, run, owner)
            if not row.covered or row.revealed is not None:
                raise RunError("run_not_covered", run=run)
            experiment, moment = experiment_of(row.experiment), now()
            if not isinstance(epoch, int) or not 1 <= epoch <= experiment.epochs:
                raise RunError("prediction_epoch", received=epoch, last=experiment.epochs)
            points = _checked(sketch, experiment.epochs)
            seen = min(row.epochs_done, epochs_in_sight(experiment))
            prediction = Prediction(epoch, points, moment, seen)
            values = {"prediction": plain_record(prediction), "revealed": moment}
            connection.execute(update(RunRow).where(RunRow.number == row.number).values(**values))
        return prediction

    def reveal(self, run: str, *, owner: str) -> bool:
        """Lift the cover without a prediction; False if there was none, or none any more."""
        with self._writing() as connection:
            row = own_row(connection, run, owner)
            if not row.covered or row.revealed is not None:
                return False
            connection.execute(update(RunRow).where(RunRow.number == row.number).values(revealed=now()))
        return True

    def open_test(self, run: str, epoch: int | None = None, *, owner: str) -> Opening:
        """Open the sealed test result of a run and count the look; return what was kept of it.

        Args:
            run: Is over and was evaluated.
            epoch: The epoch that its owner has settled on by validation; None for the design as it was trained.
            owner: Who opens it.

        Raises:
            RunError: If the run is covered ("run_covered"), not sealed, or not any more ("run_not_sealed"), without a
                test result ("run_no_test_result"), or has no such epoch ("opening_epoch").
        """
        with self._writing() as connection:
            # All rows that count are held in one order, so that of several who open at once none waits in a circle.
            before = looks_before(
                connection, storable(owner), own_row(connection, run, owner, lock=False).dataset
            )
            row = own_row(connection, run, owner)
            if row.covered and row.revealed is None:
                raise RunError("run_covered", run=run)
            if not row.sealed or row.opening is not None:
                raise RunError("run_not_sealed", run=run)
            if row.evaluation is None:
                raise RunError("run_no_test_result", run=run)
            if epoch is not None and not (isinstance(epoch, int) and 1 <= epoch <= row.epochs_done):
                raise RunError("opening_epoch", run=run, received=epoch, last=row.epochs_done)
            opening = Opening(1 + before, epoch, now())
            keep_opening(connection, row, opening)
        return opening

    def looks(self, owner: str, dataset: str) -> int:
        """How many sealed test results on a data set an owner has opened so far."""
        with self._reading() as connection:
            return looks_before(connection, storable(owner), dataset, lock=False)

    def hides(self, run: str) -> tuple[bool, bool]:
        """Whether a run is covered, and whether its test result is sealed; neither if there is no such run."""
        wanted = select(RunRow.covered, RunRow.revealed, RunRow.sealed, RunRow.opening).where(is_run(run))
        with self._reading() as connection:
            row = connection.execute(wanted).one_or_none()
        if row is None:
            return False, False
        return row.covered and row.revealed is None, row.sealed and row.opening is None


def keep_opening(connection: Connection, row: Row[Any], opening: Opening) -> None:
    """Write down how the test result of the run of this row was opened."""
    values = {"opening": plain_record(opening)}
    connection.execute(update(RunRow).where(RunRow.number == row.number).values(**values))


def own_row(connection: Connection, run: str, owner: str, *, lock: bool = True) -> Row[Any]:
    """The row of a run of this owner's, held until the end of the transaction or only read."""
    columns = (
        RunRow.number,
        RunRow.owner,
        RunRow.dataset,
        RunRow.experiment,
        RunRow.epochs_done,
        RunRow.covered,
        RunRow.revealed,
        RunRow.sealed,
        RunRow.opening,
        RunRow.evaluation,
    )
    wanted = select(*columns).where(is_run(run))
    row = connection.execute(wanted.with_for_update() if lock else wanted).one_or_none()
    if row is None:
        raise UnknownRunError("unknown_run", received=run)
    if row.owner != storable(owner):
        raise RunError("run_not_owner", run=run)
    return row


def looks_before(connection: Connection, owner: str, dataset: str, *, lock: bool = True) -> int:
    """How many test results on the test samples of a data set an owner has opened.

    By the highest number kept, so that to delete the run of an earlier look makes it no less. Of two who open at once
    the second waits for the rows of the first.
    """
    wanted = (
        select(RunRow.opening)
        .where(RunRow.owner == owner, RunRow.dataset.in_(same_test(dataset_info(dataset))), RunRow.sealed)
        .order_by(RunRow.number)
    )
    openings = connection.execute(wanted.with_for_update() if lock else wanted).scalars()
    return max((opening["looks"] for opening in openings if opening is not None), default=0)


def _checked(sketch: Sequence[tuple[float, float]], last: int) -> tuple[tuple[float, float], ...]:
    """The points of a sketch as floats, if they can be a curve over the epochs of a run.

    Raises:
        RunError: If they cannot ("prediction_sketch").
    """
    points = tuple((float(epoch), float(loss)) for epoch, loss in sketch)
    epochs = [epoch for epoch, _ in points]
    rising = all(before < after for before, after in pairwise(epochs))
    inside = all(1 <= epoch <= last for epoch in epochs)
    drawn = all(math.isfinite(loss) and 0 <= loss <= HIGHEST_LOSS for _, loss in points)
    if not (rising and inside and drawn and len(points) <= MOST_POINTS):
        raise RunError("prediction_sketch", most=MOST_POINTS, last=last)
    return points
