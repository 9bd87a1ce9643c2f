"""What the browser is given to replay a run: what was known after each epoch, and nothing that is covered."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from core import recorded
from core.analysis.turning_point import turning_point_of
from core.disclosure import disclosed
from core.run import RunState
from core.storage import Store
from dashboard.live.live_curves import live_data
from dashboard.live.replay import can_be_replayed, replay_data
from dashboard.live.run_json import run_json
from dashboard.shared.language import language
from tests.dashboard import runs

SAY = language("en")
RUN = recorded.get("recorded-imdb-multi-hot")


def test_after_each_epoch_it_knows_what_a_run_of_so_many_epochs_knew() -> None:
    data = replay_data(RUN, SAY)
    assert data is not None
    assert len(data["frames"]) == 20
    for number, frame in enumerate(data["frames"], start=1):
        then = run_json(replace(RUN, epochs=RUN.epochs[:number]))
        assert frame == {name: then[name] for name in ("turning_point", "loss_axes")}
    confirmed = [frame["turning_point"]["loss"]["confirmed"] for frame in data["frames"]]
    # The lowest loss is that of epoch 4, but at first nobody could know.
    assert confirmed.index(True) > 4
    assert turning_point_of(RUN).epoch == 4


def test_what_a_lesson_covers_of_a_recorded_run_does_not_reach_the_browser() -> None:
    data = live_data(disclosed(replace(RUN, covered=True)), SAY, start="begin")
    assert data["validation"] is False
    told = json.dumps(data["run"]) + json.dumps(data["replay"]["frames"])
    for epoch in RUN.epochs:
        assert epoch.val_loss is not None
        assert f"{epoch.val_loss:.4f}"[:6] not in told
    assert {str(frame["turning_point"]) for frame in data["replay"]["frames"]} == {
        str({"loss": None, "accuracy": None})
    }


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_it_is_labelled_and_can_be_had_at_each_speed(lang: str, store: Store) -> None:
    t = language(lang)
    data = live_data(RUN, t, start="begin", speed="ten")
    assert data["words"]["states"]["replay"] == t("replay.state.recorded")
    assert data["words"]["states"]["finished"] == t("recorded.state")
    assert "2026-11-28" in data["words"]["ended"]
    assert (data["replay"]["start"], data["replay"]["speed"]) == ("begin", "ten")
    assert list(data["replay"]["words"]["speeds"]) == ["1", "2", "5", "20", "ten"]
    own = live_data(store.get(runs.over(store)), t)
    assert own["words"]["states"]["replay"] == t("replay.state")
    assert own["replay"]["start"] == "end"


def test_what_is_under_way_or_has_no_two_epochs_or_too_many_is_not_replayed(store: Store) -> None:
    assert not can_be_replayed(store.get(runs.running(store)))
    assert not can_be_replayed(replace(RUN, epochs=RUN.epochs[:1]))
    assert not can_be_replayed(replace(RUN, epochs=RUN.epochs * 20))
    assert not can_be_replayed(replace(RUN, state=RunState.FAILED))
    assert replay_data(replace(RUN, epochs=()), SAY) is None
