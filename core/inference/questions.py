"""What can be asked of a trained network, and what comes back: plain frozen records, and their form as JSON."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any, Literal, cast

from pydantic import Field, TypeAdapter

from core import errors
from core.analysis.neighbours import Neighbour
from core.datasets.tokenization import WordStatus
from core.errors import JobError, TurningPointError
from core.inference.about_inside import InsideAnswer, InsideRequest
from core.inference.request import InferenceRequest

Space = Literal["input", "hidden"]
"""Where samples can be near each other: as they enter a network, or as its last hidden layer tells them apart."""

MOST_IMAGES = 64
"""So many images one question may be about: with 784 pixels each they fit into its line."""


@dataclass(frozen=True)
class TextRequest(InferenceRequest["TextAnswer"]):
    """What does the network of a run say about a text that a person typed, and which word did what?

    Attributes:
        run: The run.
        text: As it was typed.
    """

    run: str
    text: str
    kind: Literal["typed"] = "typed"


@dataclass(frozen=True)
class SampleRequest(InferenceRequest["TextAnswer"]):
    """The same about a text of the test set, exactly as it was when the network was evaluated.

    Attributes:
        run: The run.
        row: Which text, from 0.
    """

    run: str
    row: int
    kind: Literal["sample"] = "sample"


@dataclass(frozen=True)
class WordsRequest(InferenceRequest["WordsAnswer"]):
    """Work on the mean effects of all words over the whole test set.

    Each time it is asked a second of work is done, until all is; then the table lies among the run's artifacts
    (`artifact_names.WORD_EFFECTS`). So no question keeps others waiting, and whoever asks knows how far it is.

    Attributes:
        run: A run with multi-hot texts.
    """

    run: str
    kind: Literal["words"] = "words"


@dataclass(frozen=True)
class ImageRequest(InferenceRequest["ImageAnswer"]):
    """What does the network of a run say about an image, drawn or otherwise changed?

    Attributes:
        run: The run.
        pixels: Row by row, in the raw range of the run's data set: 0 to 255, or 0 to 16 (digits).
    """

    run: str
    pixels: tuple[int, ...]
    kind: Literal["image"] = "image"


@dataclass(frozen=True)
class ImagesRequest(InferenceRequest["ImagesAnswer"]):
    """The same about several images at once: asking them one by one would take as many times as long.

    Attributes:
        run: The run.
        images: The pixels of each, as in `ImageRequest`; at least one, at most `MOST_IMAGES`.
    """

    run: str
    images: tuple[tuple[int, ...], ...]
    kind: Literal["images"] = "images"


@dataclass(frozen=True)
class NeighboursRequest(InferenceRequest["NeighboursAnswer"]):
    """Which training samples of a class are nearest to a sample of the test set?

    Only samples that the run learned from count. Each time it is asked some work is done, until all is.

    Attributes:
        run: The run.
        row: Which sample of the test set, from 0.
        label: The class whose training samples are looked at.
        space: Where they are near. "input": the grey values of images; the sets of words of texts. "hidden": what
            the last hidden layer of the network puts out.
    """

    run: str
    row: int
    label: int
    space: Space
    kind: Literal["neighbours"] = "neighbours"


@dataclass(frozen=True)
class Word:
    """A word of a text, and what the network gets of it.

    Attributes:
        word: As it was typed; of a text of the test set, as the vocabulary has it.
        number: What stands for it.
        status: "kept", or what it fell out for: "out_of_top_k" or "out_of_vocabulary".
        variant: Which of the effects is its own; None if the network does not see it, because the text is cut.
    """

    word: str
    number: int
    status: WordStatus
    variant: int | None


@dataclass(frozen=True)
class TextAnswer:
    """What a network says about a text.

    Attributes:
        probabilities: One of the second class, for a network with a single output unit; else one for each class.
        words: The text, word by word.
        effects: For each variant of the text what is left out there adds to each of the probabilities: with it
            minus without it. Words of one number may share one variant. None where time ran out.
        padding: How many places of the network's input the text leaves empty.
        label: The true class of a text of the test set; None of any other.
        epoch: After which epoch the network was as it is.
    """

    probabilities: tuple[float, ...]
    words: tuple[Word, ...]
    effects: tuple[tuple[float, ...] | None, ...]
    padding: int
    label: int | None
    epoch: int
    kind: Literal["text"] = "text"


@dataclass(frozen=True)
class ImageAnswer:
    """What a network says about an image.

    Attributes:
        probabilities: One of the second class, for a network with a single output unit; else one for each class.
        epoch: After which epoch the network was as it is.
    """

    probabilities: tuple[float, ...]
    epoch: int
    kind: Literal["image"] = "image"


@dataclass(frozen=True)
class ImagesAnswer:
    """What a network says about several images.

    Attributes:
        probabilities: Those of each image, in the order of the question.
        epoch: After which epoch the network was as it is.
    """

    probabilities: tuple[tuple[float, ...], ...]
    epoch: int
    kind: Literal["images"] = "images"


@dataclass(frozen=True)
class WordsAnswer:
    """How far the work on the whole test set has come.

    Attributes:
        done: 0 to 1; at 1 the table is there.
    """

    done: float
    kind: Literal["words"] = "words"


@dataclass(frozen=True)
class NeighboursAnswer:
    """The nearest training samples found so far.

    Attributes:
        done: How many of the samples have been looked at, 0 to 1; below 1 nearer ones may follow.
        neighbours: Their rows in the raw training set, the nearest first; fewer if the class has no more.
        samples: How many samples of the class the run learned from.
        epoch: After which epoch the network was as it is.
    """

    done: float
    neighbours: tuple[Neighbour, ...]
    samples: int
    epoch: int
    kind: Literal["neighbours"] = "neighbours"


@dataclass(frozen=True)
class ErrorResponse:
    """Why there is no answer.

    Attributes:
        error: The name of the exception in `core.errors`.
        code: Its code.
        details: What its sentence names.
    """

    error: str
    code: str
    details: dict[str, str | int | float | bool | None]
    kind: Literal["refusal"] = "refusal"

    @classmethod
    def of(cls, error: TurningPointError) -> ErrorResponse:
        """An error as a record."""
        details = {
            name: value if isinstance(value, str | int | float) or value is None else str(value)
            for name, value in error.details.items()
        }
        return cls(type(error).__name__, error.code, details)

    def to_error(self) -> TurningPointError:
        """The error that was refused with; of one that this version does not know, only that there is no answer."""
        kind = getattr(errors, self.error, None)
        if (
            isinstance(kind, type)
            and issubclass(kind, TurningPointError)
            and kind is not errors.ExperimentError
        ):
            with suppress(KeyError):
                return kind(self.code, **self.details)
        return JobError("answers_failed")


Question = (
    TextRequest
    | SampleRequest
    | WordsRequest
    | ImageRequest
    | ImagesRequest
    | NeighboursRequest
    | InsideRequest
)
Answer = TextAnswer | WordsAnswer | ImageAnswer | ImagesAnswer | NeighboursAnswer | InsideAnswer

_QUESTIONS: TypeAdapter[Question] = TypeAdapter(Annotated[Question, Field(discriminator="kind")])
_ANSWERS: TypeAdapter[Answer | ErrorResponse] = TypeAdapter(
    Annotated[Answer | ErrorResponse, Field(discriminator="kind")]
)


def request_to_json(question: InferenceRequest[Any]) -> bytes:
    """A question in one line of JSON."""
    return _QUESTIONS.dump_json(cast(Question, question))


def request_from_json(line: bytes) -> Question:
    """The question that `request_to_json` wrote.

    Raises:
        ValueError: If it is none.
    """
    return _QUESTIONS.validate_json(line, strict=False)


def answer_to_json(answer: Answer | ErrorResponse) -> bytes:
    """An answer in one line of JSON."""
    return _ANSWERS.dump_json(answer)


def answer_from_json(line: bytes) -> Answer | ErrorResponse:
    """The answer that `answer_to_json` wrote.

    Raises:
        ValueError: If it is none.
    """
    return _ANSWERS.validate_json(line)
