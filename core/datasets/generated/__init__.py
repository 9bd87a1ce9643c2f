"""Texts that the program writes itself, so that text networks can be trained where nothing was downloaded.

Nobody wrote these film reviews and news reports, and no film, firm or person in them exists: they are drawn by chance
from a grammar (`grammar`), with word lists from usual to rare and made-up names (`names`). So they have what makes
real texts hard: a few words that are everywhere, a long tail of words met once or twice, denials ("not bad"), mixed
opinions, neighbouring topics, and a small share of wrong labels. Networks on them reach 80 to 95 % and overfit within
20 epochs; a test holds that. They are always called "generated" where they are offered, and figures for them say
nothing about real reviews or news.

`mini_reviews` and `mini_newswires` write the texts with the class each was meant for; `generate` makes the arrays of
the data set. The same version gives the same arrays, bit for bit, on every machine.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.datasets.generated.classes import CLASS_NAMES, VERSION
from core.datasets.generated.collection import Written, collected
from core.errors import DataError
from core.experiment import DATASETS

__all__ = ["CLASS_NAMES", "VERSION", "Written", "generate", "written"]


def written(name: str) -> list[Written]:
    """All texts of a generated set, the training texts first, as words with the class meant and the label.

    Raises:
        DataError: If there is no such generated set ("unknown_dataset").
    """
    if name not in CLASS_NAMES:
        raise DataError("unknown_dataset", received=name, known=", ".join(CLASS_NAMES))
    # The grammars are loaded only to be used: every process knows the sets by name, few write them.
    from core.datasets.generated.mini_newswires import mini_newswires
    from core.datasets.generated.mini_reviews import mini_reviews

    facts = DATASETS[name]
    write = mini_reviews if name == "mini_reviews" else mini_newswires
    return write(facts.train_size + facts.test_size)


def generate(name: str) -> dict[str, NDArray[np.generic]]:
    """The arrays of a generated set, named as in `core.datasets.dataset.ARRAYS["text"]`; about half a second.

    Tokens are int32 word ranks from 1, offsets int64, labels uint8, the vocabulary uint8 (`Vocabulary.to_bytes`).

    Raises:
        DataError: If there is no such generated set ("unknown_dataset").
    """
    return collected(written(name), DATASETS[name].train_size)
