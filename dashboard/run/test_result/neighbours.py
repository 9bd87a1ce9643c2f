"""The training samples that a test sample is near to: what the network may have been reminded of."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.analysis.neighbours import Neighbour
from core.datasets import ImageDataset, TextDataset
from core.datasets.decoded_text import DecodedText, read
from core.datasets.exploration import sample
from core.inference.kinds.neighbours import NeighboursAnswer, NeighboursRequest, Space
from core.run import Run
from dashboard.shared.ask import ask
from dashboard.shared.choose import choose
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.paginate import paginate
from dashboard.shared.samples.enlarged import show_enlarged
from dashboard.shared.samples.predicted_test_set import PredictedTestSet
from dashboard.shared.samples.sample_grid import Tile, picked_row, tile_grid
from dashboard.shared.samples.sample_html import excerpt_html
from dashboard.shared.samples.text_place import DATASET, PART, ROW

#: How wide an enlarged image stands beside the rest.
BESIDE = (2, 3)
_SPACES: tuple[Space, ...] = ("input", "hidden")
_TEXTS_A_PAGE, _COMMON_WORDS = 2, 10
_ANSWER, _PICKED, _GRID = "neighbours-answer", "neighbours-picked", "neighbours-grid"


def show_neighbours(run: Run, tested: PredictedTestSet, row: int, names: Sequence[str], t: Language) -> None:
    """The nearest training samples of the class that a test sample was taken for, or of its own.

    Args:
        row: Which one, from 0.
        names: The classes' names, by label.
    """
    st.markdown(f"**{t('sample.near')}**")
    question = _choose(run, tested, row, names, t)
    st.caption(t(meaning(question.space, tested.kind)))
    answer = _ask(question, t)
    if answer is None:
        return
    label = escaped(names[question.label])
    if not answer.neighbours:
        st.caption(t("sample.near.none", label=label))
        return
    st.caption(t("sample.near.among", samples=f"{answer.samples:,}", label=label))
    if isinstance(tested.dataset, ImageDataset):
        _images(tested.dataset, question, answer, names, t)
    else:
        _texts(run, tested.dataset, question, answer, t)


def meaning(space: Space, kind: str) -> str:
    """The key of the sentence that says what is near."""
    return "sample.near.hidden.about" if space == "hidden" else f"sample.near.{kind}.about"


def _choose(
    run: Run, tested: PredictedTestSet, row: int, names: Sequence[str], t: Language
) -> NeighboursRequest:
    """Near in which sense, and of which class."""
    one = tested.predictions.sample(row)
    true, predicted = one.true, one.predicted
    space, label = _SPACES[0], predicted
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if true != predicted:
            of = choose(
                t("sample.near.class"),
                ("predicted", "true"),
                lambda one: t(
                    f"sample.near.class.{one}", label=names[predicted if one == "predicted" else true]
                ),
                key="neighbours-class",
            )
            label = true if of == "true" else predicted
        if run.experiment.summary.last_hidden is not None:
            space = choose(
                t("sample.near.by"),
                _SPACES,
                lambda one: t("sample.near.hidden" if one == "hidden" else f"sample.near.{tested.kind}"),
                key=f"neighbours-space-{tested.kind}",
            )
    return NeighboursRequest(run.id, row, label, space)


def _ask(question: NeighboursRequest, t: Language) -> NeighboursAnswer | None:
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


def _pick() -> None:
    st.session_state[_PICKED] = picked_row(_GRID)


def _images(
    dataset: ImageDataset,
    question: NeighboursRequest,
    answer: NeighboursAnswer,
    names: Sequence[str],
    t: Language,
) -> None:
    """All of them small, the nearest or the one that was pressed large, as large as the test sample above."""
    rows = [one.row for one in answer.neighbours]
    picked = st.session_state.get(_PICKED)
    if picked not in rows:
        picked = rows[0]
    large, small = st.columns(BESIDE)
    with small:
        tile_grid(
            [_tile(dataset, one, names, t) for one in answer.neighbours],
            t("sample.near"),
            largest=dataset.facts.max_value,
            picked=picked,
            key=_GRID,
            on_pick=_pick,
        )
    with large:
        one = answer.neighbours[rows.index(picked)]
        about = t("sample.near.one", row=f"{one.row:,}", distance=f"{one.distance:.2f}")
        show_enlarged(dataset, "train", picked, t, key="neighbour-pixels", alt=about)
        st.caption(about)


def _tile(dataset: ImageDataset, one: Neighbour, names: Sequence[str], t: Language) -> Tile:
    found = sample(dataset, "train", one.row)
    distance = f"{one.distance:.2f}"
    about = t("sample.near.tile", name=names[found.label], row=f"{one.row:,}", distance=distance)
    return Tile(one.row, found.pixels, (distance,), about)


def _texts(
    run: Run, dataset: TextDataset, question: NeighboursRequest, answer: NeighboursAnswer, t: Language
) -> None:
    """Their beginnings, a few at a time, with the words that both texts have."""
    num_words = run.experiment.text_encoding.num_words
    test = read(dataset, "test", question.row, num_words)
    key = f"neighbours-page-{question.row}-{question.label}-{question.space}"
    with paginate(len(answer.neighbours), _TEXTS_A_PAGE, key=key) as shown:
        for one in answer.neighbours[shown]:
            reading = read(dataset, "train", one.row, num_words)
            with st.container(border=True):
                about = t("sample.near.one", row=f"{one.row:,}", distance=f"{one.distance:.2f}")
                st.markdown(f"**{about}**")
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
