"""The address of a comparison: which runs, and how they are shown. Whatever stands there, a page comes of it.

Everything a reader can choose on the page is in its address, so a teacher can hand on what is on the screen.
No Streamlit here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Literal, get_args

from core.analysis.curves import Alignment
from core.run import is_run_id
from dashboard.shared.language import Message
from dashboard.shared.markdown import escaped

RUNS, STUDY = "runs", "study"
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
}


@dataclass(frozen=True)
class Wish:
    """What an address asks for, every part of it possible.

    Attributes:
        runs: Ids in the order in which they are shown, each once, at most `MOST_RUNS`.
        base: The one the others are measured by; "" without runs.
        hide: Those whose curves are not drawn.
        align: The axis of the curves.
        layout: How the curves are laid out.
        show: Which measures.
        lines: Which curves of a run.
        smooth: The weight of earlier values, in percent; 0 shows what was recorded.
    """

    runs: tuple[str, ...] = ()
    base: str = ""
    hide: frozenset[str] = frozenset()
    align: Alignment = "epoch"
    layout: Layout = "together"
    show: Measures = "both"
    lines: Lines = "both"
    smooth: int = 0

    def parameters(self) -> dict[str, str]:
        """The parameters of the shortest address that asks for this."""
        usual = Wish(base=self.runs[0] if self.runs else "")
        found = {RUNS: ",".join(self.runs)} if self.runs else {}
        for field in fields(self)[1:]:
            value = getattr(self, field.name)
            if value != getattr(usual, field.name):
                listed = isinstance(value, frozenset)
                found[field.name] = (
                    ",".join(run for run in self.runs if run in value) if listed else str(value)
                )
        return found

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
    """What an address asks for, and what about it cannot be.

    Args:
        parameters: As they stand in the address, typed by anybody.

    Returns:
        A wish, and a sentence for each thing in the address that it leaves out; what sentences quote is escaped.
    """
    named = [name.strip() for name in parameters.get(RUNS, "").split(",")]
    named = [name for name in named if name]
    ids = tuple(dict.fromkeys(name for name in named if is_run_id(name)))
    said: list[Message] = []
    strange = [name for name in dict.fromkeys(named) if not is_run_id(name)]
    if strange:
        said.append(missing(strange))
    if len(ids) + len(strange) < len(named):
        said.append(Message("compare.note.twice"))
    if len(ids) > MOST_RUNS:
        said.append(Message("compare.note.many", {"number": len(ids), "most": MOST_RUNS}))
        ids = ids[:MOST_RUNS]
    chosen: dict[str, str] = {}
    for name, choices in CHOICES.items():
        value = parameters.get(name, "")
        if value in choices:
            chosen[name] = value
        elif value:
            said.append(Message("compare.note.no_choice", {"name": name, "value": quoted([value])}))
    base = parameters.get("base", "")
    if base and base not in ids and ids:
        said.append(Message("compare.note.no_base", {"name": quoted([base])}))
    smooth = int(chosen.pop("smooth", "0"))
    wish = Wish(
        runs=ids,
        base=base if base in ids else next(iter(ids), ""),
        hide=frozenset(parameters.get("hide", "").split(",")).intersection(ids),
        smooth=smooth,
        **chosen,  # type: ignore[arg-type]
    )
    return wish, tuple(said)


def missing(names: Sequence[str]) -> Message:
    """That there are no runs of these names."""
    return Message("compare.note.missing", {"names": quoted(names)})


def quoted(names: Sequence[str]) -> str:
    """Names that somebody typed, fit to stand in a sentence: a few of them, and not too long."""
    lines = [" ".join(name.split()) for name in names[:_MOST_SAID]]
    shown = [line if len(line) <= _LONGEST_SAID else f"{line[:_LONGEST_SAID]}…" for line in lines]
    words = ", ".join(f"**{escaped(line)}**" for line in shown)
    return words if len(names) <= _MOST_SAID else f"{words}, …"
