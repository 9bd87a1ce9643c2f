"""The part of an exported script that fetches images and makes a network's inputs of them."""

from __future__ import annotations

from collections.abc import Iterator

from core.experiment import Experiment, FlatEncoding, ImageEncoding, NoSplit

_Lines = list[str]


def needs(experiment: Experiment) -> tuple[str, ...]:
    """Packages beside Keras and TensorFlow."""
    return ("scikit-learn",) if experiment.facts.origin == "bundled" else ()


def about(experiment: Experiment) -> _Lines:
    """Where the data come from, for the head of the script."""
    if experiment.facts.origin == "bundled":
        return []
    place = f"The data: {experiment.dataset}.npz in this folder or in one named on the command line"
    return [f"{place},", "otherwise Keras fetches them."] if experiment.facts.downloads else [f"{place}."]


def imports(experiment: Experiment) -> _Lines:
    """Further imports."""
    return ["from sklearn.datasets import load_digits"] if experiment.facts.origin == "bundled" else []


def data(experiment: Experiment) -> Iterator[_Lines]:
    """Lines that make `x_train`, `y_train`, `x_test`, `y_test`."""
    facts, name = experiment.facts, experiment.dataset
    height, width = facts.shape
    count = f"{facts.train_size:,} images of {height} x {width} pixels to learn from"
    head = f"# The data: {count} and {facts.test_size:,} to test with."
    if facts.origin == "bundled":
        cut = facts.train_size
        yield [
            head,
            "digits = load_digits()",
            'images, labels = digits.images.astype("uint8"), digits.target',
            f"x_train, y_train = images[:{cut}], labels[:{cut}]",
            f"x_test, y_test = images[{cut}:], labels[{cut}:]",
        ]
        return
    otherwise = f'    sys.exit("Put {name}.npz beside this script, or name its folder.")'
    if facts.downloads:
        otherwise = f"    (x_train, y_train), (x_test, y_test) = keras.datasets.{name}.load_data()"
    yield [
        head,
        f'files = [Path(folder) / "{name}.npz" for folder in (".", *sys.argv[1:])]',
        "files = [file for file in files if file.is_file()]",
        "if files:",
        "    with np.load(files[0]) as data:",
        '        x_train, y_train = data["x_train"], data["y_train"]',
        '        x_test, y_test = data["x_test"], data["y_test"]',
        "else:",
        otherwise,
    ]


def preparation(experiment: Experiment) -> Iterator[_Lines]:
    """Lines that turn the parts, already split, into inputs."""
    numbers, scaled = _scaling(experiment)
    if numbers:
        yield numbers
    if isinstance(experiment.encoding, FlatEncoding):
        said, shaped = "lay each image in one row", f"{_bracketed(scaled)}.reshape(len(images), -1)"
    elif isinstance(experiment.encoding, ImageEncoding):
        said, shaped = "give each image its one grey channel", f"{_bracketed(scaled)}[..., np.newaxis]"
    else:
        said, shaped = "keep each image as a sequence of its rows", scaled
    yield [
        "def prepare(images):",
        f'    """Scale the values and {said}."""',
        f"    return {shaped}",
    ]
    lines = ["x_train, x_test = prepare(x_train), prepare(x_test)"]
    if not isinstance(experiment.split, NoSplit):
        lines.append("x_val = prepare(x_val)")
    yield lines


def _scaling(experiment: Experiment) -> tuple[_Lines, str]:
    """The lines that work out the numbers of the scaling, and the expression that applies them."""
    images = 'images.astype("float32")'
    if experiment.scaling == "none":
        return [], images
    if experiment.scaling == "pixel":
        return [], f"{images} / {experiment.facts.max_value}"
    head = "# The numbers for scaling come from the training samples only."
    zero = "  # 0 would not do as a divisor"
    if experiment.scaling == "min_max":
        lines = ["shift = np.float32(x_train.min())", f"scale = np.float32(x_train.max() - shift) or 1{zero}"]
    elif experiment.scaling == "standard":
        lines = ["shift = np.float32(x_train.mean())", f"scale = np.float32(x_train.std()) or 1{zero}"]
    else:
        lines = [
            "shift = np.float32(np.median(x_train))",
            "first, third = np.percentile(x_train, [25, 75])",
            f"scale = np.float32(third - first) or 1{zero}",
        ]
    return [head, *lines], f"({images} - shift) / scale"


def _bracketed(expression: str) -> str:
    return f"({expression})" if " / " in expression else expression
