"""What a page is shared by: its link, a QR code for a class, the code of a frame for a page of a course."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import segno
import streamlit as st

from dashboard.shared import services
from dashboard.shared.alone import part_name
from dashboard.shared.controls import choose
from dashboard.shared.copy_link import copy_link
from dashboard.shared.language import Language
from dashboard.shared.reach import Addresses, addresses

__all__ = ["addresses", "frame_code", "qr_code", "share_page", "show_address"]

#: What an address of a page that is shared does not repeat: how one reader looked at it.
_OWN = ("present", "only", "lang")
_LARGE = "share-large"
#: A dialog as large as the screen, and in it a code as large as can be: for the projector.
_STYLE = """<style>
.st-key-share-qr img { display: block; width: min(100%, 16rem); height: auto; margin: 0 auto; }
[data-testid="stDialog"] [role="dialog"]:has(.st-key-share-qr-large) {
  width: calc(100vw - 2rem); max-width: none; min-height: calc(100vh - 5rem); margin: 1rem auto;
}
.st-key-share-qr-large img { display: block; height: min(66vh, 88vw); width: auto; max-width: 100%; margin: 0 auto; }
.st-key-share-qr-large p { text-align: center; font-size: clamp(1.1rem, 2.6vw, 2.5rem); overflow-wrap: anywhere; }
</style>"""


def qr_code(text: str) -> str | None:
    """A QR code as the address of an SVG picture, dark on light in both themes; None for too much text."""
    try:
        code = segno.make(text, micro=False, error="m")
    except segno.DataOverflowError:
        return None
    return str(code.svg_data_uri(border=4, scale=8, dark="#000", light="#fff"))


def frame_code(address: str, title: str) -> str:
    """HTML that shows the page at an address in a frame."""
    source, name = escape(address), escape(title)
    return f'<iframe src="{source}" title="{name}" width="100%" height="720" style="border:0"></iframe>'


def show_address(found: Addresses, t: Language, *, key: str) -> None:
    """A link with its button and its QR code; for a class the address under which other computers reach this one."""
    address = found.best
    if found.network:
        kinds = {"network": found.network, "here": found.here}
        chosen = choose(
            t("share.address"), tuple(kinds), lambda one: t(f"share.address.{one}"), key=f"{key}-address"
        )
        address = kinds[chosen]
    st.html(_STYLE)
    picture = qr_code(address)
    large = picture is not None and st.toggle(t("share.large"), key=f"{key}-{_LARGE}")
    if found.only_here and not large:
        st.warning(t("share.only_here"), icon=":material/computer:")
    if not large:
        copy_link(address, t, key=f"{key}-copy", label=t("share.link"))
    if picture is None:
        st.caption(t("share.too_long"))
        return
    with st.container(key="share-qr-large" if large else "share-qr"):
        st.html(f'<img src="{picture}" alt="{escape(t("share.qr", address=address))}">')
        if large:
            st.markdown(f"`{address}`")


def share_page(t: Language, *, title: str, frames: Sequence[str] = ()) -> None:
    """What the dialog of a page holds: its link as the page now stands, and the parts of it that can stand alone."""
    parameters = {name: text for name, text in st.query_params.to_dict().items() if name not in _OWN}
    show_address(addresses(st.context.url, {**parameters, "lang": t.code}), t, key="share")
    if not frames:
        return
    with st.expander(t("share.frame"), icon=":material/web_asset:"):
        part = frames[0]
        if len(frames) > 1:
            part = st.selectbox(
                t("share.part"), frames, format_func=lambda one: part_name(one, t), key="share-part"
            )
        alone = {**parameters, "lang": t.code, "embed": "true", "only": part}
        code = frame_code(addresses(st.context.url, alone).best, f"{title} · {part_name(part, t)}")
        copy_link(code, t, key="share-frame", label=t("share.frame"))
        origins = services.settings().frames
        st.caption(t("share.frames", origins=", ".join(origins)) if origins else t("share.no_frames"))
