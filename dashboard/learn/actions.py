"""The one thing to do in a step: train here, answer, go to a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core import presets
from core.analysis.turning_point import turning_point_of
from core.datasets import availability
from core.errors import TurningPointError
from core.experiment import Experiment
from core.experiment.changes import DEPTH, UNITS, changed, level_of
from core.experiment.setting_differences import SettingRow
from core.run import Run
from dashboard.learn import action_kinds as kinds
from dashboard.learn import on_runs
from dashboard.learn.checks import Given
from dashboard.learn.figures import Scene
from dashboard.learn.parts import OWN, RECORDED
from dashboard.live.live_curves import show_live
from dashboard.shared import services
from dashboard.shared.class_rules import rules, say_refusal
from dashboard.shared.fields import Field, draw_field, field, number_arguments
from dashboard.shared.language import Language
from dashboard.shared.lesson_record.places import PLACE
from dashboard.shared.page_links import run_link
from dashboard.shared.run_words import setting_name, value_text
from dashboard.shared.training import start_once
from dashboard.shared.trouble import Refusal

_REFUSED = Refusal("lesson-refused")
_PREDICT = "lessons-predict-first"
#: The page of each address, as `st.page_link` wants it.
_PAGES = {
    page: f"{'trying' if page == 'try' else page}/page.py"
    for page in ("data", "lab", "run", "compare", "try")
}


@dataclass(frozen=True)
class Training:
    """What a press would train: the experiment, and the preset it began from."""

    experiment: Experiment
    preset: str


def begins_at(action: Any, scene: Scene) -> Training | None:
    """What the settings of a step begin at; None if it trains nothing, or if what it goes by is not there yet."""
    if isinstance(action, kinds.TrainAction):
        chosen = _chosen(action, scene, action.real)
        return Training(chosen.experiment(), chosen.preset)
    if isinstance(action, kinds.RetrainAction):
        source = scene.runs.named(action.of)
        if source is None or source.is_covered:
            return None
        epoch = turning_point_of(source).epoch
        if epoch is None:
            return None
        stopped = {"epochs": epoch, "early_stopping": None, **action.changes}
        return Training(changed(source.experiment, stopped), source.preset)
    return None


def beginnings(action: kinds.Action) -> tuple[Experiment, ...]:
    """All that the settings of a step may begin at: on the bundled data, and on the real ones."""
    if not isinstance(action, kinds.TrainAction):
        return ()
    return tuple(one.experiment() for one in (action, action.real) if one is not None)


def _chosen(bundled: kinds.Real, scene: Scene, real: kinds.Real | None) -> kinds.Real:
    """What is trained, or what takes its place where the reader works with its real data."""
    return real if real is not None and scene.works_with(real.experiment()) else bundled


def show_action(action: kinds.Action, scene: Scene, *, values: Mapping[str, float]) -> Given:
    """Show what there is to do, and give what the reader did in the step itself.

    Args:
        values: What the controls of the figure lead to.
    """
    answer = None
    if isinstance(action, kinds.TrainAction | kinds.RetrainAction):
        _train(action, scene)
    elif isinstance(action, kinds.OpenAction):
        _open(action, scene)
        if action.then is not None:
            answer = _ask(action.then, scene)
    elif isinstance(action, kinds.AnswerAction):
        answer = _ask(action, scene)
    elif isinstance(action, kinds.CompareAction):
        return on_runs.compare(action, scene)
    elif isinstance(action, kinds.UnsealAction):
        on_runs.unseal(action, scene)
    elif isinstance(action, kinds.NoteAction):
        on_runs.note(action, scene)
    return Given(answer, _moved(values, scene))


def _moved(values: Mapping[str, float], scene: Scene) -> Mapping[str, float]:
    """The values, if a control has been moved since the step was opened."""
    first = st.session_state.setdefault(scene.key("first-values"), dict(values))
    if first != values:
        st.session_state[scene.key("moved")] = True
    return values if st.session_state.get(scene.key("moved")) else {}


# Answering


def _ask(question: kinds.Choices, scene: Scene) -> int | None:
    chosen: int | None = st.radio(
        scene.t("learn.answer"),
        range(len(question.choices)),
        index=None,
        format_func=lambda place: question.choices[place],
        key=scene.key("answer"),
        persist_state="session",
    )
    return chosen


# Going to a page


def _open(action: kinds.OpenAction, scene: Scene) -> None:
    t = scene.t
    parameters, lacking = page_parameters(action, scene)
    if lacking is not None:
        scene.seen(None, lacking)
        return
    st.page_link(
        _PAGES[action.page],
        label=t(f"learn.open.{action.page}"),
        icon=":material/open_in_new:",
        query_params=parameters,
    )


def page_parameters(action: kinds.OpenAction, scene: Scene) -> tuple[dict[str, str], str | None]:
    """The parameters of the page's address; or the name of a run that they need and that is not there yet."""
    parameters: dict[str, str] = {}
    if action.preset is not None:
        chosen = _chosen(kinds.Real(preset=action.preset, changes=action.changes), scene, action.real)
        parameters = presets.link(chosen.experiment(), chosen.preset)
    if action.page == "lab":
        parameters[PLACE.name] = scene.runs.full(scene.step)
    for name, text in action.parameters.items():
        words = []
        for word in text.split(","):
            if word.startswith((OWN, RECORDED)):
                run = scene.runs.named(word)
                if run is None:
                    return {}, word
                words.append(run.id)
            else:
                words.append(word)
        parameters[name] = ",".join(words)
    return parameters, None


