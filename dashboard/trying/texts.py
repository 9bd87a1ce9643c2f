"""Texts for a network: one that is taken from the test set, an example or typed, and what the network says of all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.analysis.attribution import WordEffect, default_minimum, rank_effects
from core.catalog import WORD_SHIFT
from core.datasets import TextDataset
from core.datasets.tokenization import UNKNOWN, places_of_words, words_kept
from core.experiment import MultiHotEncoding, PaddedEncoding
from core.inference.kinds.texts import SampleRequest, TextAnswer, TextRequest
from core.inference.kinds.words import WordsRequest
from core.run import Run
from core.training import artifact_names
from dashboard.shared import services
from dashboard.shared.ask import ask
from dashboard.shared.chart import show_chart
from dashboard.shared.formats import certainty, signed
from dashboard.shared.glossary import marked
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.run_words import class_names
from dashboard.trying.answers import (
    decision,
    has_hangul,
    left_out,
    legend_html,
    points,
    probability_of,
    shown_words,
    strongest_words,
    topic_shares,
)
from dashboard.trying.asking import choose_sample, follow_address, row_key, show_decision, take_row
from dashboard.trying.coloured import coloured, spans_of, without
from dashboard.trying.figures import effect_bars
from dashboard.trying.word_effects import left_out_place, word_effects

_STRONGEST = 10
_WORDS = "try-words"


@dataclass(frozen=True)
class Asked:
    """The last question of a visitor, its answer, and the one before if the text was changed and not exchanged."""

    question: TextRequest | SampleRequest
    answer: TextAnswer
    before: TextAnswer | None


def _key(name: str, run: Run) -> str:
    return f"try-{name}-{run.id}"


def ask_about_text(run: Run, t: Language) -> None:
    """The text on one side, the answer on the other."""
    dataset = services.text_dataset(run.experiment.dataset)
    names = class_names(dataset.name, t)
    if not run.is_sealed:
        follow_address(run, dataset, partial(_take_row, run, dataset))
    elif st.session_state.get(row_key(run), 0) is not None:
        _take_example(run, next(iter(dataset.facts.examples.values()), ""))
    asking, answering = st.columns([5, 6], gap="large")
    with asking:
        _choose_text(run, dataset, names, t)
        question = _text_box(run, dataset, names, t)
    with answering:
        _answer(run, question, names, t)


# Callbacks: they change what the widgets hold before the page is drawn anew.


def _take_row(run: Run, dataset: TextDataset, row: int) -> None:
    take_row(run, row)
    _take_text(run, _text_of(dataset, row))


def _take_example(run: Run, text: str) -> None:
    take_row(run, None)
    _take_text(run, text)


def _take_text(run: Run, text: str) -> None:
    st.session_state[_key("text", run)] = text
    st.session_state[_key("edited", run)] = False


def _edited(run: Run) -> None:
    st.session_state[_key("edited", run)] = True


def _leave_out(run: Run) -> None:
    place = left_out_place(_WORDS)
    if place is None:
        return
    text: str = st.session_state[_key("text", run)]
    everywhere = not isinstance(run.experiment.encoding, PaddedEncoding)
    asked: Asked | None = st.session_state.get(_key("asked", run))
    if asked is not None and spans_of(asked.answer):
        text = without(asked.answer, place, everywhere=everywhere)
    else:
        text = left_out(text, places_of_words(text), place, everywhere=everywhere)
    st.session_state[_key("text", run)] = text
    _edited(run)


def _text_of(dataset: TextDataset, row: int) -> str:
    raw = dataset.raw("test")
    if raw is not None:
        return raw[row]
    return " ".join(dataset.vocabulary.word(int(rank)) for rank in dataset.x_test[row])


# The text


def _choose_text(run: Run, dataset: TextDataset, names: tuple[str, ...], t: Language) -> None:
    if run.is_sealed:
        st.info(t("seal.no_samples"), icon=":material/lock:")
    else:
        st.markdown(f"**{t('try.from_test')}**", help=t("try.from_test.help"))
        choose_sample(run, dataset, names, partial(_take_row, run, dataset), t)
    if dataset.facts.examples:
        st.markdown(f"**{t('try.examples')}**")
    with st.container(horizontal=True, gap="small"):
        for name, text in dataset.facts.examples.items():
            st.button(
                t(f"try.example.{name}"),
                key=f"try-example-{name}",
                on_click=_take_example,
                args=(run, text),
            )


def _text_box(
    run: Run, dataset: TextDataset, names: tuple[str, ...], t: Language
) -> TextRequest | SampleRequest:
    """The text, to be changed at will; returns the question that it is."""
    own = dataset.facts.own
    text = st.text_area(
        t("try.text.own" if own else "try.text"),
        height=220,
        key=_key("text", run),
        on_change=_edited,
        args=(run,),
        help=t("try.text.help"),
        persist_state="session",
    )
    row = st.session_state[row_key(run)]
    sample = row is not None and text == _text_of(dataset, row)
    with st.container(horizontal=True, gap="small"):
        st.button(t("try.ask"), key="try-ask", icon=":material/send:", type="primary")
        if row is not None and not sample:
            st.button(
                t("try.back_to_sample"),
                key="try-back",
                icon=":material/undo:",
                on_click=_take_row,
                args=(run, dataset, row),
            )
    if sample:
        made = "own" if own else "generated" if dataset.facts.generated else "real"
        st.caption(t(f"try.sample.{made}", row=f"{row:,}"))
    elif row is not None:
        label = names[int(dataset.y_test[row])]
        st.caption(t("try.sample_changed", row=f"{row:,}", label=escaped(label)))
    kept = words_kept(getattr(run.experiment.encoding, "num_words", None), len(dataset.vocabulary))
    if own:
        tokens = t(f"own.tokens.{dataset.facts.tokens}")
        st.caption(t("try.vocabulary.own", count=f"{kept:,}", tokens=tokens))
    else:
        if has_hangul(text or ""):
            st.info(t("try.hangul"), icon=":material/translate:")
        st.caption(t("try.vocabulary", count=f"{kept:,}"))
    return SampleRequest(run.id, row) if sample else TextRequest(run.id, text or "")


# The answer


def _answer(run: Run, question: TextRequest | SampleRequest, names: tuple[str, ...], t: Language) -> None:
    asked: Asked | None = st.session_state.get(_key("asked", run))
    if asked is None or asked.question != question:
        answer = ask(question, t, key="try-again", tell=partial(st.warning, icon=":material/edit_note:"))
        if answer is None:
            return
        before = asked.answer if asked is not None and st.session_state[_key("edited", run)] else None
        asked = st.session_state[_key("asked", run)] = Asked(question, answer, before)
    _decision(asked, names, t)
    _words(run, asked.answer, names, t)


def _decision(asked: Asked, names: tuple[str, ...], t: Language) -> None:
    answer, before = asked.answer, asked.before
    show_decision(answer, topic_shares(answer, before), names, t, true=answer.label)
    if before is not None:
        told = 1 if len(names) == 2 else decision(before)
        was, now = probability_of(before, told), probability_of(answer, told)
        moved = {"before": certainty(was), "now": certainty(now), "points": points(now - was, t)}
        st.markdown(t("try.moved", label=escaped(names[told]), **moved))


def _words(run: Run, answer: TextAnswer, names: tuple[str, ...], t: Language) -> None:
    heading = "try.words.tokens" if spans_of(answer) else "try.words"
    st.markdown(f"**{t(heading)}**", help=t(f"{heading}.help"))
    label, against = 1, names[0]
    if len(names) > 2:
        order = sorted(range(len(names)), key=lambda each: -answer.probabilities[each])
        label = st.selectbox(
            t("try.words.class"),
            order,
            format_func=lambda each: f"{names[each]} · {certainty(answer.probabilities[each])}",
            # Another answer begins anew with its own decision.
            key=f"{_key('class', run)}-{order[0]}",
        )
        against = t("try.other_topics")
    written = coloured(answer, label, t) if spans_of(answer) else None
    shown = shown_words(answer, label, t) if written is None else written.words
    encoding = run.experiment.encoding
    sequence = isinstance(encoding, PaddedEncoding)
    word_effects(
        shown,
        t,
        written=written,
        padding=answer.padding,
        padding_first=isinstance(encoding, PaddedEncoding) and encoding.fill == "start",
        key=_WORDS,
        on_leave_out=lambda: _leave_out(run),
    )
    st.html(legend_html({word.kind for word in shown}, names[label], against, t))
    if isinstance(encoding, PaddedEncoding):
        st.caption(t("try.sequence", length=f"{encoding.length:,}"))
    _table(answer, label, sequence, t)


def _table(answer: TextAnswer, label: int, sequence: bool, t: Language) -> None:
    strongest = strongest_words(answer, label, _STRONGEST, sequence=sequence)
    if not strongest:
        return
    placed = bool(spans_of(answer))
    st.markdown(f"**{t('try.strongest.tokens' if placed else 'try.strongest')}**")
    called = t("try.column.token" if placed else "try.column.word")
    last = t("try.column.place" if sequence else "try.column.times")
    rows = pd.DataFrame(
        {
            called: [escaped(word.word) or t("try.fallen_out") for word in strongest],
            t("try.column.effect"): [signed(100 * word.effect, ".1f", zero="0.0") for word in strongest],
            last: [str(word.places) for word in strongest],
        }
    )
    st.table(rows.set_index(called))


_SHOWN = 15  # words with the largest effects, each way


# All texts


def show_global_importance(run: Run, t: Language) -> None:
    """The words with the largest effects over the whole test set, worked out when somebody first asks."""
    st.subheader(t("try.all"), anchor=False)
    if run.is_sealed:
        st.markdown(t("seal.no_samples"))
        return
    if not isinstance(run.experiment.encoding, MultiHotEncoding):
        st.markdown(t("try.all.sequence"))
        return
    dataset = services.text_dataset(run.experiment.dataset)
    st.markdown(marked(t("try.all.about", texts=f"{len(dataset.x_test):,}"), t))
    if not services.artifacts().exists(run.id, artifact_names.WORD_EFFECTS):
        if not st.button(t("try.all.start"), key="try-all", icon=":material/calculate:"):
            return
        told = partial(st.error, icon=":material/error:")
        if ask(WordsRequest(run.id), t, working="try.all.working", tell=told) is None:
            return
    _show_importance(run, dataset, services.artifacts().load_array(run.id, artifact_names.WORD_EFFECTS), t)


def _show_importance(run: Run, dataset: TextDataset, table: NDArray[np.void], t: Language) -> None:
    names = class_names(run.experiment.dataset, t)
    label, minimum = _choose_class_and_minimum(run, dataset, names, t)
    unit = label if table.dtype["effect"].shape[0] > 1 else 0
    raising, lowering = rank_effects(table, unit, minimum=minimum, count=_SHOWN)
    effects = (*raising, *lowering)
    if not effects:
        st.markdown(t("try.all.nothing"))
        return
    words = [_word_of(effect, dataset, t) for effect in effects]
    figure = effect_bars(raising, lowering, words, t)
    picture, rows = st.columns([3, 2], gap="large")
    with picture:
        show_chart(figure, t, key="try-all-chart", alt=t("try.all"), name=f"words-{run.id}")
    rows.dataframe(
        pd.DataFrame(
            {
                t("try.column.word"): words,
                t("try.column.effect"): [100 * effect.effect for effect in effects],
                t("try.column.texts"): [effect.texts for effect in effects],
            }
        ),
        hide_index=True,
        height=int(figure.layout.height),
        column_config={t("try.column.effect"): st.column_config.NumberColumn(format="%+.2f")},
    )
    sides = (names[1], names[0]) if len(names) == 2 else (names[label], t("try.other_topics"))
    st.caption(t("try.all.read", label=escaped(sides[0]), other=escaped(sides[1])))


def _choose_class_and_minimum(
    run: Run, dataset: TextDataset, names: tuple[str, ...], t: Language
) -> tuple[int, int]:
    """The class whose probability the effects are on, and in how many texts a word must stand."""
    choice, least = st.columns(2, vertical_alignment="bottom")
    label = 1
    if len(names) == 2:
        least = choice
    else:
        label = choice.selectbox(
            t("try.all.class"),
            range(len(names)),
            index=int(np.bincount(dataset.y_test).argmax()),
            format_func=lambda each: names[each],
            key=f"try-all-class-{run.id}",
            persist_state="session",
        )
    minimum = least.number_input(
        t("try.all.minimum"),
        1,
        len(dataset.x_test),
        default_minimum(len(dataset.x_test)),
        key=f"try-all-minimum-{run.id}",
        help=t("try.all.minimum.help"),
        persist_state="session",
    )
    return label, int(minimum)


def _word_of(effect: WordEffect, dataset: TextDataset, t: Language) -> str:
    if effect.number == UNKNOWN:
        return t("try.fallen_out")
    return dataset.vocabulary.word(effect.number - WORD_SHIFT)
