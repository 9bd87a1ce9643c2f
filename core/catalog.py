"""What is known of every data set without opening it: one record each, from which everything else follows.

A new data set is a record here, its words in `dashboard/locales/{ko,en}/datasets.json`, and its files; `core.datasets`
opens it, and every page offers it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from core.errors import DataError

DataKind = Literal["image", "text"]

#: Words are numbered by frequency from 4: 0 fills up short texts, 1 starts one, 2 stands for unknown words, and
#: 3 is left out, all as Keras has it.
WORD_SHIFT = 3
_TWO = 2

#: The arrays of a data set by its kind, in the order in which they are kept and checked; `vocabulary` is its words as
#: UTF-8, one a line.
ARRAYS: dict[DataKind, tuple[str, ...]] = {
    "image": ("x_train", "y_train", "x_test", "y_test"),
    "text": (
        "train_tokens",
        "train_offsets",
        "y_train",
        "test_tokens",
        "test_offsets",
        "y_test",
        "vocabulary",
    ),
}


@dataclass(frozen=True)
class RemoteFile:
    """A file that `keras.datasets` fetches, too.

    Without `sha256`, for not every publisher names one, the arrays inside are compared with their own digests. `md5`
    never does for a file that is unpickled.
    """

    name: str
    size: int
    sha256: str | None = None
    md5: str | None = None


@dataclass(frozen=True)
class Drawing:
    """How a drawing becomes an image like those of a set (`core.datasets.drawing`), and the pen for it.

    Attributes:
        way: What is laid on the middle of the image, the centre of the ink's mass or of its box; or "blocks": pixels
            of a bitmap are counted.
        pen: How wide the pen is, in pixels of the pad, for strokes about as thick as those of the set.
        longest: Pixels of the longer side of the ink, where it is centred.
        outlines: Whether the set shows areas, so that drawn outlines are to be filled.
    """

    way: Literal["mass", "box", "blocks"]
    pen: int
    longest: int = 0
    outlines: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class DatasetInfo:
    """All that must be known of a data set to judge an experiment on it, to find it, and to show it.

    Attributes:
        title: What it is called in English.
        task: What its classes are, as in "a network that learns to tell ... apart".
        class_names: What the classes are called in English, by class.
        class_counts: How many training samples each class has; () where that is not known. They stand here so that a
            run can be judged where its data are not.
        train_size: Samples to learn and validate with.
        shape: (height, width) of an image; () for texts, which differ in length.
        max_value: The largest possible raw value: 255 for grey bytes; for texts the number of the rarest word, which
            is its rank by frequency plus 3.
        license: Under which terms it may be used.
        source: Who made it, with the year.
        digests: SHA-256 of the raw bytes of each array, whatever container they come in.
        origin: "bundled" with a package, "generated" by a program of ours and shipped, or "published" by others.
        downloads: The files of a download.
        idx_folders: Where people keep the IDX files of the set, whose names do not tell one set from another.
        spelled: Words by their rank that lists of them spell in several ways.
        drawing: How one can draw for it; None if one cannot.
        examples: English texts to begin with on the try page, by a name with words in the language files.
        first_preset: The preset with which one begins; "" if there is none.
    """

    name: str
    title: str
    task: str
    kind: DataKind
    class_names: tuple[str, ...]
    class_counts: tuple[int, ...] = ()
    train_size: int
    test_size: int
    shape: tuple[int, ...] = ()
    max_value: int
    license: str
    source: str
    digests: Mapping[str, str]
    origin: Literal["bundled", "generated", "published"] = "published"
    downloads: tuple[RemoteFile, ...] = ()
    idx_folders: tuple[str, ...] = ()
    spelled: Mapping[int, str] = field(default_factory=dict)
    drawing: Drawing | None = None
    examples: Mapping[str, str] = field(default_factory=dict)
    first_preset: str = ""

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return len(self.class_names)

    @property
    def words(self) -> int:
        """How many different words the texts of a text set have; 0 for images."""
        return self.max_value - WORD_SHIFT if self.kind == "text" else 0

    @property
    def default_loss(self) -> str:
        """The loss that suits the classes."""
        return "binary_crossentropy" if self.classes == _TWO else "sparse_categorical_crossentropy"

    @property
    def generated(self) -> bool:
        """Whether a program made it up."""
        return self.origin == "generated"

    @property
    def offline(self) -> bool:
        """Whether it needs no download and no files."""
        return self.origin != "published"

    @property
    def files(self) -> tuple[str, ...]:
        """What to put into a folder where there is no network; one of them will do.

        "*-ubyte.gz" stands for the four IDX files of the publisher, "A + B" for two files that belong together.
        """
        if self.offline:
            return ()
        if self.kind == "text":
            return (f"{self.name}.npz + {self.name}_word_index.json",)
        return (f"{self.name}.npz", *(["*-ubyte.gz"] if self.idx_folders else []))

    @property
    def download_bytes(self) -> int:
        """How much a download fetches; 0 if none is needed."""
        return sum(file.size for file in self.downloads)


_DIGITS = tuple("0123456789")
_OPINIONS = ("negative", "positive")
_GRAMMAR = "generated by this program from a grammar of its own"
_REVIEWS = {
    "positive": "A wonderful film. The acting is excellent, the music is beautiful, and I enjoyed every minute. "
    "I would recommend it to everyone.",
    "negative": "A terrible film. The plot is boring, the acting is awful, and I was disappointed from the beginning "
    "to the end. Save your money.",
    "negation": "This film is not bad. It is not boring at all, and I did not regret it.",
    "mixed": "The photography is stunning and the music is great, but the plot is stupid and the ending was "
    "disappointing.",
}
_NEWSWIRES = {
    "results": "Net profit rose to 5 million dollars in the first quarter from 3 million a year earlier. The dividend "
    "will be paid on April 15.",
    "oil": "The energy ministry said crude oil output rose to 2 million barrels a day after a field was closed in "
    "March.",
    "harvest": "The wheat crop was poor this year after little rain. Farmers expect to harvest 20 million tonnes.",
    "two_topics": "The central bank cut its key rate to 5 percent to slow the loss of reserves. The government said "
    "wheat exports rose to 20 million tonnes.",
}


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _digests(kind: DataKind, values: str) -> dict[str, str]:
    return dict(zip(ARRAYS[kind], _split(values), strict=True))


#: As `keras.datasets.reuters.get_label_names` has them.
_TOPICS = _split(
    """
    cocoa grain veg-oil earn acq wheat copper housing money-supply coffee sugar trade reserves ship cotton carcass
    crude nat-gas cpi money-fx interest gnp meal-feed alum oilseed gold tin strategic-metal livestock retail ipi
    iron-steel rubber heat jobs lei bop zinc orange pet-chem dlr gas silver wpi hog lead
    """
)
# fmt: off
_TOPIC_COUNTS = (
    55, 432, 74, 3_159, 1_949, 17, 48, 16, 139, 101, 124, 390, 49, 172, 26, 20, 444, 39, 66, 549, 269, 100, 15,
    41, 62, 92, 24, 15, 48, 19, 45, 39, 32, 11, 50, 10, 49, 19, 19, 24, 36, 30, 13, 21, 12, 18,
)
# fmt: on


DIGITS = DatasetInfo(
    name="digits",
    title="Digits 8×8",
    task="small handwritten digits (scikit-learn's digits)",
    kind="image",
    class_names=_DIGITS,
    class_counts=(151, 151, 150, 153, 148, 152, 151, 149, 146, 149),
    train_size=1_500,
    test_size=297,
    shape=(8, 8),
    max_value=16,
    license="CC BY 4.0",
    source="E. Alpaydin, C. Kaynak: Optical Recognition of Handwritten Digits (UCI), 1998",
    digests=_digests(
        "image",
        """
        ee6301bf158c604c728193674edc03a6cc3988014a924e6e067edddcdcbfd740
        e2fd6b6f26a4b1209a81b338ea6e2e743f689f6e990db31cfd6d59849794c750
        2155cbb21b093cdae6d5f69cf8a2ddd7d0a14feeebf8ffe7991092f8e2321fa0
        e7e87e0ab1d1814c4420ecd904dea92bf6a05de1b7d724842fa0ccce6c7b11f3
        """,
    ),
    origin="bundled",
    drawing=Drawing("blocks", pen=15),
    first_preset="digits-first-network",
)

MINI_REVIEWS = DatasetInfo(
    name="mini_reviews",
    title="Mini reviews (generated)",
    task="good and bad film reviews (generated)",
    kind="text",
    class_names=_OPINIONS,
    class_counts=(2_023, 1_977),
    train_size=4_000,
    test_size=1_000,
    max_value=3_760 + WORD_SHIFT,
    license="MIT, as the program",
    source=_GRAMMAR,
    digests=_digests(
        "text",
        """
        4340b4a37c1b9ad4847db6faa043c8cf104b71bd7c775c73504b8d1e62d46082
        e636c544ae49dfc7ceca02157b257c7db81dd6b04fc2d5750e0538c460b927c6
        2fe83622485fba99735924122eb7e15519610b4cec17e36a43f6a8eff2aab328
        5b98f83c25386a380b068e93aacd68a001033a9ad92095497b0db75b6f59114d
        10ad39b12ccbe2635e3a96bfdee9df318c105479be683c6a5416d9b7c221d4dd
        f06992c14b048c4118b9f5c949014bba2763f479dfa857bddccf6b2e7a9dbd5e
        683844e03483b606237231e06b5c7821219ada96de9b0bbae259919f3ea483a7
        """,
    ),
    origin="generated",
    examples=_REVIEWS,
    first_preset="mini-reviews",
)

MINI_NEWSWIRES = DatasetInfo(
    name="mini_newswires",
    title="Mini newswires (generated)",
    task="the topics of newswires (generated)",
    kind="text",
    class_names=_split("harvest shipping energy results takeovers banking trade metals jobs weather"),
    class_counts=(470, 253, 380, 1_068, 759, 361, 332, 172, 98, 107),
    train_size=4_000,
    test_size=1_000,
    max_value=3_996 + WORD_SHIFT,
    license="MIT, as the program",
    source=_GRAMMAR,
    digests=_digests(
        "text",
        """
        affd278ad705fecc91fd3ad95278d65c473fcf70ebfba650ef36bef3857af1cc
        449f4f7300d550049eb33ffcab82af64ccab811e780c5d8e8ca983586cc3172b
        b8be98f87f5e343a29d62c07108075abfd21d68a7d86cfef3799203e86e78497
        7c1a4aea4e4c597d44d16e696aadf1ce80df7dea705ec65a49932b258cdbf433
        7a756c18d19752d1fbff7043282141bdd6946cd91be37861dc525b09f698276d
        6dae46e718f0e4aa4df285e0ba05c67fbcae3ee234fba56e204ef6f3c99add83
        ef3e1534ed3dab62a708f5ab7a24c1fd8c9231acef4ce705f1535fa359f0dc7e
        """,
    ),
    origin="generated",
    examples=_NEWSWIRES,
    first_preset="mini-newswires",
)

MNIST = DatasetInfo(
    name="mnist",
    title="MNIST",
    task="handwritten digits (MNIST)",
    kind="image",
    class_names=_DIGITS,
    class_counts=(5_923, 6_742, 5_958, 6_131, 5_842, 5_421, 5_918, 6_265, 5_851, 5_949),
    train_size=60_000,
    test_size=10_000,
    shape=(28, 28),
    max_value=255,
    license="CC BY-SA 3.0",
    source="Y. LeCun, C. Cortes: MNIST, 1998, from NIST data",
    digests=_digests(
        "image",
        """
        741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757
        1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13
        6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161
        ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5
        """,
    ),
    downloads=(
        RemoteFile(
            "mnist.npz", 11_490_434, sha256="731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
        ),
    ),
    idx_folders=("mnist", "."),
    drawing=Drawing("mass", pen=12, longest=20),
    first_preset="mnist-first-network",
)

FASHION_MNIST = DatasetInfo(
    name="fashion_mnist",
    title="Fashion-MNIST",
    task="pieces of clothing (Fashion-MNIST)",
    kind="image",
    class_names=(
        *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
        *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
    ),
    class_counts=(6_000,) * 10,
    train_size=60_000,
    test_size=10_000,
    shape=(28, 28),
    max_value=255,
    license="MIT",
    source="H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST, Zalando Research, 2017",
    digests=_digests(
        "image",
        """
        2e487a6c89124f78f2d7521542223cafe96f7123c3ca13d447772ac6ecbb3012
        657fbd221bfc9f4198cc14b5619cc33ec57c58dd0e47af4d99d6650759e869a7
        c867c93ff95360594e8ec3287995350b824dd110b11595c0e13d5423f621867a
        3d0e6c6ea990b53b6f8f500a41cac93881d981b315f84578b7d915342ade01e9
        """,
    ),
    downloads=(
        RemoteFile("train-labels-idx1-ubyte.gz", 29_515),
        RemoteFile("train-images-idx3-ubyte.gz", 26_421_880),
        RemoteFile("t10k-labels-idx1-ubyte.gz", 5_148),
        RemoteFile("t10k-images-idx3-ubyte.gz", 4_422_102),
    ),
    idx_folders=("fashion-mnist", "fashion_mnist", "."),
    drawing=Drawing("box", pen=8, longest=28, outlines=True),
    first_preset="fashion-single-layer",
)

IMDB = DatasetInfo(
    name="imdb",
    title="IMDB film reviews",
    task="good and bad film reviews (IMDB)",
    kind="text",
    class_names=_OPINIONS,
    class_counts=(12_500, 12_500),
    train_size=25_000,
    test_size=25_000,
    max_value=88_584 + WORD_SHIFT,
    license="free for research with citation; the texts belong to their authors and IMDb",
    source="A. L. Maas, R. E. Daly, P. T. Pham, D. Huang, A. Y. Ng, C. Potts: Large Movie Review Dataset, ACL 2011",
    digests=_digests(
        "text",
        """
        053b0110c365a69ff3d6966f76af3985a9c9b6d918bd564d3a2cd4b11fa6921a
        b69f163ab3c370b51694ee540362efc4f242f4a6052540fbbe458ad4b92b7872
        badd67404bc50cb6140ba027f9dfeefbec564a8a9c47ff73495f4a21848a88c2
        a3def517212361a9157ff28b1daf84bdaa50d706debab9a4bee63b2ad1db0f86
        1323480ea08554ee95c532d917bf9078d5d26900838ef2ac89ba9ad9585844e8
        9e7042191d5d9d5a10d281324045e0065ee838d6f6bee607609dc506d95b93e9
        c5875fe5aa047b30f148423ade177d8afca9f2599691a2a2eded0b6dab0e3996
        """,
    ),
    downloads=(
        RemoteFile(
            "imdb.npz", 17_464_789, sha256="69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f"
        ),
        RemoteFile("imdb_word_index.json", 1_641_221, md5="bfafd718b763782e994055a2d397834f"),
    ),
    examples=_REVIEWS,
    first_preset="imdb-multi-hot",
)

REUTERS = DatasetInfo(
    name="reuters",
    title="Reuters newswires",
    task="the topics of newswires (Reuters)",
    kind="text",
    class_names=_TOPICS,
    class_counts=_TOPIC_COUNTS,
    train_size=8_982,
    test_size=2_246,
    max_value=30_979 + WORD_SHIFT,
    license="for research purposes only; © Reuters Ltd",
    source="Reuters Ltd, Carnegie Group, D. D. Lewis: Reuters-21578, Distribution 1.0, 1997",
    digests=_digests(
        "text",
        """
        bc0b04425ab1735886b8a90c641e4cfa60b3ce9396afc18141f17a7e97c74cb2
        c8d416c6075a6106b14256f5f717f18625479dbb6deee06d497c3602b63b25f2
        b2efd68231ae8ec7e0b61bab5f73601398cb0744c2d51b2b0f9ad92cb82cba83
        b0c587d8c2b7c234dd906ac75d72db043980a5a627c1c06b3f0d4b6899954f55
        27c7c1d854cc5484891a623ba7a3e63bd0140222988dd421ac7bc1fc96437e53
        b32f89cd4518d138adf2071cbf4495d9c0527e47189c1f27f68045aeeb16805c
        66e49bcef53d8185d780464a8e323c4e4e5a8464352bc22422edcc06c5315f22
        """,
    ),
    downloads=(
        RemoteFile(
            "reuters.npz",
            2_110_848,
            sha256="d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916",
        ),
        RemoteFile("reuters_word_index.json", 550_378, md5="4d44cc38712099c9e383dc6e5f11a921"),
    ),
    # A single byte that is no UTF-8; whoever wrote a list of the words had to replace it. In Latin-1 it is this letter.
    spelled={25_642: "ü"},
    examples=_NEWSWIRES,
    first_preset="reuters-multi-hot",
)

#: All data sets by name, those that need no download first.
DATASETS: dict[str, DatasetInfo] = {
    info.name: info for info in (DIGITS, MINI_REVIEWS, MINI_NEWSWIRES, MNIST, FASHION_MNIST, IMDB, REUTERS)
}


def dataset_info(name: str) -> DatasetInfo:
    """The record of a data set; a `DataError` ("unknown_dataset") if there is none of that name."""
    if name not in DATASETS:
        raise DataError("unknown_dataset", received=name, known=", ".join(DATASETS))
    return DATASETS[name]
