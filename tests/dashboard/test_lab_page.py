"""The lab and the first page, pressed as a student would, without a browser."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core import presets
from core.experiment import SGD, Layer
from core.run import Epoch, Reason, RunState
from core.storage import Store
from dashboard.lab import session as labs
from dashboard.shared import services
from dashboard.shared.language import language
from tests.dashboard.pages import checked, in_tab, opened, press_label

OWNER = "student"


@pytest.fixture(autouse=True)
def _one_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test is one browser."""
    monkeypatch.setattr(services, "owner", lambda: OWNER)


def open_page(page: str, **parameters: str) -> AppTest:
    return opened(page, **parameters)


def only_run(store: Store) -> str:
    runs = store.summaries()
    assert len(runs) == 1
    return runs[0].id


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("page", ["", "lab"])
def test_pages_open_in_both_languages(page: str, language: str) -> None:
    test = open_page(page, lang=language)
    assert test.title[0].value


def test_one_press_queues_the_first_preset(store: Store) -> None:
    test = open_page("")
    press_label(test, "Train a network now")
    run = store.get(only_run(store))
    assert run.experiment == presets.load(presets.FIRST)
    assert (run.owner, run.preset) == (OWNER, presets.FIRST)


def test_a_second_press_leads_to_the_same_run(store: Store) -> None:
    press_label(open_page(""), "Train a network now")
    press_label(open_page(""), "Train a network now")
    test = press_label(open_page("lab", preset=presets.FIRST), "Train")
    run = only_run(store)
    assert test.query_params["run"] == run


def test_the_lab_shows_what_was_trained_after_a_reload(store: Store) -> None:
    test = press_label(open_page("lab"), "Train")
    run = test.query_params["run"]
    again = open_page("lab", run=run)
    assert any(one.label for one in again.button if one.label.startswith(("Stop", "Remove", "Take")))


def test_after_the_end_the_next_step_is_offered(store: Store) -> None:
    run = store.add(presets.load(presets.PLAIN), owner=OWNER)
    store.start(run, "test")
    store.record_epoch(run, Epoch(1, 1.0, 0.5, 1.1, 0.4, 0.001, 0.1))
    store.finish(run, RunState.FAILED, Reason("not_a_number", {"epoch": 2, "batch": 3}))
    test = open_page("lab", run=run)
    assert not test.exception


def test_an_unknown_run_is_said_on_a_working_page() -> None:
    test = open_page("lab", run="nothing")
    assert any("nothing" in one.value for one in (*test.warning, *test.error))
    assert any(one.label == "Train" for one in test.button)


def test_a_link_opens_the_experiment() -> None:
    test = open_page("lab", preset="fashion-deep", epochs="7", optimizer="sgd:0.1:0.9")
    lab = test.session_state["lab"].draft.to_dict()
    assert lab["epochs"] == 7
    assert lab["optimizer"] == {"kind": "sgd", "learning_rate": 0.1, "momentum": 0.9}
    assert test.query_params["epochs"] == "7"


@pytest.mark.parametrize(
    "parameters",
    [{"preset": "<script>"}, {"epochs": "-1"}, {"layers": "dense:1:softmax"}, {"x": "1"}],
)
def test_a_wrong_link_is_said_on_a_working_page(parameters: dict[str, str]) -> None:
    test = open_page("lab", **parameters)
    assert test.error[0].value.startswith("The experiment in this link cannot be read")
    assert test.session_state["lab"].draft == presets.load(presets.PLAIN)
    press_label(test, "Train")
    assert test.query_params["run"]


def test_a_preset_is_chosen_changed_and_reset() -> None:
    test = open_page("lab")
    test.selectbox[0].select("mnist-three-layers").run()
    assert test.session_state["lab"].draft.to_dict()["dataset"] == "mnist"
    assert test.query_params["preset"] == "mnist-three-layers"
    epochs = next(one for one in test.number_input if one.label == "Epochs")
    epochs.set_value(3).run()
    assert test.query_params["epochs"] == "3"
    press_label(test, "Reset")
    assert test.session_state["lab"].draft.to_dict()["epochs"] == 30
    assert "epochs" not in test.query_params


def test_data_that_is_missing_is_said_and_training_is_off() -> None:
    test = open_page("lab", preset="mnist-three-layers")
    assert "not on this computer" in test.info[0].value
    assert next(one for one in test.button if one.label == "Train").disabled


