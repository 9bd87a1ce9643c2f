"""Kept translations: a loop that XLA has translated once is taken from the home folder the next time.

XLA can write a translated program into a folder and take it from there, but does neither check such a file nor write
it in one piece. So each process gives it a folder of its own, the slot, into which a kept program is put before the
translation and out of which a new one is taken afterwards. What is kept is found by a digest of all that the program
follows from (network, shapes, versions, processor, threads) and used only if it is whole and nobody else could have
written it: it is machine code. XLA itself then compares the operations, one by one, with those that were asked for.

The numbers are those of a fresh translation, to the last bit. Whatever is wrong with a kept program costs a translation
and nothing else. Linux only: elsewhere every training translates anew.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any

from core.free_space import MARGIN, free_bytes
from core.settings import Settings

_log = logging.getLogger(__name__)

_FLAGS = "TF_XLA_FLAGS"
#: A file system in memory, for the slot of a process whose disk is full: XLA gives up if it cannot write.
_MEMORY = Path("/dev/shm")  # noqa: S108 - only a private folder in it is used

_FOLDER = "translations"
_FORMAT = b"turning-point translation 1"
_NAME = re.compile(rb"[A-Za-z0-9_]{1,200}\.pb")
_MOST_BYTES = 64_000_000
"""What all kept programs may take together; the one that was used longest ago goes first."""
_LARGEST = 16_000_000
_slot: Path | None = None
_place: Path | None = None
_STALE = 3600.0  # seconds after which a file that somebody has begun to write is taken for forgotten


def put_slot_into(folder: Path) -> None:
    """Have the slot of this process made in a folder that somebody else removes, also if the process is killed."""
    global _place
    _place = folder


def open_slot() -> bool:
    """Give this process its slot, a private folder; whether it has one now.

    To be called before anything else is computed, but after it is said how many threads there are: TensorFlow reads its
    flags with its first operation, which happens here.
    """
    import tensorflow as tf

    global _slot
    if sys.platform != "linux" or _slot is not None:
        return _slot is not None
    before = os.environ.get(_FLAGS, "")
    try:
        slot = Path(tempfile.mkdtemp(prefix="translations-", dir=_place))
    except OSError as error:
        _log.warning("There is no place for translations: %s", error)
        return False
    _remove_at_end(slot)
    os.environ[_FLAGS] = (
        f"{before} --tf_xla_persistent_cache_directory={slot} --tf_xla_persistent_cache_device_types=CPU"
    )
    try:
        tf.function(lambda: tf.constant(1.0) + 1.0, jit_compile=True, autograph=False)()
    except tf.errors.OpError as error:  # XLA is not part of every TensorFlow
        _log.warning("Nothing can be translated here: %s", error)
    finally:
        if before:
            os.environ[_FLAGS] = before
        else:
            del os.environ[_FLAGS]
    # Nothing is there if something was computed before, or if the environment has XLA write elsewhere.
    if any(slot.iterdir()):
        _slot = slot
        _empty(slot)
    return _slot is not None


@dataclass(frozen=True)
class Translations:
    """The programs kept in one folder, which only its owner may write."""

    folder: Path
    slot: Path  # of this process

    @classmethod
    def of(cls, settings: Settings) -> Translations | None:
        """Those of a home; None where nothing can be kept: without a slot, or in a folder that others may write."""
        if _slot is None:
            return None
        folder = settings.home / _FOLDER
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            about = folder.lstat()
        except OSError as error:
            _log.warning("Translations cannot be kept in %s: %s", folder, error)
            return None
        if not stat.S_ISDIR(about.st_mode) or not _is_ours(about):
            _log.warning("Translations are not kept in %s: others may write there.", folder)
            return None
        return cls(folder, _slot)

    def fetch(self, key: str) -> str:
        """Put a kept program where XLA will find it; its file there, "" if there is none that is fit for use."""
        _empty(self.slot)
        path = self.folder / key
        try:
            name, program = _unpacked(key, _read(path))
            (self.slot / name).write_bytes(program)
            os.utime(path)
        except FileNotFoundError:
            return ""
        except (OSError, ValueError) as error:
            _log.warning("A kept translation is not used: %s: %s", path.name, error)
            self.discard(key)
            return ""
        return name

    def discard(self, key: str) -> None:
        """Keep this one no longer."""
        with suppress(OSError):
            (self.folder / key).unlink()
        _empty(self.slot)

    def keep(self, key: str, fetched: str = "") -> bool:
        """Keep the program that XLA has made beside the one that was fetched, if it has; whether it was kept."""
        names = {path.name for path in self.slot.iterdir()} - {fetched}
        made = [self.slot / name for name in names if _NAME.fullmatch(os.fsencode(name))]
        try:
            if len(made) != 1 or not 0 < made[0].stat().st_size <= _LARGEST:
                return False
            self._write(key, _packed(key, made[0].name, made[0].read_bytes()))
            self._make_room()
        except OSError as error:
            _log.warning("A translation could not be kept: %s", error)
            return False
        finally:
            _empty(self.slot)
        return True

    def _write(self, key: str, content: bytes) -> None:
        descriptor, begun = tempfile.mkstemp(dir=self.folder, prefix=".")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            Path(begun).replace(self.folder / key)
        except OSError:
            Path(begun).unlink(missing_ok=True)
            raise

    def _make_room(self) -> None:
        kept, total, now = [], 0, time.time()
        for path in self.folder.iterdir():
            with suppress(FileNotFoundError):  # another worker has just done the same
                about = path.lstat()
                if not path.name.startswith("."):
                    kept.append((about.st_mtime, about.st_size, path))
                    total += about.st_size
                elif now - about.st_mtime > _STALE:
                    path.unlink()
        for _, size, path in sorted(kept):
            if total <= _MOST_BYTES:
                break
            path.unlink(missing_ok=True)
            total -= size


def key_of(network: Mapping[str, Any]) -> str:
    """The name under which a program is kept: all it follows from, which is more than XLA compares."""
    facts = json.dumps({"network": network, "machine": _machine()}, sort_keys=True, default=str)
    return hashlib.sha256(facts.encode()).hexdigest()


@cache
def _machine() -> dict[str, Any]:
    """What a program follows from beside its network: versions, the processor, threads."""
    import keras
    import tensorflow as tf

    seen = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").split("\n\n")[0]
    processor = [line for line in seen.splitlines() if "MHz" not in line and "bogomips" not in line.lower()]
    return {
        "versions": (sys.version, tf.__version__, tf.version.GIT_VERSION, keras.__version__),
        "processor": processor,
        "processors": len(os.sched_getaffinity(0)),
        "threads": (
            tf.config.threading.get_intra_op_parallelism_threads(),
            tf.config.threading.get_inter_op_parallelism_threads(),
        ),
        "environment": {
            name: value for name, value in os.environ.items() if name.startswith(("TF_", "XLA_", "OMP_"))
        },
    }


def _is_ours(about: os.stat_result) -> bool:
    return about.st_uid == os.getuid() and not about.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _read(path: Path) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode) or not _is_ours(about):
            raise ValueError("others may have written it")
        return file.read(2 * _LARGEST)


def _packed(key: str, name: str, program: bytes) -> bytes:
    body = b"\n".join((key.encode(), name.encode(), program))
    return b"\n".join((_FORMAT, hashlib.sha256(body).hexdigest().encode(), body))


def _unpacked(key: str, content: bytes) -> tuple[str, bytes]:
    """Name and program; a ValueError unless they are what was packed under this key."""
    parts = content.split(b"\n", 4)
    if len(parts) != 5 or parts[0] != _FORMAT:
        raise ValueError("it is none of ours")
    _, digest, said, name, program = parts
    whole = hashlib.sha256(b"\n".join((said, name, program))).hexdigest()
    if digest.decode("ascii", "replace") != whole:
        raise ValueError("it is damaged")
    if said.decode("ascii", "replace") != key or not _NAME.fullmatch(name):
        raise ValueError("it is another one")
    return name.decode("ascii"), program


def _empty(slot: Path) -> None:
    """Remove what is in a slot; if its disk is full, have it in memory from now on."""
    with suppress(OSError):
        for path in slot.iterdir():
            path.unlink()
        if (free_bytes(slot) or MARGIN) < MARGIN < (free_bytes(_MEMORY) or 0) and not slot.is_symlink():
            elsewhere = Path(tempfile.mkdtemp(prefix="translations-", dir=_MEMORY))
            _remove_at_end(elsewhere)
            slot.rmdir()
            slot.symlink_to(elsewhere)


def _remove_at_end(folder: Path) -> None:
    """At the end of this process, also of one that `multiprocessing` has begun."""
    Finalize(None, shutil.rmtree, (folder,), {"ignore_errors": True}, exitpriority=1)
