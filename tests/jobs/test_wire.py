"""Messages that are signed, and the file that says where and with what."""

from __future__ import annotations

import json
import stat
import sys

import pytest

from core.jobs import protocol
from core.settings import Settings

GREETING = protocol.new_greeting()


def test_what_is_signed_comes_back() -> None:
    line = protocol.signed("secret", GREETING, "question", b'{"a b": 1}')
    assert line.count(b"\n") == 1
    assert protocol.checked("secret", GREETING, "question", line) == b'{"a b": 1}'
    assert b"secret" not in line


@pytest.mark.parametrize(
    ("secret", "greeting", "direction"),
    [
        ("another", GREETING, "question"),
        ("secret", protocol.new_greeting(), "question"),  # said again on another connection
        ("secret", GREETING, "answer"),  # sent back to where it came from
    ],
    ids=["another secret", "another greeting", "another direction"],
)
def test_what_was_signed_otherwise_is_not_heard(
    secret: str, greeting: bytes, direction: protocol.Direction
) -> None:
    line = protocol.signed("secret", GREETING, "question", b"{}")
    with pytest.raises(ValueError, match="not signed"):
        protocol.checked(secret, greeting, direction, line)


@pytest.mark.parametrize("line", [b"", b"\n", b"{}\n", b" {}\n", "é {}\n".encode()])
def test_what_was_not_signed_is_not_heard(line: bytes) -> None:
    with pytest.raises(ValueError, match="not signed"):
        protocol.checked("secret", GREETING, "question", line)


def test_changed_and_unfinished_lines_are_not_heard() -> None:
    line = protocol.signed("secret", GREETING, "question", b'{"row":1}')
    for changed in (line.replace(b"1}", b"2}"), line[:-1], line[:-3] + b"\n"):
        with pytest.raises(ValueError, match="not signed"):
            protocol.checked("secret", GREETING, "question", changed)


def test_the_address_is_for_its_owner_only(settings: Settings) -> None:
    assert protocol.read_address(settings.home) is None
    first = protocol.write_address(settings.home, 5)
    second = protocol.write_address(settings.home, 6)
    assert first.secret != second.secret
    assert protocol.read_address(settings.home) == second
    if sys.platform != "win32":
        assert stat.S_IMODE((settings.home / "answers.json").stat().st_mode) == 0o600
    protocol.remove_address(settings.home)
    protocol.remove_address(settings.home)
    assert protocol.read_address(settings.home) is None


def test_a_spoiled_address_and_one_of_another_computer_are_none(settings: Settings) -> None:
    path = settings.home / "answers.json"
    for content in (
        "",
        "{}",
        "[]",
        '{"computer": "elsewhere", "port": 5, "secret": "x"}',
        json.dumps({"port": "x"}),
    ):
        path.write_text(content)
        assert protocol.read_address(settings.home) is None
