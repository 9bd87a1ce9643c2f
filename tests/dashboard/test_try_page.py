"""The try page in every state, asked as a student would; a real trained network answers, in this process."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core import presets
from core.catalog import dataset_info
from core.datasets.tokenization import LONGEST_TEXT, tokenize
from core.settings import Settings
from core.training import artifact_names
from dashboard.shared import services
from dashboard.shared.language import SESSION_KEY, language
from tests.dashboard import runs
from tests.dashboard.answering import OWNER, answered_here, train
from tests.dashboard.pages import opened, press, words

SAY = language("en")
SCRIPT = "<script>window.broken = true</script><img src=x onerror=alert(1)> a good film"


def open_page(run: str | None = None, lang: str = "en", **parameters: str) -> AppTest:
    return opened("try", lang, run=run, **parameters)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, str]:
    """A home with one network that has learned the generated reviews for two epochs."""
    return train(tmp_path_factory.mktemp("home"), "mini-reviews", epochs=2)


@pytest.fixture
def network(trained: tuple[Settings, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The run; its questions are answered here instead of by an engine."""
    settings, run = trained
    with answered_here(settings, monkeypatch):
        yield run


def ask(test: AppTest, text: str) -> AppTest:
    test.text_area[0].set_value(text).run()
    assert not test.exception
    return test


def seen_words(test: AppTest) -> list[list[object]]:
    """What the component with the words was given."""
    for block in test.main:
        for element in walk(block):
            proto = getattr(element, "proto", None)
            if proto is not None and getattr(proto, "json", "").startswith('{"words"'):
                found: list[list[object]] = json.loads(proto.json)["words"]
                return found
    raise AssertionError("there are no words")


def walk(block: object) -> Iterator[object]:
    yield block
    for child in getattr(block, "children", {}).values():
        yield from walk(child)


# Choosing a network


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_without_a_network_it_leads_to_the_lab(lang: str) -> None:
    test = open_page(lang=lang)
    assert language(lang)("try.none") in words(test)
    assert {link.proto.page for link in test.get("page_link")} == {"lab"}


def networks(test: AppTest) -> list[str]:
    """The runs that are offered."""
    keys = [str(button.key) for button in test.button]
    return [key.removeprefix("try-open-") for key in keys if key.startswith("try-open-")]


def test_own_networks_are_offered(network: str) -> None:
    # Not those of others, or under way.
    images = runs.over(services.store(), owner=OWNER)
    runs.over(services.store(), owner="somebody else")
    services.store().add(presets.load("mini-reviews"), owner=OWNER)
    test = open_page()
    assert networks(test) == [images, network]
    press(test, f"try-open-{network}")
    assert SAY("try.words") in words(test)
    press(test, "try-others")
    assert SAY("try.choose") in words(test)


def test_an_unknown_run_leads_back(network: str) -> None:
    test = open_page("<b>nosuch</b>")
    assert SAY("run.missing") in words(test)
    assert "<b>" not in words(test)
    press(test, "try-others")
    assert SAY("try.choose") in words(test)


def test_networks_that_cannot_be_asked_say_why() -> None:
    store = services.store()
    waiting = store.add(presets.load("mini-reviews"), owner=OWNER)
    assert SAY("try.not_over") in words(open_page(waiting))
    store.request_stop(waiting)
    assert SAY("try.no_network") in words(open_page(waiting))


# Asking


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_test_text_is_answered_with_its_true_label(network: str, lang: str) -> None:
    t = language(lang)
    test = open_page(network, lang, row="7")
    dataset = services.text_dataset("mini_reviews")
    text = test.text_area[0].value
    assert text.split() == [dataset.vocabulary.word(int(rank)) for rank in dataset.x_test[7]]
    name = t(f"class.mini_reviews.{dataset.y_test[7]}")
    assert any(t(key, label=name) in words(test) for key in ("try.right", "try.wrong"))
    assert [word[0] for word in seen_words(test)] == text.split()
    assert test.table[0].value.shape == (10, 2)
    assert t("try.network", epoch=2) in words(test)


def test_a_link_to_another_text_is_followed_once(network: str) -> None:
    test = open_page(network, row="7")
    press(test, "try-next")
    assert SAY("try.sample.generated", row="8") in words(test)
    test.query_params["row"] = "20"
    test.run()
    assert SAY("try.sample.generated", row="20") in words(test)


def test_texts_are_turned_over_by_class_and_mistake(network: str) -> None:
    test = open_page(network)
    labels = services.text_dataset("mini_reviews").y_test
    press(test, "try-next")
    assert SAY("try.sample.generated", row="1") in words(test)
    press(press(test, "try-previous"), "try-previous")
    assert SAY("try.sample.generated", row="999") in words(test)
    test.selectbox(key=f"try-label-{network}").select(1).run()
    assert SAY("try.fitting.text", count=str((labels == 1).sum())) in words(test)
    test.toggle(key=f"try-mistakes-{network}").set_value(True).run()
    press(test, "try-random")
    assert SAY("try.wrong", label=SAY("class.mini_reviews.1")) in words(test)


