"""The live part of the board: tiles and charts that the browser draws, and what was pressed on them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core import presets
from core.classroom import Classroom
from core.classroom.aliases import COLOURS, alias
from core.run import RunState
from dashboard.shared import browser, services
from dashboard.shared.charts import colours
from dashboard.shared.charts.template import chart_config
from dashboard.shared.language import Language
from dashboard.shared.offered_sets import offered_sets

# Plotly puts its own style sheet into the document's head, out of reach of a shadow root.
_component = browser.register(Path(__file__).parent, isolate_styles=False)

_WORDS = ("away", "epoch", "menu", "no_answer", "no_run", "nobody", "place", "sum")
_TURNINGS = ("found", "not_yet", "not_reached", "covered")
_CHARTS = {
    "turned": ("title", "none", "said", "covered", "x", "y", "hover"),
    "points": ("title", "none", "said", "sealed", "x", "y", "hover"),
    "guesses": ("title", "none", "said", "hidden", "x", "y", "hover"),
}
#: Of the colours in the names that hide nicknames, on a light page as on a dark one.
_SWATCHES = {
    "red": "#d1392f", "orange": "#e8842a", "yellow": "#e3c22f", "green": "#3f9b4c", "blue": "#2f74c8",
    "teal": "#2aa7a0", "purple": "#7d4fc0", "pink": "#e57fb3", "brown": "#8a5a34", "grey": "#8793a0",
}  # fmt: skip
_NAMED = 400
"""Numbers of seats that have a hidden name in the browser: more than a class of a hundred ever gives."""


def seat_name(seat: int, t: Language) -> str:
    """The name that hides a nickname."""
    found = alias(seat)
    name = t(
        "class.alias", colour=t(f"class.colour.{found.colour}"), animal=t(f"class.animal.{found.animal}")
    )
    return name if found.which == 1 else f"{name} {found.which}"


def _datasets(classroom: Classroom) -> tuple[str, ...]:
    """The data sets whose names tiles may show: those offered here, and own ones on which the class has trained."""
    trained = (run.experiment.dataset for run in services.store().newest_runs(classroom.code))
    return tuple(dict.fromkeys((*offered_sets(), *trained)))


def board_data(classroom: Classroom, t: Language, *, presented: bool = False) -> dict[str, Any]:
    """All that the browser needs to show the board but the board itself; `presented` for the last row of a class."""
    words: dict[str, Any] = {name: t(f"class.board.{name}") for name in _WORDS}
    words["states"] = {state.value: t(f"state.{state.value}") for state in RunState}
    words["queued_place"] = t("state.queued.place", position="{position}")
    words["turning"] = {one: t(f"class.turning.{one}") for one in _TURNINGS}
    words["turning_short"] = {one: t(f"class.turning.{one}.short") for one in _TURNINGS}
    words["presets"] = {name: t(f"preset.{name}.title") for name in presets.NAMES}
    words["datasets"] = {name: t(f"option.dataset.{name}") for name in _datasets(classroom)}
    words["charts"] = {
        chart: {name: t(f"class.{chart}.{name}") for name in names} for chart, names in _CHARTS.items()
    }
    return {
        "address": browser.CLASS_BOARD.format(code=classroom.code),
        "run": "run",
        "words": words,
        "language": t.code,
        "presented": presented,
        "aliases": [seat_name(seat, t) for seat in range(1, _NAMED + 1)],
        "swatches": [_SWATCHES[colour] for colour in COLOURS],
        "colours": {**colours.BY_NAME, "quiet": colours.QUIET},
        "plotly": browser.PLOTLY,
        "config": chart_config(t, name=f"class-{classroom.code}"),
    }


def show_live_board(classroom: Classroom, t: Language, *, presented: bool = False) -> tuple[str, int]:
    """Show it; what was pressed since: the id of a run to open, or "", and the seat whose menu is asked for, or 0."""
    pressed = _component(
        data=board_data(classroom, t, presented=presented),
        key=f"class-board-{classroom.code}",
        on_opened_change=lambda: None,
        on_menu_change=lambda: None,
        on_lost_change=lambda: None,
    )
    run, seat = getattr(pressed, "opened", None), getattr(pressed, "menu", None)
    return (run if isinstance(run, str) else ""), (seat if isinstance(seat, int) else 0)
