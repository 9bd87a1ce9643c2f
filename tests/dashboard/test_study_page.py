"""Studies read and pressed as a student would, without a browser."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from scipy.stats import mannwhitneyu
from streamlit.testing.v1 import AppTest

from core.analysis.bands import spread, turns
from core.analysis.repeats import seeds_needed
from core.run import Epoch, RunState
from core.storage import Store
from core.study import Member, Plan
from dashboard.shared import services
from dashboard.shared.language import language
from dashboard.shared.run_words import name_of
from dashboard.study import plan as plans
from dashboard.study import text as study_text
from tests.dashboard import runs, studies
from tests.dashboard.pages import opened, words

SAY = language("en")


@pytest.fixture(autouse=True)
def _one_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "owner", lambda: studies.OWNER)


def open_page(study: str | None = None, lang: str = "en") -> AppTest:
    state = {} if study else {"compare-tabs": language(lang)("study.list")}
    return opened("compare", lang, state=state, study=study)


def charts(test: AppTest) -> list[str]:
    return [chart.proto.id for chart in test.get("plotly_chart")]


def progress(test: AppTest) -> str:
    return str(test.get("progress")[0].proto.text)


def test_the_bands_of_losses_are_drawn_by_their_logarithms_when_asked(store: Store) -> None:
    test = open_page(studies.recorded(store, studies.repeated(3)))
    assert '"type":"log"' not in test.get("plotly_chart")[0].proto.spec
    test.segmented_control(key="study-scale").select("log").run()
    assert not test.exception
    assert '"type":"log"' in test.get("plotly_chart")[0].proto.spec
    test.segmented_control(key="study-curve").select("accuracy").run()
    assert "study-scale" not in [one.key for one in test.segmented_control]


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_repeated_experiment_says_how_much_chance_does(store: Store, lang: str) -> None:
    t = language(lang)
    test = open_page(studies.recorded(store, studies.repeated(3)), lang)
    found = store.get_study(store.studies()[0].id)
    accuracy = spread([max(epoch.val_accuracy or 0 for epoch in store.get(run).epochs) for run in found.runs])
    verdict = study_text.repeats_verdict(accuracy, turns(store.get_many(found.runs)))
    assert len(verdict) == 2
    for sentence in verdict:
        assert sentence.said(t) in words(test)
    assert t("study.progress", finished=3, total=3) in progress(test)
    assert len(charts(test)) == 2
    assert test.dataframe[0].value.shape == (5, 6)
    assert list(test.dataframe[1].value.iloc[:, 4]) == ["6", "7", "6"]
    assert not [button for button in test.button if button.key == "cancel-study"]


def test_a_varied_setting_has_bands_by_level_a_curve_and_a_verdict(store: Store) -> None:
    test = open_page(studies.recorded(store, studies.varied(4)))
    assert len(charts(test)) == 4
    assert "**Hidden units 16**" in words(test)
    assert "is better than" in words(test)
    test.segmented_control(key="study-layout").select("together").run()
    assert not test.exception
    assert len(charts(test)) == 3
    test.segmented_control(key="study-curve").select("accuracy").run()
    assert not test.exception


def test_test_accuracy_is_shown_with_a_warning_never_to_choose_by_it(store: Store) -> None:
    test = open_page(studies.recorded(store, studies.crossed(1)))
    assert not test.warning
    for measure in ("turning_point", "gap", "val_loss", "test_accuracy"):
        test.segmented_control(key="study-measure").select(measure).run()
        assert not test.exception
    assert test.warning[0].value == SAY("study.measure.test_accuracy.warning")


def test_a_cross_validation_says_what_it_estimates(store: Store) -> None:
    test = open_page(studies.recorded(store, studies.divided(5)))
    found = store.get_study(store.studies()[0].id)
    last = [store.get(run).epochs[-1].val_accuracy or 0 for run in found.runs]
    mean = sum(last) / 5
    assert f"Over 5 of 5 folds the validation accuracy in the last epoch is **{mean:.2%}**" in words(test)
    assert "on 80% of the samples" in words(test)
    assert "lowest in **epoch 7**" in words(test)


def test_runs_that_did_not_come_to_their_end_are_told_and_count_nowhere(store: Store) -> None:
    states = [RunState.FINISHED, RunState.FAILED, RunState.STOPPED, RunState.FINISHED, RunState.FINISHED]
    study = studies.recorded(store, studies.repeated(5), state=lambda place: states[place])
    store.delete(store.get_study(study).runs[4])
    test = open_page(study)
    assert progress(test) == "2 of 5 done · failed: 1 · stopped: 1 · deleted: 1"
    assert "seed 1: The loss was no longer a number" in words(test).replace("\\", "")
    assert "best validation accuracies of 2 runs" in words(test)
    table = test.dataframe[1].value
    assert list(table.iloc[:, 1])[4] == SAY("study.deleted")
    assert len(test.multiselect[0].options) == 4


def test_all_runs_deleted_is_a_working_page(store: Store) -> None:
    study = studies.recorded(store, studies.repeated(2))
    for run in store.get_study(study).runs:
        store.delete(run)
    test = open_page(study)
    assert SAY("study.nothing_left") in words(test)
    assert "study.missing_runs" in {button.key for button in test.button}


def test_runs_whose_numbers_broke_are_no_obstacle(store: Store) -> None:
    def broken(member: Member) -> list[Epoch]:
        return [replace(epoch, val_loss=math.nan, loss=math.inf) for epoch in studies.curves(member)]

    test = open_page(studies.recorded(store, studies.varied(2), epochs=broken))
    assert SAY("study.bands.none") in words(test)


def test_without_validation_there_is_a_band_of_the_training(store: Store) -> None:
    plan = Plan(studies.base(split={"kind": "none"}), seeds=(1, 2))

    def without(member: Member) -> list[Epoch]:
        return [replace(epoch, val_loss=None, val_accuracy=None) for epoch in studies.curves(member)]

    test = open_page(studies.recorded(store, plan, epochs=without))
    assert len(charts(test)) == 1
    assert SAY("study.verdict.nothing") in words(test)


def test_one_button_cancels_what_is_left(store: Store) -> None:
    states = [RunState.FINISHED, RunState.RUNNING, RunState.QUEUED]
    study = studies.recorded(store, studies.repeated(3), state=lambda place: states[place])
    test = open_page(study)
    assert progress(test) == "1 of 3 done · learning: 1 · waiting: 1"
    assert SAY("study.verdict.so_far") in words(test)
    test.button(key="cancel-study").click().run()
    assert not test.exception
    found = store.get_many(store.get_study(study).runs)
    assert [run.state for run in found] == [RunState.FINISHED, RunState.STOPPING, RunState.STOPPED]


def test_a_study_of_someone_else_is_only_watched(store: Store) -> None:
    study = studies.recorded(store, studies.repeated(2), owner="other", state=lambda _: RunState.QUEUED)
    test = open_page(study)
    assert SAY("study.not_yours") in words(test)
    assert not {"cancel-study", "delete-study"} & {button.key for button in test.button}


@pytest.mark.parametrize("seeds", [1, 2])
def test_levels_that_came_out_alike_have_no_best(store: Store, seeds: int) -> None:
    of_seed: dict[int, tuple[Epoch, ...]] = {}

    def alike(member: Member) -> tuple[Epoch, ...]:
        return of_seed.setdefault(member.seed, studies.curves(member))

    said = words(open_page(studies.recorded(store, studies.varied(seeds), epochs=alike)))
    assert "come out best alike" in said
    assert "**none of them better**" in said
    assert "the same mean, " in said
    assert "the next" not in said
    assert ", then " not in said


def test_more_seeds_are_one_press_away_and_what_there_is_counts(store: Store) -> None:
    study = studies.recorded(store, studies.varied(2), title="ours")
    test = open_page(study)
    assert "could not show any difference" in words(test)
    test.button(key="study.more_seeds").click().run()
    assert not test.exception
    larger = store.studies()[0]
    assert larger.id in str(test.query_params["study"])
    assert (larger.plan.seeds, larger.title) == ((0, 1, 2, 3), "ours")
    assert larger.reused == set(store.get_study(study).runs)
    assert store.count(states={RunState.QUEUED}) == 4


def test_what_is_missing_can_be_trained_again(store: Store) -> None:
    states = [RunState.FINISHED, RunState.STOPPED, RunState.INTERRUPTED, RunState.FAILED]
    study = studies.recorded(store, studies.repeated(4), state=lambda place: states[place])
    test = open_page(study)
    test.button(key="study.missing_runs").click().run()
    assert not test.exception
    again = store.studies()[0]
    assert again.id != study
    assert again.plan == studies.repeated(4)
    assert again.reused == {store.get_study(study).runs[0]}
    assert store.count(states={RunState.QUEUED}) == 3


def test_more_seeds_are_offered_as_long_as_they_fit() -> None:
    assert plans.with_more_seeds(studies.divided()) is None
    assert plans.with_more_seeds(studies.repeated(40)) is None
    for plan, seeds in ((studies.repeated(1), 3), (studies.repeated(5), 10), (studies.varied(4), 8)):
        more = plans.with_more_seeds(plan)
        assert more is not None
        assert len(more.seeds) == seeds
        assert more.seeds[: len(plan.seeds)] == plan.seeds


@pytest.mark.parametrize(("pairs", "seeds"), [(1, 4), (3, 5), (15, 6)])
def test_how_many_seeds_can_show_a_difference(pairs: int, seeds: int) -> None:
    assert seeds_needed(pairs) == seeds
    for number, enough in ((seeds - 1, False), (seeds, True)):
        smallest = mannwhitneyu(range(number), range(50, 50 + number), method="exact").pvalue
        assert bool(pairs * smallest < 0.05) is enough


def test_reused_runs_are_marked(store: Store) -> None:
    studies.recorded(store, studies.repeated(2))
    test = open_page(studies.recorded(store, studies.repeated(3)))
    assert "reused from before: 2" in progress(test)
    states = list(test.dataframe[1].value.iloc[:, 1])
    assert [SAY("study.reused") in state for state in states] == [True, True, False]


def test_chosen_runs_are_compared(store: Store) -> None:
    study = studies.recorded(store, studies.repeated(3))
    one, _, other = store.get_study(study).runs
    test = open_page(study)
    test.multiselect(key=f"chosen-{study}").select(one).run()
    assert "compare-chosen" not in {button.key for button in test.button}
    test.multiselect(key=f"chosen-{study}").select(other).run()
    test.button(key="compare-chosen").click().run()
    assert not test.exception
    assert "study" not in test.query_params
    assert f"{one},{other}" in str(test.query_params["runs"])


@pytest.mark.parametrize(
    "study", ["nosuchone1", "../../etc", "<script>alert(1)</script>", "가나다", "x" * 500]
)
def test_an_unknown_study_is_said_on_a_working_page(store: Store, study: str) -> None:
    test = open_page(study)
    assert SAY("study.missing") in words(test)
    test.button(key="all-studies").click().run()
    assert not test.exception
    assert test.title[0].value == SAY("page.compare.title")


def test_titles_are_shown_as_they_were_typed(store: Store) -> None:
    study = studies.recorded(store, studies.repeated(1), title="<b>a</b> *b* $c$")
    assert heading(open_page(study)) == "<b>a</b> *b* $c$"


def heading(test: AppTest) -> str:
    return str(test.title[0].value).replace("\\", "")


def test_the_list_shows_how_far_each_is(store: Store) -> None:
    done = studies.recorded(store, studies.repeated(2), title="done")
    waits = studies.recorded(store, studies.varied(1), title="waits", state=lambda _: RunState.QUEUED)
    test = open_page()
    text = words(test)
    assert SAY("study.list.left", runs=1) in text  # the other one is reused
    assert SAY("study.list.over") in text
    keys = [button.key for button in test.button if (button.key or "").startswith("open-study-")]
    assert keys == [f"open-study-{waits}", f"open-study-{done}"]
    test.button(key=f"open-study-{done}").click().run()
    assert not test.exception
    assert test.title[0].value == "done"


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_list_without_studies_leads_to_the_lab(store: Store, lang: str) -> None:
    runs.over(store)
    runs.over(store)
    assert language(lang)("study.list.none") in words(open_page(lang=lang))


def test_a_study_is_deleted_after_a_second_press_and_its_runs_stay(store: Store) -> None:
    study = studies.recorded(store, studies.repeated(2))
    test = open_page(study)
    assert test.button(key="delete-study").disabled
    test.checkbox(key=f"sure-{study}").check().run()
    test.button(key="delete-study").click().run()
    assert not test.exception
    assert store.count_studies() == 0
    assert store.count() == 2


@pytest.mark.parametrize(
    ("title", "korean"),
    [
        ("deeper (64 · fold 2 · seed 3)", "deeper (64 · 폴드 2 · 시드 3)"),
        ("deeper (seed 3)", "deeper (시드 3)"),
        ("best (seed 3) again", "best (seed 3) again"),
        ("seed 3", "seed 3"),
    ],
)
def test_the_label_of_a_run_of_a_study_is_said_in_the_readers_language(
    store: Store, title: str, korean: str
) -> None:
    run = store.get(runs.over(store, title=title))
    assert name_of(run, language("ko")) == korean
    assert name_of(run, SAY) == title
