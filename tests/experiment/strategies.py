"""Random experiments that can be: for round trips and for comparisons with Keras."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from core.catalog import DATASETS
from core.experiment import Experiment

rates = st.floats(1e-6, 1.0, allow_nan=False)
shares = st.floats(0.0, 0.95)
penalties = st.sampled_from([0.0, 0.001, 1e-5, 0.25])
activations = st.sampled_from(["linear", "relu", "elu", "gelu", "leaky_relu", "tanh"])

dense = st.fixed_dictionaries(
    {
        "kind": st.just("dense"),
        "units": st.integers(1, 40),
        "activation": activations,
        "l1": penalties,
        "l2": penalties,
    }
)
dropout = st.fixed_dictionaries({"kind": st.just("dropout"), "rate": shares})
normalization = st.fixed_dictionaries(
    {"kind": st.just("batch_normalization"), "momentum": st.floats(0, 0.999)}
)
convolution = st.fixed_dictionaries(
    {
        "kind": st.just("conv2d"),
        "filters": st.integers(1, 8),
        "kernel": st.integers(1, 3),
        "stride": st.integers(1, 2),
        "activation": activations,
        "padding": st.just("same"),
        "l2": penalties,
    }
)
recurrent = st.one_of(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["lstm", "gru"]),
            "units": st.integers(1, 12),
            "return_sequences": st.just(True),
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("bidirectional"),
            "cell": st.sampled_from(["lstm", "gru"]),
            "units": st.integers(1, 8),
            "return_sequences": st.just(True),
            "dropout": shares,
        }
    ),
)
flatten = {"kind": "flatten"}
pooling = {"kind": "global_average_pooling"}


@st.composite
def networks(draw: st.DrawFn) -> dict[str, Any]:
    """Encoding and layers that fit together, without the output layer."""
    encoding = draw(st.sampled_from(["flat", "image", "rows"]))
    hidden = draw(st.lists(st.one_of(dense, dropout, normalization), max_size=3))
    if encoding == "flat":
        return {"encoding": {"kind": encoding}, "layers": hidden}
    first = draw(st.lists(convolution if encoding == "image" else recurrent, max_size=2))
    if encoding == "image" and draw(st.booleans()):
        first.append({"kind": "max_pooling2d", "pool": 2})
    return {
        "encoding": {"kind": encoding},
        "layers": [*first, draw(st.sampled_from([flatten, pooling])), *hidden],
    }


@st.composite
def text_networks(draw: st.DrawFn) -> dict[str, Any]:
    """The same for texts."""
    hidden = draw(st.lists(st.one_of(dense, dropout, normalization), max_size=2))
    num_words = draw(st.integers(10, 2_000))
    if draw(st.booleans()):
        values = draw(st.sampled_from(["binary", "counts", "tf_idf"]))
        encoding = {"kind": "multi_hot", "num_words": num_words, "values": values}
        return {"encoding": encoding, "layers": [draw(dense), *hidden]}
    sides = st.sampled_from(["start", "end"])
    encoding = {
        "kind": "padded",
        "num_words": num_words,
        "length": draw(st.integers(2, 40)),
        "fill": draw(sides),
        "cut": draw(sides),
    }
    embedding = {"kind": "embedding", "vocabulary": num_words + draw(st.integers(0, 5)), "dimensions": 3}
    row = draw(st.sampled_from([flatten, pooling]))
    return {
        "encoding": encoding,
        "layers": [embedding, *draw(st.lists(recurrent, max_size=1)), row, *hidden],
    }


optimizers = st.one_of(
    st.fixed_dictionaries({"kind": st.just("sgd"), "learning_rate": rates, "momentum": st.floats(0, 0.99)}),
    st.fixed_dictionaries(
        {"kind": st.sampled_from(["rmsprop", "adam", "nadam", "adagrad"]), "learning_rate": rates}
    ),
    st.fixed_dictionaries(
        {"kind": st.just("adamw"), "learning_rate": rates, "weight_decay": st.floats(0, 1)}
    ),
)
splits = st.one_of(
    st.just({"kind": "none"}),
    st.fixed_dictionaries({"kind": st.just("first"), "count": st.integers(1, 500)}),
    st.fixed_dictionaries(
        {
            "kind": st.just("fraction"),
            "fraction": st.floats(0.05, 0.8),
            "seed": st.integers(0, 2**31 - 1),
            "stratified": st.booleans(),
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("fold"),
            "folds": st.integers(5, 20),
            "fold": st.integers(0, 4),
            "seed": st.integers(0, 2**31 - 1),
            "stratified": st.booleans(),
        }
    ),
)
labels = st.one_of(
    st.just({"kind": "given"}),
    st.just({"kind": "shuffled"}),
    st.fixed_dictionaries({"kind": st.just("replaced"), "share": st.floats(0, 1)}),
)
monitors = st.sampled_from(["loss", "accuracy"])


@st.composite
def experiments(draw: st.DrawFn) -> Experiment:
    """An experiment that can be."""
    facts = DATASETS[draw(st.sampled_from(sorted(DATASETS)))]
    text = facts.kind == "text"
    network = draw(text_networks() if text else networks())
    scalings = ["none"] if text else ["none", "pixel", "min_max", "standard", "robust"]
    loss = draw(st.sampled_from(["categorical_crossentropy", "sparse_categorical_crossentropy", "mse"]))
    if facts.classes == 2 and draw(st.booleans()):
        output = {"kind": "dense", "units": 1, "activation": "sigmoid"}
        loss = "mse" if loss == "mse" else "binary_crossentropy"
    elif facts.classes == 2 and loss == "mse":
        output = {"kind": "dense", "units": 1, "activation": "sigmoid"}
    else:
        output = {"kind": "dense", "units": facts.classes, "activation": "softmax"}
    plain: dict[str, Any] = {
        "dataset": facts.name,
        "scaling": draw(st.sampled_from(scalings)),
        "split": draw(splits),
        "labels": draw(labels),
        "encoding": network["encoding"],
        "layers": [*network["layers"], output],
        "optimizer": draw(optimizers),
        "loss": loss,
        "epochs": draw(st.integers(1, 1000)),
        "batch_size": draw(st.integers(1, 100)),
        "seed": draw(st.integers(0, 2**31 - 1)),
    }
    if draw(st.booleans()):
        plain["train_limit"] = draw(st.integers(1_000, 1_500))
    if draw(st.booleans()):
        plain["early_stopping"] = {"monitor": draw(monitors), "patience": draw(st.integers(0, 9))}
    if draw(st.booleans()):
        plain["reduce_lr"] = {"monitor": draw(monitors), "factor": draw(st.floats(0.1, 0.9))}
    return Experiment.from_dict(plain)
