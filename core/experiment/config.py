"""What all parts of an experiment have in common."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import PydanticUndefined


class Config(BaseModel):
    """A frozen, strictly checked record; unknown fields are refused, numbers are never cut or guessed."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    #: The fields that a link writes without their names, in this order; see `core.experiment.link`.
    BRIEF: ClassVar[tuple[str, ...]] = ()


def config_field(
    text: str,
    *,
    default: Any = PydanticUndefined,
    unit: str | None = None,
    step: float | None = None,
    **bounds: Any,
) -> Any:
    """A field with its bounds, its unit and a help text.

    Args:
        text: One English sentence for the reader of a form; the language files hold it in every language.
        default: The value where none is given; without it the field is required.
        unit: What the number counts: "epochs", "samples", "units", ...
        step: By how much a form's plus and minus change it.
        **bounds: `ge`, `gt`, `le`, `lt` as in pydantic.
    """
    extra: dict[str, Any] = {}
    if unit is not None:
        extra["unit"] = unit
    if step is not None:
        extra["step"] = step
    return Field(default=default, description=text, json_schema_extra=extra, **bounds)
