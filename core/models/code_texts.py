"""The part of an exported script that fetches texts and makes a network's inputs of them.

Multi-hot rows are made as a sparse matrix, which `fit` takes as it is: the way of the run, in the memory of a
laptop. The inputs are made before the split, because lists of different lengths are awkward to divide; only
tf-idf has to wait for it, since it may learn from the training texts alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from core.experiment import Experiment, MultiHotEncoding, NoSplit, PaddedEncoding

_Lines = list[str]

SPARSE_DENSE = "SparseDense"
"""What the script calls a Dense layer for sparse rows; see `core.models.sparse_product`."""

_SIDES = {"start": "pre", "end": "post"}


def needs(experiment: Experiment) -> tuple[str, ...]:
    """Packages beside Keras and TensorFlow."""
    return ("scipy",) if isinstance(experiment.encoding, MultiHotEncoding) else ()


def about(experiment: Experiment) -> _Lines:
    """Where the data come from, for the head of the script."""
    name = experiment.dataset
    if not experiment.facts.generated:
        place = f"The data: {name}.npz with plain arrays in this folder or in one named on the command line"
        return [f"{place},", "otherwise Keras fetches them."] if experiment.facts.downloads else [f"{place}."]
    return [
        f"The data: {name}.npz in this folder or in one named on the command line. The program that this",
        f"network comes from generates it: python -m core data save {name} -o {name}.npz",
    ]


def imports(experiment: Experiment) -> _Lines:
    """Further imports."""
    encoding = experiment.encoding
    if not isinstance(encoding, MultiHotEncoding):
        return []
    norm = ["from scipy.sparse.linalg import norm"] if encoding.values == "tf_idf" else []
    return ["from scipy.sparse import csr_matrix", *norm]


def data(experiment: Experiment) -> Iterator[_Lines]:
    """Lines that make `x_train`, `y_train`, `x_test`, `y_test`, the texts already as inputs."""
    facts, name, num_words = experiment.facts, experiment.dataset, experiment.text_encoding.num_words
    yield [
        f"# The data: {facts.train_size:,} texts to learn from and {facts.test_size:,} to test with. A word is a",
        "# number: its rank by frequency plus 3. 1 starts each text, and 2 stands for all words whose number",
        "# would be num_words or more; 0 is for filling up.",
        f"num_words = {num_words}",
    ]
    yield [
        "def numbered(ranks, offsets):",
        '    """The texts as lists of numbers."""',
        "    numbers = np.where(ranks + 3 < num_words, ranks + 3, 2)",
        "    return [np.append(1, numbers[a:b]) for a, b in zip(offsets[:-1], offsets[1:])]",
    ]
    lines = [
        f'files = [Path(folder) / "{name}.npz" for folder in (".", *sys.argv[1:])]',
        'files = [file for file in files if file.is_file() and "train_tokens" in np.load(file)]',
    ]
    read = [
        "    with np.load(files[0]) as data:",
        '        x_train = numbered(data["train_tokens"], data["train_offsets"])',
        '        x_test = numbered(data["test_tokens"], data["test_offsets"])',
        '        y_train, y_test = data["y_train"], data["y_test"]',
    ]
    if facts.downloads:
        otherwise = [
            "else:",
            f"    published = keras.datasets.{name}.load_data(num_words=num_words)",
            "    (x_train, y_train), (x_test, y_test) = published",
        ]
        yield [*lines, "if files:", *read, *otherwise]
    else:
        missing = f'    sys.exit("Put {name}.npz beside this script, or name its folder.")'
        yield [*lines, "if not files:", missing, *(line[4:] for line in read)]
    yield from _encoded(experiment)


def preparation(experiment: Experiment) -> Iterator[_Lines]:
    """Lines that weigh the words by tf-idf, once it is known which texts are learned from."""
    encoding = experiment.text_encoding
    if not isinstance(encoding, MultiHotEncoding) or encoding.values != "tf_idf":
        return
    yield [
        "# A word counts the more, the fewer training texts have it.",
        "having = np.bincount(x_train.indices, minlength=num_words)",
        'weights = (np.log((1 + len(y_train)) / (1 + having)) + 1).astype("float32")',
    ]
    yield [
        "def weighted(x):",
        '    """Counts times weights, each text brought to length 1."""',
        "    x = x.copy()",
        "    x.data *= weights[x.indices]",
        "    x.data /= np.repeat(norm(x, axis=1), np.diff(x.indptr))",
        "    return x",
    ]
    lines = ["x_train, x_test = weighted(x_train), weighted(x_test)"]
    if not isinstance(experiment.split, NoSplit):
        lines.append("x_val = weighted(x_val)")
    yield lines


def sparse_dense() -> _Lines:
    """The class of the first layer of a network on sparse rows."""
    return [
        f"class {SPARSE_DENSE}(layers.Dense):",
        '    """Dense for sparse rows, by a product that is faster than the way Keras takes."""',
        "",
        "    def call(self, inputs):",
        "        product = tf.sparse.sparse_dense_matmul(inputs, tf.convert_to_tensor(self.kernel))",
        "        return self.activation(product + self.bias)",
    ]


def _encoded(experiment: Experiment) -> Iterator[_Lines]:
    encoding = experiment.text_encoding
    if isinstance(encoding, PaddedEncoding):
        fill, cut = _SIDES[encoding.fill], _SIDES[encoding.cut]
        call = f'keras.utils.pad_sequences(texts, {encoding.length}, padding="{fill}", truncating="{cut}")'
        yield [
            "def encode(texts):",
            f'    """All texts {encoding.length} numbers long: cut, or filled up with 0."""',
            f"    return {call}",
        ]
    else:
        binary = encoding.values == "binary"
        said = "a 1 for each number that occurs" if binary else "how often each number occurs"
        yield [
            "def encode(texts):",
            f'    """A sparse row a text: {said}."""',
            "    rows = np.repeat(np.arange(len(texts)), [len(text) for text in texts])",
            '    ones = np.ones(len(rows), dtype="float32")',
            "    x = csr_matrix((ones, (rows, np.concatenate(texts))), shape=(len(texts), num_words))",
            *(["    x.data[:] = 1"] if binary else []),
            "    return x",
        ]
    yield ["x_train, x_test = encode(x_train), encode(x_test)"]
