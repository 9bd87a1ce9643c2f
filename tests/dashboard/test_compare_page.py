"""The page of comparisons: choosing, comparing, sharing, and every address somebody may come with."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.run import RunState
from core.storage import Store
from dashboard.shared import services
from dashboard.shared.compare_address import MOST_RUNS
from dashboard.shared.language import CODES, language
from tests.dashboard import runs
from tests.dashboard.pages import checked, html, opened, words

SAY = language("en")
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _one_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "owner", lambda: "student")


def open_page(page: str = "compare", lang: str = "en", **address: str) -> AppTest:
    return opened(page, lang, **address)


def charts(test: AppTest) -> int:
    return len(test.get("plotly_chart"))


def address(test: AppTest) -> dict[str, str]:
    found = {
        name: values[0] if isinstance(values, list) else values for name, values in test.query_params.items()
    }
    found.pop("lang", None)
    return found


@pytest.mark.parametrize("lang", CODES)
def test_an_empty_home_offers_two_networks_to_train(store: Store, lang: str) -> None:
    test = open_page(lang=lang)
    assert language(lang)("compare.none") in words(test)
    checked(test.button(key="compare-pair-reviews").click().run())
    first, second = (store.get(run) for run in store.queue())
    assert first.experiment.dataset == second.experiment.dataset == "mini_reviews"
    assert len(second.experiment.layers) == len(first.experiment.layers) + 1
    assert second.title == language(lang)("compare.pair.reviews.dropout")
    assert address(test) == {"runs": f"{first.id},{second.id}"}
    assert language(lang)("compare.no_epochs") in words(test)


@pytest.mark.parametrize("page", ["compare", "run"])
def test_ticked_runs_are_compared(store: Store, page: str) -> None:
    one, _, other = (runs.over(store, seed=seed) for seed in range(3))
    test = open_page(page)
    assert test.button(key="compare-chosen").disabled
    checked(test.checkbox(key=f"choose-{other}").check().run())
    assert test.button(key="compare-chosen").disabled
    checked(test.checkbox(key=f"choose-{one}").check().run())
    # What is ticked stays so while the list shows other runs.
    checked(test.text_input(key="runs-text").input("nothing").run())
    checked(test.text_input(key="runs-text").input("").run())
    assert test.checkbox(key=f"choose-{one}").value
    checked(test.button(key="compare-chosen").click().run())
    if page == "compare":
        assert address(test) == {"runs": f"{other},{one}"}
        assert charts(test) == 2


def test_no_more_runs_can_be_ticked_than_compared(store: Store) -> None:
    ids = [runs.queued(store, seed=seed) for seed in range(MOST_RUNS + 1)]
    test = open_page("run")
    test.session_state["runs-chosen"] = tuple(ids[:MOST_RUNS])
    checked(test.run())
    assert test.checkbox(key=f"choose-{ids[-1]}").disabled
    assert not test.checkbox(key=f"choose-{ids[0]}").disabled
    checked(test.button(key="compare-clear").click().run())
    assert not test.checkbox(key=f"choose-{ids[-1]}").disabled


@pytest.mark.parametrize("lang", CODES)
def test_runs_stand_side_by_side(store: Store, lang: str) -> None:
    first, second = runs.over(store, title="alpha"), runs.over(store, title="*beta*", batch_size=64)
    test = open_page(lang=lang, runs=f"{first},{second}", base=second)
    t = language(lang)
    assert charts(test) == 2
    assert t("compare.said.turned", turns="A 4, B 4") in words(test)
    shown = html(test)
    assert "*beta*" in shown
    assert t("field.batch_size") in shown
    assert not test.warning
    assert [box.label for box in test.checkbox] == ["**A** · alpha", r"**B** · \*beta\*"]


def test_every_choice_stands_in_the_address(store: Store) -> None:
    first, second, third = (runs.over(store, seed=seed) for seed in range(3))
    test = open_page(runs=f"{first},{second},{third}")
    for name, code in (
        ("align", "seconds"), ("layout", "apart"), ("show", "loss"), ("lines", "validation"), ("smooth", "60"),
        ("scale", "log"),
    ):  # fmt: skip
        checked(test.segmented_control(key=f"compare-{name}").select(code).run())
    assert SAY("compare.smoothed") in words(test)
    checked(test.selectbox(key="compare-base").select(third).run())
    checked(test.checkbox(key=f"compare-show-{first}").uncheck().run())
    assert charts(test) == 2
    wanted = {
        "runs": f"{first},{second},{third}", "base": third, "hide": first, "align": "seconds", "layout": "apart",
        "show": "loss", "lines": "validation", "smooth": "60", "scale": "log",
    }  # fmt: skip
    assert address(test) == wanted
    again = open_page(**wanted)
    assert all('"type":"log"' in chart.proto.spec for chart in again.get("plotly_chart"))
    assert again.segmented_control(key="compare-align").value == "seconds"
    assert again.selectbox(key="compare-base").value == third
    assert not again.checkbox(key=f"compare-show-{first}").value
    checked(again.button(key=f"compare-remove-{third}").click().run())
    assert address(again)["runs"] == f"{first},{second}"
    assert "base" not in address(again)
    checked(again.button(key="compare-leave").click().run())
    assert address(again) == {}


def test_a_run_is_added_on_the_page(store: Store) -> None:
    first, second = runs.over(store), runs.over(store, seed=1)
    test = open_page(runs=first)
    assert SAY("compare.one") in words(test)
    assert charts(test) == 2
    test.session_state["compare-add"] = True
    checked(test.run())
    checked(test.multiselect(key="compare-others-digits").select(second).run())
    checked(test.button(key="compare-add-start").click().run())
    assert address(test) == {"runs": f"{first},{second}"}


def test_a_run_leads_to_a_comparison(store: Store) -> None:
    first, second = runs.over(store), runs.over(store, seed=1)
    test = open_page("run", run=first)
    assert not test.multiselect  # read only when it is open
    test.session_state["compare-with"] = True
    checked(test.run())
    checked(test.multiselect(key="compare-others-digits").select(second).run())
    checked(test.button(key="compare-start").click().run())
    assert charts(test) == 2


@pytest.mark.parametrize("lang", CODES)
@pytest.mark.parametrize(
    "named",
    ["unknown123", SCRIPT, ",,,", ",".join(f"r{number}" for number in range(1000)), "ä" * 3000, "\0'; --"],
    ids=["unknown", "script", "empty", "thousand", "long", "strange"],
)
def test_an_address_without_any_run_leads_to_the_choice(store: Store, named: str, lang: str) -> None:
    for seed in range(2):
        runs.queued(store, seed=seed)
    test = open_page(lang=lang, runs=named)
    assert bool(test.warning) == (named != ",,,")
    assert SCRIPT not in words(test) + html(test)
    assert test.button(key="compare-chosen")


@pytest.mark.parametrize("lang", CODES)
def test_what_can_be_shown_of_a_bad_address_is_shown(store: Store, lang: str) -> None:
    first, gone = runs.over(store), runs.over(store)
    second = runs.running(store, seed=3)
    store.delete(gone)
    test = open_page(
        lang=lang,
        runs=f"{first},{gone},{second},{first},{SCRIPT}",
        base=SCRIPT,
        align=SCRIPT,
        hide="zzz",
        smooth="7",
    )
    assert len(test.warning) == 1
    assert gone in test.warning[0].value
    assert SCRIPT not in words(test) + html(test)
    assert charts(test) == 2
    assert test.selectbox(key="compare-base").value == first


def test_runs_of_different_data_have_curves(store: Store) -> None:
    first = runs.over(store)
    layers = [{"kind": "dense", "units": 10, "activation": "softmax"}]
    second = runs.over(store, dataset="fashion_mnist", layers=layers)
    test = open_page(runs=f"{first},{second}")
    assert charts(test) == 2
    assert SAY("compare.other_data.curves") in words(test)
    # Nobody is called best, and nothing measured on the one is taken from the other.
    assert SAY("compare.said.turned", turns="A 4, B 4") in words(test)
    assert "Lowest validation loss:" not in words(test)
    shown = html(test).partition("<table>")[2]
    assert SAY("compare.row.gap") in shown
    assert "points" not in shown


@pytest.mark.parametrize("state", [RunState.FAILED, RunState.INTERRUPTED, RunState.STOPPED])
def test_runs_that_ended_otherwise_are_compared_as_far_as_they_came(store: Store, state: RunState) -> None:
    test = open_page(runs=f"{runs.over(store, state)},{runs.queued(store)}")
    assert charts(test) == 2
    assert SAY(f"state.{state.value}") in html(test)
    assert SAY("state.queued") in words(test)


def test_all_curves_can_be_hidden(store: Store) -> None:
    run = runs.over(store)
    test = open_page(runs=run, hide=run)
    assert charts(test) == 0
    assert SAY("compare.all_hidden") in words(test)


def test_without_validation_training_is_compared(store: Store) -> None:
    both = [runs.over(store, val_losses=(None,) * 3, split={"kind": "none"}, seed=seed) for seed in (1, 2)]
    test = open_page(runs=",".join(both))
    assert charts(test) == 2
    assert "–" in html(test)


def test_a_study_is_shown_under_its_address(store: Store) -> None:
    test = open_page(study=SCRIPT)
    assert SAY("study.missing") in words(test)
