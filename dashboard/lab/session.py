"""What the lab remembers of a session: an experiment on its way, edited in place, kept in the address."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any

import streamlit as st

from core import presets
from core.catalog import is_own
from core.classroom import Fixed
from core.errors import PresetError, TurningPointError
from core.experiment import Experiment
from core.experiment.freedom import PARAMETERS, WHOLE, Freedom
from dashboard.shared.lesson_record.places import PLACE
from dashboard.shared.offered_sets import offered_sets
from dashboard.shared.url_state import OF_EVERY_PAGE

KEY = "lab"
_RUN, _LAYERS = "run", "layers"
#: What stays in the address whatever the experiment is.
_STAYING = (*OF_EVERY_PAGE, PLACE.name)
_OTHER_PARAMETERS = (*_STAYING, _RUN)


@dataclass(frozen=True)
class Lab:
    """What the lab remembers of one session.

    Attributes:
        draft: The experiment as far as it is made; it may have problems.
        preset: The preset it began from.
        link: The address parameters the draft was last in step with.
        run: The run started last; "" if none.
        generation: Counts the changes; what is about the draft as a whole has another key after each of them.
        whole: The generation since which no widget is older.
        layers: The generations of the layers that have come, gone or moved since, by their place, "layers.2"; that of
            what is about the list by "layers".
        refused: Why the link that was followed last could not be read; None if it could.
        edited: Whether the reader has just changed something, so that the address is behind and is not followed.
        freedom: What of the draft may be changed.
        base: The experiment that what is fixed stays as in; None where everything is free.
        kept: The settings that were to be changed last although they are fixed.
        turned_away: The experiment that a link led to and that was not taken, since it differs in what is fixed.
        of_class: Whether the teacher of the reader's class has fixed it, so that the reader cannot open it.
    """

    draft: Experiment
    preset: str
    link: Mapping[str, str] = field(default_factory=dict)
    run: str = ""
    generation: int = 0
    whole: int = 0
    layers: Mapping[str, int] = field(default_factory=dict)
    refused: TurningPointError | None = None
    edited: bool = False
    freedom: Freedom = WHOLE
    base: Experiment | None = None
    kept: tuple[str, ...] = ()
    turned_away: tuple[Experiment, str] | None = None
    of_class: bool = False

    def would_break(self, draft: Experiment) -> tuple[str, ...]:
        """The settings in which another draft differs although they are fixed."""
        return self.freedom.changed_though_fixed(self.base, draft) if self.base is not None else ()

    def allows(self, draft: Experiment) -> bool:
        """Whether the draft may become this one."""
        return not self.would_break(draft)

    def key(self, path: str, about: str = "") -> str:
        """The key of a widget, which shows what the draft is; another one each time when it is about something else.

        That is when another layer stands at the place that its path, or else `about`, begins with; "layers" is the
        whole list. What was pressed before there were new widgets never reaches them.
        """
        names = (about or path).split(".")
        generation = self.layers.get(".".join(names[:2]), self.whole) if names[0] == _LAYERS else self.whole
        return f"{KEY}:{generation}:{path}"

    def anew(self, **changes: Any) -> Lab:
        """The lab with these changes, in which there are new widgets everywhere."""
        generation = self.generation + 1
        return replace(self, **{"generation": generation, "whole": generation, "layers": {}, **changes})

    def with_draft(self, draft: Experiment) -> Lab:
        """The lab with another draft, whose layers stand where they stood."""
        return replace(self, draft=draft, generation=self.generation + 1)

    def rearranged(self, draft: Experiment, *, alike: bool = False) -> Lab:
        """The lab with another draft, in which there are new widgets for the list of its layers if that differs.

        Each layer that differs from the one that stood at its place has new ones too, unless all are read `alike`.
        """
        lab = self.with_draft(draft)
        if draft.layers == self.draft.layers:
            return lab
        anew = [_LAYERS]
        if not alike:
            pairs = enumerate(zip_longest(self.draft.layers, draft.layers))
            anew += [f"{_LAYERS}.{place}" for place, (before, after) in pairs if before != after]
        return replace(lab, layers={**self.layers, **dict.fromkeys(anew, lab.generation)})


def current(fixed: Fixed | None = None) -> Lab:
    """The lab of this session, after following the address if it leads elsewhere, and what the teacher has fixed."""
    known: Lab | None = st.session_state.get(KEY)
    if known is not None and known.edited:
        lab = known
    else:
        twice = [name for name in st.query_params if len(st.query_params.get_all(name)) > 1]
        lab = follow(known, st.query_params.to_dict(), twice)
    lab = under(lab, fixed)
    st.session_state[KEY] = lab
    return lab


def under(lab: Lab, fixed: Fixed | None) -> Lab:
    """The lab under what the teacher of a class has fixed, if anything; what was made meanwhile stays where it may."""
    if fixed is None:
        if not lab.of_class:
            return lab
        return lab.anew(freedom=WHOLE, base=None, kept=(), turned_away=None, of_class=False)
    try:
        base, freedom = fixed.base, fixed.freedom
    except TurningPointError:  # an earlier version wrote it: the server says so when something is begun
        return lab
    if lab.of_class and (lab.base, lab.freedom) == (base, freedom):
        return lab
    held = lab.anew(freedom=freedom, base=base, turned_away=None, of_class=True)
    known = fixed.preset in presets.NAMES or fixed.preset == base.dataset
    preset = fixed.preset if known else presets.PLAIN
    # What the address says is kept where it came from this experiment, as after a reload.
    goes_on = bool(lab.link) and lab.preset == preset and not lab.draft.problems and held.allows(lab.draft)
    draft = lab.draft if goes_on else base
    return replace(held, draft=draft, preset=preset, kept=(), refused=None, edited=True)


def follow(known: Lab | None, parameters: Mapping[str, str], twice: Collection[str] = ()) -> Lab:
    """What the lab holds after the address was read.

    Args:
        known: What it held before; None in a new session.
        parameters: The address parameters. None of an experiment's means: keep what there is.
        twice: Those that stand in the address more than once, so that nobody can tell which is meant.
    """
    run = parameters.get(_RUN, known.run if known else "")
    link = _of_experiment(parameters)
    if known is not None and (not link or link == dict(known.link)):
        return replace(known, run=run)
    try:
        for name in link:
            if name in twice:
                raise PresetError("given_twice", field=name)
        experiment, preset = presets.follow(_unlocked(link))
        freedom = Freedom.read(link)
    except TurningPointError as error:
        first = Lab(presets.load(presets.PLAIN), presets.PLAIN, link, run, refused=error)
        return known.anew(link=link, run=run, refused=error) if known else first
    if freedom.is_whole and known is not None and not known.freedom.is_whole:
        broken = known.would_break(experiment)
        if broken:  # stays fixed until the reader opens it, wherever the link came from
            away = (experiment, preset)
            return known.anew(link=link, run=run, kept=broken, turned_away=away)
        freedom, base = known.freedom, known.base
    else:
        base = None if freedom.is_whole else experiment
    found = Lab(experiment, preset, link, run, freedom=freedom, base=base)
    if known is None:
        return found
    generation = known.generation + 1
    return replace(found, generation=generation, whole=generation)


def keep_in_address(lab: Lab) -> None:
    """Write the experiment, if it can be, and the run into the address, so that a reload or a copied link finds them.

    Each time the browser is given another address, it takes one press of Back more to leave the page. So there is one
    for each change of the reader's, and an address that somebody came with stays as it is, if it says anything.
    """
    if lab.refused is not None:
        return
    link = dict(lab.link)
    if not lab.draft.problems:
        link = presets.link(lab.draft, lab.preset)
        if not lab.of_class:  # which ends with the class
            link |= lab.freedom.parameters
    now = st.query_params.to_dict()
    wanted = {**link, **{name: now[name] for name in _STAYING if name in now}}
    if lab.run:
        wanted[_RUN] = lab.run
    given = _of_experiment(now)
    if (lab.edited or not given or lab.turned_away is not None) and wanted != now:
        st.query_params.from_dict(wanted)
    else:
        link = given
    st.session_state[KEY] = replace(lab, link=link, edited=False)


def _of_experiment(parameters: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in parameters.items() if name not in _OTHER_PARAMETERS}


def _unlocked(link: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in link.items() if name not in PARAMETERS}


# What a press of the reader's does


def show_run(run: str) -> None:
    """Remember the run that the lab shows."""
    _edited(st.session_state[KEY], run=run)


def put(draft: Experiment, *, moved: bool = True) -> None:
    """Go on with another draft, whose layers may have `moved`; one that breaks what is fixed is not taken."""
    lab: Lab = st.session_state[KEY]
    kept = lab.would_break(draft)
    if kept:
        _edited(lab.anew(), kept=kept)
    else:
        _edited(lab.rearranged(draft) if moved else lab.with_draft(draft))


def edit(change: Callable[[Experiment], Experiment]) -> None:
    """Change the draft, whose layers may move; for buttons."""
    lab: Lab = st.session_state[KEY]
    put(change(lab.draft))


def beginnings(lab: Lab) -> tuple[str, ...]:
    """What one can start from: the presets, and after them the own data sets that the reader may use, by name."""
    own = [name for name in (*offered_sets(lab.draft.dataset), lab.preset) if is_own(name)]
    return tuple(dict.fromkeys((*presets.NAMES, *own)))


def start_from(preset: str) -> None:
    """Start again from a preset; where something is fixed, from what the link led to."""
    lab: Lab = st.session_state[KEY]
    if lab.base is not None:
        _edited(lab.anew(draft=lab.base))
        return
    draft = presets.load(preset)
    # What is set of one thing may be set of another: of all that changes, most widgets only change with it.
    now = lab.rearranged(draft, alike=True)
    st.session_state[KEY] = Lab(
        draft, preset, generation=now.generation, whole=now.whole, layers=now.layers, edited=True
    )


def open_everything() -> None:
    """Let everything be changed again, and follow the link that was not followed because of it."""
    lab: Lab = st.session_state[KEY]
    if lab.of_class:
        return
    draft, preset = lab.turned_away or (lab.draft, lab.preset)
    _edited(lab.anew(draft=draft, preset=preset, freedom=WHOLE, base=None))


def _edited(lab: Lab, **changes: Any) -> None:
    link = {} if lab.refused else lab.link
    new = {"refused": None, "kept": (), "turned_away": None, "link": link, "edited": True, **changes}
    st.session_state[KEY] = replace(lab, **new)
