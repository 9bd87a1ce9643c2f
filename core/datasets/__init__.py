"""The data: what there is, where it is, how it is fetched, checked and prepared.

`core.catalog` knows every data set; `sources` opens one (own cache, named folder, download), `preparation` turns
it into what training takes, `exploration` into what a page shows. Files of image sets are read by `image_files`,
those of text sets by `text_files` and `keras_archive`; `bundled` has what comes with the program. A text set is
made of `texts`; `tokenization` turns words into numbers and back, `encoding` numbers into what a network takes.
`decoded_text`, `text_search` and `word_counts` are for those who look at texts: one of them, some, all.
"""

from core.datasets.dataset import Availability, Dataset, FetchProgress, ImageDataset, TextDataset
from core.datasets.preparation import Prepared, Scale, fit_scaling, prepare, split_rows
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
