"""A layer is one class and its words: nothing else has to name it."""

from __future__ import annotations

import importlib.util
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import presets
from core.errors import ExperimentError
from core.experiment import Experiment, Layer
from core.experiment.toml import from_toml, to_toml
from core.models.code import script
from core.run import RunState
from core.settings import Settings
from core.storage import Artifacts, open_store
from dashboard.shared import language as languages
from tests.dashboard.pages import checked, opened

#: What its author would write into `core/experiment/layers.py`.
CLASS = '''
from typing import Literal

from core.experiment.config import keras_call, config_field
from core.experiment.layers import Layer, MisfitError, Output


class LayerNormalization(Layer):
    """Brings the values of each sample to mean 0 and standard deviation 1, then scales and shifts them."""

    kind: Literal["layer_normalization"] = "layer_normalization"
    epsilon: float = config_field("Added to the variance.", default=0.001, ge=1e-6, le=0.1)

    BRIEF = ("epsilon",)
    NEW = {"epsilon": 0.01}

    def output(self, shape):
        if len(shape) > 1:
            raise MisfitError("layer_needs_space", shape=list(shape))
        return Output(shape, 2 * shape[-1])

    def call(self, shape):
        return keras_call("layers", "LayerNormalization", epsilon=self.epsilon)
'''
#: And into the language files.
WORDS = {
    "en": {
        "layer.layer_normalization": "Layer normalization",
        "layer.layer_normalization.about": "Like batch normalization, by sample.",
        "field.epsilon": "Epsilon",
    },
    "ko": {
        "layer.layer_normalization": "층 정규화",
        "layer.layer_normalization.about": "샘플마다 정규화합니다.",
        "field.epsilon": "엡실론",
        "help.LayerNormalization.epsilon": "분산에 더하는 수입니다.",
    },
}
EXPERIMENT = {
    "dataset": "digits",
    "train_limit": 200,
    "split": {"kind": "first", "count": 50},
    "layers": [
        {"kind": "dense", "units": 8, "activation": "relu"},
        {"kind": "layer_normalization", "epsilon": 0.02},
        {"kind": "dense", "units": 10, "activation": "softmax"},
    ],
    "epochs": 1,
}


@pytest.fixture(autouse=True)
def _added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A program to which the layer was added."""
    before = dict(Layer.KINDS)
    module = tmp_path / "layer_normalization.py"
    module.write_text(CLASS)
    spec = importlib.util.spec_from_file_location("layer_normalization", module)
    assert spec is not None
    assert spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))

    locales = shutil.copytree(languages._FOLDER, tmp_path / "locales")
    for code, said in WORDS.items():
        (locales / code / "layer_normalization.json").write_text(json.dumps(said), encoding="utf-8")
    monkeypatch.setattr(languages, "_FOLDER", locales)
    languages.language.cache_clear()
    yield
    languages.language.cache_clear()
    Layer.KINDS.clear()
    Layer.KINDS.update(before)


def test_it_is_checked_and_kept_in_files_and_links() -> None:
    experiment = Experiment.from_dict(EXPERIMENT)
    assert from_toml(to_toml(experiment)) == experiment
    link = presets.link(experiment, presets.PLAIN)
    assert presets.follow(link)[0] == experiment
    with pytest.raises(ExperimentError, match="epsilon"):
        Experiment.from_dict({**EXPERIMENT, "layers": [{"kind": "layer_normalization", "epsilon": 5.0}]})
    two_axes = {**EXPERIMENT, "encoding": {"kind": "rows"}, "layers": EXPERIMENT["layers"][1:]}
    assert [problem.code for problem in Experiment.model_validate(two_axes).problems] == ["layer_needs_space"]


def test_its_shape_and_parameters_are_those_of_keras() -> None:
    from core.models.build import build

    experiment = Experiment.from_dict(EXPERIMENT)
    model = build(experiment)
    rows = experiment.summary.rows
    assert [row.output_shape for row in rows] == [layer.output.shape[1:] for layer in model.layers]
    assert [row.trainable for row in rows] == [layer.count_params() for layer in model.layers]
    assert model.layers[1].epsilon == 0.02


def test_the_script_has_it() -> None:
    said = script(Experiment.from_dict(EXPERIMENT))
    assert "layers.LayerNormalization(epsilon=0.02)" in said
    compile(said, "script.py", "exec")


def test_it_is_trained(tmp_path: Path) -> None:
    from core.training.execute import execute

    settings = Settings.from_environment({"TURNING_POINT_HOME": str(tmp_path / "home")})
    store = open_store(settings)
    run = store.add(Experiment.from_dict(EXPERIMENT), owner="test", preset="", worker="test")
    execute(run, settings, store=store, artifacts=Artifacts(settings.artifacts))
    assert store.get(run).state is RunState.FINISHED, store.get(run).reason
    store.close()


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_lab_offers_it(lang: str) -> None:
    t = languages.language(lang)
    lab = opened("lab", lang)
    checked(lab.menu_button[0].click("layer_normalization").run())
    assert any(t("layer.layer_normalization") in option for option in lab.menu_button[0].options)
    assert not lab.warning
    draft = lab.session_state["lab"].draft
    assert [layer.kind for layer in draft.layers][-2] == "layer_normalization"
    assert draft.layers[-2].epsilon == 0.01
    box = next(each for each in lab.number_input if each.label == t("field.epsilon"))
    assert box.help == t("help.LayerNormalization.epsilon")
    box.set_value(0.05).run()
    assert lab.session_state["lab"].draft.layers[-2].epsilon == 0.05
