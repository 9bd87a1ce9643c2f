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
        sha256: Its digest where the publisher names one. Without it, the arrays inside are compared with
            their own digests.
        md5: The same for a file of which the publisher names only this; never for one that is unpickled.
    """

    name: str
    size: int
    sha256: str | None = None
    md5: str | None = None


@dataclass(frozen=True)
class CatalogEntry:
    """What is known of a data set without having it.

    Attributes:
        facts: Sizes, shape and range.
        class_names: What the classes are called in English, by class.
        license: Under which terms it may be used.
        source: Who made it, with the year.
        files: What to put into a folder where there is no network; one of them will do. "*-ubyte.gz" stands
            for the four IDX files of the publisher, "A + B" for two files that belong together.
        bundled: Whether it comes with the program.
        generated: Whether the program makes it up itself.
        version: Of what is generated: where the number differs, the content does; 0 for what is published.
        downloads: The files of a download.
        digests: SHA-256 of the raw bytes of each array, which hold for every container; none for what is
            generated.
    """

    facts: DatasetFacts
    class_names: tuple[str, ...]
    license: str
    source: str
    files: tuple[str, ...]
    bundled: bool = False
    generated: bool = False
    version: int = 0
    downloads: tuple[RemoteFile, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The code of the data set."""
        return self.facts.name

    @property
    def offline(self) -> bool:
        """Whether it needs no download and no files."""
        return self.bundled or self.generated

    @property
    def download_bytes(self) -> int:
        """How much a download fetches; 0 if none is needed."""
        return sum(file.size for file in self.downloads)


_DIGITS = tuple("0123456789")
_OPINIONS = ("negative", "positive")
#: As `keras.datasets.reuters.get_label_names` has them.
_TOPICS = """
    cocoa grain veg-oil earn acq wheat copper housing money-supply coffee sugar trade reserves ship cotton carcass
    crude nat-gas cpi money-fx interest gnp meal-feed alum oilseed gold tin strategic-metal livestock retail ipi
    iron-steel rubber heat jobs lei bop zinc orange pet-chem dlr gas silver wpi hog lead
"""

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
    CatalogEntry(
        facts=DATASETS["imdb"],
        class_names=_OPINIONS,
        license="free for research with citation; the texts belong to their authors and IMDb",
        source="A. L. Maas, R. E. Daly, P. T. Pham, D. Huang, A. Y. Ng, C. Potts: Large Movie Review Dataset, ACL 2011",
        files=("imdb.npz + imdb_word_index.json",),
        downloads=(
            RemoteFile(
                "imdb.npz",
                17_464_789,
                sha256="69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f",
            ),
            RemoteFile("imdb_word_index.json", 1_641_221, md5="bfafd718b763782e994055a2d397834f"),
        ),
        digests=MappingProxyType(
            {
                "train_tokens": "053b0110c365a69ff3d6966f76af3985a9c9b6d918bd564d3a2cd4b11fa6921a",
                "train_offsets": "b69f163ab3c370b51694ee540362efc4f242f4a6052540fbbe458ad4b92b7872",
                "y_train": "badd67404bc50cb6140ba027f9dfeefbec564a8a9c47ff73495f4a21848a88c2",
                "test_tokens": "a3def517212361a9157ff28b1daf84bdaa50d706debab9a4bee63b2ad1db0f86",
                "test_offsets": "1323480ea08554ee95c532d917bf9078d5d26900838ef2ac89ba9ad9585844e8",
                "y_test": "9e7042191d5d9d5a10d281324045e0065ee838d6f6bee607609dc506d95b93e9",
                "vocabulary": "c5875fe5aa047b30f148423ade177d8afca9f2599691a2a2eded0b6dab0e3996",
            }
        ),
    ),
    CatalogEntry(
        facts=DATASETS["reuters"],
        class_names=tuple(_TOPICS.split()),
        license="for research purposes only; © Reuters Ltd",
        source="Reuters Ltd, Carnegie Group, D. D. Lewis: Reuters-21578, Distribution 1.0, 1997",
        files=("reuters.npz + reuters_word_index.json",),
        downloads=(
            RemoteFile(
                "reuters.npz",
                2_110_848,
                sha256="d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916",
            ),
            RemoteFile("reuters_word_index.json", 550_378, md5="4d44cc38712099c9e383dc6e5f11a921"),
        ),
        digests=MappingProxyType(
            {
                "train_tokens": "bc0b04425ab1735886b8a90c641e4cfa60b3ce9396afc18141f17a7e97c74cb2",
                "train_offsets": "c8d416c6075a6106b14256f5f717f18625479dbb6deee06d497c3602b63b25f2",
                "y_train": "b2efd68231ae8ec7e0b61bab5f73601398cb0744c2d51b2b0f9ad92cb82cba83",
                "test_tokens": "b0c587d8c2b7c234dd906ac75d72db043980a5a627c1c06b3f0d4b6899954f55",
                "test_offsets": "27c7c1d854cc5484891a623ba7a3e63bd0140222988dd421ac7bc1fc96437e53",
                "y_test": "b32f89cd4518d138adf2071cbf4495d9c0527e47189c1f27f68045aeeb16805c",
                "vocabulary": "66e49bcef53d8185d780464a8e323c4e4e5a8464352bc22422edcc06c5315f22",
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
