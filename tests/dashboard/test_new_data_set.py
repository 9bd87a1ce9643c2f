"""A data set is one record, its words and its files: nothing else has to name it."""

from __future__ import annotations

import importlib.util
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import streamlit as st

from core.catalog import DATASETS
from core.datasets import ImageDataset, availability, open_dataset, prepare
from core.datasets.archives import digest
from core.datasets.drawing import INK, SIDE, to_bits
from core.errors import DataDamagedError
from core.experiment import Experiment
from core.models.code import script
from core.run import RunState
from core.settings import Settings
from core.storage import Artifacts, open_store
from dashboard.shared import language as languages
from tests.dashboard.answering import OWNER, answered_here
from tests.dashboard.pages import html, opened, press_label, run_again, words

#: What its author would write into `core/catalog.py`.
RECORD = """
from core.catalog import DatasetInfo, Drawing

STRIPES = DatasetInfo(
    name="stripes",
    title="Stripes",
    task="stripes",
    kind="image",
    class_names=("lying", "standing", "both"),
    class_counts=(40, 40, 40),
    train_size=120,
    test_size=30,
    shape=(12, 12),
    max_value=255,
    license="CC0",
    source="A test, 2026",
    digests={digests},
    drawing=Drawing("mass", pen=10, longest=8),
)
"""
#: And into the language files.
WORDS = {
    "en": {
        "data.about.stripes": "Stripes on small images.",
        "try.draw.about.stripes": "Draw some stripes.",
        "try.draw.how.stripes": "Eight pixels long, in the middle.",
    },
    "ko": {
        "class.stripes.0": "가로",
        "class.stripes.1": "세로",
        "class.stripes.2": "둘 다",
        "data.about.stripes": "작은 줄무늬 이미지입니다.",
        "data.license.stripes": "CC0",
        "data.source.stripes": "A test, 2026",
        "option.dataset.stripes": "줄무늬",
        "try.draw.about.stripes": "줄무늬를 그려 보세요.",
        "try.draw.how.stripes": "길이는 8픽셀이고 한가운데에 놓입니다.",
    },
}
EXPERIMENT = {
    "dataset": "stripes",
    "split": {"kind": "first", "count": 30},
    "layers": [{"kind": "dense", "units": 3, "activation": "softmax"}],
    "batch_size": 10,
    "epochs": 1,
}