# Training


def _train(action: kinds.TrainAction | kinds.RetrainAction, scene: Scene) -> None:
    t = scene.t
    training = begins_at(action, scene)
    if training is None:
        source = scene.runs.named(action.of) if isinstance(action, kinds.RetrainAction) else None
        if source is not None and not source.is_covered:
            st.info(t("learn.retrain.no_turn"), icon=":material/hourglass_empty:")
        elif isinstance(action, kinds.RetrainAction):
            scene.seen(source, action.of)
        return
    experiment: Experiment | None = training.experiment
    if isinstance(action, kinds.TrainAction) and action.settings:
        experiment = _settings(action.settings, training.experiment, scene)
    newest = next(iter(scene.runs.of(scene.step)), None)
    running = newest is not None and not newest.state.is_over
    here = availability(training.experiment.dataset, services.settings()).here
    if not here:
        dataset = t(f"option.dataset.{training.experiment.dataset}")
        st.info(t("lab.data_missing", dataset=dataset), icon=":material/download:")
    refusing = say_refusal(rules(), experiment, t, lesson=f"{scene.lesson}.{scene.step}")
    predicts = isinstance(action, kinds.TrainAction) and action.predict
    hides = _choose_hiding(t) if predicts or action.seal else False
    label = "learn.train_again" if newest is not None else "learn.train"
    if isinstance(action, kinds.RetrainAction):
        label = "learn.retrain_again" if newest is not None else "learn.retrain"
    st.button(
        t(label, epochs=training.experiment.epochs if experiment is None else experiment.epochs),
        type="secondary" if newest is not None else "primary",
        icon=":material/play_arrow:",
        key=scene.key("train"),
        disabled=experiment is None or running or not here or refusing,
        on_click=_start,
        args=(
            experiment,
            training.preset,
            f"{scene.lesson}.{scene.step}",
            predicts and hides,
            action.seal and hides,
        ),
    )
    _REFUSED.tell(t)
    if newest is not None:
        _result(newest, scene)
        if isinstance(action, kinds.TrainAction) and action.notes:
            on_runs.note_on(newest, t)


def _choose_hiding(t: Language) -> bool:
    """Whether results are hidden until they were predicted or decided on, as lessons have it at first."""
    return bool(
        st.toggle(
            t("learn.predict_first"),
            value=True,
            key=_PREDICT,
            help=t("learn.predict_first.help"),
            persist_state="session",
        )
    )


def _start(experiment: Experiment, preset: str, lesson: str, covered: bool, sealed: bool) -> None:
    with _REFUSED.kept():
        start_once(
            services.store(),
            experiment,
            by=services.viewer(),
            preset=preset,
            lesson=lesson,
            covered=covered,
            sealed=sealed,
        )


def _result(run: Run, scene: Scene) -> None:
    """The curves of a run of this step, while it learns and after."""
    shown = show_live(run.id, scene.t)
    if shown.state.is_over and shown.epochs:
        run_link(run.id, scene.t("learn.see_run"), icon="arrow_forward")


# Settings that may be changed before


def _settings(paths: tuple[str, ...], base: Experiment, scene: Scene) -> Experiment | None:
    """Widgets for some settings; gives the experiment with their values, None if it cannot be, and then says why."""
    t, changes = scene.t, {}
    columns = st.columns(min(3, len(paths)))
    for place, path in enumerate(paths):
        with columns[place % len(columns)]:
            changes[path] = _setting(path, base, scene)
    try:
        return changed(
            base, {path: value for path, value in changes.items() if value != level_of(base, path)}
        ).checked()
    except TurningPointError as error:
        st.warning(t.error(error), icon=":material/build:")
        return None


def _setting(path: str, base: Experiment, scene: Scene) -> Any:
    t, key = scene.t, scene.key(f"setting-{path}-{base.digest[:8]}")
    value: Any = level_of(base, path)
    label = setting_name(path, base, t)
    if path in (DEPTH, UNITS):
        low, high = (1, 6) if path == DEPTH else (1, 1024)
        return int(st.number_input(label, low, high, int(value or 1), 1, key=key, persist_state="session"))
    known = _field(path, base)
    if known.kind in ("whole", "number"):
        given = st.number_input(label, **number_arguments(known, value), key=key, persist_state="session")
        return given if given is None or known.kind == "number" else int(given)
    draw_field(known, st.session_state.get(key, value), t, key=key, changed=lambda _: None)
    return st.session_state[key]


def _parent(base: Experiment, path: str) -> tuple[Any, str]:
    """The part of an experiment that a path leads into, and the last name of the path."""
    part: Any = base
    *way, last = path.split(".")
    for name in way:
        part = part[int(name)] if name.isdecimal() else getattr(part, name)
    return part, last


def _field(path: str, base: Experiment) -> Field:
    part, name = _parent(base, path)
    return field(type(part), name)


def changed_words(rows: Sequence[SettingRow], experiment: Experiment, t: Language) -> dict[str, str]:
    """Settings that differ in words, for the sentences of a check: names, the values before and after."""
    return {
        "setting": ", ".join(setting_name(row.setting, experiment, t) for row in rows),
        "before": ", ".join(
            value_text(row.setting, row.values[0], t) for row in rows if _is_plain(row.values[0])
        ),
        "after": ", ".join(
            value_text(row.setting, row.values[1], t) for row in rows if _is_plain(row.values[1])
        ),
    }


def _is_plain(value: Any) -> bool:
    return not isinstance(value, tuple)
