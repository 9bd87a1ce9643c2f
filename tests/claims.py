"""What the experiments of the course must show, as bands: on the real data, and on what needs no download."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.run import Evaluation


@dataclass(frozen=True)
class Claim:
    """The figures of one preset.

    Attributes:
        preset: Its name.
        test_accuracy: Lowest test accuracy.
        val_accuracy: Lowest validation accuracy in the last epoch; None where none is claimed.
        turn: First and last epoch in which the turning point may lie; None where none is claimed.
        val_accuracy_at_turn: Lowest validation accuracy in that epoch; None where none is claimed.
        most_test_accuracy: Highest test accuracy, where a network must fail to do better.
    """

    preset: str
    test_accuracy: float = 0.0
    val_accuracy: float | None = None
    turn: tuple[int, int] | None = None
    val_accuracy_at_turn: float | None = None
    most_test_accuracy: float = 1.0

    def check(
        self, val_accuracies: Sequence[float | None], evaluation: Evaluation | None, turn: int | None
    ) -> None:
        """Compare what came out with what is claimed.

        Args:
            val_accuracies: Validation accuracy by epoch.
            evaluation: The test result.
            turn: The confirmed turning point, if any.
        """
        assert evaluation is not None
        assert self.test_accuracy <= evaluation.accuracy <= self.most_test_accuracy
        if self.val_accuracy is not None:
            last = val_accuracies[-1]
            assert last is not None
            assert last >= self.val_accuracy
        if self.turn is not None:
            assert turn is not None
            assert self.turn[0] <= turn <= self.turn[1]
            if self.val_accuracy_at_turn is not None:
                there = val_accuracies[turn - 1]
                assert there is not None
                assert there >= self.val_accuracy_at_turn


CLAIMS = (
    Claim("mnist-first-network", test_accuracy=0.974),
    Claim("mnist-three-layers", test_accuracy=0.963, turn=(6, 20)),
    Claim("fashion-single-layer", val_accuracy=0.835),
    Claim("fashion-shallow", test_accuracy=0.865, turn=(9, 26)),
    Claim("fashion-deep", test_accuracy=0.865, turn=(5, 22)),
    Claim("imdb-multi-hot", test_accuracy=0.84, turn=(3, 5), val_accuracy_at_turn=0.88),
    Claim("imdb-four-epochs", test_accuracy=0.875),
    Claim("reuters-multi-hot", test_accuracy=0.76, turn=(7, 13)),
    Claim("reuters-nine-epochs", test_accuracy=0.775),
    # At least four points below the network that it is compared with.
    Claim("reuters-bottleneck", test_accuracy=0.5, most_test_accuracy=0.735),
    Claim("imdb-embedding", test_accuracy=0.83, turn=(4, 12)),
    Claim("imdb-lstm", test_accuracy=0.8, turn=(2, 8)),
)
FIRST = Claim("digits-first-network", test_accuracy=0.88, val_accuracy=0.95, turn=(6, 32))
GENERATED = (
    Claim(
        "mini-reviews", test_accuracy=0.78, turn=(2, 8), val_accuracy_at_turn=0.82, most_test_accuracy=0.93
    ),
    Claim(
        "mini-newswires", test_accuracy=0.79, turn=(2, 8), val_accuracy_at_turn=0.82, most_test_accuracy=0.93
    ),
)
