"""The board of a class: what it says, what it holds back, and who gets it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from urllib.parse import unquote

import anyio
import pytest
from starlette.applications import Starlette
from starlette.types import Message

from core.classroom import Shown
from core.classroom.aliases import alias
from core.classroom.board import Board, board
from core.run import Evaluation, RunState, Timing
from core.storage import Store
from dashboard.classroom.board import board_data, seat_name
from dashboard.classroom.live_board import Boards, LiveBoard, board_json, boards
from dashboard.classroom.snapshot import Snapshots, snapshots
from dashboard.server.routes import routes
from dashboard.shared.attempts import Attempts
from dashboard.shared.language import CODES, language
from dashboard.shared.presence import Place, Presence, presence
from dashboard.shared.viewer import OWNER_COOKIE
from tests.dashboard import runs

TEACHER, OTHER = "teacher".ljust(22, "_"), "other".ljust(22, "_")
PREDICTED = 6


def owner(name: str) -> str:
    return name.ljust(22, "_")


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    snapshots.forget()
    boards.forget()
    yield
    snapshots.forget()
    boards.forget()


def asked(path: str, cookie: str | None = None) -> tuple[int, dict[str, str], str]:
    """What the server answers to a browser with this cookie: status, headers and text."""
    address, _, query = path.partition("?")
    headers = [(b"host", b"localhost")]
    if cookie is not None:
        headers.append((b"cookie", f"{OWNER_COOKIE}={cookie}".encode()))
    scope = {
        "type": "http", "method": "GET", "path": unquote(address), "raw_path": address.encode(),
        "query_string": query.encode(), "headers": headers, "scheme": "http", "root_path": "",
    }  # fmt: skip
    said: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        said.append(message)

    anyio.run(Starlette(routes=routes()), scope, receive, send)
    found = {name.decode(): value.decode() for name, value in said[0]["headers"]}
    return said[0]["status"], found, b"".join(one.get("body", b"") for one in said[1:]).decode()


def read(store: Store, code: str, *, revealed: bool = False) -> Board:
    return LiveBoard(code).read(store, store.seats(code), revealed=revealed)


def finished_covered(store: Store, name: str, **more: object) -> str:
    """A run of the shape TURNING that nobody has predicted yet, though it has finished."""
    run = runs.queued(store, owner=owner(name), covered=True, **more)  # type: ignore[arg-type]
    assert store.start(run, "worker")
    for epoch in runs.epochs(runs.TURNING):
        store.record_epoch(run, epoch)
    store.record_evaluation(run, Evaluation(0.3456, 120 / 122, runs.MATRIX))
    done = runs.DONE[RunState.FINISHED]
    assert store.finish(run, RunState.FINISHED, done, timing=Timing(0.1, 3.0, 0.1, 600.0), best_epoch=4)
    return run


def class_of_five(store: Store) -> str:
    """Ann has no run; Ben's turned in 4, Cem's learns, Dora's has predicted, Eve's is sealed and did not turn."""
    code = store.open_class(TEACHER).code
    for name in ("ann", "ben", "cem", "dora", "eve"):
        store.join(code, name, owner(name))
    runs.over(store, owner=owner("ben"), seed=2)
    runs.running(store, owner=owner("cem"), lesson="first-network.press", seed=3)
    run = finished_covered(store, "dora", seed=4)
    store.predict(run, PREDICTED, owner=owner("dora"))
    runs.over(store, owner=owner("eve"), val_losses=runs.FALLING, epochs=4, sealed=True, seed=5)
    return code


def test_a_board_counts_the_newest_runs(store: Store) -> None:
    code = class_of_five(store)
    found = read(store, code)
    tiles = [(tile.nickname, tile.state, tile.epoch, tile.turning, tile.turned) for tile in found.tiles]
    assert tiles == [
        ("ann", None, 0, "", None),
        ("ben", RunState.FINISHED, 8, "found", 4),
        ("cem", RunState.RUNNING, 4, "not_yet", None),
        ("dora", RunState.FINISHED, 8, "found", 4),
        ("eve", RunState.FINISHED, 4, "not_reached", None),
    ]
    assert found.tiles[2].lesson == "first-network.press"
    assert (found.turned, found.not_reached, found.covered, found.finished) == (((4, 2),), 1, 0, 3)
    # 64 inputs of 64 units and 10 outputs, with a bias each; 120 of the 122 of runs.MATRIX are right.
    parameters = 64 * 64 + 64 + 64 * 10 + 10
    assert [(one.seat, one.parameters, one.accuracy) for one in found.points] == [
        (2, parameters, 120 / 122),
        (4, parameters, 120 / 122),
    ]
    assert (found.sealed, found.guessed, found.guesses) == (1, 1, ())
    [guess] = read(store, code, revealed=True).guesses
    assert (guess.seat, guess.predicted, guess.true) == (4, PREDICTED, 4)

    # A newer run takes the tile; the pooled charts keep to what is finished.
    runs.running(store, owner=owner("ben"))
    later = read(store, code)
    assert (later.tiles[1].state, later.turned, len(later.points)) == (RunState.RUNNING, ((4, 2),), 2)
    store.remove_seat(code, 2, teacher=TEACHER)
    assert read(store, code).turned == ((4, 1),)


def test_what_is_covered_stays_so_also_where_a_twin_of_it_is_open(store: Store) -> None:
    code = store.open_class(TEACHER).code
    for name in ("ann", "ben", "cem"):
        store.join(code, name, owner(name))
    covered = finished_covered(store, "ann")
    runs.over(store, owner=owner("ben"))  # the same experiment, open
    runs.over(store, owner=owner("cem"), seed=9)

    found = read(store, code)
    assert [tile.turning for tile in found.tiles] == ["covered", "covered", "found"]
    assert (found.turned, found.covered) == (((4, 1),), 2)
    assert ([point.seat for point in found.points], found.sealed) == ([3], 2)
    shown = read(store, code, revealed=True)
    assert [tile.turning for tile in shown.tiles] == ["covered", "found", "found"]
    assert ([point.seat for point in shown.points], shown.sealed) == ([2, 3], 1)
    plain = json.dumps(board_json(shown, store.classroom(code)))
    assert plain.count('"turned": 4') == 2
    store.predict(covered, PREDICTED, owner=owner("ann"))
    assert read(store, code).turned == ((4, 3),)


def test_what_is_read_bit_by_bit_is_what_is_read_at_once(store: Store) -> None:
    code = class_of_five(store)
    seats, live = store.seats(code), LiveBoard(code)
    [cem] = [run.id for run in store.summaries(owner=owner("cem"))]

    def same() -> Board:
        found = live.read(store, seats, revealed=False)
        everything = store.get_many([run.id for run in store.summaries(classroom=code)])
        assert found == board(seats, everything)
        return found

    same()
    for epoch in runs.epochs(runs.TURNING)[4:7]:
        store.record_epoch(cem, epoch)
        assert same().tiles[2].epoch == epoch.number
    for epoch in runs.epochs((*runs.TURNING, 0.7, 0.8))[7:]:  # two between two looks
        store.record_epoch(cem, epoch)
    assert same().tiles[2].turned == 4
    store.finish(cem, RunState.FINISHED, runs.DONE[RunState.FINISHED])
    assert same().turned == ((4, 3),)
    covered = finished_covered(store, "ann", seed=11)
    assert same().tiles[0].turning == "covered"
    store.reveal(covered, owner=owner("ann"))
    assert same().tiles[0].turned == 4
    store.delete(covered)
    assert same().tiles[0].run == ""
    for seed, name in ((21, "ann"), (22, "ben")):
        runs.queued(store, owner=owner(name), seed=seed)
    assert [tile.position for tile in same().tiles] == [1, 2, None, None, None]
    store.claim("w")
    assert [tile.position for tile in same().tiles] == [None, 1, None, None, None]


def test_a_board_is_worked_out_once_for_all_and_says_when_it_is_the_same(store: Store) -> None:
    code = class_of_five(store)
    now = [0.0]
    all_boards, all_snapshots = Boards(lambda: now[0]), Snapshots(lambda: now[0])

    def ask() -> tuple[str, bytes]:
        found = all_snapshots.get(store, code)
        assert found is not None
        return all_boards.get(store, found)

    first = ask()
    store.join(code, "fay", owner("fay"))
    assert ask() == first
    now[0] += 2
    second = ask()
    assert second[0] != first[0]
    assert json.loads(second[1])["version"] == second[0]
    assert len(json.loads(second[1])["tiles"]) == 6
    now[0] += 2
    assert ask() == second


def test_names_and_tiles_are_hidden_on_the_server(store: Store) -> None:
    code = class_of_five(store)
    found = read(store, code)
    for shown, tiles, nicknames in (
        (Shown(), 5, 5),
        (Shown(names=False), 5, 0),
        (Shown(pooled_only=True), 0, 0),
    ):
        classroom = store.set_shown(code, lambda _, shown=shown: shown, teacher=TEACHER)  # type: ignore[misc]
        plain = board_json(found, classroom)
        assert len(plain["tiles"]) == tiles
        assert sum("nickname" in tile for tile in plain["tiles"]) == nicknames
        assert ("dora" in json.dumps(plain)) is bool(nicknames)
        assert (plain["seats"], plain["states"]) == (5, {"finished": 3, "running": 1})


@pytest.mark.parametrize("code", CODES)
def test_a_hundred_seats_have_a_hundred_hidden_names(code: str) -> None:
    t = language(code)
    names = [seat_name(seat, t) for seat in range(1, 251)]
    assert all(len(set(names[first : first + 100])) == 100 for first in range(151))
    assert len(set(names)) == 250
    for seat in range(1, 100):
        one, other = alias(seat), alias(seat + 1)
        assert one.colour != other.colour
        assert one.animal != other.animal
    assert names[4] == {"ko": "파란 수달", "en": "blue otter"}[code]


def test_only_its_teacher_gets_a_board_and_only_its_seats_a_stamp(store: Store) -> None:
    code, other = class_of_five(store), store.open_class(OTHER).code

    def ask(path: str, cookie: str | None) -> tuple[int, str]:
        status, _, text = asked(path, cookie)
        return status, text

    status, plain = ask(f"/api/classes/{code}/board", TEACHER)
    assert status == 200
    assert len(json.loads(plain)["tiles"]) == 5
    assert ask(f"/api/classes/{code}/board?version={json.loads(plain)['version']}", TEACHER) == (204, "")
    for cookie in (owner("ann"), OTHER, None, "cli", ""):
        status, said = ask(f"/api/classes/{code}/board", cookie)
        assert status == 403
        assert json.loads(said)["sentence"].startswith("You neither teach")
        assert "dora" not in said
        # Of a class that there is not it is the same.
        there_is_not, same = ask("/api/classes/ZZZZZZ/board", cookie)
        assert (there_is_not, same) == (403, said.replace(code, "ZZZZZZ"))

    stamps = {ask(f"/api/classes/{code}/stamp", one) for one in (owner("ann"), owner("ben"), TEACHER)}
    assert {status for status, _ in stamps} == {200}
    assert len(stamps) == 3, "what concerns one browser"
    assert (
        ask(f"/api/classes/{code}/stamp", OTHER)[0] == ask(f"/api/classes/{other}/stamp", TEACHER)[0] == 403
    )

    status, headers, _ = asked(f"/c/{code}")
    assert (status, headers["location"]) == (302, f"/class?code={code}")
    _, headers, _ = asked("/c/%22%3E%3Cscript%3E%0d%0aSet-Cookie:x")
    assert not set('<>"\r\n') & set(headers["location"])
    assert "set-cookie" not in headers


def test_a_stamp_changes_with_what_concerns_a_browser_only(store: Store) -> None:
    code = class_of_five(store)
    clock = count(0, 10)
    fresh = Snapshots(lambda: float(next(clock)))

    def stamps() -> list[str]:
        found = fresh.get(store, code)
        assert found is not None
        return [found.stamp(one) for one in (owner("ann"), owner("ben"), TEACHER)]

    before = stamps()
    store.join(code, "fay", owner("fay"))
    assert stamps() == before, "nobody's page runs again for a late joiner"
    store.rename_seat(code, 1, "Anna", teacher=TEACHER)
    assert [one != other for one, other in zip(stamps(), before, strict=True)] == [True, False, False]
    before = stamps()
    store.set_rules(code, lambda rules: rules.model_copy(update={"paused": True}), teacher=TEACHER)
    assert not set(stamps()) & set(before)
    store.remove_seat(code, 1, teacher=TEACHER)
    assert stamps()[0] == ""
    store.delete_class(code, teacher=TEACHER)
    assert fresh.get(store, code) is None


def test_who_is_there_and_at_which_step() -> None:
    now = [0.0]
    known = Presence(lambda: now[0])
    assert (known.is_here("ann"), known.place("ann")) == (False, None)
    known.sign("ann")
    known.at("ann", Place("first-network", "Your first network", 2, 8))
    now[0] = 40.0
    assert known.is_here("ann")
    now[0] = 50.0
    assert not known.is_here("ann")
    place = known.place("ann")
    assert place is not None
    assert place.step == 2
    assert not presence.is_here("ann")


def test_wrong_tries_count_for_a_while() -> None:
    now = [0.0]
    attempts = Attempts(most=3, seconds=600.0, clock=lambda: now[0])
    for _ in range(3):
        assert attempts.may("10.0.0.1")
        attempts.note("10.0.0.1")
        now[0] += 60
    assert (attempts.may("10.0.0.1"), attempts.may("10.0.0.2")) == (False, True)
    assert attempts.minutes_left("10.0.0.1") == 7
    now[0] = 601.0
    assert attempts.may("10.0.0.1")


def test_the_browser_has_words_for_all_that_a_board_can_say(store: Store) -> None:
    code = class_of_five(store)
    data = board_data(store.classroom(code), language("ko"))
    found = read(store, code, revealed=True)
    for tile in found.tiles:
        assert tile.turning in ("", *data["words"]["turning"])
        assert tile.state is None or tile.state.value in data["words"]["states"]
    assert len(data["swatches"]) == 10
    assert data["aliases"][:2] == ["빨간 여우", "주황 곰"]
