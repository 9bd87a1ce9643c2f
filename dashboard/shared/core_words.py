"""What `core` says in English, by the keys of the language files."""

from __future__ import annotations

from collections.abc import Iterator

from core.analysis.advice import ADVICE
from core.catalog import DATASETS
from core.errors import MESSAGES
from core.experiment.parts import descriptions
from core.own_data.findings import FINDINGS
from core.run import REASONS


def core_words() -> dict[str, str]:
    """Its sentences, texts and names by their keys, such as "error.run_covered"."""
    tables = {
        "error": MESSAGES.items(),
        "reason": REASONS.items(),
        "advice": ADVICE.items(),
        "finding": FINDINGS.items(),
        "help": descriptions(),
        "option.dataset": ((name, info.title) for name, info in DATASETS.items()),
        "data.source": ((name, info.source) for name, info in DATASETS.items()),
        "data.license": ((name, info.license) for name, info in DATASETS.items()),
        "class": _class_names(),
    }
    return {f"{name}.{key}": sentence for name, table in tables.items() for key, sentence in table}


def _class_names() -> Iterator[tuple[str, str]]:
    """The names of all classes that are more than their numbers, by data set and class."""
    for info in DATASETS.values():
        for label, name in enumerate(info.class_names):
            if name != str(label):
                yield f"{info.name}.{label}", name
