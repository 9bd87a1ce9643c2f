"""What is taken home of a run: files and pictures, from its menu and from its tabs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import tzinfo
from functools import partial

from core.export.web_page import Chart, Part
from core.run import Run
from dashboard.run import exported
from dashboard.run.confidence import exported as confidence
from dashboard.run.evidence import exported as evidence
from dashboard.run.look_back import exported as look_back
from dashboard.run.test_result import exported as test_result
from dashboard.shared import services
from dashboard.shared.charts.class_matrix import FEW
from dashboard.shared.language import Language
from dashboard.shared.run_files import (
    STYLES,
    data_offer,
    model_offer,
    notebook_offer,
    script_offer,
    stem_of,
    table_offers,
)
from dashboard.shared.run_list import reader_timezone
from dashboard.shared.run_words import name_of
from dashboard.shared.slide_pictures import SlidePicture
from dashboard.shared.take_home import Group, Offer, show_menu


def show_take_home(run: Run, t: Language) -> None:
    """The menu of a run of whatever state."""
    timezone = reader_timezone()
    show_menu(partial(run_groups, run.id, t, timezone), run_pictures(run, t), t, key=f"take-home-{run.id}")


def run_groups(run_id: str, t: Language, timezone: tzinfo | None) -> list[Group]:
    """The files of a run as it is now."""
    run = services.store().get(run_id)
    data = data_offer(run.experiment, t)
    stem = stem_of(run, t)
    labels = {style: t(f"takehome.script.{style}") for style in STYLES}
    scripts = [
        script_offer(run.experiment, style, f"{stem}-{style}", t, label=label)
        for style, label in labels.items()
    ]
    return [
        Group(t("takehome.whole"), [page_offer(run, t, timezone)]),
        Group(
            t("takehome.again"),
            [notebook_offer(run, t), *scripts, *([data] if data else []), model_offer(run, t)],
        ),
        *([Group(t("takehome.numbers"), table_offers(run, t))] if run.epochs else []),
    ]


def page_offer(run: Run, t: Language, timezone: tzinfo | None) -> Offer:
    """The run as one HTML file, of one that is over."""

    def make() -> str:
        return exported.run_page(services.store().get(run.id), t, timezone)

    over = run.state.is_over
    return Offer(
        "page",
        t("takehome.page"),
        f"{stem_of(run, t)}.html",
        "text/html",
        make if over else None,
        "description",
        t("takehome.page.help" if over else "takehome.not_over"),
    )


def run_pictures(run: Run, t: Language) -> list[SlidePicture]:
    """The figures of a run that stand for themselves on a slide."""
    if not run.epochs:
        return []
    name, stem = name_of(run, t), stem_of(run, t)

    def picture(
        key: str,
        what: str,
        make: Callable[[Run, Language], Sequence[Part]],
        number: int = 0,
        scale: float = 2.0,
    ) -> SlidePicture:
        return SlidePicture(
            key, what, f"{name} · {what}", f"{stem}-{key}", partial(_chart, make, run, t, number), scale=scale
        )

    found = [SlidePicture("curves", t("takehome.curves"), name, f"{stem}-curves", run=run.id)]
    if not run.state.is_over:
        return found
    if run.evaluation is not None:
        # Names and numbers of many classes need room.
        scale = 2.0 if len(run.evaluation.matrix) <= FEW else 1.0
        found.append(picture("matrix", t("confusion.title"), test_result.exported, scale=scale))
    if any(epoch.val_loss is not None for epoch in run.epochs):
        found.append(picture("evidence", t("evidence.title"), evidence.exported))
        found.append(picture("gap", t("evidence.gap.title"), evidence.exported, 1))
        found.append(picture("confidence", t("calibration.validation"), confidence.exported))
        found.append(picture("look-back", t("lookback.flips.title"), look_back.exported))
    return found


def _chart(
    make: Callable[[Run, Language], Sequence[Part]], run: Run, t: Language, number: int
) -> Chart | None:
    """One of the charts that a part of the exported page has; None if it has not so many."""
    charts = [part for part in make(run, t) if isinstance(part, Chart)]
    return charts[number] if number < len(charts) else None
