"""Guess, then see: which of two runs will win on new data."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.run import Run
from dashboard.live.winner.question import Onlooker, Question, behind_curtain, question_of
from dashboard.shared import services
from dashboard.shared.hiding import PREDICT_FIRST
from dashboard.shared.viewer import COMMAND_LINE


def onlooker(*, wishes: bool) -> Onlooker:
    """Whoever looks at this page; `wishes` to be asked, unless the session's switch says so anyway."""
    viewer = services.viewer()
    others = (COMMAND_LINE,) if viewer.may_change(COMMAND_LINE) else ()
    return Onlooker(viewer.owner, others, wishes or bool(st.session_state.get(PREDICT_FIRST)))


def runs_to_see(ids: Sequence[str], looks: Onlooker) -> tuple[Question, list[Run]]:
    """Where the question stands for a comparison, and its runs as far as they may be seen by then; known to no session.

    What shows a comparison or makes files of it gets its runs here.
    """
    store = services.store()
    runs = store.get_many(ids)
    question = question_of(runs, looks)
    if len(runs) == 2 and question.obstacle is None:
        question = question_of(runs, looks, store.predicted_winner(looks.owner, [run.id for run in runs]))
    return question, behind_curtain(runs, question)


def runs_seen(ids: Sequence[str], looks: Onlooker) -> list[Run]:
    """The runs alone."""
    return runs_to_see(ids, looks)[1]
