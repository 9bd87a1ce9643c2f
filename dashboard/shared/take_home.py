"""What is taken home of a page: files made when they are asked for, pictures of figures, and the menu of both."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard.shared import services
from dashboard.shared.language import Language
from dashboard.shared.slide_pictures import SlidePicture, slide_pictures
from dashboard.shared.trouble import told

_LONGEST, _WIDTH = 60, 440  # characters, pixels
_LETTERS = re.compile(r"[^\w]+")

Content = str | bytes


@dataclass(frozen=True)
class Offer:
    """A file to be had.

    Attributes:
        make: Makes it; called in a thread, where no session is known. None if it cannot be had now.
        about: What to know of it, or why it cannot be had.
    """

    key: str
    label: str
    name: str
    kind: str
    make: Callable[[], Content] | None
    icon: str = "download"
    about: str = ""


@dataclass(frozen=True)
class Group:
    """Offers that belong together, under what they are."""

    title: str
    offers: Sequence[Offer]


def file_stem(name: str, run: str = "") -> str:
    """What files of something are called, in every system: its name in letters and digits, then the run's id."""
    plain = _LETTERS.sub("-", unicodedata.normalize("NFC", name))[:_LONGEST].strip("-_")
    return "-".join(filter(None, (plain, run))) or "turning-point"


def save_button(offer: Offer, *, key: str | None = None) -> None:
    """The button of one file; what cannot be had says why in its place."""
    if offer.make is None:
        st.caption(f"{offer.label}: {offer.about}")
        return
    st.download_button(
        offer.label,
        services.for_reader(offer.make),
        offer.name,
        offer.kind,
        key=key,
        icon=f":material/{offer.icon}:",
        help=offer.about or None,
        on_click="ignore",
    )


def show_menu(
    groups: Callable[[], Sequence[Group]],
    pictures: Sequence[SlidePicture],
    t: Language,
    *,
    key: str,
) -> None:
    """The menu. What it offers is looked up once it is open, and nothing is made before it is pressed."""
    st.fragment(_menu)(groups, pictures, t, key)


def _menu(
    groups: Callable[[], Sequence[Group]], pictures: Sequence[SlidePicture], t: Language, key: str
) -> None:
    menu = st.popover(
        t("takehome.title"), icon=":material/download:", type="tertiary", key=key, on_change="rerun"
    )
    if not menu.open:
        return
    with menu, told(t, level="warning"):  # the run is gone by now, or the database away
        for group in groups():
            st.markdown(f"**{group.title}**")
            with st.container(horizontal=True, gap="small", width=_WIDTH):
                for offer in group.offers:
                    save_button(offer, key=f"{key}-{offer.key}")
        if pictures:
            st.markdown(f"**{t('takehome.pictures')}**")
            with st.container(width=_WIDTH):
                slide_pictures(pictures, t, key=f"{key}-pictures")
            st.caption(t("takehome.pictures.about"))
