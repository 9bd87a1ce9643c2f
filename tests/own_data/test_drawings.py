"""Drawings become a set as MNIST's makers made theirs; the drawings are those of another set's digits, enlarged."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from core.analysis.other_set import class_places, other_result
from core.catalog import DATASETS
from core.datasets import open_dataset
from core.datasets.drawing import SIDE, as_in_set, from_bits, to_bits
from core.errors import TurningPointError
from core.own_data.choices import Choices
from core.own_data.drawings import Labelled, build_drawn
from core.settings import Settings


def drawn(count: int = 40) -> list[Labelled]:
    """Digits of the small set as somebody would draw them on the pad."""
    digits = open_dataset("digits", Settings.from_environment({}))
    found = []
    for image, label in zip(digits.x_train[:count], digits.y_train[:count], strict=True):
        large = Image.fromarray((image * 15).astype(np.uint8)).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
        found.append(Labelled(to_bits(np.asarray(large)), int(label)))
    return found


def test_drawings_become_a_set_like_mnist() -> None:
    given = drawn()
    built = build_drawn(given, tuple("0123456789"), Choices(title="Our digits", test_share=0.25))
    info, arrays = built.info, built.arrays
    assert (info.own, info.shape, info.max_value) == (True, (28, 28), 255)
    assert info.class_names == tuple("0123456789")
    assert info.drawing == DATASETS["mnist"].drawing
    assert info.train_size + info.test_size == 40
    made = {as_in_set(from_bits(one.bits), "mnist").tobytes(): one.label for one in given}
    for part in ("train", "test"):
        for image, label in zip(arrays[f"x_{part}"], arrays[f"y_{part}"], strict=True):
            assert made[image.tobytes()] == label
    assert set(arrays["y_test"].tolist()) == set(range(10)), "some of each to test with"
    again = build_drawn(given, tuple("0123456789"), Choices(title="Other words", test_share=0.25))
    assert again.info.name == info.name
    assert build_drawn(given, tuple("0123456789"), Choices(test_share=0.25, seed=1)).info.name != info.name
    # Labels that nobody drew are left out, the others keep their order.
    few = build_drawn([one for one in drawn(80) if one.label in (2, 7)], tuple("0123456789"), Choices())
    assert few.info.class_names == ("2", "7")
    for wrong, code in ((given[:10], "own_too_few"), ([given[0]] * 11, "own_one_class")):
        with pytest.raises(TurningPointError) as caught:
            build_drawn(wrong, tuple("0123456789"), Choices())
        assert caught.value.code == code
    assert class_places(DATASETS["mnist"], few.info) == (2, 7)
    for unfit in (DATASETS["digits"], DATASETS["mini_reviews"], DATASETS["fashion_mnist"]):
        assert class_places(unfit, few.info) is None
    assert class_places(info, info) is None, "its own test set is no other one"
    assert class_places(few.info, info) is None, "a class that the network does not know"


def test_the_worst_are_those_of_which_the_network_was_surest() -> None:
    shares = np.array([[0.9, 0.1, 0], [0.2, 0.5, 0.3], [0, 0.2, 0.8], [0.6, 0.4, 0]], dtype=np.float32)
    found = other_result(shares, np.array([0, 0, 1, 1]), 3)
    assert (found.right, found.samples) == (1, 4)
    assert found.matrix == ((1, 1, 0), (1, 0, 1), (0, 0, 0))
    assert [(one.row, one.true, one.taken) for one in found.worst] == [(2, 1, 2), (3, 1, 0), (1, 0, 1)]
    assert [round(one.of_true, 6) for one in found.worst] == [0.2, 0.4, 0.2]
    single = other_result(np.array([[0.3], [0.9]]), np.array([1, 1]), 2)
    assert single.matrix == ((0, 0), (1, 1))
    assert single.worst[0].share == pytest.approx(0.7)
