"""A run as one file that is taken home: the page's own figures and sentences, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import tzinfo
from pathlib import Path

from core import presets
from core.analysis.turning_point import turning_point_of
from core.catalog import dataset_info
from core.export.still_curves import CurveWords, StillCurves, still_curves
from core.export.web_page import Code, Facts, Layers, Part, Table, WebPage, Widget
from core.models.code import script
from core.models.diagram import layer_drawing
from core.recorded import OWNER, is_recorded
from core.run import Run
from dashboard.live import live_curves
from dashboard.live.prediction.figures import prediction_and_truth
from dashboard.live.prediction.text import outcome, when_made
from dashboard.live.seal import opened_messages
from dashboard.run import text as words
from dashboard.run.confidence import exported as confidence
from dashboard.run.evidence import exported as evidence
from dashboard.run.inside import exported as inside
from dashboard.run.look_back import exported as look_back
from dashboard.run.test_result import exported as test_result
from dashboard.shared.formats import moment
from dashboard.shared.language import Language
from dashboard.shared.recorded_runs import provenance
from dashboard.shared.run_tables import epoch_table, layer_table
from dashboard.shared.run_words import environment_of, label_note, name_of, settings_of, timing_of, turn_label
from dashboard.shared.web_page import chart, component, quotes, section, table, text, web_page

_CURVES = component(Path(live_curves.__file__).parent)
_FORMS = {
    "loss": ".4f",
    "val_loss": ".4f",
    "accuracy": ".4f",
    "val_accuracy": ".4f",
    "learning_rate": ".4g",
    "seconds": ".2f",
}

#: What follows from the epochs of a run, in the order of the tabs of its page.
_PARTS: tuple[tuple[str, Callable[[Run, Language], list[Part]]], ...] = (
    ("run.tab.mistakes", test_result.exported),
    ("run.tab.turning", evidence.exported),
    ("run.tab.confidence", confidence.exported),
    ("run.tab.lookback", look_back.exported),
    ("run.tab.inside", inside.exported),
)


def run_page(run: Run, t: Language, timezone: tzinfo | None) -> str:
    """The file as HTML text. Of a run of which something is covered or sealed it holds what its page shows."""
    sections = [section(t("takehome.curves"), lambda: _curves(run, t), t)]
    sections.append(section(t("takehome.prediction"), lambda: _prediction(run, t), t))
    if run.epochs and not run.is_covered:
        sections += [section(t(title), lambda make=make: make(run, t), t) for title, make in _PARTS]  # type: ignore[misc]
    sections += [
        section(t("run.tab.network"), lambda: _layers(run, t), t),
        section(t("run.tab.epochs"), lambda: _epochs(run, t), t, folded=True),
        section(t("run.tab.settings"), lambda: _settings(run, t), t),
        section(
            t("run.tab.code"),
            lambda: [text(t("run.code.about")), Code(script(run.experiment))],
            t,
            folded=True,
        ),
    ]
    return web_page(
        WebPage(
            title=name_of(run, t),
            label=t("takehome.recorded") if run.owner == OWNER else "",
            language=t.code,
            lead=_lead(run, t, timezone),
            sections=[one for one in sections if one.parts],
            contents=t("takehome.contents"),
            no_charts=t("takehome.no_charts"),
            no_script=t("takehome.no_script"),
        ),
        t,
    )


def _lead(run: Run, t: Language, timezone: tzinfo | None) -> list[Part]:
    turning = turning_point_of(run)
    facts = [t(f"option.dataset.{run.experiment.dataset}")]
    if run.title and run.preset in presets.NAMES:
        facts.append(t(f"preset.{run.preset}.title"))
    facts += [moment(run.created, timezone), t("run.id", id=run.id)]
    if run.is_covered:
        covered = text(t.reason(run.reason, plain=True), t("prediction.of_another"))
        return [text(" · ".join(facts), quiet=True), covered, *quotes(run.notes, t)]
    said = [
        words.verdict(run, turning),
        *words.advice_sentences(run, turning),
        words.accuracy_verdict(run, turning),
    ]
    note = label_note(run.experiment, t)
    generated = t("takehome.generated") if dataset_info(run.experiment.dataset).generated else ""
    reason = t.reason(run.reason, plain=True)
    return [
        text(" · ".join(facts), quiet=True),
        *([text(provenance(run, t), quiet=True)] if is_recorded(run.id) else []),
        *([text(note, quiet=True)] if note else []),
        text(reason, *(one.said(t) for one in said if one is not None), generated),
        *([text(t("seal.of_another"))] if run.is_sealed else []),
        *_numbers(run, t),
        *(text(one.said(t), quiet=True) for one in opened_messages(run, t)),
        *quotes(run.notes, t),
    ]


def _numbers(run: Run, t: Language) -> list[Part]:
    turning, rows = turning_point_of(run), []
    if run.experiment.validation_size and turning.loss.epoch is not None:
        rows.append((t("tile.loss"), turn_label(turning.loss, t, learned=turning.learned)))
        rows.append((t("column.val_loss"), f"{turning.loss.value:.4f}"))
    if run.evaluation is not None:
        rows.append((t("tile.test_accuracy"), f"{run.evaluation.accuracy:.2%}"))
        rows.append((t("tile.test_loss"), f"{run.evaluation.loss:.4f}"))
    return [Facts(rows)] if rows else []


def _curves(run: Run, t: Language) -> list[Part]:
    return [Widget(_CURVES, live_curves.live_data(run, t), _still(run, t))] if run.epochs else []


def _still(run: Run, t: Language) -> list[StillCurves]:
    """The same curves for the time until the browser has drawn them, and for one that runs no script."""
    turning, found = turning_point_of(run), []
    lines = [t("takehome.line.training")]
    if run.experiment.validation_size and not run.is_covered:
        lines.append(t("takehome.line.validation"))
    turns = {"loss": (turning.loss, "lowest_loss"), "accuracy": (turning.accuracy, "highest_accuracy")}
    for name, (turn, extreme) in turns.items():
        word = f"turned_{name}" if turn.confirmed else extreme
        words = CurveWords(
            title=t(f"curve.{name}"),
            legend=" · ".join(lines),
            mark=t(f"live.{word}", epoch=turn.epoch),
            cut=lambda epoch: t("axis.cut", epoch=epoch),
            above=lambda epoch, value: f"{t('curve.epoch')} {epoch}: {value}",
        )
        found.append(still_curves(name, run.epochs, turn.epoch, words, width=352, height=330))
    return [one for one in found if one is not None]


def _prediction(run: Run, t: Language) -> list[Part]:
    """What was predicted before anything was shown, and what came of it."""
    turning, prediction = turning_point_of(run), run.prediction
    said = outcome(run, turning)
    if prediction is None or said is None or run.is_covered:
        return []
    parts: list[Part] = [text(said.said(t)), text(when_made(run, prediction).said(t), quiet=True)]
    if prediction.sketch and run.state.is_over:
        figure = prediction_and_truth(run.epochs, prediction, turning.loss, run.experiment.epochs, t)
        parts.append(chart(figure, name=f"prediction-{run.id}", alt=said.said(t)))
    return parts


def _layers(run: Run, t: Language) -> Sequence[Part]:
    summary = run.experiment.summary
    total = {"total": summary.parameters, "trainable": summary.trainable}
    shown = {name: f"{number:,}" for name, number in total.items()}
    frozen = f"{summary.parameters - summary.trainable:,}"
    rows = table(layer_table(summary, t), t("run.tab.network"))
    summed = text(t("lab.table.total", **shown, frozen=frozen), quiet=True)
    return [rows, summed, Layers(layer_drawing(run.experiment, t))]


def _epochs(run: Run, t: Language) -> list[Table]:
    if not run.epochs:
        return []
    forms = {t(f"column.{name}"): form for name, form in _FORMS.items()}
    return [table(epoch_table(run.epochs, t), t("run.tab.epochs"), forms)]


def _settings(run: Run, t: Language) -> list[Part]:
    parts: list[Part] = [Facts(list(settings_of(run.experiment, t).items()))]
    others = (timing_of(run, t), environment_of(run, t))
    parts += [Facts(list(one.items())) for one in others if one]
    return parts
