"""Keras without what it imports only to work with other packages, where those happen to be installed.

Its wrappers for scikit-learn, its pictures by Matplotlib and its reading of pandas' tables are used by nothing here,
but would cost every process that trains some 90 MB and the time to load a thousand modules.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

UNUSED = frozenset({"matplotlib", "pandas", "sklearn"})
"""What is not there for Keras and TensorFlow while they are imported; they do without, as where it is not installed."""
_IMPORTERS = ("keras", "tensorflow")


class _NotForKeras(MetaPathFinder):
    """Finds nothing, but says of the unused packages that they are not there while Keras is being imported."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """None: others may look for it; or ModuleNotFoundError."""
        if name in UNUSED and any(map(_being_imported, _IMPORTERS)):
            raise ModuleNotFoundError(f"{name} is left out while Keras is imported", name=name)
        return None


def _being_imported(name: str) -> bool:
    # As the import system itself marks a module that another thread has begun to import.
    spec = getattr(sys.modules.get(name), "__spec__", None)
    return bool(getattr(spec, "_initializing", False))


def install() -> None:
    """Have Keras, if it is imported later, left without the unused packages; everybody else finds them."""
    if not any(isinstance(finder, _NotForKeras) for finder in sys.meta_path):
        sys.meta_path.insert(0, _NotForKeras())
