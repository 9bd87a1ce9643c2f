"""What all forms of pictures have in common once their files are sorted: what is said of them, and their arrays."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.datasets.archives import Arrays
from core.errors import DataError
from core.own_data.built import Built
from core.own_data.choices import SHAPES, Choices
from core.own_data.class_names import named
from core.own_data.division import divide
from core.own_data.entries import Entries, finding
from core.own_data.image_record import digest_of_samples, image_record, sample_digest
from core.own_data.limits import FEWEST_CLASSES, FEWEST_TRAINING
from core.own_data.making import Making
from core.own_data.pictures import Pixels, all_fitted, is_dark_on_light, shown
from core.own_data.repetition import imbalance, repetitions
from core.own_data.understood import Finding, Form, FoundClass, ImagesFound, SampleFound, Understood

Rows = NDArray[np.int64]

_SHOWN_OF_CLASS, _SHOWN_IN_ALL = 4, 60
_SMALL_CLASS = 20
_PROGRESS = 500
#: Dimensions of several pictures in colours.
_IN_COLOURS = 4


class Gathered(Protocol):
    """Samples of one form, listed but not yet decoded."""

    @property
    def form(self) -> Form:
        """In which form they are."""

    @property
    def labels(self) -> NDArray[np.int64]:
        """The class of each sample, from 0."""

    @property
    def for_test(self) -> NDArray[np.bool_] | None:
        """Which ones the files set apart for testing; None if they do not."""

    @property
    def classes(self) -> tuple[str, ...]:
        """The labels of the classes as they stand in the files, in order."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found in listing them."""

    def place(self, row: int) -> str:
        """Where a sample is, as "cats/3.png" or "line 17"."""

    def pictures(self, rows: Rows) -> Iterator[Decoded]:
        """Decode some samples, in any order, each one once."""


@dataclass(frozen=True, eq=False)
class Decoded:
    """Samples of one size: their rows, and their pixels as uint8 (n, height, width) or (n, height, width, 3).

    Where a sample could not be decoded `trouble` is the code of a finding, and there are no pixels. `notes` are
    findings that concern these samples, which are used all the same.
    """

    rows: Rows
    pixels: Pixels | None
    size: tuple[int, int] = (0, 0)
    trouble: str = ""
    notes: tuple[str, ...] = ()


