"""What is made once for each key, by threads that ask at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from core.inference.kept import OnceEach


def test_those_asked_last_are_kept() -> None:
    made: list[str] = []
    values: OnceEach[str, str] = OnceEach(2)
    for key in "aababcacb":
        assert values.get(key, lambda key=key: made.append(key) or key.upper()) == key.upper()  # type: ignore[misc]
    assert "".join(made) == "abcab"
    assert len(values) == 2


def test_what_could_not_be_made_is_not_kept_and_takes_no_room() -> None:
    values: OnceEach[str, str] = OnceEach(1)
    values.get("good", lambda: "kept")

    def fail() -> str:
        raise OSError("gone")

    for _ in range(3):
        with pytest.raises(OSError, match="gone"):
            values.get("bad", fail)
    assert len(values) == 1
    assert values.get("good", fail) == "kept"
    assert values.get("bad", lambda: "there again") == "there again"


def test_whoever_waited_for_a_failure_tries_again_itself() -> None:
    values: OnceEach[str, int] = OnceEach(1)
    begun, may_fail = Event(), Event()

    def fail() -> int:
        begun.set()
        assert may_fail.wait(60)
        raise OSError("gone")

    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(values.get, "key", fail)
        assert begun.wait(60)
        made: list[int] = []
        others = [
            threads.submit(values.get, "key", lambda: made.append(1) or len(made))  # type: ignore[func-returns-value]
            for _ in range(3)
        ]
        may_fail.set()
        with pytest.raises(OSError, match="gone"):
            first.result()
        assert [other.result() for other in others] == [1, 1, 1]
    assert made == [1]
