"""What drawings, test images and texts have in common: asking about images, and the decision with its probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.inference.kinds.images import ImageAnswer, ImagesRequest
from core.run import Run
from dashboard.shared.ask import ask
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.trying.answers import Answer, Share, answer_bars, decision, said_of


@dataclass(frozen=True)
class _Asked:
    """The last question about images, and what the network says of each."""

    question: ImagesRequest
    answers: tuple[ImageAnswer, ...]


def ask_about(
    images: Sequence[NDArray[np.uint8]], run: Run, t: Language, *, place: str
) -> tuple[ImageAnswer, ...] | None:
    """What the network says of each image, all in one question, and asked once; None if it said nothing.

    `place` is where the session keeps the last answer.
    """
    question = ImagesRequest(run.id, tuple(tuple(image.ravel().tolist()) for image in images))
    asked: _Asked | None = st.session_state.get(place)
    if asked is None or asked.question != question:
        said = ask(question, t, key="try-again")
        if said is None:
            return None
        answers = tuple(ImageAnswer(probabilities, said.epoch) for probabilities in said.probabilities)
        asked = st.session_state[place] = _Asked(question, answers)
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
