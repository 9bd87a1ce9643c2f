"""How many processors this process may use: those of the computer, less what it was bound to and its container's quota.

A container that is given two of sixty-four processors sees all of them, and is put to sleep for the rest of each
period once its threads have used up what it has.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, MutableMapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

_ROOT, _OWN = Path("/sys/fs/cgroup"), Path("/proc/self/cgroup")
#: How many threads share one operation also decides the order in which convolutions are summed.
_THREADS = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS")
_said = any(os.environ.get(name) for name in _THREADS[:2])


def processors() -> int:
    """How many processors this process may keep busy at a time, at least 1.

    Of a share of a processor nothing is counted: a thread more than there are whole ones would make all of them wait.
    """
    granted = quota()
    return schedulable() if granted is None else max(1, min(schedulable(), int(granted)))


def schedulable() -> int:
    """On how many processors the threads of this process may run; a container's set of processors counts, no quota."""
    if hasattr(os, "process_cpu_count"):  # since Python 3.13
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def quota(root: Path = _ROOT, own: Path = _OWN) -> float | None:
    """How many processors' time the control groups grant, the narrowest of this process' and those above it; or None.

    Args:
        root: Where control groups are mounted.
        own: The file that says in which groups this process is.
    """
    return min(_granted(root, own), default=None)


def _granted(root: Path, own: Path) -> Iterator[float]:
    for controllers, group in _groups(own):
        if not controllers:  # version 2 has one tree for all
            for folder in _upward(root, group):
                yield from _share(*_words(folder / "cpu.max", 2))
        elif "cpu" in controllers:
            for folder in _upward(root / "cpu", group):
                yield from _share(
                    *_words(folder / "cpu.cfs_quota_us", 1), *_words(folder / "cpu.cfs_period_us", 1)
                )


def _groups(own: Path) -> Iterator[tuple[list[str], PurePosixPath]]:
    """The controllers of each tree, and the group of this process in it; no controllers for version 2."""
    with suppress(OSError, UnicodeDecodeError):
        for line in own.read_text(encoding="utf-8").splitlines():
            number, _, rest = line.partition(":")
            controllers, colon, group = rest.partition(":")
            if number and colon:
                yield [one for one in controllers.split(",") if one], PurePosixPath(group)


def _upward(root: Path, group: PurePosixPath) -> Iterator[Path]:
    """The folders of a group and of those above it. Seen from a container some or all may not be there."""
    names = [name for name in group.parts if name not in ("/", "..")]
    for length in range(len(names), -1, -1):
        yield root.joinpath(*names[:length])


def _words(path: Path, count: int) -> list[str]:
    """The words of a small file; empty ones if it is not there or holds another number of them."""
    with suppress(OSError, UnicodeDecodeError):
        words = path.read_text(encoding="ascii").split()
        if len(words) == count:
            return words
    return [""] * count


def _share(time: str, period: str) -> Iterator[float]:
    """The processors that so much time in each period is; nothing if it is without limit."""
    if time.isdecimal() and period.isdecimal() and int(time) and int(period):
        yield int(time) / int(period)


def said() -> bool:
    """Whether whoever started this process has said how many threads it shall have."""
    return _said


def fit_threads(environment: MutableMapping[str, str] = os.environ) -> None:
    """Have libraries use no more threads than there is time for, unless told otherwise: of quotas they know nothing.

    To be called before the first operation. Where there is no quota they count rightly, and keep to what they do.
    """
    if processors() < schedulable():
        for name in _THREADS:
            environment.setdefault(name, str(processors()))


ONE_THREAD = dict.fromkeys(_THREADS, "1")
"""The variables of a process that computes in one thread."""
