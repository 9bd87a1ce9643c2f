"""What is answered equals what plain Keras says, text by text and word by word."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.analysis import attribution
from core.datasets.dataset import RaggedTokens
from core.datasets.tokenization import texts_to_sequences
from core.errors import StorageError, TextError
from core.inference.kinds import texts as texts_answered
from core.inference.kinds import words
from core.inference.kinds.texts import answer_sample, answer_text
from core.inference.kinds.words import WordsAnswer
from core.inference.service import TextNetwork
from core.storage import Artifacts
from core.training import artifact_names
from tests.inference.small_networks import (
    NUM_WORDS,
    WORDS,
    experiment_on,
    sequence_experiment,
    texts,
    trained,
)

#: Kept words, some twice; word41 and up are rare, "never" is unheard.
TYPED = "Word3, word7 word3 word20! Word41 never word1 word15 WORD8 word20 word30 word55 word2"
KEPT = {f"word{rank}": rank + 3 for rank in range(1, 41)}


def words_to_sequence(words: list[str]) -> list[int]:
    return [1, *(KEPT.get(word, 2) for word in words)]


def dense_row(numbers: list[int], values: str, weights: Any) -> np.ndarray:
    """A multi-hot row, place by place."""
    row = np.zeros(NUM_WORDS)
    for number in numbers:
        row[number] = 1 if values == "binary" else row[number] + 1
    if values == "tf_idf":
        row *= weights
        row /= np.sqrt((row**2).sum())
    return row


def idf(experiment: Any) -> np.ndarray:
    """How rare words are, by a plain loop over the training texts."""
    x_train = texts(experiment.facts.classes).x_train
    having = np.zeros(NUM_WORDS)
    for row in texts_to_sequences(x_train, NUM_WORDS):
        having[list(set(row.tolist()))] += 1
    return np.log((1 + len(x_train)) / (1 + having)) + 1


def says(model: Any, rows: list[np.ndarray]) -> np.ndarray:
    answers: np.ndarray = model.predict(np.array(rows), verbose=0)
    return answers


def dense_model(model: Any) -> Any:
    """The same network for rows that are written out."""
    import keras

    layers = [keras.layers.deserialize(keras.layers.serialize(layer)) for layer in model.layers]
    same = keras.Sequential([keras.Input((NUM_WORDS,)), *layers])
    same.set_weights(model.get_weights())
    return same


@pytest.mark.parametrize(
    ("values", "classes"), [("binary", 2), ("counts", 10), ("tf_idf", 2)], ids=lambda one: str(one)
)
def test_effects_are_what_a_plain_loop_finds(values: str, classes: int, tmp_path: Path) -> None:
    encoding = {"kind": "multi_hot", "num_words": NUM_WORDS, "values": values}
    experiment = experiment_on(classes, encoding=encoding)
    opened, model = trained(experiment, tmp_path)
    model, weights = dense_model(model), idf(experiment)
    answer = answer_text(opened, TYPED)

    words = TYPED.lower().replace(",", "").replace("!", "").split()
    rows = [dense_row(words_to_sequence(words), values, weights)]
    for word in words:
        # Everywhere at once, and all that fell out together: to the network they are one.
        left = [other for other in words if KEPT.get(other) != KEPT.get(word)]
        rows.append(dense_row(words_to_sequence(left), values, weights))
    whole, *without = says(model, rows)
    np.testing.assert_allclose(answer.probabilities, whole, atol=1e-5)
    assert [word.word.lower() for word in answer.words] == words
    for place, word in enumerate(answer.words):
        assert word.variant is not None
        np.testing.assert_allclose(answer.effects[word.variant], whole - without[place], atol=1e-5)
    assert [word.status for word in answer.words if word.status != "kept"] == [
        "out_of_top_k",
        "out_of_vocabulary",
        "out_of_top_k",
    ]
    assert len(answer.effects) == len({KEPT.get(word) for word in words})
    assert (answer.padding, answer.label, answer.epoch) == (0, None, 2)


def padded_row(numbers: list[int], fill: str, cut: str) -> np.ndarray:
    kept = numbers[-8:] if cut == "start" else numbers[:8]
    space = [0] * (8 - len(kept))
    return np.array(space + kept if fill == "start" else kept + space, dtype="int32")


@pytest.mark.parametrize(
    ("fill", "cut", "text"), [("start", "end", TYPED), ("end", "start", "word4 word9 oh")]
)
def test_in_sequences_each_place_counts_and_the_rest_moves_up(
    fill: str, cut: str, text: str, tmp_path: Path
) -> None:
    opened, model = trained(sequence_experiment(fill=fill, cut=cut), tmp_path)
    answer = answer_text(opened, text)
    words = text.lower().replace(",", "").replace("!", "").split()
    rows = [padded_row(words_to_sequence(words), fill, cut)]
    for place in range(len(words)):
        rows.append(padded_row(words_to_sequence(words[:place] + words[place + 1 :]), fill, cut))
    whole, *without = says(model, rows)
    np.testing.assert_allclose(answer.probabilities, whole, atol=1e-5)
    for place, word in enumerate(answer.words):
        if word.variant is None:  # cut off: it makes no difference whether it is there
            np.testing.assert_allclose(without[place], whole, atol=1e-6)
        else:
            np.testing.assert_allclose(answer.effects[word.variant], whole - without[place], atol=1e-5)
    # The start mark takes a place too.
    assert sum(word.variant is not None for word in answer.words) == min(len(words), 7)
    assert answer.padding == max(0, 8 - 1 - len(words))


def test_test_texts_are_answered_as_they_were_evaluated(tmp_path: Path) -> None:
    opened, model = trained(experiment_on(), tmp_path)
    expected = model.predict(opened.encode(opened.dataset.x_test), verbose=0)
    for row in (0, 33, 69):
        answer = answer_sample(opened, row)
        np.testing.assert_allclose(answer.probabilities, expected[row], atol=1e-5)
        assert answer.label == opened.dataset.y_test[row]
        assert [word.word for word in answer.words] == [
            WORDS[rank - 1] for rank in opened.dataset.x_test[row]
        ]
    for row in (-1, 70):
        with pytest.raises(TextError) as caught:
            answer_sample(opened, row)
        assert caught.value.code == "text_not_there"


@pytest.mark.parametrize("text", ["", " \n", "한국어 문장", "😀 😀", "never heard", "word50", "a" * 100_000])
def test_texts_of_which_nothing_can_be_made_are_refused(
    text: str, tmp_path_factory: Any, opened: TextNetwork
) -> None:
    with pytest.raises(TextError):
        answer_text(opened, text)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> TextNetwork:
    return trained(experiment_on(), tmp_path_factory.mktemp("network"))[0]


def test_script_is_but_words(opened: TextNetwork) -> None:
    answer = answer_text(opened, "<script>word3('word9')</script>")
    assert [word.word for word in answer.words] == ["script", "word3", "'word9'", "script"]


def test_large_questions_are_asked_in_parts_and_end_in_time(
    opened: TextNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = answer_text(opened, TYPED)
    monkeypatch.setattr(opened.predict, "rows_at_a_time", 3)
    in_parts = answer_text(opened, TYPED)
    np.testing.assert_allclose(in_parts.effects, whole.effects, atol=1e-6)  # type: ignore[arg-type]
    # The first part has the text and two variants; then the clock says that it is late.
    numbers = texts_to_sequences(RaggedTokens.of([[3, 7, 20, 1, 15, 8]]), NUM_WORDS)[0]
    omitted = attribution.leave_one_out(numbers, opened.encoding)
    clock: Callable[[], float] = itertools.count(0.0, texts_answered.LONGEST + 1).__next__
    _, effects = texts_answered.text_effects(opened.predict, opened.encode, numbers, omitted, clock)
    assert (len(effects), omitted.count) == (2, 6)


@pytest.mark.parametrize(("values", "classes"), [("binary", 2), ("counts", 2), ("tf_idf", 10)])
def test_mean_effects_over_the_test_set_are_exact(values: str, classes: int, tmp_path: Path) -> None:
    encoding = {"kind": "multi_hot", "num_words": NUM_WORDS, "values": values}
    opened, _ = trained(experiment_on(classes, encoding=encoding), tmp_path)
    survey = words._Survey(opened)
    survey._words = 100  # so that it takes several parts
    while not survey.step():
        assert 0 < survey.done < 1
    table = survey.totals.table()

    sums: dict[int, list[Any]] = {}
    for row in range(len(opened.dataset.x_test)):
        answer = answer_sample(opened, row)
        for number, variant in {(word.number, word.variant) for word in answer.words}:
            assert variant is not None
            sums.setdefault(number, []).append(answer.effects[variant])
    assert table["number"].tolist() == sorted(sums)
    assert table["texts"].tolist() == [len(sums[number]) for number in sorted(sums)]
    means = np.array([np.mean(sums[number], axis=0) for number in sorted(sums)])
    np.testing.assert_allclose(table["effect"], means, atol=2e-6)


def test_a_table_that_could_not_be_kept_is_kept_by_the_next_question(tmp_path: Path) -> None:
    opened, _ = trained(experiment_on(), tmp_path)
    in_the_way = tmp_path / "artifacts"
    in_the_way.write_text("a file where the folder should be")
    artifacts = Artifacts(str(in_the_way))
    surveys = words.Surveys()
    for _ in range(3):
        with pytest.raises(StorageError):
            words.survey_words(opened, artifacts, surveys)
    # Whoever asks while somebody else keeps it is not told that it is there.
    with surveys._place("run", lambda: words._Survey(opened)).working:
        assert words.survey_words(opened, artifacts, surveys).done < 1
    in_the_way.unlink()
    assert words.survey_words(opened, artifacts, surveys) == WordsAnswer(1.0)
    table = artifacts.load_array("run", artifact_names.WORD_EFFECTS)
    assert table["texts"].max() <= len(opened.dataset.x_test)
    assert words.survey_words(opened, artifacts, surveys) == WordsAnswer(1.0)
