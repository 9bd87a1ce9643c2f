"""How long lists, boards, comparisons and the queue take with thousands of runs in storage.

    python benchmarks/run_list.py [--runs 10000] [--database URL]

Fills an empty home folder (or the database of the URL) with runs of forty owners, on many presets, a third of them in
one class, in lessons and studies, some covered or sealed, some waiting. Then it calls what pages, the command line and
the engine call, and the scripts of the pages themselves, as Streamlit does for a browser. Prints milliseconds: the
median and the slowest of several calls, and beside each page how many times the plain way takes as long: reading
all rows of runs into a list.

Goal: 300 ms each.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from sqlalchemy import create_engine, insert, select, text
from sqlalchemy.engine import make_url

from core import presets
from core.run import Epoch, Evaluation, RunState, Timing, new_run_id
from core.storage import Store
from core.storage.records import searched
from core.storage.tables import EpochRow, RunRow, StudyRow, StudyRunRow
from core.study import Plan

ROOT = Path(__file__).resolve().parent.parent
EPOCHS, OWNERS, WAITING, SEATS = 30, 40, 300, 30
CALLS = 7
GOAL = 0.3
_TEACHER = "teacher0000000000000000"
#: As long as a cookie's.
_BROWSER = "owner-{:02}-of-the-benchmark"


@dataclass(frozen=True)
class Taken:
    """Seconds that one thing took, several times."""

    name: str
    median: float
    slowest: float
    #: Of the plain way's seconds to those; None where there is none to compare with.
    ratio: float | None = None

    @property
    def is_met(self) -> bool:
        """Whether it is within the goal."""
        return self.median <= GOAL


@dataclass(frozen=True)
class Filled:
    """What was put in, to ask for."""

    runs: tuple[str, ...]
    studies: tuple[str, ...]
    classroom: str
    queued: tuple[str, ...]


def fill(store: Store, runs: int) -> Filled:
    """Put in that many runs; the newest wait, two are under way, all others are over."""
    chance = random.Random(777)
    classroom = store.open_class(_TEACHER).code
    for number in range(SEATS):
        store.join(classroom, f"seat {number}", _BROWSER.format(number))
    matrix = tuple(tuple(850 if true == taken else 16 for taken in range(10)) for true in range(10))
    evaluation = asdict(Evaluation(0.3, 0.9, matrix))
    names = [name for name in presets.NAMES if presets.load(name).dataset]
    plain = {name: presets.load(name) for name in names}
    begun = datetime.now(UTC) - timedelta(days=30)
    rows: list[dict[str, Any]] = []
    for number in range(runs):
        # Every fourth is the very first network of all: equal experiments are what a class trains.
        preset = presets.FIRST if number % 4 == 0 else chance.choice(names)
        experiment = plain[preset] if number % 4 == 0 else plain[preset].with_changes(seed=number)
        run, owner = new_run_id(), number % OWNERS
        waits, runs_now = number >= runs - WAITING, runs - WAITING - 2 <= number < runs - WAITING
        state = (
            RunState.QUEUED
            if waits
            else RunState.RUNNING
            if runs_now
            else chance.choices(
                (RunState.FINISHED, RunState.STOPPED, RunState.FAILED, RunState.INTERRUPTED), (90, 6, 2, 2)
            )[0]
        )
        created = begun + timedelta(minutes=4 * number)
        finished = state is RunState.FINISHED
        title = f"attempt {number}" if number % 3 else ""
        rows.append(
            {
                "number": number + 1,
                "id": run,
                "owner": _BROWSER.format(owner),
                "title": title,
                "preset": preset,
                "continues": "",
                "experiment": json.dumps(experiment.to_dict(), separators=(",", ":")),
                "digest": experiment.digest,
                "dataset": experiment.dataset,
                "searched": searched(title, preset, experiment.dataset, run),
                "state": state,
                "reason_code": "all_epochs" if finished else "waiting" if waits else "training",
                "reason_details": {"epochs": EPOCHS} if finished else {},
                "worker": None if waits else "benchmark",
                "turn": 100 * number,
                "created": created,
                "started": None if waits else created + timedelta(seconds=2),
                "ended": None if waits or runs_now else created + timedelta(seconds=60),
                "heartbeat": None if waits else datetime.now(UTC),
                "progressed": None if waits else datetime.now(UTC),
                "evaluation": evaluation if finished else None,
                "timing": asdict(Timing(1, 20, 1, 400)) if finished else None,
                "environment": {"python": "3.11", "keras": "3.15", "threads": 2},
                "best_epoch": 7 if finished else None,
                "epochs_done": 0 if waits else EPOCHS,
                "best_val_loss": None if waits else 0.3,
                "best_val_accuracy": None if waits else 0.9,
                "test_accuracy": 0.9 if finished else None,
                "fit_seconds": 20.0 if finished else None,
                "lesson": "turning-point.train" if number % 10 == 0 else "",
                "covered": number % 10 == 0,
                "sealed": number % 20 == 5,
                "classroom": classroom if owner < SEATS and number % 3 == 0 else "",
                "follows": "",
                "expected": 20.0,
            }
        )
    epoch = [
        asdict(Epoch(n, 1 / n, 1 - 1 / (n + 1), 1 / n + n / 100, 0.9, 0.001, 0.5))
        for n in range(1, EPOCHS + 1)
    ]
    ids = tuple(row["id"] for row in rows)
    studies = tuple(new_run_id() for _ in range(max(1, runs // 50)))
    plan = Plan(plain[presets.FIRST], seeds=tuple(range(1, 11)))
    with store._writing() as connection:
        for start in range(0, runs, 500):
            some = rows[start : start + 500]
            connection.execute(insert(RunRow), some)
            learned = [{**one, "run": row["number"]} for row in some if row["epochs_done"] for one in epoch]
            if learned:
                connection.execute(insert(EpochRow), learned)
        for number, study in enumerate(studies, 1):
            connection.execute(
                insert(StudyRow).values(
                    number=number,
                    id=study,
                    owner=_BROWSER.format(number % OWNERS),
                    title=f"study {number}",
                    created=begun + timedelta(hours=number),
                    plan=plan.to_dict(),
                )
            )
            places = [
                {"study": number, "place": place, "run": ids[10 * number + place], "reused": False}
                for place in range(10)
            ]
            connection.execute(insert(StudyRunRow), places)
        if connection.dialect.name == "postgresql":
            for name in ("runs", "studies"):
                connection.execute(
                    text(
                        f"SELECT setval(pg_get_serial_sequence('{name}', 'number'), max(number)) FROM {name}"
                    )
                )
    return Filled(
        ids, studies, classroom, tuple(row["id"] for row in rows if row["state"] is RunState.QUEUED)
    )


def of_the_store(store: Store, filled: Filled) -> dict[str, Callable[[], object]]:
    """What pages, the command line and the engine ask of storage, by what it is."""
    first = presets.load(presets.FIRST)
    owner, finished = _BROWSER.format(3), {RunState.FINISHED}
    late = len(filled.runs) // 15 * 15 - 15
    deleted = iter(filled.runs[1000:1400])

    def add() -> None:
        run = store.add(first.with_changes(seed=random.randrange(10**6)), owner=owner, address="10.0.0.1")
        store.request_stop(run)

    return {
        "how many there are": store.count,
        "a page of them": lambda: store.summaries(limit=15),
        "the last page": lambda: store.summaries(limit=15, offset=late),
        "by text, found": lambda: (store.count(text="fashion"), store.summaries(limit=15, text="fashion")),
        "by text, nothing": lambda: (store.count(text="zzz"), store.summaries(limit=15, text="zzz")),
        "by data set": lambda: (store.count(dataset="imdb"), store.summaries(limit=15, dataset="imdb")),
        "by a data set without runs": lambda: (
            store.count(dataset="own"),
            store.summaries(limit=15, dataset="own"),
        ),
        "by state": lambda: (
            store.count(states={RunState.FAILED}),
            store.summaries(limit=15, states={RunState.FAILED}),
        ),
        "by owner": lambda: (store.count(owner=owner), store.summaries(limit=15, owner=owner)),
        "by all of it": lambda: (
            store.count(owner=owner, dataset="imdb", states=finished, text="attempt"),
            store.summaries(limit=15, owner=owner, dataset="imdb", states=finished, text="attempt"),
        ),
        "of a step of a lesson": lambda: store.summaries(owner=owner, lesson="turning-point.train", limit=50),
        "by address": lambda: store.count(address="10.0.0.1", states={RunState.QUEUED}),
        "newest of a class": lambda: store.newest_runs(filled.classroom),
        "of a class": lambda: store.class_runs(filled.classroom, teacher=_TEACHER),
        "studies": lambda: store.studies(limit=10),
        "finished equal ones": lambda: store.finished([first.with_changes(seed=seed) for seed in range(60)]),
        "finished equal ones, trained by all": lambda: store.finished([first]),
        "the queue": store.queue,
        "what is ahead": lambda: store.ahead(filled.queued[-1]),
        "under way": store.under_way,
        "ten whole runs": lambda: store.get_many(filled.runs[:10]),
        "one that waits": lambda: store.get(filled.queued[-1]),
        "looks at a test set": lambda: store.looks(owner, "digits"),
        "what may be deleted": lambda: store.expendable(len(filled.runs) - 50, resting=0),
        "queue one and take it back": add,
        "delete one": lambda: store.delete(next(deleted)),
    }


def of_the_pages(filled: Filled) -> dict[str, Callable[[], object]]:
    """The pages' scripts, by address."""
    some = ",".join(filled.runs[4 * n] for n in range(10, 14))
    return {
        "page /": page(""),
        "page /run, the list": page("run"),
        "page /run, the list of one owner": page("run", mine=True),
        "page /run, one": page("run", run=filled.runs[40]),
        "page /compare, choosing": page("compare"),
        "page /compare, four": page("compare", runs=some),
        "page /lab": page("lab"),
        "page /compare, a study": page("compare", study=filled.studies[-1]),
        "page /try": page("try"),
        "page /data": page("data"),
        "page /class, the board": page("class", code=filled.classroom),
    }


