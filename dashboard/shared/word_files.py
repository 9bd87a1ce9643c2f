"""Files that are the same in every language but for their words, as lessons and questions. No Streamlit."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

#: Stands beside the type of a field that holds words of a language.
WORDS = "words"


class Part(BaseModel):
    """A frozen part of a file; what it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


def structure_of(part: Any) -> Any:
    """A part as plain values with a mark in the place of its words; how many words there are in a list stays."""
    if isinstance(part, BaseModel):
        return {
            name: _without_words(getattr(part, name))
            if WORDS in field.metadata
            else structure_of(getattr(part, name))
            for name, field in type(part).model_fields.items()
        }
    if isinstance(part, tuple):
        return [structure_of(one) for one in part]
    return part


def _without_words(value: Any) -> Any:
    return [WORDS for _ in value] if isinstance(value, tuple) else WORDS
