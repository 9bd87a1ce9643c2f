"""What the page of comparisons says of two runs: no more than their test results carry."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from streamlit.testing.v1 import AppTest

from core import presets
from core.analysis.agreement import matrix_difference as difference_of
from core.analysis.agreement import pairwise_tests
from core.analysis.classification import confusion_matrix
from core.analysis.macro_f1 import MacroF1Difference
from core.analysis.repeats import repeats
from core.errors import DataMissingError
from core.experiment import Experiment, ReplacedLabels
from core.experiment.setting_differences import factors
from core.run import Evaluation, RunState
from core.storage import Store
from core.training import artifact_names
from dashboard.compare import text as words
from dashboard.compare.answers import TwoAnswers, by_certainty, disagreement_card
from dashboard.compare.figures import matrix_difference, two_answers
from dashboard.shared import services
from dashboard.shared.formats import p_value
from dashboard.shared.judged_runs import judged_runs
from dashboard.shared.language import language
from dashboard.shared.run_words import factor_words, short_names
from tests.dashboard import runs

SAY = language("en")
CLASSES = tuple("0123456789")


@pytest.fixture
def labels() -> NDArray[np.uint8]:
    return services.dataset("digits").y_test


def answering(labels: NDArray[np.uint8], wrong: range, by: int = 1) -> NDArray[np.int64]:
    """Right answers but for these rows, which are taken for another class."""
    answered = labels.astype(np.int64)
    answered[list(wrong)] = (answered[list(wrong)] + by) % 10
    return answered


def judged(store: Store, answered: NDArray[np.int64], **changes: Any) -> str:
    """A run on the digits that answered so, ever surer from sample to sample."""
    run = runs.running(store, runs.TURNING, **changes)
    true = services.dataset("digits").y_test
    matrix = confusion_matrix(true, answered, 10)
    store.record_evaluation(
        run, Evaluation(0.3, float(np.mean(true == answered)), tuple(map(tuple, matrix.tolist())))
    )
    sure = np.linspace(0.5, 0.99, len(true))[:, None]
    shares = (1 - sure) / 9 * np.ones((1, 10))
    shares[np.arange(len(true)), answered] = sure[:, 0]
    services.artifacts().save_array(run, artifact_names.TEST_PROBABILITIES, shares.astype(np.float32))
    assert store.finish(run, RunState.FINISHED, runs.DONE[RunState.FINISHED])
    return run


def verdicts(ids: list[str], base: str) -> None:
    """What the page of comparisons shows below its table."""
    from dashboard.compare.verdicts import show_verdicts
    from dashboard.shared import services
    from dashboard.shared.language import session_language

    show_verdicts(services.store().get_many(ids), base, session_language())


def page(*ids: str, lang: str = "en", base: str = "") -> AppTest:
    app = AppTest.from_function(verdicts, default_timeout=30, args=(list(ids), base or ids[0]))
    app.query_params["lang"] = lang
    app.run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return "\n".join(
        str(one.value) for kind in ("markdown", "caption", "info", "warning") for one in app.get(kind)
    )


# What is said


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize(
    ("first", "second", "key"),
    [
        (range(40), range(10), "better"),
        (range(10), range(10), "same"),
        (range(12), range(8, 12), "too_few"),
        (range(12), range(10, 20), "not_shown"),
    ],
)
def test_a_verdict_says_what_the_counts_carry(
    labels: NDArray[np.uint8], first: range, second: range, key: str, lang: str
) -> None:
    t = language(lang)
    answers = {"x": answering(labels, first), "y": answering(labels, second)}
    if key == "too_few":
        answers["x"] = answering(labels, range(4))
        answers["y"] = answering(labels, range(0))
    (pair,) = pairwise_tests(labels, answers)
    told = words.pair_verdict(pair, 1, {"x": "A", "y": "B"}, t)
    brief = words.pair_finding(pair, {"x": "A", "y": "B"}, t)
    if key == "better":
        assert pair.finding == "second"
        assert "p < 0.001" in told
        assert told.index("10") < told.index("40")  # the mistakes of the better one first
        assert brief == t("verdicts.brief.better", better="B")
        assert words.pair_verdict(pair.turned, 1, {"x": "A", "y": "B"}, t) == told
    else:
        assert pair.finding == key
        assert brief == t(f"verdicts.brief.{key}")


def test_holm_is_named_where_it_was_used(labels: NDArray[np.uint8]) -> None:
    answers = {name: answering(labels, range(wrong)) for name, wrong in (("x", 10), ("y", 16), ("z", 16))}
    letters = {"x": "A", "y": "B", "z": "C"}
    pairs = pairwise_tests(labels, answers)
    told = words.pair_verdict(pairs[0], 3, letters, SAY)
    assert "after Holm" in told
    assert pairs[0].finding == "not_among_all"
    assert f"({p_value(pairs[0].p)})" in told


@pytest.mark.parametrize(
    ("p", "told"),
    [
        (1.0, "p = 1.000"),
        (0.0004, "p < 0.001"),
        (0.0496, "p = 0.0496"),
        (0.0501, "p = 0.0501"),
        (0.2, "p = 0.200"),
    ],
)
def test_probabilities_near_the_level_show_on_which_side_they_are(p: float, told: str) -> None:
    assert p_value(p) == told


@pytest.mark.parametrize(
    ("low", "high", "key"),
    [(0.001, 0.01, "B is higher"), (-0.01, -0.001, "A is higher"), (-0.001, 0.01, ""), (0.00001, 0.01, "")],
)
def test_macro_f1_is_higher_only_if_the_interval_leaves_out_zero(low: float, high: float, key: str) -> None:
    told = words.macro_verdict(MacroF1Difference(0.9, 0.905, low, high), ("A", "B"), SAY)
    assert key in told
    assert (SAY("verdicts.macro.open") in told) == (key == "")


def test_factors_are_named_with_their_values() -> None:
    shallow, deep = presets.load("fashion-shallow"), presets.load("fashion-deep")
    assert factor_words("layers", shallow, deep, SAY) == "Layers (64-32-10 → 128-128-32-10)"
    other = shallow.with_changes(epochs=5, optimizer={"kind": "sgd"}, early_stopping={"patience": 3})
    assert factor_words("epochs", shallow, other, SAY) == "Epochs (30 → 5)"
    assert factor_words("optimizer", shallow, other, SAY) == "Optimizer (Adam → SGD)"
    assert factor_words("early_stopping", shallow, other, SAY) == "EarlyStopping"
    noisy, noisier = (shallow.with_changes(labels=ReplacedLabels(share=share)) for share in (0.2, 0.4))
    assert factor_words("labels", shallow, noisy, SAY) == (
        "Training labels (As in the data → A share replaced at random)"
    )
    assert factor_words("labels.share", noisy, noisier, SAY) == "Share of wrong labels (0.2 → 0.4)"
    assert factors(shallow, noisy) == ("labels",)
    assert factors(noisy, noisier) == ("labels.share",)
    slow = shallow.with_changes(optimizer={"kind": "adam", "learning_rate": 0.0001})
    assert factor_words("optimizer.learning_rate", shallow, slow, SAY) == "Learning rate (0.001 → 0.0001)"


# Figures and cards


def test_the_difference_is_drawn_as_counted() -> None:
    one, two = [[5, 1], [2, 4]], [[3, 3], [2, 4]]
    heat, text, cells = matrix_difference(one, two, ["cat", "dog"], ("A", "B"), SAY).data
    assert np.array_equal(heat.z, [[-2, 2], [0, 0]])
    assert (heat.zmin, heat.zmax) == (-2, 2)
    assert list(text.text) == ["−2", "+2", "", ""]
    assert np.array_equal(cells.customdata[0], [0, 0, 5, 3, -2])


def test_many_classes_are_drawn_in_the_order_of_their_changes() -> None:
    one = np.diag(np.full(46, 9))
    two = one.copy()
    two[40, 40], two[40, 3] = 2, 7
    difference = difference_of(one.tolist(), two.tolist())
    labels = words.changed_classes(difference)[:13]
    assert labels[:3] == (40, 3, 0)
    names = [f"topic {label}" for label in range(46)]
    heat, _ = matrix_difference(one.tolist(), two.tolist(), names, ("A", "B"), SAY, labels=labels).data
    assert heat.z[0][0] == pytest.approx(-np.log1p(7))
    told = words.largest_changes(difference, names, ("A", "B"), SAY)
    assert "topic 40 → topic 3 +7, topic 40 → topic 40 −7." in told
    assert words.largest_changes(difference * 0, names, ("A", "B"), SAY) == SAY("verdicts.matrix.same")


def test_the_true_class_is_among_the_answers_drawn() -> None:
    shares = np.array([0.3, 0.2, 0.2, 0.1, 0.1, 0.05, 0.05, 0, 0, 0])
    first, second = two_answers(shares, shares, 9, CLASSES, ("A", "B"), ("red", "blue"), SAY).data
    assert [first.name, second.name] == ["A", "B"]
    assert list(first.customdata) == ["0", "1", "2", "3", "4", "9"]
    assert first.x[-1] == 0


def test_the_surest_wrong_answer_comes_first() -> None:
    first = np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8], [0.7, 0.3]])
    second = np.array([[0.1, 0.9], [0.9, 0.1], [0.6, 0.4], [0.8, 0.2]])
    answers = TwoAnswers.of(np.array([0, 0, 0, 1]), first, second)
    assert by_certainty(np.array([0, 1, 2, 3]), answers) == [0, 2, 3, 1]
    card = disagreement_card(1, answers, ["cat", "dog"], ("A", "B"), SAY)
    assert card.lines == ("cat", "A dog", "B ✓")
    assert card.about == "Test sample 1, true cat: A dog, B cat ✓"


def test_one_unit_answers_for_two_classes() -> None:
    answers = TwoAnswers.of(np.array([1, 1]), np.array([[0.2], [0.9]]), np.array([[0.9], [0.4]]))
    assert by_certainty(np.array([0, 1]), answers) == [0, 1]
    assert [list(one) for one in answers.certainties(np.array([0, 1]))] == [
        pytest.approx([0.8, 0.9]),
        pytest.approx([0.9, 0.6]),
    ]


# Who can be judged


def test_runs_that_cannot_be_judged_say_why(store: Store, labels: NDArray[np.uint8]) -> None:
    ids = {
        "fine": judged(store, answering(labels, range(3))),
        "answers_gone": judged(store, answering(labels, range(3))),
        "other_samples": judged(store, answering(labels, range(3))),
        "under_way": runs.running(store),
        "no_evaluation": runs.over(store, RunState.STOPPED),
        "other_dataset": runs.over(store, dataset="mnist"),
    }
    services.artifacts().delete(ids["answers_gone"])
    services.artifacts().save_array(
        ids["other_samples"], artifact_names.TEST_PROBABILITIES, np.eye(10)[labels[::-1]]
    )
    letters = dict(zip(ids.values(), "ABCDEF", strict=True))
    found = judged_runs(
        [store.get(run) for run in ids.values()], "digits", labels, services.artifacts(), letters
    )
    assert list(found.answers) == [ids["fine"]]
    assert found.answers[ids["fine"]].dtype == np.uint8
    assert [(one.key.rpartition(".")[2], one.details["letter"]) for one in found.obstacles] == [
        ("answers_gone", "B"),
        ("other_samples", "C"),
        ("under_way", "D"),
        ("no_evaluation", "E"),
        ("other_dataset", "F"),
    ]


# The page


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_two_runs_are_judged_on_the_page(store: Store, labels: NDArray[np.uint8], lang: str) -> None:
    t = language(lang)
    layers = runs_with(16)
    one, two = (
        judged(store, answering(labels, range(40))),
        judged(store, answering(labels, range(10)), layers=layers),
    )
    app = page(one, two, lang=lang)
    told = said(app)
    assert t("verdicts.pair.title", first="A", second="B") in told
    assert "p < 0.001" in told
    assert "Macro-F1" in told
    assert [len(table.value) for table in app.table] == [2]
    assert t("verdicts.kind.only_second", first="A", second="B", count="30") in options(app, "-kind-None")


def test_the_samples_of_a_cell_are_shown(store: Store, labels: NDArray[np.uint8]) -> None:
    one = judged(store, answering(labels, range(40)))
    two = judged(store, answering(labels, range(10)), seed=4)
    app = page(one, two)
    assert SAY("verdicts.caveat.only_seed") in said(app)
    key = f"verdicts-{one}-{two}-cell"
    true = int(labels[20])
    app.selectbox(key=f"{key}-true").set_value(true)
    app.selectbox(key=f"{key}-predicted").set_value((true + 1) % 10).run()
    assert not app.exception
    expected = int(np.sum(labels[10:40] == true))
    assert SAY("verdicts.cell.only_first", first="A", count=expected) in options(
        app, f"-kind-({true}, {(true + 1) % 10})"
    )


def test_several_runs_are_judged_together_and_one_pair_is_open(
    store: Store, labels: NDArray[np.uint8]
) -> None:
    ids = [judged(store, answering(labels, range(wrong)), seed=wrong) for wrong in (40, 10, 12)]
    app = page(*ids, base=ids[1])
    assert "**B · A**" in said(app)
    assert "**B · C**" in said(app)
    assert SAY("verdicts.pair.title", first="B", second="A") in said(app)
    app.selectbox(key="verdicts-pair").set_value((ids[0], ids[2])).run()
    assert SAY("verdicts.pair.title", first="A", second="C") in said(app)
    assert not app.exception


def test_runs_of_other_data_get_a_sentence(store: Store, labels: NDArray[np.uint8]) -> None:
    one = judged(store, answering(labels, range(40)))
    app = page(one, runs.over(store, dataset="mnist"))
    assert SAY("verdicts.nobody") in said(app)
    assert "MNIST" in said(app)
    # Another base helps only where two runs share its data.
    assert "share their data" not in said(app)
    several = page(one, *(runs.over(store, dataset="mnist", seed=seed) for seed in range(2)))
    assert SAY("verdicts.other_base", letters="B, C") in said(several)


def test_without_the_data_the_page_says_so(
    store: Store, labels: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [judged(store, answering(labels, range(wrong))) for wrong in (4, 8)]

    def missing(name: str) -> None:
        raise DataMissingError("data_missing", dataset=name, files="x")

    monkeypatch.setattr(services, "dataset", missing)
    assert SAY("verdicts.data_missing", dataset=SAY("option.dataset.digits")) in said(page(*ids))


def test_one_run_alone_has_no_verdict(store: Store, labels: NDArray[np.uint8]) -> None:
    assert SAY("verdicts.title") not in [
        one.value for one in page(judged(store, answering(labels, range(4)))).subheader
    ]


@pytest.mark.parametrize(("seeds", "key"), [(3, "too_few"), (5, "better")])
def test_designs_are_judged_by_their_seeds(
    store: Store, labels: NDArray[np.uint8], seeds: int, key: str
) -> None:
    ids = [
        judged(store, answering(labels, range(wrong + seed)), seed=seed, **changes)
        for wrong, changes in ((40, {}), (10, {"layers": runs_with(16)}))
        for seed in range(seeds)
    ]
    app = page(*ids)
    told = said(app)
    assert SAY("verdicts.designs") in told
    # What is open is the base against the other design, not against another seed of its own.
    opened = SAY("verdicts.pair.title", first="A", second="ABCDEFGHIJKL"[seeds])
    assert opened in told
    assert SAY("verdicts.lines.about") in told
    assert SAY("verdicts.not_designs.above") in told
    if key == "better":
        assert "**Design 2 has the higher mean test accuracy**" in told
        assert "p = 0.008" in told
    else:
        assert "**too few seeds for a verdict** (3 and 3)" in told
        assert "p below 0.1" in told
    assert "p after" not in told
    assert SAY("verdicts.design.scope") in told


@pytest.mark.parametrize("code", ["ko", "en"])
def test_a_design_is_not_called_by_one_of_its_seeds(store: Store, code: str) -> None:
    t = language(code)
    ids = [runs.over(store, seed=seed, title=f"deep (64 · seed {seed})") for seed in (5, 6)]
    ids += [runs.over(store, seed=seed, title=f"flat (seed {seed})", epochs=9) for seed in (5, 6)]
    groups = repeats(store.get_many(ids))
    names = short_names([group.runs[0] for group in groups], t)
    assert t("study.member.seed", seed=5) in names[0]
    assert words.design_names(groups, names, t) == ["deep (64)", "flat"]


def runs_with(units: int) -> list[Any]:
    plain = presets.load(presets.PLAIN).to_dict()
    return list(
        Experiment.from_dict(
            {**plain, "layers": [{"kind": "dense", "units": units}, plain["layers"][-1]]}
        ).layers
    )


def options(app: AppTest, key: str) -> list[str]:
    """What can be chosen where the key ends so."""
    return [
        str(option)
        for kind in ("button_group", "segmented_control", "radio")
        for one in app.get(kind)
        if str(getattr(one, "key", "") or "").endswith(key)
        for option in getattr(one, "options", ())
    ]
