"""Runs beside each other in a table: the settings that differ, what came of them, and the difference to one of them.

No Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from core.analysis.run_metrics import Best, RunMetrics
from core.analysis.significance import Interval
from core.experiment import Experiment
from core.experiment.config import Config
from core.experiment.setting_differences import SettingRow, differing_settings
from core.run import Run, RunState
from dashboard.compare.curves import ComparedRun
from dashboard.shared.formats import signed
from dashboard.shared.language import Language
from dashboard.shared.run_words import name_of, setting_name, turn_label, value_text
from dashboard.shared.theme import stylesheet

NOTHING = "–"
STYLE = stylesheet("compare")
"""The style sheet of all HTML made here."""


@dataclass(frozen=True)
class Cell:
    """What a table says of one run in one row, with its interval or epoch aside and its difference to the base."""

    text: str
    aside: str = ""
    difference: str = ""
    same: bool = False


@dataclass(frozen=True)
class TableRow:
    """A cell for each run under a label, and what that means where it does not say so itself."""

    label: str
    cells: tuple[Cell, ...]
    help: str = ""


def setting_rows(runs: Sequence[Run], base: int, t: Language) -> list[TableRow]:
    """The settings that are not the same in all runs; `base` is the place of the run the others are measured by."""
    found = []
    for row in differing_settings([run.experiment for run in runs]):
        cells = [
            Cell(_setting(row, value, t), same=place != base and value == row.values[base])
            for place, value in enumerate(row.values)
        ]
        found.append(TableRow(_label(row.setting, runs[base].experiment, t), tuple(cells)))
    return found


#: The results of a run in the order of their rows, and how they are written.
_RESULTS = {
    "parameters": ",.0f",
    "epochs": ",.0f",
    "seconds": ",.1f",
    "val_loss": ".4f",
    "val_accuracy": ".2%",
    "test_accuracy": ".2%",
    "gap": ".4f",
}
#: Those that can be compared whatever the data.
_OF_ANY_DATA = frozenset({"parameters", "epochs", "seconds"})


def outcome_rows(
    runs: Sequence[Run], outcomes: Sequence[RunMetrics], base: int, t: Language
) -> list[TableRow]:
    """What came of the runs, with the difference to the base, which is told by its place."""
    rows = [_states(runs, t)] if any(run.state is not RunState.FINISHED for run in runs) else []
    for name, form in _RESULTS.items():
        found = [_result(name, came, t) for came in outcomes]
        against, cells = found[base][0], []
        for place, (value, aside) in enumerate(found):
            same_data = runs[place].experiment.test_set == runs[base].experiment.test_set
            if value is None:
                cells.append(Cell(NOTHING))
            elif place != base and against is not None and (same_data or name in _OF_ANY_DATA):
                difference = _difference(name, value - against, t)
                cells.append(Cell(_with_unit(name, f"{value:{form}}", t), aside, difference))
            else:
                cells.append(Cell(_with_unit(name, f"{value:{form}}", t), aside))
        rows.append(TableRow(t(f"compare.row.{name}"), tuple(cells), t(f"compare.row.{name}.help")))
    return [*rows, _turns(outcomes, base, t)]


def _result(name: str, came: RunMetrics, t: Language) -> tuple[float | None, str]:
    """A result as a number, if there is one, and what stands beside it: its epoch or its interval."""
    found = came.test if name == "test_accuracy" else getattr(came, name)
    if isinstance(found, Best):
        return found.value, t("turn.epoch", epoch=found.epoch)
    if isinstance(found, Interval):
        return found.share, f"{found.low:.2%} – {found.high:.2%}"
    return found, ""


def _difference(name: str, value: float, t: Language) -> str:
    form = _RESULTS[name]
    return points(value, t) if form.endswith("%") else _with_unit(name, signed(value, form), t)


def _with_unit(name: str, number: str, t: Language) -> str:
    return t("timing.seconds", seconds=number) if name == "seconds" else number


def points(value: float, t: Language) -> str:
    """A difference of shares with its sign, in percentage points."""
    return t("compare.points", value=signed(100 * value, ".2f"))


def _turns(outcomes: Sequence[RunMetrics], base: int, t: Language) -> TableRow:
    against = outcomes[base].turning.epoch
    cells = []
    for place, came in enumerate(outcomes):
        turn = came.turning.loss
        at = came.turning.epoch
        difference = ""
        if place != base and at is not None and against is not None:
            difference = signed(at - against, ",.0f")
        label = turn_label(turn, t, learned=came.turning.learned)
        cells.append(Cell(label if turn.epoch else NOTHING, difference=difference))
    return TableRow(t("compare.row.turn"), tuple(cells), t("compare.row.turn.help"))


def _states(runs: Sequence[Run], t: Language) -> TableRow:
    cells = [
        Cell(
            t(f"state.{run.state.value}"),
            t("runs.epochs", done=len(run.epochs), epochs=run.experiment.epochs),
        )
        for run in runs
    ]
    return TableRow(t("runs.state"), tuple(cells))


def _label(setting: str, experiment: Experiment, t: Language) -> str:
    part, _, inner = setting.partition(".")
    if not inner:
        return t(f"field.{setting}")
    if part == "layers":
        return setting_name(setting, experiment, t)
    # With the part: a split and a training have a seed each.
    return t("setting.of_part", part=t(f"field.{part}"), setting=t(f"field.{inner}"))


def _setting(row: SettingRow, value: Any, t: Language) -> str:
    if row.setting == "layers":
        return " → ".join(_layer(layer) for layer in value)
    return value_text(row.setting, value, t)


def _layer(layer: Config) -> str:
    """A layer as briefly as a link writes it: "Dense 64 relu"."""
    return " ".join([type(layer).__name__, *(str(getattr(layer, name)) for name in layer.BRIEF)])


# As HTML, for its first column stays while the runs scroll


def swatch(colour: str) -> str:
    """The colour of a run's lines, for those who see it; letters tell it to all."""
    return f'<span class="tp-swatch" style="background:{escape(colour)}" aria-hidden="true"></span>'


