"""No English is left in the Korean interface but code, proper names and what is quoted from the data."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import dashboard
from core.catalog import DATASETS
from core.storage import Store
from dashboard.classroom.snapshot import snapshots
from dashboard.shared.language import language
from tests.dashboard import runs
from tests.dashboard.pages import html, opened
from tests.dashboard.test_classroom import ANN, TEACHER, page
from tests.dashboard.test_hostile_links import markdown_of

ROOT = Path(dashboard.__file__).parent
_STEP_WORDS = ("title", "text", "task", "done", "not_yet", "goal", "teacher", "questions", "answers")

#: Sentences that are a citation, a licence or the name of somebody's work: they stay as they were published.
CITED = re.compile(r"data\.(source|license)\.|calibration\.how\.source$|evidence\.gl\.help$")

NAMES = """Adagrad Adam AdamW Dask Fashion-MNIST IMDB IMDb Jupyter Keras MNIST Monroe Guo Nadam NumPy Python Reuters
RMSprop SGD TensorFlow UTC Digits"""
#: As they stand in a script, an address, a file or on a key.
CODE = """API BatchNormalization Bidirectional Conv2D Dense Dropout EarlyStopping Embedding Flatten GlobalAveragePooling
GRU LSTM MaxPooling2D ReduceLROnPlateau ReLU Sequential None elu gelu leaky relu linear sigmoid tanh relu same valid
binary counts tf-idf num_words patience gamma beta train test true false on only present resume toml FIELD VALUE host
tcp localhost server.address class.example.org digits support F1 L1 L2 MSE ECE GL CSV HTML HTTPS IDX PNG QR SHA-256
TOML UTF-8 ZIP MB CURL_CA_BUNDLE REQUESTS_CA_BUNDLE Cmd Ctrl Delete Enter Esc F11 C E Z Macro-F1 macro-F1 k3f9m2x7qa
TXT TSV zip CC0 float32 uint8 numpy.ascontiguousarray given test-share help GIF WebP BMP HEIC
UTF-16 CP949 JPEG NNG kiwipiepy oneDNN title preload core.jobs.worker label npz unsup x_train y_train x_test y_test"""
#: Letters that stand for a number, a sample or a network; quartiles.
SIGNS = "A B K N S p e n x z Q1 Q3"
#: Words of the English texts in the data sets, quoted in examples.
QUOTED = "the of not bad wonderful The acting boring but good is plot"
#: What the pages of the tests show of what somebody made, and the marks of Streamlit.
MADE = (
    "digits-first-network uint8 test_probabilities blue-badge gray-badge green-badge orange-badge red-badge"
)

TOPICS = {
    word for info in DATASETS.values() for name in info.class_names for word in re.split(r"[ ()]", name)
}
ALLOWED = {word for group in (NAMES, CODE, SIGNS, QUOTED) for word in group.split()} | TOPICS
_LATIN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9_.'-]*")
#: What is code, a place for a detail, an icon, an address or a formula.
_NO_WORDS = re.compile(
    r"`[^`]*`|\{[^{}]*\}|:material/\w+:|\]\([^)]*\)|https?://\S+|\$[^$]*\$|TURNING_POINT_\w+"
    r"|(?s:<style>.*?</style>|<script>.*?</script>|<svg.*?</svg>)|<[^>]+>|&\w+;"
)


def latin(text: str) -> set[str]:
    """The words of a text that are written in Latin letters and not allowed."""
    found = (word.strip(".-'") for word in _LATIN.findall(_NO_WORDS.sub(" ", text)))
    return {word for word in found if word not in ALLOWED and word.removesuffix("s") not in ALLOWED}


def texts(plain: Any) -> Iterator[str]:
    if isinstance(plain, str):
        yield plain
    elif isinstance(plain, list):
        for one in plain:
            yield from texts(one)


def offenders(named: Iterator[tuple[str, str]]) -> dict[str, set[str]]:
    return {name: found for name, text in named if not CITED.match(name) and (found := latin(text))}


def test_no_word_of_the_interface_is_english() -> None:
    said = (
        (key, sentence)
        for path in sorted((ROOT / "locales" / "ko").glob("*.json"))
        for key, sentence in json.loads(path.read_text("utf-8")).items()
    )
    assert offenders(said) == {}
    # An English sentence is found, wherever it stands.
    assert latin("신경망이 learns 합니다. `code` {name} Keras") == {"learns"}


def lesson_texts() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "learn" / "lessons" / "ko").glob("*.toml")):
        lesson = tomllib.loads(path.read_text("utf-8"))
        for name in ("title", "about"):
            yield f"{path.stem}.{name}", lesson[name]
        for step in lesson["steps"]:
            for name in (*_STEP_WORDS, "misunderstandings"):
                for text in texts(step.get(name, "")):
                    yield f"{path.stem}.{step['id']}.{name}", text


def bank_texts() -> Iterator[tuple[str, str]]:
    def walk(name: str, plain: Any) -> Iterator[tuple[str, str]]:
        if isinstance(plain, dict):
            for key, inner in plain.items():
                if key not in ("id", "right", "facts"):  # which name things in code
                    yield from walk(f"{name}.{key}", inner)
        elif isinstance(plain, list):
            for inner in plain:
                yield from walk(name, inner)
        elif isinstance(plain, str):
            yield name, plain

    for path in sorted((ROOT / "classroom").glob("**/ko.toml")):
        yield from walk(path.parent.name, tomllib.loads(path.read_text("utf-8")))


def test_no_word_of_lessons_and_questions_is_english() -> None:
    assert offenders(lesson_texts()) == {}
    assert offenders(bank_texts()) == {}


@pytest.mark.slow
def test_no_page_shows_english_words(store: Store) -> None:
    """Also what is put together, or comes from elsewhere than the language files."""
    done, under_way = runs.over(store, title="가"), runs.running(store, title="나")
    runs.queued(store, title="다")
    code = store.open_class(TEACHER, title="반").code
    store.join(code, "앤", ANN)
    made = {done, under_way, code, *MADE.split()}
    addresses: tuple[tuple[str, dict[str, str]], ...] = (
        ("", {}),
        ("learn", {}),
        ("learn", {"lesson": "overfitting"}),
        ("data", {}),
        ("lab", {}),
        ("run", {}),
        ("run", {"run": done}),
        ("run", {"run": under_way}),
        ("compare", {}),
        ("compare", {"runs": f"{done},{under_way}"}),
        ("try", {}),
    )
    citations = [sentence for key, sentence in language("ko").words.items() if CITED.match(key)]
    pages = {f"{name}{named}": opened(name, "ko", **named) for name, named in addresses}
    snapshots.forget()
    pages |= {f"class as {who}": page(who, "ko", code=code) for who in (TEACHER, ANN, "new".ljust(22, "_"))}
    found = {}
    for name, test in pages.items():
        # Pages of texts show the data's own in their HTML.
        of_data = name.startswith(("data", "learn", "try"))
        said = [*markdown_of(test), *([] if of_data else [html(test)])]
        said = [text for text in said if not any(cited in text for cited in citations)]
        words = {word for text in said for word in latin(text)} - made
        if words:
            found[name] = words
    assert found == {}


def test_the_glossary_alone_names_the_english_terms() -> None:
    korean, english = language("ko"), language("en")
    terms = [key for key in korean.words if key.startswith("glossary.term.")]
    assert terms
    assert all(not latin(korean(key)) for key in terms)
    assert all(english.has(key) for key in terms)
