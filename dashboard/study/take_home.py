"""What is taken home of a study, and the notes on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from functools import partial
from typing import TypeVar, cast

import streamlit as st

from core.analysis import bands
from core.analysis.loss_axis import SCALES
from core.analysis.loss_axis import Scale as LossScale
from core.export.web_page import Chart, Part
from dashboard.shared import services
from dashboard.shared.language import Language
from dashboard.shared.notes import show_notes_of_all
from dashboard.shared.run_files import archive_offer, curves_offer, table_offer
from dashboard.shared.run_list import reader_timezone
from dashboard.shared.slide_pictures import SlidePicture
from dashboard.shared.take_home import Group, Offer, file_stem, show_menu
from dashboard.study import exported, shown, text
from dashboard.study.opened import OpenedStudy, open_study

Choice = TypeVar("Choice", bound=str)

_FEW = 6  # levels and rows that fit a slide with large words


def show_take_home(opened: OpenedStudy, t: Language) -> None:
    """The menu of a study."""
    groups = partial(_groups_now, opened.study.id, services.owner(), t, reader_timezone())
    show_menu(groups, study_pictures(opened, t), t, key="take-home-study")


def show_study_notes(opened: OpenedStudy, t: Language) -> None:
    """The reader's own notes on the study, and those of others."""
    study, owner, store = opened.study.id, services.owner(), services.store()
    over = not opened.progress.open
    save = partial(store.annotate_study, owner, study)
    show_notes_of_all(
        store.study_notes(study), owner, t, key=f"notes-study-{study}", over=over, save=save, ask="study"
    )


def _groups_now(study: str, owner: str, t: Language, timezone: tzinfo | None) -> list[Group]:
    """With losses on the axis as they are shown now."""
    return study_groups(study, owner, t, timezone, _scale_shown())


def study_groups(
    study: str, owner: str, t: Language, timezone: tzinfo | None, losses: LossScale = "linear"
) -> list[Group]:
    """The files of a study, as its runs are now."""
    opened = open_study(services.store(), study)
    numbered = {f"{number:02}": run.id for number, (_, run) in enumerate(opened.runs, start=1)}
    stem, read = _stem(opened, t), partial(services.store().get_many, list(numbered.values()))
    page = Offer(
        "page",
        t("takehome.page"),
        f"{stem}.html",
        "text/html",
        partial(_page, study, owner, t, timezone, losses),
        "description",
        t("takehome.page.help"),
    )
    return [
        Group(t("takehome.whole"), [page, archive_offer(numbered, read, stem, t)]),
        Group(t("takehome.numbers"), [table_offer(read, t), curves_offer(read, stem, t)]),
    ]


def _page(study: str, owner: str, t: Language, timezone: tzinfo | None, losses: LossScale) -> str:
    notes = {one.owner: one.notes for one in services.store().study_notes(study)}
    return exported.study_page(study, notes.get(owner, {}), t, timezone, losses)


def study_pictures(opened: OpenedStudy, t: Language) -> list[SlidePicture]:
    """The figures of a study that stand for themselves on a slide."""
    if not opened.progress.finished:
        return []
    title, stem, study = text.name_of(opened.study, t), _stem(opened, t), opened.study.id

    def picture(key: str, what: str, *, large: bool = True) -> SlidePicture:
        make = partial(_chart, study, key, t)
        return SlidePicture(
            key, what, f"{title} · {what}", f"{stem}-{key}", make, scale=2.0 if large else 1.0
        )

    found = [picture(curve, t(f"curve.{curve}")) for curve in shown.CURVES]
    if rows := shown.turn_rows(opened, t):
        found.append(picture("turns", t("study.turns"), large=len(rows) <= _FEW))
    if opened.plan.factors:
        few = max(len(one.values) for one in opened.plan.factors) <= _FEW
        found.append(picture("factors", t("study.factors"), large=few))
    return found


def _chart(study: str, key: str, t: Language) -> Chart | None:
    """One of the figures as it is shown now; of many levels the bands of the first ones."""
    opened, parts = open_study(services.store(), study), list[Part]()
    if key == "turns":
        parts = exported.turn_charts(opened, t)
    elif key == "factors":
        parts = exported.factor_charts(opened, t, only=_measure_shown())
    else:
        wanted = [one for one in shown.CURVES if one == key]
        parts = exported.band_charts(opened, t, _scale_shown(), only=wanted)
    return next((part for part in parts if isinstance(part, Chart)), None)


def _scale_shown() -> LossScale:
    return _kept("study-scale", SCALES)


def _measure_shown() -> bands.Measure:
    return _kept("study-measure", shown.MEASURES)


def _kept(key: str, choices: Sequence[Choice]) -> Choice:
    """What is chosen on the page now; the first where nothing is yet."""
    found = st.session_state.get(key)
    return cast(Choice, found) if found in choices else choices[0]


def _stem(opened: OpenedStudy, t: Language) -> str:
    return file_stem(text.name_of(opened.study, t), opened.study.id)
