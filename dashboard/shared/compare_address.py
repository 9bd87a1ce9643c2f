"""The address of a comparison: which runs, and how they are shown. Whatever stands there, a page comes of it.

Everything a reader can choose on the page is in its address, so a teacher can hand on what is on the screen.
No Streamlit here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from core.analysis.curves import Alignment
from core.analysis.loss_axis import SCALES, Scale
from core.run import is_run_id
from dashboard.shared.language import Message
from dashboard.shared.markdown import escaped
from dashboard.shared.url_state import Property, RefusedError, UrlState, one_of

PAGE = "compare/page.py"
RUNS, STUDY = "runs", "study"
_GUESS = "guess"
MOST_RUNS = 12
"""There are so many colours that all eyes can tell apart."""

_LONGEST_SAID = 40
_MOST_SAID = 3

Layout = Literal["together", "apart"]
"""All runs on the same axes, or each on axes of its own with equal scales."""
Measures = Literal["both", "loss", "accuracy"]
Lines = Literal["both", "validation", "training"]
SMOOTHINGS = (0, 30, 60, 80)
"""Weights of the earlier values in percent."""

#: The codes of what can be chosen, by the name of the parameter.
CHOICES: dict[str, tuple[str, ...]] = {
    "align": get_args(Alignment),
    "layout": get_args(Layout),
    "show": get_args(Measures),
    "lines": get_args(Lines),
    "smooth": tuple(map(str, SMOOTHINGS)),
    "scale": SCALES,
}


@dataclass(frozen=True)
class Wish:
    """What an address asks for, every part of it possible.

    The runs, each once and at most `MOST_RUNS`, are measured by the base; the curves of hidden ones are not drawn.
    Smoothing is the weight of earlier values in percent; 0 shows what was recorded. With `guess` the test results of
    two runs are held back until whoever looks has said which of them wins.
    """

    runs: tuple[str, ...] = ()
    base: str = ""
    hide: frozenset[str] = frozenset()
    align: Alignment = "epoch"
    layout: Layout = "together"
    show: Measures = "both"
    lines: Lines = "both"
    smooth: int = 0
    scale: Scale = "linear"
    guess: bool = False

    def values(self) -> dict[str, Any]:
        """It as the rows of an address have it."""
        hidden = tuple(run for run in self.runs if run in self.hide)
        base = "" if self.runs[:1] == (self.base,) else self.base
        return {**vars(self), "hide": hidden, "base": base}

    def parameters(self) -> dict[str, str]:
        """The parameters of the shortest address that asks for this."""
        return ADDRESS.parameters(self.values())

    def of(self, runs: Collection[str]) -> Wish:
        """The same of only those of its runs."""
        kept = tuple(run for run in self.runs if run in runs)
        base = self.base if self.base in kept else next(iter(kept), "")
        return replace(self, runs=kept, base=base, hide=self.hide.intersection(kept))

    def without(self, run: str) -> Wish:
        """The same without one run."""
        return self.of(set(self.runs) - {run})

    def joined_by(self, runs: Sequence[str]) -> Wish:
        """The same with more runs after those that are there, as far as there is room."""
        joined = tuple(dict.fromkeys((*self.runs, *runs)))[:MOST_RUNS]
        return replace(self, runs=joined, base=self.base or next(iter(joined), ""))

    def with_choice(self, name: str, code: str) -> Wish:
        """The same with another choice of how it is shown; a code that there is not is passed over."""
        return read({**self.parameters(), name: code})[0]

    def toggled(self, run: str) -> Wish:
        """The same with the curves of one run hidden, or shown again."""
        return replace(self, hide=self.hide ^ {run})


def compared(runs: Sequence[str]) -> dict[str, str]:
    """The parameters of a link to a comparison of these runs, the first one as the base."""
    return Wish().joined_by(runs).parameters()


def read(parameters: Mapping[str, str]) -> tuple[Wish, tuple[Message, ...]]:
    """What an address asks for, and a sentence for each thing in it that cannot be and is left out."""
    values, notes = ADDRESS.read(parameters)
    runs, base = values[RUNS], values["base"]
    if base and base not in runs:
        notes += (Message("compare.note.no_base", {"name": quoted([base])}),) if runs else ()
        base = ""
    hide = frozenset(values["hide"]).intersection(runs)
    chosen = {name: values[name] for name in (*CHOICES, _GUESS)}
    return Wish(runs=runs, base=base or next(iter(runs), ""), hide=hide, **chosen), notes


def missing(names: Sequence[str]) -> Message:
    """That there are no runs of these names."""
    return Message("compare.note.missing", {"names": quoted(names)})


def quoted(names: Sequence[str]) -> str:
    """Names that somebody typed, fit to stand in a sentence: a few of them, and not too long."""
    lines = [" ".join(name.split()) for name in names[:_MOST_SAID]]
    shown = [line if len(line) <= _LONGEST_SAID else f"{line[:_LONGEST_SAID]}…" for line in lines]
    words = ", ".join(f"**{escaped(line)}**" for line in shown)
    return words if len(names) <= _MOST_SAID else f"{words}, …"


# The rows of the address


def _listed(text: str) -> tuple[str, ...]:
    return tuple(name for name in map(str.strip, text.split(",")) if name)


def _runs(text: str) -> tuple[str, ...]:
    named = _listed(text)
    ids = tuple(dict.fromkeys(name for name in named if is_run_id(name)))
    strange = [name for name in dict.fromkeys(named) if not is_run_id(name)]
    notes = [missing(strange)] if strange else []
    if len(ids) + len(strange) < len(named):
        notes.append(Message("compare.note.twice"))
    if len(ids) > MOST_RUNS:
        notes.append(Message("compare.note.many", {"number": len(ids), "most": MOST_RUNS}))
    if notes:
        raise RefusedError(*notes, instead=ids[:MOST_RUNS])
    return ids


def _no_choice(name: str) -> Callable[[str], Message]:
    return lambda text: Message("compare.note.no_choice", {"name": name, "value": f"**{text}**"})


def _choice(name: str) -> Property[Any]:
    usual, code = getattr(Wish(), name), one_of(CHOICES[name], _no_choice(name))
    return Property(name, usual, lambda text: type(usual)(code(text)))


def _switch(name: str) -> Property[bool]:
    code = one_of(("0", "1"), _no_choice(name))
    return Property(name, False, lambda text: code(text) == "1", lambda on: str(int(on)))


ADDRESS = UrlState(
    Property(STUDY, ""),
    Property(RUNS, (), _runs, ",".join),
    Property("base", ""),
    Property("hide", (), _listed, ",".join),
    *map(_choice, CHOICES),
    _switch(_GUESS),
)
