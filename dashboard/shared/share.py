"""What a page is shared by: its link, a QR code for a class, the code of a frame for a page of a course."""

from __future__ import annotations

from html import escape

import segno
import streamlit as st

from dashboard.shared import services
from dashboard.shared.controls import choose
from dashboard.shared.copy_link import copy_link
from dashboard.shared.language import Language
from dashboard.shared.reach import Addresses, addresses

__all__ = ["addresses", "frame_code", "qr_svg", "share_page", "show_address"]

#: What an address of a page that is shared does not repeat: how one reader looked at it.
_OWN = ("present", "embed", "embed_options", "only")
_LARGE = "share-large"
#: A dialog as large as the screen, and in it a code as large as can be: for the projector.
_STYLE = """<style>
.st-key-share-qr svg { display: block; width: min(100%, 18rem); height: auto; margin: 0 auto; }
[data-testid="stDialog"] [role="dialog"]:has(.st-key-share-qr-large) {
  width: 100vw; max-width: 100vw; min-height: 100vh; margin: 0; border-radius: 0;
}
.st-key-share-qr-large svg { display: block; height: min(78vh, 92vw); width: auto; max-width: 100%; margin: 0 auto; }
.st-key-share-qr-large p { text-align: center; font-size: clamp(1.1rem, 2.6vw, 2.5rem); overflow-wrap: anywhere; }
</style>"""


def qr_svg(text: str) -> str | None:
    """A QR code as SVG, dark on light in both themes; None if there is too much text for one."""
    try:
        code = segno.make(text, micro=False, error="m")
    except segno.DataOverflowError:
        return None
    return str(code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True))


def frame_code(address: str, title: str) -> str:
    """HTML that shows the page at an address in a frame."""
    source, name = escape(address), escape(title)
    return f'<iframe src="{source}" title="{name}" width="100%" height="560" style="border:0"></iframe>'


def show_address(found: Addresses, t: Language, *, key: str) -> None:
    """A link with its button and its QR code; for a class the address under which other computers reach this one."""
    address = found.best
    if found.network:
        kinds = {"network": found.network, "here": found.here}
        chosen = choose(
            t("share.address"), tuple(kinds), lambda one: t(f"share.address.{one}"), key=f"{key}-address"
        )
        address = kinds[chosen]
    elif found.only_here:
        st.warning(t("share.only_here"), icon=":material/computer:")
    st.html(_STYLE)
    copy_link(address, t, key=f"{key}-copy", label=t("share.link"))
    svg = qr_svg(address)
    if svg is None:
        st.caption(t("share.too_long"))
        return
    large = st.toggle(t("share.large"), key=f"{key}-{_LARGE}")
    with st.container(key="share-qr-large" if large else "share-qr"):
        st.html(f'<div role="img" aria-label="{escape(t("share.qr", address=address))}">{svg}</div>')
        if large:
            st.markdown(f"`{address}`")


def share_page(t: Language, *, title: str, frame: str = "") -> None:
    """What the dialog of a page holds: its link as the page now stands; `frame` is the part that can stand alone."""
    parameters = {name: text for name, text in st.query_params.to_dict().items() if name not in _OWN}
    show_address(addresses(st.context.url, {**parameters, "lang": t.code}), t, key="share")
    if frame:
        with st.expander(t("share.frame"), icon=":material/web_asset:"):
            alone = {**parameters, "lang": t.code, "embed": "true", "only": frame}
            code = frame_code(addresses(st.context.url, alone).best, title)
            copy_link(code, t, key="share-frame", label=t("share.frame"))
            frames = services.settings().frames
            st.caption(t("share.frames", origins=", ".join(frames)) if frames else t("share.no_frames"))
