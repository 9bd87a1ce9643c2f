"""What is done in a step with runs that are there already: guess the better one, open a test result, take notes."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from core.jobs import queue
from core.run import Run
from dashboard.learn import action_kinds as kinds
from dashboard.learn.checks import Given, State
from dashboard.learn.figures import Scene
from dashboard.live.live_curves import show_live
from dashboard.live.seal import show_seal
from dashboard.live.winner import onlooker, runs_to_see
from dashboard.live.winner.panel import show_question
from dashboard.live.winner.text import Outcome
from dashboard.shared import services
from dashboard.shared.compare_address import Wish
from dashboard.shared.language import Language
from dashboard.shared.notes import show_notes
from dashboard.shared.page_links import run_link
from dashboard.shared.trouble import Refusal

_REFUSED = Refusal("lesson-train-to-refused")


def compare(action: kinds.CompareAction, scene: Scene) -> Given:
    """The question which of the two wins, and what came of it."""
    ids = []
    for name in action.runs:
        run = scene.runs.named(name)
        if run is None:
            scene.seen(None, name)
            return Given(lacks="lacking")
        ids.append(run.id)
    looks = onlooker(wishes=True)
    question, runs = runs_to_see(ids, looks)
    if question.obstacle is not None:
        st.info(question.obstacle.said(scene.t), icon=":material/info:")
        return Given(lacks="lacking")
    names = dict(zip(ids, action.names, strict=True))
    found = show_question(runs, question, looks, names, scene.t)
    if found is not None:
        st.page_link(
            "compare/page.py",
            label=scene.t("learn.open.compare"),
            icon=":material/open_in_new:",
            query_params=Wish().joined_by(ids).parameters(),
        )
    waits: dict[str, State] = {"covered": "covered", "wait": "running"}
    return Given(guess=found, lacks=waits.get(question.stage, "nothing"))


def guess_words(guess: Outcome, action: kinds.CompareAction, t: Language) -> dict[str, str]:
    """What was guessed and what is true, for the sentences of a check."""
    none = t("learn.guess.none")

    def called(run: Run | None) -> str:
        return none if run is None else action.names[guess.runs.index(run)]

    return {
        "guessed": "–" if guess.prediction.shown else called(guess.guessed),
        "winner": "–" if guess.truth == "unknown" else called(guess.winner),
    }


def unseal(action: kinds.UnsealAction, scene: Scene) -> None:
    """The panel in front of the sealed test result of a run."""
    run = _over(action.of, scene)
    if run is None:
        return
    show_seal(run, scene.t, train_to=partial(_train_to, run))
    _REFUSED.tell(scene.t)
    if not run.is_sealed:
        run_link(run.id, scene.t("learn.see_run"), icon="arrow_forward")


def note(action: kinds.NoteAction, scene: Scene) -> None:
    """The fields for what was expected and what was seen."""
    run = _over(action.of, scene)
    if run is not None:
        note_on(run, scene.t)


def note_on(run: Run, t: Language) -> None:
    """The fields for notes on a run of the reader's own."""
    save: Any = partial(services.store().annotate, run.id)
    over = run.state.is_over and not run.is_covered
    show_notes(run.notes, t, key=f"notes-{run.id}", over=over, save=save, alone=False)


def _over(name: str, scene: Scene) -> Run | None:
    """A run that is over and may be seen; else it is said or shown why there is none yet."""
    run = scene.seen(scene.runs.named(name), name)
    if run is None or run.state.is_over:
        return run
    show_live(run.id, scene.t)
    return None


def _train_to(run: Run, epoch: int) -> None:
    viewer = services.viewer()
    with _REFUSED.kept():
        queue.train_to(services.store(), run.id, epoch, owner=viewer.owner, address=viewer.address)
