"""What of a comparison can stand alone: in a frame of another page, as slides of a presentation."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.run import Run
from dashboard.compare.curves import compared_runs
from dashboard.compare.exported import curve_charts
from dashboard.compare.table import whole_table
from dashboard.shared.alone import Chapter, Slide, chart_slides
from dashboard.shared.compare_address import Wish
from dashboard.shared.language import Language
from dashboard.shared.run_words import short_names
from dashboard.shared.theme import background, run_colours


def chapters(wish: Wish, runs: Sequence[Run], t: Language) -> tuple[Chapter, ...]:
    """The curves as the address has them, a slide a measure, and the table."""
    compared = compared_runs(runs, short_names(runs, t), run_colours())

    def table() -> None:
        base = wish.runs.index(wish.base)
        st.html(whole_table(compared, base, t, back=background()))

    return (
        Chapter(
            "curves", lambda: chart_slides(curve_charts(wish, compared, t), t, title=t("compare.curves"))
        ),
        Chapter("table", lambda: [Slide(t("compare.table"), table)]),
    )
