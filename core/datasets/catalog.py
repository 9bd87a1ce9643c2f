"""The data sets this program knows: what they hold, where they come from, how to recognise them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from core.errors import DataError
from core.experiment import DATASETS, DatasetFacts


@dataclass(frozen=True)
class RemoteFile:
    """A file to download.

    Attributes:
        name: Its name at the source and on disk.
        size: Its size in bytes.
        sha256: Its digest where the publisher names one; the arrays inside are checked in any case.
    """

    name: str
    size: int
    sha256: str | None = None


@dataclass(frozen=True)
class CatalogEntry:
    """What is known of a data set without having it.

    Attributes:
        facts: Sizes, shape and range.
        class_names: What the classes are called in English, by class.
        license: Under which terms it may be used.
        source: Who made it, with the year.
        files: What to put into a folder where there is no network; one of them will do. "*-ubyte.gz" stands
            for the four IDX files of the publisher.
        bundled: Whether it comes with the program.
        download_bytes: How much a download fetches; 0 if it is bundled.
        downloads: The files of a download.
        digests: SHA-256 of the raw bytes of each array, which hold for every container.
    """

    facts: DatasetFacts
    class_names: tuple[str, ...]
    license: str
    source: str
    files: tuple[str, ...]
    bundled: bool
    downloads: tuple[RemoteFile, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The code of the data set."""
        return self.facts.name

    @property
    def download_bytes(self) -> int:
        """How much a download fetches; 0 if it is bundled."""
        return sum(file.size for file in self.downloads)


_DIGITS = tuple("0123456789")

_CATALOG = (
    CatalogEntry(
        facts=DATASETS["digits"],
        class_names=_DIGITS,
        license="CC BY 4.0",
        source="E. Alpaydin, C. Kaynak: Optical Recognition of Handwritten Digits (UCI), 1998",
        files=(),
        bundled=True,
        digests=MappingProxyType(
            {
                "x_train": "ee6301bf158c604c728193674edc03a6cc3988014a924e6e067edddcdcbfd740",
                "y_train": "e2fd6b6f26a4b1209a81b338ea6e2e743f689f6e990db31cfd6d59849794c750",
                "x_test": "2155cbb21b093cdae6d5f69cf8a2ddd7d0a14feeebf8ffe7991092f8e2321fa0",
                "y_test": "e7e87e0ab1d1814c4420ecd904dea92bf6a05de1b7d724842fa0ccce6c7b11f3",
            }
        ),
    ),
    CatalogEntry(
        facts=DATASETS["mnist"],
        class_names=_DIGITS,
        license="CC BY-SA 3.0",
        source="Y. LeCun, C. Cortes: MNIST, 1998, from NIST data",
        files=("mnist.npz", "*-ubyte.gz"),
        bundled=False,
        downloads=(
            RemoteFile(
                "mnist.npz", 11_490_434, "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
            ),
        ),
        digests=MappingProxyType(
            {
                "x_train": "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
                "y_train": "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
                "x_test": "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
                "y_test": "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
            }
        ),
    ),
    CatalogEntry(
        facts=DATASETS["fashion_mnist"],
        class_names=(
            "T-shirt/top",
            "Trouser",
            "Pullover",
            "Dress",
            "Coat",
            "Sandal",
            "Shirt",
            "Sneaker",
            "Bag",
            "Ankle boot",
        ),
        license="MIT",
        source="H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST, Zalando Research, 2017",
        files=("fashion_mnist.npz", "*-ubyte.gz"),
        bundled=False,
        downloads=(
            RemoteFile("train-labels-idx1-ubyte.gz", 29_515),
            RemoteFile("train-images-idx3-ubyte.gz", 26_421_880),
            RemoteFile("t10k-labels-idx1-ubyte.gz", 5_148),
            RemoteFile("t10k-images-idx3-ubyte.gz", 4_422_102),
        ),
        digests=MappingProxyType(
            {
                "x_train": "2e487a6c89124f78f2d7521542223cafe96f7123c3ca13d447772ac6ecbb3012",
                "y_train": "657fbd221bfc9f4198cc14b5619cc33ec57c58dd0e47af4d99d6650759e869a7",
                "x_test": "c867c93ff95360594e8ec3287995350b824dd110b11595c0e13d5423f621867a",
                "y_test": "3d0e6c6ea990b53b6f8f500a41cac93881d981b315f84578b7d915342ade01e9",
            }
        ),
    ),
)


def catalog() -> tuple[CatalogEntry, ...]:
    """All data sets, those that need no download first."""
    return _CATALOG


def entry(name: str) -> CatalogEntry:
    """One data set.

    Raises:
        DataError: If there is none of that name (`unknown_dataset`).
    """
    for known in _CATALOG:
        if known.name == name:
            return known
    raise DataError("unknown_dataset", received=name, known=", ".join(each.name for each in _CATALOG))
