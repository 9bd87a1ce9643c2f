"""The grammar behind the generated texts, so that text networks can be trained where nothing was downloaded.

    python -m tools.generated_texts

writes `core/datasets/generated_texts.npz`, which the program ships; a test compares the two.

Nobody wrote these film reviews and news reports, and no film, firm or person in them exists: they are drawn by chance
from a grammar (`grammar`), with word lists from usual to rare and made-up names (`names`). So they have what makes
real texts hard: a few words that are everywhere, a long tail of words met once or twice, denials ("not bad"), mixed
opinions, neighbouring topics, and a small share of wrong labels. Networks on them reach 80 to 95 % and overfit within
20 epochs; a test holds that. They are always called "generated" where they are offered, and figures for them say
nothing about real reviews or news.

`mini_reviews` and `mini_newswires` write the texts with the class each was meant for; `generate` makes the arrays of
the data set, the same bit for bit on every machine. Whoever changes a text also changes the digests in the catalog.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.catalog import DATASETS
from tools.generated_texts.collection import Written, collected
from tools.generated_texts.mini_newswires import mini_newswires
from tools.generated_texts.mini_reviews import mini_reviews

WRITERS = {"mini_reviews": mini_reviews, "mini_newswires": mini_newswires}
FILE = Path("core", "datasets", "generated_texts.npz")


def written(name: str) -> list[Written]:
    """All texts of a generated set, the training texts first, as words with the class meant and the label."""
    facts = DATASETS[name]
    return WRITERS[name](facts.train_size + facts.test_size)


def generate(name: str) -> dict[str, NDArray[np.generic]]:
    """The arrays of a generated set, named as in `core.catalog.ARRAYS["text"]`; about half a second.

    Tokens are int32 word ranks from 1, offsets int64, labels uint8, the vocabulary uint8 (`Vocabulary.to_bytes`).
    """
    return collected(written(name), DATASETS[name].train_size)


def write(path: Path) -> None:
    """Write the arrays of all generated sets as NAME/ARRAY.npy into one archive, packed by LZMA."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        for name in WRITERS:
            for array, content in generate(name).items():
                member = io.BytesIO()
                np.save(member, content, allow_pickle=False)
                info = zipfile.ZipInfo(f"{name}/{array}.npy")  # of 1980, whenever it is written
                archive.writestr(info, member.getvalue(), zipfile.ZIP_LZMA)
