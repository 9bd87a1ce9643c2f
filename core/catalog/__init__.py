"""What is known of every data set without opening it: one record each, from which everything else follows.

`published` has those that everybody has; `own` knows those that somebody brought along.
"""

from core.catalog.own import is_own, own_info
from core.catalog.published import DATASETS
from core.catalog.record import ARRAYS, WORD_SHIFT, DataKind, DatasetInfo, Drawing, RemoteFile, Tokens
from core.errors import DataError

__all__ = [
    "ARRAYS",
    "DATASETS",
    "WORD_SHIFT",
    "DataKind",
    "DatasetInfo",
    "Drawing",
    "RemoteFile",
    "Tokens",
    "dataset_info",
    "find_dataset",
    "is_own",
]


def find_dataset(name: str) -> DatasetInfo | None:
    """The record of a data set, published or own; None if there is none of that name."""
    return DATASETS.get(name) or own_info(name)


def dataset_info(name: str) -> DatasetInfo:
    """The record of a data set, published or own.

    Raises:
        DataError: If there is none of that name ("unknown_dataset", "own_data_unknown").
        StorageError: If storage, which keeps the records of own sets, does not answer.
    """
    found = find_dataset(name)
    if found is None:
        if is_own(name):
            raise DataError("own_data_unknown", received=name)
        raise DataError("unknown_dataset", received=name, known=", ".join(DATASETS))
    return found
