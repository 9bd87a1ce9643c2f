"""A network as a diagram: Graphviz DOT text, which the browser draws, or where each part of a drawing stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from core.experiment import Experiment
from core.sentences import filled

_WORDS = {"diagram.input": "Input", "diagram.parameters": "{count} {count:parameter|parameters}"}
_LINE, _PADDING, _GAP, _LAST = (
    17,
    8,
    44,
    30,
)  # of a drawing: a line of text, above and below it, an arrow, the last one
Words = Callable[..., str]


@dataclass(frozen=True)
class Box:
    """The input, or a layer: what stands in it, line by line, and in a drawing where it begins and ends."""

    lines: tuple[str, ...]
    leaves: str  # the shape of what goes on from it
    top: int = 0
    bottom: int = 0


@dataclass(frozen=True)
class LayerDrawing:
    """Boxes below each other with what flows between them, in the units of a view box."""

    boxes: tuple[Box, ...]
    said: str  # the same in words
    height: int
    width: int = 300
    line: int = _LINE
    padding: int = _PADDING


def boxes(experiment: Experiment, t: Words | None = None) -> list[Box]:
    """The input and the layers, in their order."""

    def word(key: str, **names: str) -> str:
        return t(key, **names) if t else filled(_WORDS[key], names)

    summary = experiment.summary
    found = [Box((word("diagram.input"),), _shape(summary.input_shape))]
    for row in summary.rows:
        lines = [row.name, str(row.call).removeprefix("layers.")]
        if row.parameters:
            lines.append(word("diagram.parameters", count=f"{row.parameters:,}"))
        found.append(Box(tuple(lines), _shape(row.output_shape)))
    return found


def layer_drawing(experiment: Experiment, t: Words | None = None) -> LayerDrawing:
    """The diagram with the place of each box, for whoever draws it without Graphviz."""
    top, placed = 1, []
    for box in boxes(experiment, t):
        bottom = top + len(box.lines) * _LINE + 2 * _PADDING
        placed.append(replace(box, top=top, bottom=bottom))
        top = bottom + _GAP
    said = " → ".join(f"{', '.join(box.lines)} → {box.leaves}" for box in placed)
    return LayerDrawing(tuple(placed), said, top - _GAP + _LAST)


def dot(
    experiment: Experiment,
    t: Words | None = None,
    *,
    fill: str = "#1b6ca8",
    text: str = "#ffffff",
    line: str = "#7a7f85",
) -> str:
    """The layers from the input to the output, with shapes and parameters, as DOT.

    The background is transparent; boxes bring their own, so the drawing reads on light and dark pages.

    Args:
        fill: Colour of the boxes, as "#rrggbb".
        text: Colour of what stands in them.
        line: Colour of arrows and of the shapes beside them; must read on the page's background.
    """
    first, *layers = boxes(experiment, t)
    nodes = [f"  input [label={_quoted(*first.lines)}];"]
    arrows = []
    before, leaves = "input", first.leaves
    for place, box in enumerate(layers):
        nodes.append(f"  layer_{place} [label={_quoted(*box.lines)}];")
        arrows.append(f"  {before} -> layer_{place} [label={_quoted(f' {leaves}')}];")
        before, leaves = f"layer_{place}", box.leaves
    arrows.append(f"  {before} -> output [label={_quoted(f' {leaves}')}];")
    nodes.append("  output [shape=point, width=0.08];")
    return "\n".join(
        [
            "digraph network {",
            "  bgcolor=transparent;",
            "  rankdir=TB;",
            '  node [shape=box, style="rounded,filled", fontname="sans-serif", fontsize=12];',
            f'  node [fillcolor="{fill}", color="{fill}", fontcolor="{text}"];',
            f'  edge [color="{line}", fontcolor="{line}", fontname="sans-serif", fontsize=11];',
            *nodes,
            *arrows,
            "}",
        ]
    )


def _shape(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape))


def _quoted(*lines: str) -> str:
    escaped = (line.replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    return '"' + "\\n".join(escaped) + '"'
