"""Which data sets a reader is offered, published ones and own ones that may be used, and what they are called there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from core.catalog import DATASETS, dataset_info, is_own
from core.errors import TurningPointError
from dashboard.shared import services
from dashboard.shared.language import Language

_SIGNS = 4


def offered_sets(now: str = "") -> tuple[str, ...]:
    """The names of published sets, then of own ones, the newest first, and the one that is chosen already."""
    try:
        own = [one.info.name for one in services.store().own_data(services.owner())]
    except TurningPointError:  # said where runs are shown
        own = []
    return tuple(dict.fromkeys(name for name in (*DATASETS, *own, now) if name))


def set_words(names: Iterable[str], t: Language) -> Callable[[str], str]:
    """What each of these sets is called in a list of them.

    Own sets of one title can be told apart: by how many samples they have, and the end of their name.
    """
    own = [name for name in names if is_own(name)]
    titles = Counter(dataset_info(name).title for name in own)
    twice = {name for name in own if titles[dataset_info(name).title] > 1}

    def called(name: str) -> str:
        said = t(f"option.dataset.{name}")
        if name not in twice:
            return said
        info = dataset_info(name)
        return f"{said} ({info.train_size:,} + {info.test_size:,} · {name[-_SIGNS:]})"

    return called
