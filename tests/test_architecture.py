"""The rules of the house: who may import whom, what the web process never loads, one sentence for each code."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Literal, get_args, get_origin

import pytest

from core.analysis.advice import ADVICE
from core.catalog import DATASETS
from core.errors import MESSAGES
from core.experiment.layers import Layer
from core.experiment.parts import PARTS, configs
from core.experiment.training import Optimizer
from core.own_data.findings import FINDINGS
from core.presets import NAMES
from core.run import REASONS, RunState
from dashboard.shared.language import CODES, language
from tools import rooms
from tools.rooms import imports

ROOT = Path(__file__).parent.parent
LOCALES = {code: language(code).words for code in CODES}


def starts(names: Collection[str], *roots: str) -> set[str]:
    return {name for name in names if any(name == root or name.startswith(f"{root}.") for root in roots)}


def files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def importing(paths: list[Path], *roots: str) -> dict[str, set[str]]:
    """Those that import any of these, and what."""
    found = {str(path.relative_to(ROOT)): starts(imports(path), *roots) for path in paths}
    return {path: names for path, names in found.items() if names}


def test_core_imports_neither_streamlit_nor_dashboard() -> None:
    assert importing(files("core"), "streamlit", "dashboard") == {}


def test_nothing_in_core_but_the_jobs_themselves_imports_jobs() -> None:
    others = [path for path in files("core") if path.parent.name != "jobs"]
    assert importing(others, "core.jobs") == {}


def test_tensorflow_comes_only_after_the_package_that_says_how_it_shall_be() -> None:
    """It reads the environment at its import, which `core.models` sets: whoever imports it comes by that package."""
    packages = {
        path.relative_to(ROOT).parent.name
        for path in files("core")
        for statement in ast.parse(path.read_text("utf-8")).body
        if isinstance(statement, ast.Import | ast.ImportFrom)
        and starts(
            {getattr(statement, "module", None) or "", *(alias.name for alias in statement.names)},
            "keras",
            "tensorflow",
        )
    }
    assert packages == {"models", "training"}
    assert "import core.models" in (ROOT / "core" / "training" / "__init__.py").read_text("utf-8")


def test_dashboard_imports_no_keras() -> None:
    assert importing(files("dashboard"), "keras", "tensorflow") == {}


def test_pages_open_stores_where_what_is_covered_is_taken_out() -> None:
    whole = re.compile(r"\bopen_store\(|\bStore\(|(?<!Disclosed)\bArtifacts\(|\bundisclosed\b|\._whole\(")
    others = [path for path in files("dashboard") if path.name != "disclosed.py"]
    assert [str(path) for path in others if whole.search(path.read_text("utf-8"))] == []


def test_figures_import_no_streamlit() -> None:
    drawn = [path for path in files("dashboard") if "go.Figure(" in path.read_text("utf-8")]
    assert importing(drawn, "streamlit", "dashboard.shared.services") == {}


def test_no_room_of_the_dashboard_imports_one_beside_or_above_it() -> None:
    assert not rooms.upward(rooms.arrows("dashboard"))


def test_the_house_stays_small() -> None:
    found = rooms.arrows("dashboard")
    assert len({room for arrow in found for room in arrow}) <= 14
    assert len(found) <= 25


def test_no_module_is_longer_than_one_reads_at_a_time() -> None:
    long = {str(path.relative_to(ROOT)): rooms.lines(path) for path in [*files("core"), *files("dashboard")]}
    assert not {name: lines for name, lines in long.items() if lines > 450}


def test_what_contributing_names_is_there() -> None:
    named = re.findall(
        r"`((?:core|dashboard|tests|tools|benchmarks)/[\w./]*)`",
        (ROOT / "CONTRIBUTING.md").read_text("utf-8"),
    )
    assert named
    assert not [name for name in named if not (ROOT / name).exists()]


@pytest.mark.parametrize("package", ["core", "dashboard"])
def test_no_packages_import_each_other_in_a_circle(package: str) -> None:
    assert rooms.cycle(rooms.arrows(package)) == []


@pytest.mark.parametrize(
    "name",
    [
        "catalog/__init__.py",
        "catalog/own.py",
        "catalog/published.py",
        "catalog/record.py",
        "errors.py",
        "run.py",
        "sentences.py",
        "study.py",
        *(f"experiment/{p.name}" for p in files("core/experiment")),
    ],
)
def test_the_base_of_core_imports_only_itself(name: str) -> None:
    inside = starts(imports(ROOT / "core" / name), "core")
    base = ("core.catalog", "core.experiment", "core.errors", "core.run", "core.sentences")
    assert not {one for one in inside if not starts({one}, *base)}


def test_web_process_modules_load_no_keras() -> None:
    modules = [
        "datasets",
        "models.code",
        "models.diagram",
        "own_data.apart",
        "own_data.reader_process",
        "storage",
        "jobs.inference_client",
        "jobs.queue",
        "jobs.supervisor",
        "presets",
    ]
    modules += ["export", "analysis.classification", "analysis.turning_point"]
    code = f"""
