"""From pydantic's validation errors to the problems of an experiment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from core.errors import Issue, short

# pydantic's name of an error, the key of its limit, and the code of the problem.
_BOUNDS = {
    "greater_than": ("gt", "not_above"),
    "greater_than_equal": ("ge", "below_minimum"),
    "less_than": ("lt", "not_below"),
    "less_than_equal": ("le", "above_maximum"),
}
_TYPES = {
    "int": "not_a_whole_number",
    "float": "not_a_number",
    "finite": "not_a_number",
    "string": "not_text",
    "bool": "not_yes_or_no",
    "tuple": "not_a_list",
    "model": "not_a_table",
    "dict": "not_a_table",
}


def issues_of(error: ValidationError, received: Any, model: type[BaseModel]) -> tuple[Issue, ...]:
    """The problems that a validation error stands for, one for each field.

    Args:
        received: What was to be validated.
        model: The model it was validated against.
    """
    if not isinstance(received, dict):
        return (Issue("not_an_experiment", "", {"received": short(received)}),)
    return tuple(_problems(error.errors(include_url=False), received, model))


def _problems(
    details: list[ErrorDetails], received: dict[str, Any], model: type[BaseModel]
) -> Iterator[Issue]:
    for detail in details:
        where = ".".join(_path(detail["loc"], received))
        kind, context, value = detail["type"], detail.get("ctx", {}), detail["input"]
        if kind == "extra_forbidden":
            known = ", ".join(_known_fields(detail["loc"], received, model))
            yield Issue("unknown_field", where, {"field": where, "known": known})
        elif kind in ("missing", "union_tag_not_found"):
            field = where if kind == "missing" else f"{where}.kind"
            yield Issue("missing_field", field, {"field": field})
        elif kind == "union_tag_invalid":
            tags = context["expected_tags"].replace("'", "")
            yield Issue(
                "unknown_choice", where, {"field": f"{where}.kind", "received": context["tag"], "known": tags}
            )
        elif kind == "literal_error":
            known = context["expected"].replace("'", "").replace(" or ", ", ")
            yield Issue("unknown_choice", where, {"field": where, "received": short(value), "known": known})
        elif kind in _BOUNDS:
            limit, code = _BOUNDS[kind]
            yield Issue(code, where, {"field": where, "received": value, "bound": context[limit]})
        elif kind == "too_long":
            count, most = context["actual_length"], context["max_length"]
            yield Issue("too_many", where, {"field": where, "received": count, "bound": most})
        else:
            code = _TYPES.get(kind.split("_")[0], "wrong_type")
            yield Issue(code, where, {"field": where, "received": short(value)})


def _path(location: tuple[int | str, ...], received: Any) -> Iterator[str]:
    """The location without the tag that pydantic puts behind each part that is one of several kinds."""
    here, tag_due = received, False
    for key in location:
        if tag_due and isinstance(here, dict) and here.get("kind") == key:
            tag_due = False
            continue
        yield str(key)
        if isinstance(here, dict):
            here = here.get(str(key))
        elif isinstance(here, list | tuple) and isinstance(key, int) and key < len(here):
            here = here[key]
        else:
            here = None
        tag_due = True


def _known_fields(location: tuple[int | str, ...], received: Any, model: type[BaseModel]) -> list[str]:
    """The fields of the part in which the unknown field stood.

    Args:
        location: Where it stood, as pydantic tells it: the kind of a part follows where the part is.
        received: What was to be validated.
        model: The model it was validated against.
    """
    if len(location) == 1:
        return sorted(model.model_fields)
    name, kind = str(location[0]), str(location[-2])
    found = [
        part for part in _parts_in(model.model_fields[name].annotation) if _kind_of(part) in (kind, None)
    ]
    return sorted({field for part in found for field in part.model_fields})


def _parts_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Every part that a field may hold: one of several kinds, an optional one, or one in a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _parts_in(inner)


def _kind_of(part: type[BaseModel]) -> str | None:
    """The kind by which a part is told from others in its place; None if it is the only one."""
    return part.model_fields["kind"].default if "kind" in part.model_fields else None
