"""A lab in which only some settings may be changed: whatever is pressed or forged, what is fixed stays."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from streamlit.testing.v1 import AppTest

from core import presets
from core.experiment.changes import UNITS, changed
from core.experiment.freedom import Freedom
from core.storage import Store
from dashboard.lab import session as labs
from dashboard.lab.fewer import freedom_of
from dashboard.shared import reach
from dashboard.shared.freedom_words import freedom_sentence, names_for
from dashboard.shared.language import CODES, language
from dashboard.shared.share import frame_code, qr_code
from tests.dashboard.pages import checked, opened, press, press_label, run_again, words

PRESET = "digits-first-network"
BASE = presets.load(PRESET)


def lab(test: AppTest) -> labs.Lab:
    found: labs.Lab = test.session_state["lab"]
    return found


def forge(test: AppTest, path: str, value: object) -> AppTest:
    """Send a value for a widget, whether or not it can be used."""
    key = lab(test).key(path)
    widget = next(one for one in (*test.number_input, *test.selectbox, *test.toggle) if one.key == key)
    widget.proto.disabled = False
    widget.set_value(value)
    return run_again(test)


def test_what_is_fixed_stays_whatever_is_done(store: Store) -> None:
    test = opened("lab", preset=PRESET, free="epochs,units")
    assert "fixed everything but this: Epochs, Hidden units" in words(test)
    assert not [one for one in test.selectbox if not one.disabled]
    assert not [one for one in test.button if one.key and one.key.endswith((".remove", ".up"))]
    assert not test.menu_button
    # What is open changes, and stands in the address beside what is not.
    forge(test, "epochs", 3)
    forge(test, "layers.0.units", 5)
    assert (lab(test).draft.epochs, lab(test).draft.layers[0].units) == (3, 5)  # type: ignore[attr-defined]
    assert test.query_params["free"] == "epochs,units"
    assert test.query_params["epochs"] == "3"
    # Forged widgets, another language, the preset of another page and another lab's own first press.
    before = lab(test).draft
    for path, value in (("seed", 1), ("early_stopping", True)):
        forge(test, path, value)
        assert lab(test).draft == before
    assert lab(test).would_break(changed(before, {"seed": 1, "epochs": 9})) == ("seed",)
    test.query_params["lang"] = "ko"
    run_again(test)
    assert not lab(test).freedom.is_whole
    test.query_params.clear()
    test.query_params["preset"] = "fashion-deep"
    run_again(test)
    assert lab(test).draft == before
    assert "Open everything to go to it" in words(test)
    assert test.query_params["free"] == "epochs,units"
    press_label(test, "Train")
    assert store.get(test.query_params["run"]).experiment == before
    # The way back to what the link said, and the way out, where a link leads on.
    press(test, "lab-reset")
    assert lab(test).draft == BASE
    test.query_params.clear()
    test.query_params.update({"preset": PRESET, "seed": "5"})
    run_again(test)
    press(test, "lab-open-everything")
    assert lab(test).draft == changed(BASE, {"seed": 5})
    assert lab(test).freedom.is_whole
    assert "free" not in test.query_params
    assert {"preset", "seed"} <= set(test.query_params)


def test_what_is_hidden_is_not_there_and_a_run_of_this_lab_opens_in_it() -> None:
    test = opened("lab", preset=PRESET, hide="all", free="epochs,depth")
    assert [one.label for one in test.number_input] == ["Hidden layers", "Epochs"]
    assert not test.selectbox
    forge(test, "depth", 3)
    assert len(lab(test).draft.layers) == 4
    followed = labs.follow(lab(test), presets.link(changed(BASE, {"epochs": 2}), PRESET))
    assert followed.draft.epochs == 2
    assert not followed.freedom.is_whole
    assert followed.turned_away is None


def test_what_would_mend_by_changing_what_is_fixed_is_not_offered() -> None:
    test = opened("lab", preset="mini-reviews", lock="encoding", hide="labels,split.count")
    checked(test.menu_button[0].click("lstm").run())
    assert test.warning
    assert not [one for one in test.button if one.label == "Mend it like this"]


@pytest.mark.parametrize("name", ["lock", "hide", "free"])
def test_a_wrong_name_is_said_on_a_working_page(name: str) -> None:
    test = opened("lab", preset=PRESET, **{name: "epochs,<b>[x](y)</b>"})
    assert "no setting or group" in test.error[0].value
    assert lab(test).freedom.is_whole


def test_a_link_with_fewer_controls_is_made_by_ticking() -> None:
    test = press(opened("lab", preset=PRESET), "lab-fewer")
    assert "fixed everything but this: Hidden units, Epochs" in words(test)
    for code in CODES:
        t = language(code)
        for preset in presets.NAMES:
            names = names_for(presets.load(preset))
            every = [name for group in names.values() for name in group]
            assert len({t.setting(name) for name in every} & set(every)) == 0
            for free in ([], every, [UNITS], ["epochs"]):
                for rest in ("lock", "hide"):
                    freedom = freedom_of([name for name in free if name in every], rest)
                    assert Freedom.read(freedom.parameters) == freedom
                    assert "{" not in freedom_sentence(freedom, t)


def test_a_link_for_a_class_leads_to_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "network_address", lambda: "10.1.2.3")
    parameters = {"layers": "dense:64:relu,dense:10:softmax", "title": "a&b c"}
    said = "layers=dense:64:relu,dense:10:softmax&title=a%26b+c"
    asked = {"url": "http://localhost:8501/class7/lab", "parameters": parameters}
    monkeypatch.setattr(reach.config, "get_option", lambda _: "0.0.0.0")
    found = reach.addresses(**asked)  # type: ignore[arg-type]
    assert (found.here, found.best) == (
        f"http://localhost:8501/class7/lab?{said}",
        f"http://10.1.2.3:8501/class7/lab?{said}",
    )
    monkeypatch.setattr(reach.config, "get_option", lambda _: "127.0.0.1")
    found = reach.addresses(**asked)  # type: ignore[arg-type]
    assert found.only_here
    assert found.best == found.here
    asked["url"] = "https://class.example.org/lab"
    assert reach.addresses(**asked).best == f"https://class.example.org/lab?{said}"  # type: ignore[arg-type]


def test_a_code_is_dark_on_light_and_what_is_too_long_has_none() -> None:
    picture = qr_code("http://10.1.2.3:8501/lab?free=epochs")
    assert picture is not None
    assert re.search(r"fill='#fff'.*stroke='#000'", unquote(picture))
    assert qr_code("x" * 5_000) is None
    assert frame_code('http://x/?a="&b=<', 'a"b').count('"') == 10
