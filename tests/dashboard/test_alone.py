"""One figure of a page alone, and a page as a presentation: what stands there, and what an address may say of it."""

from __future__ import annotations

import plotly.graph_objects as go
import pytest

from core.recorded import id_of
from core.storage import Store
from dashboard.shared.alone import NAMES, Chapter, Slide, _nearest, _place, part_name
from dashboard.shared.charts.presented import presented
from dashboard.shared.language import CODES, language
from dashboard.shared.presenting import Screen, screen_of
from tests.dashboard import runs
from tests.dashboard.pages import opened, press, run_again, words

RUN = str(id_of("fashion-deep"))


def charts(test: object) -> int:
    return len(test.get("plotly_chart"))  # type: ignore[attr-defined]


@pytest.mark.slow
def test_the_figures_of_a_run_follow_each_other_and_stand_alone() -> None:
    test = opened("run", run=RUN, present="1")
    seen = ["curves"]
    for _ in range(40):
        if test.button(key="slide-next").disabled:
            break
        press(test, "slide-next")
        assert charts(test) == 1
        seen.append(test.query_params["only"])
    assert [name for name in seen if not name[-1].isdigit()] == [
        *("curves", "matrix", "turning-point", "confidence", "look-back", "inside"),
    ]
    assert {"matrix-2", "matrix-3", "turning-point-2"} <= set(seen)
    assert len(seen) == len(set(seen))
    for name in reversed(seen[-4:-1]):  # also from a chapter to the last figure of the one before
        press(test, "slide-previous")
        assert test.query_params["only"] == name
    # The same without a presentation, and the way to the page.
    alone = opened("run", run=RUN, only="matrix-2")
    assert charts(alone) == 1
    assert "slide-next" not in {one.key for one in alone.button}
    press(alone, "alone-whole")
    assert "only" not in alone.query_params
    assert charts(alone) > 1 or alone.tabs


def test_a_presentation_is_kept_from_page_to_page_until_it_ends() -> None:
    test = press(opened("run", run=RUN), "present")
    assert test.query_params["present"] == "1"
    assert "present" not in {one.key for one in test.button}
    test.query_params.clear()
    test.query_params["run"] = RUN
    run_again(test)
    assert test.query_params["present"] == "1"
    press(test, "present-end")
    assert set(test.query_params) == {"run"}
    assert "present" in {one.key for one in test.button}


@pytest.mark.parametrize(
    ("page", "parameters", "said"),
    [
        ("run", {"run": RUN, "present": "<b>"}, "means nothing here"),
        ("run", {"run": RUN, "only": "[x](http://y)"}, "There is no"),
        ("run", {"run": RUN, "only": "matrix-0"}, "There is no"),
        ("data", {"only": "curves"}, "Nothing of this page can be shown alone"),
        ("compare", {"runs": RUN, "only": "nothing"}, "There is no"),
        ("learn", {"lesson": "overfitting", "only": "nothing"}, "There is no"),
    ],
)
def test_what_an_address_cannot_ask_for_is_said(page: str, parameters: dict[str, str], said: str) -> None:
    test = opened(page, **parameters)
    assert any(said in one.value for one in test.warning)
    assert "[x](" not in words(test)


def test_comparisons_and_steps_have_figures_of_their_own() -> None:
    both = f"{RUN},{id_of('fashion-shallow')}"
    assert charts(opened("compare", runs=both, only="curves-2")) == 1
    assert "only" in opened("compare", runs=both, only="table").query_params
    figure = opened("learn", lesson="overfitting", only="figure")
    assert "lesson-next" not in {one.key for one in figure.button}
    assert not figure.warning


def test_nothing_that_is_covered_stands_alone(store: Store) -> None:
    run = runs.over(store, owner="cli", covered=True)
    test = opened("run", run=run, only="matrix")
    assert "There is no" in test.warning[0].value
    assert not charts(test)


def test_chapters_without_a_figure_are_passed_over() -> None:
    slide = Slide("", lambda: None)
    chapters = [Chapter("none", list), Chapter("two", lambda: [slide, slide])]
    assert _nearest(chapters, 0, 0)[:2] == (1, 0)
    assert _place("two-2", chapters) == (1, 1)
    assert _nearest(chapters, 1, 7)[:2] == (1, 1)
    assert _place("two-two", chapters) == (None, 0)
    assert not _nearest(chapters[:1], 0, 0)[2]


def test_a_figure_for_the_last_row_is_larger_in_all_that_is_read() -> None:
    figure = go.Figure(go.Scatter(x=[1, 2], y=[1, 2], line={"width": 2}), {"height": 300})
    figure.add_annotation(text="here", font={"size": 13})
    now = Screen(1280, 720)
    large = presented(figure, font=now.font, heights=(now.figure, now.highest), colour="#000")
    assert now.font == 24
    sizes = [large.layout.font.size, large.layout.xaxis.tickfont.size, large.layout.yaxis.title.font.size]
    assert [*sizes, large.layout.legend.font.size, large.layout.annotations[0].font.size] == [24] * 5
    assert (large.layout.height, large.data[0].line.width) == (446, 4)
    assert figure.layout.font.size is None
    assert Screen(1920, 1080).font == 36


NO_SIZES = [None, 3, {}, {"width": 1280}, {"width": "1", "height": 2}, {"width": 10**9, "height": 700}]


@pytest.mark.parametrize("size", NO_SIZES)
def test_a_screen_that_cannot_be_is_passed_over(size: object) -> None:
    assert screen_of(size) is None
    assert screen_of({"width": 1920, "height": 1080}) == Screen(1920, 1080)


def test_each_figure_that_stands_alone_has_a_name() -> None:
    for code in CODES:
        assert len({part_name(name, language(code)) for name in NAMES}) == len(NAMES)
