"""What the benchmarks found, as records, and the tables made of them. Needs nothing but Python."""

from __future__ import annotations

import json
import math
import os
import platform
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

_SHOWN = ("keras", "tensorflow", "streamlit")
_DIGITS = {"s": 2, "ms": 0, "MB": 0, "%": 1, "": 2, "runs": 0}


@dataclass(frozen=True)
class Figure:
    """One number that was measured."""

    part: str
    name: str
    value: float
    unit: str = ""  # "" is a ratio
    goal: float | None = None  # at most; None where there is none
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the goal is; None where there is none. What is not a number meets none."""
        return None if self.goal is None else self.value <= self.goal


@dataclass(frozen=True)
class Machine:
    """Where it was measured."""

    processor: str
    processors: int
    gigabytes: float
    python: str
    versions: Mapping[str, str]

    @property
    def words(self) -> str:
        """In one line."""
        versions = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        return (
            f"{self.processor}, {self.processors} processors, {self.gigabytes:.0f} GB; "
            f"Python {self.python}, {versions}"
        )


@dataclass
class Kept:
    """All that was measured so far: for each part when, and its samples, by a key each (so that one can go on)."""

    machine: Machine
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)

    def samples(self, part: str) -> dict[str, Any]:
        """Those of a part, which may be added to."""
        found: dict[str, Any] = self.parts.setdefault(part, {"date": "", "seconds": 0.0, "samples": {}})
        samples: dict[str, Any] = found["samples"]
        return samples

    def add(self, part: str, key: str, sample: Any, seconds: float, date: str) -> None:
        """Put one in."""
        self.samples(part)[key] = sample
        self.parts[part]["seconds"] += seconds
        self.parts[part]["date"] = date

    def save(self, path: Path) -> None:
        """Write to a file, whole or not at all."""
        beside = path.with_suffix(".part")
        text = json.dumps(rounded(asdict(self)), indent=1, sort_keys=True, ensure_ascii=False)
        beside.write_text(text + "\n", encoding="utf-8")
        beside.replace(path)

    @classmethod
    def load(cls, path: Path) -> Kept:
        """Read what `save` wrote."""
        found = json.loads(path.read_text(encoding="utf-8"))
        return cls(Machine(**found["machine"]), found["parts"])


def machine() -> Machine:
    """This one."""
    return Machine(
        processor=_processor(),
        processors=_given(),
        gigabytes=round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9),
        python=platform.python_version(),
        versions={name: metadata.version(name) for name in _SHOWN},
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _given() -> int:
    from core.processors import processors

    return processors()


def rounded(value: Any) -> Any:
    """The same with numbers of four digits after the point: more nobody measures."""
    if isinstance(value, Mapping):
        return {key: rounded(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(one) for one in value]
    return round(value, 4) if isinstance(value, float) else value


def geometric_mean(values: Sequence[float]) -> float:
    """Of ratios; not a number for none."""
    return math.exp(statistics.fmean(map(math.log, values))) if values else math.nan


def number(value: float | None, unit: str = "") -> str:
    """As tables show it."""
    if value is None or math.isnan(value):
        return ""
    shown = f"{value:,.{_DIGITS[unit]}f}"
    return shown if not unit else f"{shown} {unit}"


def verdict(figure: Figure) -> str:
    """The goal, and whether it was missed."""
    if figure.goal is None:
        return ""
    return f"≤ {number(figure.goal, figure.unit)}" + ("" if figure.met else " **missed**")


def markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; the columns after the first stand to the right."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def listed(figures: Iterable[Figure]) -> str:
    """Figures as a table, one a line."""
    rows = [
        (one.name + (f" ({one.note})" if one.note else ""), number(one.value, one.unit), verdict(one))
        for one in figures
    ]
    return markdown(("figure", "measured", "goal"), rows)


def between(text: str, begin: str, end: str, new: str) -> str:
    """A text with what stands between two markers replaced; ValueError if they are not there once each, in order."""
    if text.count(begin) != 1 or text.count(end) != 1 or text.index(begin) > text.index(end):
        raise ValueError(f"the text needs {begin} and then {end}, once each")
    before, _, rest = text.partition(begin)
    return f"{before}{begin}\n{new}\n{end}{rest.partition(end)[2]}"
