"""How a question reaches the engine: one signed line of JSON each way over a loopback connection.

The engine greets with a random number. A message is a line: an HMAC over that number, the direction and the
content, a blank, and the content. So only who knows the secret, which lies in a file that its owner alone may read,
can ask or answer, nothing can be said twice, and the secret itself never goes over the connection. Contents are
JSON, checked against the records of `core.inference.kinds`: nothing that is received can run.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.jobs.computer import this_computer

_NAME = "answers.json"

#: The longest line each way, in bytes: a text of 20,000 characters in any script; the answer to it with effects
#: on 46 topics.
LONGEST = {"question": 250_000, "answer": 16_000_000}

Direction = Literal["question", "answer"]


def new_greeting() -> bytes:
    """A line with a random number that both sides sign."""
    return secrets.token_hex(16).encode() + b"\n"


def signed(secret: str, greeting: bytes, direction: Direction, content: bytes) -> bytes:
    """The line that carries a content without line breaks."""
    return _signature(secret, greeting, direction, content) + b" " + content + b"\n"


def checked(secret: str, greeting: bytes, direction: Direction, line: bytes) -> bytes:
    """The content of a line.

    Raises:
        ValueError: If it is not complete, or not signed by somebody who knows the secret.
    """
    signature, blank, content = line.removesuffix(b"\n").partition(b" ")
    complete = blank and line.endswith(b"\n")
    if not complete or not hmac.compare_digest(signature, _signature(secret, greeting, direction, content)):
        raise ValueError("this was not signed with the secret of this home")
    return content


def _signature(secret: str, greeting: bytes, direction: Direction, content: bytes) -> bytes:
    message = b"\n".join((greeting.strip(), direction.encode(), content))
    return hmac.digest(secret.encode(), message, "sha256").hex().encode()


@dataclass(frozen=True)
class Address:
    """Where the engine of a home listens.

    Attributes:
        computer: Which computer it is on, by `this_computer`; it listens on its loopback only.
        port: The port.
        secret: What signs.
    """

    computer: str
    port: int
    secret: str


def read_address(home: Path) -> Address | None:
    """Where the engine of a home folder listens; None if it does not, or on another computer."""
    try:
        said = json.loads((home / _NAME).read_text(encoding="utf-8"))
        address = Address(str(said["computer"]), int(said["port"]), str(said["secret"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return address if address.computer == this_computer() else None


def write_address(home: Path, port: int) -> Address:
    """Say where the engine of a home folder listens, with a new secret, to whoever owns the folder."""
    address = Address(this_computer(), port, secrets.token_urlsafe(32))
    unfinished = home / f"{_NAME}.{os.getpid()}"
    unfinished.unlink(missing_ok=True)
    opener = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opener, "w", encoding="utf-8") as file:
        json.dump({"computer": address.computer, "port": address.port, "secret": address.secret}, file)
    unfinished.replace(home / _NAME)
    return address


def remove_address(home: Path) -> None:
    """Say that nobody listens any more."""
    (home / _NAME).unlink(missing_ok=True)
