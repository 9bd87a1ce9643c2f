"""What lessons say without a number: each sentence with a look at what it speaks of, and where it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from core import presets
from core.analysis.turning_point import turning_point_of
from core.datasets import open_dataset
from core.experiment.changes import changed
from core.settings import Settings
from dashboard.learn.checks import changed_settings
from tests.lessons import claims
from tests.lessons.claims import (
    gap,
    highest,
    lowest,
    lowest_at,
    right_on_test,
    taped,
    turn,
    val_accuracy,
    val_loss,
)
from tests.lessons.lab import SEED, SEEDS, Lab, experiment_of
from tests.lessons.test_numbers import step_of, words_of


@dataclass(frozen=True)
class Statement:
    """A sentence of a step and what must be so.

    Attributes:
        place: "LESSON.STEP".
        said: A piece of the sentence in English, and of the same in Korean: if the text changes, so must this.
        holds: Whether it is so.
    """

    place: str
    said: tuple[str, str]
    holds: Callable[[Lab], bool]


def parts_at(run: claims.Run) -> int:
    """From which epoch on training loss is below validation loss."""
    above = [one.number for one in run.epochs if one.loss >= (one.val_loss or 0.0)]
    return max(above, default=0) + 1


#: Of recorded runs and data only: nothing is trained.
TOLD = (
    Statement(
        "overfitting.no-turn",
        ("is lowest in the last of them", "검증 손실은 마지막 에포크에서 가장 낮습니다"),
        lambda lab: (
            lowest_at(taped("fashion-single-layer")) == len(taped("fashion-single-layer").epochs) == 5
        ),
    ),
    Statement(
        "overfitting.gap",
        ("They part at about epoch 3", "에포크 3쯤에서 갈라지고"),
        lambda lab: parts_at(taped("imdb-multi-hot")) == 3 and turn(taped("imdb-multi-hot")) == 4,
    ),
    Statement(
        "overfitting.loss-accuracy",
        ("about twice its lowest value or more", "두 배쯤, 또는 그보다 더"),
        lambda lab: 1.8 < val_loss(taped("imdb-multi-hot")) / lowest(taped("imdb-multi-hot")) < 2.2,
    ),
    Statement(
        "first-network.test",
        ("for MNIST about the same", "MNIST에서는 비슷하다"),
        lambda lab: (
            abs(right_on_test(taped("mnist-three-layers")) - val_accuracy(taped("mnist-three-layers"))) < 1
        ),
    ),
    Statement(
        "depth.side-by-side",
        ("more than twice as many parameters", "파라미터가 두 배도 넘습니다"),
        lambda lab: claims.parameters("fashion-deep") > 2 * claims.parameters("fashion-shallow"),
    ),
    Statement(
        "depth.side-by-side",
        ("both curves lower, a wider gap", "두 곡선 모두 더 낮고 더 벌어진다"),
        lambda lab: (
            taped("fashion-deep").epochs[-1].loss < taped("fashion-shallow").epochs[-1].loss
            and lowest(taped("fashion-deep")) < lowest(taped("fashion-shallow"))
            and gap(taped("fashion-deep")) > gap(taped("fashion-shallow"))
        ),
    ),
    Statement(
        "depth.deep",
        ("turn at nearly the same epoch", "두 전환점이 거의 같습니다"),
        lambda lab: abs(turn(taped("fashion-deep")) - turn(taped("fashion-shallow"))) <= 2,
    ),
    Statement(
        "depth.which-wins",
        ("the deep one wins, just about", "깊은 쪽이 가까스로 이긴다"),
        lambda lab: (
            claims.compared_on_tape("fashion-shallow", "fashion-deep").finding == "second"
            and 0.01 < claims.compared_on_tape("fashion-shallow", "fashion-deep").p < 0.05
        ),
    ),
    Statement(
        "depth.building",
        ("Nearly all of them stand in the first layer", "거의 모두 첫 층에 있습니다"),
        lambda lab: 100_480 / claims.small(128) > 0.95,
    ),
    Statement(
        "many-classes.train",
        ("64 units twice", "유닛 64개인 층이 둘"),
        lambda lab: [layer.units for layer in presets.load("mini-newswires").layers[:2]] == [64, 64],  # type: ignore[attr-defined]
    ),
)

#: One training with the presets' own seed holds them in each run of the tests, others in the thorough ones.
SHOWN = (
    Statement(
        "overfitting.gap",
        ("They part at about epoch 3", "에포크 3쯤에서 갈라지고"),
        lambda lab: parts_at(lab.run("overfitting.predict")) in (3, 4),
    ),
    Statement(
        "overfitting.gap",
        ("training loss is already below validation loss", "훈련 손실이 검증 손실보다 낮아졌고"),
        lambda lab: parts_at(lab.run("overfitting.predict")) <= turn(lab.run("overfitting.predict")),
    ),
    Statement(
        "overfitting.loss-accuracy",
        ("about twice its lowest value or more", "두 배쯤, 또는 그보다 더"),
        lambda lab: (
            val_loss(lab.run("overfitting.predict")) > 1.9 * lowest(lab.run("overfitting.predict"))
            and highest(lab.run("overfitting.predict")) - val_accuracy(lab.run("overfitting.predict")) < 7
        ),
    ),
    Statement(
        "overfitting.test",
        ("the new network wins by several points", "새 신경망이 몇 %p 앞섭니다"),
        lambda lab: (
            right_on_test(lab.cure("overfitting.predict")) - right_on_test(lab.run("overfitting.predict")) > 2
        ),
    ),
)

#: What takes more trainings, or several kinds of them.
TRIED = (
    Statement(
        "first-network.train",
        ("nine of ten digits", "열에 아홉"),
        lambda lab: val_accuracy(lab.run("first-network.train")) > 90,
    ),
    Statement(
        "first-network.test",
        ("some points lower than the validation accuracy", "검증 정확도보다 몇 %p 낮고"),
        lambda lab: (
            2
            < val_accuracy(lab.run("first-network.train")) - right_on_test(lab.run("first-network.train"))
            < 12
        ),
    ),
    Statement(
        "tensors.unscaled",
        ("about one in ten (guessing)", "열에 하나쯤(찍는 수준)"),
        lambda lab: val_accuracy(lab.run("tensors.unscaled")) < 15,
    ),
    Statement(
        "tensors.unscaled",
        ("with it more than nine in ten", "하면 열에 아홉 넘게"),
        lambda lab: val_accuracy(lab.run("tensors.unscaled", scaling="pixel")) > 90,
    ),
    Statement(
        "tensors.unscaled",
        (
            "with RMSprop or Adam, whose steps adapt, the small digits are learned",
            "RMSprop이나 Adam이라면 작은 숫자는",
        ),
        lambda lab: all(
            val_accuracy(lab.run("tensors.unscaled", optimizer={"kind": kind})) > 90
            for kind in ("rmsprop", "adam")
        ),
    ),
    Statement(
        "many-classes.bottleneck",
        ("with 2 units: 15 points and more", "유닛 2개: 15%p 넘게"),
        lambda lab: highest(lab.run("many-classes.train")) - highest(lab.run("many-classes.bottleneck")) > 15,
    ),
    Statement(
        "many-classes.bottleneck",
        ("with 4 units a few points are missing", "4개면 몇 %p가 모자라고"),
        lambda lab: (
            2
            < highest(lab.run("many-classes.train"))
            - highest(lab.run("many-classes.bottleneck", layers__1__units=4))
            < 7
        ),
    ),
    Statement(
        "many-classes.bottleneck",
        ("with 16 next to nothing", "16개면 거의 차이가 없다"),
        lambda lab: (
            highest(lab.run("many-classes.train"))
            - highest(lab.run("many-classes.bottleneck", layers__1__units=16))
            < 2
        ),
    ),
    Statement(
        "many-classes.bottleneck",
        ("The narrow network hardly overfits", "좁은 신경망은 과대적합이 거의 없습니다"),
        lambda lab: (
            val_loss(lab.run("many-classes.bottleneck")) < 1.12 * lowest(lab.run("many-classes.bottleneck"))
        ),
    ),
    Statement(
        "depth.one-layer",
        ("has this network turned? No", "전환점이 있는지 묻습니다. 없습니다"),
        lambda lab: turning_point_of(lab.run("depth.one-layer")).epoch is None,
    ),
    Statement(
        "depth.shallow",
        ("between about epoch 15 and 32", "에포크 15에서 32 사이쯤"),
        lambda lab: 14 <= lowest_at(lab.run("depth.shallow")) <= 33,
    ),
    Statement(
        "depth.deep",
        ("between about epoch 8 and 12", "에포크 8에서 12 사이쯤"),
        lambda lab: 7 <= lowest_at(lab.run("depth.deep")) <= 13,
    ),
    Statement(
        "depth.deep",
        (
            "the deep network turns earlier, whatever the seed",
            "시드를 바꾸어도 깊은 신경망의 전환점이 더 빠릅니다",
        ),
        lambda lab: lowest_at(lab.run("depth.deep")) < lowest_at(lab.run("depth.shallow")),
    ),
    Statement(
        "depth.side-by-side",
        ("its best validation loss is no better", "가장 낮은 검증 손실은 더 낫지 않다"),
        lambda lab: (
            lowest(lab.run("depth.deep")) > lowest(lab.run("depth.shallow")) - 0.01
            and lab.run("depth.deep").epochs[-1].loss < lab.run("depth.shallow").epochs[-1].loss
        ),
    ),
    Statement(
        "depth.which-wins",
        ("only a few of the 297 test samples divide the two", "둘이 갈리는 것은 몇 개뿐이라"),
        lambda lab: claims.divided(lab.run("depth.shallow"), lab.run("depth.deep"), lab) <= 12,
    ),
    Statement(
        "depth.which-wins",
        ("where one can, the deep network wins", "차이가 드러난다면 깊은 쪽이 이긴다"),
        lambda lab: (
            claims.compared_here(lab.run("depth.shallow"), lab.run("depth.deep"), lab).finding != "first"
        ),
    ),
    Statement(
        "depth.design",
        ("one hidden layer of 64 units already does", "유닛 64개인 은닉층 하나로도 됩니다"),
        lambda lab: lowest(lab.run("depth.design", units=64)) < lowest(lab.run("depth.deep")) + 0.02,
    ),
    Statement(
        "own-experiment.change",
        ("in epoch 2 or 3 instead of 4 or 5", "에포크 4나 5가 아니라 2나 3에서"),
        lambda lab: (
            turn(lab.run("own-experiment.change", units=64)) in (2, 3)
            and turn(lab.run("own-experiment.change")) in (4, 5)
            and val_loss(lab.run("own-experiment.change", units=64))
            > val_loss(lab.run("own-experiment.change"))
        ),
    ),
    Statement(
        "own-experiment.change",
        ("ten times as large, a turn in the first or second epoch", "학습률을 열 배로 하면 첫째나 둘째"),
        lambda lab: turn(lab.run("own-experiment.change", optimizer__learning_rate=0.01)) in (1, 2),
    ),
    Statement(
        "own-experiment.change",
        ("no turn within 20 epochs", "20 에포크 안에 오지 않습니다"),
        lambda lab: (
            turning_point_of(lab.run("own-experiment.change", optimizer__learning_rate=0.0001)).epoch is None
        ),
    ),
    Statement(
        "own-experiment.change",
        ("the lowest point comes much later", "가장 낮은 점이 훨씬 늦게 옵니다"),
        lambda lab: lowest_at(lab.run("own-experiment.change", batch_size=512)) >= 10,
    ),
    Statement(
        "own-experiment.noise",
        ("Training nearly 100%, validation below 80%", "훈련은 거의 100%, 검증은 80%보다 낮다"),
        lambda lab: (
            lab.run("own-experiment.noise").epochs[-1].accuracy > 0.98
            and val_accuracy(lab.run("own-experiment.noise")) < 80
        ),
    ),
    Statement(
        "own-experiment.noise",
        ("training accuracy still gets to nearly 100%", "훈련 정확도가 거의 100%까지 올라간다"),
        lambda lab: lab.run("own-experiment.noise", labels={"kind": "shuffled"}).epochs[-1].accuracy > 0.97,
    ),
    Statement(
        "own-experiment.noise",
        (
            "Validation accuracy stays at guessing, about one in ten",
            "검증 정확도는 열에 하나, 찍는 수준에 머문다",
        ),
        lambda lab: val_accuracy(lab.run("own-experiment.noise", labels={"kind": "shuffled"})) < 20,
    ),
    Statement(
        "own-experiment.noise",
        ("first it learns what most labels agree on", "먼저 대부분의 레이블이 함께 가리키는 것을 배우고"),
        lambda lab: (
            highest(lab.run("own-experiment.noise")) > 80 and turn(lab.run("own-experiment.noise")) > 3
        ),
    ),
)


def name(statement: Statement) -> str:
    return f"{statement.place}: {statement.said[0]}"


@pytest.mark.parametrize("statement", [*TOLD, *SHOWN, *TRIED], ids=name)
def test_the_statement_stands_in_the_lesson(statement: Statement) -> None:
    for said, code in zip(statement.said, ("en", "ko"), strict=True):
        assert said in " ".join(words_of(step_of(statement.place, code)))


@pytest.mark.parametrize("statement", TOLD, ids=name)
def test_what_is_told_of_recorded_runs_is_so(statement: Statement) -> None:
    assert statement.holds(None)  # type: ignore[arg-type]


@pytest.mark.parametrize("statement", SHOWN, ids=name)
def test_what_is_told_of_the_first_training_is_so(statement: Statement, lab: Lab) -> None:
    assert statement.holds(lab)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("statement", [*SHOWN, *TRIED], ids=name)
def test_what_is_told_of_trainings_is_so_whatever_the_seed(statement: Statement, seed: int, lab: Lab) -> None:
    assert statement.holds(lab.with_seed(seed))


@pytest.mark.slow
def test_the_shallow_network_turns_about_where_its_teacher_is_told(lab: Lab) -> None:
    assert lowest_at(lab.run("depth.shallow")) == pytest.approx(24, abs=3)


@pytest.mark.slow
@pytest.mark.thorough
def test_on_the_digits_the_test_often_tells_no_difference(lab: Lab) -> None:
    found = [
        claims.compared_here(one.run("depth.shallow"), one.run("depth.deep"), one).finding
        for one in map(lab.with_seed, (1, 2, 3, 4, SEED))
    ]
    assert found.count("second") <= 2


@pytest.mark.slow
def test_several_seeds_scatter_by_about_a_point(lab: Lab) -> None:
    found = [highest(lab.run("own-experiment.change", seed=seed)) for seed in (1, 2, 3, 4, SEED)]
    assert 0.2 < max(found) - min(found) < 1.5


def test_the_most_frequent_word_is_the_number_four(settings: Settings) -> None:
    for dataset in ("mini_reviews",):
        assert open_dataset(dataset, settings).vocabulary.words[0] == "the"


def test_sentences_of_opposite_meaning_have_the_same_words() -> None:
    for first, second in (
        ("the acting is good the plot is not", "the acting is not good the plot is"),
        ("not bad but good", "not good but bad"),
    ):
        assert set(first.split()) == set(second.split())


def test_every_idea_of_the_course_has_its_place() -> None:
    from dashboard.learn import lesson as lessons

    assert {idea for _, step in lessons.steps("en") for idea in step.ideas} == set(range(1, 17))


def test_every_lesson_has_six_to_nine_steps_and_fits_a_lesson_of_fifty_minutes() -> None:
    from dashboard.learn import lesson as lessons

    assert lessons.available() == lessons.NAMES
    for one in lessons.NAMES:
        found = lessons.lesson(one, "en")
        assert 6 <= len(found.steps) <= 9
        assert 45 <= found.minutes <= 50


def test_units_of_all_layers_are_one_setting_of_an_own_experiment() -> None:
    """The step offers them as one; two layers that then differ are not two changes."""
    base = experiment_of("own-experiment.change")
    for path, value in (("units", 64), ("depth", 1)):
        (row,) = changed_settings(base, changed(base, {path: value}))
        assert (row.setting, row.values[1]) == (path, value)
    assert len(changed_settings(base, changed(base, {"batch_size": 128}))) == 1
    assert len(changed_settings(base, changed(base, {"units": 64, "batch_size": 128}))) > 1
