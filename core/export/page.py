"""A run as one self-contained HTML page: curves, turning point, test result, settings and code.

The page needs no network and no script; its curves are SVG, readable in print and without colour.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

from core.analysis.classification import report
from core.analysis.turning_point import TurningPoint, turning_point
from core.experiment.toml import to_toml
from core.models.code import script
from core.run import Epoch, Run

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP, _RIGHT = 640, 300, 56, 40, 16, 16

_STYLE = """
:root { color-scheme: light dark; --train: #0072b2; --val: #d55e00; --line: #8884; }
body { font: 16px/1.6 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
svg { width: 100%; height: auto; } svg text { font-size: 12px; fill: currentColor; }
.train { stroke: var(--train); } .val { stroke: var(--val); stroke-dasharray: 6 3; }
path { fill: none; stroke-width: 2; } .grid { stroke: var(--line); } .turn { stroke: currentColor; }
table { border-collapse: collapse; }
td, th { padding: .2rem .7rem; text-align: right; border-bottom: 1px solid var(--line); }
pre { overflow-x: auto; padding: 1rem; border: 1px solid var(--line); border-radius: 6px; font-size: 13px; }
"""


_FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}
</body>
</html>
"""


def page(run: Run, class_names: Sequence[str]) -> str:
    """The page as HTML text.

    Args:
        run: The run.
        class_names: Names of the classes by label.
    """
    turn = turning_point(run.epochs)
    title = run.title or run.preset or f"Run {run.id}"
    parts = [
        f"<h1>{html.escape(title)}</h1>",
        f"<p>{html.escape(_summary(run, turn))}</p>",
        _chart("Loss", run.epochs, lambda e: e.loss, lambda e: e.val_loss, turn.epoch),
        _chart("Accuracy", run.epochs, lambda e: e.accuracy, lambda e: e.val_accuracy, None),
        _scores(run, class_names),
        f"<h2>Settings</h2><pre>{html.escape(to_toml(run.experiment))}</pre>",
        f"<h2>Keras code</h2><pre>{html.escape(script(run.experiment))}</pre>",
    ]
    body = "\n".join(part for part in parts if part)
    return _FRAME.format(title=html.escape(title), style=_STYLE, body=body)


def _summary(run: Run, turn: TurningPoint) -> str:
    sentences = [f"{run.reason}"]
    if turn.epoch is not None:
        sentences.append(
            f"The turning point is epoch {turn.epoch}: the validation loss was lowest there ({turn.loss.value:.4f}) "
            f"and {turn.loss.last:.4f} at the end."
        )
    elif turn.loss.epoch is not None:
        sentences.append(
            "The turning point was not reached: the validation loss had not clearly risen again."
        )
    if run.evaluation is not None:
        sentences.append(
            f"On {run.evaluation.samples} test samples the accuracy is {run.evaluation.accuracy:.4f} "
            f"and the loss {run.evaluation.loss:.4f}."
        )
    return " ".join(sentences)


def _chart(
    title: str,
    epochs: Sequence[Epoch],
    train: Callable[[Epoch], float | None],
    validation: Callable[[Epoch], float | None],
    mark: int | None,
) -> str:
    values = [value for epoch in epochs for value in (train(epoch), validation(epoch)) if value is not None]
    if not values:
        return ""
    low, high = min(values), max(values)
    span, last = (high - low) or 1.0, max(len(epochs), 2)

    def across(number: float) -> float:
        return _LEFT + (number - 1) / (last - 1) * (_WIDTH - _LEFT - _RIGHT)

    def down(value: float) -> float:
        return _TOP + (high - value) / span * (_HEIGHT - _TOP - _BOTTOM)

    def path(kind: str, read: Callable[[Epoch], float | None]) -> str:
        points = [(epoch.number, value) for epoch in epochs if (value := read(epoch)) is not None]
        line = " L".join(f"{across(number):.1f} {down(value):.1f}" for number, value in points)
        return f'<path class="{kind}" d="M{line}"/>' if points else ""

    marks = []
    for step in range(5):
        value = low + span * step / 4
        marks.append(f'<path class="grid" d="M{_LEFT} {down(value):.1f} H{_WIDTH - _RIGHT}"/>')
        marks.append(f'<text x="{_LEFT - 6}" y="{down(value) + 4:.1f}" text-anchor="end">{value:.3g}</text>')
    for number in sorted({1, (1 + last) // 2, last}):
        marks.append(
            f'<text x="{across(number):.1f}" y="{_HEIGHT - 22}" text-anchor="middle">{number}</text>'
        )
    if mark is not None:
        marks.append(f'<path class="turn" d="M{across(mark):.1f} {_TOP} V{_HEIGHT - _BOTTOM}"/>')
        marks.append(f'<text x="{across(mark) + 5:.1f}" y="{_TOP + 10}">turning point: {mark}</text>')
    legend = f"{title} by epoch: solid line training, dashed line validation"
    return (
        f'<h2>{title}</h2><svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{legend}">'
        f"{''.join(marks)}{path('train', train)}{path('val', validation)}"
        f'<text x="{_LEFT}" y="{_HEIGHT - 4}">{legend}</text></svg>'
    )


def _scores(run: Run, class_names: Sequence[str]) -> str:
    if run.evaluation is None:
        return ""
    scores = report(run.evaluation.matrix)
    named = [*zip(class_names, scores.classes, strict=True), ("macro average", scores.macro)]
    named += [("weighted average", scores.weighted), ("micro average", scores.micro)]
    rows = "".join(
        f"<tr><th>{html.escape(name)}</th><td>{one.precision:.3f}</td><td>{one.recall:.3f}</td>"
        f"<td>{one.f1:.3f}</td><td>{one.support}</td></tr>"
        for name, one in named
    )
    head = "<tr><th></th><th>precision</th><th>recall</th><th>F1</th><th>samples</th></tr>"
    return f"<h2>Test result by class</h2><table>{head}{rows}</table>"
