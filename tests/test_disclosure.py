"""What may be seen of covered and sealed runs."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, replace
from datetime import UTC, datetime

import pytest

from core import presets
from core.disclosure import check_may_ask, disclosed, epochs_in_sight
from core.errors import RunError
from core.experiment import EarlyStopping, Experiment, ReduceLROnPlateau
from core.run import (
    Epoch,
    Evaluation,
    Opening,
    Prediction,
    Progress,
    Reason,
    Run,
    RunState,
    RunSummary,
    Timing,
)

NOW = datetime(2026, 11, 28, tzinfo=UTC)
#: Digits that stand in no other number of a run.
SECRETS = ("7771", "7772", "7773", "7774", "7775", "7776")


def experiment(**changes: object) -> Experiment:
    return presets.load("digits-first-network").with_changes(**{"epochs": 12, **changes})  # type: ignore[arg-type]


def run(**values: object) -> Run:
    epochs = tuple(
        Epoch(number, 1 / number, 0.9, 0.7771 + abs(number - 5), 0.7772, 0.001, 0.25)
        for number in range(1, 10)
    )
    whole = Run(
        id="abc",
        experiment=experiment(),
        state=RunState.FINISHED,
        reason=Reason("all_epochs", {"epochs": 12}),
        title="",
        preset="",
        owner="ann",
        continues="",
        created=NOW,
        started=NOW,
        ended=NOW,
        epochs=epochs,
        evaluation=Evaluation(0.7773, 0.7774, ((7775, 0), (0, 7776))),
        timing=Timing(0.1, 2.5, 0.1, 500.0),
        best_epoch=5,
    )
    return replace(whole, **values)  # type: ignore[arg-type]


def told(found: Run | RunSummary) -> str:
    plain = {name: value for name, value in asdict(found).items() if name != "experiment"}
    return json.dumps(plain, default=str)


def summary(**values: object) -> RunSummary:
    whole = RunSummary(
        id="abc",
        experiment=experiment(),
        state=RunState.FINISHED,
        title="",
        preset="",
        owner="ann",
        created=NOW,
        epochs_done=9,
        best_val_loss=0.7771,
        best_val_accuracy=0.7772,
        test_accuracy=0.7774,
        fit_seconds=2.5,
    )
    return replace(whole, **values)  # type: ignore[arg-type]


PREDICTION = Prediction(4, (), NOW, 9)


@pytest.mark.parametrize(
    "shown",
    [
        {},
        {"covered": True, "revealed": NOW},
        {"covered": True, "revealed": NOW, "sealed": True, "opening": Opening(1, 5, NOW)},
    ],
)
def test_where_nothing_is_hidden_everything_stays(shown: dict[str, object]) -> None:
    whole, line = run(**shown), summary(**shown)
    assert disclosed(whole) is whole
    assert disclosed(line) is line


def test_a_covered_run_is_its_training_alone() -> None:
    found = disclosed(run(covered=True))
    assert not [secret for secret in SECRETS if secret in told(found)]
    assert (found.evaluation, found.best_epoch) == (None, None)
    assert [(one.number, one.loss, one.accuracy) for one in found.epochs] == [
        (number, 1 / number, 0.9) for number in range(1, 10)
    ]
    assert found.reason == run().reason
    line = disclosed(summary(covered=True))
    assert not [secret for secret in SECRETS if secret in told(line)]
    assert line.epochs_done == 9


def test_a_sealed_run_keeps_its_validation() -> None:
    found = disclosed(run(sealed=True))
    assert found == replace(run(sealed=True), evaluation=None)
    assert disclosed(summary(sealed=True)) == summary(sealed=True, test_accuracy=None)
    # A prediction opens no test result.
    predicted = run(covered=True, revealed=NOW, prediction=PREDICTION, sealed=True)
    assert disclosed(predicted).evaluation is None
    assert disclosed(predicted).epochs == run().epochs


def test_when_early_stopping_ended_it_is_covered_too() -> None:
    stopped = experiment(early_stopping=EarlyStopping(patience=4, restore_best=True))
    early = {
        "experiment": stopped,
        "covered": True,
        "reason": Reason("early_stopping", {"epoch": 9, "monitor": "val_loss", "patience": 4}),
    }
    found = disclosed(run(**early))
    to_the_end = disclosed(
        run(**{**early, "epochs": (*run().epochs, Epoch(10, 0.1, 0.9, 9.0, 0.1, 0.1, 0.1))})
    )
    assert found == to_the_end
    assert len(found.epochs) == 5
    assert (found.reason, found.timing) == (Reason("ended_covered"), None)
    assert "9" not in str(found.reason)
    line = disclosed(summary(experiment=stopped, covered=True))
    assert (line.epochs_done, line.fit_seconds) == (5, None)
    # Nor does a training under way tell that it has not stopped yet.
    going = run(**{**early, "state": RunState.RUNNING, "reason": Reason("training")})
    shown = [
        disclosed(replace(going, progress=Progress("training", epoch, 12, 3, 10, 0.2, 0.9, 4.0))).progress
        for epoch in (6, 9)
    ]
    assert shown[0] == shown[1] == Progress("training", 5, 12)


def test_how_many_epochs_can_be_shown() -> None:
    assert epochs_in_sight(experiment()) == 12
    for patience, epochs in ((0, 2), (1, 2), (4, 5), (50, 12)):
        assert epochs_in_sight(experiment(early_stopping=EarlyStopping(patience=patience))) == epochs
    by_training = EarlyStopping(patience=3, monitor="loss")
    assert epochs_in_sight(experiment(early_stopping=by_training)) == 12


def test_a_learning_rate_that_follows_from_validation_is_covered() -> None:
    found = disclosed(run(covered=True, experiment=experiment(reduce_lr=ReduceLROnPlateau())))
    assert all(math.isnan(one.learning_rate) for one in found.epochs)
    by_training = experiment(reduce_lr=ReduceLROnPlateau(monitor="loss"))
    assert disclosed(run(covered=True, experiment=by_training)).epochs[0].learning_rate == 0.001


def test_a_network_is_not_asked_what_is_hidden() -> None:
    for hidden, about_test, code in (
        ({"covered": True}, False, "run_covered"),
        ({"covered": True, "sealed": True}, True, "run_covered"),
        ({"sealed": True}, True, "run_sealed"),
    ):
        with pytest.raises(RunError) as refused:
            check_may_ask(run(**hidden), about_test=about_test)
        assert refused.value.code == code
    check_may_ask(run(sealed=True), about_test=False)
    check_may_ask(run(), about_test=True)
