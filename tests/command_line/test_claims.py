"""The same figures through the command line, and those of the presets that need no download."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core import recorded
from core.__main__ import main
from core.settings import Settings
from core.storage import open_store
from tests.claims import CLAIMS, FIRST, GENERATED, Claim


def train_and_check(claim: Claim, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", claim.preset, "--json"]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    store = open_store(Settings.from_environment())
    run = store.get(result["run"])
    store.close()
    claim.check(result["history"]["val_accuracy"], run.evaluation, result["turning_point"]["epoch"])


@pytest.mark.parametrize(
    "claim",
    [FIRST, *(pytest.param(one, marks=pytest.mark.slow) for one in GENERATED)],
    ids=lambda claim: claim.preset,
)
def test_a_preset_without_download_overfits_before_its_end(
    claim: Claim, capsys: pytest.CaptureFixture[str]
) -> None:
    train_and_check(claim, capsys)


@pytest.mark.slow
@pytest.mark.real_data
@pytest.mark.parametrize(
    "claim",
    [
        # A recorded one is trained anew, and held to its bounds, by tests/recorded/test_recorded_bands.py.
        pytest.param(
            claim,
            id=claim.preset,
            marks=pytest.mark.thorough if claim.preset in (*recorded.NAMES, "imdb-lstm") else (),
        )
        for claim in CLAIMS
    ],
)
def test_a_preset_reaches_its_figures(
    claim: Claim,
    real_datasets: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TURNING_POINT_DATASETS", str(real_datasets))
    train_and_check(claim, capsys)
