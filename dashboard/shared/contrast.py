"""What Streamlit shows in colours that cannot be read well on our backgrounds, in others of the same hue.

Words keep a contrast of at least 4.5 : 1 (WCAG 2.1, 1.4.3). The colours of code belong to no setting of a theme.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

#: What the colours of code stand for, by the names that the highlighter gives its words.
_WORDS = {
    "keyword": ("keyword", "tag", "function", "class-name", "selector"),
    "string": ("string", "char", "attr-value", "boolean", "constant", "symbol"),
    "number": ("number", "regex", "attr-name", "property", "variable", "url"),
    "operator": ("operator", "entity", "decorator", "atrule", "important"),
    "comment": ("comment", "punctuation", "prolog", "doctype", "cdata"),
}
CODE: Mapping[Literal["light", "dark"], Mapping[str, str]] = {
    "light": {
        "keyword": "#1562a8",
        "string": "#11703a",
        "number": "#0a6676",
        "operator": "#9a4a00",
        "comment": "#5a6570",
    },
    "dark": {
        "keyword": "#7cc0ec",
        "string": "#6fce8f",
        "number": "#66cbdb",
        "operator": "#eaa764",
        "comment": "#9aa7b3",
    },
}
#: White is read on the primary colour of the dark theme, the primary colour is not read on its background.
_ON_DARK = """:is(button[data-selected="true"], [data-testid="stSliderThumbValue"]) p,
button[kind="tertiary"]:is(:hover, :focus, :active) * { color: #7cc0ec; }
"""


def contrast_css(*, dark: bool) -> str:
    """The rules for one of the two themes of `dashboard/.streamlit/config.toml`."""
    code = [
        f'[data-testid="stCode"] pre .token:is({", ".join(f".{one}" for one in _WORDS[kind])})'
        f" {{ color: {colour}; }}"
        for kind, colour in CODE["dark" if dark else "light"].items()
    ]
    return "\n".join([*code, _ON_DARK if dark else ""])
