"""How much of what somebody brings along is looked at: beyond these bounds it is refused before it is read."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import DataError

_MEGA = 1_000_000


@dataclass(frozen=True)
class Limits:
    """Bounds of one data set.

    Attributes:
        files: Files in a folder or archive, folders not counted.
        packed: Bytes of all that is handed in, as it comes.
        unpacked: Bytes of it when unpacked.
        file: Bytes of one picture or text.
        pixels: Pixels of one picture.
        samples: Samples, training and test together.
        values: Values of all images together, as uint8.
        characters: Characters of one text.
        columns: Columns of a table.
        depth: Folders inside of folders.
        seconds: How long reading may take.
        memory: Bytes of memory that reading may use.
    """

    files: int = 200_000
    packed: int = 300 * _MEGA
    unpacked: int = 1_500 * _MEGA
    file: int = 50 * _MEGA
    pixels: int = 50 * _MEGA
    samples: int = 250_000
    values: int = 300 * _MEGA
    characters: int = 100_000
    columns: int = 13_000
    depth: int = 8
    seconds: int = 300
    memory: int = 1_000 * _MEGA

    def too_heavy(self) -> DataError:
        """What to say where reading needs more memory than it may use."""
        return DataError("own_data_too_heavy", limit=round(self.memory / _MEGA))


LIMITS = Limits()
FEWEST_CLASSES, MOST_CLASSES = 2, 100
"""How many classes a data set has."""
FEWEST_TRAINING = 10
"""So many samples there must be to learn from."""
