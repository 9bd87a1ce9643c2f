"""The caps: the most of a student's training."""

from __future__ import annotations

import streamlit as st

from core.classroom import Caps, Classroom, Rules
from dashboard.classroom.steering.change import change_rules
from dashboard.shared.language import Language

#: What plus and minus change.
_STEPS = {"epochs": 10, "parameters": 10_000, "samples": 100, "waiting": 1}


def show_caps(classroom: Classroom, t: Language) -> None:
    """A number for each; an empty field is no cap."""
    st.caption(t("steer.caps.about"))
    caps = classroom.rules.caps
    with st.form("steer-caps", border=False):
        for column, (name, step) in zip(st.columns(len(_STEPS)), _STEPS.items(), strict=True):
            column.number_input(
                t(f"steer.caps.{name}"),
                min_value=1,
                max_value=1_000_000_000,
                value=getattr(caps, name),
                step=step,
                placeholder=t("steer.caps.none"),
                key=f"steer-cap-{name}-{classroom.code}",
            )
        st.form_submit_button(
            t("steer.caps.set"),
            icon=":material/check:",
            on_click=_set,
            args=(classroom.code,),
            key="steer-caps-set",
        )


def _set(code: str) -> None:
    found = {name: st.session_state.get(f"steer-cap-{name}-{code}") for name in _STEPS}

    def change(rules: Rules) -> Rules:
        return rules.model_copy(update={"caps": Caps(**found)})

    change_rules(code, change)
