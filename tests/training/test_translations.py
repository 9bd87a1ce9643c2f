"""Programs that XLA has made are kept, and taken again only if they are whole, ours and the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.settings import Settings
from core.training import translations
from core.training.translations import Translations

KEY, OTHER = "a" * 64, "b" * 64
NAME, PROGRAM = "xla_compile_cache__1__2__XLA_CPU_JIT.pb", b"machine code\n\x00\xff"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kept on Linux only")


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Translations:
    """A folder with one program in it, and a slot."""
    slot = tmp_path / "slot"
    slot.mkdir()
    monkeypatch.setattr(translations, "_slot", slot)
    found = Translations.of(Settings.from_environment({"TURNING_POINT_HOME": str(tmp_path)}))
    assert found is not None
    make(found, KEY)
    return found


def make(kept: Translations, key: str, program: bytes = PROGRAM) -> None:
    assert not kept.fetch(key)
    (kept.slot / NAME).write_bytes(program)
    assert kept.keep(key)
    assert not list(kept.slot.iterdir())


def test_what_was_kept_comes_back_to_where_xla_looks(kept: Translations) -> None:
    assert kept.folder.stat().st_mode & 0o777 == 0o700
    assert kept.fetch(KEY) == NAME
    assert not kept.keep(KEY, NAME), "nothing was made beside it"
    assert kept.fetch(KEY) == NAME
    assert {path.name: path.read_bytes() for path in kept.slot.iterdir()} == {NAME: PROGRAM}
    assert not kept.fetch(OTHER)
    assert not list(kept.slot.iterdir())
    assert not kept.keep(OTHER), "nothing was made"


def test_what_is_damaged_foreign_or_another_one_is_refused_and_thrown_away(kept: Translations) -> None:
    path = kept.folder / KEY
    whole = path.read_bytes()

    def refused() -> bool:
        """Also by what it leaves: the way is free for another translation."""
        gone = not kept.fetch(KEY) and not path.exists() and not list(kept.slot.iterdir())
        path.write_bytes(whole)
        return gone

    for damaged in (b"", whole[:-1], whole[:40], whole + b"x", bytes([whole[0] ^ 1]) + whole[1:], PROGRAM):
        path.write_bytes(damaged)
        assert refused()
    path.write_bytes(whole.replace(KEY.encode(), OTHER.encode()))  # moved by somebody
    assert refused()
    path.write_bytes(translations._packed(KEY, "../" + NAME, PROGRAM))
    assert refused()
    path.chmod(0o666)
    assert refused()
    path.chmod(0o600)
    path.rename(kept.folder / OTHER)
    path.symlink_to(OTHER)
    assert not kept.fetch(KEY)
    assert (kept.folder / OTHER).read_bytes() == whole


def test_a_folder_that_others_may_write_is_not_used(kept: Translations) -> None:
    settings = Settings.from_environment({"TURNING_POINT_HOME": str(kept.folder.parent)})
    kept.folder.chmod(0o777)
    assert Translations.of(settings) is None
    kept.folder.chmod(0o700)
    assert Translations.of(settings) == kept


def test_the_oldest_go_when_there_are_too_many(kept: Translations, monkeypatch: pytest.MonkeyPatch) -> None:
    size = (kept.folder / KEY).stat().st_size
    monkeypatch.setattr(translations, "_MOST_BYTES", 3 * size)
    for number, name in enumerate("cde"):
        for path in kept.folder.iterdir():
            os.utime(path, (number, number))
        assert kept.fetch(KEY)  # just used, so the newest
        make(kept, name * 64)
        assert len(list(kept.folder.iterdir())) == min(3, 2 + number)
    assert {path.name[0] for path in kept.folder.iterdir()} >= {"a", "e"}


def test_no_other_processor_version_or_network_shares_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    def machine(**changed: object) -> None:
        monkeypatch.setattr(translations, "_machine", lambda: {"processor": ["avx2"], **changed})

    machine()
    key = translations.key_of({"layers": [1]})
    assert key == translations.key_of({"layers": [1]})
    assert key != translations.key_of({"layers": [2]})
    machine(processor=["avx512f"])
    assert key != translations.key_of({"layers": [1]})


TRAININGS = """
import os, sys
from pathlib import Path
from core.experiment import Experiment
from core.models.build import build
from core.training.steps import TrainingSteps
from core.training.train import train
from core.training.recorders import Recorder
from core.training import translations
from core.training.translations import Translations, open_slot
from core.datasets import open_dataset, prepare
from core.settings import Settings
from tests.training.experiments import DENSE, OUTPUT, experiment_with

settings = Settings.from_environment()
experiment = experiment_with(layers=[{**DENSE[0], "l2": 0.01}, {"kind": "batch_normalization"}, OUTPUT])
prepared = prepare(experiment, open_dataset("digits", settings))

def course(keeping):
    out, into = os.pipe()
    if os.fork():
        os.close(into)
        os.wait()
        return os.read(out, 65536).decode()
    assert open_slot()
    fetched = []
    kept = Translations.of(settings) if keeping else None
    fetch = Translations.fetch
    Translations.fetch = lambda self, key: fetched.append(bool(found := fetch(self, key))) or found
    model = build(experiment)
    model.jit_compile = True
    steps = TrainingSteps(model, prepared.x_train, prepared.y_train, experiment.batch_size, kept)
    result = train(experiment, prepared, model, Recorder(), lambda: False, steps=steps)
    epochs = [(one.loss.hex(), one.accuracy.hex(), one.val_loss.hex()) for one in result.epochs]
    os.write(into, repr((fetched, result.path, epochs)).encode())
    os._exit(0)

folder = settings.home / "translations"
plain, cold, warm = course(False), course(True), course(True)
for path in folder.iterdir():
    path.write_bytes(path.read_bytes()[:-1000] + bytes(1000))
mended, again = course(True), course(True)
for path in folder.iterdir():  # whole, but nothing that XLA can use
    name, program = translations._unpacked(path.name, path.read_bytes())
    path.write_bytes(translations._packed(path.name, name, program[: len(program) // 2]))
print(repr([eval(one) for one in (plain, cold, warm, mended, again, course(True))]))
"""


@pytest.mark.slow
def test_the_history_is_the_same_to_the_last_bit_cold_warm_and_over_damaged_files(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", TRAININGS],
        env={**os.environ, "TURNING_POINT_HOME": str(tmp_path)},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    plain, *others = eval(done.stdout.splitlines()[-1])
    assert plain[:2] == ([], "xla")
    found = [one[0] for one in others]
    assert found[:4] == [[False] * 2, [True] * 2, [False] * 2, [True] * 2]
    assert found[4][0], "the whole file is taken for good, until XLA refuses it"
    assert len(plain[2]) == 3
    for other in others:
        assert other[1:] == plain[1:]
