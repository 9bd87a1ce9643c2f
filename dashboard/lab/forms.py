"""The lab's memory and its forms: a draft in the session, edited in place, kept in the address."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

import streamlit as st

from core import presets
from core.catalog import DATASETS
from core.errors import PresetError, TurningPointError
from core.experiment import Experiment
from core.experiment.layers import LAYERS
from core.experiment.link import PARTS
from core.experiment.training import EarlyStopping, ReduceLROnPlateau
from dashboard.lab import draft as drafts
from dashboard.lab.defaults import Draft
from dashboard.shared.forms import widgets
from dashboard.shared.forms.fields import Field, plain_fields
from dashboard.shared.forms.fields import field as read_field
from dashboard.shared.language import Language

_KEY = "lab"
_RUN = "run"
_OTHER_PARAMETERS = ("lang", _RUN)
#: What plus and minus change where one word more or less makes no difference.
_TEXT_STEPS = {"num_words": 500, "length": 10}


@dataclass(frozen=True)
class Lab:
    """What the lab remembers of one session.

    Attributes:
        draft: The experiment as far as it is made.
        preset: The preset it began from.
        link: The address parameters the draft was last in step with.
        run: The run started last; "" if none.
        generation: Part of every widget's key; another one makes all widgets show the draft anew.
        refused: Why the link that was followed last could not be read; None if it could.
        edited: Whether the reader has just changed something, so that the address is behind and is not followed.
    """

    draft: Draft
    preset: str
    link: Mapping[str, str] = field(default_factory=dict)
    run: str = ""
    generation: int = 0
    refused: TurningPointError | None = None
    edited: bool = False


def current() -> Lab:
    """The lab of this session, after following the address if it leads elsewhere."""
    known: Lab | None = st.session_state.get(_KEY)
    if known is not None and known.edited:
        return known
    twice = [name for name in st.query_params if len(st.query_params.get_all(name)) > 1]
    lab = follow(known, {name: st.query_params[name] for name in st.query_params}, twice)
    st.session_state[_KEY] = lab
    return lab


def follow(known: Lab | None, parameters: Mapping[str, str], twice: Collection[str] = ()) -> Lab:
    """What the lab holds after the address was read.

    Args:
        known: What it held before; None in a new session.
        parameters: The address parameters. None of an experiment's means: keep what there is.
        twice: Those that stand in the address more than once, so that nobody can tell which is meant.
    """
    run = parameters.get(_RUN, known.run if known else "")
    link = {name: text for name, text in parameters.items() if name not in _OTHER_PARAMETERS}
    if known is not None and (not link or link == dict(known.link)):
        return replace(known, run=run)
    generation = known.generation + 1 if known else 0
    try:
        for name in link:
            if name in twice:
                raise PresetError("given_twice", field=name)
        experiment, preset = presets.follow(link)
    except TurningPointError as error:
        kept = known or Lab(drafts.draft_of(presets.load(presets.FIRST)), presets.FIRST)
        return replace(kept, link=link, run=run, generation=generation, refused=error)
    return Lab(drafts.draft_of(experiment), preset, link, run, generation)


def keep_in_address(lab: Lab, experiment: Experiment | None) -> None:
    """Write the experiment and the run into the address, so that a reload or a copied link finds them.

    Each time the browser is given another address, it takes one press of Back more to leave the page. So there is one
    for each change of the reader's, and an address that somebody came with stays as it is, if it says anything.
    """
    if lab.refused is not None:
        return
    link = presets.link(experiment, lab.preset) if experiment is not None else dict(lab.link)
    wanted = {**link, _RUN: lab.run} if lab.run else dict(link)
    if "lang" in st.query_params:
        wanted["lang"] = st.query_params["lang"]
    given = _link_in_address()
    if (lab.edited or not given) and wanted != st.query_params.to_dict():
        st.query_params.from_dict(wanted)
    else:
        link = given
    st.session_state[_KEY] = replace(lab, link=link, edited=False)


def _link_in_address() -> dict[str, str]:
    """The parameters of an experiment that the address has now."""
    return {name: st.query_params[name] for name in st.query_params if name not in _OTHER_PARAMETERS}


def show_run(run: str) -> None:
    """Remember the run that the lab shows."""
    lab: Lab = st.session_state[_KEY]
    link = {} if lab.refused else lab.link
    st.session_state[_KEY] = replace(lab, run=run, refused=None, link=link, edited=True)


def _change(edit: Callable[[Draft], Draft], *, redraw: bool) -> None:
    lab: Lab = st.session_state[_KEY]
    st.session_state[_KEY] = replace(
        lab,
        draft=edit(lab.draft),
        generation=lab.generation + redraw,
        refused=None,
        link={} if lab.refused else lab.link,
        edited=True,
    )


def edit(change: Callable[[Draft], Draft]) -> None:
    """Change the draft and draw all widgets anew from it; for buttons."""
    _change(change, redraw=True)


def load_preset(key: str) -> None:
    """Start again from the preset that the widget with this key names."""
    start_from(st.session_state[key])


def start_from(preset: str) -> None:
    """Start again from a preset."""
    lab: Lab = st.session_state[_KEY]
    draft = drafts.draft_of(presets.load(preset))
    st.session_state[_KEY] = Lab(draft, preset, generation=lab.generation + 1, edited=True)


# Callbacks of widgets: the key says which setting, the session state under it what is wanted.


def _path(key: str) -> str:
    return key.split(":", 2)[2]


def _value_changed(key: str) -> None:
    value, path = st.session_state[key], _path(key)
    lab: Lab = st.session_state[_KEY]
    changed = drafts.with_setting(lab.draft, path, value)
    # The widget itself shows its new value; others must be drawn anew if they changed with it.
    _change(lambda _: changed, redraw=changed != drafts.with_value(lab.draft, path, value))


def _kind_changed(key: str) -> None:
    kind = st.session_state[key]
    _change(lambda draft: drafts.with_kind(draft, _path(key), kind), redraw=True)


def _dataset_changed(key: str) -> None:
    dataset = st.session_state[key]
    _change(lambda draft: drafts.with_dataset(draft, dataset), redraw=True)


def _callback_switched(key: str) -> None:
    wanted = bool(st.session_state[key])
    _change(lambda draft: drafts.with_callback(draft, _path(key), wanted), redraw=True)


@dataclass(frozen=True)
class Form:
    """The lab's forms over one draft."""

    lab: Lab
    t: Language

    def _key(self, path: str) -> str:
        return f"{_KEY}:{self.lab.generation}:{path}"

    def _setting(self, name: str) -> None:
        """The widget of one setting of the experiment itself."""
        widgets.draw(
            read_field(Experiment, name),
            self.lab.draft.get(name),
            self.t,
            key=self._key(name),
            changed=_value_changed,
        )

    def _kind(self, name: str, group: str, kinds: tuple[str, ...] = ()) -> str:
        """The choice of a part's kind, of all or of these; returns the kind it has."""
        kinds = kinds or tuple(PARTS[name])
        kind: str = self.lab.draft[name]["kind"]
        st.selectbox(
            self.t(f"field.{name}"),
            kinds,
            index=kinds.index(kind),
            format_func=lambda code: self.t(f"{group}.{code}"),
            key=self._key(name),
            help=self.t(f"help.Experiment.{name}"),
            on_change=_kind_changed,
            args=(self._key(name),),
        )
        return kind

    def _part(self, path: str, model: type, values: Mapping[str, object], names: tuple[str, ...]) -> None:
        """The widgets of some fields of a part."""
        for one in plain_fields(model):
            if one.name in names:
                self._widget(path, one, values)

    def _widget(self, path: str, one: Field, values: Mapping[str, object]) -> None:
        """The widget of one field of a part."""
        widgets.draw(
            one,
            values.get(one.name, one.default),
            self.t,
            key=self._key(f"{path}.{one.name}"),
            changed=_value_changed,
        )

    def _whole_part(self, name: str, kind: str) -> None:
        model = PARTS[name][kind]
        names = tuple(one.name for one in plain_fields(model))
        if names:
            self._part(name, model, self.lab.draft[name], names)

    def data(self) -> None:
        """Data, form of the input, scaling and split."""
        key = self._key("dataset")
        names = tuple(DATASETS)
        st.selectbox(
            self.t("field.dataset"),
            names,
            index=names.index(self.lab.draft["dataset"]),
            format_func=lambda code: self.t(f"option.dataset.{code}"),
            key=key,
            help=self.t("help.Experiment.dataset"),
            on_change=_dataset_changed,
            args=(key,),
        )
        if drafts.facts_of(self.lab.draft).kind == "text":
            self._texts()
        else:
            left, right = st.columns(2)
            with left:
                kind = self._encoding()
            with right:
                self._setting("scaling")
            st.caption(self.t(f"option.encoding.{kind}.about"))
        kind = self._kind("split", "option.split")
        self._whole_part("split", kind)
        self._setting("train_limit")

    def _encoding(self) -> str:
        return self._kind("encoding", "option.encoding", drafts.encodings_of(self.lab.draft))

    def _texts(self) -> None:
        """How texts become numbers; they are never scaled, so that is not asked."""
        kind = self._encoding()
        st.caption(self.t(f"option.encoding.{kind}.about"))
        model, values = PARTS["encoding"][kind], self.lab.draft["encoding"]
        most = max(drafts.most_words(self.lab.draft), values["num_words"])
        fields = plain_fields(model)
        for pair in zip(fields[::2], fields[1::2], strict=True):
            for column, one in zip(st.columns(2), pair, strict=True):
                high = most if one.name == "num_words" else one.high
                step = _TEXT_STEPS.get(one.name, one.step)
                with column:
                    self._widget("encoding", replace(one, high=high, step=step), values)

    def network(self) -> None:
        """The list of layers, each to be edited, moved and taken away, and the menu of new ones."""
        last = len(self.lab.draft["layers"]) - 1
        for index, layer in enumerate(self.lab.draft["layers"]):
            with st.container(border=True):
                self._layer(index, last, layer)
        with st.popover(self.t("lab.add_layer"), icon=":material/add:", width="stretch"):
            for kind in drafts.layers_for(self.lab.draft):
                st.button(
                    self.t(f"layer.{kind}"),
                    key=self._key(f"add.{kind}"),
                    help=self.t(f"layer.{kind}.about"),
                    width="stretch",
                    on_click=edit,
                    args=(functools.partial(drafts.with_layer, kind=kind),),
                )

    def _layer(self, index: int, last: int, layer: Draft) -> None:
        model, path = LAYERS[layer["kind"]], f"layers.{index}"
        brief: tuple[str, ...] = model.BRIEF
        others = tuple(one.name for one in plain_fields(model) if one.name not in brief)
        with st.container(
            horizontal=True, horizontal_alignment="right", vertical_alignment="center", gap="small"
        ):
            about = self.t(f"layer.{layer['kind']}.about")
            st.markdown(f"**{index + 1}. {model.__name__}**", help=about, width="stretch")
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
                        self._part(path, model, layer, others)
                self._layer_button(index, "up", "arrow_upward", -1, off=index == 0)
                self._layer_button(index, "down", "arrow_downward", 1, off=index == last)
                st.button(
                    "",
                    key=self._key(f"{path}.remove"),
                    icon=":material/delete:",
                    help=self.t("lab.layer.remove", number=index + 1),
                    type="tertiary",
                    on_click=edit,
                    args=(functools.partial(drafts.without_layer, index=index),),
                )
        if brief:
            for column, name in zip(st.columns(len(brief)), brief, strict=True):
                with column:
                    self._part(path, model, layer, (name,))

    def _layer_button(self, index: int, way: str, icon: str, by: int, *, off: bool) -> None:
        st.button(
            "",
            key=self._key(f"layers.{index}.{way}"),
            icon=f":material/{icon}:",
            help=self.t(f"lab.layer.{way}", number=index + 1),
            type="tertiary",
            disabled=off,
            on_click=edit,
            args=(functools.partial(drafts.with_layer_moved, index=index, by=by),),
        )

    def learning(self) -> None:
        """Loss, optimizer, epochs, batch size, seed and the callbacks."""
        self._setting("loss")
        left, right = st.columns(2)
        with left:
            kind = self._kind("optimizer", "optimizer")
        with right:
            self._whole_part("optimizer", kind)
        for column, name in zip(st.columns(3), ("epochs", "batch_size", "seed"), strict=True):
            with column:
                self._setting(name)
        self._callback("early_stopping", EarlyStopping)
        self._callback("reduce_lr", ReduceLROnPlateau)

    def _callback(self, name: str, model: type) -> None:
        key = self._key(name)
        values = self.lab.draft.get(name)
        st.toggle(
            self.t(f"field.{name}"),
            value=values is not None,
            key=key,
            help=self.t(f"help.Experiment.{name}"),
            on_change=_callback_switched,
            args=(key,),
        )
        if values is not None:
            with st.container(border=True):
                self._part(name, model, values, tuple(one.name for one in plain_fields(model)))
