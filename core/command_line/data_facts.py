"""`data show`: what is known of a data set, and how an own one was made."""

from __future__ import annotations

from collections.abc import Iterator

from core.catalog import DatasetInfo
from core.own_data.findings import said
from core.own_data.making import Making
from core.own_data.understood import Finding

_FORMS = {
    "drawings": "drawings",
    "image_archive": "arrays of a NumPy file",
    "image_folders": "pictures in a folder a class",
    "pixel_table": "a table of labels and pixels",
    "text_folders": "texts in a folder a class",
    "text_table": "a table of texts and labels",
}


def size_of(info: DatasetInfo) -> str:
    """How many samples a data set has, and of what."""
    if info.kind == "text":
        what = f"{info.words:,} different tokens ({info.tokens})"
    else:
        what = " x ".join(map(str, info.shape))
    return f"{info.train_size:,} + {info.test_size:,} samples of {info.classes} classes, {what}"


def fact_lines(info: DatasetInfo) -> Iterator[str]:
    """Its samples, classes, terms and makers."""
    yield f"{info.name}  {info.title}: {size_of(info)}"
    counts = info.class_counts or (None,) * info.classes
    named = zip(info.class_names, counts, strict=True)
    yield "classes: " + ", ".join(name if count is None else f"{name} ({count:,})" for name, count in named)
    for what, told in (("licence", info.license), ("source", info.source)):
        if told:
            yield f"{what}: {told}"


def making_lines(making: Making) -> Iterator[str]:
    """What came, what was chosen, and what was left out, a line each."""
    choices = making.choices
    yield f"made from {_FORMS[making.form]}"
    if making.form.startswith("text"):
        if choices.text_column or choices.label_column:
            yield f"  text from column {choices.text_column!r}, label from column {choices.label_column!r}"
        yield f"  texts cut into {choices.tokens}"
    elif making.form != "drawings":
        inverted = ", light and dark inverted" if choices.invert else ""
        yield f"  pictures as {choices.image_shape}, those of another shape: {choices.fit}{inverted}"
    if choices.most is not None:
        yield f"  at most {choices.most:,} samples, by seed {choices.seed}"
    yield f"  {split_words(making)}"
    for one in making.findings:
        yield f"- {said(one)}{places(one)}"


def split_words(making: Making) -> str:
    """Which samples are for testing."""
    if making.given_split:
        return "test samples as the files set them apart"
    return f"{making.choices.test_share:.0%} of each class for testing, by seed {making.choices.seed}"


def places(finding: Finding) -> str:
    """The first places of a finding in parentheses; "" if it has none."""
    more = ", ..." if finding.count > len(finding.places) else ""
    return f" ({', '.join(finding.places)}{more})" if finding.places else ""
