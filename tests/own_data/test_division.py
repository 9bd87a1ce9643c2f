"""Which samples are for testing, in which order all stand, and what classes are called."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import DataError
from core.own_data.choices import Choices
from core.own_data.class_names import named, ordered
from core.own_data.division import divide, needed


def test_a_share_of_each_class_is_kept_for_testing() -> None:
    labels = np.repeat([0, 1, 2], [100, 50, 1]).astype(np.uint8)
    labels = labels[np.random.default_rng(1).permutation(len(labels))]
    made = divide(labels, None, Choices(test_share=0.2, seed=5))
    assert np.bincount(labels[made.test], minlength=3).tolist() == [20, 10, 0]
    assert sorted([*made.train, *made.test]) == list(range(151))
    assert np.all(np.diff(made.train) > 0)
    again, other = (divide(labels, None, Choices(test_share=0.2, seed=seed)) for seed in (5, 6))
    assert np.array_equal(again.test, made.test)
    assert not np.array_equal(other.test, made.test)


def test_a_given_split_is_taken_and_fewer_keep_its_shares() -> None:
    labels = np.tile([0, 1], 100).astype(np.uint8)
    given = np.arange(200) >= 150
    made = divide(labels, given, Choices())
    assert made.test.tolist() == list(range(150, 200))
    fewer = divide(labels, given, Choices(most=40))
    assert (len(fewer.train), len(fewer.test)) == (30, 10)
    assert np.bincount(labels[fewer.train]).tolist() == [15, 15]
    assert not set(fewer.test) & set(range(150))


def test_what_comes_class_by_class_is_mixed() -> None:
    labels = np.repeat([0, 1], 100).astype(np.uint8)
    made = divide(labels, None, Choices())
    assert 20 < np.count_nonzero(labels[made.train[:80]]) < 60


def test_too_few_are_refused() -> None:
    with pytest.raises(DataError) as few:
        divide(np.tile([0, 1], 5).astype(np.uint8), None, Choices())
    assert few.value.code == "own_too_few"
    with pytest.raises(DataError) as none:
        divide(np.tile([0, 1], 9).astype(np.uint8), np.zeros(18, dtype=bool), Choices())
    assert none.value.code == "own_no_test"


def test_classes_are_in_the_order_of_their_numbers_or_names() -> None:
    assert ordered(["10", "9", "-1", "9"]) == ("-1", "9", "10")
    assert ordered(["나", "가", "10"]) == ("10", "가", "나")
    assert named(("a*", "a＊", "")) == ("a＊", "a＊ (1)", "2")
    assert named(("0", "1"), ("나쁨", "좋음")) == ("나쁨", "좋음")
    for labels, code in ((["x", "x"], "own_one_class"), (map(str, range(101)), "own_many_classes")):
        with pytest.raises(DataError) as refused:
            ordered(labels)
        assert refused.value.code == code
    with pytest.raises(DataError) as twice:
        named(("0", "1"), ("좋음", "좋음"))
    assert twice.value.code == "own_data_class_twice"


@pytest.mark.parametrize("share", [0.1, 0.2, 0.5])
@pytest.mark.parametrize("classes", range(2, 13))
def test_it_is_known_how_many_samples_can_be_divided(classes: int, share: float) -> None:
    enough = needed([0] * classes, share)
    choices = Choices(test_share=share)
    made = divide(np.arange(enough) % classes, None, choices)
    assert len(made.test) > 0
    with pytest.raises(DataError):
        divide(np.arange(enough - 1) % classes, None, choices)
    assert needed([enough, enough], share) == 2 * enough