def test_examples_are_in_the_words_of_the_data_and_the_plain_ones_answered_rightly(network: str) -> None:
    for dataset in ("mini_reviews", "mini_newswires"):
        vocabulary = services.text_dataset(dataset).vocabulary
        for text in dataset_info(dataset).examples.values():
            typed = tokenize(text, vocabulary)
            assert sum(word.status == "kept" for word in typed) > 0.9 * len(typed), text
    test = open_page(network)
    for name in ("positive", "negative"):
        press(test, f"try-example-{name}")
        assert f"#### The network says: {name}" in words(test)


def test_an_edit_moves_the_answer_and_another_text_begins_anew(network: str) -> None:
    test = open_page(network)
    press(test, "try-example-negative")
    assert SAY("try.moved").split("{")[0] not in words(test)
    ask(test, test.text_area[0].value.replace("terrible", "wonderful").replace("awful", "excellent"))
    moved = next(line for line in words(test).splitlines() if line.startswith(SAY("try.moved").split("{")[0]))
    assert "(+" in moved
    press(test, "try-example-negation")
    assert SAY("try.moved").split("{")[0] not in words(test)
    press(test, "try-next")
    ask(test, test.text_area[0].value + " wonderful")
    assert SAY("try.sample_changed").split("{")[0] in words(test)
    press(test, "try-back")
    assert SAY("try.sample.generated", row="0") in words(test)


def test_a_change_of_language_does_not_ask_again(network: str, monkeypatch: pytest.MonkeyPatch) -> None:
    test = open_page(network)
    monkeypatch.setattr(services, "ask", None)
    test.session_state[SESSION_KEY] = "ko"
    test.run()
    assert not test.exception
    assert language("ko")("try.words") in words(test)


UNANSWERABLE = {
    "": "There is no word in the text",
    " \n\t ...": "There is no word in the text",
    "good film " * 10_000: f"Shorten it to {LONGEST_TEXT}",
    "\N{GRINNING FACE} \N{THUMBS UP SIGN} …！": "There is no word in the text",
    "zzgrx qwxzz zzgrx": "None of the 3 words",
    "정말 재미있는 영화였습니다": "None of the 3 words",
    unicodedata.normalize("NFD", "정말 재미있는 영화였습니다"): "None of the 3 words",
}


def test_what_cannot_be_answered_is_said_in_one_sentence(network: str) -> None:
    test = open_page(network)
    for text, message in UNANSWERABLE.items():
        ask(test, text)
        (said,) = test.warning
        assert message in said.value
        assert "Traceback" not in words(test)
        assert (SAY("try.hangul") in words(test)) == ("영화" in unicodedata.normalize("NFC", text))
    # And it goes on from there.
    press(test, "try-example-positive")
    assert not test.warning
    assert SAY("try.words") in words(test)


def test_html_and_script_are_words_like_others(network: str) -> None:
    test = ask(open_page(network), SCRIPT)
    assert [word[0] for word in seen_words(test)][:4] == ["script", "window", "broken", "true"]
    shown = [str(html.proto.body) for html in test.get("html")]
    ours = [html for html in shown if "document.documentElement.lang" in html]  # the frame's
    assert len(ours) == 1
    assert not any("onerror" in html or "<script" in html for html in shown if html not in ours)
    assert not any("<" in str(word) for word in test.table[0].value.index)


def test_signs_of_other_keyboards_change_nothing_but_how_a_text_looks(network: str) -> None:
    test = ask(open_page(network), "it's a wonderful film and i didn't regret it")
    plain, told = seen_words(test), words(test)
    typed = "“It’s a ｗｏｎｄｅｒｆｕｌ film”—and\u200bI didn’t regret it！😀"
    test = ask(test, typed)
    assert [word[0] for word in seen_words(test)] == [
        "It’s",
        "a",
        "ｗｏｎｄｅｒｆｕｌ",
        "film",
        "and",
        "I",
        "didn’t",
        "regret",
        "it",
    ]
    assert [word[1:] for word in seen_words(test)] == [word[1:] for word in plain]
    assert next(line for line in words(test).splitlines() if line.startswith("####")) in told


# All words


def test_the_words_of_the_whole_test_set(network: str) -> None:
    test = open_page(network)
    press(test, "try-all")
    assert services.artifacts().exists(network, artifact_names.WORD_EFFECTS)
    (table,) = test.dataframe
    effects = table.value[SAY("try.column.effect")]
    assert (effects > 0).sum() == (effects < 0).sum() == 15
    assert table.value[SAY("try.column.texts")].min() >= 10
    # The next visitor finds it there.
    again = open_page(network)
    assert "try-all" not in [button.key for button in again.button]
    again.number_input(key=f"try-all-minimum-{network}").set_value(1000).run()
    assert SAY("try.all.nothing") in words(again)


# Nobody to ask


def test_without_an_engine_it_says_so(trained: tuple[Settings, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TURNING_POINT_HOME", str(trained[0].home))
    monkeypatch.setattr(services, "owner", lambda: OWNER)
    st.cache_resource.clear()
    test = open_page(trained[1])
    assert "There is no process that answers questions" in words(test)
    assert test.button(key="try-again").label == SAY("try.again")
    assert test.text_area[0].value
    st.cache_resource.clear()
