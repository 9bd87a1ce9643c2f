"""The choices of whoever brings files along, each with its effect in sight."""

from __future__ import annotations

from typing import Any, get_args

import streamlit as st

from core.errors import DataError
from core.own_data.choices import Choices, Fit, ImageShape
from core.own_data.pictures import previews
from core.own_data.understood import Understood
from dashboard.data.own import text as words
from dashboard.data.own.ways import Way
from dashboard.shared.controls import choose
from dashboard.shared.language import Language

_A_ROW = 4
_SHARES = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
_LONGEST_NAME, _LONGEST_LICENSE = 60, 200


def choose_all(way: Way, found: Understood, t: Language) -> tuple[Choices, bool]:
    """Everything that can be chosen, and whether the set is for everybody."""
    chosen: dict[str, Any] = {}
    st.subheader(t("own.choices"))
    if found.kind == "image":
        chosen |= _pictures(way, found, t)
    else:
        chosen |= _texts(way, found, t)
    chosen |= _parts(way, found, t)
    chosen |= _names(
        way, found, t, same_classes=not (chosen.get("text_column") or chosen.get("label_column"))
    )
    shared = choose(
        t("own.for"),
        ("mine", "all"),
        lambda one: t(f"own.for.{one}"),
        key=_key(way, "for"),
        help=t("own.for.help"),
    )
    return Choices(**chosen), shared == "all"


def _key(way: Way, what: str) -> str:
    return f"own-{way.token}-{what}"


def _pictures(way: Way, found: Understood, t: Language) -> dict[str, Any]:
    left, middle, right = st.columns([4, 3, 2], vertical_alignment="bottom")
    shape = choose(
        t("own.shape"),
        get_args(ImageShape),
        lambda one: t(f"own.shape.{one}"),
        key=_key(way, "shape"),
        default=words.suggested_shape(found),
        place=left,
    )
    fit = choose(
        t("own.fit"),
        get_args(Fit),
        lambda one: t(f"own.fit.{one}"),
        key=_key(way, "fit"),
        place=middle,
        help=t("own.fit.help"),
    )
    invert = right.toggle(
        t("own.invert"),
        value=words.suggests_inverting(found),
        key=_key(way, "invert"),
        help=t("own.invert.help"),
        persist_state="session",
    )
    chosen = {"image_shape": shape, "fit": fit, "invert": invert}
    names = [one.name for one in found.classes]
    st.caption(t("own.pictures.about"))
    try:
        shown = previews(words.first_samples(found.samples), Choices(**chosen))
    except DataError as error:
        st.warning(t.error(error))
    else:
        st.html(words.pictures_html(shown, names, t))
    return chosen


def _texts(way: Way, found: Understood, t: Language) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    if found.table is not None and len(found.table.columns) > 1:
        for column, what in zip(st.columns(2), ("text", "label"), strict=True):
            here = getattr(found.table, what)
            name = column.selectbox(
                t(f"own.column.{what}"),
                found.table.columns,
                index=found.table.columns.index(here) if here in found.table.columns else 0,
                key=_key(way, what),
                persist_state="session",
            )
            if name != here:
                chosen[f"{what}_column"] = name
        if chosen:
            st.caption(t("own.column.changed"))
    effects = found.texts.tokens if found.texts is not None else ()
    possible = [one.tokens for one in effects if not one.missing] or ["words"]
    suggested = words.suggested_tokens(found)
    chosen["tokens"] = choose(
        t("own.tokens"),
        possible,
        lambda one: t(f"own.tokens.{one}"),
        key=_key(way, "tokens"),
        default=suggested if suggested in possible else possible[0],
        help=t("own.tokens.help"),
    )
    for one in effects:
        if one.missing:
            st.caption(f"{t(f'own.tokens.{one.tokens}')}: {words.effect_words(one, t)}")
        elif one.tokens == chosen["tokens"]:
            st.markdown(words.effect_words(one, t))
            for example in one.examples:
                st.html(words.tokens_html(example))
    return chosen


def _parts(way: Way, found: Understood, t: Language) -> dict[str, Any]:
    chosen: dict[str, Any] = {"given_split": False}
    if found.given_split:
        how = choose(
            t("own.split"), ("given", "drawn"), lambda one: t(f"own.split.{one}"), key=_key(way, "split")
        )
        chosen["given_split"] = how == "given"
    *first, seed, most = st.columns(2 if chosen["given_split"] else 3, vertical_alignment="bottom")
    for share in first:
        chosen["test_share"] = share.select_slider(
            t("own.share"),
            _SHARES,
            value=Choices().test_share,
            format_func=lambda one: f"{one:.0%}",
            key=_key(way, "share"),
            persist_state="session",
        )
    chosen["seed"] = int(
        seed.number_input(
            t("own.seed"),
            0,
            2**31 - 1,
            value=Choices().seed,
            key=_key(way, "seed"),
            help=t("own.seed.help"),
            persist_state="session",
        )
    )
    limit = most.number_input(
        t("own.most"),
        10,
        max(10, found.total),
        value=None,
        placeholder=t("own.most.all", samples=f"{found.total:,}"),
        key=_key(way, "most"),
        persist_state="session",
    )
    chosen["most"] = int(limit) if limit else None
    train, test = words.part_sizes(found, Choices(**chosen))
    st.caption(t("own.parts", train=f"{train:,}", test=f"{test:,}"))
    return chosen


def _names(way: Way, found: Understood, t: Language, *, same_classes: bool) -> dict[str, Any]:
    title, licence = st.columns(2)
    chosen: dict[str, Any] = {
        "title": title.text_input(
            t("own.title"),
            words.suggested_title(way.files),
            max_chars=_LONGEST_NAME,
            key=_key(way, "title"),
            persist_state="session",
        ),
        "license_note": licence.text_input(
            t("own.license"),
            max_chars=_LONGEST_LICENSE,
            placeholder=t("own.license.placeholder"),
            key=_key(way, "license"),
            help=t("own.license.help"),
            persist_state="session",
        ),
    }
    if same_classes:
        names = [one.name for one in found.classes]
        chosen["class_names"] = class_name_fields(names, _key(way, "class"), t)
    return chosen


def class_name_fields(names: list[str], key: str, t: Language) -> tuple[str, ...]:
    """A field for the name of each class."""
    st.markdown(f"**{t('own.classes')}**")
    given = list[str]()
    for start in range(0, len(names), _A_ROW):
        for place, column in enumerate(st.columns(_A_ROW), start):
            if place < len(names):
                label = t("own.class", number=place)
                given.append(
                    column.text_input(
                        label,
                        names[place],
                        max_chars=_LONGEST_NAME,
                        key=f"{key}-{place}",
                        persist_state="session",
                    )
                )
    return tuple(given)
