"""Texts made from Jinja templates, which lie beside the modules that fill them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.sentences import counted

if TYPE_CHECKING:
    from jinja2 import Environment


def render(name: str, *, finalize: Callable[[Any], str] | None = None, **values: Any) -> str:
    """Fill a template, named by its path inside `core`; in one that ends in `.html.jinja` all values are escaped.

    What is put in is written by `finalize`, if it is given.
    """
    return _environment(finalize).get_template(name).render(values)


@lru_cache(maxsize=2)
def _environment(finalize: Callable[[Any], str] | None) -> Environment:
    # Not before something is exported: most processes never need it.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=select_autoescape(["html.jinja"], default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=finalize,
    )
    environment.filters |= {"grouped": "{:,}".format, "counted": counted}
    return environment