import sys
import {", ".join(f"core.{module}" for module in modules)}
heavy = {{"keras", "tensorflow", "distributed", "streamlit"}}
print(sorted({{name.split(".")[0] for name in sys.modules}} & heavy))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_server_answers_before_anything_large_is_loaded() -> None:
    code = """
import sys
import dashboard.server.lifespan, dashboard.server.middleware, dashboard.server.routes
heavy = {"numpy", "pandas", "scipy", "sklearn", "jinja2", "alembic", "pooch", "keras", "tensorflow"}
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_languages_have_the_same_keys_and_names_in_braces() -> None:
    assert LOCALES["ko"].keys() == LOCALES["en"].keys()
    for key, korean in LOCALES["ko"].items():
        english = LOCALES["en"][key]
        assert korean.strip(), key
        assert english.strip(), key
        names = [set(re.findall(r"\{(\w+)", text)) for text in (korean, english)]
        assert names[0] == names[1], key


def test_english_says_what_core_says_and_no_file_repeats_it() -> None:
    english = LOCALES["en"]
    assert {key[6:]: text for key, text in english.items() if key.startswith("error.")} == MESSAGES
    assert {key[7:]: text for key, text in english.items() if key.startswith("reason.")} == REASONS
    assert {key[7:]: text for key, text in english.items() if key.startswith("advice.")} == ADVICE
    assert {key[8:]: text for key, text in english.items() if key.startswith("finding.")} == FINDINGS
    written = {key.split(".")[0] for _, words in locale_files("en") for key in words}
    assert not written & {"error", "reason", "advice", "finding", "help"}


def locale_files(code: str) -> list[tuple[str, dict[str, str]]]:
    """The name of each file of a language, and its words as they stand there."""
    paths = sorted((ROOT / "dashboard" / "locales" / code).glob("*.json"))
    return [(path.stem, json.loads(path.read_text("utf-8"))) for path in paths]


@pytest.mark.parametrize("code", CODES)
def test_a_key_stands_in_one_file_of_a_language_and_each_file_is_sorted(code: str) -> None:
    seen: set[str] = set()
    for name, words in locale_files(code):
        assert list(words) == sorted(words), name
        assert not seen & words.keys(), name
        seen |= words.keys()


def test_a_key_stands_in_the_same_file_in_each_language() -> None:
    korean = {key: name for name, words in locale_files("ko") for key in words}
    for name, words in locale_files("en"):
        assert not {key for key in words if korean[key] != name}


def test_every_code_has_words() -> None:
    english = LOCALES["en"]
    wanted = [f"state.{state.value}" for state in RunState]
    wanted += [f"preset.{name}.{part}" for name in NAMES for part in ("title", "about")]
    wanted += [f"layer.{kind}{part}" for kind in Layer.KINDS for part in ("", ".about")]
    wanted += [f"optimizer.{kind}" for kind in Optimizer.KINDS]
    wanted += [f"option.dataset.{name}" for name in DATASETS]
    wanted += [f"option.encoding.{kind}{part}" for kind in PARTS["encoding"] for part in ("", ".about")]
    assert not [key for key in wanted if key not in english]


@pytest.mark.parametrize("model", configs(), ids=lambda model: model.__name__)
def test_every_field_has_a_label_and_its_help_in_both_languages(model: type) -> None:
    for name, field in model.model_fields.items():
        if name != "kind":
            assert f"field.{name}" in LOCALES["ko"]
            assert LOCALES["en"][f"help.{model.__name__}.{name}"] == field.description
            if get_origin(field.annotation) is Literal:
                assert {f"option.{name}.{choice}" for choice in get_args(field.annotation)} <= LOCALES[
                    "ko"
                ].keys()
