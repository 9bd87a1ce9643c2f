"""The run page in every state, read and pressed as a student would, without a browser."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.experiment import EarlyStopping, NoSplit
from core.run import Reason, RunState
from core.storage import Store
from core.training import artifact_names
from core.training.checkpoint import Checkpoint, CheckpointInfo
from dashboard.shared import run_list, services
from dashboard.shared.language import language
from dashboard.shared.markdown import escaped
from tests.dashboard import runs
from tests.dashboard.pages import in_tab, opened, press_label, run_again, words
from tests.networks import keep_networks

OWNER = "student"
SAY = language("en")


@pytest.fixture(autouse=True)
def _one_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "owner", lambda: OWNER)


def open_page(run: str | None = None, lang: str = "en") -> AppTest:
    return opened("run", lang, run=run)


def labels(test: AppTest) -> list[str]:
    return [button.label for button in test.button]


def address(test: AppTest) -> str:
    """The run in the page's address."""
    value = test.query_params["run"]
    return value if isinstance(value, str) else str(value[0])


def kept_weights(run: str) -> None:
    keep_networks(services.artifacts(), run)


# The list


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_without_runs_it_leads_to_the_lab(lang: str) -> None:
    test = open_page(lang=lang)
    assert language(lang)("runs.none") in words(test)


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_state_has_its_line(store: Store, lang: str) -> None:
    runs.queued(store, title="waits")
    runs.running(store, title="learns")
    for state in runs.DONE:
        runs.over(store, state, title=f"is {state.value}")
    test = open_page(lang=lang)
    text = words(test)
    assert language(lang)("runs.count", number=6) in text
    assert language(lang)("state.queued.place", position=1) in text
    for state in ("running", *(state.value for state in runs.DONE)):
        assert language(lang)(f"state.{state}") in text


def test_the_filters_narrow_the_list(store: Store) -> None:
    runs.over(store, title="alpha")
    runs.over(store, RunState.STOPPED, title="beta", owner="someone")
    runs.over(store, title="100% _x_", owner="someone")
    test = open_page()
    count = SAY("runs.count", number=1)

    test.text_input(key="runs-text").input("ALPHA").run()
    assert count in words(test)
    test.text_input(key="runs-text").input("% _").run()
    assert count in words(test)
    test.text_input(key="runs-text").input("nothing").run()
    assert SAY("runs.nothing_fits") in words(test)
    test.text_input(key="runs-text").input("").run()

    test.selectbox(key="runs-state").select("stopped").run()
    assert count in words(test)
    test.selectbox(key="runs-state").select(None).run()
    test.selectbox(key="runs-dataset").select("mnist").run()
    assert SAY("runs.nothing_fits") in words(test)
    test.selectbox(key="runs-dataset").select(None).run()
    test.segmented_control(key="runs-whose").select("mine").run()
    assert count in words(test)
    assert not test.exception


def test_long_lists_have_pages(store: Store) -> None:
    for number in range(run_list.PAGE + 1):
        runs.queued(store, title=f"number {number}")
    test = open_page()
    assert f"number {run_list.PAGE}" in listed(test)
    assert "number 0" not in listed(test)
    test.session_state["runs-page"] = 2
    test.run()
    assert listed(test) == ["number 0"]


def listed(test: AppTest) -> list[str]:
    return [
        button.label.removeprefix("**").removesuffix("**")
        for button in test.button
        if (button.key or "").startswith("open-")
    ]


def test_a_run_is_opened_from_the_list_and_left_again(store: Store) -> None:
    run = runs.over(store)
    test = open_page()
    test.button(key=f"open-{run}").click().run()
    assert address(test) == run
    assert test.metric
    test.button(key="all-runs").click().run()
    assert "run" not in test.query_params
    assert not test.metric
    assert len(listed(test)) == 1


def test_a_run_is_renamed_and_deleted_after_a_second_press(store: Store) -> None:
    run = runs.over(store, title="old")
    test = open_page()
    test.text_input(key=f"title-{run}").input("new *name*")
    press_label(test, SAY("run.rename"))
    assert store.get(run).title == "new *name*"
    assert listed(test) == [r"new \*name\*"]

    delete = next(button for button in test.button if button.label == SAY("run.delete"))
    assert delete.disabled
    test.checkbox(key=f"sure-{run}").check().run()
    press_label(test, SAY("run.delete"))
    assert store.count() == 0
    assert SAY("runs.none") in words(test)


