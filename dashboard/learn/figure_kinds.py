"""The kinds of figures that a step of a lesson may have, as lesson files name them. No Streamlit.

`dashboard.learn.figures` shows them. A figure that may not be seen yet (its run is covered, or not there) says so.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from dashboard.learn.parts import DatasetName, Part, PresetName, RunName
from dashboard.live.replay import Start

Measure = Literal["loss", "accuracy", "both"]
Row = Annotated[int, Field(ge=0)]
#: Values of controls that are shares, said in percent.
SHARES = frozenset({"kept", "largest", "smallest"})


class Kind(Part):
    """A kind of figure. `VALUES` are those that its controls lead to, which a check may look at."""

    VALUES: ClassVar[frozenset[str]] = frozenset()


class OfData(Kind):
    """A figure of a data set: `real` takes its place where the reader works with the real data."""

    dataset: DatasetName
    real: DatasetName | None = None


class OfPreset(Kind):
    """A figure of a preset's experiment: `real` takes its place where the reader works with the real data."""

    preset: PresetName
    real: PresetName | None = None


class OfRun(Kind):
    """A figure of a run; `otherwise` is shown as long as there is none of that name (a recorded one)."""

    run: RunName
    otherwise: RunName | None = None


class CurvesFigure(OfRun):
    """The curves of a run by epoch, its turning point marked: a chart of a single measure, or both.

    Both can be replayed once the run is over, from where `start` says.
    """

    kind: Literal["curves"] = "curves"
    measure: Measure = "both"
    start: Start = "end"


class SideBySideFigure(Kind):
    """The curves of two or three runs side by side on axes of equal scale."""

    kind: Literal["side_by_side"] = "side_by_side"
    runs: Annotated[tuple[RunName, ...], Field(min_length=2, max_length=3)]
    measure: Measure = "loss"


class SampleFigure(OfData):
    """One sample: of images enlarged, with the value of each pixel; of texts with the number under each word."""

    kind: Literal["sample"] = "sample"
    row: Row = 0


class GridFigure(OfData):
    """Nine samples with the names of their classes (3 x 3), others at each press; of texts three."""

    kind: Literal["grid"] = "grid"


class ClassCountsFigure(OfData):
    """How many training and test samples each class has."""

    kind: Literal["class_counts"] = "class_counts"


class TensorsFigure(OfData):
    """A table of the arrays of a data set: shape, type, smallest and largest value."""

    kind: Literal["tensors"] = "tensors"


class ScalingFigure(OfData):
    """The values of one image before and after scaling, in the ways given."""

    kind: Literal["scaling"] = "scaling"
    row: Row = 0
    ways: tuple[Literal["none", "pixel", "min_max", "standard", "robust"], ...] = ("none", "pixel")


class LabelsFigure(OfData):
    """Labels as whole numbers and one-hot, for the first samples of a data set; the number of samples can be chosen."""

    kind: Literal["labels"] = "labels"
    rows: Annotated[int, Field(ge=1, le=8)] = 4


class EncodingFigure(OfData):
    """A real bundled text as a network gets it: decoded, multi-hot, or padded; words kept and length can be chosen.

    Values: "kept" (the share of the text's words that is known, 0 to 1), "num_words", "length".
    """

    kind: Literal["encoding"] = "encoding"
    row: Row = 0
    form: Literal["decoded", "multi_hot", "padded"] = "decoded"
    num_words: Annotated[int, Field(ge=10)] = 500
    length: Annotated[int, Field(ge=2, le=2_500)] = 20

    VALUES = frozenset({"kept", "num_words", "length"})


class SigmoidFigure(Kind):
    """The sigmoid with a score that can be moved from -10 to 10. Values: "score", "output"."""

    kind: Literal["sigmoid"] = "sigmoid"
    score: Annotated[float, Field(ge=-10, le=10)] = 0.0

    VALUES = frozenset({"score", "output"})


class SoftmaxFigure(Kind):
    """Scores that can be moved, and the shares softmax makes of them. Values: "largest", "smallest", "sum"."""

    kind: Literal["softmax"] = "softmax"
    scores: Annotated[tuple[Annotated[float, Field(ge=-10, le=10)], ...], Field(min_length=2, max_length=5)]

    VALUES = frozenset({"largest", "smallest"})


class LayersFigure(OfPreset):
    """The table of layers of a preset with shapes and parameters, as Keras' `summary()`."""

    kind: Literal["layers"] = "layers"


class NetworkFigure(OfPreset):
    """The diagram of a preset's network."""

    kind: Literal["network"] = "network"


class BottleneckFigure(Kind):
    """The layers of one or more presets as bars as wide as they have units, beside the number of classes."""

    kind: Literal["bottleneck"] = "bottleneck"
    presets: Annotated[tuple[PresetName, ...], Field(min_length=1, max_length=3)]


class PartsFigure(OfPreset):
    """How a preset divides its samples: trained on, validation, test; and how many steps an epoch has."""

    kind: Literal["parts"] = "parts"


class CompileFigure(Kind):
    """A table of presets: classes, last layer, loss, optimizer with its learning rate, metric."""

    kind: Literal["compile"] = "compile"
    presets: Annotated[tuple[PresetName, ...], Field(min_length=1, max_length=5)]


class FoldsFigure(Kind):
    """Cross-validation: so many folds, and which part is kept back each time; the number can be chosen.

    Values: "folds".
    """

    kind: Literal["folds"] = "folds"
    folds: Annotated[int, Field(ge=2, le=10)] = 5

    VALUES = frozenset({"folds"})


class ConfusionFigure(OfRun):
    """The confusion matrix of a run on its test set; sealed as long as the run is."""

    kind: Literal["confusion"] = "confusion"


class ReportFigure(OfRun):
    """Precision, recall and F1 of each class of a run, with their averages; sealed as long as the run is."""

    kind: Literal["report"] = "report"


class PredictionFigure(OfRun):
    """A test sample and the probability that a run's network gives each class; other samples at each press.

    Only of runs trained here: a recorded one has no network. Sealed as long as the run is.
    """

    kind: Literal["prediction"] = "prediction"


class WeightsFigure(OfRun):
    """What became of the weights of a run, layer by layer: how widely they are spread, by epoch."""

    kind: Literal["weights"] = "weights"


Figure = Annotated[
    CurvesFigure
    | SideBySideFigure
    | SampleFigure
    | GridFigure
    | ClassCountsFigure
    | TensorsFigure
    | ScalingFigure
    | LabelsFigure
    | EncodingFigure
    | SigmoidFigure
    | SoftmaxFigure
    | LayersFigure
    | NetworkFigure
    | BottleneckFigure
    | PartsFigure
    | CompileFigure
    | FoldsFigure
    | ConfusionFigure
    | ReportFigure
    | PredictionFigure
    | WeightsFigure,
    Field(discriminator="kind"),
]