def page(name: str, *, mine: bool = False, **address: str) -> Callable[[], object]:
    """A call of a page by a browser of one who teaches the class and comes to it anew."""
    from streamlit.components.v2 import manifest_scanner
    from streamlit.testing.v1 import AppTest
    from streamlit.util import calc_hash

    from dashboard.shared import services

    if not hasattr(manifest_scanner.scan_component_manifests, "cache_info"):
        # A server looks for components of installed packages once, AppTest at each run.
        manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)

    def call() -> AppTest:
        test = AppTest.from_file(str(ROOT / "dashboard" / "main.py"), default_timeout=60)
        test.query_params["lang"] = "en"
        test.session_state[services.OWNER_COOKIE] = _BROWSER.format(3) if mine else _TEACHER
        if mine:
            test.session_state["runs-whose"] = "mine"
        for key, value in address.items():
            test.query_params[key] = value
        test._page_hash = calc_hash(name)
        test.run()
        assert not test.exception, test.exception
        return test

    return call


def taken(name: str, call: Callable[[], object], calls: int = CALLS, *, plain: float | None = None) -> Taken:
    """How long a call takes, after one that reads what stays."""
    call()
    seconds = []
    for _ in range(calls):
        begun = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - begun)
    median = statistics.median(seconds)
    return Taken(name, median, max(seconds), plain / median if plain is not None else None)


