"""The glossary: its words, where they are marked, and the page of all of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import recorded
from core.experiment import Dense
from core.storage import Store
from dashboard import learn
from dashboard.shared.glossary.marking import mark
from dashboard.shared.glossary.terms import PLACES, TERMS, entries, forms, found, place_link
from dashboard.shared.language import CODES, language
from tests.dashboard.pages import opened, words
from tests.dashboard.runs import over

KO, EN = language("ko"), language("en")
_LINK = re.compile(r"\[([^\]]+)\]\(#term-(\w+)\)")
_LESSONS = Path(learn.__file__).parent / "lessons"


def every(name: str) -> bool:
    return True


@pytest.mark.parametrize("code", CODES)
def test_each_term_is_explained_briefly_and_leads_somewhere(code: str) -> None:
    t = language(code)
    assert 30 <= len(TERMS) <= 45
    longest = {"ko": 130, "en": 220}[code]
    for one in entries(t):
        assert 20 <= len(one.about) <= longest, one.name
        assert one.about.endswith("."), one.name
        assert one.called.casefold() in {form.casefold() for form in forms(one.name, t)}, one.name
        term = TERMS[one.name]
        assert term.place in PLACES
        assert set(term.related) <= TERMS.keys() - {one.name}
    seen = [form.casefold() for name in TERMS for form in forms(name, t)]
    assert len(seen) == len(set(seen))


def test_the_runs_that_terms_lead_to_are_recorded() -> None:
    runs = {place.parameters["run"] for place in PLACES.values() if "run" in place.parameters}
    assert runs
    assert all(recorded.is_recorded(run) for run in runs)


@pytest.mark.parametrize("code", CODES)
def test_each_term_is_used_somewhere(code: str) -> None:
    t = language(code)
    used: set[str] = set()
    for key, text in t.words.items():
        if not key.startswith(("glossary.", "class.")):
            mark(text, t, lambda name: used.add(name) or False)
    for lesson in (_LESSONS / code).glob("*.toml"):
        mark(lesson.read_text("utf-8"), t, lambda name: used.add(name) or False)
    assert set(TERMS) == used


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Each epoch, and more epochs.", "Each [epoch](#term-epoch), and more epochs."),
        ("Epochs' number", "[Epochs](#term-epoch)' number"),
        ("mini-batches, lossless, subclass", "[mini-batches](#term-batch), lossless, subclass"),
        ("the **learning rate** is", "the [**learning rate**](#term-learning_rate) is"),
        ("**one epoch** more", "**one [epoch](#term-epoch)** more"),
        ("`epoch` ``a ` epoch`` [epoch](x) epoch", "`epoch` ``a ` epoch`` [epoch](x) [epoch](#term-epoch)"),
        ("<b epoch> epoch", "<b epoch> [epoch](#term-epoch)"),
        (":material/layers: $loss = 1$ loss", ":material/layers: $loss = 1$ [loss](#term-loss)"),
        ("#### The loss\nIts loss", "#### The loss\nIts [loss](#term-loss)"),
        ("| loss |\n|---|\nloss", "| loss |\n|---|\n[loss](#term-loss)"),
        ("```\nloss\n```\nloss", "```\nloss\n```\n[loss](#term-loss)"),
        (r"\`loss\` and \[class\]", r"\`[loss](#term-loss)\` and \[[class](#term-class)\]"),
        ("the generalization gap", "the [generalization gap](#term-gap)"),
    ],
)  # fmt: skip
def test_english_words_are_marked_in_running_text_only(text: str, marked: str) -> None:
    assert mark(text, EN, every) == marked


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("에포크마다 에포크를", "[에포크](#term-epoch)마다 에포크를"),
        ("배치하다, 배치의", "배치하다, [배치](#term-batch)의"),
        ("고층 은닉층이", "고층 [은닉층](#term-layer)이"),
        ("그 순간이 **전환점**입니다.", "그 순간이 [**전환점**](#term-turning_point)입니다."),
        ("**첫 에포크**에서, 에포크", "**첫 에포크**에서, [에포크](#term-epoch)"),
        ("**첫 에포크** 뒤", "**첫 [에포크](#term-epoch)** 뒤"),
        ("혼동 행렬에서는", "[혼동 행렬](#term-confusion_matrix)에서는"),
        ("정답입니다", "[정답](#term-label)입니다"),
        ("Dense 층으로", "[Dense 층](#term-dense)으로"),
    ],
)
def test_korean_nouns_are_marked_without_their_particles(text: str, marked: str) -> None:
    assert mark(text, KO, every) == marked


@pytest.mark.parametrize("code", CODES)
def test_marks_take_no_word_from_any_text(code: str) -> None:
    t = language(code)
    for key, text in t.words.items():
        made = mark(text, t, every)
        assert _LINK.sub(r"\1", made) == text, key
        names = [name for _, name in _LINK.findall(made)]
        assert len(names) == len(set(names)), key


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("", "ko"),
        ("learn", "en"),
        ("data", "ko"),
        ("lab", "en"),
        ("run", "ko"),
        ("compare", "en"),
        ("try", "ko"),
    ],
)
def test_a_page_marks_a_term_at_most_once(page: str, code: str, store: Store) -> None:
    run = over(store, layers=[Dense(units=16), Dense(units=10, activation="softmax")])
    address = {"run": {"run": run}, "learn": {"lesson": "overfitting", "step": "multi-hot"}}.get(page, {})
    test = opened(page, code, **address)
    names = marks(test)
    assert names
    assert len(names) == len(set(names))
    if page == "run":  # drawn anew, it marks the same
        assert marks(test.run()) == names


def marks(test: AppTest) -> list[str]:
    """The terms that are links on a page."""
    told = "\n".join(part.value for part in (*test.markdown, *test.caption))
    return [name for _, name in _LINK.findall(told)]


def test_a_place_keeps_its_marks_while_its_words_change(store: Store) -> None:
    def page() -> None:
        import streamlit as st

        from dashboard.shared.glossary import begin_page, marked
        from dashboard.shared.language import language

        en = language("en")
        begin_page()
        for text, place in (("1 epoch", "a"), ("2 epochs", "a"), ("3 epochs", "b"), ("A loss", "")):
            st.markdown(marked(text, en, place=place))

    told = [part.value for part in AppTest.from_function(page).run().markdown]
    assert told == ["1 [epoch](#term-epoch)", "2 [epochs](#term-epoch)", "3 epochs", "A [loss](#term-loss)"]


def test_the_page_finds_terms_by_either_language_and_by_their_meaning(store: Store) -> None:
    assert found("학습률", EN)[0].name == "learning_rate"
    assert found("  Learning   RATE", KO)[0].name == "learning_rate"
    assert {one.name for one in found("harmonic", EN)} == {"f1"}
    test = opened("glossary")
    assert f"{len(TERMS)} terms" in words(test)
    test.text_input(key="glossary-search").set_value("epochs").run()
    assert not test.exception
    assert "One pass through all samples" in words(test)
    test.text_input(key="glossary-search").set_value("<zebra>").run()
    assert "No term fits" in test.info[0].value


def test_an_address_opens_a_term_or_says_that_there_is_none(store: Store) -> None:
    test = opened("glossary", term="softmax")
    assert test.markdown[1].value.startswith("#### softmax")
    assert "[sigmoid](#term-sigmoid)" in test.markdown[1].value
    assert f"]({place_link('softmax')})" in test.markdown[1].value
    test.text_input(key="glossary-search").set_value("dropout").run()
    test.query_params["term"] = "sigmoid"  # as the panel of a term leads there
    assert test.run().markdown[1].value.startswith("#### sigmoid")
    test = opened("glossary", "ko", term="*nothing*")
    assert "없어" in test.warning[0].value
