"""Who looks at a page: which browser, by its cookie, and from where. Nobody logs in, so this is all that is known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

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
