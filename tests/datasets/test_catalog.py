import pytest

from core import presets
from core.catalog import ARRAYS, DATASETS, dataset_info
from core.datasets import availability, open_dataset
from core.datasets.archives import digest, expected_shape
from core.errors import DataError


def test_the_catalog_has_every_data_set_an_experiment_may_name():
    assert {known.name: known for known in DATASETS.values()} == DATASETS
    for name, known in DATASETS.items():
        with_it = [preset for preset in presets.NAMES if presets.load(preset).dataset == name]
        assert presets.load(known.first_preset).facts is known
        # Not with the one whose labels are wrong on purpose: that is for the first press only.
        assert known.first_preset == next(preset for preset in with_it if preset != presets.FIRST)


@pytest.mark.parametrize("known", DATASETS.values(), ids=lambda known: known.name)
def test_an_entry_is_complete(known):
    assert known.train_size == sum(known.class_counts)
    assert len(known.class_names) == known.classes == len(known.class_counts)
    assert set(known.digests) == set(ARRAYS[known.kind])
    assert known.license
    assert known.source
    assert bool(known.files) == bool(known.downloads) == (not known.offline)
    assert (known.download_bytes == 0) == known.offline


def test_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(
        DataError, match=r"no data set called 'mnits'.*digits, mini_reviews, mini_newswires, mnist"
    ):
        dataset_info("mnits")


def test_digits_are_those_of_scikit_learn(settings):
    from sklearn.datasets import load_digits

    bunch, digits = load_digits(), open_dataset("digits", settings, fetch=False)
    assert availability("digits", settings).where == "bundled"
    assert (digits.x_train == bunch.images[:1500]).all()
    assert (digits.x_test == bunch.images[1500:]).all()
    assert (digits.y_train == bunch.target[:1500]).all()
    assert (digits.y_test == bunch.target[1500:]).all()
    for name in ARRAYS["image"]:
        array = getattr(digits, name)
        assert array.dtype == "uint8"
        assert array.shape == expected_shape(name, dataset_info("digits"))
        assert digest(array) == dataset_info("digits").digests[name]
        assert not array.flags.writeable
    assert digits.x_train.max() == digits.facts.max_value


def test_digits_are_found_even_if_scikit_learn_keeps_the_file_elsewhere(monkeypatch):
    from core.datasets import bundled

    usual = bundled._table()
    monkeypatch.setattr(bundled, "_FILE", bundled.Path("elsewhere.csv.gz"))
    assert (bundled._table() == usual).all()
