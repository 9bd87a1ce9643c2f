"""From pydantic's validation errors to the problems of an experiment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from core.errors import Issue, short
from core.experiment.config import Variant

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
    """What a validation error says of what was received for a model: one problem for each field."""
    if not isinstance(received, dict):
        return (Issue("not_an_experiment", "", {"received": short(received)}),)
    return tuple(_issue(detail, received, model) for detail in error.errors(include_url=False))


def _issue(detail: ErrorDetails, received: dict[str, Any], model: type[BaseModel]) -> Issue:
    where = ".".join(map(str, detail["loc"]))
    kind, context, value = detail["type"], detail.get("ctx", {}), detail["input"]
    about: dict[str, Any] = {"field": where, "received": short(value)}
    if kind == "extra_forbidden":
        return Issue(
            "unknown_field", where, {"field": where, "known": _fields(detail["loc"], received, model)}
        )
    if kind in ("missing", "union_tag_not_found"):
        field = where if kind == "missing" else f"{where}.kind"
        return Issue("missing_field", field, {"field": field})
    if kind == "union_tag_invalid":
        about |= {
            "field": f"{where}.kind",
            "received": short(value["kind"]),
            "known": context["expected_tags"],
        }
        return Issue("unknown_choice", where, about)
    if kind == "literal_error":
        known = context["expected"].replace("'", "").replace(" or ", ", ")
        return Issue("unknown_choice", where, {**about, "known": known})
    if kind == "own_data_unknown":
        return Issue(kind, where, {"received": short(value)})
    if kind in _BOUNDS:
        limit, code = _BOUNDS[kind]
        return Issue(code, where, {**about, "received": value, "bound": context[limit]})
    if kind == "too_long":
        about |= {"received": context["actual_length"], "bound": context["max_length"]}
        return Issue("too_many", where, about)
    return Issue(_TYPES.get(kind.split("_")[0], "wrong_type"), where, about)


def _fields(location: Sequence[int | str], received: dict[str, Any], model: type[BaseModel]) -> str:
    """The fields of the part in which an unknown field stood."""
    if len(location) > 1:
        part: Any = received
        for step in location[:-1]:
            part = part[step]
        model = next(_configs_in(model.model_fields[str(location[0])].annotation))
        if issubclass(model, Variant):
            model = model.KINDS[part["kind"]]
    return ", ".join(sorted(model.model_fields))


def _configs_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models in a type such as `Optimizer`, `EarlyStopping | None` or `tuple[Layer, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _configs_in(inner)