def test_layers_are_added_edited_and_the_impossible_is_mended() -> None:
    test = open_page("lab")
    menu = test.menu_button[0]
    about = language("en")("layer.lstm.about")
    assert dict(zip(Layer.KINDS, menu.options, strict=True))["lstm"] == f"**LSTM**\u2003:small[{about}]"
    checked(menu.click("lstm").run())
    assert len(test.session_state["lab"].draft.to_dict()["layers"]) == 4
    assert "needs a sequence" in test.warning[0].value
    assert next(one for one in test.button if one.label == "Train").disabled
    units = [one for one in test.number_input if one.label == "Units"][-1]
    units.set_value(3).run()
    assert test.session_state["lab"].draft.to_dict()["layers"][-1]["units"] == 3


def test_mending_by_one_press() -> None:
    test = open_page("lab")
    units = [one for one in test.number_input if one.label == "Units"][-1]
    units.set_value(3).run()
    assert "Give the last Dense layer 10 units" in test.warning[0].value
    press_label(test, "Mend it like this")
    assert not test.warning
    assert test.session_state["lab"].draft.to_dict()["layers"][-1]["units"] == 10


def choose(test: AppTest, label: str, code: str) -> AppTest:
    """Choose in the box with this label."""
    next(one for one in test.selectbox if one.label == label).select(code).run()
    assert not test.exception
    return test


def test_a_student_who_picks_texts_has_a_network_for_them_at_once(store: Store) -> None:
    test = choose(open_page("lab"), "Data", "mini_reviews")
    assert not test.warning
    labels = {one.label for one in test.selectbox}
    assert "Value of a word" in labels
    assert "Scaling" not in labels
    words = next(one for one in test.number_input if one.label == "Word numbers")
    assert words.max == words.value
    press_label(test, "Train")
    experiment = store.get(only_run(store)).experiment
    assert (experiment.encoding.kind, experiment.loss) == ("multi_hot", "binary_crossentropy")
    choose(test, "Data", "digits")
    assert not test.warning
    assert "Scaling" in {one.label for one in test.selectbox}


def test_the_order_of_the_words_is_kept_by_one_choice_and_its_vocabulary_follows() -> None:
    test = choose(choose(open_page("lab"), "Data", "imdb"), "Form of the input", "padded")
    assert not test.warning
    next(one for one in test.number_input if one.label == "Word numbers").set_value(500).run()
    assert not test.warning
    assert next(one for one in test.number_input if one.label == "Vocabulary").value == 500
    next(one for one in test.number_input if one.label == "Vocabulary").set_value(50).run()
    assert "at least 500" in test.warning[0].value
    press_label(test, "Mend it like this")
    assert not test.warning


def test_the_address_is_followed_only_when_it_leads_elsewhere() -> None:
    first = labs.follow(None, {})
    assert first.preset == presets.PLAIN
    again = labs.follow(first, {"lang": "ko"})
    assert again == first
    other = labs.follow(first, {"preset": "fashion-deep", "run": "abc"})
    assert (other.preset, other.run) == ("fashion-deep", "abc")
    assert other.generation == first.generation + 1
    assert labs.follow(other, {"preset": "fashion-deep", "run": "abc"}) == other


MOVING = (".up", ".down", ".remove")


def keys(test: AppTest) -> dict[str, str]:
    """The key of every widget of the form by what it sets."""
    found = (*test.number_input, *test.selectbox, *test.toggle, *test.button, *test.menu_button)
    return {one.key.split(":", 2)[2]: one.key for one in found if one.key and one.key.startswith("lab:")}


def test_only_layers_that_move_get_new_widgets() -> None:
    test = opened("lab", preset="digits-first-network")
    before = keys(test)
    next(one for one in test.selectbox if one.label == "Optimizer").set_value("sgd").run()
    after = keys(test)
    assert before.items() <= after.items()
    assert test.number_input(key=after["optimizer.learning_rate"]).value == SGD.new().learning_rate
    test.number_input(key=after["layers.1.units"]).set_value(7).run()
    assert keys(test) == after
    test.button(key=after["layers.1.remove"]).click().run()
    last = keys(test)
    same = {path for path in last if last[path] == after.get(path)}
    assert {"dataset", "split", "optimizer.momentum", "epochs", "early_stopping"} <= same
    layers = {path for path in same if path.startswith(("layers.", "add"))}
    # What stood before it is as it was; what moves or takes away belongs to the list as it is now.
    assert layers == {path for path in last if path.startswith("layers.0.") and not path.endswith(MOVING)}
    assert layers


