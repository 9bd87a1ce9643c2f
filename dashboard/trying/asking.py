"""What drawings, test samples and texts have in common: choosing a sample, asking about images, showing a decision."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.datasets import Dataset
from core.errors import ArtifactMissingError
from core.inference.kinds.images import ImageAnswer, ImagesRequest
from core.run import Run
from dashboard.shared import services
from dashboard.shared.ask import ask
from dashboard.shared.controls import fitting, step
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.url_state import Property, whole_number
from dashboard.trying.answers import Answer, Share, answer_bars, decision, said_of

#: Whatever the label: kept by the session, where a box that is shown once more takes None for no choice at all.
_ANY = -1


@dataclass(frozen=True)
class _Asked:
    """The last question about images, known by its digest, and what the network says of each."""

    question: bytes
    answers: tuple[ImageAnswer, ...]


def ask_about(
    images: Sequence[NDArray[np.uint8]], run: Run, t: Language, *, place: str
) -> tuple[ImageAnswer, ...] | None:
    """What the network says of each image, all in one question, and asked once; None if it said nothing.

    `place` is where the session keeps the last answer.
    """
    about = hashlib.sha256(run.id.encode())
    for image in images:
        about.update(str(image.shape).encode() + image.tobytes())
    asked: _Asked | None = st.session_state.get(place)
    if asked is None or asked.question != about.digest():
        question = ImagesRequest(run.id, tuple(tuple(image.ravel().tolist()) for image in images))
        said = ask(question, t, key="try-again")
        if said is None:
            return None
        answers = tuple(ImageAnswer(probabilities, said.epoch) for probabilities in said.probabilities)
        asked = st.session_state[place] = _Asked(about.digest(), answers)
    return asked.answers


def show_decision(
    answer: Answer, shares: Sequence[Share], names: Sequence[str], t: Language, *, true: int | None = None
) -> None:
    """For which class a network decides, whether that is right where the true one is known, and its probabilities."""
    label, value = said_of(answer, names)
    st.markdown(f"#### {t('try.decision', label=escaped(label), value=value)}")
    if true is not None:
        key = "try.right" if true == decision(answer) else "try.wrong"
        st.markdown(t(key, label=escaped(names[true])))
    st.html(answer_bars(shares, names, true, t))


#: The row of the test sample that is asked about, from 0; None where nothing of the test set is.
ROW = Property[int | None]("row", None, whole_number(999_999))


def row_key(run: Run) -> str:
    """Under which a session keeps the row of the test sample that it looks at."""
    return f"try-row-{run.id}"


def take_row(run: Run, row: int | None) -> None:
    """Look at a row of the test set, here and in the address, or at none of them."""
    ROW.set(row)
    st.session_state[row_key(run)] = row


def row_of(parameters: Mapping[str, str], samples: int) -> int:
    """The row that an address names, or the first one."""
    row = ROW.read(parameters)[0]
    return row if row is not None and row < samples else 0


def follow_address(run: Run, dataset: Dataset, take: Callable[[int], None]) -> None:
    """On the first visit a sample of the test set lies there: the one that the address names, or the first.

    Later the address goes with what is chosen here, so one that names another sample comes from a link.
    """
    row, place = row_of(st.query_params, len(dataset.y_test)), row_key(run)
    if place not in st.session_state or (ROW.name in st.query_params and row != st.session_state[place]):
        take(row)


def choose_sample(
    run: Run, dataset: Dataset, names: tuple[str, ...], take: Callable[[int], None], t: Language
) -> None:
    """The choice of a class, the switch for mistakes, and the buttons that lead to another sample.

    `take` is called with the row that was chosen, before the page is drawn anew.
    """
    probabilities = _test_probabilities(run)
    which, wrong = st.columns([3, 2], vertical_alignment="bottom")
    label = which.selectbox(
        t("try.true_label"),
        [_ANY, *range(len(names))],
        format_func=lambda each: t("try.any") if each == _ANY else names[each],
        key=f"try-label-{run.id}",
        persist_state="session",
    )
    mistakes = wrong.toggle(
        t("try.mistakes"),
        key=f"try-mistakes-{run.id}",
        disabled=probabilities is None,
        persist_state="session",
    )
    only = None if label == _ANY else label
    rows = fitting(dataset.y_test, probabilities, label=only, mistakes=bool(mistakes))
    here = st.session_state[row_key(run)]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        step(rows, -1 if here is None else here, take, t, key="try")
    st.caption(t(f"try.fitting.{dataset.facts.kind}", count=f"{len(rows):,}"))


def _test_probabilities(run: Run) -> NDArray[np.float32] | None:
    try:
        return services.test_probabilities(run.id)
    except ArtifactMissingError:
        return None
