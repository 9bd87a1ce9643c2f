"""What five seeds of a shallow and of a deep network show on the real data, and what they do not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.__main__ import main
from core.analysis.bands import measured
from core.analysis.caveats import caveats
from core.analysis.repeats import compare_designs, repeats
from core.experiment.setting_differences import factors
from core.settings import Settings
from core.storage import open_store

SEEDS = range(1, 6)


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.real_data
@pytest.mark.timeout(1200)
def test_a_deep_network_turns_earlier_and_ends_with_a_larger_gap(
    real_datasets: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TURNING_POINT_DATASETS", str(real_datasets))
    ids = []
    for preset in ("fashion-shallow", "fashion-deep"):
        for seed in SEEDS:
            assert main(["train", preset, "--seed", str(seed), "--json"]) == 0
            ids.append(json.loads(capsys.readouterr().out.splitlines()[-1])["run"])
    store = open_store(Settings.from_environment())
    runs = store.get_many(ids)
    store.close()
    groups = repeats(runs)
    assert [len(group.runs) for group in groups] == [5, 5]
    assert factors(runs[0].experiment, runs[5].experiment) == ("layers",)
    assert caveats(runs[0], runs[5]) == ()
    # All five deep ones end with a larger gap than all five shallow ones: the most that so few can show.
    (gap,) = compare_designs(groups, "gap")
    assert gap.finding == "second"
    assert gap.p_holm == pytest.approx(2 / 252)
    assert gap.test.low is not None
    assert gap.test.low > 0
    # On average they turn earlier; single ones need not.
    shallow, deep = ([measured(run, "turning_point") for run in group.runs] for group in groups)
    assert None not in shallow + deep
    assert sum(one or 0 for one in deep) < sum(one or 0 for one in shallow)
    # No verdict claims more than the divisions of ten runs can carry.
    for measure in ("test_accuracy", "turning_point", "gap"):
        (pair,) = compare_designs(groups, measure)
        assert pair.p_holm >= 2 / 252 - 1e-12
        assert (pair.finding in ("first", "second")) == (pair.p_holm < 0.05)
