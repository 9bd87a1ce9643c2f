"""`?only=NAME`: one figure of a page with its sentence, for a frame in another page, and as a slide of a presentation.

A page declares its chapters, of which each is one slide or several:

    chapters = (Chapter("curves", lambda: [Slide(t("run.curves"), show=curves)]), Chapter("matrix", matrix_slides))
    if wants_slides():
        show_slide(chapters, t, heading=name)

Return:
The first slide of a chapter goes by its name, the second by "matrix-2".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from core.export.web_page import Chart, Part
from dashboard.shared.chart import show_chart
from dashboard.shared.charts.template import figure_from
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.presenting import screen
from dashboard.shared.reach import addresses
from dashboard.shared.url_state import Property

ONLY = Property("only", "")
NAMES = (
    *("curves", "matrix", "turning-point", "confidence", "look-back", "inside"),
    *("table", "bands", "turns", "factors", "figure"),
)
"""The chapters of all pages: what stands behind `only`, and in words under "alone.NAME"."""

_OFFERED = "alone-names"
_NAME = re.compile(r"(?P<chapter>[a-z-]+?)(?:-(?P<number>[1-9][0-9]?))?")
_SHOWN, _ONE_LINE = 20, 48  # characters
#: In a frame there is nothing but the figure.
_STYLE = """<style>
[data-testid="stSidebar"], [data-testid="stExpandSidebarButton"], [data-testid="stHeader"], .st-key-page-tools
  { display: none !important; }
