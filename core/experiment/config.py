"""What all parts of an experiment have in common: how they are checked, told apart, and said to Keras."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import PydanticKnownError, PydanticUndefined, core_schema


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
    """A field with its help, its unit ("epochs", "samples", ...), a form's step, and its bounds as in pydantic.

    The help is one English sentence for the reader of a form; the language files hold it in the other languages.
    """
    extra: dict[str, Any] = {
        name: value for name, value in (("unit", unit), ("step", step)) if value is not None
    }
    return Field(default=default, description=text, json_schema_extra=extra, **bounds)


class Variant(Config):
    """One of several kinds of a part, told apart by `kind`: each kind is a class that says all about it.

    A class below this one is a family (`Layer`, `Optimizer`, ...). A class below a family that gives `kind` a default
    is in the family's `KINDS` from then on, in links, files and menus alike; nothing else lists it.
    """

    kind: str

    KINDS: ClassVar[dict[str, type[Any]]] = {}
    #: What the fields without a default, and some others, are in a part that was just added.
    NEW: ClassVar[Mapping[str, Any]] = {}

    @classmethod
    def _is_family(cls) -> bool:
        return cls.__mro__[2] is Config  # directly below `Variant`

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        if cls._is_family():
            cls.KINDS = {}
        elif not cls.model_fields["kind"].is_required():
            cls.KINDS[cls.model_fields["kind"].default] = cls

    @classmethod
    def new(cls, **settings: Any) -> Self:
        """One as it is when it was just added, but for these settings."""
        return cls(**{**cls.NEW, **settings})

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[BaseModel], handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """A family takes whatever one of its kinds takes; kinds may come later, so that no union can name them."""
        if cls._is_family():
            return core_schema.no_info_plain_validator_function(cls._of_its_kind)
        return handler(source)

    @classmethod
    def _of_its_kind(cls, data: Any) -> Self:
        if isinstance(data, cls):
            return data
        if not isinstance(data, Mapping):
            raise PydanticKnownError("model_type", {"class_name": cls.__name__})
        if "kind" not in data:
            raise PydanticKnownError("union_tag_not_found", {"discriminator": "kind"})
        kind = data["kind"]
        if not isinstance(kind, str) or kind not in cls.KINDS:
            known = {"expected_tags": ", ".join(cls.KINDS), "discriminator": "kind"}
            # What was received is said from the input: not every text of Python can be given to pydantic.
            raise PydanticKnownError("union_tag_invalid", {"tag": "", **known})
        part: Self = cls.KINDS[kind].model_validate(data)
        return part


@dataclass(frozen=True)
class Call:
    """A class of Keras with its arguments, plain values or calls: made by `core.models.build`, Python text by `str`.

    Attributes:
        module: Where the class is: "" for Keras itself, "layers", "optimizers", "regularizers" or "callbacks".
    """

    module: str
    name: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]

    def __str__(self) -> str:
        """Python text: `layers.Dense(64, activation="relu")`."""
        arguments = [written(value) for value in self.args]
        arguments += [f"{name}={written(value)}" for name, value in self.kwargs.items()]
        module = "layers" if self.module == "layers" else f"keras.{self.module}".rstrip(".")
        return f"{module}.{self.name}({', '.join(arguments)})"


def keras_call(module: str, name: str, *args: Any, **kwargs: Any) -> Call:
    """A call without the named arguments that are None, for which Keras' own defaults do."""
    return Call(module, name, args, {name: value for name, value in kwargs.items() if value is not None})


def written(value: Any) -> str:
    """A value, or a call, as Python text."""
    if isinstance(value, Call):
        return str(value)
    return f'"{value}"' if isinstance(value, str) else repr(value)
