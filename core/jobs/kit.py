"""What a training depends on beside its experiment: libraries, this program's code and data, the machine.

A worker of a cluster elsewhere tells the scheduler when it joins; the engine compares that with its own. Needs no
Keras.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import core
from core.processors import processors

ANNOUNCED = "turning_point"
"""Under what a worker tells the scheduler its kit (in Dask's startup information)."""

#: What must be equal, so that a run is the same wherever it is trained.
_LIBRARIES = ("keras", "tensorflow", "numpy", "distributed")
_OURS = ("data", "code")
#: TensorFlow goes by several names.
_PACKAGES = {"tensorflow": ("tensorflow", "tensorflow-cpu", "tensorflow_cpu_aws", "tensorflow-intel")}
#: What the program is made of; recorded runs and words of pages decide nothing about a training.
_KINDS = frozenset({".py", ".json", ".toml", ".jinja", ".npz"})
#: Where it says what data sets there are, with their digests, and what becomes of them.
_DATA = ("catalog", "datasets")
_DIGITS = 12


@dataclass(frozen=True)
class Kit:
    """What one process trains with.

    Attributes:
        code: Digest of this program's files; `data` that of what it knows about data sets.
        processor: Its name and vector instructions: the last digits of sums may depend on them, so they are told.
        threads: How many a training may share an operation among; a network that gains nothing by them uses one.
    """

    keras: str
    tensorflow: str
    numpy: str
    distributed: str
    data: str
    code: str
    python: str
    processor: str
    processors: int
    threads: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for the scheduler."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True)
class Difference:
    """Something of a worker that is not as the engine has it."""

    name: str
    theirs: str
    ours: str

    @property
    def is_library(self) -> bool:
        """Whether it is a library, else this program itself."""
        return self.name in _LIBRARIES


@cache
def kit() -> Kit:
    """That of this process, as it was when first asked: what changes on the disk later is not what it runs."""
    return Kit(
        **{name: _version(name) for name in _LIBRARIES},
        data=_digest(*(Path(core.__file__).parent / folder for folder in _DATA)),
        code=_digest(Path(core.__file__).parent),
        python=platform.python_version(),
        processor=_processor(),
        processors=processors(),
        threads=_threads(),
    )


def differences(ours: Kit, theirs: Mapping[str, object]) -> list[Difference]:
    """What of a worker's kit must be as in ours and is not, in the order in which one would mend it."""
    return [
        Difference(name, str(theirs.get(name, "?")), str(getattr(ours, name)))
        for name in (*_LIBRARIES, *_OURS)
        if theirs.get(name) != getattr(ours, name)
    ]


def _version(name: str) -> str:
    loaded = sys.modules.get(name)  # what runs, where something newer has been installed since
    if loaded is not None and isinstance(getattr(loaded, "__version__", None), str):
        return str(loaded.__version__)
    for package in _PACKAGES.get(name, (name,)):
        try:
            return metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return "none"


def _digest(*folders: Path) -> str:
    found = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in _KINDS and "__pycache__" not in path.parts:
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                found.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    return found.hexdigest()[:_DIGITS]


def _processor() -> str:
    """The name of the processor, and the widest vectors it knows."""
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:  # not on Linux
        return platform.processor() or platform.machine()
    lines: dict[str, str] = {}
    for line in told.splitlines():
        name, _, value = line.partition(":")
        lines.setdefault(name.strip(), value.strip())  # all processors of a computer are alike
    flags = lines.get("flags", lines.get("Features", "")).split()
    vectors = [name for name in ("avx512f", "avx2", "avx", "sve", "asimd") if name in flags][:1]
    return " ".join([lines.get("model name", platform.machine()), *vectors])


def _threads() -> int:
    named = os.environ.get("TF_NUM_INTRAOP_THREADS", "")
    return int(named) if named.isdigit() and int(named) else processors()
