"""The lab's forms over one draft: a widget for each field that the draft's parts have."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from core.catalog import DATASETS
from core.experiment import Experiment
from core.experiment.changes import changed
from core.experiment.config import Config, Variant
from core.experiment.parts import PARTS
from dashboard.lab import draft as drafts
from dashboard.lab import session
from dashboard.lab.session import Lab
from dashboard.shared.fields import Field, draw_field, field, plain_fields
from dashboard.shared.glossary import marked
from dashboard.shared.language import Language
from dashboard.shared.run_words import label_note

#: What plus and minus change where one word more or less makes no difference.
_TEXT_STEPS = {"num_words": 500, "length": 10}


def _changed(key: str, change: Callable[[Experiment, str, Any], Experiment], *, redraw: bool = True) -> None:
    """Do what a widget asks for: its key says which setting, the session state under it what is wanted.

    The widget shows its new value by itself; without `redraw` the others are drawn anew only if layers have changed
    that it is not in.
    """
    path, lab = key.split(":", 2)[2], st.session_state[session.KEY]
    draft = change(lab.draft, path, st.session_state[key])
    followed = not path.startswith("layers.") and draft.layers != lab.draft.layers
    session.put(draft, redraw=redraw or followed)


def _value_changed(key: str) -> None:
    _changed(key, lambda draft, path, value: changed(draft, {path: value}), redraw=False)


@dataclass(frozen=True)
class Form:
    """The lab's forms over one draft."""

    lab: Lab
    t: Language

    @property
    def _draft(self) -> Experiment:
        return self.lab.draft

    def _key(self, path: str) -> str:
        return f"{session.KEY}:{self.lab.generation}:{path}"

    def _field(self, one: Field, part: Config, path: str = "") -> None:
        """The widget of one field of a part."""
        key = self._key(f"{path}.{one.name}" if path else one.name)
        draw_field(one, getattr(part, one.name), self.t, key=key, changed=_value_changed)

    def _setting(self, name: str) -> None:
        """The widget of one setting of the experiment itself."""
        self._field(field(Experiment, name), self._draft)

    def _part(self, path: str, part: Config, names: Iterable[str] | None = None) -> None:
        """The widgets of the fields of a part, all or some."""
        for one in plain_fields(type(part)):
            if names is None or one.name in names:
                self._field(one, part, path)

    def _choice(
        self, path: str, options: Iterable[str], now: str, words: str, change: Callable[..., Experiment]
    ) -> None:
        """One of several words; `words` begins the keys of what they are called."""
        codes, key = tuple(options), self._key(path)
        st.selectbox(
            self.t(f"field.{path}"),
            codes,
            index=codes.index(now),
            format_func=lambda code: self.t(f"{words}.{code}"),
            key=key,
            help=self.t(f"help.Experiment.{path}"),
            on_change=functools.partial(_changed, key, change),
        )

    def _kind(self, name: str, words: str, kinds: Iterable[str] = ()) -> Config:
        """Which of its kinds a part is."""
        part: Variant = getattr(self._draft, name)
        self._choice(name, kinds or PARTS[name], part.kind, words, drafts.with_kind)
        return part

    def data(self) -> None:
        """Data, form of the input, scaling and split."""
        self._choice(
            "dataset",
            DATASETS,
            self._draft.dataset,
            "option.dataset",
            lambda draft, _, dataset: drafts.with_dataset(draft, dataset),
        )
        if self._draft.facts.kind == "text":
            self._texts()
        else:
            left, right = st.columns(2)
            with left:
                self._encoding()
            with right:
                self._setting("scaling")
            st.caption(marked(self.t(f"option.encoding.{self._draft.encoding.kind}.about"), self.t))
        self._part("split", self._kind("split", "option.split"))
        self._part("labels", self._kind("labels", "option.labels"))
        note = label_note(self._draft, self.t)
        if note is not None:
            st.caption(marked(note, self.t))
        self._setting("train_limit")

    def _encoding(self) -> Config:
        return self._kind("encoding", "option.encoding", drafts.encodings_of(self._draft))

    def _texts(self) -> None:
        """How texts become numbers; they are never scaled, so that is not asked."""
        encoding = self._encoding()
        st.caption(marked(self.t(f"option.encoding.{self._draft.encoding.kind}.about"), self.t))
        most = max(drafts.most_words(self._draft), getattr(encoding, "num_words", 0))
        fields = plain_fields(type(encoding))
        for pair in zip(fields[::2], fields[1::2], strict=True):
            for column, one in zip(st.columns(2), pair, strict=True):
                high = most if one.name == "num_words" else one.high
                with column:
                    self._field(
                        replace(one, high=high, step=_TEXT_STEPS.get(one.name, one.step)),
                        encoding,
                        "encoding",
                    )

    def network(self) -> None:
        """The list of layers, each to be edited, moved and taken away, and the menu of new ones."""
        for index in range(len(self._draft.layers)):
            with st.container(border=True):
                self._layer(index)
        with st.popover(self.t("lab.add_layer"), icon=":material/add:", width="stretch"):
            for kind in drafts.layers_for(self._draft):
                st.button(
                    self.t(f"layer.{kind}"),
                    key=self._key(f"add.{kind}"),
                    help=self.t(f"layer.{kind}.about"),
                    width="stretch",
                    on_click=session.edit,
                    args=(functools.partial(drafts.with_layer, kind=kind),),
                )

    def _layer(self, index: int) -> None:
        layer, path = self._draft.layers[index], f"layers.{index}"
        others = [one.name for one in plain_fields(type(layer)) if one.name not in layer.BRIEF]
        with st.container(
            horizontal=True, horizontal_alignment="right", vertical_alignment="center", gap="small"
        ):
            about = self.t(f"layer.{layer.kind}.about")
            st.markdown(f"**{index + 1}. {type(layer).__name__}**", help=about, width="stretch")
            # Together, so that beside a long name all of them go to the next line.
            with st.container(horizontal=True, gap="small", width="content"):
                if others:
                    with st.popover(
                        "",
                        icon=":material/tune:",
                        type="tertiary",
                        help=self.t("lab.layer.more", number=index + 1),
                        key=self._key(f"{path}.more"),
                    ):
                        self._part(path, layer, others)
                last = len(self._draft.layers) - 1
                up, down = (functools.partial(drafts.with_layer_moved, index=index, by=by) for by in (-1, 1))
                self._layer_button(index, "up", "arrow_upward", up, off=index == 0)
                self._layer_button(index, "down", "arrow_downward", down, off=index == last)
                remove = functools.partial(drafts.without_layer, index=index)
                self._layer_button(index, "remove", "delete", remove)
        if layer.BRIEF:
            for column, name in zip(st.columns(len(layer.BRIEF)), layer.BRIEF, strict=True):
                with column:
                    self._part(path, layer, (name,))

    def _layer_button(
        self,
        index: int,
        what: str,
        icon: str,
        change: Callable[[Experiment], Experiment],
        *,
        off: bool = False,
    ) -> None:
        st.button(
            "",
            key=self._key(f"layers.{index}.{what}"),
            icon=f":material/{icon}:",
            help=self.t(f"lab.layer.{what}", number=index + 1),
            type="tertiary",
            disabled=off,
            on_click=session.edit,
            args=(change,),
        )

    def learning(self) -> None:
        """Loss, optimizer, epochs, batch size, seed and the callbacks."""
        self._setting("loss")
        left, right = st.columns(2)
        with left:
            optimizer = self._kind("optimizer", "optimizer")
        with right:
            self._part("optimizer", optimizer)
        for column, name in zip(st.columns(3), ("epochs", "batch_size", "seed"), strict=True):
            with column:
                self._setting(name)
        for name in ("early_stopping", "reduce_lr"):
            self._callback(name)

    def _callback(self, name: str) -> None:
        callback, key = getattr(self._draft, name), self._key(name)
        st.toggle(
            self.t(f"field.{name}"),
            value=callback is not None,
            key=key,
            help=self.t(f"help.Experiment.{name}"),
            on_change=functools.partial(_changed, key, drafts.with_callback),
        )
        if callback is not None:
            with st.container(border=True):
                self._part(name, callback)
