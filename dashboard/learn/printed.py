"""A lesson on paper: the worksheet of the students, and the notes of the teacher."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from dashboard.learn.action_kinds import AnswerAction, OpenAction
from dashboard.learn.lesson import Lesson, Step
from dashboard.learn.print_button import print_button
from dashboard.shared.language import Language
from dashboard.shared.theme import stylesheet

_MARKS = 10  # at the axis of epochs to sketch on


def show_worksheet(found: Lesson, t: Language, *, back: Callable[[], None]) -> None:
    """The tasks of a lesson, with lines to write on and axes to sketch on."""
    _head(found, t("learn.worksheet"), t, back=back)
    names = "".join(f"<span>{escape(t(f'learn.paper.{one}'))}</span>" for one in ("name", "class", "date"))
    st.html(f'<div class="tp-name">{names}</div>')
    st.markdown(found.about)
    for number, step in enumerate(found.steps, start=1):
        with st.container(key=f"printed-step-{number}"):
            st.markdown(f"#### {number}. {step.title}")
            st.markdown(f"☐ **{step.task}**")
            _choices(step)
            for question in step.questions:
                st.markdown(question)
                st.html('<div class="tp-line"></div>' * step.lines)
            if step.sketch is not None:
                st.html(
                    axes_html(t(f"curve.{step.sketch}"), t("curve.epoch"), t(f"learn.sketch.{step.sketch}"))
                )


def _choices(step: Step) -> None:
    if step.question is not None:
        st.markdown("  \n".join(f"☐ {choice}" for choice in step.question.choices))


def show_teacher(found: Lesson, t: Language, *, back: Callable[[], None]) -> None:
    """How the lesson is given: when what, what for, what to say and ask, what to expect."""
    _head(found, t("learn.teacher"), t, back=back)
    st.markdown(t("learn.teacher.about", minutes=found.minutes))
    st.html(timetable_html(found, t))
    for number, step in enumerate(found.steps, start=1):
        with st.container(key=f"printed-step-{number}"):
            st.markdown(f"#### {number}. {step.title} · {t('learn.minutes', minutes=step.minutes)}")
            st.markdown(f"**{t('learn.teacher.goal')}** {step.goal}")
            st.markdown(f"**{t('learn.teacher.task')}** {step.task}")
            st.markdown(step.teacher)
            answers = list(zip(step.questions, step.answers, strict=True))
            if step.question is not None:
                answers.insert(0, (step.task, step.question.choices[step.question.right]))
            if answers:
                st.markdown(f"**{t('learn.teacher.answers')}**")
                st.markdown("\n".join(f"- {question} — *{answer}*" for question, answer in answers))
            if step.misunderstandings:
                st.markdown(f"**{t('learn.teacher.misunderstandings')}**")
                st.markdown("\n".join(f"- {one}" for one in step.misunderstandings))


def _head(found: Lesson, what: str, t: Language, *, back: Callable[[], None]) -> None:
    st.html(stylesheet("printed"))
    with st.container(horizontal=True, vertical_alignment="center", key="printed-moves"):
        st.button(
            t("learn.to_lesson"),
            icon=":material/arrow_back:",
            type="tertiary",
            key="to-lesson",
            on_click=back,
        )
        print_button(t, key="print")
    st.caption(f"{t('product')} · {what}")
    st.title(found.title, anchor=False)


def timetable_html(found: Lesson, t: Language) -> str:
    """When each step begins and how long it takes; the minutes sum to those of the lesson."""
    rows, begin = [], 0
    for number, step in enumerate(found.steps, start=1):
        rows.append(
            f'<tr><td class="tp-number">{begin}–{begin + step.minutes}</td><td>{number}. {escape(step.title)}</td>'
            f"<td>{escape(_form(step, t))}</td></tr>"
        )
        begin += step.minutes
    heads = (t("learn.plan.minutes"), t("learn.plan.step"), t("learn.plan.form"))
    head = "".join(
        f'<th scope="col"{" class=tp-number" if place == 0 else ""}>{escape(one)}</th>'
        for place, one in enumerate(heads)
    )
    return f'<table class="tp-plan"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _form(step: Step, t: Language) -> str:
    """What the students do in a step, in a word."""
    if isinstance(step.action, AnswerAction) or (isinstance(step.action, OpenAction) and step.action.then):
        return t("learn.form.answer")
    return t(f"learn.form.{step.action.kind}")


def axes_html(value: str, epoch: str, about: str) -> str:
    """Empty axes to sketch a curve by epoch on."""
    marks = "".join(
        f'<i style="left:{100 * mark / (_MARKS + 0.5):.1f}%"></i>' for mark in range(1, _MARKS + 1)
    )
    return (
        f'<div class="tp-axes" role="img" aria-label="{escape(about)}"><b>{escape(value)}</b>{marks}'
        f"<span>{escape(epoch)}</span></div>"
    )
