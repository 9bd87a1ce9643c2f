"""Whatever somebody called a run or noted on it, an exported page and notebook only show it."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace

import pytest

from core import presets
from core.export import notebook, page
from core.notes import KINDS
from core.plain_text import as_note
from tests.analysis.runs import stored
from tests.dashboard.hostile import HOSTILE as NOTES
from tests.export.reading import ReadPage

HOSTILE = (
    "<img src=x onerror=alert(1)> </title><script>1</script> [a](javascript:x) $x$ "
    '{{ 7 * 7 }} & "b" *c* _d_ `e`'
)


def test_a_page_shows_the_title_and_takes_no_markup_from_it() -> None:
    text = page(stored("a", presets.load(presets.FIRST), title=HOSTILE), "0123456789")
    assert not re.search(r"<(img|script)", text)
    assert text.count("&lt;img src=x onerror=alert(1)&gt;") == 2, "in the head and above the curves"
    assert "{{ 7 * 7 }}" in text


def test_a_notebook_shows_the_title_and_takes_no_markup_from_it() -> None:
    book = json.loads(notebook(stored("a", presets.load(presets.FIRST), title=HOSTILE)))
    line = book["cells"][0]["source"][0]
    assert line == (
        "# &lt;img src=x onerror=alert(1)&gt; &lt;/title&gt;&lt;script&gt;1&lt;/script&gt; "
        r"\[a\](javascript:x) \$x\$ {{ 7 \* 7 }} &amp; " + r'"b" \*c\* \_d\_ \`e\`' + "\n"
    )


@pytest.mark.parametrize("title", ["Zahlen", "한글 제목", "digits-first-network", "fashion_mnist, 0.001"])
def test_an_ordinary_title_stays_as_it_is(title: str) -> None:
    run = stored("a", presets.load(presets.FIRST), title=title)
    assert json.loads(notebook(run))["cells"][0]["source"][0] == f"# {title}\n"
    assert f"<h1>{title}</h1>" in page(run, "0123456789")


@pytest.mark.parametrize("note", NOTES)
def test_notes_stand_on_a_page_as_they_were_typed(note: str) -> None:
    run = replace(stored("a", presets.load(presets.FIRST), title=note), notes=dict.fromkeys(KINDS, note))
    read = ReadPage(page(run, "0123456789"))
    assert (read.loads, read.handlers, read.scripts) == ([], [], [])
    assert read.policy.startswith("default-src 'none'; script-src 'none'")


@pytest.mark.parametrize("note", [*NOTES, "one\n\n- two\n1) three\n===\n+ 1 = 2", "한글\n메모"])
def test_a_notebook_reads_notes_as_plain_lines(note: str) -> None:
    markdown_it = pytest.importorskip("markdown_it")
    run = replace(stored("a", presets.load(presets.FIRST)), notes={"saw": as_note(note)})
    source = "".join(json.loads(notebook(run))["cells"][1]["source"])
    shown = markdown_it.MarkdownIt("gfm-like", {"linkify": False}).render(source)
    tags = set(re.findall(r"<(\w+)", shown)) - {"p", "strong", "br"}
    assert not tags, shown
    assert not re.search(r"://|www\.|\w@", source), "would be found as an address"
    text = html.unescape(re.sub(r"<[^>]+>", "", shown)).replace("\xa0", "")
    assert text.split() == ["What", "was", "seen", *as_note(note).split()]


def test_a_run_without_notes_has_no_place_for_them() -> None:
    run = stored("a", presets.load(presets.FIRST))
    assert len(json.loads(notebook(run))["cells"]) + 1 == len(
        json.loads(notebook(replace(run, notes={"saw": "x"})))["cells"]
    )
    assert 'class="note"' not in page(run, "0123456789")
