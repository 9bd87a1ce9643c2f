"""A run that is over, replayed as if it were live: what was known after each of its epochs. No Streamlit."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any, Literal

from core.run import Run, RunState
from dashboard.live.run_json import Judged, known_after
from dashboard.shared.language import Language

#: Where a replay stands when it is first shown: at the end of the run, before its first epoch, or playing from there.
Start = Literal["end", "begin", "play"]
Speed = Literal["1", "2", "5", "20", "ten"]
"""So many times as fast as it was, or the whole run in ten seconds."""

_SPEEDS: tuple[Speed, ...] = ("1", "2", "5", "20", "ten")
_FEWEST, _MOST = 2, 300
"""Epochs: of fewer there is nothing to replay, and of more nobody sees the single one."""
_WORDS = ("at", "back", "go_on", "group", "on", "pause", "play", "seek", "speed")


def can_be_replayed(run: Run) -> bool:
    """Whether a run is over, ended in order, and has epochs enough and not too many."""
    good = run.state in (RunState.FINISHED, RunState.STOPPED)
    return good and _FEWEST <= len(run.epochs) <= _MOST


def replay_data(run: Run, t: Language, *, start: Start = "end", speed: Speed = "1") -> dict[str, Any] | None:
    """What the browser needs to replay a run besides the run itself; None for one that cannot be replayed.

    Nothing is in it that the epochs of `run` do not tell, so what is covered in them stays so.
    """
    if not can_be_replayed(run):
        return None
    words: dict[str, Any] = {name: t(f"replay.{name}") for name in _WORDS}
    words["speeds"] = {each: t(f"replay.speed.{each}") for each in _SPEEDS}
    return {"frames": _frames(Judged(run)), "start": start, "speed": speed, "words": words}


@lru_cache(maxsize=64)
def _frames(judged: Judged) -> list[dict[str, Any]]:
    """What was known after each epoch, worked out once for all who look at it; nobody changes it."""
    run = judged.run
    return [known_after(replace(run, epochs=run.epochs[:number])) for number in range(1, len(run.epochs) + 1)]
