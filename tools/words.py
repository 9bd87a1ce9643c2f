"""Which keys of the language files the code does not use, and which it uses although they are not there.

    python -m tools.words

prints what `tests/dashboard/test_language.py` holds to be nothing. A key is used where a string is it. Where an
f-string makes it, as `t(f"home.step.{page}")` does, each place must be filled by a word of that module, of one it
imports, or of `core`: so "home.step.data" is used if "data" is such a word. A place at the beginning, as in
`f"{words}.{code}"`, stands for a string of the module or a key it uses; in `shared` for one of any module, as callers
fill it.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

from core import presets
from dashboard.shared.language import language
from tools.rooms import ROOT, imports, modules

#: What takes a key as its first argument.
_SAY = frozenset({"t", "has", "Message"})
#: The beginnings of keys for what `core` says.
_OF_CORE = frozenset({"error", "reason", "advice", "finding", "help", "diagram"})


@dataclass(frozen=True)
class Pattern:
    """An f-string that may make keys, for it has nothing but words, dots and places.

    Attributes:
        text: As it stands in the code.
        open: Whether it begins with a place.
        expression: With a group for each place; only one at the beginning may have dots in it.
        all: What it makes, if each place is a condition between words, or a loop over a literal list; else empty.
    """

    text: str
    open: bool
    expression: re.Pattern[str]
    all: frozenset[str]


@dataclass(frozen=True)
class Source:
    """A module.

    Attributes:
        words: Its strings, but for docstrings, and the names of its classes and their fields.
        patterns: Its f-strings that may make keys.
        keys: The literal keys that it says, and the f-strings it says.
    """

    path: Path
    words: frozenset[str]
    patterns: tuple[Pattern, ...]
    keys: tuple[str | Pattern, ...]


@cache
def source(path: Path) -> Source:
    """Read a module."""
    nodes = tuple(ast.walk(ast.parse(path.read_text("utf-8"))))
    docs = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    words = {str(node.value) for node in nodes if isinstance(node, ast.Constant) and id(node) not in docs}
    for node in nodes:
        if isinstance(node, ast.ClassDef):
            words.add(node.name)
            for line in node.body:
                targets = line.targets if isinstance(line, ast.Assign) else [getattr(line, "target", None)]
                words |= {target.id.lower() for target in targets if isinstance(target, ast.Name)}
    looped = _looped(nodes)
    patterns = {node: found for node in nodes if (found := _pattern(node, looped.get(node, {})))}
    said = [
        branch.value if isinstance(branch, ast.Constant) else patterns.get(branch)
        for node in nodes
        if isinstance(node, ast.Call) and node.args
        if getattr(node.func, "id", getattr(node.func, "attr", "")) in _SAY
        for branch in _branches(node.args[0])
    ]
    return Source(path, frozenset(words), tuple(patterns.values()), tuple(filter(None, said)))


def _branches(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.IfExp):
        yield from (*_branches(node.body), *_branches(node.orelse))
    else:
        yield node


def _looped(nodes: tuple[ast.AST, ...]) -> dict[ast.AST, dict[str, frozenset[str]]]:
    """For what stands in a loop: the words of a literal list that the loop gives to a name."""
    lists = {ast.unparse(node.targets[0]): node.value for node in nodes if isinstance(node, ast.Assign)}
    found: dict[ast.AST, dict[str, frozenset[str]]] = {}
    for node in nodes:  # the outer ones first
        for loop in [node] if isinstance(node, ast.For) else getattr(node, "generators", []):
            over = lists.get(ast.unparse(loop.iter), loop.iter)
            items = over.elts if isinstance(over, ast.Tuple | ast.List) else [over]
            literal = all(isinstance(item, ast.Constant) for item in items)
            words = frozenset(str(item.value) for item in items) if literal else frozenset()
            for inner in ast.walk(node):
                found.setdefault(inner, {})[ast.unparse(loop.target)] = words
    return found


def _pattern(node: ast.AST, looped: dict[str, frozenset[str]]) -> Pattern | None:
    if not isinstance(node, ast.JoinedStr):
        return None
    texts = [str(part.value) for part in node.values if isinstance(part, ast.Constant)]
    if "." not in "".join(texts) or not all(re.fullmatch(r"[\w.-]+", text) for text in texts):
        return None
    filled, expression = [], ""
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            branches = list(_branches(part.value))
            literal = {str(one.value) for one in branches if isinstance(one, ast.Constant)}
            filled.append(
                literal if len(literal) == len(branches) else looped.get(ast.unparse(part.value), set())
            )
            expression += r"([\w-]+)" if expression else r"([\w.-]+)"
        else:
            filled.append({str(part.value)})
            expression += re.escape(str(part.value))
    made = frozenset("".join(one) for one in product(*filled))
    return Pattern(ast.unparse(node), expression.startswith("("), re.compile(expression), made)


def users(keys: Set[str]) -> dict[str, set[Path]]:
    """The keys that the dashboard uses, with the modules that do; those of `core` by none."""
    sources = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): source(path) for path in modules("dashboard")
    }
    of_core = {word for path in modules("core") for word in source(path).words}.union(presets.NAMES)
    raised = of_core.union(*(one.words for one in sources.values()))
    said_by_core = {key: set[Path]() for key in keys if key in of_core or _is_of_core(key, raised)}
    found = defaultdict(set, said_by_core)
    for one in sources.values():
        words = one.words.union(
            of_core, *(sources[name].words for name in imports(one.path) & sources.keys())
        )
        made = one.words & keys
        for pattern in one.patterns:
            if not pattern.open:
                made |= pattern.all & keys or {
                    key for key, places in _matches(pattern, keys) if _all_in(words, places)
                }
        for pattern in one.patterns:
            if pattern.open:
                callers = sources.values() if "shared" in one.path.parts else ()
                for key, (first, *rest) in _matches(pattern, keys):
                    if first in one.words | made and _all_in(words, rest):
                        found[key].add(one.path)
                    for caller in callers:
                        if first in caller.words and _all_in(words, rest, caller.words):
                            found[key].add(caller.path)
        for key in made:
            found[key].add(one.path)
    return found


def _is_of_core(key: str, raised: Set[str]) -> bool:
    """Whether it is a key of what `core` says; of errors only if one of that code is raised."""
    kind, _, code = key.partition(".")
    return kind in _OF_CORE and (kind != "error" or code in raised)


def _matches(pattern: Pattern, keys: Set[str]) -> list[tuple[str, tuple[str, ...]]]:
    return [(key, match.groups()) for key in keys if (match := pattern.expression.fullmatch(key))]


def _all_in(words: Set[str], parts: Iterable[str], more: Set[str] = frozenset()) -> bool:
    return all(part.isdigit() or part in words or part in more for part in parts)


def lacking(keys: Set[str]) -> set[str]:
    """What the dashboard says and is not there: keys, and f-strings that make none."""
    found = set()
    for key in (key for path in modules("dashboard") for key in source(path).keys):
        if isinstance(key, str):
            found |= {key} - keys
        elif key.all:
            found |= key.all - keys
        elif not key.open and not any(map(key.expression.fullmatch, keys)):
            found.add(key.text)
    return found


def main() -> None:
    """Print what is wrong."""
    keys = language("en").words.keys()
    for title, found in (("not used", keys - users(keys).keys()), ("not there", lacking(keys))):
        print(f"{title}: {', '.join(sorted(found)) or 'none'}")


if __name__ == "__main__":
    main()
