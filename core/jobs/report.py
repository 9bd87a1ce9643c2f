"""Whether trainings are carried out, what waits, and which workers elsewhere get none: `python -m core.jobs.report`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing

from core.command_line.output import Parser, local, prepare, say, show
from core.errors import TurningPointError
from core.jobs.status import LIVING, EngineStatus, State, engine_status
from core.run import RunState
from core.settings import Settings
from core.storage import open_store

_SENTENCES: dict[State, str] = {
    "starting": "The engine is starting",
    "ready": "The engine gives out runs",
    "no_scheduler": "The engine waits for the scheduler, and what is under way goes on",
    "no_workers": "The engine has no worker to give runs to",
    "absent": "There is no engine",
    "failed": "The engine could not go on; it is tried again",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print it: 0 if runs are given out, 1 if not, 2 if that cannot be told."""
    prepare()
    parser = Parser(prog="python -m core.jobs.report", description="Whether trainings are carried out.")
    parser.add_argument("--json", action="store_true", help="print the result as one line of JSON")
    options: argparse.Namespace = parser.parse_args(arguments)
    try:
        settings = Settings.from_environment()
        engine = engine_status(settings)
        with closing(open_store(settings)) as store:
            waiting = store.count(states={RunState.QUEUED})
            running = store.count(states={RunState.RUNNING, RunState.STOPPING})
    except TurningPointError as error:
        say(str(error))
        return 2
    if options.json:
        refused = [{"code": one.code, "sentence": str(one), **one.details} for one in engine.refused]
        said = {"engine": engine.state, "message": engine.message, "waiting": waiting, "running": running}
        show(json.dumps({**said, "refused": refused, "refused_in_all": engine.refused_in_all}))
    else:
        for line in _lines(engine, waiting, running):
            show(line)
    return 0 if engine.state == "ready" else 1


def _lines(engine: EngineStatus, waiting: int, running: int) -> Iterator[str]:
    since = f", since {local(engine.since)}" if engine.since is not None and engine.state in LIVING else ""
    yield f"{_SENTENCES[engine.state]}{since}."
    if engine.message:
        yield f"It says: {engine.message}."
    yield f"Runs under way: {running}; waiting: {waiting}."
    if engine.refused_in_all:
        yield f"Workers that get no runs: {engine.refused_in_all}."
    for error in engine.refused:
        yield f"- {error}"


if __name__ == "__main__":
    sys.exit(main())
