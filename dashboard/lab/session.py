"""What the lab remembers of a session: an experiment on its way, edited in place, kept in the address."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from core import presets
from core.errors import PresetError, TurningPointError
from core.experiment import Experiment

KEY = "lab"
_RUN = "run"
_OTHER_PARAMETERS = ("lang", _RUN)


@dataclass(frozen=True)
class Lab:
    """What the lab remembers of one session.

    Attributes:
        draft: The experiment as far as it is made; it may have problems.
        preset: The preset it began from.
        link: The address parameters the draft was last in step with.
        run: The run started last; "" if none.
        generation: Part of every widget's key; another one makes all widgets show the draft anew.
        refused: Why the link that was followed last could not be read; None if it could.
        edited: Whether the reader has just changed something, so that the address is behind and is not followed.
    """

    draft: Experiment
    preset: str
    link: Mapping[str, str] = field(default_factory=dict)
    run: str = ""
    generation: int = 0
    refused: TurningPointError | None = None
    edited: bool = False


def current() -> Lab:
    """The lab of this session, after following the address if it leads elsewhere."""
    known: Lab | None = st.session_state.get(KEY)
    if known is not None and known.edited:
        return known
    twice = [name for name in st.query_params if len(st.query_params.get_all(name)) > 1]
    lab = follow(known, st.query_params.to_dict(), twice)
    st.session_state[KEY] = lab
    return lab


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
    generation = known.generation + 1 if known else 0
    try:
        for name in link:
            if name in twice:
                raise PresetError("given_twice", field=name)
        experiment, preset = presets.follow(link)
    except TurningPointError as error:
        kept = known or Lab(presets.load(presets.PLAIN), presets.PLAIN)
        return replace(kept, link=link, run=run, generation=generation, refused=error)
    return Lab(experiment, preset, link, run, generation)


def keep_in_address(lab: Lab) -> None:
    """Write the experiment, if it can be, and the run into the address, so that a reload or a copied link finds them.

    Each time the browser is given another address, it takes one press of Back more to leave the page. So there is one
    for each change of the reader's, and an address that somebody came with stays as it is, if it says anything.
    """
    if lab.refused is not None:
        return
    link = dict(lab.link) if lab.draft.problems else presets.link(lab.draft, lab.preset)
    wanted = {**link, _RUN: lab.run} if lab.run else dict(link)
    now = st.query_params.to_dict()
    if "lang" in now:
        wanted["lang"] = now["lang"]
    given = _of_experiment(now)
    if (lab.edited or not given) and wanted != now:
        st.query_params.from_dict(wanted)
    else:
        link = given
    st.session_state[KEY] = replace(lab, link=link, edited=False)


def _of_experiment(parameters: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in parameters.items() if name not in _OTHER_PARAMETERS}


# What a press of the reader's does


def show_run(run: str) -> None:
    """Remember the run that the lab shows."""
    _edited(run=run)


def put(draft: Experiment, *, redraw: bool = True) -> None:
    """Go on with another draft, and draw all widgets anew from it."""
    lab: Lab = st.session_state[KEY]
    _edited(draft=draft, generation=lab.generation + redraw)


def edit(change: Callable[[Experiment], Experiment]) -> None:
    """Change the draft and draw all widgets anew from it; for buttons."""
    lab: Lab = st.session_state[KEY]
    put(change(lab.draft))


def start_from(preset: str) -> None:
    """Start again from a preset."""
    lab: Lab = st.session_state[KEY]
    st.session_state[KEY] = Lab(presets.load(preset), preset, generation=lab.generation + 1, edited=True)


def _edited(**changes: Any) -> None:
    lab: Lab = st.session_state[KEY]
    link = {} if lab.refused else lab.link
    st.session_state[KEY] = replace(lab, refused=None, link=link, edited=True, **changes)
