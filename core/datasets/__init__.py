"""The data: where it is, how it is fetched, checked and prepared; `core.catalog` says what there is.

`sources` opens a data set: what comes with the program (`bundled`), its own copy (`cache`), files in a folder
(`containers`), a `download`. `preparation` turns it into what training takes. `tokenization` turns words into numbers
and back, `encoding` numbers into what a network takes. `exploration`, `decoded_text` and `word_counts` are for those
who look at data.
"""

from core.datasets.dataset import Availability, Dataset, FetchProgress, ImageDataset, TextDataset
from core.datasets.preparation import Prepared, prepare, split_rows
from core.datasets.scaling import Scale, fit_scaling
from core.datasets.sources import availability, complaint, download_dataset, folder_complaint, open_dataset

__all__ = [
    "Availability",
    "Dataset",
    "FetchProgress",
    "ImageDataset",
    "Prepared",
    "Scale",
    "TextDataset",
    "availability",
    "complaint",
    "download_dataset",
    "fit_scaling",
    "folder_complaint",
    "open_dataset",
    "prepare",
    "split_rows",
]
