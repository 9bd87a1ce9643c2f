"""Which settings several experiments do not share."""

from __future__ import annotations

from core.experiment import Adam, Dense, Dropout, EarlyStopping, Experiment, FirstSplit, RMSprop
from core.experiment.setting_differences import SettingRow, differing_settings, setting_differences
from core.presets import NAMES, load

OUTPUT = Dense(units=10, activation="softmax")
PLAIN = Experiment(
    dataset="digits", split=FirstSplit(count=300), layers=(Dense(units=4, activation="relu"), OUTPUT)
)


def test_equal_experiments_differ_in_nothing() -> None:
    assert differing_settings([]) == ()
    assert differing_settings([PLAIN]) == ()
    assert differing_settings([PLAIN, PLAIN.with_changes(), PLAIN]) == ()


def test_only_what_differs_is_told_with_a_value_of_each() -> None:
    others = [PLAIN.with_changes(seed=1), PLAIN.with_changes(optimizer=RMSprop(learning_rate=0.01))]
    assert differing_settings([PLAIN, *others]) == (
        SettingRow("optimizer.learning_rate", (0.001, 0.001, 0.01)),
        SettingRow("seed", (777, 1, 777)),
    )


def test_parts_of_different_kinds_are_told_whole() -> None:
    other = PLAIN.with_changes(optimizer=Adam(), early_stopping=EarlyStopping(patience=3))
    assert differing_settings([PLAIN, other]) == (
        SettingRow("optimizer", (RMSprop(), Adam())),
        SettingRow("early_stopping", (None, EarlyStopping(patience=3))),
    )


def test_layers_of_the_same_kinds_are_told_one_by_one_others_together() -> None:
    wider = PLAIN.with_changes(layers=[Dense(units=8, activation="tanh"), OUTPUT])
    assert differing_settings([PLAIN, wider]) == (
        SettingRow("layers.0.units", (4, 8)),
        SettingRow("layers.0.activation", ("relu", "tanh")),
    )
    deeper = PLAIN.with_changes(layers=[*PLAIN.layers[:1], Dropout(rate=0.5), OUTPUT])
    assert differing_settings([PLAIN, wider, deeper]) == (
        SettingRow("layers", (PLAIN.layers, wider.layers, deeper.layers)),
    )


def test_it_agrees_with_the_flat_list_of_two() -> None:
    """Whatever differs in the flat list lies within a row, and no row is there without cause."""
    presets = [load(name) for name in NAMES]
    for first in presets:
        for second in presets:
            rows = [row.setting for row in differing_settings([first, second])]
            flat = [one.setting for one in setting_differences(first, second)]
            assert all(any(f"{name}.".startswith(f"{row}.") for row in rows) for name in flat)
            assert all(any(f"{name}.".startswith(f"{row}.") for name in flat) for row in rows)
