"""Own data sets in the store: whose they are, who may use them, what stays when they go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.catalog import dataset_info
from core.catalog.own import from_plain, to_plain
from core.datasets import ImageDataset, TextDataset, availability, cache, open_dataset
from core.datasets.test_labels import test_labels as labels_of
from core.errors import DataDamagedError, DataError, DataMissingError, ExperimentError
from core.experiment import Experiment
from core.own_data import adding
from core.own_data.choices import Choices
from core.own_data.making import Making, making_of
from core.own_data.making import from_plain as from_plain_making
from core.own_data.understood import Finding
from core.plain_text import as_name
from core.settings import Settings
from core.storage import Store, open_store
from tests.own_data import sets


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def store(settings: Settings):
    opened = open_store(settings)
    yield opened
    opened.close()


def learning(name: str) -> Experiment:
    return Experiment.from_dict(
        {
            "dataset": name,
            "layers": [{"kind": "dense", "units": 3, "activation": "softmax"}],
            "batch_size": 8,
            "epochs": 1,
        }
    )


def test_a_record_outlives_its_plain_form() -> None:
    for info, _ in (sets.images(), sets.texts()):
        again = from_plain(to_plain(info))
        assert to_plain(again) == to_plain(info)
        assert again.arrays == tuple(info.digests) or set(again.arrays) == set(info.digests)


def test_what_is_added_is_opened_with_the_same_samples(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    pictures, written = sets.images(), sets.texts()
    for made in (pictures, written):
        store.add_own_data(made[0], sets.archive(tmp_path, made), owner="ana")
    opened = open_dataset(pictures[0].name, settings)
    assert isinstance(opened, ImageDataset)
    assert np.array_equal(opened.x_train, pictures[1]["x_train"])
    texts = open_dataset(written[0].name, settings)
    assert isinstance(texts, TextDataset)
    assert texts.raw_test is not None
    words = [texts.vocabulary.word(rank) for rank in texts.x_test[3]]
    assert texts.raw_test[3] == " ".join(words)
    assert availability(written[0].name, settings).where == "own"


def test_only_holders_use_a_set_until_it_is_shared(store: Store, tmp_path: Path) -> None:
    made = sets.images(seed=2)
    name = made[0].name
    store.add_own_data(made[0], sets.archive(tmp_path, made), owner="ana")
    assert store.may_use(name, "ana")
    assert not store.may_use(name, "ben")
    assert store.own_data("ben") == ()
    with pytest.raises(DataError) as refused:
        store.add(learning(name), owner="ben")
    assert refused.value.code == "own_data_private"
    with pytest.raises(DataError):
        store.share_own_data(name, owner="ben", shared=True)
    store.share_own_data(name, owner="ana", shared=True)
    assert [(one.mine, one.shared) for one in store.own_data("ben")] == [(False, True)]
    assert store.add(learning(name), owner="ben")


def test_equal_data_are_one_set_with_several_holders(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    made, other = sets.images(title="First", seed=3), sets.images(title="Second", seed=3)
    assert made[0].name == other[0].name
    file = sets.archive(tmp_path, made)
    store.add_own_data(made[0], file, owner="ana")
    seen = store.add_own_data(other[0], file, owner="ben")
    assert (seen.info.title, seen.mine, seen.named) == ("First", True, False)
    assert store.remove_own_data(made[0].name, owner="ana") is False
    assert open_dataset(made[0].name, settings).name == made[0].name
    assert store.own_data("ben")[0].named
    assert store.own_data("ana") == ()


def test_how_a_set_was_made_is_kept_with_whoever_brought_it_along(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    made = sets.images(seed=21)
    file = sets.archive(tmp_path, made)
    choices = Choices(title="Title", license_note="CC0", fit="pad", most=90, seed=5)
    left = Finding("unreadable", 2, places=("kim/1.png", "x" * 900))
    making = Making("image_folders", choices, findings=(left, Finding("scaled_from_range", 9, {"most": 7})))

    def seen(owner: str | None) -> Making | None:
        return making_of(store.own_data(owner)[0])

    store.add_own_data(made[0], file, owner="ana")
    assert seen("ana") is None  # as of what was kept before there were such records
    adding.add(file, made[0], store, settings, owner="ana", making=making)
    store.share_own_data(made[0].name, owner="ana", shared=True)
    words = {"title": "", "license_note": ""}
    kept = seen("ana")
    assert kept is not None
    assert kept.choices == choices.model_copy(update=words)
    assert kept.findings[0].places == ("kim/1.png", "x" * 200)
    assert kept.findings[1:] == making.findings[1:]
    others = seen("ben")  # what files are called is nothing for others
    assert others is not None
    assert [(one.code, one.count, one.places) for one in others.findings] == [
        ("unreadable", 2, ()),
        ("scaled_from_range", 9, ()),
    ]
    other = Making("image_archive", Choices(), given_split=True)
    adding.add(file, made[0], store, settings, owner="ben", making=other)
    assert seen("ben") == other
    assert seen("cho") == others
    assert from_plain_making(store.own_data(None)[0].made or {}) == kept
    store.share_own_data(made[0].name, owner="ana", shared=False)
    assert store.own_data("cho") == ()
    store.remove_own_data(made[0].name, owner="ana")
    assert seen("ben") == other
    store.remove_own_data(made[0].name, owner="ben")
    store.add_own_data(made[0], file, owner="ben")
    assert seen("ben") is None


def test_a_record_stays_when_the_samples_go(store: Store, settings: Settings, tmp_path: Path) -> None:
    made = sets.images(seed=4)
    name, file = made[0].name, sets.archive(tmp_path, made)
    store.add_own_data(made[0], file, owner="ana")
    run = store.add(learning(name), owner="ana")
    with pytest.raises(DataError) as busy:
        store.remove_own_data(name, owner="ana")
    assert busy.value.code == "own_data_in_use"
    store.request_stop(run)
    assert store.remove_own_data(name, owner="ana") is True
    cache.forget(made[0], settings)
    assert not availability(name, settings).here
    with pytest.raises(DataMissingError, match="samples of Shapes"):
        open_dataset(name, settings)
    assert store.get(run).experiment.facts.title == "Shapes"
    with pytest.raises(DataMissingError):
        store.add(learning(name), owner="ana")
    store.add_own_data(made[0], file, owner="ana")
    assert open_dataset(name, settings).name == name


def test_quota_counts_what_one_holds(store: Store, tmp_path: Path) -> None:
    first, second = sets.images(size=600, seed=5), sets.images(size=900, seed=6)
    store.add_own_data(first[0], sets.archive(tmp_path, first), owner="ana", megabytes=1)
    with pytest.raises(DataError) as refused:
        store.add_own_data(second[0], sets.archive(tmp_path, second), owner="ana", megabytes=1)
    assert refused.value.code == "own_data_quota"
    assert not store.data_files.exists(second[0].name)
    assert store.add_own_data(second[0], sets.archive(tmp_path, second), owner="ben", megabytes=1)


def test_of_a_set_that_is_refused_the_second_time_nothing_is_left(store: Store, tmp_path: Path) -> None:
    made = sets.images(size=900, seed=10)
    file = sets.archive(tmp_path, made)
    store.add_own_data(made[0], file, owner="ana")
    store.remove_own_data(made[0].name, owner="ana")
    store._check_room = _refuse_within_the_transaction()  # type: ignore[method-assign]
    with pytest.raises(DataError):
        store.add_own_data(made[0], file, owner="ana", megabytes=1)
    assert not store.data_files.exists(made[0].name)


def _refuse_within_the_transaction() -> Any:
    """As if somebody had taken the room between the first look at it and the second one."""
    looks = iter((False, True))

    def check(*_: Any) -> None:
        if next(looks):
            raise DataError("own_data_too_many", received=100, limit=100)

    return check


def test_names_change_for_everybody_and_the_runs_stay_the_same(store: Store, tmp_path: Path) -> None:
    made = sets.images(seed=7)
    name = made[0].name
    store.add_own_data(made[0], sets.archive(tmp_path, made), owner="ana")
    digest = learning(name).digest
    words = {"title": "도형", "class_names": ["원", "세모", "네모"], "license_note": "CC0"}
    store.name_own_data(name, owner="ana", **words)
    assert dataset_info(name).class_names == ("원", "세모", "네모")
    assert learning(name).digest == digest
    with pytest.raises(DataError):
        store.name_own_data(name, owner="ben", **words)
    with pytest.raises(DataError) as twice:
        store.name_own_data(name, owner="ana", **{**words, "class_names": ["원", "원", "네모"]})
    assert twice.value.code == "own_data_class_twice"


def test_damaged_samples_are_refused(store: Store, settings: Settings, tmp_path: Path) -> None:
    made = sets.images(seed=8)
    store.add_own_data(made[0], sets.archive(tmp_path, made), owner="ana")
    with store.data_files.fetch(made[0].name) as path:
        assert path is not None
        other = sets.images(seed=9)
        path.write_bytes(sets.archive(tmp_path, other).read_bytes())
    with pytest.raises(DataDamagedError):
        open_dataset(made[0].name, settings)


def test_an_experiment_on_data_nobody_knows_is_refused() -> None:
    with pytest.raises(ExperimentError) as refused:
        learning("own-" + "0" * 24)
    assert refused.value.problems[0].code == "own_data_unknown"


def test_names_mean_nothing_but_themselves() -> None:
    assert as_name("**a** <b> $x$ snake_case _y_") == "＊＊a＊＊ ＜b＞ ＄x＄ snake_case ＿y＿"
    assert as_name("C# \u202e & {x}\n") == "C＃ ＆ ｛x｝"


def test_what_is_given_up_leaves_neither_file_nor_copy(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    made = sets.images(size=600, seed=10)
    name, file = made[0].name, sets.archive(tmp_path, made)
    little = settings.model_copy(update={"data_megabytes": 1})
    adding.add(file, made[0], store, little, owner="ana")
    adding.add(file, made[0], store, settings, owner="cli", shared=True, limited=False)
    open_dataset(name, settings)
    assert store.data_holders(name) == ("ana", "cli")
    assert adding.remove(name, store, settings, owner="cli") is False
    assert [one.info.name for one in store.own_data(None)] == [name]
    assert availability(name, settings).here
    with pytest.raises(DataError) as private:
        store.check_data_use(name, "ben")
    assert private.value.code == "own_data_private"
    assert adding.remove(name, store, settings, owner="ana") is True
    assert not availability(name, settings).here
    left = [path.suffix for path in settings.home.rglob("*") if name in path.name]
    assert sorted(left) == [".labels", ".lock"]  # what networks answered to its test samples is still judged
    assert np.array_equal(labels_of(name, settings), made[1]["y_test"])
    with pytest.raises(DataMissingError):
        store.check_data_use(name, "ana")
    with pytest.raises(DataError) as nobody:
        adding.remove(name, store, settings, owner="ana")
    assert nobody.value.code == "own_data_not_yours"
