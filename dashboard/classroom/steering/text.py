"""What is set for a class now, in one line. No Streamlit."""

from __future__ import annotations

from core import presets
from core.classroom import Caps, Fixed, Rules
from core.classroom.permission import cap_refusal
from core.errors import TurningPointError
from dashboard.learn import lesson as lessons
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped


def in_force(rules: Rules, t: Language) -> str:
    """The rules that hold, as Markdown; that there are none, where that is so."""
    found = []
    if rules.pace is not None:
        known = rules.pace.lesson in lessons.available()
        title = lessons.lesson(rules.pace.lesson, t.code).title if known else rules.pace.lesson
        found.append(t("steer.now.pace", title=escaped(title), step=rules.pace.step))
    if rules.fixed is not None:
        name = rules.fixed.preset
        free = ", ".join(map(t.setting, rules.fixed.free)) or t("setting.nothing")
        key = f"preset.{name}.title" if name in presets.NAMES else "steer.now.experiment"
        found.append(t("steer.now.fixed", name=t(key), free=escaped(free)))
    caps = [
        t(f"steer.now.{name}", most=f"{most:,}")
        for name in ("epochs", "parameters", "samples", "waiting")
        if (most := getattr(rules.caps, name)) is not None
    ]
    if caps:
        found.append(t("steer.now.caps", caps=", ".join(caps)))
    if rules.fixed is not None and _is_above(rules.fixed, rules.caps):
        found.append(t("steer.now.above"))
    if rules.fixed is not None and rules.pace is not None:
        found.append(t("steer.now.both"))
    return "\n".join(f"- {one}" for one in found) if found else t("steer.now.nothing")


def _is_above(fixed: Fixed, caps: Caps) -> bool:
    """Whether what is fixed is more than the caps allow, so that students have to make it smaller, if they may."""
    try:
        return cap_refusal(caps, fixed.base) is not None
    except TurningPointError:  # an earlier version wrote it
        return False
