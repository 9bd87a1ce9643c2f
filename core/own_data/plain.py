"""What is understood of files as plain dicts, lists, numbers and strings, to be passed between processes as JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from core.own_data.understood import (
    CutText,
    Finding,
    FoundClass,
    ImagesFound,
    SampleFound,
    TableFound,
    TextsFound,
    TokenEffect,
    Understood,
)


def to_plain(understood: Understood) -> dict[str, Any]:
    """What was understood in a form from which `from_plain` makes an equal record."""
    return dataclasses.asdict(understood)


def from_plain(plain: Mapping[str, Any]) -> Understood:
    """What `to_plain` gave, also after it was JSON."""
    images, table, texts = (plain[name] for name in ("images", "table", "texts"))
    return Understood(
        kind=plain["kind"],
        form=plain["form"],
        classes=tuple(FoundClass(**one) for one in plain["classes"]),
        given_split=plain["given_split"],
        findings=findings_from(plain["findings"]),
        samples=tuple(SampleFound(**one) for one in plain["samples"]),
        images=images and ImagesFound(**_with_tuples(images)),
        table=table and TableFound(**_with_tuples(table)),
        texts=texts and _texts_from(texts),
    )


def _texts_from(plain: Mapping[str, Any]) -> TextsFound:
    return TextsFound(**{**plain, "tokens": tuple(map(_effect_from, plain["tokens"]))})


def _effect_from(plain: Mapping[str, Any]) -> TokenEffect:
    cut = (
        CutText(one["text"], tuple(one["tokens"]), tuple((start, end) for start, end in one["places"]))
        for one in plain["examples"]
    )
    return TokenEffect(**{**plain, "examples": tuple(cut)})


def findings_from(plain: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """Findings of which `dataclasses.asdict` made plain ones."""
    return tuple(Finding(**_with_tuples(one)) for one in plain)


def _with_tuples(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in plain.items()}