def test_runs_of_others_are_only_shown(store: Store) -> None:
    run = runs.over(store, owner="someone")
    assert SAY("run.delete") not in labels(open_page())
    assert SAY("run.delete") not in labels(open_page(run))


def test_runs_of_the_command_line_belong_to_everyone(store: Store) -> None:
    runs.over(store, owner="cli")
    assert SAY("run.delete") in labels(open_page())


def test_what_still_runs_cannot_be_deleted(store: Store) -> None:
    runs.running(store)
    test = open_page()
    assert SAY("run.delete") not in labels(test)
    assert SAY("run.delete.not_over") in words(test)


# One run


def test_an_unknown_run_is_said_on_a_working_page() -> None:
    test = open_page("nosuchrun1")
    assert SAY("run.missing") in words(test)
    for run in ("../../etc", "a b", "<script>", "가나다", "x" * 500, "%00"):
        test.query_params["run"] = run
        assert SAY("run.missing") in words(run_again(test))
    test.button(key="all-runs").click().run()
    assert test.title[0].value == SAY("page.run.title")


def curves(test: AppTest) -> list[str]:
    """Keys of the live curves on the page."""
    return [one.proto.id for one in test.get("bidi_component") if "-live-" in one.proto.id]


def test_a_waiting_run_can_be_taken_out(store: Store) -> None:
    run = runs.queued(store)
    test = open_page(run, "ko")
    assert len(curves(test)) == 1
    press_label(test, language("ko")("run.stop"))
    assert store.get(run).state is RunState.STOPPED
    assert not curves(test)


def test_a_running_run_can_be_stopped_once(store: Store) -> None:
    run = runs.running(store)
    test = open_page(run)
    assert len(curves(test)) == 1
    press_label(test, SAY("run.stop"))
    assert store.get(run).state is RunState.STOPPING
    assert next(button for button in test.button if button.key == f"stop-{run}").disabled


def test_a_run_of_someone_else_can_only_be_watched(store: Store) -> None:
    test = open_page(runs.running(store, owner="someone"))
    assert SAY("run.stop") not in labels(test)
    assert SAY("run.not_yours") in words(test)


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("tab", ["mistakes", "epochs", "network", "code", "settings"])
def test_a_finished_run_in_full(store: Store, tab: str, lang: str) -> None:
    t = language(lang)
    run = runs.over(store, title="Tuesday, 3rd row")
    test = opened("run", lang, state={"run-tabs": t(f"run.tab.{tab}")}, run=run)
    assert test.title[0].value == "Tuesday, 3rd row"
    assert t("verdict.turned", epoch=4, value="0.4000", rise="50%") in words(test)
    tiles = {metric.label: metric.value for metric in test.metric}
    assert tiles == {
        t("tile.loss"): t("turn.epoch", epoch=4),
        t("tile.accuracy"): t("turn.not_reached"),
        t("tile.test_accuracy"): "98.36%",
        t("tile.test_loss"): "0.3456",
    }
    shown = {
        "mistakes": lambda: (
            [one.value.shape for one in test.dataframe] == [(10, 5), (3, 4), (2, 4)]
            and len(test.get("plotly_chart")) == 1
        ),
        "epochs": lambda: list(test.dataframe[0].value.iloc[:, 2]) == list(runs.TURNING),
        "network": lambda: list(test.dataframe[0].value.iloc[:, 2]) == [4160, 650],
        "code": lambda: "keras" in test.code[0].value,
        "settings": lambda: len(test.table) == 3,
    }
    assert shown[tab]()


def test_the_matrix_as_counts(store: Store) -> None:
    test = open_page(runs.over(store))
    test.segmented_control(key="confusion-form").select("counts").run()
    assert not test.exception
    assert '"12"' in test.get("plotly_chart")[0].proto.spec


