"""The Experiment: everything that decides the result of a training, and its forms.

An `Experiment` that exists is one that can be trained: impossible ones are refused with an
`ExperimentError` that lists what is wrong. The same object goes to TOML (`toml`), to a link (`link`) and
to a database row (`Experiment.model_dump`) and back without loss.
"""

from core.experiment.data import (
    Encoding,
    FirstSplit,
    FlatEncoding,
    FoldSplit,
    FractionSplit,
    ImageEncoding,
    MultiHotEncoding,
    NoSplit,
    PaddedEncoding,
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
from core.experiment.shapes import Footprint, LayerSummary, ModelSummary, footprint, summarize
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
    "Dense",
    "Dropout",
    "EarlyStopping",
    "Embedding",
    "Encoding",
    "Experiment",
    "FirstSplit",
    "FlatEncoding",
    "Flatten",
    "FoldSplit",
    "Footprint",
    "FractionSplit",
    "GlobalAveragePooling",
    "ImageEncoding",
    "Layer",
    "LayerSummary",
    "Loss",
    "MaxPooling2D",
    "ModelSummary",
    "MultiHotEncoding",
    "Nadam",
    "NoSplit",
    "Optimizer",
    "PaddedEncoding",
    "RMSprop",
    "ReduceLROnPlateau",
    "RowsEncoding",
    "Scaling",
    "Split",
    "footprint",
    "summarize",
]
