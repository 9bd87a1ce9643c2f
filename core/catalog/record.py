"""What is known of a data set without opening it: the record from which everything else follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

DataKind = Literal["image", "text"]

Tokens = Literal["words", "char_pairs", "morphemes"]
"""What the texts of a set are cut into before they are numbered; `core.own_data.tokenizers` says how."""

#: Words are numbered by frequency from 4: 0 fills up short texts, 1 starts one, 2 stands for unknown words, and
#: 3 is left out, all as Keras has it.
WORD_SHIFT = 3
_TWO = 2

#: The arrays of a data set by its kind, in the order in which they are kept and checked; `vocabulary` is its words as
#: UTF-8, one a line.
ARRAYS: dict[DataKind, tuple[str, ...]] = {
    "image": ("x_train", "y_train", "x_test", "y_test"),
    "text": (
        "train_tokens",
        "train_offsets",
        "y_train",
        "test_tokens",
        "test_offsets",
        "y_test",
        "vocabulary",
    ),
}
#: What own texts have beside them: the texts as they came, as UTF-8 one after the other (uint8), and the bytes at which
#: each begins (int64, one more than texts): tokens do not always tell what was written.
RAW_TEXTS = ("train_texts", "train_text_offsets", "test_texts", "test_text_offsets")


@dataclass(frozen=True)
class RemoteFile:
    """A file that `keras.datasets` fetches, too.

    Without `sha256`, for not every publisher names one, the arrays inside are compared with their own digests. `md5`
    never does for a file that is unpickled.
    """

    name: str
    size: int
    sha256: str | None = None
    md5: str | None = None


@dataclass(frozen=True)
class Drawing:
    """How a drawing becomes an image like those of a set (`core.datasets.drawing`), and the pen for it.

    Attributes:
        way: What is laid on the middle of the image, the centre of the ink's mass or of its box; or "blocks": pixels
            of a bitmap are counted.
        pen: How wide the pen is, in pixels of the pad, for strokes about as thick as those of the set.
        longest: Pixels of the longer side of the ink, where it is centred.
        outlines: Whether the set shows areas, so that drawn outlines are to be filled.
    """

    way: Literal["mass", "box", "blocks"]
    pen: int
    longest: int = 0
    outlines: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class DatasetInfo:
    """All that must be known of a data set to judge an experiment on it, to find it, and to show it.

    Attributes:
        title: What it is called in English.
        task: What its classes are, as in "a network that learns to tell ... apart".
        class_names: What the classes are called in English, by class.
        class_counts: How many training samples each class has; () where that is not known. They stand here so that a
            run can be judged where its data are not.
        train_size: Samples to learn and validate with.
        shape: (height, width) of a grey image, (height, width, 3) of one in colours; () for texts, which differ in
            length.
        max_value: The largest possible raw value: 255 for grey bytes; for texts the number of the rarest word, which
            is its rank by frequency plus 3.
        license: Under which terms it may be used.
        source: Who made it, with the year.
        digests: SHA-256 of the raw bytes of each array, whatever container they come in.
        origin: "bundled" with a package, "generated" by a program of ours and shipped, "published" by others, or
            somebody's "own".
        tokens: What its texts are cut into.
        test_digest: What test sets of equal samples and labels have in common, in whatever form their samples are; ""
            where none but this one has it.
        downloads: The files of a download.
        idx_folders: Where people keep the IDX files of the set, whose names do not tell one set from another.
        spelled: Words by their rank that lists of them spell in several ways.
        drawing: How one can draw for it; None if one cannot.
        examples: English texts to begin with on the try page, by a name with words in the language files.
        first_preset: The preset with which one begins; "" if there is none.
    """

    name: str
    title: str
    task: str
    kind: DataKind
    class_names: tuple[str, ...]
    class_counts: tuple[int, ...] = ()
    train_size: int
    test_size: int
    shape: tuple[int, ...] = ()
    max_value: int
    license: str
    source: str
    digests: Mapping[str, str]
    origin: Literal["bundled", "generated", "published", "own"] = "published"
    tokens: Tokens = "words"
    test_digest: str = ""
    downloads: tuple[RemoteFile, ...] = ()
    idx_folders: tuple[str, ...] = ()
    spelled: Mapping[int, str] = field(default_factory=dict)
    drawing: Drawing | None = None
    examples: Mapping[str, str] = field(default_factory=dict)
    first_preset: str = ""

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return len(self.class_names)

    @property
    def words(self) -> int:
        """How many different words the texts of a text set have; 0 for images."""
        return self.max_value - WORD_SHIFT if self.kind == "text" else 0

    @property
    def default_loss(self) -> str:
        """The loss that suits the classes."""
        return "binary_crossentropy" if self.classes == _TWO else "sparse_categorical_crossentropy"

    @property
    def generated(self) -> bool:
        """Whether a program made it up."""
        return self.origin == "generated"

    @property
    def own(self) -> bool:
        """Whether somebody brought it along."""
        return self.origin == "own"

    @property
    def offline(self) -> bool:
        """Whether it needs no download and no files."""
        return self.origin != "published"

    @property
    def arrays(self) -> tuple[str, ...]:
        """The arrays it consists of, in the order in which they are kept and checked."""
        return ARRAYS[self.kind] + (RAW_TEXTS if self.own and self.kind == "text" else ())

    @property
    def channels(self) -> int:
        """How many values a pixel of an image has: 1 grey one, or 3 colours."""
        return self.shape[2] if len(self.shape) > _TWO else 1

    @property
    def test_set(self) -> str:
        """What two sets share exactly if they are tested on the same samples, so that two runs can be compared."""
        return self.test_digest or self.name

    @property
    def files(self) -> tuple[str, ...]:
        """What to put into a folder where there is no network; one of them will do.

        "*-ubyte.gz" stands for the four IDX files of the publisher, "A + B" for two files that belong together.
        """
        if self.offline:
            return ()
        if self.kind == "text":
            return (f"{self.name}.npz + {self.name}_word_index.json",)
        return (f"{self.name}.npz", *(["*-ubyte.gz"] if self.idx_folders else []))

    @property
    def download_bytes(self) -> int:
        """How much a download fetches; 0 if none is needed."""
        return sum(file.size for file in self.downloads)
