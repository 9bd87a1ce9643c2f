"""The sealed test result of a run: settling on an epoch or a design, opening it, and what a look means."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.analysis.turning_point import turning_point_of
from core.run import Run, RunState
from core.training import artifact_names
from dashboard.shared import services
from dashboard.shared.controls import choose
from dashboard.shared.language import Language, Message
from dashboard.shared.trouble import Refusal, told

_REFUSED = Refusal("seal-refused")
#: From so many looks on a sentence warns of choosing by them.
_SEVERAL = 2


def opened_messages(run: Run, t: Language) -> tuple[Message, ...]:
    """How the test result of a run was opened, and what it still says after so many looks; () if it was not."""
    opening = run.opening
    if opening is None:
        return ()
    dataset = t(f"option.dataset.{run.experiment.dataset}")
    settled = "design" if opening.epoch is None else "epoch"
    meaning = "several" if opening.looks >= _SEVERAL else "first"
    return (
        Message("seal.opened", {"looks": opening.looks, "dataset": dataset}),
        Message(f"seal.settled.{settled}", {"epoch": opening.epoch}),
        Message(f"seal.looks.{meaning}", {"looks": opening.looks}),
    )


def proposed_epoch(run: Run) -> int:
    """The epoch to settle on at first: the one with the lowest validation loss; the last one without validation."""
    return turning_point_of(run).loss.epoch or len(run.epochs)


def show_seal(run: Run, t: Language, *, train_to: Callable[[int], None]) -> None:
    """The panel in front of a sealed test result, or how it was opened; nothing of a run that was never sealed.

    `train_to` queues a run that ends after an epoch: only of that one the test result would be that of its network.
    """
    if not run.sealed or run.is_covered or not run.state.is_over or not run.epochs:
        return
    with st.container(border=True, key="seal"):
        if run.opening is not None:
            said = " ".join(one.said(t) for one in opened_messages(run, t))
            st.markdown(f":material/lock_open: {said}")
        elif not services.viewer().may_change(run.owner):
            st.markdown(f":material/lock: {t('seal.of_another')}")
        elif run.state in (RunState.FAILED, RunState.INTERRUPTED):
            st.markdown(f":material/lock: {t('seal.never_tested')}")
        else:
            with told(t):
                _settle(run, t, train_to)
    _REFUSED.tell(t)


def _settle(run: Run, t: Language, train_to: Callable[[int], None]) -> None:
    st.markdown(f"**:material/lock: {t('seal.title')}**")
    st.markdown(t("seal.about"))
    tested = artifact_names.evaluated_checkpoint(run)[1]
    on: str = "design"
    if run.experiment.validation_size:
        on = choose(
            t("seal.choose"),
            ("epoch", "design"),
            lambda one: t(f"seal.choose.{one}"),
            key=f"seal-on-{run.id}",
            labelled=False,
        )
    if on == "design":
        st.markdown(t("seal.design", epoch=tested))
        _open_button(run, None, t)
    else:
        proposed = proposed_epoch(run)
        epoch = st.number_input(
            t("seal.epoch"), 1, len(run.epochs), proposed, key=f"seal-epoch-{run.id}", width=220
        )
        if epoch == proposed:
            st.caption(t("seal.epoch.proposed"))
        if epoch == tested:
            _open_button(run, int(epoch), t)
        else:
            st.markdown(t("seal.train_to.about", epoch=epoch, tested=tested))
            st.button(
                t("seal.train_to", epoch=epoch),
                key=f"seal-train-{run.id}",
                type="primary",
                icon=":material/restart_alt:",
                on_click=train_to,
                args=(int(epoch),),
            )
    dataset = t(f"option.dataset.{run.experiment.dataset}")
    looks = services.store().looks(run.owner, run.experiment.dataset)
    st.caption(
        t("seal.looks", looks=looks, dataset=dataset) if looks else t("seal.looks.none", dataset=dataset)
    )


def _open_button(run: Run, epoch: int | None, t: Language) -> None:
    st.button(
        t("seal.open"),
        key=f"open-test-{run.id}",
        type="primary",
        icon=":material/lock_open:",
        on_click=_open,
        args=(run, epoch),
    )


def _open(run: Run, epoch: int | None) -> None:
    with _REFUSED.kept():
        services.store().open_test(run.id, epoch, owner=run.owner)
