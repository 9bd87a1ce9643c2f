"""Whatever stands in the address of a comparison, something possible comes of it, and it leads there and back."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.shared.compare_address import CHOICES, MOST_RUNS, RUNS, Wish, compared, read
from dashboard.shared.language import CODES, language

SCRIPT = "<script>alert(1)</script>"
IDS = [f"run{number}" for number in range(40)]

names = st.one_of(st.sampled_from(IDS), st.text(max_size=60), st.just(SCRIPT))
addresses = st.dictionaries(
    st.sampled_from([RUNS, "base", "hide", *CHOICES, "other"]),
    st.one_of(
        st.text(max_size=50),
        st.lists(names, max_size=20).map(",".join),
        *(st.sampled_from(codes) for codes in CHOICES.values()),
    ),
)


@given(addresses)
@example({RUNS: ",".join(IDS * 25), "base": SCRIPT, "align": SCRIPT, "smooth": "²"})
def test_something_possible_comes_of_every_address(address: dict[str, str]) -> None:
    wish, notes = read(address)
    assert len(wish.runs) == len(set(wish.runs)) <= MOST_RUNS
    assert wish.base in wish.runs if wish.runs else wish.base == ""
    assert wish.hide <= set(wish.runs)
    for name, codes in CHOICES.items():
        assert str(getattr(wish, name)) in codes
    for code in CODES:
        for note in notes:
            assert SCRIPT not in note.said(language(code))
    assert read(wish.parameters()) == (wish, ())


def test_the_usual_view_has_a_short_address() -> None:
    assert compared(["b", "a"]) == {RUNS: "b,a"}
    assert Wish().parameters() == {}
    everything = {
        RUNS: "b,a,c", "base": "a", "hide": "b,c", "align": "seconds", "layout": "apart", "show": "loss",
        "lines": "validation", "smooth": "60",
    }  # fmt: skip
    wish, notes = read(everything)
    assert wish.parameters() == everything
    assert not notes


def test_each_flaw_is_told_once() -> None:
    flaws = {RUNS: f"a,a,{SCRIPT},b c,", "base": "z", "layout": "round"}
    wish, notes = read(flaws)
    assert wish == Wish(runs=("a",), base="a")
    assert [note.key.rpartition(".")[2] for note in notes] == ["missing", "twice", "no_choice", "no_base"]
    many = read({RUNS: ",".join(f"r{number}" for number in range(1000))})[1]
    assert [note.details for note in many] == [{"number": 1000, "most": MOST_RUNS}]


def test_a_long_name_is_cut_where_it_is_quoted() -> None:
    (note,) = read({RUNS: "x" * 5000})[1]
    assert len(note.details["names"]) < 100
    (note,) = read({RUNS: "ä,ö,ü,ß,é"})[1]
    assert note.details["names"] == "**ä**, **ö**, **ü**, …"


def test_runs_come_and_go() -> None:
    wish = Wish().joined_by(["a", "b", "a"])
    assert (wish.runs, wish.base) == (("a", "b"), "a")
    hidden = wish.toggled("a")
    assert hidden.hide == {"a"}
    assert hidden.toggled("a") == wish
    gone = hidden.without("a")
    assert (gone.runs, gone.base, gone.hide) == (("b",), "b", frozenset())
    assert len(wish.joined_by(IDS).runs) == MOST_RUNS
    assert gone.without("b") == Wish()


def test_a_choice_that_there_is_not_is_passed_over() -> None:
    wish = Wish().joined_by(["a"])
    assert wish.with_choice("align", "seconds").align == "seconds"
    assert wish.with_choice("smooth", "80").smooth == 80
    assert wish.with_choice("align", "moons") == wish