def understood(gathered: Gathered, entries: Entries) -> Understood:
    """Decode all samples and say what was found.

    Raises:
        DataError: If no network can learn from them.
    """
    count = len(gathered.labels)
    _check_count(count, entries)
    seen = _Seen(gathered, count)
    samples: dict[int, list[SampleFound]] = {label: [] for label in range(len(gathered.classes))}
    most = max(1, min(_SHOWN_OF_CLASS, _SHOWN_IN_ALL // max(1, len(gathered.classes))))
    dark = 0
    for decoded in gathered.pictures(np.arange(count, dtype=np.int64)):
        seen.take(decoded, entries)
        if decoded.pixels is None:
            continue
        dark += sum(map(is_dark_on_light, decoded.pixels))
        for row, pixels in zip(decoded.rows.tolist(), decoded.pixels, strict=True):
            label = int(gathered.labels[row])
            if len(samples[label]) < most:
                samples[label].append(SampleFound(label, png=shown(pixels)))
    classes = seen.classes()
    seen.check(classes)
    usable = int(seen.usable.sum())
    findings = [*seen.findings(), *_about_classes(classes)]
    if not seen.colours and dark > usable / 2:
        findings.append(Finding("dark_on_light", dark))
    return Understood(
        kind="image",
        form=gathered.form,
        classes=classes,
        given_split=gathered.for_test is not None,
        findings=tuple(findings),
        samples=tuple(one for found in samples.values() for one in found),
        images=ImagesFound(seen.smallest, seen.largest, bool(seen.colours)),
    )


def built(gathered: Gathered, entries: Entries, choices: Choices) -> Built:
    """Decode the samples that are chosen, and make a data set of them.

    Raises:
        DataError: If too few remain, or they would be too large for memory in the chosen form.
    """
    count = len(gathered.labels)
    _check_count(count, entries)
    named(gathered.classes, choices.class_names)
    division = divide(gathered.labels, gathered.for_test, choices)
    seen = _Seen(gathered, count)
    shape = SHAPES[choices.image_shape]
    rows = np.concatenate([division.train, division.test])
    values = len(rows) * math.prod(shape)
    if values > entries.limits.values:
        most = entries.limits.values // math.prod(shape)
        raise DataError("own_images_too_large", received=len(rows), shape=choices.image_shape, limit=most)
    images = np.empty((len(rows), *shape), dtype=np.uint8)
    target = np.full(count, -1, dtype=np.int64)
    target[rows] = np.arange(len(rows))
    enlarged = 0
    for decoded in gathered.pictures(rows):
        seen.take(decoded, entries)
        if decoded.pixels is not None:
            images[target[decoded.rows]] = all_fitted(decoded.pixels, choices)
            enlarged += len(decoded.rows) * (min(decoded.size) < shape[0])
    arrays: Arrays = {}
    kept = [part[seen.usable[part]] for part in (division.train, division.test)]
    for part, own in zip(("train", "test"), kept, strict=True):
        arrays[f"x_{part}"] = images[target[own]]
        arrays[f"y_{part}"] = gathered.labels[own].astype(np.uint8)
    if len(kept[0]) < FEWEST_TRAINING:
        raise DataError("own_too_few", received=len(kept[0]), needed=FEWEST_TRAINING)
    if not len(kept[1]):
        raise DataError("own_no_test")
    in_parts = [np.bincount(gathered.labels[own], minlength=len(gathered.classes)) for own in kept]
    seen.check(
        tuple(
            FoundClass(name, int(n))
            for name, n in zip(gathered.classes, in_parts[0] + in_parts[1], strict=True)
        )
    )
    findings = [*seen.findings(test=division.test)]
    for code, counts in zip(("class_without_training", "class_without_test"), in_parts, strict=True):
        if not counts.all():
            findings.append(Finding(code, int((counts == 0).sum())))
    if enlarged:
        findings.append(Finding("enlarged", enlarged))
    test_digest = digest_of_samples((seen.digests[row] for row in kept[1].tolist()), gathered.labels[kept[1]])
    info = image_record(arrays, gathered.classes, choices, source=entries.name, test_digest=test_digest)
    given = gathered.for_test is not None and choices.given_split
    return Built(info, arrays, Making(gathered.form, choices, given, tuple(findings)))


class _Seen:
    """What is remembered of the samples that were decoded."""

    def __init__(self, gathered: Gathered, count: int) -> None:
        self.gathered = gathered
        self.usable = np.zeros(count, dtype=np.bool_)
        self.digests: dict[int, bytes] = {}
        self.trouble: dict[str, list[str]] = {}
        self.notes: Counter[str] = Counter()
        self.smallest = self.largest = (0, 0)
        self.colours = 0
        self.done = 0

    def take(self, decoded: Decoded, entries: Entries) -> None:
        """Remember some samples, and tell how far this is."""
        before, self.done = self.done, self.done + len(decoded.rows)
        if before // _PROGRESS != self.done // _PROGRESS:
            entries.progress(self.done, len(self.usable))
        if decoded.pixels is None:
            self.trouble.setdefault(decoded.trouble, []).extend(
                map(self.gathered.place, decoded.rows.tolist())
            )
            return
        self.usable[decoded.rows] = True
        self.notes.update(dict.fromkeys(decoded.notes, len(decoded.rows)))
        self.colours += len(decoded.rows) * (decoded.pixels.ndim == _IN_COLOURS)
        if math.prod(self.largest) < math.prod(decoded.size):
            self.largest = decoded.size
        if not math.prod(self.smallest) or math.prod(decoded.size) < math.prod(self.smallest):
            self.smallest = decoded.size
        for row, pixels in zip(decoded.rows.tolist(), decoded.pixels, strict=True):
            self.digests[row] = sample_digest(pixels)

    def classes(self) -> tuple[FoundClass, ...]:
        """The classes with their usable samples."""
        labels, test = self.gathered.labels, self.gathered.for_test
        if test is None:
            test = np.zeros(len(labels), dtype=np.bool_)
        train, tested = (
            np.bincount(labels[self.usable & part], minlength=len(self.gathered.classes)).tolist()
            for part in (~test, test)
        )
        names = named(self.gathered.classes)
        return tuple(FoundClass(*one) for one in zip(names, train, tested, strict=True))

    def check(self, classes: tuple[FoundClass, ...]) -> None:
        """Refuse samples of which no two classes or too few are usable, by what they are if that is why."""
        photos = self.trouble.get("heic")
        if photos and sum(one.train + one.test > 0 for one in classes) < FEWEST_CLASSES:
            raise DataError("own_only_heic", received=photos[0])
        _check_classes(classes)

    def findings(self, test: Rows | None = None) -> list[Finding]:
        """What there is to say; `test` are the test samples, where these are not the ones set apart by the files."""
        found = list(self.gathered.findings)
        found += [finding(code, places) for code, places in self.trouble.items()]
        found += [Finding(code, count) for code, count in self.notes.items()]
        for_test = np.zeros(len(self.usable), dtype=np.bool_)
        if test is not None:
            for_test[test] = True
        elif self.gathered.for_test is not None:
            for_test = self.gathered.for_test
        rows = sorted(self.digests, key=lambda row: (bool(for_test[row]), row))
        samples = ((row, self.digests[row]) for row in rows)
        return [*found, *repetitions(samples, self.gathered.labels, for_test, self.gathered.place)]


def _check_count(count: int, entries: Entries) -> None:
    if not count:
        raise DataError("own_no_classes")
    if count > entries.limits.samples:
        raise DataError("own_samples_too_many", received=count, limit=entries.limits.samples)


def _check_classes(classes: tuple[FoundClass, ...]) -> None:
    """Refuse samples of which no two classes or too few are usable."""
    usable = [one for one in classes if one.train + one.test]
    if not usable:
        raise DataError("own_none_readable")
    if len(usable) < FEWEST_CLASSES:
        raise DataError("own_one_class", received=usable[0].name)
    total = sum(one.train + one.test for one in usable)
    if total <= FEWEST_TRAINING:
        raise DataError("own_too_few", received=total, needed=FEWEST_TRAINING + 1)


def _about_classes(classes: tuple[FoundClass, ...]) -> list[Finding]:
    """Whether some classes are small, or much smaller than others."""
    sizes = {one.name: one.train + one.test for one in classes}
    small = [name for name, size in sizes.items() if size < _SMALL_CLASS]
    found = [finding("small_class", small, limit=_SMALL_CLASS)] if small else []
    return [*found, *imbalance(sizes)]
