"""Words of the interface: a folder a language with a flat JSON file a feature, the same keys in each language.

What `core` says in English (errors, reasons, advice, the help of fields, the names of data sets and classes) is not
repeated in the English files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.catalog.own import PREFIX as OWN
from core.catalog.own import own_info
from core.errors import Issue, TurningPointError
from core.sentences import filled
from dashboard.shared.contrast import contrast_css
from dashboard.shared.markdown import sentence
from dashboard.shared.particles import agreeing

if TYPE_CHECKING:
    from core.run import Reason

CODES = ("ko", "en")
_FOLDER = Path(__file__).parent.parent / "locales"
#: The key under which a session keeps its language.
SESSION_KEY = "language"


@dataclass(frozen=True)
class Language:
    """The words of one language, "ko" or "en", by their keys; call it with a key."""

    code: str
    words: Mapping[str, str] = field(hash=False)

    def __call__(self, key: str, **details: Any) -> str:
        """The sentence for a key, with `{names}` filled from the details as they are (`core.sentences`).

        Where the sentence is shown as Markdown, details from outside are escaped by the caller
        (`dashboard.shared.markdown.escaped`); what errors repeat is escaped in `error`, `problem` and `reason`.

        `KeyError` if there is no such key; a test finds such keys before a user does.
        """
        words = self._words(key)
        return self._agreeing(filled(words, details)) if details else words

    def has(self, key: str) -> bool:
        """Whether there is a sentence for this key."""
        return key in self.words or _of_own_data(key) is not None

    def _words(self, key: str) -> str:
        words = self.words.get(key)
        if words is None:
            words = _of_own_data(key)
        return self.words[key] if words is None else words

    def problem(self, problem: Issue) -> str:
        """What is wrong with an experiment, as Markdown; data sets and encodings by the names in the forms."""
        named = {
            name: self(f"option.{name}.{problem.details[name]}")
            for name in ("dataset", "encoding")
            if self.has(f"option.{name}.{problem.details.get(name)}")
        }
        return self._told(f"error.{problem.code}", {**problem.details, **named}, plain=False)

    def error(self, error: TurningPointError, *, plain: bool = False) -> str:
        """An error's sentence in this language.

        It is Markdown, in which nothing that anybody typed counts as such; `plain` is for where it is shown as it is.
        """
        return self._told(f"error.{error.code}", error.details, plain)

    def reason(self, reason: Reason, *, plain: bool = False) -> str:
        """Why a run is in its state, in this language, as Markdown or plain like `error`.

        An error of this program's own is said by its own sentence, one of a library as it came.
        """
        refusal = f"error.{reason.details.get('error')}"
        if reason.code == "error" and self.has(refusal):
            return self._told(refusal, reason.details, plain)
        details = dict(reason.details)
        if self.has(f"state.{details.get('state')}"):
            details["state"] = self(f"state.{details['state']}")
        return self._told(f"reason.{reason.code}", details, plain)

    def _told(self, key: str, details: Mapping[str, Any], plain: bool) -> str:
        if isinstance(details.get("fixed"), str):
            details = {**details, "fixed": self.setting(details["fixed"])}
        if isinstance(details.get("open"), str):
            details = {**details, "open": ", ".join(map(self.setting, details["open"].split(", ")))}
        return self(key, **details) if plain else self._agreeing(sentence(self.words[key], details))

    def _agreeing(self, words: str) -> str:
        return agreeing(words) if self.code == "ko" else words

    def setting(self, path: str) -> str:
        """What a setting or a group of settings is called, wherever it stands: `core.experiment.freedom` names them."""
        words = (f"setting.{path}", f"lab.section.{path}", f"field.{path.rpartition('.')[2]}")
        return next((self(key) for key in words if self.has(key)), path)


@dataclass(frozen=True)
class Message:
    """A sentence to be said later: its key in the language files, and the strings, numbers and sentences it names."""

    key: str
    details: dict[str, Any] = field(default_factory=dict)

    def said(self, t: Language) -> str:
        """The sentence in a language."""
        said = {name: one.said(t) if isinstance(one, Message) else one for name, one in self.details.items()}
        return t(self.key, **said)


@lru_cache(maxsize=len(CODES))
def language(code: str) -> Language:
    """The language of this code ("ko" or "en")."""
    words: dict[str, str] = {}
    if code == "en":
        # Loaded when words are asked for: the server answers its first browser before.
        from dashboard.shared.core_words import core_words

        words = core_words()
    for path in sorted((_FOLDER / code).glob("*.json")):
        words |= json.loads(path.read_text(encoding="utf-8"))
    return Language(code, words)


def _of_own_data(key: str) -> str | None:
    """What stands in no file: the words that somebody gave to an own data set and its classes, in whatever language.

    They mean nothing but themselves, wherever they stand (`core.plain_text.as_name`).
    """
    about, _, rest = key.partition(f".{OWN}")
    name, _, label = rest.partition(".")
    info = own_info(OWN + name) if rest else None
    if info is None:
        return None
    if about == "class":
        return info.class_names[int(label)]
    return {"option.dataset": info.title, "data.source": info.source, "data.license": info.license}.get(about)


def first_choice(accepted: str | None) -> str:
    """The language code for a browser's language, such as "ko-KR": Korean for Korean, else English."""
    return "ko" if (accepted or "").lower().startswith("ko") else "en"


def session_language() -> Language:
    """The language of this browser session: what was chosen, else that of the browser."""
    if SESSION_KEY not in st.session_state:
        linked = st.query_params.get("lang")
        st.session_state[SESSION_KEY] = linked if linked in CODES else first_choice(st.context.locale)
    return language(st.session_state[SESSION_KEY])


# The language of the document

#: Screen readers, hyphenation and the choice of Korean or Chinese glyphs depend on the language; Streamlit itself
#: always says English. Korean lines end between words, as in print; Streamlit would break them at any syllable. Long
#: links to pages, and what a menu offers on a phone, end in a second line, where Streamlit would cut them off. What it
#: says in English below a field that is being filled in is said in the reader's language.
_LANGUAGE = """<style>
html:lang(ko) :is([data-testid="stMarkdownContainer"], [data-testid="stCaptionContainer"]) * {{
  word-break: keep-all; overflow-wrap: break-word;
}}
[data-testid="stMain"] [data-testid="stPageLink-NavLink"] *, [role="menuitem"] * {{ white-space: normal; }}
[role="menu"] {{ max-width: calc(100vw - 1.5rem); }}
[data-testid="stMenuButtonBody"] {{ max-height: min(28rem, 45vh) !important; }}
[role="menuitem"] {{ height: auto !important; min-height: 1.75rem; }}
html:lang(ko) [data-testid="InputInstructions"] {{ font-size: 0; }}
html:lang(ko) [data-testid="InputInstructions"]::after {{ content: "{enter}"; font-size: .8rem; }}
{contrast}</style>
<script>{script}</script>"""


def language_script(code: str) -> str:
    """The script that tells the browser the language of this code; `dashboard.server.middleware` lets it run."""
    return f"document.documentElement.lang = {code!r};"


def set_document_language(code: str) -> None:
    """Set the document's language to one of `CODES`."""
    contrast = contrast_css(dark=st.context.theme.type == "dark")
    st.html(
        _LANGUAGE.format(script=language_script(code), contrast=contrast, enter=language(code)("form.enter")),
        width="content",
        unsafe_allow_javascript=True,
    )
