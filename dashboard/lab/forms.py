"""The lab's forms over one draft: a widget for each field that the draft's parts have."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from core.classroom import Caps
from core.experiment import Experiment
from core.experiment.changes import DEPTH, MOST_DEPTH, UNITS, changed, level_of
from core.experiment.config import Config, Variant
from core.experiment.parts import PARTS
from dashboard.lab import draft as drafts
from dashboard.lab import session
from dashboard.lab.session import Lab
from dashboard.shared.class_rules import say_cap
from dashboard.shared.fields import Field, draw_field, field, plain_fields, show_value
from dashboard.shared.glossary import marked
from dashboard.shared.language import Language
from dashboard.shared.offered_sets import offered_sets, set_words
from dashboard.shared.run_words import label_note

#: What plus and minus change where one word more or less makes no difference.
_TEXT_STEPS = {"num_words": 500, "length": 10}


def _changed(key: str, change: Callable[[Experiment, str, Any], Experiment]) -> None:
    """Do what a widget asks for: its key says which setting, the session state under it what is wanted."""
    path, lab = key.split(":", 2)[2], st.session_state[session.KEY]
    # What is set of a layer leaves it where it is.
    session.put(change(lab.draft, path, st.session_state[key]), moved=not path.startswith("layers."))


def _value_changed(key: str) -> None:
    _changed(key, lambda draft, path, value: changed(draft, {path: value}))


def _add_wanted(key: str) -> None:
    kind = st.session_state[key]
    if kind is not None:  # no kind of the menu's
        session.edit(functools.partial(drafts.with_layer, kind=kind))


def _with_depth(draft: Experiment, path: str, depth: int) -> Experiment:
    return changed(draft, {path: depth})


@dataclass(frozen=True)
class Form:
    """The lab's forms over one draft."""

    lab: Lab
    t: Language
    caps: Caps

    @property
    def _draft(self) -> Experiment:
        return self.lab.draft

    def _key(self, path: str) -> str:
        return self.lab.key(path)

    def _of_layers(self, path: str) -> str:
        """The key of what is about the list of layers as it is."""
        return self.lab.key(path, "layers")

    def _field(self, one: Field, part: Config, path: str = "") -> None:
        """The widget of one field of a part."""
        where = f"{path}.{one.name}" if path else one.name
        if not self._is_hidden(where):
            value, key = getattr(part, one.name), self._key(where)
            off = not self.lab.freedom.is_free(where) or self._is_output(where)
            draw_field(one, value, self.t, key=key, changed=_value_changed, disabled=off)

    def _is_hidden(self, where: str) -> bool:
        freedom = self.lab.freedom
        return freedom.is_hidden(where) or (self._is_output(where) and freedom.is_hidden("layers"))

    def _is_output(self, where: str) -> bool:
        """Whether these are the units of the output, which follow from the data and do not go with the hidden ones."""
        freedom, last = self.lab.freedom, f"layers.{len(self._draft.layers) - 1}.{UNITS}"
        return where == last and UNITS in freedom.free and where not in freedom.free

    def _setting(self, name: str) -> None:
        """The widget of one setting of the experiment itself."""
        self._field(field(Experiment, name), self._draft)

    def _part(self, path: str, part: Config, names: Iterable[str] | None = None) -> None:
        """The widgets of the fields of a part, all or some."""
        for one in plain_fields(type(part)):
            if names is None or one.name in names:
                self._field(one, part, path)

    def _choice(
        self,
        path: str,
        options: Iterable[str],
        now: str,
        called: Callable[[str], str],
        change: Callable[..., Experiment],
    ) -> None:
        """One of several words; `called` says what they are called."""
        key = self._key(path)
        if self.lab.freedom.is_hidden(path):
            return
        # Some would change what is fixed besides, as other data the output layer.
        codes = [code for code in options if code == now or self.lab.allows(change(self._draft, path, code))]
        show_value(key, now)
        st.selectbox(
            self.t(f"field.{path}"),
            codes,
            index=codes.index(now),
            format_func=called,
            key=key,
            help=self.t(f"help.Experiment.{path}"),
            on_change=functools.partial(_changed, key, change),
            disabled=not self.lab.freedom.is_free(path),
        )

    def _kind(self, name: str, words: str, kinds: Iterable[str] = ()) -> Config:
        """Which of its kinds a part is."""
        part: Variant = getattr(self._draft, name)
        self._choice(
            name, kinds or PARTS[name], part.kind, lambda code: self.t(f"{words}.{code}"), drafts.with_kind
        )
        return part

    def data(self) -> None:
        """Data, form of the input, scaling and split."""
        offered = offered_sets(self._draft.dataset)
        self._choice(
            "dataset",
            offered,
            self._draft.dataset,
            set_words(offered, self.t),
            lambda draft, _, dataset: drafts.with_dataset(draft, dataset),
        )
        if self._draft.facts.kind == "text":
            self._texts()
        else:
            with st.container(horizontal=True):
                self._encoding()
                self._setting("scaling")
            self._about_encoding()
        self._part("split", self._kind("split", "option.split"))
        self._part("labels", self._kind("labels", "option.labels"))
        note = label_note(self._draft, self.t)
        if note is not None:
            st.caption(marked(note, self.t))
        self._setting("train_limit")
        say_cap(self.caps, "samples", self.t)

    def _encoding(self) -> Config:
        return self._kind("encoding", "option.encoding", drafts.encodings_of(self._draft))

    def _about_encoding(self) -> None:
        if not self.lab.freedom.is_hidden("encoding"):
            st.caption(marked(self.t(f"option.encoding.{self._draft.encoding.kind}.about"), self.t))

    def _texts(self) -> None:
        """How texts become numbers; they are never scaled, so that is not asked."""
        encoding = self._encoding()
        self._about_encoding()
        most = max(drafts.most_words(self._draft), getattr(encoding, "num_words", 0))
        fields = plain_fields(type(encoding))
        for pair in zip(fields[::2], fields[1::2], strict=True):
            with st.container(horizontal=True):
                for one in pair:
                    high = most if one.name == "num_words" else one.high
                    self._field(
                        replace(one, high=high, step=_TEXT_STEPS.get(one.name, one.step)),
                        encoding,
                        "encoding",
                    )

    def network(self) -> None:
        """The list of layers, each to be edited, moved and taken away, and the menu of new ones."""
        freedom = self.lab.freedom
        say_cap(self.caps, "parameters", self.t)
        if not freedom.is_free("layers") and freedom.is_free(DEPTH):
            self._depth()
        for index in range(len(self._draft.layers)):
            if not freedom.is_hidden(f"layers.{index}") or self._shown(index):
                with st.container(border=True):
                    self._layer(index)
        if not freedom.is_free("layers"):
            return
        self._menu_of_layers()

    def _menu_of_layers(self) -> None:
        """What can be added, each with what it does."""
        key = self._of_layers("add")
        st.menu_button(
            self.t("lab.add_layer"),
            drafts.layers_for(self._draft),
            key=key,
            icon=":material/add:",
            width="stretch",
            format_func=self._called_in_menu,
            on_click=_add_wanted,
            args=(key,),
        )

    def _called_in_menu(self, kind: str) -> str:
        return f"**{self.t(f'layer.{kind}')}**\u2003:small[{self.t(f'layer.{kind}.about')}]"

    def _shown(self, index: int) -> list[str]:
        """The settings of a layer that are shown."""
        fields = plain_fields(type(self._draft.layers[index]))
        return [one.name for one in fields if not self._is_hidden(f"layers.{index}.{one.name}")]

    def _depth(self) -> None:
        """How many hidden layers, where no single one may come or go."""
        depth, key = level_of(self._draft, DEPTH), self._of_layers(DEPTH)
        if depth is not None:
            label, on_change = self.t(f"setting.{DEPTH}"), functools.partial(_changed, key, _with_depth)
            st.number_input(label, 1, MOST_DEPTH, int(depth), key=key, on_change=on_change)

    def _layer(self, index: int) -> None:
        layer, path = self._draft.layers[index], f"layers.{index}"
        freedom = self.lab.freedom
        shown = self._shown(index)
        others = [name for name in shown if name not in layer.BRIEF]
        brief = [name for name in layer.BRIEF if name in shown]
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
                if freedom.is_free("layers"):
                    self._layer_buttons(index)
        if brief:
            with st.container(horizontal=True):
                for name in brief:
                    self._part(path, layer, (name,))

    def _layer_buttons(self, index: int) -> None:
        last = len(self._draft.layers) - 1
        up, down = (functools.partial(drafts.with_layer_moved, index=index, by=by) for by in (-1, 1))
        self._layer_button(index, "up", "arrow_upward", up, off=index == 0)
        self._layer_button(index, "down", "arrow_downward", down, off=index == last)
        remove = functools.partial(drafts.without_layer, index=index)
        self._layer_button(index, "remove", "delete", remove)

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
            key=self._of_layers(f"layers.{index}.{what}"),
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
        with st.container(horizontal=True):
            optimizer = self._kind("optimizer", "optimizer")
            self._part("optimizer", optimizer)
        with st.container(horizontal=True):
            for name in ("epochs", "batch_size", "seed"):
                self._setting(name)
        say_cap(self.caps, "epochs", self.t)
        say_cap(self.caps, "waiting", self.t)
        for name in ("early_stopping", "reduce_lr"):
            if self.lab.freedom.shows(name):
                self._callback(name)

    def _callback(self, name: str) -> None:
        callback, key = getattr(self._draft, name), self._key(name)
        show_value(key, callback is not None)
        st.toggle(
            self.t(f"field.{name}"),
            value=callback is not None,
            key=key,
            help=self.t(f"help.Experiment.{name}"),
            on_change=functools.partial(_changed, key, drafts.with_callback),
            disabled=not self.lab.freedom.is_free(name),
        )
        if callback is not None:
            with st.container(border=True):
                self._part(name, callback)
