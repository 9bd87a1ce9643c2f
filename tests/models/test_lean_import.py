"""What Keras would import beside itself: by the modules of a new process, and by what Keras does without them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from core.models.lean_import import UNUSED

ROOT = Path(__file__).parents[2]


def test_keras_is_imported_without_what_nothing_here_uses_and_others_find_it_after() -> None:
    code = f"""
import sys
import core.training.execute
print(sorted({set(UNUSED)} & set(sys.modules)))
import pandas, sklearn, matplotlib
print(pandas.Series([1, 2]).sum())
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["[]", "3"]
