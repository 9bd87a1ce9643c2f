"""Trainings give way to pages, also where the kernel shares the processors out by sessions."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
AUTOGROUP = Path("/proc/self/autogroup")
CODE = """
import os
from pathlib import Path
from core.jobs.processes import lower_priority
lower_priority()
print(os.nice(0), os.getsid(0) == os.getpid(), *Path("/proc/self/autogroup").read_text().split())
"""

pytestmark = pytest.mark.skipif(not AUTOGROUP.exists(), reason="sessions do not count on this computer")


def test_a_training_has_a_session_of_its_own_of_the_lowest_priority() -> None:
    said = subprocess.run([sys.executable, "-c", CODE], cwd=ROOT, check=True, capture_output=True, text=True)
    nice, leads, group, _, session_nice = said.stdout.split()
    assert (nice, leads, session_nice) == ("19", "True", "19")
    assert group != AUTOGROUP.read_text(encoding="ascii").split()[0]


def test_two_that_start_at_once_are_both_heard() -> None:
    """The kernel takes one change in a tenth of a second, of all that do not administer the computer."""
    both = [
        subprocess.Popen([sys.executable, "-c", CODE], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert [one.communicate()[0].split()[-1] for one in both] == ["19", "19"]


def test_a_process_that_leads_a_session_leaves_its_neighbours_alone() -> None:
    said = subprocess.run(
        [sys.executable, "-c", CODE],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        start_new_session=True,
    )
    assert said.stdout.split()[:2] == ["19", "True"]
    assert said.stdout.split()[-1] != "19"
