"""How well a network reads another set than its own: the share with its interval, the matrix, the worst samples."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.analysis.other_set import OtherResult, WorstSample
from core.analysis.significance import wilson_interval
from core.catalog import dataset_info
from core.inference.kinds.other_set import OtherSetAnswer, OtherSetRequest
from core.recorded import is_recorded
from core.run import Run, RunSummary
from dashboard.shared import services
from dashboard.shared.ask import ask
from dashboard.shared.chart import show_chart
from dashboard.shared.charts.predictions import confusion
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.run_words import class_names
from dashboard.shared.samples.matrix_words import matrix_sentence
from dashboard.shared.samples.sample_grid import Tile, tile_grid
from dashboard.shared.theme import theme

#: From so large a difference on what differs between both sets is worth a sentence.
_SURPRISE = 0.03


def refusal(run: Run | RunSummary) -> str:
    """Why a network cannot be asked about another set: a key of the language files, or "" if it can."""
    if is_recorded(run.id):
        return "recorded.no_network"
    if not run.state.is_over:
        return "try.not_over"
    if run.is_covered:
        return "try.covered"
    return "other.sealed" if run.is_sealed else ""


def show_other_set(run: Run, dataset: str, t: Language, *, key: str) -> None:
    """Ask the network of a run about all samples of a set, once, and show what came out."""
    why = refusal(run)
    if why:
        st.info(t(why), icon=":material/lock:")
        return
    place = f"{key}-{run.id}-{dataset}"
    answer: OtherSetAnswer | None = st.session_state.get(place)
    if answer is None:
        answer = ask(OtherSetRequest(run.id, dataset), t, key=f"{key}-again")
        if answer is None:
            return
        st.session_state[place] = answer
    _show(run, dataset, answer, t, key)


def verdict(run: Run, result: OtherResult, t: Language) -> str:
    """How many were read rightly, with the interval, and what the run's own test had."""
    share = wilson_interval(result.right, result.samples)
    said = t(
        "other.accuracy",
        share=f"{share.share:.1%}",
        right=f"{result.right:,}",
        samples=f"{result.samples:,}",
        low=f"{share.low:.1%}",
        high=f"{share.high:.1%}",
    )
    if run.evaluation is None:
        return said
    own = t(
        "other.own",
        share=f"{run.evaluation.accuracy:.1%}",
        dataset=dataset_info(run.experiment.dataset).title,
    )
    return f"{said} {own}"


def _show(run: Run, dataset: str, answer: OtherSetAnswer, t: Language, key: str) -> None:
    result, names = answer.result, class_names(run.experiment.dataset, t)
    st.markdown(verdict(run, result, t))
    if run.evaluation is not None and run.evaluation.accuracy - result.right / result.samples > _SURPRISE:
        st.info(t("other.surprise"), icon=":material/lightbulb:")
    st.caption(t("other.about" if answer.whole else "other.about.part", epoch=answer.epoch))
    there = [label for label, row in enumerate(result.matrix) if sum(row)]
    used = sorted(
        {*there, *(label for label in range(len(names)) if any(row[label] for row in result.matrix))}
    )
    said = matrix_sentence(result.matrix, names, t)
    left, right = st.columns(2, gap="large")
    with left:
        figure = confusion(result.matrix, names, t, form="counts", labels=used, dark=theme() == "dark")
        show_chart(figure, t, key=f"{key}-matrix", alt=said, name=f"other-{run.id}")
        st.caption(escaped(said))
    with right:
        if result.worst:
            st.markdown(f"**{t('other.worst')}**", help=t("other.worst.help"))
            _worst(dataset, result.worst, names, t, key)


def _worst(
    dataset: str, worst: tuple[WorstSample, ...], names: tuple[str, ...], t: Language, key: str
) -> None:
    data = services.image_dataset(dataset)
    first = len(data.y_train)
    tiles = []
    for one in worst:
        image = data.x_train[one.row] if one.row < first else data.x_test[one.row - first]
        lines = (f"{names[one.true]} → {names[one.taken]}", f"{one.share:.0%}")
        about = t("other.worst.one", true=names[one.true], taken=names[one.taken], share=lines[1])
        tiles.append(Tile(one.row, np.asarray(image), lines, about))
    tile_grid(
        tiles,
        t("other.worst"),
        largest=data.facts.max_value,
        picked=None,
        key=f"{key}-worst",
        on_pick=lambda: None,
    )
