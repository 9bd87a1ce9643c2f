"""Finding the words of the glossary in a text of ours, which may be Markdown, and making links of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from dashboard.shared.glossary.terms import TERMS, forms
from dashboard.shared.language import Language, language

#: What the addresses of such links begin with; the browser opens them in place.
ANCHOR = "#term-"

#: What is no running text: signs that count as they are, code, formulas, pictures and links, tags, addresses, icons,
#: headings, tables.
_NOT_TEXT = r"""
    \\.
  | ```.*?(?:```|\Z)
  | (?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)
  | \$\$.*?\$\$ | \$[^$\n]+\$
  | !?\[[^\]]*\]\([^)\s]*(?:\s"[^"]*")?\)
  | <[^<>\n]*>
  | https?://\S+
  | :[\w-]+/[\w-]+: | :[a-z_]+:
  | ^\#{1,6}[ ].*?$
  | ^\|.*?$
"""
#: What may follow a Korean noun, the long before the short; then the word must end.
_PARTICLES = (
    "입니다|이라는|이라고|이란|이라|이며|이고|이나|에서는|에서도|에서|에게|에는|에도|에|으로는|으로도|으로|까지는|까지도|까지|"
    "부터는|부터|마다|만큼|만으로|만을|만이|만은|만|보다는|보다|처럼|들은|들이|들을|들|와는|과는|와|과|로는|로도|로|의|은|는|이|가|을|를|도|"
    "라는|라고|란|라|며|나|인"
)
_BEFORE, _AFTER = "(?<![가-힣\\w-])", "(?!\\w)"
_AFTER_KOREAN = f"(?=(?:{_PARTICLES})?(?![가-힣\\w]))"


@lru_cache(maxsize=2)
def _pattern(code: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """The expression that finds terms and what is passed over, and the term of each form."""
    t = language(code)
    names = {form.casefold(): name for name in TERMS for form in forms(name, t)}
    long_first = sorted(names, key=len, reverse=True)
    after = _AFTER_KOREAN if code == "ko" else _AFTER
    words = "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in long_first)
    expression = rf"(?P<other>{_NOT_TEXT}) | \*\*(?P<bold>{words})\*\* | {_BEFORE}(?P<term>{words}){after}"
    return re.compile(expression, re.VERBOSE | re.IGNORECASE | re.MULTILINE | re.DOTALL), names


def mark(text: str, t: Language, may_mark: Callable[[str], bool]) -> str:
    """The text with a link at the first place of each term that `may_mark` lets pass; it is asked once a term.

    Where bold words end and a letter follows, no link may end with them: Markdown would not see the bold end. A term
    that is bold by itself becomes a link as a whole.
    """
    pattern, names = _pattern(t.code)
    asked: set[str] = set()

    def replaced(match: re.Match[str]) -> str:
        said = match["bold"] or match["term"]
        if said is None:
            return match[0]
        name = names[" ".join(said.casefold().split())]
        if name in asked or (match["term"] and _would_break(text, match.start(), match.end())):
            return match[0]
        asked.add(name)
        return f"[{match[0]}]({ANCHOR}{name})" if may_mark(name) else match[0]

    return pattern.sub(replaced, text)


def _would_break(text: str, start: int, end: int) -> bool:
    """Whether stars beside a link would no longer count as bold, for a letter stands on their other side."""
    after, before = re.match(r"[*_]+(?=\w)", text[end:]), re.search(r"(?<=\w)[*_]+$", text[:start])
    return after is not None or before is not None
