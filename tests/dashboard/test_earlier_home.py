"""A home folder as the version of November 2026 made it: its runs, their comparison and its study open as before.

`tests/fixtures/home_november_2026.tar.xz` is the home in which that version (commit b4e1059) had run:

    small="digits-first-network --set train_limit=300 --set layers.1.units=12"
    python -m core train $small --set optimizer=rmsprop:0.01 --set layers.0.units=16 --epochs 8 --title "Small network"
    python -m core train $small --set optimizer=rmsprop:0.01 --set layers.0.units=4 --epochs 8 --title "Four units"
    python -m core train mini-reviews --epochs 4 --set train_limit=600 --set split=first:200 \
        --set encoding.num_words=200 --set layers.0.units=4 --set layers.1.units=4 --title "Reviews"
    python -m core train $small --set layers.0.units=8 --set layers.0.l2=1 --set optimizer=sgd:10 --title "Too fast"
    python -m core study $small --set optimizer=rmsprop:0.01 --set layers.0.units=8 --epochs 4 --seeds 2 \
        --vary batch_size=16,64 --title "Batches"
    python -m core train digits-first-network --set layers.0.units=8 --set layers.1.units=8 --set batch_size=1 \
        --epochs 30 --title "Broken off"    # killed after some epochs, and interrupted by the next one who looked

The prepared data was left out: it is made anew where it is missing.
"""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from core.__main__ import main
from core.run import Reason, RunState
from core.settings import Settings
from core.storage import Store
from core.training.checkpoint import read_info
from core.training.weight_histograms import load_weights
from dashboard.shared import services
from dashboard.shared.language import language
from tests.dashboard.pages import html, opened, words

ARCHIVE = Path(__file__).parent.parent / "fixtures" / "home_november_2026.tar.xz"
SAY = language("en")
SMALL, FOUR, REVIEWS, FAST, BROKEN = "cfcp9aua77", "74acvndmcp", "xvhyuavwk7", "3yzdu9pufd", "s675mu3zq4"
STUDY = "2h6tnzzwuj"
MEMBERS = ("mcdutenusr", "tt8fa369hz", "vz2a7sk27k", "jz2d3e3y9b")


@pytest.fixture(autouse=True)
def store(_services_of_this_test: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The store of the unpacked home, which is also the one behind the pages."""
    monkeypatch.setattr(services, "owner", lambda: "cli")
    with tarfile.open(ARCHIVE) as archive:
        # Python 3.11 knows this filter since 3.11.4 only, and the archive is our own.
        archive.extraction_filter = getattr(tarfile, "data_filter", lambda member, _: member)
        archive.extractall(settings.home)
    return services.store()


def test_all_runs_are_there(store: Store) -> None:
    found = {run.id: run for run in store.get_many([one.id for one in store.summaries()])}
    assert [(found[run].title, found[run].state, len(found[run].epochs)) for run in found] == [
        ("Broken off", RunState.INTERRUPTED, 21),
        ("Batches (64 · seed 778)", RunState.FINISHED, 4),
        ("Batches (64 · seed 777)", RunState.FINISHED, 4),
        ("Batches (16 · seed 778)", RunState.FINISHED, 4),
        ("Batches (16 · seed 777)", RunState.FINISHED, 4),
        ("Too fast", RunState.FAILED, 0),
        ("Reviews", RunState.FINISHED, 4),
        ("Four units", RunState.FINISHED, 8),
        ("Small network", RunState.FINISHED, 8),
    ]


def test_what_a_run_left_behind_can_be_read(store: Store) -> None:
    files = services.artifacts()
    accuracies = {SMALL: 0.6801, FOUR: 0.6195, REVIEWS: 0.47}
    for run in store.get_many(list(accuracies)):
        assert run.evaluation is not None
        assert run.timing is not None
        assert round(run.evaluation.accuracy, 4) == accuracies[run.id]
        probabilities = files.load_array(run.id, "test_probabilities")
        assert len(probabilities) == run.evaluation.samples == sum(map(sum, run.evaluation.matrix))
        assert {"best.keras", "last.keras", "predictions/0001"} <= set(files.names(run.id))
        history = load_weights(files, run.id)
        assert history is not None
    assert store.get(FAST).reason == Reason("not_a_number", {"epoch": 1, "batch": 14})
    broken = store.get(BROKEN)
    assert broken.reason.code == "program_died"
    checkpoint = read_info(files, BROKEN)
    assert checkpoint is not None
    assert checkpoint.epochs == broken.epochs[: len(checkpoint.epochs)] != ()


def test_its_study_has_its_runs(store: Store) -> None:
    study = store.get_study(STUDY)
    assert (study.title, study.runs, study.reused) == ("Batches", MEMBERS, frozenset())
    assert store.finished([member.experiment for member in study.plan.members]) == list(MEMBERS)
    assert [one.id for one in store.studies()] == [STUDY]


@pytest.mark.parametrize("run", [SMALL, FOUR, REVIEWS, FAST, BROKEN])
def test_the_page_of_each_run_opens(store: Store, run: str) -> None:
    page = opened("run", run=run)
    assert store.get(run).title in words(page) + html(page)
    assert not page.error or run == FAST
    assert page.get("plotly_chart") or run == FAST


def test_two_runs_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    page = opened("compare", runs=f"{SMALL},{FOUR}")
    assert not page.error
    assert len(page.get("plotly_chart")) >= 2
    assert all(title in words(page) + html(page) for title in ("Small network", "Four units"))
    assert main(["compare", SMALL, FOUR]) == 0
    told = capsys.readouterr().out
    assert "0.6801" in told
    assert "0.6195" in told


def test_the_study_opens() -> None:
    page = opened("compare", study=STUDY)
    assert not page.error
    assert SAY("study.progress", finished=4, total=4) in str(page.get("progress")[0].proto.text)
    assert page.get("plotly_chart")
