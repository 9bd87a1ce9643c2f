"""`python -m core data`: own sets added, listed, renamed, saved and removed at the command line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.__main__ import main
from core.catalog import dataset_info
from core.settings import Settings
from core.storage import open_store
from tests.own_data.test_keeping import learning


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    chance = np.random.default_rng(1)
    for label, name in enumerate(("cats", "cows", "dogs")):
        for part, count in (("train", 8), ("test", 4)):
            folder = tmp_path / "pets" / part / name
            folder.mkdir(parents=True)
            for number in range(count):
                pixels = chance.integers(0, 60, (20, 24, 3), dtype=np.uint8)
                pixels[:, label * 6 : label * 6 + 6] = 220
                Image.fromarray(pixels).save(folder / f"{number}.png")
    return tmp_path / "pets"


def test_the_command_line_adds_lists_renames_saves_and_removes(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("TURNING_POINT_HOME", str(home))

    def told(*words: str, status: int = 0) -> tuple[str, str]:
        assert main(["data", *words]) == status
        return capsys.readouterr()

    _, looked = told("add", str(pictures), "--look")
    assert "36 pictures of 3 classes" in looked
    assert "cats" in looked
    out, added = told("add", str(pictures), "--shape", "32x32x3", "--classes", "a, b,c", "--title", "Pets")
    name = out.strip()
    assert "24 + 12 samples of 3 classes, 32 x 32 x 3" in added
    assert f"python -m core train {name}" in added
    assert sorted(one.name for one in home.iterdir() if one.is_dir()) == ["artifacts", "datasets"]
    assert f"{name}  Pets:" in told()[0]
    assert "test samples as the files set them apart, 1 finding\n" in told("list")[0]
    shown = told("show", name)[0].splitlines()
    assert shown[:2] == [
        f"{name}  Pets: 24 + 12 samples of 3 classes, 32 x 32 x 3",
        "classes: a (8), b (8), c (8)",
    ]
    assert shown[-4:-1] == [
        "made from pictures in a folder a class",
        "  pictures as 32x32x3, those of another shape: crop",
        "  test samples as the files set them apart",
    ]
    assert "36 pictures were enlarged" in shown[-1] or "enlarged" in shown[-1]
    assert "licence: " in told("show", "mnist")[0]
    told("rename", name, "--title", "Animals")
    assert (dataset_info(name).title, dataset_info(name).class_names) == ("Animals", ("a", "b", "c"))
    told("save", name, "-o", str(tmp_path / "saved.npz"))
    with np.load(tmp_path / "saved.npz") as saved:
        assert saved["x_train"].shape == (24, 32, 32, 3)
    settings = Settings(home=home)
    store = open_store(settings)
    assert store.own_data("somebody")[0].shared
    run = store.add(learning(name), owner="cli", worker="cli:test")
    assert run in told("remove", name, status=2)[1]
    assert "learn from it: 1" in told("remove", name, "--yes", status=2)[1]
    store.request_stop(run)
    store.interrupt_stale(store.get(run).reason, workers="cli")
    told("remove", name, "--yes")
    assert name not in told()[0]
    assert "Nobody keeps" in told("save", name, "-o", "x.npz", status=2)[1]
    assert "not on this server" in told("save", "own-" + "0" * 24, "-o", "x.npz", status=2)[1]
    store.close()


def test_what_cannot_be_chosen_is_refused_in_a_sentence(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TURNING_POINT_HOME", str(tmp_path / "home"))
    for words, part in (
        (["add", str(pictures), "--test-share", "3"], "--test-share cannot be"),
        (["add", str(pictures), str(pictures)], "is a folder"),
        (["add", str(tmp_path / "nothing")], "cannot be read"),
        (["add", str(tmp_path / "one"), str(tmp_path / "two")], "cannot be read"),
        (["remove", "mnist"], "not brought along by you"),
        (["rename", "own-" + "0" * 24, "--title", "x"], "not on this server"),
    ):
        assert main(["data", *words]) == 2
        assert part in capsys.readouterr().err
