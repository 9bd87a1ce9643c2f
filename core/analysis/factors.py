"""In how many respects two experiments differ: what was really varied, however many settings had to follow."""

from __future__ import annotations

from core.analysis.settings_table import differing_settings
from core.experiment import Experiment, FlatEncoding, ImageEncoding, RowsEncoding

#: What decides by chance or by choice of samples; none of it is a property of a design.
CIRCUMSTANCES = ("seed", "split", "train_limit")
# The same pixels, only arranged as the first layer wants them.
_ARRANGEMENTS = (FlatEncoding, ImageEncoding, RowsEncoding)


def factors(first: Experiment, second: Experiment) -> tuple[str, ...]:
    """The names of the respects in which two experiments differ, in the order of their fields.

    A factor is what a person varies: the layers, where they differ in number or kind; else "layers.units",
    "layers.rate" and so on, each once for all layers it differs in; "optimizer" if it is another one, else
    "optimizer.learning_rate" and so on; "encoding.num_words"; a callback or the split as a whole; any other setting
    by its name. What follows by force is no factor of its own: the arrangement of the pixels beside other layers, the
    vocabulary of an Embedding beside another number of words.

    Args:
        second: Another one, on the same data or other data.
    """
    names = list(dict.fromkeys(_factor(row.setting) for row in differing_settings((first, second))))
    arranged = isinstance(first.encoding, _ARRANGEMENTS) and isinstance(second.encoding, _ARRANGEMENTS)
    if "encoding" in names and "layers" in names and arranged:
        names.remove("encoding")
    if "encoding.num_words" in names and "layers.vocabulary" in names:
        names.remove("layers.vocabulary")
    return tuple(names)


def _factor(setting: str) -> str:
    head, *path = setting.split(".")
    if head == "layers" and path:
        return f"layers.{path[-1]}"
    if head in ("early_stopping", "reduce_lr", "split"):
        return head
    return setting
