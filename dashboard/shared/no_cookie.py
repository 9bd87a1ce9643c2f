"""What stands on every page where the browser keeps no cookie, so that its reader would lose what they train."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from dashboard.shared.language import Language
from dashboard.shared.owner_cookie import NAME


def show_no_cookie(t: Language) -> None:
    """Say so, with a way out; nothing where the cookie is there, or where no browser is.

    A page inside another one's frame is the usual case: over plain HTTP browsers keep no cookie there.
    """
    if not keeps_no_cookie(st.context.headers, st.context.cookies):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(t("cookie.missing"), icon=":material/cookie_off:")
        if st.context.url:
            address = full_address(st.context.url, st.query_params.to_dict())
            st.link_button(t("cookie.open"), address, icon=":material/open_in_new:")


def keeps_no_cookie(headers: Mapping[str, str], cookies: Mapping[str, str]) -> bool:
    """Whether a browser opened this session without the cookie that its page had brought.

    Args:
        headers: Of the session's websocket; empty without a browser.
    """
    return bool(headers) and NAME not in cookies


def full_address(address: str, parameters: Mapping[str, str]) -> str:
    """The address of a page with what it asks for."""
    return f"{address}?{urlencode(parameters)}" if parameters else address
