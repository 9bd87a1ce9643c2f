"""What of a run can stand alone: in a frame of another page, as slides of a presentation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from core.analysis.turning_point import turning_point_of
from core.errors import TurningPointError
from core.export.web_page import Part
from core.run import Run
from dashboard.live.live_curves import show_live
from dashboard.run import text as words
from dashboard.run.confidence import exported as confidence
from dashboard.run.evidence import exported as evidence
from dashboard.run.inside import exported as inside
from dashboard.run.look_back import exported as look_back
from dashboard.run.test_result import exported as test_result
from dashboard.shared.alone import Chapter, Slide, chart_slides
from dashboard.shared.glossary import marked
from dashboard.shared.language import Language
from dashboard.shared.trouble import tell

#: What follows from the epochs of a run that is over: its name in an address, its title, its figures.
_OVER: tuple[tuple[str, str, Callable[[Run, Language], Sequence[Part]]], ...] = (
    ("matrix", "run.tab.mistakes", test_result.exported),
    ("turning-point", "run.tab.turning", evidence.exported),
    ("confidence", "run.tab.confidence", confidence.exported),
    ("look-back", "run.tab.lookback", look_back.exported),
    ("inside", "run.tab.inside", inside.by_epoch),
)


def chapters(run: Run, t: Language) -> tuple[Chapter, ...]:
    """The curves, and once the run is over, and nothing of it covered, the figures of each section."""
    found = [Chapter("curves", lambda: [Slide("", lambda: _curves(run, t), _verdict(run, t))])]
    if run.state.is_over and run.epochs and not run.is_covered:
        found += [Chapter(name, _slides(run, t(title), make, t)) for name, title, make in _OVER]
    return tuple(found)


def _slides(
    run: Run, title: str, make: Callable[[Run, Language], Sequence[Part]], t: Language
) -> Callable[[], Sequence[Slide]]:
    def slides() -> Sequence[Slide]:
        try:
            return chart_slides(make(run, t), t, title=title)
        except TurningPointError as error:
            refused = error
        return [Slide(title, lambda: tell(refused, t, "warning"))]

    return slides


def _curves(run: Run, t: Language) -> None:
    show_live(run.id, t, addressed=True)


def _verdict(run: Run, t: Language) -> str:
    """What the curves show, once the run is over."""
    if not run.state.is_over or run.is_covered:
        return ""
    said = words.verdict(run, turning_point_of(run))
    return marked(said.said(t), t) if said is not None else t.reason(run.reason)
