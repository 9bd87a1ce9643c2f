"""What every question has in common."""

from __future__ import annotations

from typing import Generic, TypeVar

AnswerT = TypeVar("AnswerT")


class InferenceRequest(Generic[AnswerT]):
    """A question to a trained network; the parameter says which kind of answer it gets."""
