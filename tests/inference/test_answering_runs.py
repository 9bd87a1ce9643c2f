"""Which network answers for a run, and when none does; with runs that were really trained."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest

from core import presets
from core.errors import ArtifactMissingError, RunError, UnknownRunError
from core.experiment import EarlyStopping, Experiment
from core.inference import kept, service
from core.inference.kinds import words
from core.inference.kinds.texts import SampleRequest, TextAnswer, TextRequest
from core.inference.kinds.words import WordsAnswer, WordsRequest
from core.inference.request import request_types
from core.inference.service import InferenceService
from core.run import Run, RunState
from core.settings import Settings
from core.storage import Artifacts, Store, open_store
from core.training import artifact_names
from core.training.execute import execute

SMALL = presets.load("mini-reviews").with_changes(
    train_limit=300,
    split={"kind": "first", "count": 100},
    epochs=2,
    batch_size=64,
    encoding={"kind": "multi_hot", "num_words": 500},
)
#: Grows worse from the first epoch on, and goes back to it.
WORSENING = SMALL.with_changes(
    epochs=3,
    optimizer={"kind": "sgd", "learning_rate": 10.0},
    early_stopping=EarlyStopping(monitor="val_loss", patience=5, restore_best=True),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, Store]]:
    folder: Path = tmp_path_factory.mktemp("home")
    settings = Settings.from_environment({"TURNING_POINT_HOME": str(folder)})
    store = open_store(settings)
    yield settings, store
    store.close()


def run_of(home: tuple[Settings, Store], experiment: Experiment, **more: Any) -> str:
    settings, store = home
    run = store.add(experiment, owner="ann", worker="test", **more)
    execute(run, settings, store=store, artifacts=store.artifacts)
    assert store.get(run).state is RunState.FINISHED, store.get(run).reason
    return run


@pytest.fixture(scope="module")
def run(home: tuple[Settings, Store]) -> str:
    return run_of(home, SMALL)


@pytest.fixture
def asked(home: tuple[Settings, Store]) -> InferenceService:
    settings, store = home
    return InferenceService(settings, store=store, artifacts=store.artifacts)


def test_the_network_that_was_evaluated_answers(
    home: tuple[Settings, Store], run: str, asked: InferenceService
) -> None:
    store = home[1]
    restored = run_of(home, WORSENING)
    best = store.get(restored).best_epoch
    assert best is not None
    for each, epoch in ((run, 2), (restored, best)):
        evaluated = store.artifacts.load_array(each, artifact_names.TEST_PROBABILITIES)
        for row in (0, 500, 999):
            answer = asked.answer(SampleRequest(each, row))
            assert isinstance(answer, TextAnswer)
            np.testing.assert_allclose(answer.probabilities, evaluated[row], atol=1e-5)
            assert answer.epoch == epoch


def test_threads_ask_at_once_and_few_networks_are_kept_open(
    run: str, asked: InferenceService, home: tuple[Settings, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    opening = service.open_network

    def counted(which: Run, settings: Settings, artifacts: Artifacts) -> service.Network:
        opened.append(which.id)
        return opening(which, settings, artifacts)

    monkeypatch.setattr(service, "open_network", counted)
    with ThreadPoolExecutor(4) as pages:
        answers = list(pages.map(lambda _: asked.answer(TextRequest(run, "a good film")), range(8)))
    assert len(set(answers)) == 1
    assert opened == [run]
    others = [
        run_of(home, SMALL.with_changes(epochs=1, encoding={"kind": "multi_hot", "num_words": 100 + number}))
        for number in range(service.MOST_NETWORKS)
    ]
    for other in others:
        asked.answer(TextRequest(other, "a good film"))
    asked.answer(TextRequest(others[0], "a bad film"))
    assert opened == [run, *others]
    asked.answer(TextRequest(run, "a bad film"))
    assert opened == [run, *others, run]


def test_one_slow_opening_holds_up_nobody_else(
    run: str, asked: InferenceService, home: tuple[Settings, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = run_of(home, SMALL.with_changes(epochs=1, encoding={"kind": "multi_hot", "num_words": 90}))
    unopened = run_of(home, SMALL.with_changes(epochs=1, encoding={"kind": "multi_hot", "num_words": 91}))
    asked.answer(TextRequest(quick, "a good film"))
    begun, may_end = Event(), Event()
    opening = service.open_network

    def slow(which: Run, settings: Settings, artifacts: Artifacts) -> service.Network:
        if which.id == run:
            begun.set()
            assert may_end.wait(60)
        return opening(which, settings, artifacts)

    monkeypatch.setattr(service, "open_network", slow)
    with ThreadPoolExecutor(1) as page:
        waiting = page.submit(asked.answer, TextRequest(run, "a good film"))
        assert begun.wait(60)
        try:
            for other in (quick, unopened):
                assert asked.answer(TextRequest(other, "a good film"))
            assert not waiting.done()
        finally:
            may_end.set()
        assert waiting.result()


def test_all_words_are_worked_out_bit_by_bit_and_kept(
    home: tuple[Settings, Store], run: str, asked: InferenceService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "STRETCH", 0.0)
    monkeypatch.setattr(words, "_MOST_PAIRS", 10_000)
    # While one visitor's second is under way, another is told how far it is.
    with asked.kept(words.Surveys)._place(run, lambda: words._Survey(asked.text_network(run))).working:
        assert asked.answer(WordsRequest(run)) == WordsAnswer(0.0)
    done = []
    monkeypatch.setattr(kept, "STRETCH", 1e-9)
    while not done or done[-1] < 1:
        answer = asked.answer(WordsRequest(run))
        assert isinstance(answer, WordsAnswer)
        done.append(answer.done)
        assert len(done) < 100
    assert len(done) > 2
    assert done == sorted(done)
    table = home[1].artifacts.load_array(run, artifact_names.WORD_EFFECTS)
    assert table["number"].min() >= 2
    assert table["texts"].max() <= 1000
    monkeypatch.setattr(words, "_Survey", None)
    assert asked.answer(WordsRequest(run)) == WordsAnswer(1.0)


def test_who_cannot_be_asked(home: tuple[Settings, Store], asked: InferenceService) -> None:
    store = home[1]
    with pytest.raises(UnknownRunError):
        asked.answer(TextRequest("nosuchrun2", "good"))
    waiting = store.add(SMALL, owner="ann")
    with pytest.raises(RunError) as caught:
        asked.answer(TextRequest(waiting, "good"))
    assert caught.value.code == "run_not_over"
    store.request_stop(waiting)
    with pytest.raises(ArtifactMissingError):
        asked.answer(TextRequest(waiting, "good"))
    images = store.add(presets.load(presets.PLAIN), owner="ann")
    with pytest.raises(RunError) as caught:
        asked.answer(TextRequest(images, "good"))
    assert caught.value.code == "run_not_about_texts"
    store.request_stop(images)


def test_a_deleted_network_does_not_answer_any_more(
    home: tuple[Settings, Store], asked: InferenceService
) -> None:
    gone = run_of(home, SMALL.with_changes(epochs=1))
    assert asked.answer(TextRequest(gone, "a good film"))
    home[1].delete(gone)
    with pytest.raises(UnknownRunError):
        asked.answer(TextRequest(gone, "a good film"))


def test_networks_on_sequences_have_no_effects_of_all_words(
    home: tuple[Settings, Store], asked: InferenceService
) -> None:
    sequence = SMALL.with_changes(
        epochs=1,
        encoding={"kind": "padded", "num_words": 500, "length": 20},
        layers=[
            {"kind": "embedding", "vocabulary": 500, "dimensions": 4},
            {"kind": "global_average_pooling"},
            {"kind": "dense", "units": 1, "activation": "sigmoid"},
        ],
    )
    run = run_of(home, sequence)
    with pytest.raises(RunError) as caught:
        asked.answer(WordsRequest(run))
    assert caught.value.code == "run_not_multi_hot"


def test_what_is_hidden_is_not_answered(home: tuple[Settings, Store], asked: InferenceService) -> None:
    _, store = home
    run = run_of(home, SMALL, covered=True, sealed=True)
    typed, of_test = TextRequest(run, "a good film"), SampleRequest(run, 0)

    def refused(question: Any) -> str:
        with pytest.raises(RunError) as told:
            asked.answer(question)
        return told.value.code

    assert [refused(one) for one in (typed, of_test, WordsRequest(run))] == ["run_covered"] * 3
    store.predict(run, 1, owner="ann")
    assert asked.answer(typed).epoch == 2
    assert [refused(one) for one in (of_test, WordsRequest(run))] == ["run_sealed"] * 2
    store.open_test(run, owner="ann")
    assert asked.answer(of_test).label is not None


def test_only_what_says_so_is_not_about_the_test_set() -> None:
    """A new kind of question is taken to be about it."""
    about = {kind for kind, found in request_types().items() if found.about_test}
    assert about == {"activations", "neighbours", "other_set", "sample", "words"}