def test_the_code_in_both_styles(store: Store) -> None:
    run = runs.over(store)
    test = open_page(run)
    in_tab(test, "run-tabs", SAY("run.tab.code"))
    sequential = test.code[0].value
    test.segmented_control(key="code-style").select("functional").run()
    assert "Sequential" in sequential
    assert "Sequential(" not in test.code[0].value


def test_a_new_network_is_trained_to_the_turning_point_once(store: Store) -> None:
    run = runs.over(store)
    test = press_label(open_page(run), SAY("run.train_to", epoch=4))
    new = address(test)
    assert new != run
    fresh = store.get(new)
    assert (fresh.experiment.epochs, fresh.epochs, fresh.continues) == (4, (), "")
    assert fresh.owner == OWNER
    test.query_params["run"] = run
    test.run()
    press_label(test, SAY("run.train_to", epoch=4))
    assert address(test) == new
    assert store.count() == 2


def test_a_run_goes_on(store: Store) -> None:
    run = runs.over(store, val_losses=runs.FALLING)
    kept_weights(run)
    test = open_page(run)
    test.number_input(key=f"more-{run}").set_value(3).run()
    press_label(test, SAY("run.extend.start", epochs=3))
    longer = store.get(address(test))
    assert (longer.experiment.epochs, len(longer.epochs), longer.continues) == (7, 4, run)


def broken_off(store: Store, epochs: int, batch: int = 0) -> str:
    """A run whose worker died, with a checkpoint after so many epochs."""
    run = runs.running(store, runs.TURNING[:5])
    found = store.get(run)
    done = found.epochs[:epochs]
    state = (np.zeros(2, np.float32),)
    about = CheckpointInfo(found.experiment.digest, done, epochs, batch)
    within = state if batch else None
    with services.artifacts().write_file(run, artifact_names.CHECKPOINT) as file:
        Checkpoint(about, state, state, within).write(file)
    store.finish(run, RunState.FAILED, Reason("worker_died", {"epoch": 6}))
    return run


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_run_that_was_broken_off_goes_on_with_one_press(store: Store, lang: str) -> None:
    t = language(lang)
    run = broken_off(store, 4)
    test = press_label(open_page(run, lang), t("run.resume", epoch=4))
    again = store.get(address(test))
    assert again.experiment == store.get(run).experiment
    assert (len(again.epochs), again.continues, again.state) == (4, run, RunState.QUEUED)
    test.query_params["run"] = run
    press_label(run_again(test), t("run.resume", epoch=4))
    assert address(test) == again.id
    # In the middle of an epoch it is that epoch.
    assert t("run.resume", epoch=5) in labels(open_page(broken_off(store, 4, 7), lang))


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_run_without_a_checkpoint_is_trained_again_with_one_press(store: Store, lang: str) -> None:
    t = language(lang)
    run = runs.running(store, ())
    store.finish(run, RunState.INTERRUPTED, Reason("server_ended", {"state": "running"}))
    test = press_label(open_page(run, lang), t("run.restart"))
    again = store.get(address(test))
    assert (again.experiment, again.continues) == (store.get(run).experiment, "")


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_damaged_files_are_said_in_words_and_queue_nothing(store: Store, lang: str) -> None:
    t = language(lang)
    run = broken_off(store, 4)
    services.artifacts().save_bytes(run, artifact_names.CHECKPOINT, b"")
    test = open_page(run, lang)
    assert t("error.artifact_damaged", run=run, name=artifact_names.CHECKPOINT) in words(test)
    assert t("run.resume", epoch=4) not in labels(test)

    run = runs.over(store, val_losses=runs.FALLING)
    kept_weights(run)
    services.artifacts().save_bytes(run, artifact_names.LAST_SEEDS, b"\x80\x04K\x01.")
    test = press_label(open_page(run, lang), t("run.extend.start", epochs=5))
    assert t("error.artifact_damaged", run=run, name=artifact_names.LAST_SEEDS) in words(test)
    assert "pickle" not in words(test)
    assert store.queue() == []


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_network_that_was_evaluated_can_be_saved_if_it_is_whole(store: Store, lang: str) -> None:
    t = language(lang)
    stopping = EarlyStopping(patience=3, restore_best=True)
    run = runs.over(store, early_stopping=stopping)
    kept_weights(run)
    test = open_page(run, lang)
    in_tab(test, "run-tabs", t("run.tab.network"))
    assert t("run.model.about", epoch=4, keras="3.15") in words(test)
    assert [one.proto.label for one in test.get("download_button")] == [t("run.model.save")]
    services.artifacts().save_bytes(run, artifact_names.BEST, b"PK nothing of the kind")
    run_again(test)
    assert t("error.artifact_damaged", run=run, name=artifact_names.BEST) in words(test)
    assert not test.get("download_button")


