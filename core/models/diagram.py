"""A network as a diagram: Graphviz DOT text, which the browser draws."""

from __future__ import annotations

from collections.abc import Callable

from core.experiment import Experiment
from core.sentences import filled

_WORDS = {"diagram.input": "Input", "diagram.parameters": "{count} {count:parameter|parameters}"}


def dot(
    experiment: Experiment,
    t: Callable[..., str] | None = None,
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

    def word(key: str, **names: str) -> str:
        return t(key, **names) if t else filled(_WORDS[key], names)

    summary = experiment.summary
    nodes = [f"  input [label={_quoted(word('diagram.input'))}];"]
    arrows = []
    before, shape = "input", summary.input_shape
    for place, row in enumerate(summary.rows):
        lines = [row.name, str(row.call).removeprefix("layers.")]
        if row.parameters:
            lines.append(word("diagram.parameters", count=f"{row.parameters:,}"))
        nodes.append(f"  layer_{place} [label={_quoted(*lines)}];")
        arrows.append(f"  {before} -> layer_{place} [label={_quoted(_shape(shape))}];")
        before, shape = f"layer_{place}", row.output_shape
    arrows.append(f"  {before} -> output [label={_quoted(_shape(shape))}];")
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
    return " " + " × ".join(map(str, shape))


def _quoted(*lines: str) -> str:
    escaped = (line.replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    return '"' + "\\n".join(escaped) + '"'
