"""Parts of a page that is taken home as one file, made of what pages show: figures, tables, components. No Streamlit.

The frame is `core.export.web_page`; nothing here asks who looks, since a file is read by anybody.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import plotly.io as pio
from plotly.utils import PlotlyJSONEncoder

from core.errors import TurningPointError
from core.export.web_page import Chart, Component, Drawing, Part, Quote, Section, Table, Text, WebPage, html
from core.notes import KINDS
from dashboard.shared.browser import sources
from dashboard.shared.charts import colours
from dashboard.shared.charts.template import NAME, chart_config
from dashboard.shared.language import Language
from dashboard.shared.theme import run_colours

#: Signs that only mark words in Markdown, and what keeps others from doing so.
_MARKS = re.compile(r"\*\*|`|\\(?=[^\w\s])|\N{WORD JOINER}")


def chart(figure: go.Figure, *, name: str, alt: str, title: str = "", caption: str = "") -> Chart:
    """A figure made for a light page, which is drawn for a dark one too; `name` is that of a picture saved of it."""
    plain = figure.to_plotly_json()
    plain["layout"].pop("template", None)
    drawn = json.dumps(plain, cls=PlotlyJSONEncoder)
    height = int(plain["layout"].get("height") or Chart.height)
    return Chart(drawn, alt=unmarked(alt), name=name, height=height, title=title, caption=unmarked(caption))


def table(rows: pd.DataFrame, caption: str, forms: Mapping[str, str] | None = None) -> Table:
    """A table of these rows, whose first column names them; `forms` tell how the numbers of a column are written."""
    names = [str(name) for name in rows.columns]
    written = [
        [_cell(value, (forms or {}).get(name, "")) for name, value in zip(names, row, strict=True)]
        for row in rows.itertuples(index=False)
    ]
    return Table(caption, names, written)


def _cell(value: Any, form: str) -> str:
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return "–"
    if form and not isinstance(value, str):
        return format(value, form)
    return f"{value:,}" if isinstance(value, int) else str(value)


def unmarked(sentence: str) -> str:
    """A sentence of ours, which may hold Markdown, without its marks."""
    return _MARKS.sub("", sentence)


def text(*sentences: str, quiet: bool = False) -> Text:
    """Sentences of ours as a paragraph."""
    return Text(unmarked(" ".join(filter(None, sentences))), quiet=quiet)


def quotes(notes: Mapping[str, str], t: Language) -> list[Quote]:
    """What was noted, in the order in which it is."""
    return [Quote(t(f"notes.{kind}"), notes[kind]) for kind in KINDS if notes.get(kind)]


def section(title: str, make: Callable[[], Sequence[Part]], t: Language, *, folded: bool = False) -> Section:
    """A section; what cannot be made says why in its place."""
    try:
        return Section(title, make(), folded)
    except TurningPointError as error:
        return Section(title, [Text(t.error(error, plain=True))])


def web_page(page: WebPage, t: Language) -> str:
    """The page as HTML, with everything that its charts need."""
    return html(page, drawing(t))


def drawing(t: Language) -> Drawing:
    """How charts look in a file, in both themes."""
    template: Any = pio.templates[NAME]
    fixed = colours.BY_NAME.values()  # the same in both themes
    palettes = zip(run_colours("light"), run_colours("dark"), strict=True)
    return Drawing(
        library=plotly_js(),
        layout=template.layout.to_plotly_json(),
        config=chart_config(t),
        dark={colours.INK: colours.INK_ON_DARK}
        | {light: dark for light, dark in palettes if light not in fixed},
    )


@cache
def plotly_js() -> bytes:
    """plotly.min.js as it lies in the plotly package."""
    return resources.files("plotly").joinpath("package_data/plotly.min.js").read_bytes()


@cache
def component(folder: Path) -> Component:
    """The component of a folder; `browser.register` has it too."""
    return Component(folder.name, **sources(folder))
