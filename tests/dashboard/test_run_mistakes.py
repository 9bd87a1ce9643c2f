"""What a network got wrong, as the run page tells it: many classes, and texts to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from core.analysis.neighbours import Neighbour
from core.datasets import Dataset, TextDataset
from core.datasets.dataset import RaggedTokens, Vocabulary
from core.datasets.decoded_text import read
from core.errors import DataMissingError
from core.experiment import Dense, Embedding, GlobalAveragePooling, MultiHotEncoding, NoSplit, PaddedEncoding
from core.inference.kinds.neighbours import NeighboursAnswer, NeighboursRequest
from core.run import Evaluation, RunState
from core.storage import Artifacts, Store
from core.training import artifact_names
from dashboard.run.test_result import samples
from dashboard.run.test_result.samples import sample_address
from dashboard.shared import run_words as decide
from dashboard.shared import services
from dashboard.shared.formats import certainty
from dashboard.shared.language import language
from dashboard.shared.samples import matrix_cell, sample_cards
from dashboard.shared.samples.sample_html import WORDS, excerpt_html
from tests.dashboard import pages, runs
from tests.dashboard.pages import opened

SAY = language("en")
#: Ranks from 1; num_words = 10 keeps the first six.
VOCABULARY = Vocabulary(
    ("the", "good", "bad", "<b>bold</b>", "&", "it's", "<script>alert(1)</script>", "rare")
)
TEXTS = RaggedTokens.of([[1, 2], [1, 3, 8], [4, 5, 7] * 50, [6, 2, 3], [2]])
LABELS = np.array([0, 1, 1, 0, 1], dtype=np.uint8)
SOFTMAX = Dense(units=46, activation="softmax")


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> TextDataset:
    """A few test texts in the place of a data set."""
    made = TextDataset("imdb", ("negative", "positive"), LABELS, LABELS, TEXTS, TEXTS, VOCABULARY)
    monkeypatch.setattr(services, "dataset", lambda name: made)
    return made


def finished(store: Store, matrix: Sequence[Sequence[int]], **changes: Any) -> str:
    """A run that has ended with this judgement."""
    run = runs.running(store, split=NoSplit(), scaling="none", val_losses=(None, None), **changes)
    share = sum(row[place] for place, row in enumerate(matrix)) / sum(map(sum, matrix))
    store.record_evaluation(run, Evaluation(0.5, share, tuple(map(tuple, matrix))))
    assert store.finish(run, RunState.FINISHED, runs.DONE[RunState.FINISHED])
    return run


def reviews(store: Store, **changes: Any) -> str:
    """A run on two classes that took texts 0 and 3 for positive and 1 for negative."""
    settings = {
        "dataset": "imdb",
        "encoding": MultiHotEncoding(num_words=10),
        "layers": [Dense(units=1, activation="sigmoid")],
        "loss": "binary_crossentropy",
    }
    run = finished(store, ((0, 2), (1, 2)), **settings | changes)
    answers = np.array([[0.7], [0.000001], [0.9], [0.97], [0.6]], dtype=np.float32)
    services.artifacts().save_array(run, artifact_names.TEST_PROBABILITIES, answers)
    return run


def topics(store: Store) -> str:
    """A run on 46 topics: the larger the label the more samples, each mistaken once for the topic before."""
    matrix = np.diag(np.arange(5, 51)) + np.eye(46, k=-1, dtype=int)
    settings = {"dataset": "reuters", "encoding": MultiHotEncoding(), "layers": [SOFTMAX]}
    return finished(store, matrix.tolist(), loss="sparse_categorical_crossentropy", **settings)


def open_page(run: str, lang: str = "en", **parameters: str) -> AppTest:
    return opened("run", lang, run=run, **parameters)


def words(test: AppTest) -> str:
    """All that is said, without what keeps Markdown from reading it."""
    return pages.words(test).replace("\\", "")


def cards(test: AppTest) -> list[str]:
    """The HTML of each text that is shown."""
    return [one.proto.body for one in test.get("html") if 'lang="en"' in one.proto.body]


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_surest_mistakes_come_first_with_their_texts(store: Store, texts: TextDataset, lang: str) -> None:
    test = open_page(reviews(store), lang)
    shown = cards(test)
    assert len(shown) == 3
    assert "the bad <abbr" in shown[0]
    assert ["> 99.99%" in words(test), "97.00%" in words(test), "70.00%" in words(test)] == [True] * 3
    assert words(test).index("> 99.99%") < words(test).index("97.00%") < words(test).index("70.00%")


def choose(test: AppTest, true: int, predicted: int) -> AppTest:
    """Choose a cell by its boxes."""
    run = test.query_params["run"]
    run = run[0] if isinstance(run, list) else run
    test.selectbox(key=f"cell-{run}-true").select(true)
    return test.selectbox(key=f"cell-{run}-predicted").select(predicted).run()


def test_one_cell_alone_is_read(store: Store, texts: TextDataset) -> None:
    test = choose(open_page(reviews(store)), 0, 1)
    assert not test.exception
    assert len(cards(test)) == 2
    assert words(test).index("97.00%") < words(test).index("70.00%")
    assert "> 99.99%" not in words(test)
    test.segmented_control(key="samples-order-wrong").select("least").run()
    assert words(test).index("70.00%") < words(test).index("97.00%")
    test.button(key="samples-all").click().run()
    assert len(cards(test)) == 3


def test_answers_are_read_once_while_they_stay_and_only_the_page_shown_is_made(
    store: Store, texts: TextDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = reviews(store)
    read_before, load = [], Artifacts.load_array
    monkeypatch.setattr(Artifacts, "load_array", lambda *args: (read_before.append(args[2]), load(*args))[1])
    monkeypatch.setattr(sample_cards, "_TEXTS_A_PAGE", 1)
    made, card = [], samples._card
    monkeypatch.setattr(
        samples, "_card", lambda row, *args, **more: (made.append(row), card(row, *args, **more))[1]
    )
    test = choose(open_page(run), 0, 1)
    assert made == [1, 3]  # the surest of all mistakes, then the surest of the cell
    assert read_before.count(artifact_names.TEST_PROBABILITIES) == 1
    services.artifacts().save_array(
        run, artifact_names.TEST_PROBABILITIES, np.full((5, 1), 0.8, dtype=np.float32)
    )
    assert words(test.run()).count("80.00%") == 1
    assert read_before.count(artifact_names.TEST_PROBABILITIES) == 2


def test_what_is_right_is_shown_least_sure_first(store: Store, texts: TextDataset) -> None:
    test = choose(open_page(reviews(store)), 1, 1)
    assert SAY("mistake.cell.right", true="positive", count=2) in words(test)
    assert words(test).index("60.00%") < words(test).index("90.00%")


def test_a_cell_without_samples_says_so(store: Store, texts: TextDataset) -> None:
    test = choose(open_page(reviews(store)), 0, 0)
    assert SAY("mistake.none") in words(test)
    assert not cards(test)


def test_a_press_on_a_cell_is_followed(
    store: Store, texts: TextDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    state: dict[str, Any] = {"m-chart": {"selection": {"points": [{"customdata": [1, 0, 5, 0.5]}]}}}
    drawn: dict[str, Any] = {}
    monkeypatch.setattr(matrix_cell.st, "session_state", state)
    monkeypatch.setattr(matrix_cell.st, "plotly_chart", lambda figure, **options: drawn.update(options))
    matrix_cell.matrix_chart(go.Figure(), "m", SAY, name="m", alt="a matrix")
    drawn["on_select"]()
    assert matrix_cell.kept_cell("m") == (1, 0)
    state["m-chart"] = {"selection": {"points": []}}  # pressed once more
    drawn["on_select"]()
    assert matrix_cell.kept_cell("m") == (1, 0)


NEAR = NeighboursAnswer(1.0, (Neighbour(3, 0.25), Neighbour(0, 0.5), Neighbour(4, 1.0)), 3, 2)


@pytest.fixture
def questions(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The questions that were asked; the answer comes in two pieces."""
    asked: list[Any] = []

    def ask(question: Any) -> NeighboursAnswer:
        asked.append(question)
        return NEAR if len(asked) % 2 == 0 else replace(NEAR, done=0.5)

    monkeypatch.setattr(services, "ask", ask)
    return asked


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_link_opens_a_sample(store: Store, texts: TextDataset, questions: list[Any], lang: str) -> None:
    t = language(lang)
    run = reviews(store)
    test = open_page(run, lang, sample="3")
    assert not test.exception
    names = decide.class_names("imdb", t)
    said = t("sample.said.wrong", true=names[0], predicted=names[1], of_true="3.00%", of_predicted="97.00%")
    assert said in words(test)
    assert t("sample.place", place=1, count=2) in words(test)  # of its cell
    # The words good, bad and "it's" (rank 6 of 10 kept numbers) are known; sample 3 is "it's good bad".
    assert t("sample.near.common", count=3, words="it's, bad, good") in words(test)
    assert questions == [NeighboursRequest(run, 3, 1, "input")] * 2
    assert len(test.get("plotly_chart")) >= 2
    test.button(key="sample-next").click().run()
    assert [test.query_params["sample"]] in (["0"], [["0"]])
    assert questions[-1] == NeighboursRequest(run, 0, 1, "input")
    test.segmented_control(key="neighbours-class").select("true").run()
    assert questions[-1] == NeighboursRequest(run, 0, 0, "input")
    test.button(key="sample-back").click().run()
    assert "sample" not in test.query_params
    assert len(cards(test)) == 2


