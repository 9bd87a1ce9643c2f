"""A page in one file, which asks no other computer for anything: what it is made of, and how that becomes HTML.

Text that comes in is escaped by the template, and JSON cannot end the script it stands in. The page's own policy
lets in nothing but the scripts whose digests stand in it, so that even markup that got through could load and do
nothing.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from core.export.still_curves import StillCurves
from core.models.diagram import LayerDrawing
from core.templates import render

if TYPE_CHECKING:
    from markupsafe import Markup

_SCRIPT = Path(__file__).with_suffix(".js")


@dataclass(frozen=True)
class Text:
    """A paragraph; a quiet one stands back."""

    kind: ClassVar[str] = "text"
    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Quote:
    """What somebody wrote, with its lines, under what it is."""

    kind: ClassVar[str] = "quote"
    label: str
    text: str


@dataclass(frozen=True)
class Facts:
    """Names with a value each."""

    kind: ClassVar[str] = "facts"
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Table:
    """A table with a line of names; the first cell of each row names the row."""

    kind: ClassVar[str] = "table"
    caption: str
    names: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Curves:
    """A chart of lines that needs no script."""

    kind: ClassVar[str] = "curves"
    curve: StillCurves


@dataclass(frozen=True)
class Layers:
    """The layers of a network as boxes with what flows between them."""

    kind: ClassVar[str] = "layers"
    drawing: LayerDrawing


@dataclass(frozen=True)
class Chart:
    """A Plotly figure as JSON, in words for those who do not see it, and what stands below it."""

    kind: ClassVar[str] = "chart"
    figure: str
    alt: str
    name: str  # of the file that the reader saves a picture as
    height: int = 450  # pixels
    title: str = ""
    caption: str = ""


@dataclass(frozen=True)
class Component:
    """A part with a script of its own, an ES module whose default export shows it as Streamlit's components do."""

    name: str
    html: str
    css: str
    js: str


@dataclass(frozen=True)
class Widget:
    """A component with what it shows, and what stands in its place until it is drawn, or where no script runs."""

    kind: ClassVar[str] = "widget"
    component: Component
    data: Mapping[str, Any]
    still: Sequence[StillCurves] = ()


@dataclass(frozen=True)
class Picture:
    """A small picture, `source` as a `data:` address."""

    source: str
    name: str
    alt: str


@dataclass(frozen=True)
class Pictures:
    """Small pictures side by side."""

    kind: ClassVar[str] = "pictures"
    pictures: Sequence[Picture]


@dataclass(frozen=True)
class Html:
    """HTML of our own, in which everything from outside is escaped already."""

    kind: ClassVar[str] = "html"
    html: str
    css: str = ""


@dataclass(frozen=True)
class Code:
    """A text in a typewriter's letters."""

    kind: ClassVar[str] = "code"
    text: str


Part = Text | Quote | Facts | Table | Curves | Layers | Chart | Widget | Pictures | Html | Code


@dataclass(frozen=True)
class Section:
    """A part of a page under a heading; one that is folded opens when it is pressed, and in print."""

    title: str
    parts: Sequence[Part]
    folded: bool = False


@dataclass(frozen=True)
class WebPage:
    """A page.

    Attributes:
        label: What kind of thing it is about, above the title; "" for nothing.
        lead: What stands above the first section.
        contents: What the list of the sections is called.
        no_charts: What is said where a browser draws no charts.
        no_script: What is said where it runs no script.
    """

    title: str
    lead: Sequence[Part]
    sections: Sequence[Section]
    label: str = ""
    language: str = "en"
    contents: str = "Contents"
    no_charts: str = "This browser cannot draw the charts of this page. A newer one can."
    no_script: str = "JavaScript is off, so what cannot be drawn is put in words."


@dataclass(frozen=True)
class Drawing:
    """What charts are drawn with and how they look, of which the pages that have any need one.

    Attributes:
        library: plotly.min.js.
        layout: What is in the layout of every figure.
        config: Plotly's `config`.
        dark: The colours of figures that are others on a dark page.
    """

    library: bytes = field(repr=False)
    layout: Mapping[str, Any]
    config: Mapping[str, Any]
    dark: Mapping[str, str]


def html(page: WebPage, drawing: Drawing | None = None) -> str:
    """The page as HTML text; one with charts or widgets needs a `drawing`."""
    parts = [*page.lead, *(part for section in page.sections for part in section.parts)]
    components = {part.component.name: part.component for part in parts if isinstance(part, Widget)}
    own = {part.css for part in parts if isinstance(part, Html)}
    scripts = [_SCRIPT.read_text("utf-8"), *map(_module, components.values())] if drawing else []
    allowed = [*scripts, *([drawing.library.decode("utf-8")] if drawing else [])]
    return render(
        "export/web_page.html.jinja",
        page=page,
        policy=_policy(allowed),
        styles=_markup("\n".join([*(one.css for one in components.values()), *sorted(own)])),
        scripts=[_markup(text) for text in scripts],
        packed=_packed(drawing.library) if drawing else "",
        setup=_json(
            {
                "layout": drawing.layout,
                "config": drawing.config,
                "dark": drawing.dark,
                "no_charts": page.no_charts,
            }
        )
        if drawing
        else "",
        as_json=_json,
        as_html=_markup,
    )


def _module(component: Component) -> str:
    """A component's script as one that stands in a page by itself."""
    begun, named = component.js.split("export default function", 1)
    return f'{begun}takenHome.show("{component.name}", function{named.rstrip().rstrip(";")});\n'


def _policy(scripts: Sequence[str]) -> str:
    digests = " ".join(_digests(scripts)) or "'none'"
    return (
        f"default-src 'none'; script-src {digests}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def _digests(scripts: Sequence[str]) -> Iterator[str]:
    for script in scripts:
        if "</script" in script:
            raise ValueError("a script would end before its end")
        yield f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


@lru_cache(maxsize=1)
def _packed(library: bytes) -> str:
    import gzip

    return base64.b64encode(gzip.compress(library, 6, mtime=0)).decode("ascii")


def _json(value: Any) -> Markup:
    """A value, or a text that is JSON already, as it may stand inside a script element."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return _markup(text)


def _markup(text: str) -> Markup:
    from markupsafe import Markup  # comes with Jinja, which is loaded once something is exported

    return Markup(text)  # noqa: S704
