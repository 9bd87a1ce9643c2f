"""What each command imports: nothing before it is needed. By the modules that are there, and no clock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core import presets
from core.settings import Settings
from core.storage import open_store

ROOT = Path(__file__).parent.parent.parent
HEAVY = ("pandas", "scipy", "sklearn", "keras", "tensorflow", "dask", "distributed", "plotly", "streamlit")
WATCHED = (*HEAVY, "alembic", "jinja2", "numpy", "pydantic", "sqlalchemy")
RUNS = ("recorded-fashion-shallow", "recorded-fashion-deep")
STORED = {"numpy", "pydantic", "sqlalchemy"}


def child(code: str, settings: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=ROOT,
        env={**os.environ, "TURNING_POINT_HOME": str(settings.home)},
        capture_output=True,
        text=True,
        check=True,
    )


@pytest.mark.parametrize(
    ("words", "loads"),
    [
        (["--help"], set()),
        (["presets"], {"pydantic"}),
        (["runs"], STORED),
        (["runs", "--recorded"], STORED),
        (["compare", *RUNS], STORED),
        (["export", RUNS[0], "--as", "csv", "-o", "FILE"], STORED),
        (["export", RUNS[0], "--as", "html", "-o", "FILE"], {*STORED, "jinja2"}),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else "",  # a set has no order that stays
)
def test_a_command_imports_what_it_needs(
    words: list[str], loads: set[str], settings: Settings, tmp_path: Path
) -> None:
    # A database that is up to date: nothing has to be brought over, so nothing that could do so is imported.
    with_a_run = open_store(settings)
    with_a_run.add(presets.load(presets.FIRST), owner="cli")
    with_a_run.close()
    code = f"""
import json, sys
from core.__main__ import main
try:
    status = main(sys.argv[1:])
except SystemExit as end:
    status = end.code
print(json.dumps([status, [name for name in {WATCHED} if name in sys.modules]]))
"""
    words = [str(tmp_path / "file") if word == "FILE" else word for word in words]
    status, found = json.loads(child(code, settings, *words).stdout.splitlines()[-1])
    assert status == 0
    assert set(found) == loads


@pytest.mark.parametrize("words", [["presets"], ["data", "--help"], ["nosuch"]], ids=" ".join)
def test_a_command_imports_no_other(words: list[str], settings: Settings) -> None:
    code = """
import sys
from core.__main__ import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print(*sorted(name for name in sys.modules if name.startswith("core.command_line.")))
"""
    found = {
        name.rpartition(".")[2] for name in child(code, settings, *words).stdout.splitlines()[-1].split()
    }
    own = {"presets": {"experiments", "own_records"}, "data": {"data", "data_facts", "fetching", "own_data"}}
    assert found == {"commands", "output", *own.get(words[0], set())}


def test_a_training_is_told_of_before_anything_heavy_is_imported(settings: Settings) -> None:
    code = f"""
import os, sys
class Gate:
    def find_spec(self, name, path=None, target=None):
        if name in {HEAVY}:
            sys.stderr.write("now Keras")
            sys.stderr.flush()
            os._exit(0)
sys.meta_path.insert(0, Gate())
from core.__main__ import main
main(sys.argv[1:])
"""
    said = child(code, settings, "train", presets.FIRST, "--epochs", "2").stderr
    assert said == f"training {presets.FIRST}: 2 epochs on digits\nnow Keras"
