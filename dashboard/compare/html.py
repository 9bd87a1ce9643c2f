"""The table of a comparison in HTML: its first column stays while the runs scroll. No Streamlit."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from dashboard.compare.table import Cell, TableRow
from dashboard.shared.language import Language
from dashboard.shared.theme import stylesheet

STYLE = stylesheet("compare")
"""The style sheet of all HTML made here."""


def swatch(colour: str) -> str:
    """The colour of a run's lines, for those who see it; letters tell it to all."""
    return f'<span class="tp-swatch" style="background:{escape(colour)}" aria-hidden="true"></span>'


def comparison_table(
    names: Sequence[str],
    letters: Sequence[str],
    base: int,
    groups: Sequence[tuple[str, Sequence[TableRow], str]],
    t: Language,
    *,
    back: str,
) -> str:
    """The table.

    Args:
        names: What the runs are called, as typed.
        base: The place of the run the others are measured by.
        groups: For each part of the table its heading, its rows, and what to say where it has none.
        back: The colour of the page behind it, for what stays while the rest scrolls.
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
