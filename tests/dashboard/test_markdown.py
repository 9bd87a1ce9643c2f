"""What others wrote among words of ours: it stays what was typed, in sentences that are read as Markdown."""

from __future__ import annotations

import pytest

from core.errors import PresetError
from core.run import Reason
from dashboard.shared.language import CODES, language
from dashboard.shared.markdown import escaped, one_line, sentence
from tests.dashboard.hostile import HOSTILE

JOINER = "\N{WORD JOINER}"


@pytest.mark.parametrize("typed", HOSTILE)
def test_without_the_escapes_it_is_what_was_typed_on_one_line(typed: str) -> None:
    shown = escaped(typed).replace(JOINER, "")
    plain = shown.replace("\\\\", "\0").replace("\\", "").replace("\0", "\\")
    assert plain == one_line(typed)
    assert "\n" not in shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("![i](http://x)", rf"!\[i\](http{JOINER}\://x)"),
        ("www.a.org", f"www{JOINER}.a.org"),
        ("me@a.org", f"me@{JOINER}a.org"),
        (":material/home:", rf"\:{JOINER}material/home:"),
        ("1. x", r"1\. x"),
        ("- x", r"\- x"),
        ("# x", r"\# x"),
        ("===", rf"\={JOINER}={JOINER}="),
        ("_x_ a_b", r"\_x\_ a_b"),
        ("&lt; & x", r"\&lt; & x"),
        ("a\n\n    b", "a b"),
        ("-0.5 1.5 #5 a: b /tmp/a-b_c.d", "-0.5 1.5 #5 a: b /tmp/a-b_c.d"),
    ],
)
def test_what_is_escaped_and_what_need_not_be(typed: str, shown: str) -> None:
    assert escaped(typed) == shown


def test_no_text_is_longer_than_a_sentence_can_bear() -> None:
    assert len(one_line("x" * 50_000)) == 1_001
    assert one_line("x" * 1_000) == "x" * 1_000


def test_a_sentence_keeps_its_own_markdown_and_gets_none_from_outside() -> None:
    told = sentence("**{a}** {b!r} {n:,} {x:.1f} `{a}`", {"a": "`*x*`", "b": "[y](z)", "n": 1234, "x": 0.25})
    assert told == r"**\`\*x\*\`** '\[y\](z)' 1,234 0.2 `'*x*'`"
    assert sentence("{a}", {"a": ["*x*", None]}) == r"\['\*x\*', None\]"


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("typed", HOSTILE[:6])
def test_errors_and_reasons_are_markdown_without_any_of_others(code: str, typed: str) -> None:
    t = language(code)
    unknown = PresetError("unknown_preset", received=typed, known="a")
    assert escaped(repr(typed)) in t.error(unknown) or escaped(typed) in t.error(unknown)
    assert typed in t.error(unknown, plain=True) or repr(typed) in t.error(unknown, plain=True)
    reason = Reason("error", {"message": typed})
    assert escaped(typed) in t.reason(reason)
    assert typed in t.reason(reason, plain=True)
