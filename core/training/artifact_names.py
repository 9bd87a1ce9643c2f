"""The names under which the files of a run are kept; pages and exports read them by these names too.

- `BEST`, `LAST`: whole Keras models with their optimizer, after the best and after the last complete epoch
- `LAST_SEEDS`: uint32 (generators, 2), the states of Dropout's random generators, which Keras' files leave out
- `CHECKPOINT`: the state of a training under way, see `core.training.checkpoint`; gone once the run ended in order
- `predictions(n)`: float16 (samples, output units) after epoch n, for the first validation samples
- `PREDICTED_ROWS`: int64 (samples,), where these samples stand in the raw training set
- `PREDICTED_LABELS`: uint8 (samples,), their classes
- `WATCHED`: `core.analysis.memorization.WATCHED` (samples,), the training samples that are watched where labels are
  wrong on purpose; `watched(n)`: `core.analysis.memorization.ANSWERS` (samples,), the answers to them after epoch n
- `TEST_PROBABILITIES`: float32 (test samples, output units) of the network that was evaluated
- `TEST_LABELS`: uint8 (test samples,), the classes of the test samples; of recorded runs only, which must do without
  the data
- `FIRST_WEIGHTS`: float16 (inputs, units), the weights of the first layer of the network that was evaluated; of
  recorded runs on images only, whose networks are not kept
- `WEIGHT_NAMES`: text (tensors,), the names of the tensors that learn: "dense/kernel", ...
- `weights(n)`: `core.analysis.weight_history.WEIGHT_STATS` (epochs, tensors), how the weights were distributed in the
  epochs of block n; see `core.training.weight_histograms`
- `WORD_EFFECTS`: `core.analysis.attribution.mean_effects`, the mean effect of each word over the test set; written
  when somebody first asks for it
"""

from __future__ import annotations

from core.recorded import TEST_LABELS as TEST_LABELS
from core.run import Run

BEST = "best.keras"
LAST = "last.keras"
CHECKPOINT = "checkpoint.npz"
LAST_SEEDS = "last_seeds"
PREDICTED_ROWS = "predictions/rows"
PREDICTED_LABELS = "predictions/labels"
WATCHED = "watched/samples"
TEST_PROBABILITIES = "test_probabilities"
FIRST_WEIGHTS = "first_weights"
WEIGHT_NAMES = "weights/names"
WEIGHT_BLOCKS = "weights/block-"
WORD_EFFECTS = "word_effects"


#: What tells how the network answered to validation samples, or after how many epochs it ended; and what tells how it
#: answered to the test set.
_OF_VALIDATION = ("predictions/", "watched/", "weights/")
_OF_TEST = frozenset({TEST_PROBABILITIES, WORD_EFFECTS})


def is_hidden(name: str, *, covered: bool, sealed: bool) -> bool:
    """Whether a file tells what may not be seen of a run that is covered or sealed.

    Networks tell nothing by themselves: another run goes on from them.
    """
    if covered and name.startswith(_OF_VALIDATION):
        return True
    return (covered or sealed) and name in _OF_TEST


def predictions(epoch: int) -> str:
    """The name of the predictions after an epoch, from 1."""
    return f"predictions/{epoch:04d}"


def watched(epoch: int) -> str:
    """The name of the answers to the watched training samples after an epoch, from 1."""
    return f"watched/{epoch:04d}"


def weights(block: int) -> str:
    """The name of a block of weight distributions, from 0."""
    return f"{WEIGHT_BLOCKS}{block:04d}"


def evaluated_checkpoint(run: Run) -> tuple[str, int]:
    """Which network of a run that is over was evaluated: the name of its file, and its epoch.

    That is the last one, or the best one if early stopping went back to it.
    """
    stopping = run.experiment.early_stopping
    if stopping is not None and stopping.restore_best and run.best_epoch is not None:
        return BEST, run.best_epoch
    return LAST, len(run.epochs)
