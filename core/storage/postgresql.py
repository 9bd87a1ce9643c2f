"""A connection to PostgreSQL that does not wait for ever on a server that has fallen silent."""

from __future__ import annotations

import time
from typing import TypeVar

import psycopg
from psycopg import abc
from psycopg.rows import Row

#: Seconds that a server gets for one statement. The longest of ours takes a fraction of one.
LONGEST = 10.0

RV = TypeVar("RV")


class ImpatientConnection(psycopg.Connection[Row]):
    """Gives up, and is of no use any more, when the server has not answered for `LONGEST` seconds.

    A server that is frozen, or cut off without a word, is else waited for as long as TCP likes: minutes to hours,
    or for ever where it is on the same computer.
    """

    def wait(self, gen: abc.PQGen[RV], *arguments: object, **options: object) -> RV:
        """Consume a generator that talks to the server, as `psycopg.Connection.wait` does.

        Raises:
            psycopg.OperationalError: If the server does not answer in time.
        """
        return super().wait(self._in_time(gen), *arguments, **options)  # type: ignore[arg-type]

    def _in_time(self, gen: abc.PQGen[RV]) -> abc.PQGen[RV]:
        deadline = time.monotonic() + LONGEST
        try:
            state = next(gen)
            while True:
                ready = yield state  # now and then, also when nothing has come
                if not ready and time.monotonic() > deadline:
                    self.pgconn.finish()
                    raise psycopg.OperationalError(f"no answer within {LONGEST:.0f} s")
                state = gen.send(ready)
        except StopIteration as end:
            value: RV = end.value
            return value