def plain_way(database: str) -> Callable[[], object]:
    """All rows of runs with all they hold, as a page does that filters in Python."""
    engine = create_engine(make_url(database))

    def call() -> Sequence[object]:
        with engine.connect() as connection:
            return connection.execute(select(RunRow.__table__)).all()

    return call


def measure(folder: Path, runs: int = 10_000, database: str = "", *, pages: bool = True) -> list[Taken]:
    """Fill a home in this folder, and time everything."""
    os.environ["TURNING_POINT_HOME"] = str(folder)
    if database:
        os.environ["TURNING_POINT_DATABASE"] = database
    from dashboard.shared import services

    services.forget()
    filled = fill(services.store(), runs)
    plain = taken("all rows into a list (plain)", plain_way(services.settings().database), 3)
    found = [plain, *(taken(name, call) for name, call in of_the_store(services.store(), filled).items())]
    if pages:
        found += [taken(name, call, plain=plain.median) for name, call in of_the_pages(filled).items()]
    services.forget()
    return found


def main() -> int:
    """Fill, measure, print; 1 if something takes longer than the goal."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--without-pages", action="store_true", help="storage only")
    parser.add_argument(
        "--database", default="", help="URL of an empty database (default: a temporary SQLite file)"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), options.runs, options.database, pages=not options.without_pages)
    print(f"{options.runs} runs with {EPOCHS} epochs each; milliseconds, goal {1000 * GOAL:.0f}")
    for one in found:
        ratio = f"   plain way {one.ratio:5.1f} times as long" if one.ratio is not None else ""
        print(f"{one.name:<38} median {1000 * one.median:7.1f}   slowest {1000 * one.slowest:7.1f}{ratio}")
    missed = [one.name for one in found[1:] if not one.is_met]
    print(f"missed: {', '.join(missed)}" if missed else "met")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
