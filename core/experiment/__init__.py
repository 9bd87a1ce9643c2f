"""The Experiment: everything that decides the result of a training, and its forms.

An `Experiment` that exists is one that can be trained: impossible ones are refused with an
`ExperimentError` that lists what is wrong. The same object goes to TOML (`toml`), to a link (`link`) and
to a database row (`Experiment.model_dump`) and back without loss.
"""

from core.experiment.data import (
    DATASETS,
    DatasetFacts,
    Encoding,
    FirstSplit,
    FlatEncoding,
    FractionSplit,
    ImageEncoding,
    NoSplit,
    RowsEncoding,
    Scaling,
    Split,
)
from core.experiment.experiment import Experiment
from core.experiment.layers import (
    GRU,
    LSTM,
    Activation,
    BatchNormalization,
    Bidirectional,
    Conv2D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    GlobalAveragePooling,
    Layer,
    MaxPooling2D,
)
from core.experiment.shapes import Footprint, LayerRow, Trace, footprint, trace
from core.experiment.training import (
    SGD,
    Adagrad,
    Adam,
    AdamW,
    EarlyStopping,
    Loss,
    Nadam,
    Optimizer,
    ReduceLROnPlateau,
    RMSprop,
)

__all__ = [
    "DATASETS",
    "GRU",
    "LSTM",
    "SGD",
    "Activation",
    "Adagrad",
    "Adam",
    "AdamW",
    "BatchNormalization",
    "Bidirectional",
    "Conv2D",
    "DatasetFacts",
    "Dense",
    "Dropout",
    "EarlyStopping",
    "Embedding",
    "Encoding",
    "Experiment",
    "FirstSplit",
    "FlatEncoding",
    "Flatten",
    "Footprint",
    "FractionSplit",
    "GlobalAveragePooling",
    "ImageEncoding",
    "Layer",
    "LayerRow",
    "Loss",
    "MaxPooling2D",
    "Nadam",
    "NoSplit",
    "Optimizer",
    "RMSprop",
    "ReduceLROnPlateau",
    "RowsEncoding",
    "Scaling",
    "Split",
    "Trace",
    "footprint",
    "trace",
]