def test_another_preset_changes_what_widgets_show_and_moves_nothing_that_was_pressed_before() -> None:
    test = opened("lab", preset="digits-first-network")
    before = keys(test)
    next(one for one in test.number_input if one.label == "Epochs").set_value(7).run()
    next(one for one in test.selectbox if one.label == "Start from").set_value("fashion-deep").run()
    after, draft = keys(test), presets.load("fashion-deep")
    assert test.session_state["lab"].draft == draft
    anew = {path for path in before if path in after and after[path] != before[path]}
    assert anew == {path for path in after if path.endswith(MOVING) or path == "add"} & set(before)
    shown = {path: test.session_state[key] for path, key in after.items()}
    assert {
        path: shown[path] for path in ("epochs", "batch_size", "dataset", "optimizer", "layers.1.units")
    } == {
        "epochs": draft.epochs,
        "batch_size": draft.batch_size,
        "dataset": draft.dataset,
        "optimizer": draft.optimizer.kind,
        "layers.1.units": draft.to_dict()["layers"][1]["units"],
    }


def test_a_layer_more_leaves_those_before_it_and_draws_the_output_behind_it() -> None:
    test = opened("lab", preset="digits-first-network")
    number, before = len(test.session_state["lab"].draft.layers), keys(test)
    checked(test.menu_button[0].click("dropout").run())
    after = keys(test)
    assert [layer.kind for layer in test.session_state["lab"].draft.layers[-2:]] == ["dropout", "dense"]
    anew = {path for path in after if after[path] != before.get(path)}
    assert "layers.0.units" not in anew
    assert {f"layers.{number - 1}.rate", f"layers.{number}.units", "layers.0.remove", "add"} <= anew


def test_what_is_no_layer_of_the_menu_is_not_added() -> None:
    test = opened("lab", preset="digits-first-network")
    draft = test.session_state["lab"].draft
    checked(test.menu_button[0].click("forged").run())
    assert test.session_state["lab"].draft == draft


def test_a_setting_back_from_another_preset_shows_what_it_is_there() -> None:
    test = opened("lab", preset="digits-first-network")
    preset = presets.load("digits-first-network")
    next(one for one in test.number_input if one.label == "Epochs").set_value(3).run()
    next(one for one in test.selectbox if one.label == "Start from").set_value("fashion-deep").run()
    next(one for one in test.selectbox if one.label == "Start from").set_value("digits-first-network").run()
    assert next(one for one in test.number_input if one.label == "Epochs").value == preset.epochs
    assert test.session_state["lab"].draft == preset


def test_only_generated_data_can_be_saved_beside_the_script() -> None:
    t = language("en")
    label, code = t("run.code.save_data"), {"lab-network": t("lab.tab.code")}
    for preset, offered in (("mini-reviews", True), ("imdb-multi-hot", False)):
        labels = [one.label for one in opened("lab", state=code, preset=preset).get("download_button")]
        assert (label in labels) is offered


def test_of_the_network_only_what_is_open_is_sent() -> None:
    t, test = language("en"), open_page("lab")
    for tab, sent in (("table", ""), ("diagram", "graphviz_chart"), ("code", "code"), ("table", "")):
        in_tab(test, "lab-network", t(f"lab.tab.{tab}"))
        assert [name for name in ("graphviz_chart", "code") if test.get(name)] == ([sent] if sent else [])


def test_a_second_press_on_a_mend_does_not_mend_what_has_taken_its_place() -> None:
    test = opened("lab", preset="digits-first-network")
    for name in ("early_stopping", "reduce_lr"):
        checked(
            next(one for one in test.toggle if one.key and one.key.endswith(f":{name}")).set_value(True).run()
        )
    choose(test, "Validation split", "none")
    mends = [one.key for one in test.button if one.label == "Mend it like this"]
    assert len(mends) == 2
    checked(test.button(key=mends[0]).click().run())
    left = [one.key for one in test.button if one.label == "Mend it like this"]
    assert len(left) == 1
    assert not set(left) & set(mends)
