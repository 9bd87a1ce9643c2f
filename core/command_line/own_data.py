"""`data add`, `rename`, `remove`: data sets of one's own, made of files of this computer."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from core.catalog import DatasetInfo, Tokens, is_own
from core.command_line.data_facts import places, size_of, split_words
from core.command_line.output import local, say, show
from core.datasets.own_files import gone
from core.errors import DataError
from core.own_data.adding import add, remove
from core.own_data.apart import build_apart, understand_apart
from core.own_data.choices import Choices, Fit, ImageShape
from core.own_data.findings import said
from core.own_data.limits import LIMITS
from core.own_data.making import Making, from_plain
from core.own_data.understood import Understood
from core.plain_text import as_name
from core.sentences import counted
from core.settings import Settings
from core.storage import Store, open_store
from core.storage.own_data import OwnDataset
from core.storage.queue import PROGRAM as OWNER

_FOR_ALL = (
    "What is added here is for everybody on this server; in the browser it can be kept for oneself. "
    "The files are copied, and stay as they are."
)
_CLASSES_SHOWN, _RUNS_SHOWN = 20, 10


def add_to(data_commands: Any) -> None:
    """Add the commands."""
    adding = data_commands.add_parser(
        "add",
        help="make a data set of files of your own",
        description="Make a data set of pictures, texts or tables: a folder or ZIP archive with one folder a class, a "
        "NumPy archive, or a CSV or TSV table. " + _FOR_ALL,
    )
    adding.add_argument(
        "paths", nargs="+", metavar="PATH", help="a folder, an archive, a table, or several files"
    )
    adding.add_argument(
        "--look", action="store_true", help="only say what is understood of the files; keep nothing"
    )
    adding.add_argument("--title", default="", help="what to call it; without one as the file is called")
    adding.add_argument(
        "--classes", metavar="NAMES", help='what to call the classes, in their order: "cats,dogs"'
    )
    adding.add_argument(
        "--license", default="", metavar="TEXT", help="under which terms the samples may be used"
    )
    split = adding.add_mutually_exclusive_group()
    split.add_argument(
        "--given", action="store_true", help="test with the samples that the files set apart (as it is)"
    )
    split.add_argument("--test-share", type=float, metavar="SHARE", help="test with this share of all: 0.2")
    adding.add_argument("--seed", type=int, help="the number that decides which samples those are")
    adding.add_argument("--most", type=int, metavar="NUMBER", help="use so many samples at most")
    adding.add_argument(
        "--shape", choices=get_args(ImageShape), help="pictures: height, width, 3 for colours"
    )
    adding.add_argument(
        "--fit", choices=get_args(Fit), help="pictures of another shape: how they become a square"
    )
    adding.add_argument(
        "--invert", action="store_true", help="pictures: make dark light, as MNIST is light on dark"
    )
    adding.add_argument("--tokens", choices=get_args(Tokens), help="texts: what they are cut into")
    adding.add_argument("--text-column", metavar="NAME", help="tables: the column with the text")
    adding.add_argument("--label-column", metavar="NAME", help="tables: the column with the label")
    adding.set_defaults(command=_add)
    renaming = data_commands.add_parser("rename", help="call an own data set or its classes otherwise")
    renaming.add_argument("name", metavar="NAME")
    renaming.add_argument("--title", help="what to call it")
    renaming.add_argument("--classes", metavar="NAMES", help='what to call all of its classes: "cats,dogs"')
    renaming.add_argument("--license", metavar="TEXT", help="under which terms the samples may be used")
    renaming.set_defaults(command=_rename)
    removing = data_commands.add_parser(
        "remove",
        help="remove the samples of an own data set",
        description="Remove the samples of an own data set, for everybody who keeps it. Its runs, with all that was "
        "recorded of them, stay.",
    )
    removing.add_argument("name", metavar="NAME")
    removing.add_argument("--yes", action="store_true", help="do it; without this only what it means is said")
    removing.set_defaults(command=_remove)


# Adding


def _add(options: argparse.Namespace, settings: Settings) -> int:
    choices = _choices(options)
    settings.make_home()
    with _given(options.paths) as given:
        understood = understand_apart(given)
        _say_understood(understood)
        if options.look:
            return 0
        if options.given and not understood.given_split:
            raise DataError("own_no_given_split")
        with tempfile.TemporaryDirectory(prefix="turning-point-", dir=settings.home) as folder:
            built = build_apart(given, choices, Path(folder))
            _say_findings(one for one in built.findings if one not in understood.findings)
            with closing(open_store(settings)) as store:
                kept = add(
                    built.archive,
                    built.info,
                    store,
                    settings,
                    owner=OWNER,
                    making=built.making,
                    shared=True,
                    limited=False,
                )
    say(f"{kept.info.title} is here: {size_of(kept.info)}.")
    if not kept.named:
        say("Somebody had brought the same samples along before; it goes by the name they gave it.")
    say(f"Train a first network on it: python -m core train {kept.info.name}")
    show(kept.info.name)
    return 0


def _choices(options: argparse.Namespace) -> Choices:
    wanted: dict[str, Any] = {
        "title": options.title or _stem(options.paths[0]),
        "class_names": _names(options.classes),
        "license_note": options.license,
        "given_split": options.test_share is None,
        "test_share": options.test_share,
        "seed": options.seed,
        "most": options.most,
        "image_shape": options.shape,
        "fit": options.fit,
        "invert": options.invert,
        "tokens": options.tokens,
        "text_column": options.text_column,
        "label_column": options.label_column,
    }
    try:
        return Choices(**{name: value for name, value in wanted.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        option = "--" + str(first["loc"][0]).replace("_", "-")
        raise DataError("own_option", option=option, received=str(first["input"])) from error


def _stem(path: str) -> str:
    """What a file is called without its endings; never empty."""
    return as_name(Path(path).resolve().name.partition(".")[0]) or "Own data"


def _names(text: str | None) -> tuple[str, ...]:
    return () if text is None else tuple(name.strip() for name in text.split(","))


@contextmanager
def _given(paths: list[str]) -> Iterator[Path]:
    """What was named, as one file or folder: several are put together in a folder, for as long as the block lasts."""
    if len(paths) == 1:
        yield Path(paths[0])
        return
    size = 0
    for path in map(Path, paths):
        try:
            size += path.stat().st_size
        except OSError as error:
            reason = error.strerror or str(error)
            raise DataError("own_not_readable", name=str(path), reason=reason) from error
        if not path.is_file():
            raise DataError("own_one_folder", name=str(path))
    if size > LIMITS.packed:
        megabytes = {"received": round(size / 1e6), "limit": round(LIMITS.packed / 1e6)}
        raise DataError("own_packed_too_large", **megabytes)
    with tempfile.TemporaryDirectory(prefix="turning-point-") as folder:
        for number, path in enumerate(map(Path, paths), start=1):
            place = Path(folder) / path.name
            shutil.copyfile(path, Path(folder) / f"{number}-{path.name}" if place.exists() else place)
        yield Path(folder)


def _say_understood(found: Understood) -> None:
    kind = "pictures" if found.kind == "image" else "texts"
    split = "set apart for testing by the files" if found.given_split else "none set apart for testing"
    say(f"{found.total:,} {kind} of {len(found.classes)} classes, {split}:")
    for one in found.classes[:_CLASSES_SHOWN]:
        test = f" + {one.test:,}" if found.given_split else ""
        say(f"  {one.name:20} {one.train:,}{test}")
    if len(found.classes) > _CLASSES_SHOWN:
        say(f"  and {len(found.classes) - _CLASSES_SHOWN} more")
    if found.images is not None:
        sizes = " to ".join(
            f"{height} x {width}" for height, width in (found.images.smallest, found.images.largest)
        )
        say(f"Pictures of {sizes} pixels, {'some in colours' if found.images.colours else 'grey'}.")
    if found.table is not None:
        table = found.table
        say(
            f"A table in {table.encoding}, separated by {table.separator!r}: the text is in {table.text!r}, the "
            f"label in {table.label!r}."
        )
    if found.texts is not None:
        say(f"Texts of {found.texts.shortest:,} to {found.texts.longest:,} characters.")
    _say_findings(found.findings)


def _say_findings(findings: Any) -> None:
    for one in findings:
        say(f"- {said(one)}{places(one)}")


# Those that are here


def listed(store: Store) -> list[str]:
    """A line for each own data set, the newest first."""
    return [_line(one, store) for one in store.own_data(None)]


def _line(one: OwnDataset, store: Store) -> str:
    whose = "for everybody" if one.shared else "private"
    holders = counted(len(store.data_holders(one.info.name)), "holder")
    line = f"{one.info.name}  {one.info.title}: {size_of(one.info)}; {whose}, {holders}, {local(one.added)}"
    if one.made is None:
        return line
    making = from_plain(one.made)
    return f"{line}; {split_words(making)}, {counted(len(making.findings), 'finding')}"


def making_of(name: str, store: Store) -> Making | None:
    """How an own set was made, as its first holder that is known of made it; None if nobody knows."""
    found = next((one for one in store.own_data(None) if one.info.name == name), None)
    return None if found is None or found.made is None else from_plain(found.made)


def _rename(options: argparse.Namespace, settings: Settings) -> int:
    with closing(open_store(settings)) as store:
        info, holders = _here(options.name, store)
        names = info.class_names if options.classes is None else _names(options.classes)
        changed = store.name_own_data(
            info.name,
            owner=holders[0],
            title=info.title if options.title is None else options.title,
            class_names=names,
            license_note=info.license if options.license is None else options.license,
        )
    say(f"{changed.name} is called {changed.title}; its classes: {', '.join(changed.class_names)}")
    return 0


def _remove(options: argparse.Namespace, settings: Settings) -> int:
    with closing(open_store(settings)) as store:
        info, holders = _here(options.name, store)
        runs = store.summaries(dataset=info.name, limit=_RUNS_SHOWN + 1)
        say(f"{info.title}: {size_of(info)}; kept by {counted(len(holders), 'holder')}.")
        for run in runs[:_RUNS_SHOWN]:
            say(f"  run {run.id}  {local(run.created)}  {run.state}  {run.title}")
        if len(runs) > _RUNS_SHOWN:
            say("  and more")
        if runs:
            say("They keep curves, results and networks; nobody will see their samples, or go on with them.")
        if not options.yes:
            say("Nothing was removed. Say --yes to remove it.")
            return 2
        for holder in holders:
            remove(info.name, store, settings, owner=holder)
    say(f"{info.name} is removed.")
    return 0


def _here(name: str, store: Store) -> tuple[DatasetInfo, tuple[str, ...]]:
    """The record of an own data set that is kept, and who keeps it: whoever has the server speaks for all of them."""
    info, holders = store.own_info(name), store.data_holders(name)
    if info is None:
        raise DataError("own_data_unknown" if is_own(name) else "own_data_not_yours", received=name)
    if not holders:
        raise gone(info)
    return info, holders
