"""The forms of a text agree with plain loops, with Keras and with scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.datasets.dataset import RaggedTokens
from core.datasets.encoding import bag_of_words, text_encoder
from core.datasets.preparation import encoder_of, prepare, split_rows
from core.datasets.tokenization import texts_to_sequences
from core.experiment import Experiment, MultiHotEncoding, PaddedEncoding
from tests.datasets.random_texts import random_texts

NUM_WORDS = 40
texts_of_ranks = st.lists(st.lists(st.integers(1, 60), max_size=9), min_size=1, max_size=6)


def lists(texts: list[list[int]]) -> list[list[int]]:
    return [[1, *(rank + 3 if rank + 3 < NUM_WORDS else 2 for rank in text)] for text in texts]


@given(texts_of_ranks)
def test_multi_hot_is_a_one_at_each_number_that_occurs(texts):
    expected = np.zeros((len(texts), NUM_WORDS))
    for row, numbers in enumerate(lists(texts)):
        expected[row, numbers] = 1.0

    made = text_encoder(MultiHotEncoding(num_words=NUM_WORDS), RaggedTokens.of([]))(RaggedTokens.of(texts))

    assert made.dtype == np.float32
    assert (made.toarray() == expected).all()
    assert made.has_canonical_format


@given(texts_of_ranks)
def test_counts_say_how_often(texts):
    expected = np.array([np.bincount(numbers, minlength=NUM_WORDS) for numbers in lists(texts)])
    encoding = MultiHotEncoding(num_words=NUM_WORDS, values="counts")
    assert (text_encoder(encoding, RaggedTokens.of([]))(RaggedTokens.of(texts)).toarray() == expected).all()


@given(texts_of_ranks, texts_of_ranks)
def test_tf_idf_is_that_of_scikit_learn_and_learns_from_training_texts_only(training, others):
    transformer = pytest.importorskip("sklearn.feature_extraction.text").TfidfTransformer()
    encoder = text_encoder(MultiHotEncoding(num_words=NUM_WORDS, values="tf_idf"), RaggedTokens.of(training))
    transformer.fit(bag_of_words(texts_to_sequences(RaggedTokens.of(training), NUM_WORDS), NUM_WORDS))
    for texts in (training, others):
        expected = transformer.transform(
            bag_of_words(texts_to_sequences(RaggedTokens.of(texts), NUM_WORDS), NUM_WORDS)
        )
        np.testing.assert_allclose(encoder(RaggedTokens.of(texts)).toarray(), expected.toarray(), rtol=2e-6)


@given(
    texts_of_ranks,
    st.integers(2, 12),
    st.sampled_from(["start", "end"]),
    st.sampled_from(["start", "end"]),
)
def test_padded_sequences_are_those_of_keras(texts, length, fill, cut):
    pad_sequences = pytest.importorskip("keras").utils.pad_sequences
    sides = {"start": "pre", "end": "post"}
    expected = pad_sequences(lists(texts), length, padding=sides[fill], truncating=sides[cut])

    encoding = PaddedEncoding(num_words=NUM_WORDS, length=length, fill=fill, cut=cut)
    made = text_encoder(encoding, RaggedTokens.of([]))(RaggedTokens.of(texts))

    assert made.dtype == np.int32
    assert (made == expected).all()


@pytest.mark.parametrize(
    "encoding",
    [
        MultiHotEncoding(num_words=NUM_WORDS),
        MultiHotEncoding(num_words=NUM_WORDS, values="tf_idf"),
        PaddedEncoding(num_words=NUM_WORDS, length=7),
    ],
    ids=["multi-hot", "tf-idf", "padded"],
)
def test_texts_encoded_piece_by_piece_are_those_encoded_at_once(encoding, monkeypatch):
    texts = RaggedTokens.of([[rank, rank + 1, 3][: rank % 4] for rank in range(1, 42)])
    encoder = text_encoder(encoding, texts)
    whole = encoder(texts)
    monkeypatch.setattr("core.datasets.encoding._PIECE", 10)

    pieces = encoder(texts)

    assert (type(pieces), pieces.shape, pieces.dtype) == (type(whole), whole.shape, whole.dtype)
    if isinstance(encoding, PaddedEncoding):
        assert (pieces == whole).all()
    else:
        assert pieces.indices.dtype == whole.indices.dtype == np.int32
        for one, two in ((pieces.data, whole.data), (pieces.indices, whole.indices)):
            assert one.tobytes() == two.tobytes()
        assert (pieces.indptr == whole.indptr).all()


def experiment(**changes) -> Experiment:
    plain = {
        "dataset": "mini_reviews",
        "encoding": {"kind": "multi_hot", "num_words": NUM_WORDS},
        "scaling": "none",
        "train_limit": 500,
        "split": {"kind": "fraction", "fraction": 0.3, "seed": 4},
        "layers": [{"kind": "dense", "units": 1, "activation": "sigmoid"}],
        "loss": "binary_crossentropy",
    }
    return Experiment.from_dict({**plain, **changes})


@pytest.mark.parametrize("values", ["binary", "counts", "tf_idf"])
@pytest.mark.parametrize("split", [{"kind": "none"}, {"kind": "first", "count": 100}, None])
def test_each_part_is_encoded_from_its_own_rows(values, split):
    data = random_texts()
    wanted = experiment(
        encoding={"kind": "multi_hot", "num_words": NUM_WORDS, "values": values},
        **({"split": split} if split else {}),
    )
    rows = split_rows(wanted.split, data.y_train[:500])
    made = prepare(wanted, data)

    encode = text_encoder(wanted.encoding, data.x_train.take(rows.training))
    assert (made.x_train != encode(data.x_train.take(rows.training))).nnz == 0
    assert (made.x_test != encode(data.x_test)).nnz == 0
    assert made.x_train.shape == (wanted.train_size, *wanted.input_shape)
    assert (made.y_train[:, 0] == data.y_train[rows.training]).all()
    if made.x_val is not None:
        assert (made.x_val != encode(data.x_train.take(rows.validation))).nnz == 0
        assert (made.labels_val == data.y_train[rows.validation]).all()
    assert (made.x_test != encoder_of(wanted, data)(data.x_test)).nnz == 0


def test_multi_hot_texts_are_never_written_out():
    """What 25,000 reviews of 10,000 places take stays near what they hold."""
    made = prepare(experiment(train_limit=None), random_texts())
    stored = made.x_train.data.nbytes + made.x_train.indices.nbytes + made.x_train.indptr.nbytes
    assert made.x_train.nnz < 0.3 * np.prod(made.x_train.shape)
    assert stored <= 8 * made.x_train.nnz + 8 * (made.x_train.shape[0] + 1)


def test_an_encoding_of_images_is_none_of_texts():
    images = Experiment.from_dict(
        {"dataset": "digits", "layers": [{"kind": "dense", "units": 10, "activation": "softmax"}]}
    )
    with pytest.raises(TypeError, match="flat is no encoding for texts"):
        encoder_of(images, random_texts())
