"""Whatever stands in the address of a page, the page comes up: thousands of addresses with a fixed seed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import pytest

from core.catalog import DATASETS
from core.settings import Settings
from core.storage import open_store
from core.study import Plan
from dashboard.data.text import chosen
from dashboard.run.test_result.samples import sample_address
from dashboard.shared.compare_address import CHOICES, read
from dashboard.shared.language import CODES, Message, language
from dashboard.shared.samples.text_place import PARTS, text_place
from dashboard.trying.asking import row_of
from tests.dashboard import runs
from tests.dashboard.answering import answered_here, train
from tests.dashboard.pages import opened

SAMPLES = 297
Address = dict[str, str | list[str]]

ROWS = [
    *(
        "0",
        "1",
        "296",
        "297",
        "-1",
        "+1",
        "1.0",
        "1e2",
        " 7",
        "007",
        "0x1",
        "",
        "none",
        "²",
        "１",
        "٣",
        "१२",
        "𝟛",
    ),
    *("9" * 20, "9" * 400, "9" * 4_301, "1_000", "1,000", "NaN", "inf", "\ud7ff", "①", "Ⅷ", "½"),
]
ODD = [
    *(
        "",
        " ",
        "\0",
        "\x1b[31m",
        "\u202e",
        "\u2028",
        "\ufeff",
        "\u200b",
        "%",
        "%00",
        "%ff",
        "\ufffd",
        "😀",
        "한글",
        "한글",
    ),
    *(
        "[",
        "{",
        "<script>alert(1)</script>",
        "![i](http://example.invalid/p.png)",
        ":material/home:",
        "$x$",
        "`",
        "|",
    ),
    *(
        "../../etc/passwd",
        "'; DROP TABLE runs; --",
        "{0}",
        "{received}",
        "%s",
        "{x!r}",
        "\\",
        '"',
        "null",
        "None",
        "true",
    ),
    *(
        "[" * 990,
        "a" * 5_000,
        "," * 2_000,
        "a,b," * 500,
        "\N{COMBINING ACUTE ACCENT}" * 300,
        "\ue000",
        "\U0010ffff",
    ),
]
WORDS = {
    "lang": [*CODES, "KO", "en-GB", "xx"],
    "dataset": ["digits", "mini_reviews", "mini_newswires", "mnist", "imdb", "DIGITS", "digits ", "dîgits"],
    "part": [*PARTS, "TRAIN", "both"],
    "row": ROWS,
    "search": ["wonderful", "no", "good bad", "Ｇｏｏｄ", "-- --", "word " * 40],
    "sample": ROWS,
    "show": ["scores", "both", "loss", "accuracy"],
    **{name: list(codes) for name, codes in CHOICES.items() if name != "show"},
}
PAGES = {
    "": ["lang"],
    "data": ["lang", "dataset", "part", "row", "search"],
    "run": ["lang", "run", "sample"],
    "compare": ["lang", "runs", "base", "hide", "study", *CHOICES],
    "try": ["lang", "run", "row", "show"],
}


def value(chance: random.Random, name: str, ids: Sequence[str]) -> str:
    """One that the page knows, one of its kind that it does not, or anything; now and then spoilt."""
    known = WORDS.get(name, ids)
    if name in ("runs", "hide"):
        found = ",".join(chance.choices([*ids, *ODD[:12]], k=chance.choice([1, 2, 3, 13])))
    else:
        found = chance.choice(chance.choice([known, known, ODD, ids, ROWS]))
    if chance.random() < 0.2 and found:
        place = chance.randrange(len(found))
        found = found[:place] + chance.choice([*ODD[:20], found]) + found[place + chance.choice([0, 1]) :]
    return found


def addresses(
    count: int, ids: Sequence[str], pages: Sequence[str] = tuple(PAGES)
) -> Iterator[tuple[str, Address]]:
    """So many pages with what stands in their addresses."""
    chance = random.Random(10)
    for _ in range(count):
        page = chance.choice(pages)
        own = chance.sample(PAGES[page], k=chance.randint(0, len(PAGES[page])))
        strange = chance.choice(
            [[], [], ["embed"], ["embed_options"], ["", "x"], ["run", "row", "sample"], ["한글"]]
        )
        address: Address = {}
        for name in dict.fromkeys([*own, *strange]):
            values = [value(chance, name, ids) for _ in range(chance.choice([1, 1, 1, 2, 3]))]
            address[name] = values if len(values) > 1 else values[0]
        yield page, address


def last(address: Mapping[str, str | list[str]]) -> dict[str, str]:
    """What a page gets of parameters that stand there several times."""
    return {name: given if isinstance(given, str) else given[-1] for name, given in address.items()}


def said_of(parameters: Mapping[str, str]) -> list[Message]:
    """What all readers of addresses say of one, each of which has found something that there is."""
    wish, notes = read(parameters)
    assert read(wish.parameters()) == (wish, ())
    told = [*notes]
    text, unreadable = text_place(parameters, {"train": 4_000, "test": 1_000})
    assert 0 <= text.row < {"train": 4_000, "test": 1_000}[text.part]
    sample, refused = sample_address(SAMPLES).read(parameters)
    assert sample is None or 0 <= sample < SAMPLES
    told += [*unreadable, *refused]
    assert 0 <= row_of(parameters, SAMPLES) < SAMPLES
    dataset = chosen(parameters)
    assert dataset.name in DATASETS
    if dataset.refused is not None:
        for code in CODES:
            assert len(language(code).error(dataset.refused)) < 500
    return told


def test_every_reader_of_two_thousand_addresses_finds_something_that_there_is() -> None:
    told: Counter[str] = Counter()
    for _, address in addresses(2_000, ["run_1", "run-2", "study3"]):
        for sentence in said_of(last(address)):
            told[sentence.key] += 1
            for code in CODES:
                assert 0 < len(sentence.said(language(code))) < 1_000
    assert len(told) > 6, told


def brought_up(count: int, ids: Sequence[str]) -> Counter[str]:
    """Whole pages at so many addresses, each in a session of its own; how many of each page there were."""
    met: Counter[str] = Counter()
    for page, address in addresses(count, ids):
        test = opened(page, **{"lang": None, **address})  # type: ignore[arg-type]
        assert test.main.children, (page, address)
        met[page] += 1
    return met


def ids_in(settings: Settings) -> list[str]:
    """The ids of all runs and studies of a home, to which a run in every state and a study are added."""
    store = open_store(settings)
    for add in (runs.queued, runs.running, runs.over, runs.with_nan):
        add(store)
    over = runs.over(store, runs.RunState.FAILED)
    store.add_study(Plan(store.get(over).experiment, seeds=(777, 1)), owner="student", title="한글")
    found = [run.id for run in store.summaries()] + [study.id for study in store.studies()]
    store.close()
    return found


def test_pages_come_up_whatever_their_address(settings: Settings) -> None:
    assert sum(brought_up(8, ids_in(settings)).values()) == 8


@pytest.mark.slow
def test_dozens_of_pages_come_up_whatever_their_address(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also those that ask a network: one for images, one for texts."""
    home = tmp_path_factory.mktemp("home")
    settings, _ = train(home, "digits-first-network", epochs=2)
    train(home, "mini-reviews", epochs=2)
    ids = ids_in(settings)
    with answered_here(settings, monkeypatch):
        assert len(brought_up(60, ids)) == len(PAGES)
