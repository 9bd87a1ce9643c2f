"""Under which addresses a page of this server is reached, for a link that others are to open. No Streamlit widgets."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit, urlunsplit

from streamlit import config

from dashboard.shared.viewer import is_own_name

#: A network that is there for examples (RFC 5737): nothing is sent, the system only says from where it would be.
_SOMEWHERE = ("192.0.2.1", 9)


@dataclass(frozen=True)
class Addresses:
    """The addresses of one page.

    Attributes:
        here: As this browser reaches it.
        network: As other computers do, where `here` would lead each of them to itself; "" where it does not, or no
            other computer can reach this server.
        only_here: Whether no other computer reaches this server.
    """

    here: str
    network: str = ""
    only_here: bool = False

    @property
    def best(self) -> str:
        """The one for others."""
        return self.network or self.here


def addresses(url: str | None, parameters: Mapping[str, str]) -> Addresses:
    """The addresses of the page at `url`, as the browser says it, with what it asks for."""
    parts = urlsplit(url or "http://localhost/")
    query = urlencode(parameters, safe=",:")
    here = urlunsplit(parts._replace(query=query, fragment=""))
    if not is_own_name(parts.hostname or ""):
        return Addresses(here)
    if is_own_name(str(config.get_option("server.address") or "")):
        return Addresses(here, only_here=True)
    found = network_address()
    if found is None:
        return Addresses(here)
    port = f":{parts.port}" if parts.port else ""
    return Addresses(here, urlunsplit(parts._replace(netloc=f"{found}{port}", query=query, fragment="")))


def network_address() -> str | None:
    """The address of this computer in its network; None if it is in none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_SOMEWHERE)
        except OSError:
            return None
        found = str(probe.getsockname()[0])
    return None if is_own_name(found) or found == "0.0.0.0" else found  # noqa: S104 - compared, not bound
