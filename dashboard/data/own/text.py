"""What the way in decides: what is suggested, how findings are said, how large both parts become. No Streamlit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import PurePosixPath

from core.catalog.own import checked_names
from core.datasets.exploration import ClassCount
from core.errors import DataError
from core.own_data.choices import Choices, ImageShape
from core.own_data.pictures import Preview
from core.own_data.understood import CutText, Finding, SampleFound, TokenEffect, Understood
from core.plain_text import as_name
from dashboard.shared.language import Language
from dashboard.shared.markdown import one_line, sentence

_FEW_PIXELS = 48
#: What the files of a part are called by at the end, and how a place in a table is written by its reader.
_PART = re.compile(r"[-_ .]*(train|training|test)$", re.IGNORECASE)
_LINE = re.compile(r"(?:(.*), )?line (\d+)", re.DOTALL)
_MOSTLY = 0.3
_SAMPLES, _PLACES = 12, 5
_EXCERPT = 160


def suggested_title(files: Sequence[str]) -> str:
    """What the data set could be called: as the folder that all files lie in, else as the first file."""
    first = PurePosixPath(files[0].replace("\\", "/")) if files else PurePosixPath("data")
    top = {PurePosixPath(one.replace("\\", "/")).parts[0] for one in files}
    if len(first.parts) > 1 and len(top) == 1:
        return as_name(first.parts[0])
    return as_name(_PART.sub("", first.stem) or first.stem)


def suggested_shape(found: Understood) -> ImageShape:
    """The form that keeps most of what the pictures show without making any larger than need be."""
    images = found.images
    if images is None or not images.colours:
        return "28x28"
    return "32x32x3" if max(images.largest) <= _FEW_PIXELS else "64x64x3"


def suggests_inverting(found: Understood) -> bool:
    """Whether most pictures look like ink on paper."""
    dark = next((one.count for one in found.findings if one.code == "dark_on_light"), 0)
    return suggested_shape(found) == "28x28" and dark * 2 > found.total


def suggested_tokens(found: Understood) -> str:
    """Character pairs where texts are Korean: they need no dictionary, and no particle hides a word."""
    return "char_pairs" if found.texts is not None and found.texts.hangul > _MOSTLY else "words"


def wrong_names(title: str, class_names: Sequence[str]) -> DataError | None:
    """What is wrong with the names that were given; None if nothing is."""
    if not as_name(title):
        return DataError("own_data_name_empty")
    try:
        checked_names(tuple(map(as_name, class_names)), len(class_names))
    except DataError as error:
        return error
    return None


def class_counts(found: Understood) -> tuple[ClassCount, ...]:
    """How many samples each class has, as the charts take them."""
    return tuple(ClassCount(label, one.train, one.test) for label, one in enumerate(found.classes))


def part_sizes(found: Understood, choices: Choices) -> tuple[int, int]:
    """About how many samples there will be to learn from, and to test with."""
    train = sum(one.train for one in found.classes)
    share = choices.test_share
    if choices.given_split and found.given_split:
        share = 1 - train / max(1, found.total)
    used = min(found.total, choices.most or found.total)
    return used - round(used * share), round(used * share)


def finding_words(one: Finding, t: Language) -> str:
    """A finding as Markdown, with the first places where it was found."""
    said = sentence(t.words[f"finding.{one.code}"], {**one.details, "count": one.count})
    places = [f"`{_place_words(place, t)}`" for place in one.places[:_PLACES]]
    if not places:
        return said
    more = " …" if one.count > len(places) else ""
    return f"{said} {', '.join(places)}{more}"


def _place_words(place: str, t: Language) -> str:
    line = _LINE.fullmatch(place)
    if line is not None:
        said = t("own.place.line", line=line[2])
        place = f"{line[1]} {said}" if line[1] else said
    return one_line(place).replace("`", "'")


def first_samples(samples: Sequence[SampleFound]) -> tuple[SampleFound, ...]:
    """A few samples, as many of each class as of the others, in the order of classes."""
    by_class: dict[int, list[SampleFound]] = {}
    for one in samples:
        by_class.setdefault(one.label, []).append(one)
    each = max(1, _SAMPLES // max(1, len(by_class)))
    return tuple(one for label in sorted(by_class) for one in by_class[label][:each])[:_SAMPLES]


def pictures_html(previews: Iterable[Preview], names: Sequence[str], t: Language) -> str:
    """Pictures as they came and as they become, side by side."""
    cards = "".join(
        f'<figure style="margin:0;text-align:center"><div style="display:flex;gap:6px;align-items:center">'
        f"{_image(one.before, t('own.before'))}<span aria-hidden='true'>→</span>"
        f"{_image(one.after, t('own.after'), after=True)}</div>"
        f'<figcaption style="font-size:.8rem">{escape(names[one.label])}</figcaption></figure>'
        for one in previews
    )
    return f'<div style="display:flex;flex-wrap:wrap;gap:18px">{cards}</div>'


def _image(png: str, said: str, *, after: bool = False) -> str:
    look = "image-rendering:pixelated;" if after else ""
    return (
        f'<img src="data:image/png;base64,{escape(png)}" alt="{escape(said)}" '
        f'style="{look}width:72px;height:72px;object-fit:contain;border:1px solid #8884;border-radius:4px">'
    )


def excerpts_html(samples: Iterable[SampleFound], names: Sequence[str]) -> str:
    """The first characters of texts, each with its class."""
    rows = "".join(
        f'<tr><th scope="row" style="text-align:left;padding:4px 12px 4px 0;vertical-align:top;font-weight:600;'
        f'white-space:nowrap">{escape(names[one.label])}</th>'
        f'<td style="padding:4px 0;overflow-wrap:anywhere">{escape(_short(one.text))}</td></tr>'
        for one in samples
    )
    return f'<table style="width:100%;border-collapse:collapse;font-size:.9rem">{rows}</table>'


def tokens_html(example: CutText) -> str:
    """A text as its tokens, each in a box of its own."""
    boxes = "".join(
        f'<span style="border:1px solid #8886;border-radius:4px;padding:0 4px;white-space:pre-wrap">'
        f"{escape(one)}</span>"
        for one in example.tokens
    )
    return f'<div style="display:flex;flex-wrap:wrap;gap:3px;font-size:.85rem;margin:2px 0 8px">{boxes}</div>'


def effect_words(one: TokenEffect, t: Language) -> str:
    """What a tokenizer makes of the texts, or why it cannot be chosen, as Markdown."""
    if one.missing:
        return sentence(t.words[f"error.{one.missing}"], one.details)
    return t(
        "own.tokens.effect",
        different=f"{one.different:,}",
        length=f"{one.length:.1f}",
        kept=f"{one.kept:,}",
        unknown=f"{one.unknown:.1%}",
        texts=f"{one.texts:,}",
    )


def _short(text: str) -> str:
    return f"{text[:_EXCERPT]}…" if len(text) > _EXCERPT else text
