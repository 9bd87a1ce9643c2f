"""Texts with their labels, however they were read: what is known of them, and the data set that becomes of them."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from core.catalog import WORD_SHIFT, DatasetInfo
from core.catalog.own import own_name
from core.datasets.archives import Arrays, digest
from core.datasets.dataset import RawTexts, Vocabulary, offsets_of
from core.errors import DataError
from core.own_data import tokenizers
from core.own_data.built import Built
from core.own_data.choices import Choices
from core.own_data.class_names import named, ordered
from core.own_data.division import Division, divide
from core.own_data.entries import finding
from core.own_data.limits import FEWEST_TRAINING
from core.own_data.making import Making
from core.own_data.progress import Progress
from core.own_data.repetition import imbalance, repetitions
from core.own_data.token_effects import token_effects
from core.own_data.understood import (
    Finding,
    Form,
    FoundClass,
    SampleFound,
    TableFound,
    TextsFound,
    Understood,
)
from core.plain_text import as_name, as_title

_A_CLASS = 3
_LOOK = 400
#: So many texts are cut between two reports of how far it is.
_STEP = 1_000
_PIECE = 2**20


@dataclass(frozen=True, eq=False)
class Corpus:
    """All texts of a data set.

    Attributes:
        texts: As `written.as_written` makes them, none empty.
        labels: uint8 or wider (texts,): the place of each text's class in `classes`.
        classes: As the files name them, in the order of their numbers.
        for_test: Bool (texts,): which texts the files set apart for testing.
        places: Where a text stands, by its row.
    """

    form: Form
    texts: Sequence[str]
    labels: NDArray[np.integer]
    classes: tuple[str, ...]
    for_test: NDArray[np.bool_]
    places: Sequence[str]
    findings: tuple[Finding, ...]
    table: TableFound | None = None

    @property
    def given(self) -> NDArray[np.bool_] | None:
        """Which texts the files set apart for testing; None if they do not divide them."""
        return self.for_test if self.for_test.any() and not self.for_test.all() else None

    @property
    def found_classes(self) -> tuple[FoundClass, ...]:
        """Each class with its texts."""
        counts = np.bincount(self.labels * 2 + self.for_test, minlength=2 * len(self.classes))
        return tuple(
            FoundClass(name, int(counts[2 * label]), int(counts[2 * label + 1]))
            for label, name in enumerate(named(self.classes))
        )


@dataclass(frozen=True)
class Read:
    """A text as it was read: what it says, its class, whether it is for testing, and where it stands."""

    text: str
    label: str
    for_test: bool
    place: str


def corpus(
    form: Form, read: Iterable[Read], findings: Iterable[Finding], table: TableFound | None = None
) -> Corpus:
    """Texts that were read.

    Raises:
        DataError: If no network can learn from them: too few classes or too many, or too few texts.
    """
    found = list(read)
    if not found:
        raise DataError("own_no_texts")
    classes = ordered(one.label for one in found)
    if len(found) <= FEWEST_TRAINING:
        raise DataError("own_too_few", received=len(found), needed=FEWEST_TRAINING)
    number = {name: label for label, name in enumerate(classes)}
    return Corpus(
        form,
        [one.text for one in found],
        np.array([number[one.label] for one in found], dtype=np.int64),
        classes,
        np.array([one.for_test for one in found], dtype=np.bool_),
        [one.place for one in found],
        tuple(findings),
        table,
    )


def understood(made: Corpus) -> Understood:
    """What is known of texts before anybody chooses anything."""
    lengths = np.array([len(text) for text in made.texts])
    return Understood(
        kind="text",
        form=made.form,
        classes=made.found_classes,
        given_split=made.given is not None,
        findings=(*made.findings, *_about(made, made.for_test)),
        samples=tuple(_samples(made)),
        table=made.table,
        texts=TextsFound(
            shortest=int(lengths.min()),
            median=int(np.median(lengths)),
            longest=int(lengths.max()),
            hangul=_share_of_hangul(made.texts),
            tokens=token_effects(made.texts, made.for_test),
        ),
    )


def built(made: Corpus, choices: Choices, name: str, progress: Progress) -> Built:
    """The data set: texts cut as chosen and numbered by what the training texts have.

    It is called as the files are (`name`) if no title was chosen.

    Raises:
        DataError: If the tokenizer is not there ("own_morphemes_missing"), no text has a token ("own_no_tokens"), or
            too few are left (`division.divide`).
    """
    tokenizers.check(choices.tokens)
    names = named(made.classes, choices.class_names)
    divided = divide(made.labels, made.given, choices)
    arrays, vocabulary = _arrays(made, divided, choices, progress)
    labels = [arrays[f"y_{part}"] for part in ("train", "test")]
    digests = {name: digest(content) for name, content in arrays.items()}
    facts = {"kind": "text", "classes": len(names), "tokens": choices.tokens, "max_value": vocabulary}
    title = as_name(choices.title) or as_name(name.partition(".")[0]) or names[0]
    info = DatasetInfo(
        name=own_name(digests, facts),
        title=title,
        task=title,
        kind="text",
        class_names=names,
        class_counts=tuple(np.bincount(labels[0], minlength=len(names)).tolist()),
        train_size=len(labels[0]),
        test_size=len(labels[1]),
        max_value=vocabulary + WORD_SHIFT,
        license=as_title(choices.license_note),
        source=as_title(name),
        digests=digests,
        origin="own",
        tokens=choices.tokens,
        test_digest=_test_digest(arrays),
    )
    if made.table is not None:
        columns = {"text_column": made.table.text, "label_column": made.table.label}
        choices = choices.model_copy(update=columns)
    given = made.given is not None and choices.given_split
    findings = (*made.findings, *_left(made, divided, arrays))
    return Built(info, arrays, Making(made.form, choices, given, findings))


def _left(made: Corpus, divided: Division, arrays: Arrays) -> Iterator[Finding]:
    """What should be known of the texts that were taken, as they were divided."""
    rows = np.concatenate([divided.train, divided.test])
    for_test = np.arange(len(rows)) >= len(divided.train)
    places = [made.places[row] for row in rows]
    texts = [made.texts[row] for row in rows]
    taken = replace(made, texts=texts, places=places, labels=made.labels[rows], for_test=for_test)
    yield from _about(taken, for_test)
    lengths = np.concatenate([np.diff(arrays[f"{part}_offsets"]) for part in ("train", "test")])
    bare = np.flatnonzero(lengths == 0)
    if len(bare):
        yield finding("no_tokens", [places[row] for row in bare])


def _arrays(made: Corpus, divided: Division, choices: Choices, progress: Progress) -> tuple[Arrays, int]:
    """The arrays, and how many words the vocabulary has.

    A word of a test text that no training text has gets the rank after the last one, so that for every number of words
    kept the network sees "unknown" there, as it does for a word that somebody types.
    """
    tokenizer = tokenizers.tokenizer(choices.tokens)
    total = len(divided.train) + len(divided.test)
    seen: dict[str, int] = {}
    flat, lengths = array("i"), array("q")
    rows = [made.texts[row] for row in divided.train]
    for done, tokens in enumerate(tokenizer.tokens(rows)):
        flat.extend([seen.setdefault(token, len(seen)) for token in tokens])
        lengths.append(len(tokens))
        if done % _STEP == 0:
            progress(done, total)
    if not seen:
        raise DataError("own_no_tokens", tokens=choices.tokens)
    found = np.frombuffer(flat, dtype=np.int32)
    # The most frequent first; of equally frequent ones the one that came first.
    order = np.argsort(-_counts(found, len(seen)), kind="stable")
    ranks = np.empty(len(seen) + 1, dtype=np.int32)
    ranks[order] = np.arange(1, len(seen) + 1)
    ranks[-1] = len(seen) + 1
    words = list(seen)
    vocabulary = Vocabulary(tuple(words[place] for place in order))
    arrays: Arrays = {
        "train_tokens": ranks[found],
        "train_offsets": offsets_of(lengths),
        "vocabulary": vocabulary.to_bytes(),
    }
    flat, lengths = array("i"), array("q")
    for done, tokens in enumerate(tokenizer.tokens([made.texts[row] for row in divided.test])):
        flat.extend([seen.get(token, -1) for token in tokens])
        lengths.append(len(tokens))
        if done % _STEP == 0:
            progress(len(divided.train) + done, total)
    arrays |= {
        "test_tokens": ranks[np.array(flat, dtype=np.int32)],
        "test_offsets": offsets_of(lengths),
    }
    for part, chosen in (("train", divided.train), ("test", divided.test)):
        raw = RawTexts.of([made.texts[row] for row in chosen])
        arrays |= {f"{part}_texts": raw.content, f"{part}_text_offsets": raw.offsets}
        arrays[f"y_{part}"] = made.labels[chosen].astype(np.uint8)
    return arrays, len(seen)


def _counts(found: NDArray[np.int32], words: int) -> NDArray[np.int64]:
    """How often each number occurs; in pieces, for counting takes twice the memory of what is counted."""
    counts = np.zeros(words, dtype=np.int64)
    for start in range(0, len(found), _PIECE):
        counts += np.bincount(found[start : start + _PIECE], minlength=words)
    return counts


def _test_digest(arrays: Arrays) -> str:
    """What test sets of equal texts and labels share, however their texts are cut."""
    known = hashlib.sha256()
    for name in ("test_texts", "test_text_offsets", "y_test"):
        known.update(np.ascontiguousarray(arrays[name]).data)
    return known.hexdigest()


def _about(made: Corpus, for_test: NDArray[np.bool_]) -> Iterator[Finding]:
    """What should be known of the texts: equal ones, and classes of very different size."""
    rows = chain(np.flatnonzero(~for_test).tolist(), np.flatnonzero(for_test).tolist())
    texts = ((row, made.texts[row]) for row in rows)
    yield from repetitions(texts, made.labels, for_test, made.places.__getitem__)
    yield from imbalance({one.name: one.train + one.test for one in made.found_classes})


def _samples(made: Corpus) -> Iterator[SampleFound]:
    """The first few texts of each class."""
    for label in range(len(made.classes)):
        for row in np.flatnonzero(made.labels == label)[:_A_CLASS]:
            text = made.texts[row]
            yield SampleFound(label, text=text if len(text) <= _LOOK else f"{text[:_LOOK]}…")


def _share_of_hangul(texts: Sequence[str]) -> float:
    """The share of letters that are Hangul, in the first texts."""
    letters = [sign for text in texts[:_STEP] for sign in text[:_LOOK] if sign.isalpha()]
    hangul = sum("가" <= sign <= "힣" or "ㄱ" <= sign <= "ㆎ" for sign in letters)
    return hangul / len(letters) if letters else 0.0
