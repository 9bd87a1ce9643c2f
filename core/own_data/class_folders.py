"""Samples in one folder a class, which may lie in folders that set training and test apart.

    cats/1.png                        cats and dogs
    dogs/1.png

    train/cats/1.png  test/cats/2.png     a given split

The order of the samples in a part is that of their file names, then of their classes: names that count through the
part, "00000.png" and on, keep the order in which the samples were written, whatever class each is in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from core.errors import DataError
from core.own_data.class_names import ordered
from core.own_data.entries import Entries, Entry, finding, natural
from core.own_data.understood import Finding, FoundClass

_TRAIN, _TEST, _VALIDATION = "train", "test", "validation"
#: What folders are called that set parts apart.
_PARTS = {
    **dict.fromkeys(
        ("train", "training", "train_set", "training_set", "학습", "훈련", "학습용", "훈련용"), _TRAIN
    ),
    **dict.fromkeys(("test", "testing", "test_set", "시험", "테스트", "평가", "테스트용"), _TEST),
    **dict.fromkeys(("val", "valid", "validation", "dev", "검증", "검증용"), _VALIDATION),
}


@dataclass(frozen=True)
class Sample:
    """A file in the folder of a class."""

    entry: Entry
    label: str
    test: bool


@dataclass(frozen=True)
class ClassFolders:
    """The samples in the order of the data set, and what stood in no folder of a class or is no sample."""

    samples: tuple[Sample, ...]
    classes: tuple[str, ...]
    given_split: bool
    findings: tuple[Finding, ...]

    def found_classes(self, usable: Callable[[Entry], bool] = lambda entry: True) -> tuple[FoundClass, ...]:
        """Each class with its samples that can be used."""
        counts = Counter((one.label, one.test) for one in self.samples if usable(one.entry))
        return tuple(FoundClass(name, counts[name, False], counts[name, True]) for name in self.classes)


def part_of(folder: str) -> str | None:
    """Which part a folder or a file of this name sets apart: "train", "test" or "validation"; None if none."""
    return _PARTS.get(folder.casefold())


def part_of_file(name: str) -> str | None:
    """Which part the name of a file says it is, as "mnist_test.csv" does; None if it says nothing."""
    words = re.split(r"[^0-9a-z가-힣]+", name.rpartition(".")[0].casefold())
    return next((part for word in words if (part := part_of(word))), None)


def class_folders(entries: Entries, is_sample: Callable[[Entry], bool]) -> ClassFolders:
    """Sort files into classes by their folders.

    What a part for validation has joins the training samples, of which a run sets some apart by itself.

    Raises:
        DataError: If there are no classes, one only, or too many.
    """
    parts = {
        part_of(entry.parts[0]) for entry in entries.entries if len(entry.parts) > 1 and is_sample(entry)
    }
    others = {entry.parts[0] for entry in entries.entries if len(entry.parts) > 1 and is_sample(entry)}
    given_split = {_TRAIN, _TEST} <= parts and None not in {part_of(one) for one in others}
    samples: list[tuple[bool, Sample]] = []
    no_samples: list[str] = []
    no_class: list[str] = []
    validation: list[str] = []
    for entry in entries.entries:
        folders = entry.parts[1:-1] if given_split else entry.parts[:-1]
        if not is_sample(entry):
            no_samples.append(entry.path)
        elif not folders or not folders[0].strip():
            no_class.append(entry.path)
        else:
            part = part_of(entry.parts[0]) if given_split else _TRAIN
            if part == _VALIDATION:
                validation.append(entry.path)
            samples.append((part == _VALIDATION, Sample(entry, folders[0].strip(), part == _TEST)))
    if not samples:
        raise DataError("own_no_classes")
    classes = ordered(one.label for _, one in samples)
    number = {name: place for place, name in enumerate(classes)}
    samples.sort(
        key=lambda one: (
            one[0],
            natural(one[1].entry.name),
            number[one[1].label],
            natural(one[1].entry.path),
        )
    )
    codes = {"no_samples": no_samples, "no_class": no_class, "validation_joined": validation}
    findings = tuple(finding(code, places) for code, places in codes.items() if places)
    return ClassFolders(tuple(one for _, one in samples), classes, given_split, findings)
