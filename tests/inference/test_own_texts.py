"""Networks that learned own texts are asked in the tokens of their set, and say where each stands."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.datasets.preparation import encoder_of
from core.errors import TextError
from core.experiment import Experiment
from core.inference.kinds.first_layer import nearest_words
from core.inference.kinds.texts import answer_sample, answer_text
from core.inference.service import TextNetwork
from core.models.build import build
from core.models.predicting import Predictor
from core.own_data.tokenizers import tokenizer
from core.run import Reason, Run, RunState
from tests.own_data.test_text_pages import dataset

DENSE = {"kind": "dense", "units": 1, "activation": "sigmoid"}


def network(tokens, folder: Path, *, embedding: bool = False) -> TextNetwork:
    data = dataset(tokens)
    numbers = len(data.vocabulary) + 4
    encoding = {"kind": "padded", "length": 20} if embedding else {"kind": "multi_hot"}
    layers = (
        [{"kind": "embedding", "vocabulary": numbers, "dimensions": 3}, {"kind": "flatten"}]
        if embedding
        else []
    )
    experiment = Experiment.from_dict(
        {
            "dataset": data.name,
            "encoding": {**encoding, "num_words": numbers},
            "scaling": "none",
            "split": {"kind": "none"},
            "layers": [*layers, DENSE],
            "loss": "binary_crossentropy",
            "batch_size": 4,
            "epochs": 1,
        }
    )
    build(experiment).save(folder / "last.keras")
    run = Run("run", experiment, RunState.FINISHED, Reason("waiting"), "", "", "", "", None, None, None)  # type: ignore[arg-type]
    encode = encoder_of(experiment, data)
    return TextNetwork(run, 1, Predictor.load(folder / "last.keras"), encode, encode.encoding, data)


@pytest.mark.parametrize("tokens", ["words", "char_pairs"])
def test_a_typed_text_is_answered_as_the_same_text_of_the_test_set(
    tokens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = network(tokens, tmp_path)
    raw = asked.dataset.raw("test")
    assert raw is not None
    sample, typed = answer_sample(asked, 0), answer_text(asked, f"  {raw[0]}\x00 ")
    assert typed == replace(sample, label=None)
    assert sample.text == raw[0]
    spans = [(piece.start, piece.end) for piece in tokenizer(tokens).cut(raw[0])]
    assert [word.span for word in sample.words] == spans
    assert {word.status for word in sample.words} == {"kept", "out_of_vocabulary"}
    inputs = asked.inputs("test", np.arange(1))
    assert sample.probabilities == pytest.approx(tuple(asked.predict(inputs)[0]))
    with pytest.raises(TextError) as unknown:
        answer_text(asked, "xyz")
    assert unknown.value.code == "text_unknown_tokens"
    # Where texts are cut otherwise than when the set was made, the tokens of the data are shown without their places.
    monkeypatch.setattr(type(tokenizer(tokens)), "cut", lambda self, text: ())
    cut = answer_sample(asked, 0)
    assert cut.text == ""
    assert cut.probabilities == sample.probabilities
    assert {word.span for word in cut.words} == {None}


def test_neighbours_are_those_of_the_token_that_was_typed(tmp_path: Path) -> None:
    asked = network("char_pairs", tmp_path, embedding=True)
    assert nearest_words(asked, "영화").word == "영화"
    assert nearest_words(asked, "_영").word == "_영"
    assert nearest_words(asked, "영").word == "_영"
