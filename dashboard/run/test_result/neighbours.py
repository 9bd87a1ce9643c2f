"""The training samples that a test sample is near to: what the network may have been reminded of."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.analysis.neighbours import Neighbour
from core.analysis.predictions import SamplePrediction
from core.datasets import ImageDataset, TextDataset
from core.datasets.decoded_text import DecodedText, read
from core.datasets.exploration import sample
from core.experiment import GivenLabels
from core.inference.kinds.neighbours import NeighboursAnswer, NeighboursRequest, Space
from core.run import Run
from dashboard.shared.ask import ask
from dashboard.shared.controls import choose, paginate
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.run_words import brief
from dashboard.shared.samples.sample_cards import (
    show_enlarged,
)
from dashboard.shared.samples.sample_grid import Tile, picked_row, tile_grid
from dashboard.shared.samples.sample_html import excerpt_html
from dashboard.shared.samples.text_place import DATASET, PART, ROW

#: How wide an enlarged image stands beside the rest.
_IMAGE_BESIDE = (2, 3)
_SPACES: tuple[Space, ...] = ("input", "hidden")
_TEXTS_A_PAGE, _COMMON_WORDS = 2, 10
_ANSWER, _PICKED, _GRID = "neighbours-answer", "neighbours-picked", "neighbours-grid"


def show_neighbours(
    run: Run, dataset: ImageDataset | TextDataset, one: SamplePrediction, names: Sequence[str], t: Language
) -> None:
    """The nearest training samples of the class that a test sample was taken for, or of its own."""
    st.markdown(f"**{t('sample.near')}**")
    kind = dataset.facts.kind
    question = _choose_near(run, kind, one, names, t)
    hidden = question.space == "hidden"
    compared = "colour" if dataset.facts.channels > 1 else kind
    st.caption(t("sample.near.hidden.about" if hidden else f"sample.near.{compared}.about"))
    answer = _nearest(question, t)
    if answer is None:
        return
    label = escaped(names[question.label])
    if not answer.neighbours:
        st.caption(t("sample.near.none", label=label))
        return
    noisy = not isinstance(run.experiment.labels, GivenLabels)
    among = "sample.near.among.taught" if noisy else "sample.near.among"
    st.caption(t(among, samples=f"{answer.samples:,}", label=label))
    if isinstance(dataset, ImageDataset):
        _near_images(dataset, question.label, answer, names, t)
    else:
        _near_texts(run, dataset, question, answer, names, t)


def _choose_near(
    run: Run, kind: str, one: SamplePrediction, names: Sequence[str], t: Language
) -> NeighboursRequest:
    """Near in which sense, and of which class."""
    labels = {"predicted": one.predicted, "true": one.true}
    space, label = _SPACES[0], one.predicted
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if one.true != one.predicted:
            of = choose(
                t("sample.near.class"),
                tuple(labels),
                lambda each: t(f"sample.near.class.{each}", label=names[labels[each]]),
                key="neighbours-class",
            )
            label = labels[of]
        if run.experiment.summary.last_hidden is not None:
            space = choose(
                t("sample.near.by"),
                _SPACES,
                lambda each: t("sample.near.hidden" if each == "hidden" else f"sample.near.{kind}"),
                key=f"neighbours-space-{kind}",
            )
    return NeighboursRequest(run.id, one.row, label, space)


def _nearest(question: NeighboursRequest, t: Language) -> NeighboursAnswer | None:
    """The answer, at once if it is the one of last time."""
    known = st.session_state.get(_ANSWER)
    if known is None or known[0] != question:
        answer = ask(question, t, key="neighbours-again", working="sample.near.working")
        if answer is None:
            return None
        known = st.session_state[_ANSWER] = (question, answer)
        st.session_state.pop(_PICKED, None)
    found: NeighboursAnswer = known[1]
    return found


def _pick_neighbour() -> None:
    st.session_state[_PICKED] = picked_row(_GRID)


def _about(
    dataset: ImageDataset | TextDataset, one: Neighbour, label: int, names: Sequence[str], t: Language
) -> str:
    """Which sample it is and how near; and its class, where it was learned as another one, the label."""
    about = t("sample.near.one", row=f"{one.row:,}", distance=f"{one.distance:.2f}")
    true = int(dataset.y_train[one.row])
    if true == label:
        return about
    return f"{about} · {t('sample.near.really', true=names[true], label=names[label])}"


def _near_images(
    dataset: ImageDataset, label: int, answer: NeighboursAnswer, names: Sequence[str], t: Language
) -> None:
    """All of them small, the nearest or the one that was pressed large, as large as the test sample above."""
    rows = [one.row for one in answer.neighbours]
    picked = st.session_state.get(_PICKED)
    if picked not in rows:
        picked = rows[0]
    large, small = st.columns(_IMAGE_BESIDE)
    with small:
        tile_grid(
            [_near_tile(dataset, one, label, names, t) for one in answer.neighbours],
            t("sample.near"),
            largest=dataset.facts.max_value,
            picked=picked,
            key=_GRID,
            on_pick=_pick_neighbour,
        )
    with large:
        one = answer.neighbours[rows.index(picked)]
        about = _about(dataset, one, label, names, t)
        show_enlarged(dataset, "train", picked, t, key="neighbour-pixels", alt=about)
        st.caption(escaped(about))


def _near_tile(dataset: ImageDataset, one: Neighbour, label: int, names: Sequence[str], t: Language) -> Tile:
    found, distance = sample(dataset, "train", one.row), f"{one.distance:.2f}"
    about = t("sample.near.tile", name=names[found.label], row=f"{one.row:,}", distance=distance)
    if found.label == label:
        return Tile(one.row, found.pixels, (distance,), about)
    really = t("sample.near.really", true=names[found.label], label=names[label])
    lines = (distance, t("sample.near.true", true=brief(names[found.label])))
    return Tile(one.row, found.pixels, lines, f"{about}, {really}")


def _near_texts(
    run: Run,
    dataset: TextDataset,
    question: NeighboursRequest,
    answer: NeighboursAnswer,
    names: Sequence[str],
    t: Language,
) -> None:
    """Their beginnings, a few at a time, with the words that both texts have."""
    num_words = run.experiment.text_encoding.num_words
    test = read(dataset, "test", question.row, num_words)
    key = f"neighbours-page-{question.row}-{question.label}-{question.space}"
    with paginate(len(answer.neighbours), _TEXTS_A_PAGE, key=key) as shown:
        for one in answer.neighbours[shown]:
            reading = read(dataset, "train", one.row, num_words)
            with st.container(border=True):
                st.markdown(f"**{escaped(_about(dataset, one, question.label, names, t))}**")
                st.html(excerpt_html(reading, t))
                common = common_words(test, reading)
                listed = ", ".join(escaped(word) for word in common[:_COMMON_WORDS])
                more = "…" if len(common) > _COMMON_WORDS else ""
                st.caption(
                    t("sample.near.common", count=len(common), words=listed + more)
                    if common
                    else t("sample.near.nothing")
                )
                st.page_link(
                    "data/page.py",
                    label=t("mistake.read"),
                    icon=":material/menu_book:",
                    query_params={DATASET: dataset.name, PART: "train", ROW: str(one.row)},
                    width="content",
                )


def common_words(one: DecodedText, other: DecodedText) -> tuple[str, ...]:
    """The words that the network knows and both texts have, the rarest first: those say most."""
    mine, others = (
        {token.number: token.word for token in reading.tokens if token.kind == "word"}
        for reading in (one, other)
    )
    return tuple(mine[number] for number in sorted(mine.keys() & others.keys(), reverse=True))
