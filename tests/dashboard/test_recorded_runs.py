"""Recorded runs on the pages, on a computer without a data folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import presets, recorded
from core.analysis.agreement import agreement
from core.analysis.classification import predicted_classes
from core.errors import ArtifactMissingError
from core.export.notebook import notebook
from core.export.page import page as page_of
from core.inference.kinds.units import UnitsRequest
from core.recorded import NAMES
from core.run import RunState, summarised
from core.storage import Store
from core.training import artifact_names
from dashboard.live.run_json import run_json
from dashboard.run.exported import run_page
from dashboard.shared import services
from dashboard.shared.language import language
from tests.dashboard import runs
from tests.dashboard.pages import html, opened, press, words

RUN = "recorded-reuters-multi-hot"
LABEL = {"en": "(recorded)", "ko": "(기록된 실행)"}
SAY = language("en")


def opened_tab(tab: str, lang: str = "en", *, run: str = RUN, **state: object) -> AppTest:
    return opened("run", lang, state={"run-tabs": language(lang)(f"run.tab.{tab}"), **state}, run=run)


@pytest.mark.parametrize("name", NAMES)
def test_each_opens_labelled_with_date_and_versions(name: str, store: Store) -> None:
    lang = "ko" if NAMES.index(name) % 2 else "en"
    page = opened("run", lang, run=f"recorded-{name}")
    assert LABEL[lang] in page.title[0].value
    said = words(page)
    run = recorded.get(f"recorded-{name}")
    for fact in ("2026-11-28", *(run.environment[one] for one in ("keras", "tensorflow", "python"))):
        assert fact in said
    assert run.evaluation is not None
    assert f"{run.evaluation.accuracy:.2%}" in [one.value for one in page.metric]
    assert store.count() == 0


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize(
    "tab", ["mistakes", "turning", "confidence", "lookback", "inside", "epochs", "settings"]
)
def test_every_section_shows_its_figures_without_the_data(tab: str, lang: str) -> None:
    page = opened_tab(tab, lang, **{"lookback-part": "courses"})
    assert not page.error
    assert not page.warning
    charts = {"mistakes": 1, "turning": 3, "confidence": 5, "lookback": 1, "inside": 1}
    assert len(page.get("plotly_chart")) >= charts.get(tab, 0)


def test_what_needs_the_network_is_not_offered() -> None:
    page = opened("run", run=RUN)
    keys = {button.key for button in page.button}
    assert not {"extend", "resume", f"delete-{RUN}"} & keys
    assert f"title-{RUN}" not in {box.key for box in page.text_input}
    # No data: neither a training nor repetitions of it, but the way to the data.
    assert not {"train-to", "recorded-train"} & keys
    assert SAY("recorded.no_data", dataset=SAY("option.dataset.reuters")) in words(page)
    assert SAY("recorded.no_network") in words(opened_tab("inside"))
    assert SAY("recorded.no_network") in words(opened("try", run=RUN))


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_first_weights_of_images_are_drawn_without_the_network(lang: str) -> None:
    page = opened_tab("inside", lang, run="recorded-fashion-single-layer", **{"inside-part": "first"})
    assert not page.error
    # One unit a class: the weights of "Trouser" are the picture of a trouser.
    assert language(lang)("inside.pictures.open") in words(page)
    assert language(lang)("recorded.no_network") in words(page)
    with pytest.raises(ArtifactMissingError) as caught:
        services.ask(UnitsRequest(RUN))
    assert caught.value.code == "recorded_no_network"


def test_what_is_taken_home_tells_that_it_is_recorded(store: Store) -> None:
    run = store.get(RUN)
    for found in (page_of(run, ["x"] * 46), notebook(run), run_page(run, SAY, None)):
        assert "2026-11-28" in found
        assert run.environment["keras"] in found
    assert "2026-11-28" in run_page(run, language("ko"), None)


def test_the_samples_of_a_cell_go_by_their_numbers() -> None:
    run = recorded.get(RUN)
    assert run.evaluation is not None
    page = opened_tab("mistakes", **{f"cell-{RUN}-true": 3, f"cell-{RUN}-predicted": 4})
    table = next(one.value for one in page.table if one.value.index.name == SAY("sample.number"))
    assert f"{run.evaluation.matrix[3][4]:,}" in words(page)
    labels = recorded.test_labels("reuters")
    assert labels is not None
    assert all(labels[int(row.replace(",", ""))] == 3 for row in table.index)
    assert SAY("sample.no_data", dataset=SAY("option.dataset.reuters")) in words(page)


@pytest.fixture
def with_data(real_datasets: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TURNING_POINT_DATASETS", str(real_datasets))
    services.forget()
    yield
    services._dataset.clear()


@pytest.mark.real_data
def test_with_the_data_it_is_trained_here_by_one_press(with_data: None) -> None:
    page = press(opened("run", run=RUN), "recorded-train")
    own = services.store().get(page.query_params["run"])
    assert own.experiment == presets.load("reuters-multi-hot")
    assert own.state is RunState.QUEUED


@pytest.mark.real_data
def test_with_the_data_its_samples_are_shown_but_the_network_is_not_asked(with_data: None) -> None:
    page = opened("run", state={"run-tabs": SAY("run.tab.mistakes")}, run=RUN, sample="0")
    assert "tp-excerpt" in html(page) or "words" in words(page)
    assert SAY("sample.near") not in words(page)
    assert SAY("sample.try.text") not in [link.label for link in page.get("page_link")]


def test_list_and_first_page_lead_to_them(store: Store) -> None:
    page = opened("run")
    assert [f"open-recorded-{name}" in {one.key for one in page.button} for name in NAMES] == [True] * len(
        NAMES
    )
    assert press(page, f"open-{RUN}").query_params["run"] == RUN
    runs.over(store)
    page = opened("run", state={"runs-recorded": True})
    assert f"open-{RUN}" in {one.key for one in page.button}
    links = [
        one.proto.query_string
        for group in ("offline", "image", "text")
        for one in opened("", state={"home-presets": group}).get("page_link")
    ]
    assert sum(f"run={recorded.PREFIX}" in one for one in links) == len(NAMES)


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_two_are_compared_and_judged_without_the_data(lang: str, store: Store) -> None:
    pair = ("recorded-imdb-multi-hot", "recorded-imdb-four-epochs")
    page = opened("compare", lang, runs=",".join(pair))
    labels = recorded.test_labels("imdb")
    assert labels is not None
    first, second = (
        predicted_classes(store.artifacts.load_array(run, artifact_names.TEST_PROBABILITIES)) for run in pair
    )
    found = agreement(labels, first, second)
    table = page.table[0].value.astype(str).to_string()
    for number in (found.only_first, found.only_second):
        assert f"{number:,}" in table
    said = words(page)
    assert said.count("2026-11-28") >= len(pair)
    assert html(page).count(LABEL[lang]) >= len(pair)


def test_where_there_is_nothing_to_compare_a_recorded_pair_is_one_press_away() -> None:
    page = press(opened("compare"), "compare-pair-fashion-recorded")
    assert page.query_params["runs"] == "recorded-fashion-shallow,recorded-fashion-deep"
    assert html(page).count(LABEL["en"]) >= 2


def test_a_recorded_run_is_compared_with_ones_own(store: Store) -> None:
    own = runs.over(store)
    page = opened("compare", runs=f"{own},{RUN}")
    assert LABEL["en"] in html(page)


@pytest.mark.parametrize(
    "name", ["recorded-../../x", "recorded-unknown", "recorded-%00", "recorded-imdb-lstm"]
)
def test_an_address_of_none_that_there_is_gets_a_sentence(name: str) -> None:
    for lang in ("en", "ko"):
        assert opened("run", lang, run=name).title[0].value == language(lang)("run.missing")
    assert opened("compare", runs=f"{name},{RUN}").warning


def test_as_json_it_is_a_run_like_any_other(store: Store) -> None:
    plain = run_json(store.get(RUN), since=18)
    assert (plain["id"], plain["state"], len(plain["epochs"])) == (RUN, "finished", 2)
    assert plain["recorded"] is True
    assert plain["turning_point"]["loss"]["epoch"] == 9


def test_a_run_is_summed_up_as_the_database_sums_it_up(store: Store) -> None:
    made = (
        runs.over(store),
        runs.over(store, RunState.FAILED, ()),
        runs.queued(store),
        runs.with_nan(store).id,
    )
    for run in made:
        (line,) = (one for one in store.summaries() if one.id == run)
        assert line == summarised(store.get(run))
