"""What every question to a network and every answer has in common, and their form as JSON."""

from __future__ import annotations

import base64
import pkgutil
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Generic, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, TypeAdapter

from core import errors
from core.catalog import DataKind
from core.errors import JobError, TurningPointError
from core.inference import kinds

if TYPE_CHECKING:
    from core.inference.service import InferenceService

AnswerT = TypeVar("AnswerT")


class InferenceRequest(ABC, Generic[AnswerT]):
    """A question to the trained network of a run; the parameter says which record answers it.

    A dataclass whose fields, with a `kind` that no other has, are all that is sent.
    """

    run: str
    kind: Any
    #: Whether the answer tells something about samples of the test set; asked of a sealed run it is then refused.
    about_test: ClassVar[bool] = True
    #: Of which kinds of data the answer shows or judges something: of an own set that is private only those are told
    #: who may use it.
    about_data: ClassVar[tuple[DataKind, ...]] = ("image", "text")

    @property
    def other_data(self) -> tuple[str, ...]:
        """Data sets besides that of the run whose samples the answer tells of: only to those who may use them."""
        return ()

    def check(self) -> None:
        """Refuse what should not even be sent, with a TurningPointError."""

    @abstractmethod
    def answer(self, service: InferenceService) -> AnswerT:
        """The answer, in the process that has the networks; whatever TurningPointError it raises is told."""


@dataclass(frozen=True)
class Values:
    """An array of float32 as text that fits into JSON: its bytes, little-endian, row after row, as base64."""

    shape: tuple[int, ...]
    data: str

    @classmethod
    def of(cls, array: NDArray[Any]) -> Values:
        """The text of an array."""
        return cls(array.shape, base64.b64encode(array.astype("<f4").tobytes()).decode("ascii"))

    def array(self) -> NDArray[np.float32]:
        """The array, read-only."""
        return np.frombuffer(base64.b64decode(self.data), dtype="<f4").reshape(self.shape)


@dataclass(frozen=True)
class ErrorResponse:
    """Why there is no answer: the name of an exception in `core.errors`, its code and its details."""

    error: str
    code: str
    details: dict[str, str | int | float | bool | None]

    @classmethod
    def of(cls, error: TurningPointError) -> ErrorResponse:
        """An error as a record."""
        details = {
            name: value if isinstance(value, str | int | float) or value is None else str(value)
            for name, value in error.details.items()
        }
        return cls(type(error).__name__, error.code, details)

    def to_error(self) -> TurningPointError:
        """The error it was made of; of one that this version does not know, only that there is no answer."""
        found = getattr(errors, self.error, None)
        if (
            isinstance(found, type)
            and issubclass(found, TurningPointError)
            and found is not errors.ExperimentError
        ):
            with suppress(KeyError):
                return found(self.code, **self.details)
        return JobError("answers_failed")


@dataclass(frozen=True)
class _Kind:
    """What is read first of a request."""

    kind: str


def request_types() -> dict[str, type[InferenceRequest[Any]]]:
    """All requests there are, by their kind: those of the modules in `core.inference.kinds`."""
    modules = (import_module(f"{kinds.__name__}.{one.name}") for one in pkgutil.iter_modules(kinds.__path__))
    return {
        found.kind: found
        for module in modules
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, InferenceRequest) and found is not InferenceRequest
    }


def request_to_json(request: InferenceRequest[Any]) -> bytes:
    """A request in one line of JSON."""
    return _adapter(type(request)).dump_json(request)


def request_from_json(line: bytes) -> InferenceRequest[Any]:
    """The request that `request_to_json` wrote.

    Raises:
        ValueError: If it is none.
    """
    kind = _adapter(_Kind).validate_json(line).kind
    found = request_types().get(kind)
    if found is None:
        raise ValueError("there is no such kind of request")
    request: InferenceRequest[Any] = _adapter(found).validate_json(line)
    return request


def answer_to_json(answer: object) -> bytes:
    """An answer, or an ErrorResponse, in one line of JSON."""
    record: Any = type(answer)
    return _adapter(record).dump_json(answer)


def answer_from_json(request: InferenceRequest[AnswerT], line: bytes) -> AnswerT | ErrorResponse:
    """The answer to a request that `answer_to_json` wrote.

    Raises:
        ValueError: If it is none.
    """
    answer: AnswerT | ErrorResponse = _answer_adapter(type(request)).validate_json(line)
    return answer


@cache
def _adapter(record: Any) -> TypeAdapter[Any]:
    return TypeAdapter(record)


@cache
def _answer_adapter(request: type[InferenceRequest[Any]]) -> TypeAdapter[Any]:
    (answer,) = get_args(request.__orig_bases__[0])  # type: ignore[attr-defined]  # InferenceRequest[answer]
    either: Any = Annotated[ErrorResponse | answer, Field(union_mode="left_to_right")]
    return TypeAdapter(either)
