"""What the server has loaded before its first page is asked for and when it is there, and what it loads ahead."""

from __future__ import annotations

import subprocess
import sys

from tests.browser.server import ROOT

# In a process of its own: in that of the tests everything has been loaded.
_CODE = """
import sys
from streamlit.testing.v1 import AppTest
from dashboard.server import lifespan
from dashboard.shared import pages_sent

lifespan._make_ready()
ready = set(sys.modules)
page = AppTest.from_file("dashboard/main.py", default_timeout=60).run()
assert page.button and not page.exception
print(sorted(name for name in set(sys.modules) - ready if name.partition(".")[0] in {"core", "dashboard"}))
print(sorted({"pandas", "pyarrow", "scipy", "alembic", "PIL.Image", "keras"} & set(sys.modules)))
pages_sent._last = 0.0
lifespan._load_all_pages()
print(sorted({"pandas", "dashboard.run.sections", "dashboard.run.page", "keras"} & set(sys.modules)))
"""


def test_the_first_page_finds_all_loaded_but_tables_and_the_others_are_loaded_ahead() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CODE.replace('"dashboard/main', f'"{ROOT}/dashboard/main')],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-3:] == ["[]", "[]", "['dashboard.run.sections', 'pandas']"]
