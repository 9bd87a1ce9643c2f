"""How the house is built: its rooms (folders, and modules beside them), arrows (imports), lines and files.

    python -m tools.rooms

prints the figures that `tests/test_architecture.py` holds.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
#: The floors of `dashboard`, from the ground. A room imports what lies below its floor, never beside or above it.
FLOORS: tuple[frozenset[str], ...] = (
    frozenset({"shared"}),
    frozenset({"live", "study"}),  # parts of pages that several of them show
    frozenset({"learn", "data", "lab", "run", "compare", "trying"}),
    frozenset({"home", "classroom"}),  # one shows the cards of the lessons, one opens their steps
    frozenset({"server"}),
    frozenset({"app", "main"}),
)


def modules(package: str) -> list[Path]:
    """The Python files of `core` or `dashboard`, sorted."""
    return sorted((ROOT / package).rglob("*.py"))


@cache
def imports(path: Path) -> frozenset[str]:
    """The modules a file imports anywhere, dotted; of `from a import b` both `a` and `a.b`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def _room(parts: tuple[str, ...]) -> str:
    """The room of a module, from its dotted parts below the package: the first folder, or the module itself."""
    return parts[0].removesuffix(".py")


def arrows(package: str) -> dict[tuple[str, str], set[Path]]:
    """Which room imports which other one, and the files that do."""
    found: dict[tuple[str, str], set[Path]] = defaultdict(set)
    for path in modules(package):
        here = _room(path.relative_to(ROOT / package).parts)
        for name in imports(path):
            root, *parts = name.split(".")
            if root != package or not parts:
                continue
            there = _room(tuple(parts))
            if there != here:
                found[here, there].add(path)
    return dict(found)


def floor(room: str) -> int:
    """The floor of a room of `dashboard`, 0 at the ground.

    Raises:
        StopIteration: A folder that `FLOORS` does not have.
    """
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


def upward(found: Mapping[tuple[str, str], Iterable[Path]]) -> dict[tuple[str, str], list[Path]]:
    """The arrows of `dashboard` that do not lead to a lower floor."""
    return {
        (here, there): sorted(paths) for (here, there), paths in found.items() if floor(here) <= floor(there)
    }


def cycle(found: Iterable[tuple[str, str]]) -> list[str]:
    """Rooms that import each other in a circle, directly or through others, or none."""
    left = set(found)
    while left:
        leaves = {there for _, there in left} - {here for here, _ in left}
        tops = {here for here, _ in left} - {there for _, there in left}
        fewer = {(here, there) for here, there in left if there not in leaves and here not in tops}
        if fewer == left:
            return sorted({room for arrow in left for room in arrow})
        left = fewer
    return []


def lines(path: Path) -> int:
    """The number of lines of a file."""
    return len(path.read_text("utf-8").splitlines())


def main() -> None:
    """Print the figures."""
    for package in ("core", "dashboard"):
        found = arrows(package)
        files = modules(package)
        rooms = {_room(path.relative_to(ROOT / package).parts) for path in files} - {"__init__"}
        longest = max(files, key=lines)
        print(f"{package}: {sum(map(lines, files))} lines in {len(files)} files")
        print(f"  longest: {longest.relative_to(ROOT)}, {lines(longest)} lines")
        print(f"  {len(rooms)} rooms, {len(found)} arrows, in a circle: {', '.join(cycle(found)) or 'none'}")
    for (here, there), paths in upward(arrows("dashboard")).items():
        print(f"upward: {here} -> {there}: {', '.join(str(path.relative_to(ROOT)) for path in paths)}")


if __name__ == "__main__":
    main()
