"""Whatever somebody called a run, an exported page and notebook only show it."""

from __future__ import annotations

import json
import re

import pytest

from core import presets
from core.export import notebook, page
from tests.analysis.runs import stored

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
