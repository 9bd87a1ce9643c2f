"""Korean reviews of films, brought along and learned: how well, by what they are cut into, and where it turns."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from core.analysis.turning_point import turning_point, validation_losses
from core.datasets import open_dataset, prepare
from core.datasets.own_files import write_archive
from core.experiment import Experiment
from core.models.build import build as network
from core.own_data import reading
from core.own_data.choices import Choices
from core.own_data.tokenizers import tokenizer
from core.settings import Settings
from core.storage import open_store
from core.training.steps import Evaluator
from core.training.train import train
from tests.training.recording import Recording

#: As the preset for IMDB's reviews has it.
RECIPE = {
    "scaling": "none",
    "layers": [
        {"kind": "dense", "units": 16, "activation": "relu"},
        {"kind": "dense", "units": 16, "activation": "relu"},
        {"kind": "dense", "units": 1, "activation": "sigmoid"},
    ],
    "encoding": {"kind": "multi_hot", "num_words": 10_000},
    "split": {"kind": "first", "count": 5_000},
    "loss": "binary_crossentropy",
    "optimizer": {"kind": "rmsprop"},
    "batch_size": 512,
    "epochs": 12,
    "seed": 777,
}


@pytest.mark.slow
@pytest.mark.real_data
@pytest.mark.parametrize(("tokens", "least"), [("words", 0.74), ("char_pairs", 0.81), ("morphemes", 0.81)])
def test_reviews_are_learned_and_then_memorised(
    tokens, least: float, real_datasets: Path, settings: Settings, tmp_path: Path
) -> None:
    folder = real_datasets / "nsmc"
    if not folder.is_dir():
        pytest.skip("no nsmc in the folder with the real data sets")
    if tokenizer(tokens).missing is not None:
        pytest.skip("kiwipiepy (extra korean) is not installed")
    made = reading.build(folder, Choices(tokens=tokens, title="영화 평"))
    file = tmp_path / "made.npz"
    write_archive(file, made.arrays)
    with closing(open_store(settings)) as store:
        store.add_own_data(made.info, file, owner="ana")
        data = open_dataset(made.info.name, settings)
    assert (made.info.train_size, made.info.test_size) == (20_000, 5_000)

    whole = Experiment.from_dict({"dataset": made.info.name, **RECIPE})
    course = Recording()
    train(whole, prepare(whole, data), network(whole), course, lambda: False)
    turn = turning_point(course.epochs).epoch
    assert turn is not None
    # The epoch with the lowest loss on the validation part, which the test set has no say in.
    losses = validation_losses(course.epochs)
    best = losses.index(min(losses)) + 1
    assert best < whole.epochs

    short = Experiment.from_dict({"dataset": made.info.name, **RECIPE, "epochs": best})
    prepared, model = prepare(short, data), network(short)
    train(short, prepared, model, Recording(), lambda: False)
    accuracy = Evaluator(model, prepared.x_test, prepared.y_test)().accuracy
    assert accuracy >= least
