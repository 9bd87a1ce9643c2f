"""The presets are those of the course, with the settings of its material."""

from __future__ import annotations

from pathlib import Path

import pytest

from core import presets
from core.errors import PresetError
from core.experiment.toml import to_toml


def test_each_preset_loads_and_each_file_is_listed() -> None:
    folder = Path(presets.__file__).parent
    assert {path.stem for path in folder.glob("*.toml")} == set(presets.NAMES)
    for name in presets.NAMES:
        assert (folder / f"{name}.toml").read_text("utf-8") == to_toml(presets.load(name))


@pytest.mark.parametrize(
    ("name", "train", "validation", "parameters", "epochs", "batch"),
    [  # counted by hand from the material
        ("mnist-first-network", 60_000, 0, 784 * 512 + 512 + 512 * 10 + 10, 5, 128),
        ("mnist-three-layers", 42_000, 18_000, 784 * 64 + 64 + 64 * 32 + 32 + 32 * 10 + 10, 30, 128),
        ("fashion-single-layer", 48_000, 12_000, 7_850, 5, 32),
        ("fashion-shallow", 42_000, 18_000, 52_650, 30, 128),
        ("digits-wrong-labels", 300, 1_200, 64 * 128 + 128 + 128 * 64 + 64 + 64 * 10 + 10, 60, 16),
        ("mini-reviews", 3_000, 1_000, 2_000 * 16 + 16 + 16 * 16 + 16 + 17, 20, 64),
        ("mini-newswires", 3_000, 1_000, 2_000 * 64 + 64 + 64 * 64 + 64 + 64 * 10 + 10, 20, 64),
        ("imdb-multi-hot", 15_000, 10_000, 10_000 * 16 + 16 + 16 * 16 + 16 + 17, 20, 512),
        ("imdb-four-epochs", 25_000, 0, 160_305, 4, 512),
        ("reuters-multi-hot", 7_982, 1_000, 10_000 * 64 + 64 + 64 * 64 + 64 + 64 * 46 + 46, 20, 512),
        ("reuters-nine-epochs", 8_982, 0, 647_214, 9, 512),
        ("reuters-bottleneck", 8_982, 0, 10_000 * 64 + 64 + 64 * 4 + 4 + 4 * 46 + 46, 9, 512),
        ("fashion-deep", 42_000, 18_000, 100_480 + 128 * 128 + 128 + 128 * 32 + 32 + 330, 30, 128),
    ],
)
def test_sizes(name: str, train: int, validation: int, parameters: int, epochs: int, batch: int) -> None:
    experiment = presets.load(name)
    assert (experiment.train_size, experiment.validation_size) == (train, validation)
    assert experiment.summary.parameters == parameters
    assert (experiment.epochs, experiment.batch_size) == (epochs, batch)


def test_the_first_presets_need_no_download() -> None:
    datasets = [presets.load(name).dataset for name in presets.NAMES[:4]]
    assert datasets == ["digits", "digits", "mini_reviews", "mini_newswires"]


def test_files(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(to_toml(presets.load(presets.PLAIN)), encoding="utf-8")
    assert presets.load_named_or_file(str(file)) == presets.load(presets.PLAIN)
    file.write_text("layers = [", encoding="utf-8")
    with pytest.raises(PresetError, match="not readable as TOML"):
        presets.load_named_or_file(str(file))
    with pytest.raises(PresetError, match="no file"):
        presets.load_named_or_file(str(tmp_path / "missing.toml"))
