"""What is taken home of a comparison, and the notes on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import tzinfo
from functools import partial

import streamlit as st

from core.export.web_page import Chart
from core.run import Run
from dashboard.compare import exported
from dashboard.compare.curves import LETTERS, compared_runs
from dashboard.live.winner import runs_seen
from dashboard.live.winner.question import Onlooker
from dashboard.shared import services
from dashboard.shared.compare_address import Wish
from dashboard.shared.compare_address import read as read_address
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.notes import show_notes_of_all
from dashboard.shared.run_files import archive_offer, curves_offer, model_offer, table_offer
from dashboard.shared.run_list import reader_timezone
from dashboard.shared.run_words import name_of, short_names
from dashboard.shared.slide_pictures import SlidePicture
from dashboard.shared.take_home import Group, Offer, file_stem, show_menu
from dashboard.shared.theme import run_colours


def show_take_home(wish: Wish, runs: Sequence[Run], looks: Onlooker, t: Language) -> None:
    """The menu of a comparison, with what who `looks` may see of it."""
    pictures = comparison_pictures(wish, runs, looks, t)
    groups = partial(_groups_now, wish, looks, reader_timezone(), t)
    show_menu(groups, pictures, t, key="take-home")


def show_comparison_notes(runs: Sequence[Run], t: Language, *, hidden: bool) -> None:
    """The reader's own notes on these runs together, and those of others; of what is `hidden` nothing was seen."""
    owner, ids, store = services.owner(), [run.id for run in runs], services.store()
    written = store.comparison_notes(ids)
    show_notes_of_all(
        # Others may have seen more, and say it.
        [one for one in written if one.owner == owner or not hidden],
        owner,
        t,
        key=f"notes-{'-'.join(sorted(ids))}",
        over=not hidden and all(run.state.is_over for run in runs),
        save=partial(store.annotate_comparison, owner, ids),
        ask="pair",
    )


def _groups_now(wish: Wish, looks: Onlooker, timezone: tzinfo | None, t: Language) -> list[Group]:
    """With the curves as they are shown now."""
    now = read_address(st.query_params.to_dict())[0].of(wish.runs)
    return comparison_groups(now if now.runs == wish.runs else wish, looks, timezone, t)


def comparison_groups(wish: Wish, looks: Onlooker, timezone: tzinfo | None, t: Language) -> list[Group]:
    """The files of a comparison, as its runs are now."""
    read = partial(runs_seen, wish.runs, looks)
    runs = read()
    stem = file_stem(exported.title_of(runs, t))
    networks = [
        replace(model_offer(run, t), key=f"model-{run.id}", label=f"{letter} · {escaped(name_of(run, t))}")
        for letter, run in zip(LETTERS, runs, strict=False)
    ]
    return [
        Group(
            t("takehome.whole"),
            [
                Offer(
                    "page",
                    t("takehome.page"),
                    f"{stem}.html",
                    "text/html",
                    partial(_page, wish, looks, timezone, t),
                    "description",
                    t("takehome.page.help"),
                ),
                archive_offer(dict(zip(LETTERS, wish.runs, strict=False)), read, stem, t),
            ],
        ),
        Group(t("takehome.networks"), networks),
        Group(t("takehome.numbers"), [table_offer(read, t), curves_offer(read, stem, t)]),
    ]


def _page(wish: Wish, looks: Onlooker, timezone: tzinfo | None, t: Language) -> str:
    notes = {one.owner: one.notes for one in services.store().comparison_notes(wish.runs)}
    return exported.comparison_page(wish, notes.get(looks.owner, {}), looks, timezone, t)


def comparison_pictures(wish: Wish, runs: Sequence[Run], looks: Onlooker, t: Language) -> list[SlidePicture]:
    """The curves, and the difference of the matrices of the base and the first other run."""
    if not any(run.epochs for run in runs):
        return []
    title, stem = exported.title_of(runs, t), file_stem(exported.title_of(runs, t))

    def picture(key: str, what: str, place: int) -> SlidePicture:
        return SlidePicture(
            key, what, f"{title} · {what}", f"{stem}-{key}", partial(_chart, wish, looks, t, place)
        )

    found = [picture("loss", t("curve.loss"), 0), picture("accuracy", t("curve.accuracy"), 1)]
    if len(runs) > 1 and all(run.evaluation is not None for run in runs):
        both = {"first": LETTERS[0], "second": LETTERS[1]}
        found.append(picture("matrix", t("verdicts.matrix.title", **both), 2))
    return found


def _chart(wish: Wish, looks: Onlooker, t: Language, place: int) -> Chart | None:
    """The curves of the losses, those of the accuracies, or the difference of the first two matrices."""
    runs = runs_seen(wish.runs, looks)
    now = read_address(st.query_params.to_dict())[0].of([run.id for run in runs])
    compared = compared_runs(runs, short_names(runs, t), run_colours("light"))
    if place == 2:
        found = exported.difference_chart(compared[0], compared[1], t)
        return found if isinstance(found, Chart) else None
    shown = now.with_choice("show", ("loss", "accuracy")[place])
    charts = [part for part in exported.curve_charts(shown, compared, t) if isinstance(part, Chart)]
    return next(iter(charts), None)