@pytest.mark.parametrize(
    "named", ["5", "-1", "1.5", "abc", "9" * 5000, "\N{SUPERSCRIPT TWO}", "<script>alert(1)</script>"]
)
def test_a_link_to_no_sample_says_which_there_are(store: Store, texts: TextDataset, named: str) -> None:
    test = open_page(reviews(store), sample=named)
    assert SAY("sample.not_there", received=named[:20], last=4) in words(test)
    assert len(cards(test)) == 3  # and the page goes on
    assert sample_address(5).read({"sample": named})[0] is None


def test_without_an_engine_the_rest_of_a_sample_is_shown(store: Store, texts: TextDataset) -> None:
    test = open_page(reviews(store), sample="1")
    assert [one.value for one in test.warning] == [SAY("error.answers_absent")]
    assert len(cards(test)) == 1


def test_nothing_in_a_text_becomes_part_of_the_page(texts: TextDataset) -> None:
    all_words = read(texts, "test", 2)
    assert "<script>" not in excerpt_html(all_words, SAY)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in excerpt_html(all_words, SAY)
    kept_words = excerpt_html(read(texts, "test", 2, 10), SAY)
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; <abbr" in kept_words
    assert "<script>" not in kept_words


def test_a_long_text_is_cut_and_can_be_read_on(texts: TextDataset) -> None:
    html = excerpt_html(read(texts, "test", 2), SAY)
    beginning, rest = html.split("<details>")
    assert beginning.count("&amp;") == WORDS / 3
    assert html.count("&amp;") == 50
    assert SAY("mistake.more", count=150 - WORDS) in rest
    assert "<details>" not in excerpt_html(read(texts, "test", 0), SAY)


