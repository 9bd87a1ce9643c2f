"""Which column of a table holds the texts and which the labels, and whether its first row names them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import DataError
from core.own_data.limits import FEWEST_CLASSES, MOST_CLASSES
from core.plain_text import as_name

_TEXT = (
    *("text", "document", "review", "sentence", "content", "comment", "body", "tweet", "message", "question"),
    *("텍스트", "문장", "본문", "내용", "리뷰", "글", "댓글", "문서", "질문", "발화"),
)
_LABEL = (
    *("label", "labels", "class", "category", "target", "sentiment", "topic", "emotion", "polarity", "y"),
    *("레이블", "라벨", "클래스", "분류", "감정", "감성", "종류", "주제", "정답", "범주", "긍부정"),
)
_OTHERS = ("id", "index", "no", "번호", "순번", "date", "날짜", "title", "제목", "name", "이름")


@dataclass(frozen=True)
class Columns:
    """The columns of a table by name, whether the first row is their names, and which ones are taken."""

    names: tuple[str, ...]
    header: bool
    text: int
    label: int


def columns_of(rows: Sequence[Sequence[str]], name: str, text: str = "", label: str = "") -> Columns:
    """The columns by the first rows of a table, all equally long; `text` and `label` choose them by name.

    Raises:
        DataError: If there is no column of a name that was chosen ("own_no_column"), or none is fit for labels
            ("own_no_label_column").
    """
    header = _has_header(rows)
    names = _names(rows[0]) if header else tuple(str(place) for place in range(1, len(rows[0]) + 1))
    body = rows[1:] if header else rows
    chosen = [_chosen(one, names, name) for one in (text, label)]
    labels = chosen[1] if chosen[1] is not None else _label(names, body, name, chosen[0])
    texts = chosen[0] if chosen[0] is not None else _text(names, body, labels)
    return Columns(names, header, texts, labels)


def _chosen(wanted: str, names: tuple[str, ...], name: str) -> int | None:
    if not wanted:
        return None
    if wanted not in names:
        raise DataError("own_no_column", received=as_name(wanted), name=name, known=_listed(names))
    return names.index(wanted)


def _label(names: tuple[str, ...], body: Sequence[Sequence[str]], name: str, text: int | None) -> int:
    known = _known(names, _LABEL)
    if known is not None and known != text:
        return known
    longest = _text(names, body, None) if text is None else text
    different = {
        place: len({row[place].strip() for row in body} - {""})
        for place in range(len(names))
        if place != longest
    }
    # A label comes again and again; of several such columns the one with the fewest, and of those the last one.
    fit = {
        place: count
        for place, count in different.items()
        if FEWEST_CLASSES <= count <= min(MOST_CLASSES, max(FEWEST_CLASSES, len(body) // 2))
    }
    if not fit:
        raise DataError("own_no_label_column", name=name, known=_listed(names))
    return min(fit, key=lambda place: (fit[place], -place))


def _text(names: tuple[str, ...], body: Sequence[Sequence[str]], label: int | None) -> int:
    known = _known(names, _TEXT)
    if known is not None and known != label:
        return known
    lengths = [sum(len(row[place]) for row in body) for place in range(len(names))]
    return max((place for place in range(len(names)) if place != label), key=lambda place: lengths[place])


def _known(names: tuple[str, ...], wanted: Sequence[str]) -> int | None:
    plain = [name.casefold() for name in names]
    return next((plain.index(one) for one in wanted if one in plain), None)


def _has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row has names: one that is known, or a label that no other row has while all others recur."""
    first = [field.strip().casefold() for field in rows[0]]
    if any(field in (*_TEXT, *_LABEL, *_OTHERS) for field in first):
        return True
    if len(rows) <= FEWEST_CLASSES or any(not field or _is_number(field) for field in first):
        return False
    for place in range(len(first)):
        counts = Counter(row[place].strip() for row in rows[1:])
        recurring = len(counts) <= MOST_CLASSES and all(count > 1 for count in counts.values())
        if recurring and len(counts) > 1 and rows[0][place].strip() not in counts:
            return True
    return False


def _is_number(field: str) -> bool:
    try:
        float(field)
    except ValueError:
        return False
    return True


def _names(row: Sequence[str]) -> tuple[str, ...]:
    """The names of columns, none twice; those without one by their number."""
    names: list[str] = []
    for place, field in enumerate(row, start=1):
        name = as_name(field) or str(place)
        names.append(name if name not in names else f"{name} ({place})")
    return tuple(names)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:20])
