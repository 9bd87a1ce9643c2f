"""The rules of the class in which whoever looks sits, for pages to show; they are held where a run is begun.

`core.storage.class_rules` holds them: what a page shows or leaves out is only there to say it in time.
"""

from __future__ import annotations

import streamlit as st

from core.classroom import Caps, Rules
from core.classroom.permission import refusal
from core.errors import StorageError
from core.experiment import Experiment
from dashboard.shared import services
from dashboard.shared.language import Language


def rules() -> Rules:
    """The rules that hold for whoever looks; none where storage does not answer, which the page says itself."""
    try:
        return services.store().rules_of(services.owner())
    except StorageError:
        return Rules()


def say_refusal(held: Rules, experiment: Experiment | None, t: Language, *, lesson: str = "") -> bool:
    """Say why this training may not be begun, before somebody presses; whether that is so."""
    found = refusal(held, [experiment], lesson=lesson) if experiment is not None else None
    if found is not None:
        st.warning(t.error(found), icon=":material/lock:")
    return found is not None


def say_cap(caps: Caps, name: str, t: Language) -> None:
    """What the teacher allows at most of this, beside the field; nothing where there is no cap."""
    most = getattr(caps, name)
    if most is not None:
        st.caption(f":material/speed: {t(f'lab.cap.{name}', most=f'{most:,}')}")