def stripes(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Images of stripes in noise, and how they lie."""
    chance = np.random.default_rng(seed)
    labels = (np.arange(count) % 3).astype(np.uint8)
    images = chance.integers(0, 60, (count, 12, 12)).astype(np.uint8)
    images[labels != 1, 2::4, :] = 255
    images[labels != 0, :, 2::4] = 255
    return images, labels


@pytest.fixture
def arrays() -> dict[str, np.ndarray]:
    (x_train, y_train), (x_test, y_test) = stripes(120, 1), stripes(30, 2)
    return {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}


@pytest.fixture
def added(
    arrays: dict[str, np.ndarray], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """A computer on which the data set was added, with its files in the folder that was named."""
    module = tmp_path / "stripes.py"
    module.write_text(
        RECORD.replace("{digests}", repr({name: digest(array) for name, array in arrays.items()}))
    )
    spec = importlib.util.spec_from_file_location("stripes", module)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    monkeypatch.setitem(DATASETS, "stripes", loaded.STRIPES)

    locales = shutil.copytree(languages._FOLDER, tmp_path / "locales")
    for code, said in WORDS.items():
        (locales / code / "stripes.json").write_text(json.dumps(said), encoding="utf-8")
    monkeypatch.setattr(languages, "_FOLDER", locales)

    (tmp_path / "files").mkdir()
    np.savez(tmp_path / "files" / "stripes.npz", **arrays)
    monkeypatch.setenv("TURNING_POINT_DATASETS", str(tmp_path / "files"))
    languages.language.cache_clear()
    st.cache_resource.clear()
    yield Settings.from_environment(
        {"TURNING_POINT_HOME": str(tmp_path / "home"), "TURNING_POINT_DATASETS": str(tmp_path / "files")}
    )
    languages.language.cache_clear()
    st.cache_resource.clear()


def test_it_is_found_checked_and_prepared(added: Settings, arrays: dict[str, np.ndarray]) -> None:
    assert availability("stripes", added).where == "folder"
    dataset = open_dataset("stripes", added, fetch=False)
    assert isinstance(dataset, ImageDataset)
    assert dataset.class_names == ("lying", "standing", "both")
    assert availability("stripes", added).where == "cache"
    prepared = prepare(Experiment.from_dict(EXPERIMENT), dataset)
    np.testing.assert_allclose(prepared.x_test, arrays["x_test"].reshape(30, 144) / 255, rtol=1e-6)
    assert len(prepared.x_train) == 90
    said = script(Experiment.from_dict(EXPERIMENT))
    assert "tell stripes apart" in said
    assert "keras.datasets" not in said
    compile(said, "script.py", "exec")


def test_other_files_of_its_name_are_refused(added: Settings, arrays: dict[str, np.ndarray]) -> None:
    assert added.datasets is not None
    np.savez(added.datasets / "stripes.npz", **arrays | {"x_test": 255 - arrays["x_test"]})
    with pytest.raises(DataDamagedError) as caught:
        open_dataset("stripes", added, fetch=False)
    assert caught.value.code == "data_wrong_content"


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_it_is_shown_and_offered(added: Settings, lang: str) -> None:
    t = languages.language(lang)
    page = opened("data", lang, dataset="stripes")
    assert not page.error
    assert t("data.about.stripes") in words(page)
    assert "(120, 12, 12)" in page.table[0].value.to_string()
    assert t("data.origin", source="A test, 2026", license="CC0") in words(page)
    lab = opened("lab", lang)
    choice = next(each for each in lab.selectbox if each.label == t("field.dataset"))
    assert choice.options[-1] == t("option.dataset.stripes")
    choice.set_value("stripes")
    run_again(lab)
    assert not lab.error
    press_label(lab, t("lab.train"))


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_it_is_there_to_get_where_its_files_are_not(
    added: Settings, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TURNING_POINT_DATASETS")
    page = opened("data", lang, dataset="stripes")
    assert "`stripes.npz`" in words(page)
    assert not [button for button in page.button if button.key == "data-download"]


def test_it_is_trained_and_drawn_for(added: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.training.execute import execute

    store = open_store(added)
    run = store.add(Experiment.from_dict(EXPERIMENT), owner=OWNER, preset="", worker="test")
    execute(run, added, store=store, artifacts=Artifacts(added.artifacts))
    assert store.get(run).state is RunState.FINISHED, store.get(run).reason
    store.close()
    with answered_here(added, monkeypatch):
        page = opened("try", run=run)
        assert "Draw some stripes." in words(page)
        drawing = np.zeros((SIDE, SIDE), dtype=np.uint8)
        drawing[20:30, 10:100] = INK
        page.session_state[f"try-pad-{run}"] = {"drawing": {"bits": to_bits(drawing), "count": 1}}
        run_again(page)
        assert "Eight pixels long, in the middle." in words(page)
        assert html(page).count('class="tp-share-fill"') == 3


def test_without_a_way_from_a_drawing_only_test_images_are_offered(
    added: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dataclasses

    from core.training.execute import execute

    monkeypatch.setitem(DATASETS, "stripes", dataclasses.replace(DATASETS["stripes"], drawing=None))
    store = open_store(added)
    run = store.add(Experiment.from_dict(EXPERIMENT), owner=OWNER, preset="", worker="test")
    execute(run, added, store=store, artifacts=Artifacts(added.artifacts))
    store.close()
    with answered_here(added, monkeypatch):
        page = opened("try", run=run)
        assert "Draw some stripes." not in words(page)
        assert "try-image-way" not in page.session_state
        assert html(page).count('class="tp-share-fill"') == 3
