"""The answers after each epoch, moved by a slider in the browser, without running the page's script while it moves."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.analysis.training_dynamics import PredictionHistory, class_accuracies, confusion_matrices
from core.analysis.turning_point import Turn
from core.run import Run
from dashboard.shared.browser import register
from dashboard.shared.charts import colours
from dashboard.shared.charts.class_matrix import Form
from dashboard.shared.charts.template import drawn
from dashboard.shared.language import Language
from dashboard.shared.run_words import brief, cut

_component = register(Path(__file__).parent)

_WORDS = (
    "axes", "cell", "class_accuracy", "classes", "hint", "largest", "matrix", "of", "pause", "play",
    "said", "slider", "support", "validation_loss", "wrong",
)  # fmt: skip


@dataclass(frozen=True)
class Rest:
    """The epoch where the slider came to rest, and the cell (true, predicted) that was pressed there, if any."""

    epoch: int
    cell: tuple[int, int] | None = None


def epoch_player(data: dict[str, Any], *, key: str, on_rest: Callable[[], None]) -> None:
    """Show the answers after an epoch, of `player_data`; the reader moves through the others.

    `on_rest` is called before the page is drawn anew when the slider came to rest or a cell was pressed; `came_to_rest`
    tells where.
    """
    _component(data=data, key=key, on_rest_change=on_rest)


def came_to_rest(key: str, kept: PredictionHistory, classes: int) -> Rest | None:
    """Where the slider just came to rest; None if it did not, or at no epoch that there is."""
    return rest_of(getattr(st.session_state.get(key), "rest", None), kept.epochs, classes)


def rest_of(sent: Any, epochs: Sequence[int], classes: int) -> Rest | None:
    """What a browser sent, if it can be: only epochs that are looked back at, and classes that there are."""
    sent = sent if isinstance(sent, dict) else {}
    epoch, cell = sent.get("epoch"), (sent.get("true"), sent.get("predicted"))
    if epoch not in epochs:
        return None
    if all(isinstance(label, int) and 0 <= label < classes for label in cell):
        return Rest(int(epoch), (int(cell[0]), int(cell[1])))
    return Rest(int(epoch))


def player_data(
    run: Run,
    kept: PredictionHistory,
    turn: Turn,
    names: Sequence[str],
    labels: Sequence[int],
    t: Language,
    *,
    form: Form,
    at: int,
) -> dict[str, Any]:
    """All that the browser needs: the numbers of each epoch, words, colours; only what JSON knows.

    The matrix shows the classes of these labels, in this order. It begins at the epoch `at`; where the reader has moved
    since stays as it is.
    """
    counts = confusion_matrices(kept, len(names))
    chosen = list(labels)
    shares = class_accuracies(counts)[:, chosen]
    recorded = {epoch.number: epoch for epoch in run.epochs}
    words: dict[str, Any] = {name: t(f"lookback.{name}") for name in _WORDS}
    words["row"] = {name: t(f"confusion.row.{name}") for name in ("some", "all", "nothing", "none", "others")}
    words["row"] |= {name: t(f"confusion.{name}") for name in ("part_of", "part_rest")}
    words |= {name: t(f"curve.{name}") for name in ("accuracy", "epoch")}
    words |= {name: t(f"lookback.curve.{name}") for name in ("training", "validation")}
    words["class"] = t("report.class")
    return {
        "run": run.id,
        "at": at,
        "epochs": list(kept.epochs),
        "last": len(run.epochs),
        "turn": _turn_data(kept, turn, t),
        "samples": len(kept.labels),
        "classes": [
            {
                "label": label,
                "name": names[label],
                "brief": brief(names[label]),
                "short": cut(brief(names[label])),
            }
            for label in chosen
        ],
        "matrices": [_filled(one[np.ix_(chosen, chosen)]) for one in counts],
        "shares": [
            [None if math.isnan(share) else round(share, 4) for share in row] for row in shares.tolist()
        ],
        "sizes": counts[0].sum(axis=1)[chosen].tolist(),
        "right": np.trace(counts, axis1=1, axis2=2).tolist(),
        "curves": {
            "training": [drawn(recorded[epoch].loss) for epoch in kept.epochs],
            "validation": [drawn(recorded[epoch].val_loss) for epoch in kept.epochs],
        },
        "form": form,
        "words": words,
        "colours": colours.BY_NAME,
        "language": t.code,
    }


def _turn_data(kept: PredictionHistory, turn: Turn, t: Language) -> dict[str, Any] | None:
    place = kept.place(turn.epoch)
    if place is None:
        return None
    kind = "turn" if turn.confirmed else "lowest"
    return {
        "place": place,
        "confirmed": turn.confirmed,
        "label": t(f"lookback.{kind}.label", epoch=turn.epoch),
        "go": t(f"lookback.{kind}.go"),
        "word": t(f"lookback.{kind}.here"),
        "marked": t(f"lookback.{kind}.marked", epoch=turn.epoch),
    }


def _filled(counts: NDArray[np.int64]) -> list[int]:
    """The cells that are not empty, each by its place, row after row, and its count: of many classes few are filled."""
    cells = np.flatnonzero(counts)
    found: list[int] = np.column_stack((cells, counts.ravel()[cells])).ravel().tolist()
    return found
