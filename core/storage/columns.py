"""Column types that bring a value back exactly as it went in, on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlalchemy import DateTime, Dialect, Double, String, Text, TypeDecorator

from core.run import RunState


class StateText(TypeDecorator[RunState]):
    """A run's state by its code."""

    impl = String(16)
    cache_ok = True

    def process_bind_param(self, value: RunState | None, dialect: Dialect) -> str | None:
        """The state's code."""
        return None if value is None else RunState(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> RunState | None:
        """The state."""
        return None if value is None else RunState(value)


class Moment(TypeDecorator[datetime]):
    """A point in time: aware datetimes in, UTC out (SQLite keeps no time zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What the database keeps: UTC, on SQLite without saying so."""
        if value is None:
            return None
        return value.astimezone(UTC).replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC, aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Measurement(TypeDecorator[float]):
    """A float with all its digits, also where it is not a number; SQLite forgets only the sign of a zero.

    Diverging runs measure infinity and NaN. PostgreSQL keeps both. SQLite would turn NaN into NULL, which
    means "there was nothing to measure", so there NaN is kept as the text 'nan': a REAL column leaves text
    alone that is no number.
    """

    impl = Double
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:
        """Turns what is given into what the database keeps."""
        # Not `process_bind_param`: on SQLite, what that returns still goes through `float`.
        return _float_or_nan_text if dialect.name == "sqlite" else _float

    def process_result_value(self, value: Any, dialect: Dialect) -> float | None:
        """The float as it came."""
        return None if value is None else float(value)


class JsonText(TypeDecorator[Any]):
    """Plain dicts, lists, numbers and strings as JSON in a text column, NaN and infinity included.

    NumPy's numbers become Python's. Anything else raises TypeError (inside SQLAlchemy's StatementError).

    Not the database's own JSON type: that refuses NaN, and may change how numbers are written.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """JSON."""
        return None if value is None else json.dumps(value, separators=(",", ":"), default=_number)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """What the JSON says."""
        return None if value is None else json.loads(value)


def _float(value: float | None) -> float | None:
    return None if value is None else float(value)


def _float_or_nan_text(value: float | None) -> float | str | None:
    number = _float(value)
    return "nan" if number is not None and math.isnan(number) else number


def _number(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"not plain data: {value!r}")
