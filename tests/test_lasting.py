"""What is imported for good is kept from the garbage collector."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from core.lasting import lasting, uncollected
from core.settings import Settings


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    yield
    gc.enable()
    gc.unfreeze()


def test_nothing_is_collected_in_the_block_and_what_is_there_never_again() -> None:
    before = gc.get_freeze_count()
    with lasting():
        assert not gc.isenabled()
        made = [[number] for number in range(10_000)]
    assert gc.isenabled()
    assert gc.get_freeze_count() >= before + len(made)


def test_nothing_is_collected_in_the_block_but_may_be_after_it() -> None:
    before = gc.get_freeze_count()
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() == before


@pytest.mark.parametrize("block", [lasting, uncollected])
def test_a_collector_that_was_off_stays_off(block: Callable[[], AbstractContextManager[None]]) -> None:
    gc.disable()
    with block():
        pass
    assert not gc.isenabled()


def test_after_an_import_that_fails_it_collects_as_before() -> None:
    before = gc.get_freeze_count()
    with pytest.raises(ModuleNotFoundError), lasting():
        raise ModuleNotFoundError
    assert gc.isenabled()
    assert gc.get_freeze_count() == before


def test_a_training_at_the_command_line_keeps_keras_for_good(settings: Settings) -> None:
    code = """
import gc, sys
from core.__main__ import main
status = main(["train", "digits-first-network", "--epochs", "1"])
print(status, "keras" in sys.modules, gc.isenabled(), gc.get_freeze_count() > 100_000)
"""
    environment = {**os.environ, "TURNING_POINT_HOME": str(settings.home)}
    found = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert found.stdout.splitlines()[-1] == "0 True True True"
