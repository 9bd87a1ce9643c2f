"""What of an experiment stays free, in words, and what can be left free of one. No Streamlit."""

from __future__ import annotations

from collections.abc import Sequence

from core.experiment import Experiment
from core.experiment.changes import DEPTH, UNITS, hidden_dense
from core.experiment.freedom import ALL, GROUPS, Freedom
from dashboard.shared.language import Language
from dashboard.shared.run_words import layer_sizes, value_text


def freedom_sentence(freedom: Freedom, t: Language) -> str:
    """What may be changed, by name; or, where that is more, what may not."""
    if freedom.free:
        return t("lab.fixed.but", settings=", ".join(map(t.setting, freedom.free)))
    fixed = tuple(dict.fromkeys((*freedom.lock, *freedom.hide)))
    if ALL in fixed:
        return t("lab.fixed.all")
    return t("lab.fixed", settings=", ".join(map(t.setting, fixed)))


def names_for(experiment: Experiment) -> dict[str, tuple[str, ...]]:
    """What can be left open of an experiment, by group."""
    finer: dict[str, Sequence[str]] = {"optimizer": ("optimizer", "optimizer.learning_rate")}
    if hidden_dense(experiment):
        finer["layers"] = ("layers", UNITS, DEPTH)
    text = experiment.facts.kind == "text"
    left_out = {"scaling"} if text else set()
    return {
        group: tuple(name for each in fields if each not in left_out for name in finer.get(each, (each,)))
        for group, fields in GROUPS.items()
    }


def fixed_settings(experiment: Experiment, freedom: Freedom, t: Language) -> dict[str, str]:
    """What may not be changed, label and value in words, in the order of the form; settings that are off left out."""
    found = {}
    for name in type(experiment).model_fields:
        value = getattr(experiment, name)
        if freedom.has_free(name) or (value is None and name != "train_limit"):
            continue
        said = layer_sizes(value) if name == "layers" else value_text(name, value, t)
        found[t(f"field.{name}")] = said
    return found
