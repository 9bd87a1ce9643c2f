"""What the pages share: choosing, paging, stepping, the table of an address, errors in words, the look of charts."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from dashboard.shared.browser import sources
from dashboard.shared.charts.template import new_figure
from dashboard.shared.controls import Move, moved
from dashboard.shared.formats import exact_share, p_value, percent_above, plain, signed
from dashboard.shared.language import Message
from dashboard.shared.markdown import escaped
from dashboard.shared.url_state import Property, RefusedError, UrlState, one_of, whole_number
from tests.dashboard.pages import words

ROOT = Path(__file__).parent.parent.parent


COMPONENTS = sorted(
    {one.parent for one in (ROOT / "dashboard").rglob("*.js")} - {ROOT / "dashboard/shared/static"}
)


@pytest.mark.parametrize("folder", COMPONENTS, ids=lambda folder: folder.name)
def test_the_script_of_a_component_declares_no_name_twice(folder: Path) -> None:
    declared = re.findall(
        r"^(?:const|let|class|(?:async )?function) (\w+)", sources(folder)["js"], re.MULTILINE
    )
    assert [name for name, times in Counter(declared).items() if times > 1] == []


def no_such(text: str) -> Message:
    return Message("no_such", {"received": text})


ROW = Property("row", 0, whole_number(11, no_such))
PART = Property("part", "train", one_of(("train", "test"), no_such))
TABLE = UrlState(Property("run", ""), PART, ROW)


def test_an_address_is_read_by_its_table() -> None:
    said = {"run": "abc", "part": "test", "row": "11", "lang": "ko"}
    assert TABLE.read(said) == ({"run": "abc", "part": "test", "row": 11}, ())
    assert TABLE.read({}) == ({"run": "", "part": "train", "row": 0}, ())


@pytest.mark.parametrize("row", ["12", "-1", "1.0", "x", " 3", "9" * 5_000, "٣" * 3])
def test_what_cannot_be_is_said_and_the_usual_holds(row: str) -> None:
    values, notes = TABLE.read({"part": "all", "row": row})
    assert values == {"run": "", "part": "train", "row": 0}
    assert notes == (no_such("all"), no_such(escaped(row[:20])))


def test_without_a_sentence_a_bad_value_is_passed_over() -> None:
    assert Property("layout", "apart", one_of(("apart",))).read({"layout": "x"}) == ("apart", ())
    assert Property("row", 3, whole_number(9)).read({"row": "10"}) == (3, ())


def test_of_a_value_a_part_can_be_taken() -> None:
    def few(text: str) -> tuple[str, ...]:
        raise RefusedError(no_such(text), instead=("a",))

    assert Property[tuple[str, ...]]("runs", (), few).read({"runs": "a,b"}) == (("a",), (no_such("a,b"),))


def test_an_address_says_only_what_is_not_usual() -> None:
    assert TABLE.parameters({"run": "", "part": "test", "row": 0}) == {"part": "test"}
    for values in ({"run": "a", "part": "test", "row": 7}, {"run": "", "part": "train", "row": 0}):
        assert TABLE.read(TABLE.parameters(values)) == (values, ())


@pytest.mark.parametrize(
    ("rows", "here", "move", "there"),
    [
        ([2, 5, 9], 5, "next", 9),
        ([2, 5, 9], 9, "next", 2),
        ([2, 5, 9], 2, "previous", 9),
        ([9, 2, 5], 9, "next", 2),
        ([2, 5, 9], 6, "next", 9),
        ([2, 5, 9], 6, "previous", 5),
        ([2, 5, 9], -1, "next", 2),
        ([2, 5], 2, "random", 5),
        ([2], 2, "random", 2),
        ([], 4, "next", 4),
    ],
)
def test_one_steps_from_row_to_row(rows: list[int], here: int, move: Move, there: int) -> None:
    assert moved(rows, here, move) == there


@given(rows=st.lists(st.integers(0, 59), min_size=1, unique=True), place=st.integers(0, 59))
def test_on_and_back_go_round_any_list(rows: list[int], place: int) -> None:
    here = place % len(rows)
    assert moved(rows, rows[here], "next") == rows[(here + 1) % len(rows)]
    assert moved(rows, rows[here], "previous") == rows[here - 1]


def test_numbers_are_written_in_one_way() -> None:
    assert [signed(value, ".2f") for value in (0.004, 1.5, -1.5)] == ["±0", "+1.50", "−1.50"]
    assert [percent_above(value) for value in (3.41, 28.2, float("inf"))] == ["3.4%", "28%", "> 1000%"]
    assert [exact_share(value) for value in (0.25, 3e-12, 1 - 1e-9)] == ["0.2500", "3.0e-12", "1 − 1.0e-09"]
    assert [p_value(p) for p in (0.2, 0.0496, 1e-9)] == ["p = 0.200", "p = 0.0496", "p < 0.001"]
    assert plain(-0.5) == "−0.5"


def test_a_chart_keeps_its_margins_and_says_its_template_itself() -> None:
    layout = json.loads(new_figure(height=240, top=36, bargap=0.2).to_json())["layout"]
    assert layout["margin"] == {"l": 8, "r": 8, "t": 36, "b": 8}
    assert layout["template"]["layout"]["legend"]["orientation"] == "h"
    assert (layout["height"], layout["bargap"]) == (240, 0.2)


def page() -> None:
    import streamlit as st

    from core.errors import DataError
    from dashboard.shared.controls import choose, paginate, step
    from dashboard.shared.language import language
    from dashboard.shared.trouble import told
    from dashboard.shared.url_state import Property, UrlState

    t = language("en")
    kind = choose("Kind", ("loss", "accuracy"), str.upper, key="kind")
    st.session_state.setdefault("set", "b")
    other = choose("Other", ("a", "b"), key="set", set_by_page=True)
    st.markdown(f"{kind} {other}")
    with paginate(7, 3, key="page", showing=4) as shown:
        st.markdown(f"rows {list(range(7)[shown])}")
    with paginate(2, 3, key="short") as shown:
        st.markdown(f"few {list(range(2)[shown])}")
    st.session_state.setdefault("here", 2)
    step([2, 5, 9], st.session_state["here"], lambda row: st.session_state.update(here=row), t, key="step")
    st.markdown(f"here {st.session_state['here']}")
    with told(t):
        raise DataError("unknown_dataset", received="abc", known="digits")
    with told(t, level="warning"):
        raise DataError("unknown_dataset", received="xyz", known="digits")
    table = UrlState(Property("run", ""), Property("show", ""))
    st.markdown(f"new {table.has_changed('here', table.read(st.query_params.to_dict())[0])}")
    table.write({"run": "r1", "show": ""})


def test_the_pieces_of_a_page_work_together() -> None:
    test = AppTest.from_function(page, default_timeout=30)
    test.query_params["lang"] = "ko"
    test.query_params["show"] = "old"
    test.run()
    assert not test.exception
    said = words(test)
    for sentence in ("loss b", "rows [3, 4, 5]", "few [0, 1]", "here 2", "abc", "new True"):
        assert sentence in said
    assert "xyz" in test.warning[0].value
    assert dict(test.query_params) == {"lang": "ko", "run": "r1"}
    assert len(test.get("pagination")) == 1
    test.button(key="step-next").click().run()
    assert "here 5" in words(test)
    test.button_group(key="kind").set_value("accuracy").run()
    assert "accuracy b" in words(test)
    assert "new False" in words(test.run())


def test_a_chart_tells_that_its_data_stay_the_same() -> None:
    def page() -> None:
        from dashboard.shared.chart import show_chart
        from dashboard.shared.charts.template import new_figure
        from dashboard.shared.language import language

        show_chart(new_figure({"type": "bar", "y": [1, 2]}), language("en"), key="bars", alt="Two bars")

    (chart,) = AppTest.from_function(page).run().get("plotly_chart")
    assert json.loads(chart.proto.spec)["layout"]["datarevision"] == 1
