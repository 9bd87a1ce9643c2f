"""The address of a page as a typed table: one row for each thing that stands in it.

A page declares its rows and reads them all at once; whatever stands there, a page comes of it, and what cannot be is
said:

    RUN = Property("run", "")
    SHOW = Property("show", "curves", one_of(("curves", "table"), lambda text: Message("no_such", {"received": text})))
    PAGE = UrlState(RUN, SHOW)

    values, notes = PAGE.read(st.query_params.to_dict())
    PAGE.write({"run": "", "show": "table"})   # only what is not usual stands in the address
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import streamlit as st

from dashboard.shared.language import Message
from dashboard.shared.markdown import escaped

ValueT = TypeVar("ValueT")

OF_EVERY_PAGE = ("lang", "present", "only")
"""What may stand in the address of any page beside its own rows: the language, and how a page is shown."""

_SHOWN = 20
"""So many characters of a value that cannot be are repeated."""


class RefusedError(ValueError):
    """A value in an address that cannot be, at least not all of it.

    Attributes:
        notes: What is to be said about it; nothing if it is passed over.
        instead: What can be taken of it; None for the usual value.
    """

    def __init__(self, *notes: Message, instead: Any = None) -> None:
        super().__init__(*notes)
        self.notes, self.instead = notes, instead


@dataclass(frozen=True)
class Property(Generic[ValueT]):
    """One thing that an address says.

    Attributes:
        name: Of the parameter, and of the value.
        default: What holds without it; an address does not repeat it.
        parse: From the text in the address, which anybody may have typed; raises `RefusedError`.
        form: To the text in the address.
    """

    name: str
    default: ValueT
    parse: Callable[[str], ValueT] = str  # type: ignore[assignment]
    form: Callable[[ValueT], str] = str

    def read(self, parameters: Mapping[str, str]) -> tuple[ValueT, tuple[Message, ...]]:
        """The value in an address, and what about it cannot be."""
        text = parameters.get(self.name, "")
        if not text:
            return self.default, ()
        try:
            return self.parse(text), ()
        except RefusedError as refused:
            return self.default if refused.instead is None else refused.instead, refused.notes

    def get(self) -> ValueT:
        """The value in the address of the page that is shown."""
        return self.read(st.query_params)[0]

    def set(self, value: ValueT) -> None:
        """Write it into the address of the page that is shown, where the rest stays; for a single row."""
        if value == self.default:
            st.query_params.pop(self.name, None)
        elif st.query_params.get(self.name) != self.form(value):
            st.query_params[self.name] = self.form(value)


RUN = Property("run", "")
"""The run that several pages are about."""


class UrlState:
    """The rows of a page's address."""

    def __init__(self, *properties: Property[Any]) -> None:
        self.properties = {one.name: one for one in properties}

    def read(self, parameters: Mapping[str, str]) -> tuple[dict[str, Any], tuple[Message, ...]]:
        """The value of each row, and a sentence for each thing in the address that is left out."""
        found = {name: one.read(parameters) for name, one in self.properties.items()}
        return (
            {name: value for name, (value, _) in found.items()},
            tuple(note for _, notes in found.values() for note in notes),
        )

    def parameters(self, values: Mapping[str, Any]) -> dict[str, str]:
        """The parameters of the shortest address that says this."""
        return {
            name: one.form(values[name])
            for name, one in self.properties.items()
            if name in values and values[name] != one.default
        }

    def write(self, values: Mapping[str, Any]) -> None:
        """Write all rows into the address of the page at once, for each change is a step of the back button.

        What stands there besides, such as the language, stays.
        """
        now = st.query_params.to_dict()
        rest = {name: text for name, text in now.items() if name not in self.properties}
        wanted = {**rest, **self.parameters(values)}
        if wanted != now:
            st.query_params.from_dict(wanted)

    def has_changed(self, place: str, values: object) -> bool:
        """Whether an address says something else than when it was last read or written, so that widgets are to follow.

        It is of a place, such as a data set: the address of another place is another one.
        """
        changed: bool = st.session_state.get(self._seen) != (place, values)
        self.remember(place, values)
        return changed

    def remember(self, place: str, values: object) -> None:
        """The page itself wrote this into the address."""
        st.session_state[self._seen] = (place, values)

    @property
    def _seen(self) -> str:
        return f"url-{'-'.join(self.properties)}"


def one_of(
    options: Sequence[ValueT], refused: Callable[[str], Message] | None = None
) -> Callable[[str], ValueT]:
    """Reads one of these options, as `str` writes them.

    Another value is refused with a sentence, made of what was typed as it can stand in Markdown; without one it is
    passed over.
    """
    by_text = {str(option): option for option in options}

    def parse(text: str) -> ValueT:
        if text in by_text:
            return by_text[text]
        raise RefusedError(*([refused(escaped(text[:_SHOWN]))] if refused else []))

    return parse


def whole_number(last: int, refused: Callable[[str], Message] | None = None) -> Callable[[str], int]:
    """Reads a whole number from 0 to the last one; refuses others like `one_of`."""

    def parse(text: str) -> int:
        # `isdecimal` holds for other digits too, and `int` reads them; a number of a thousand digits it would not.
        if text.isdecimal() and len(text) <= len(str(last)) and int(text) <= last:
            return int(text)
        raise RefusedError(*([refused(escaped(text[:_SHOWN]))] if refused else []))

    return parse
