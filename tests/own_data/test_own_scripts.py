"""Exported scripts of runs on own data: with the data as a file they take the course of the run."""

from __future__ import annotations

import ast
import dataclasses
import json
from pathlib import Path

import pytest

from core.catalog.own import register
from core.datasets import open_dataset
from core.datasets.archives import Arrays
from core.experiment import Experiment
from core.export import data_file
from core.models.code import script
from core.presets.beginning import beginning
from core.settings import Settings
from core.storage import open_store
from tests.models.test_code import compare, course, run_here
from tests.own_data import sets

MADE = {
    "grey": lambda: sets.images(seed=21),
    "colours": lambda: sets.images(shape=(32, 32, 3), seed=22),
    "words": lambda: sets.texts(seed=23),
    "character pairs": lambda: sets.texts(tokens="char_pairs", seed=24),
}
HOSTILE = (
    '"""\nimport os; os._exit(7)\n"""',
    "{{ 7 * 7 }} {% raw %}",
    "\\",
    "'''",
    "\u2028x = 1",
    "=1+1",
    "x" * 300,
)


def begun(made, tmp_path: Path) -> tuple[Experiment, Settings, bytes]:
    settings = Settings(home=tmp_path / "home")
    store = open_store(settings)
    store.add_own_data(made[0], sets.archive(tmp_path, made), owner="ana")
    store.close()
    experiment = beginning(made[0]).with_changes(epochs=2)
    return experiment, settings, data_file(open_dataset(made[0].name, settings))


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.slow] if name in ("grey", "words") else []) for name in MADE],
)
def test_the_script_takes_the_course_of_a_run_on_own_data(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = MADE[name]()
    experiment, settings, content = begun(made, tmp_path)
    text = script(experiment, "functional" if name == "colours" else "sequential")
    history = run_here(text, tmp_path / "script", monkeypatch, {made[0].name: content})
    compare(history, course(experiment, settings))
    assert ("character pair" in text) == (name == "character pairs")
    assert "pickle" not in text


def test_the_script_refuses_other_samples_and_says_where_to_put_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment, _, _ = begun(sets.images(seed=25), tmp_path)
    other = sets.archive(tmp_path, sets.images(seed=26)).read_bytes()
    name, text = experiment.dataset, script(experiment)
    with pytest.raises(SystemExit, match="has other samples"):
        run_here(text, tmp_path / "other", monkeypatch, {name: other})
    with pytest.raises(SystemExit, match=f"Put {name}.npz beside this script"):
        run_here(text, tmp_path / "alone", monkeypatch)


@pytest.mark.parametrize("made", [sets.images(seed=27), sets.texts(seed=28)])
def test_no_title_or_class_name_does_anything_in_a_script(made: tuple[object, Arrays]) -> None:
    info = made[0]
    shapes = set()
    for title in ("plain", *HOSTILE):
        # As no interface lets one be called: the script does not rely on that.
        register(
            dataclasses.replace(info, title=title, task=title, class_names=(title, *info.class_names[1:]))
        )
        code = ast.parse(script(beginning(info)))
        assert isinstance(code.body[0].value, ast.Constant)  # the title stands in its text, and nowhere else
        shapes.add(json.dumps([ast.dump(statement) for statement in code.body[1:]]))
    assert len(shapes) == 1