def whole_table(compared: Sequence[ComparedRun], base: int, t: Language, *, back: str) -> str:
    """Of a comparison the settings that differ and what came of the runs; `back` as below."""
    runs, letters = [one.run for one in compared], [one.letter for one in compared]
    groups = [(t("compare.results"), outcome_rows(runs, [one.metrics for one in compared], base, t), "")]
    if len(runs) > 1:
        groups.insert(0, (t("compare.settings"), setting_rows(runs, base, t), t("compare.settings.none")))
    return comparison_table([name_of(run, t) for run in runs], letters, base, groups, t, back=back)


def comparison_table(
    names: Sequence[str],
    letters: Sequence[str],
    base: int,
    groups: Sequence[tuple[str, Sequence[TableRow], str]],
    t: Language,
    *,
    back: str,
) -> str:
    """The table: for each of its groups a heading, its rows, and what to say where it has none.

    `back` is the colour of the page behind it, for what stays while the rest scrolls.
    """
    several = len(names) > 1
    heads = "".join(
        f'<th scope="col"{_of_base(several and place == base)}><b>{letter}</b> <span>{escape(name)}</span>'
        + (f'<i class="tp-base">{escape(t("compare.base"))}</i>' if several and place == base else "")
        + "</th>"
        for place, (letter, name) in enumerate(zip(letters, names, strict=True))
    )
    bodies = "".join(
        f'<tbody><tr><th class="tp-group" scope="rowgroup" colspan="{len(names) + 1}">'
        f"<span>{escape(heading)}</span></th></tr>"
        + "".join(_row(row, base if several else -1) for row in rows)
        + (
            ""
            if rows
            else f'<tr><td class="tp-none" colspan="{len(names) + 1}"><span>{escape(none)}</span></td></tr>'
        )
        + "</tbody>"
        for heading, rows, none in groups
    )
    caption = escape(t("compare.table"))
    # What scrolls must be reached by keyboard too.
    return (
        f'<div class="tp-compare" role="region" tabindex="0" aria-label="{caption}" '
        f'style="--tp-back:{escape(back)}"><table>'
        f"<thead><tr><td></td>{heads}</tr></thead>{bodies}</table></div>"
    )


def _row(row: TableRow, base: int) -> str:
    explained = f' title="{escape(row.help)}"' if row.help else ""
    cells = "".join(_cell(cell, base=place == base) for place, cell in enumerate(row.cells))
    return f'<tr><th scope="row"{explained}>{escape(row.label)}</th>{cells}</tr>'


def _cell(cell: Cell, *, base: bool) -> str:
    words = [f"<span>{escape(cell.text)}</span>"]
    if cell.difference:
        words.append(f'<b class="tp-difference">{escape(cell.difference)}</b>')
    if cell.aside:
        words.append(f"<small>{escape(cell.aside)}</small>")
    return f"<td{_of_base(base, same=cell.same)}>{''.join(words)}</td>"


def _of_base(base: bool, *, same: bool = False) -> str:
    name = "tp-of-base" if base else "tp-same" if same else ""
    return f' class="{name}"' if name else ""
