"""Studies recorded in a real store the way workers would, with curves whose answers are known."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from core import presets
from core.experiment import Dense, Experiment
from core.run import Epoch, Evaluation, Reason, RunState, Timing
from core.storage import Store
from core.study import Factor, Member, Plan
from tests.dashboard import runs

OWNER = "student"
EPOCHS = 12


def base(**changes: object) -> Experiment:
    """A small network on the digits."""
    layers = [Dense(units=64, activation="relu"), Dense(units=10, activation="softmax")]
    return presets.load(presets.PLAIN).with_changes(**{"epochs": EPOCHS, "layers": layers, **changes})


def repeated(seeds: int = 3) -> Plan:
    """One experiment with several seeds."""
    return Plan(base(), seeds=tuple(range(seeds)))


def varied(seeds: int = 3, values: Sequence[int] = (16, 64)) -> Plan:
    """Other numbers of units, several seeds each."""
    return Plan(base(), (Factor("units", tuple(values)),), tuple(range(seeds)))


def crossed(seeds: int = 2) -> Plan:
    """Units and learning rates."""
    factors = (Factor("units", (16, 64, 256)), Factor("optimizer.learning_rate", (0.001, 0.01)))
    return Plan(base(), factors, tuple(range(seeds)))


def divided(folds: int = 5) -> Plan:
    """A cross-validation."""
    return Plan(base(), folds=folds)


def curves(member: Member) -> tuple[Epoch, ...]:
    """Epochs whose validation loss turns at 6, plus one for odd seeds, minus one with more than 100 units."""
    units = int(getattr(member.experiment.layers[0], "units", 64))
    turn = 6 + member.seed % 2 - (units > 100)
    chance = np.random.default_rng([member.seed, units, member.fold or 0])
    level = 0.30 + 0.02 * chance.random() + 4 / (units + 20)
    found = []
    for number in range(1, member.experiment.epochs + 1):
        loss = level + 0.9 * np.exp(-number / 2) + 0.02 * max(0, number - turn) ** 1.3
        found.append(
            Epoch(
                number=number,
                loss=float(level * np.exp(-number / 6)),
                accuracy=float(1 - 0.6 * np.exp(-number / 3)),
                val_loss=float(loss),
                val_accuracy=float(1 - level / 2 - 0.4 * np.exp(-number / 3)),
                learning_rate=0.001,
                seconds=0.1,
            )
        )
    return tuple(found)


def reused(store: Store, plan: Plan, *, title: str = "", owner: str = OWNER) -> str:
    """A study whose runs were all there before, so that an engine of the same home finds none of them waiting."""
    for place, member in enumerate(plan.members):
        run = store.add(member.experiment, owner=owner, worker="worker")  # it never waits for an engine
        _finish(store, run, curves(member), place)
    return store.add_study(plan, owner=owner, title=title)


def _finish(store: Store, run: str, epochs: Sequence[Epoch], place: int) -> None:
    for epoch in epochs:
        store.record_epoch(run, epoch)
    store.record_evaluation(run, Evaluation(0.3, 0.9 + 0.001 * (place % 7), runs.MATRIX))
    reason = Reason("all_epochs", {"epochs": len(epochs)})
    store.finish(run, RunState.FINISHED, reason, timing=Timing(0.1, 2.0, 0.1, 500.0), best_epoch=5)


def recorded(
    store: Store,
    plan: Plan,
    *,
    title: str = "",
    owner: str = OWNER,
    state: Callable[[int], RunState] = lambda place: RunState.FINISHED,
    epochs: Callable[[Member], Sequence[Epoch]] = curves,
) -> str:
    """A study of which each run has come to the state that `state` gives its place among the members."""
    study = store.add_study(plan, owner=owner, title=title)
    found = store.get_study(study)
    for place, (member, run) in enumerate(zip(plan.members, found.runs, strict=True)):
        wanted = state(place)
        if run in found.reused or wanted is RunState.QUEUED:
            continue
        assert store.start(run, "worker")
        told = epochs(member)
        if wanted is RunState.FINISHED:
            _finish(store, run, told, place)
            continue
        for epoch in told[:3]:
            store.record_epoch(run, epoch)
        if wanted is not RunState.RUNNING:
            timing = Timing(0.1, 2.0, 0.1, 500.0)
            store.finish(run, wanted, runs.DONE[wanted], timing=timing, best_epoch=5)
    return study
