"""Whether a student may begin a training now: the rules of the class, and what is asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.classroom.rules import Caps, Rules
from core.errors import ClassError
from core.experiment import Experiment

NOTHING = "nothing"
"""What stands in the place of the free settings where there are none."""


def refusal(
    rules: Rules, experiments: Sequence[Experiment], *, lesson: str = "", waiting: int = 0
) -> ClassError | None:
    """Why a student may not begin these trainings; None if nothing is against it.

    Args:
        experiments: All that would be trained.
        lesson: In which step of a lesson, as "LESSON.STEP"; "" outside of lessons.
        waiting: How many of the student's runs wait already.
    """
    if rules.paused:
        return ClassError("class_paused")
    if lesson and rules.pace is not None and not rules.pace.is_open(lesson):
        return ClassError("class_pace", step=rules.pace.step)
    for experiment in experiments:
        found = fixed_refusal(rules, experiment) or cap_refusal(rules.caps, experiment)
        if found is not None:
            return found
    most = rules.caps.waiting
    if most is not None and experiments and waiting + len(experiments) > most:
        return ClassError("class_cap_waiting", received=waiting + len(experiments), most=most)
    return None


def fixed_refusal(rules: Rules, experiment: Experiment) -> ClassError | None:
    """What of an experiment differs from the only one that may be trained, though it is fixed."""
    if rules.fixed is None:
        return None
    found = rules.fixed.freedom.changed_though_fixed(rules.fixed.base, experiment)
    if not found:
        return None
    return ClassError("class_fixed", fixed=found[0], open=_names(rules.fixed.free))


def cap_refusal(caps: Caps, experiment: Experiment) -> ClassError | None:
    """What of an experiment is more than a student's training may have."""
    for code, most, received in (
        ("class_cap_epochs", caps.epochs, experiment.epochs),
        ("class_cap_parameters", caps.parameters, experiment.summary.parameters),
        ("class_cap_samples", caps.samples, experiment.train_size),
    ):
        if most is not None and received > most:
            return ClassError(code, received=received, most=most)
    return None


def _names(paths: Iterable[str]) -> str:
    return ", ".join(paths) or NOTHING