def test_a_run_that_a_waiting_one_needs_is_not_deleted(store: Store) -> None:
    run = runs.over(store, val_losses=runs.FALLING)
    waiting = store.add(store.get(run).experiment, owner=OWNER, continues=run, epochs=store.get(run).epochs)
    test = open_page(run)
    test.checkbox(key=f"sure-{run}").check().run()
    press_label(test, SAY("run.delete"))
    assert SAY("error.run_needed", run=run, by=waiting) in words(test)
    assert store.get(run)


def test_without_weights_going_on_is_not_offered(store: Store) -> None:
    test = open_page(runs.over(store, val_losses=runs.FALLING))
    assert not [label for label in labels(test) if "more" in label]


def test_a_full_queue_is_said(store: Store) -> None:
    for number in range(20):
        runs.queued(store, seed=number)
    test = press_label(open_page(runs.over(store)), SAY("run.train_to", epoch=4))
    assert SAY("error.queue_full", received=20) in words(test)


@pytest.mark.parametrize(
    ("state", "lang"), [(RunState.FAILED, "ko"), (RunState.INTERRUPTED, "en"), (RunState.STOPPED, "ko")]
)
@pytest.mark.parametrize("val_losses", [(), (0.5,), runs.TURNING], ids=["none", "one", "eight"])
def test_what_ended_early_shows_why_and_every_epoch(
    store: Store, state: RunState, val_losses: tuple[float, ...], lang: str
) -> None:
    run = runs.over(store, state, val_losses)
    test = open_page(run, lang)
    assert bool(curves(test)) == bool(val_losses)
    if state is not RunState.STOPPED:
        assert language(lang).reason(runs.DONE[state]) in words(test)
    if val_losses:
        in_tab(test, "run-tabs", language(lang)("run.tab.epochs"))
        assert len(test.dataframe[0].value) == len(val_losses)
    assert not test.exception


def test_without_validation_there_is_no_turning_point_to_show(store: Store) -> None:
    test = open_page(runs.over(store, val_losses=(None, None), split=NoSplit()))
    assert SAY("verdict.no_validation") in words(test)
    assert SAY("tile.loss") not in [metric.label for metric in test.metric]


def test_numbers_that_are_none_break_nothing(store: Store) -> None:
    run = runs.with_nan(store).id
    store.finish(run, RunState.FAILED, runs.DONE[RunState.FAILED])
    test = open_page(run)
    in_tab(test, "run-tabs", SAY("run.tab.epochs"))
    assert np.isnan(test.dataframe[0].value.iloc[1, 2])


def test_a_title_is_shown_as_typed(store: Store) -> None:
    test = open_page(runs.over(store, title="# **x** :smile: <b>"))
    assert test.title[0].value.replace("\N{WORD JOINER}", "") == r"\# \*\*x\*\* \:smile: \<b\>"


def test_the_link_to_the_lab_carries_the_experiment(store: Store) -> None:
    test = open_page(runs.over(store, batch_size=64))
    (link,) = [one for one in test.get("page_link") if one.proto.label == SAY("run.open_in_lab")]
    assert "batch_size=64" in link.proto.query_string
    assert "epochs=8" in link.proto.query_string


def test_a_scale_that_there_is_not_is_said_and_the_page_works(store: Store) -> None:
    run = runs.over(store)
    test = opened("run", run=run, scale="cubic**\n# x")
    assert [one.value for one in test.warning] == [
        SAY("axis.scale.unknown", value=f"**{escaped('cubic**' + chr(10) + '# x')}**")
    ]
    assert len(test.tabs) > 3
    assert not opened("run", run=run, scale="log").warning
