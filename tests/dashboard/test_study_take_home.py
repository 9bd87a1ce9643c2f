"""What is taken home of a study: its file holds all that its page shows, and nothing that is covered or sealed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import update

from core.analysis.bands import spread
from core.errors import RunError, UnknownStudyError
from core.run import RunState
from core.storage import Store
from core.storage.tables import RunRow
from core.study import Factor, Plan
from dashboard.shared import services
from dashboard.shared.language import language
from dashboard.shared.slide_pictures import pictures_data
from dashboard.shared.web_page import unmarked
from dashboard.study import text
from dashboard.study.exported import study_page
from dashboard.study.opened import open_study
from dashboard.study.take_home import study_groups, study_pictures
from tests.dashboard import studies
from tests.dashboard.hostile import HOSTILE, LIVE
from tests.dashboard.pages import html, opened, words
from tests.dashboard.test_take_home import alone, content, lines, offers
from tests.export.reading import ReadPage

KO, EN = language("ko"), language("en")


def names(read: ReadPage) -> list[str]:
    """What the charts of a file are called."""
    return [found["data-name"] for _, found in read.attributes if "data-name" in found]


def drawn(read: ReadPage, name: str) -> Any:
    """The traces of one of its charts."""
    found = [one for one in read.data if isinstance(one, dict) and {"data", "layout"} <= one.keys()]
    return found[names(read).index(name)]["data"]


@pytest.mark.parametrize("t", [KO, EN], ids=["ko", "en"])
def test_the_file_of_varied_settings_has_every_figure_and_measure_of_the_page(store: Store, t: Any) -> None:
    study = studies.recorded(store, studies.crossed(2), title="Units <b>and</b> rates")
    read = alone(study_page(study, {"hypothesis": "B <b>wins</b>"}, t, None))
    plan = store.get_study(study).plan
    levels = range(1, len(plan.cells) + 1)
    measures = ("val_accuracy", "val_loss", "turning_point", "gap", "test_accuracy")
    assert names(read) == [
        *("study-loss-1", "study-accuracy-1"),
        *(f"level-{number}-{curve}" for curve in ("loss", "accuracy") for number in levels),
        "turning-points",
        *(f"factors-{measure}" for measure in measures),
    ]
    runs = store.get_many(store.get_study(study).runs)
    accuracies = [max(epoch.val_accuracy or 0 for epoch in run.epochs) for run in runs]
    means = [sum(accuracies[place : place + 2]) / 2 for place in range(0, len(accuracies), 2)]
    found = drawn(read, "factors-val_accuracy")[0]["z"]
    assert [value for line in found for value in line] == pytest.approx(means)
    assert t("study.measure.test_accuracy.warning") in read.says
    assert unmarked(text.member_name(plan, plan.members[3], t)) in read.says
    assert [run.id for run in runs if run.id not in read.says] == []
    for said in ("Units <b>and</b> rates", "B <b>wins</b>", t("study.settings.base"), "0.001 · 0.01"):
        assert said in read.says


def test_the_file_of_repeats_says_how_far_they_spread_and_that_of_folds_what_they_estimate(
    store: Store,
) -> None:
    study = studies.recorded(store, studies.repeated(3))
    read = alone(study_page(study, {}, EN, None, "log"))
    assert names(read) == ["study-loss-1", "study-accuracy-1", "turning-points"]
    runs = store.get_many(store.get_study(study).runs)
    found = spread([max(epoch.val_accuracy or 0 for epoch in run.epochs) for run in runs])
    assert found is not None
    assert f"{found.low:.2%} and {found.high:.2%}" in read.says
    assert EN("study.spreads.about") in read.says
    figures = [one for one in read.data if isinstance(one, dict) and "layout" in one]
    assert figures[0]["layout"]["yaxis"]["type"] == "log"
    folds = alone(study_page(studies.recorded(store, studies.divided(5)), {}, EN, None))
    assert "Over 5 of 5 folds the validation accuracy in the last epoch is" in folds.says


def test_many_levels_are_overlaid_a_few_at_a_time(store: Store) -> None:
    study = studies.recorded(store, Plan(studies.base(), (Factor("units", tuple(range(10, 18))),)))
    read = ReadPage(study_page(study, {}, EN, None))
    assert [name for name in names(read) if name.startswith("study-loss")] == ["study-loss-1", "study-loss-7"]
    last = {one["name"] for one in drawn(read, "study-loss-7") if one.get("name")}
    assert last == {"Hidden units 16", "Hidden units 17"}


def test_what_is_covered_or_sealed_is_in_no_file_picture_or_line_of_a_study(store: Store) -> None:
    study = studies.recorded(store, studies.repeated(3))
    runs = store.get_study(study).runs
    told = {f"{store.get(run).evaluation.accuracy:.2%}" for run in runs}  # type: ignore[union-attr]
    with store._writing() as connection:  # as if they had been trained in a lesson
        connection.execute(update(RunRow).where(RunRow.id.in_(runs)).values(sealed=True))
    seen = services.store()
    sealed = alone(study_page(study, {}, EN, None))
    assert not [accuracy for accuracy in told if accuracy in sealed.says]
    assert EN("study.sealed", runs=3, sealed=3) in sealed.says
    assert EN("study.measure.val_accuracy") in sealed.says
    with store._writing() as connection:
        connection.execute(update(RunRow).where(RunRow.id.in_(runs)).values(covered=True))
    covered = alone(study_page(study, {}, EN, None))
    assert EN("study.covered", runs=3, covered=3) in covered.says
    assert names(covered) == ["study-loss-1", "study-accuracy-1"]
    assert "turning-points" not in names(covered)
    assert {one.get("name") for one in drawn(covered, "study-loss-1")} == {None, EN("curve.training")}
    assert EN("turn.not_reached") not in covered.says
    assert [one.key for one in study_pictures(open_study(seen, study), EN)] == ["loss", "accuracy"]
    found = offers(study_groups(study, "me", EN, None))
    assert {line["val_loss"] for line in lines(found["curves"])} == {""}
    assert {line["test_accuracy"] for line in lines(found["table"])} == {""}
    test = opened("compare", study=study)
    assert EN("study.covered", runs=3, covered=3) in words(test)


def test_the_menu_gives_files_and_pictures_of_a_study_that_goes_on_too(store: Store) -> None:
    states = [RunState.FINISHED, RunState.RUNNING, RunState.QUEUED, RunState.FAILED]
    plan = studies.varied(2)
    study = studies.recorded(store, plan, title="Über/한글", state=lambda place: states[place])
    found = offers(study_groups(study, "me", EN, None))
    assert found["page"].name == f"Über-한글-{study}.html"
    said = ReadPage(content(found["page"])).says
    assert EN("study.verdict.so_far") in said
    assert "1 of 4 done" in said
    pictures = study_pictures(open_study(services.store(), study), EN)
    assert [one.key for one in pictures] == ["loss", "accuracy", "turns", "factors"]
    for picture in pictures:
        data = pictures_data(pictures, {"key": picture.key, "time": 1}, EN)
        assert json.loads(data["figure"])["data"]
    empty = studies.recorded(store, studies.repeated(2), state=lambda place: RunState.QUEUED)
    assert EN("study.nothing_yet") in ReadPage(study_page(empty, {}, EN, None)).says
    assert study_pictures(open_study(services.store(), empty), EN) == []
    test = opened("compare", study=study, state={"take-home-study": True})
    assert EN("takehome.page") in [one.proto.label for one in test.get("download_button")]
    assert EN("takehome.pictures") in words(test)


def test_notes_on_a_study_are_each_readers_own_and_go_with_it(store: Store) -> None:
    hostile = "\n".join(HOSTILE)
    study = studies.recorded(store, studies.repeated(2), title=HOSTILE[0])
    store.annotate_study("somebody", study, saw=hostile)
    test = opened("compare", study=study)
    test.text_area[0].input("The seed will not matter").run()
    written = [one.notes for one in store.study_notes(study)]
    assert (written[0].keys(), written[1:]) == ({"saw"}, [{"hypothesis": "The seed will not matter"}])
    assert not [sign for sign in LIVE if sign in words(test)]
    assert "<script>x" not in html(test)
    page = alone(study_page(study, {"saw": hostile}, EN, None))
    assert page.scripts == alone(study_page(study, {}, EN, None)).scripts
    with pytest.raises(RunError):
        store.annotate_study("somebody", study, saw="x" * 100_000)
    store.delete_study(study)
    assert store.study_notes(study) == []
    with pytest.raises(UnknownStudyError):
        store.annotate_study("somebody", study, saw="late")