def test_what_a_network_did_not_get_of_a_text_is_said(store: Store, texts: TextDataset) -> None:
    layers = [
        Embedding(vocabulary=10, dimensions=2),
        GlobalAveragePooling(),
        Dense(units=1, activation="sigmoid"),
    ]
    run = reviews(store, encoding=PaddedEncoding(num_words=10, length=3, cut="end"), layers=layers)
    assert SAY("mistake.cut.end", length=3, count=4) in words(open_page(run, sample="3"))


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_without_the_data_the_rest_is_shown(store: Store, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Dataset:
        raise DataMissingError("data_missing", dataset=name, files="imdb.npz")

    monkeypatch.setattr(services, "dataset", missing)
    test = open_page(reviews(store), lang)
    name = language(lang)("option.dataset.imdb")
    assert language(lang)("mistake.data_missing", dataset=name) in words(test)
    assert len(test.get("plotly_chart")) == 1


def test_answers_to_other_texts_are_not_shown_beside_these(store: Store, texts: TextDataset) -> None:
    run = reviews(store)
    services.artifacts().save_array(
        run, artifact_names.TEST_PROBABILITIES, np.zeros((4, 1), dtype=np.float32)
    )
    test = open_page(run)
    assert SAY("mistake.other_data") in words(test)
    assert not cards(test)


def test_a_run_that_kept_no_answers_says_so(store: Store, texts: TextDataset) -> None:
    run = reviews(store)
    services.artifacts().delete(run)
    assert artifact_names.TEST_PROBABILITIES in words(open_page(run))


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_of_many_classes_the_most_frequent_are_shown_first(store: Store, lang: str) -> None:
    t = language(lang)
    test = open_page(topics(store), lang)
    assert '"lead"' in test.get("plotly_chart")[0].proto.spec
    assert '"cocoa"' not in test.get("plotly_chart")[0].proto.spec
    assert t("confusion.part", number=12, classes=46, share="41.6%") in words(test)
    test.selectbox(key="confusion-order").select("label").run()
    assert '"cocoa"' in test.get("plotly_chart")[0].proto.spec
    test.segmented_control(key="confusion-shown-46").select(46).run()
    test.segmented_control(key="confusion-form").select("mistakes").run()
    assert not test.exception
    assert t("confusion.part", number=12, classes=46, share="41.6%") not in words(test)
    classes, averages, confusions = (one.value for one in test.dataframe[:3])
    assert (len(classes), len(averages), len(confusions)) == (46, 3, 45)


def test_two_classes_need_no_choice(store: Store, texts: TextDataset) -> None:
    test = open_page(reviews(store))
    assert not [one for one in test.selectbox if one.label == SAY("confusion.order")]
    assert [len(one.value) for one in test.dataframe] == [2, 3]


@pytest.mark.parametrize(
    ("probability", "said"), [(1, "> 99.99%"), (0.99994, "> 99.99%"), (0.5, "50.00%"), (1e-9, "< 0.01%")]
)
def test_no_probability_is_called_certain(probability: float, said: str) -> None:
    assert certainty(probability) == said
