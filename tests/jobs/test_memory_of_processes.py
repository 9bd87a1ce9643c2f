"""What the fork server does so that its workers share memory: by the kernel's own tables."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from core.jobs.processes import _unwritten

ROOT = Path(__file__).parents[2]

SMAPS = """\
7f0000000000-7f0000002000 r--p 00000000 fe:00 12 /there/libone.so
Size:                  8 kB
Anonymous:             0 kB
VmFlags: rd mr mw me
7f0000002000-7f0000004000 r-xp 00002000 fe:00 12 /there/with a space/libone.so
Anonymous:             0 kB
7f0000004000-7f0000006000 r--p 00004000 fe:00 12 /there/libone.so
Anonymous:             4 kB
7f0000006000-7f0000008000 rw-p 00006000 fe:00 12 /there/libone.so
Anonymous:             0 kB
7f0000008000-7f000000a000 r--p 00000000 00:00 0
Anonymous:             0 kB
7f000000a000-7f000000c000 r--s 00000000 fe:00 13 /there/shared
Anonymous:             0 kB
7f000000c000-7f000000e000 r-xp 00000000 00:00 0 [vdso]
Anonymous:             0 kB
"""


def test_only_pages_that_are_as_in_their_files_are_let_go() -> None:
    assert list(_unwritten(SMAPS)) == [
        (0x7F0000000000, 0x7F0000002000),
        (0x7F0000002000, 0x7F0000004000),
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="needs the kernel's table of a process")
def test_a_process_that_has_let_go_of_pages_works_on_and_is_smaller() -> None:
    code = """
import numpy as np
from core.jobs.processes import release_file_pages
def resident():
    lines = open("/proc/self/smaps_rollup").read().splitlines()[1:]
    return {line.split(":")[0]: int(line.split()[1]) for line in lines}
x = np.arange(16.0).reshape(4, 4)
expected, before = np.linalg.inv(x + np.eye(4)), resident()
release_file_pages()
after = resident()
assert after["Rss"] < before["Rss"] - 1000, (before, after)
assert abs(after["Anonymous"] - before["Anonymous"]) < 1000
assert (np.linalg.inv(x + np.eye(4)) == expected).all()
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=240)


def test_the_engine_loads_no_packages_only_to_name_them_to_the_fork_server() -> None:
    code = """
import sys
from multiprocessing import forkserver
started = []
forkserver.ensure_running = lambda: started.append(True)
from distributed.utils import get_mp_context
from core.jobs import cluster
cluster.configure()
get_mp_context()  # as each nanny does
assert not {"pandas", "pyarrow"} & sys.modules.keys()
if started:
    assert forkserver._forkserver._preload_modules == ["core.jobs.fork_server"]
assert bool(started) == (sys.platform == "linux")
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=240)
