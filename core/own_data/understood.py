"""What is understood of files before anybody chooses anything: plain records, passed between processes as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from core.catalog import DataKind, Tokens

Form = Literal["image_folders", "image_archive", "pixel_table", "drawings", "text_table", "text_folders"]
"""In which form the samples came: pictures in a folder a class, a NumPy archive, a table of label and pixels,
what a class drew; a table of text and label (that of the Naver corpus among them), texts in a folder a class."""


@dataclass(frozen=True)
class FoundClass:
    """A class by a name that means nothing but itself, and its samples; `test` are those that the files set apart."""

    name: str
    train: int
    test: int = 0


@dataclass(frozen=True)
class Finding:
    """Something that whoever brings the files along should know; nothing is left out without one.

    Attributes:
        code: What it is, a key of `core.own_data.findings`; the language files say it as `finding.CODE`.
        count: How many samples, lines or files it is about.
        details: What its sentence repeats.
        places: The first few of them, as "cats/3.png" or "line 17".
    """

    code: str
    count: int
    details: dict[str, Any] = field(default_factory=dict)
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class SampleFound:
    """A sample to look at: of pictures a small PNG as base64, of texts their first characters."""

    label: int
    png: str = ""
    text: str = ""


@dataclass(frozen=True)
class ImagesFound:
    """What is known of pictures: sizes as (height, width), and whether some of them have colours."""

    smallest: tuple[int, int]
    largest: tuple[int, int]
    colours: bool


@dataclass(frozen=True)
class TableFound:
    """How a table is read: encoding and separator as Python names them, whether fields are quoted, which columns.

    `columns` are all of them; `text` and `label` the names of those that were taken for the text and the label.
    """

    encoding: str
    separator: str
    quoted: bool
    columns: tuple[str, ...]
    text: str
    label: str


@dataclass(frozen=True)
class CutText:
    """A text, its first characters, and its tokens, each with the characters of the text that it stands for."""

    text: str
    tokens: tuple[str, ...]
    places: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class TokenEffect:
    """What a tokenizer makes of some of the texts.

    Attributes:
        tokens: Which tokenizer.
        texts: How many texts were looked at: the others are left, as they do not change much but take their time.
        different: How many different tokens those of them have that would be learned from.
        unknown: The share of the tokens of the others that the network would not know, if it keeps the `kept` most
            frequent ones.
        length: How many tokens a text has in the middle (mean).
        examples: A few short texts, cut.
        missing: The code of the error that says why it cannot be chosen here; "" if it can. All else is then empty.
        details: What the sentence of that error repeats.
    """

    tokens: Tokens
    texts: int = 0
    different: int = 0
    kept: int = 0
    unknown: float = 0.0
    length: float = 0.0
    examples: tuple[CutText, ...] = ()
    missing: str = ""
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TextsFound:
    """What is known of texts: characters of the shortest, the middle and the longest one, and the share of Hangul.

    `tokens` is what each tokenizer makes of them.
    """

    shortest: int
    median: int
    longest: int
    hangul: float
    tokens: tuple[TokenEffect, ...] = ()


@dataclass(frozen=True)
class Understood:
    """What was found in the files.

    Attributes:
        classes: In the order of their numbers: sorted by name, numbers by value.
        given_split: Whether the files say which samples are for testing.
        samples: A few of each class, in the order of classes.
    """

    kind: DataKind
    form: Form
    classes: tuple[FoundClass, ...]
    given_split: bool
    findings: tuple[Finding, ...] = ()
    samples: tuple[SampleFound, ...] = ()
    images: ImagesFound | None = None
    table: TableFound | None = None
    texts: TextsFound | None = None

    @property
    def total(self) -> int:
        """All samples that can be used."""
        return sum(one.train + one.test for one in self.classes)
