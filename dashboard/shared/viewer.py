"""Who looks at a page: which browser, by its cookie, and from where. Nobody logs in, so this is all that is known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlencode, urlsplit

import streamlit as st

from dashboard.shared.language import Language

OWNER_COOKIE = "turning_point_owner"
#: What the server makes: 128 random bits. Anything else, such as the name of the command line, was made up.
_MADE_HERE = re.compile(r"[A-Za-z0-9_-]{22}")
COMMAND_LINE = "cli"
"""Whose the runs of the command line are."""

#: Headers by which something in between says that it speaks for somebody else.
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
_ONE_NETWORK = 64  # bits: a single computer may take any address below them


@dataclass(frozen=True)
class Viewer:
    """A browser: the opaque code of its cookie, which it may make up, and the address of the computer it runs on.

    The address is "" for the server's own computer.
    """

    owner: str
    address: str = ""

    @property
    def is_here(self) -> bool:
        """Whether it runs on the computer of the server."""
        return not self.address

    def may_change(self, owner: str) -> bool:
        """Whether it may stop, rename or delete what is this owner's: its own, and here the command line's."""
        return owner == self.owner or (owner == COMMAND_LINE and self.is_here)


def is_cookie(value: object) -> bool:
    """Whether a browser's cookie can be one of ours."""
    return isinstance(value, str) and _MADE_HERE.fullmatch(value) is not None


def not_yours(owner: str) -> str:
    """The key of what is said to whoever may only watch a training of this owner's."""
    return "run.not_yours.command_line" if owner == COMMAND_LINE else "run.not_yours"


def address_of(peer: str | None, headers: Mapping[str, str]) -> str:
    """From where a browser came, as runs are counted by it: "" for this computer.

    That is also where `peer`, the other end of the connection, is None. A browser that came here by way of a proxy on
    this computer is not on it: the names in its address bar tell. For IPv6 it is the network of 64 bits, since one
    computer may use any address in it.
    """
    if peer is None:
        return "" if _is_direct(headers) else "proxy"
    try:
        found = ip_address(peer.partition("%")[0])
    except ValueError:
        return peer[:64]
    found = _plain(found)
    if found.is_loopback:
        return "" if _is_direct(headers) else "proxy"
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found, _ONE_NETWORK), strict=False))
    return str(found)


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """An IPv4 address that is written as an IPv6 one, as the IPv4 address that it is."""
    return getattr(address, "ipv4_mapped", None) or address


def _is_direct(headers: Mapping[str, str]) -> bool:
    lower = {name.lower(): value for name, value in headers.items()}
    if any(name in lower for name in _FORWARDED):
        return False
    names = [urlsplit(f"//{lower['host']}").hostname] if "host" in lower else []
    if "origin" in lower:
        names.append(urlsplit(lower["origin"]).hostname)
    return all(name is not None and is_own_name(name) for name in names)


def is_own_name(name: str) -> bool:
    """Whether a name in an address leads each computer to itself: "localhost", "127.0.0.1", "::1"."""
    if name.lower().rstrip(".") == "localhost" or name.lower().rstrip(".").endswith(".localhost"):
        return True
    try:
        return _plain(ip_address(name.strip("[]"))).is_loopback
    except ValueError:
        return False


# A browser that keeps no cookie


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

    The headers are those of the session's websocket; there are none without a browser.
    """
    return bool(headers) and OWNER_COOKIE not in cookies


def full_address(address: str, parameters: Mapping[str, str]) -> str:
    """The address of a page with what it asks for."""
    return f"{address}?{urlencode(parameters)}" if parameters else address