[data-testid="stMainBlockContainer"] { max-width: none !important; padding: .75rem 1rem !important; }
</style>"""
_MOVES = """<style>
.st-key-slide-moves { position: fixed; top: .2rem; right: 2.2rem; width: auto !important; opacity: .55; }
.st-key-slide-moves { z-index: 998; }
.st-key-slide-moves:is(:hover, :focus-within) { opacity: 1; }
</style>"""


@dataclass(frozen=True)
class Slide:
    """One figure with its sentence.

    Attributes:
        title: What it is called, beside the heading of the page.
        show: Lays it out.
        sentence: What is seen in it, as Markdown.
    """

    title: str
    show: Callable[[], None]
    sentence: str = ""


@dataclass(frozen=True)
class Chapter:
    """Slides that belong together, made when one of them is shown; there may be none."""

    name: str
    make: Callable[[], Sequence[Slide]]


def part_name(name: str, t: Language) -> str:
    """What a chapter is called."""
    return t(f"alone.{name}")


def wants_slides() -> bool:
    """Whether only one figure of the page is to be shown."""
    return bool(ONLY.get()) or screen() is not None


def is_in_frame() -> bool:
    """Whether only one figure is to be shown, without anything around it."""
    return bool(ONLY.get()) and bool(st.context.is_embedded)


def chart_slides(parts: Sequence[Part], t: Language, *, title: str) -> list[Slide]:
    """The figures among the parts of a file that is taken home, each with its title and sentence."""
    found = []
    for number, part in enumerate(parts):
        if isinstance(part, Chart):
            said = part.caption or part.alt.removeprefix(f"{part.title}. ")
            found.append(
                Slide(part.title or title, _drawn(part, f"slide-{part.name}-{number}", t), escaped(said))
            )
    return found


def _drawn(part: Chart, key: str, t: Language) -> Callable[[], None]:
    def show() -> None:
        show_chart(figure_from(part.figure), t, key=key, alt=part.alt, name=part.name)

    return show


def show_slide(chapters: Sequence[Chapter], t: Language, *, heading: str) -> None:
    """Show the slide that the address names, else the first one; in a presentation with what leads to the others."""
    offer(*(chapter.name for chapter in chapters))
    wanted = ONLY.get()
    place, number = _place(wanted, chapters)
    if place is None:
        known = ", ".join(f"`{chapter.name}`" for chapter in chapters)
        said = t("alone.no_part", received=escaped(wanted[:_SHOWN]), known=known)
        st.warning(said, icon=":material/link_off:")
        place = 0
    place, number, slides = _nearest(chapters, place, number)
    if not slides:
        st.info(t("alone.nothing"), icon=":material/info:")
        return
    slide = slides[number]
    presenting = screen() is not None
    if presenting or not st.context.is_embedded:
        st.title(_title(slide.title, heading), anchor=False)
    else:
        st.markdown(f"**{heading}** · {slide.title}" if slide.title else f"**{heading}**")
    slide.show()
    if slide.sentence:
        st.markdown(slide.sentence)
    if presenting:
        _show_moves(chapters, place, number, len(slides), t)
    else:
        show_way_to_page(t)


def _title(title: str, heading: str) -> str:
    """What stands over a slide: one line, with the heading of the page where there is room for it."""
    if not title:
        return heading
    return f"{title} :gray[:small[{heading}]]" if len(title) + len(heading) <= _ONE_LINE else title


def show_way_to_page(t: Language) -> None:
    """From a figure that stands alone to its page; in a frame in a window of its own."""
    if st.context.is_embedded:
        st.html(_STYLE)
        parameters = {name: text for name, text in st.query_params.to_dict().items() if name != ONLY.name}
        whole = addresses(st.context.url, {**parameters, "lang": t.code}).here
        st.link_button(t("alone.whole"), whole, icon=":material/open_in_new:", type="tertiary")
    else:
        st.button(t("alone.whole"), key="alone-whole", type="tertiary", on_click=ONLY.set, args=("",))


def _place(wanted: str, chapters: Sequence[Chapter]) -> tuple[int | None, int]:
    """The place of the chapter and the slide that a name says, from 0."""
    if not wanted:
        return 0, 0
    names = [chapter.name for chapter in chapters]
    found = _NAME.fullmatch(wanted)
    if found is None or found["chapter"] not in names:
        return None, 0
    return names.index(found["chapter"]), int(found["number"] or 1) - 1


def _place_or_first(wanted: str, chapters: Sequence[Chapter]) -> tuple[int, int]:
    place, number = _place(wanted, chapters)
    return (0, 0) if place is None else (place, number)


def _nearest(chapters: Sequence[Chapter], place: int, number: int) -> tuple[int, int, Sequence[Slide]]:
    """This slide, or the first one of the chapters behind it that have any."""
    for at in range(place, len(chapters)):
        slides = chapters[at].make()
        if slides:
            return at, min(number, len(slides) - 1) if at == place else 0, slides
    return place, 0, ()


def _show_moves(chapters: Sequence[Chapter], place: int, number: int, slides: int, t: Language) -> None:
    st.html(_MOVES)
    with st.container(key="slide-moves", horizontal=True, gap="small"):
        for move, off, icon in (
            ("previous", (place, number) == (0, 0), "arrow_back"),
            ("next", place == len(chapters) - 1 and number == slides - 1, "arrow_forward"),
        ):
            st.button(
                "",
                key=f"slide-{move}",
                icon=f":material/{icon}:",
                help=t(f"step.{move}"),
                type="tertiary",
                disabled=off,
                on_click=_go,
                args=(chapters, move),
            )


def _go(chapters: Sequence[Chapter], move: str) -> None:
    """To the slide beside the one that the address names, over chapters that have none.

    Not beside the one whose button was pressed: of two quick presses the second one comes before the page is drawn.
    """
    place, number, made = _nearest(chapters, *_place_or_first(ONLY.get(), chapters))
    slides = len(made)
    if move == "next" and number + 1 < slides:
        _open(chapters[place], number + 1)
        return
    if move == "previous" and number:
        _open(chapters[place], number - 1)
        return
    others = range(place + 1, len(chapters)) if move == "next" else range(place - 1, -1, -1)
    for at in others:
        found = len(chapters[at].make())
        if found:
            _open(chapters[at], 0 if move == "next" else found - 1)
            return


def _open(chapter: Chapter, number: int) -> None:
    ONLY.set(f"{chapter.name}-{number + 1}" if number else chapter.name)


# What a page says it has


def offer(*names: str) -> None:
    """Say what figures of the page that is shown can stand alone; the first one is offered for frames."""
    st.session_state[_OFFERED] = names


def offered() -> tuple[str, ...]:
    """What the page that is shown has said."""
    names: tuple[str, ...] = st.session_state.get(_OFFERED, ())
    return names


def say_nothing_alone(t: Language) -> None:
    """Say it where an address asks for a figure of a page that has none to stand alone."""
    wanted = ONLY.get()
    if wanted and not offered():
        st.warning(t("alone.none", received=escaped(wanted[:_SHOWN])), icon=":material/link_off:")
