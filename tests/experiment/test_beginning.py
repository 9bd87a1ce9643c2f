"""The experiment with which one begins on an own data set can be trained, whatever the set is like."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import presets
from core.catalog import DatasetInfo, own
from core.catalog.own import register
from core.errors import DataError
from core.experiment import Conv2D
from core.presets.beginning import beginning

_SHAPES = ((28, 28), (32, 32, 3), (64, 64, 3), (8, 8), (5, 3, 3), (2, 2, 3), (1, 1), (128, 128, 3))


def _record(train: int, classes: int, shape: tuple[int, ...] = (), words: int = 0) -> DatasetInfo:
    info = DatasetInfo(
        name="own-" + "b" * 24,
        title="Ours",
        task="Ours",
        kind="image" if shape else "text",
        class_names=tuple(f"class {label}" for label in range(classes)),
        train_size=train,
        test_size=5,
        shape=shape,
        max_value=255 if shape else words + 3,
        license="",
        source="",
        digests={},
        origin="own",
    )
    register(info)
    return info


@settings(max_examples=60)
@given(
    train=st.one_of(st.integers(10, 60), st.integers(10, 150_000)),
    classes=st.integers(2, 100),
    shape=st.sampled_from(_SHAPES),
)
def test_images_of_every_size_begin(train: int, classes: int, shape: tuple[int, ...]) -> None:
    experiment = beginning(_record(train, classes, shape))
    assert not experiment.problems
    assert experiment.validation_size
    assert experiment.train_size // experiment.batch_size >= min(20, experiment.train_size)
    assert any(isinstance(layer, Conv2D) for layer in experiment.layers) == (len(shape) == 3)


@settings(max_examples=40)
@given(
    train=st.integers(10, 150_000),
    classes=st.integers(2, 100),
    words=st.one_of(st.integers(1, 12), st.integers(1, 400_000)),
)
def test_texts_of_every_size_begin(train: int, classes: int, words: int) -> None:
    experiment = beginning(_record(train, classes, words=words))
    assert not experiment.problems
    assert [layer.units for layer in experiment.layers] == [16, 16, 1 if classes == 2 else classes]
    assert experiment.text_encoding.num_words == max(10, min(10_000, words + 4))


def test_the_name_of_an_own_set_is_where_a_link_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    # What other tests opened in homes that are gone may still be there to be asked.
    monkeypatch.setattr(own, "_finders", [])
    info = _record(500, 3, (32, 32, 3))
    first = beginning(info)
    assert presets.follow({"dataset": info.name}) == (first, info.name)
    assert presets.link(first, info.name) == {"preset": info.name}
    changed = first.with_changes(epochs=3)
    for preset in (info.name, presets.PLAIN, ""):
        assert presets.follow(presets.link(changed, preset))[0] == changed
    assert presets.link(changed) == {"preset": info.name, "epochs": "3"}
    with pytest.raises(DataError):
        presets.follow({"dataset": "own-" + "0" * 24})
