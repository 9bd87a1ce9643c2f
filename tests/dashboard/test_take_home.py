"""What is taken home: the menu offers what there is, every file holds what it says, and nobody's words do anything."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import UTC
from typing import Any

import pytest

from core.analysis.classification import classification_report
from core.analysis.turning_point import turning_point_of
from core.errors import DatabaseAwayError
from core.recorded import PREFIX
from core.run import RunState
from core.storage import Store
from core.training import artifact_names
from dashboard.compare.exported import comparison_page
from dashboard.compare.take_home import comparison_groups, comparison_pictures
from dashboard.live.winner.question import Onlooker
from dashboard.run.exported import run_page
from dashboard.run.take_home import run_groups, run_pictures
from dashboard.shared import services
from dashboard.shared.compare_address import Wish
from dashboard.shared.language import language
from dashboard.shared.slide_pictures import pictures_data
from dashboard.shared.take_home import Group, Offer, file_stem
from dashboard.shared.web_page import unmarked
from tests.dashboard import runs, studies
from tests.dashboard.hostile import HOSTILE, LIVE
from tests.dashboard.pages import html, opened, words
from tests.export.reading import ReadPage

KO, EN = language("ko"), language("en")
SHALLOW, DEEP = f"{PREFIX}fashion-shallow", f"{PREFIX}fashion-deep"


def offers(groups: list[Group]) -> dict[str, Offer]:
    return {offer.key: offer for group in groups for offer in group.offers}


def content(offer: Offer) -> str:
    assert offer.make is not None, offer.about
    made = offer.make()
    return made if isinstance(made, str) else made.decode()


def lines(offer: Offer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content(offer).removeprefix("\ufeff"))))


def alone(text: str) -> ReadPage:
    """A page that stands in one file: it loads nothing, and runs nothing but what its policy names."""
    read = ReadPage(text)
    assert read.loads == []
    assert read.handlers == []
    assert read.scripts
    assert read.allowed()
    assert "default-src 'none'" in read.policy
    assert "http" not in read.policy
    return read


# The file of a run


@pytest.mark.parametrize("t", [KO, EN], ids=["ko", "en"])
def test_the_file_of_a_run_holds_all_figures_of_its_page(t: Any) -> None:
    run = services.store().get(SHALLOW)
    read = alone(run_page(run, t, None))
    assert ("html", {"lang": t.code}) in read.attributes
    titles = (
        "mistakes",
        "turning",
        "confidence",
        "lookback",
        "inside",
        "network",
        "epochs",
        "settings",
        "code",
    )
    assert [title for title in titles if t(f"run.tab.{title}") not in read.says] == []
    widgets = [found["data-widget"] for _, found in read.attributes if "data-widget" in found]
    assert widgets == ["live_curves", "epoch_player"]
    charts = [found["data-name"] for _, found in read.attributes if "data-name" in found]
    kinds = (
        "confusion-shares",
        "confusion-counts",
        "evidence",
        "gap-loss",
        "calibration",
        "learned-forgotten",
    )
    assert [kind for kind in kinds if not any(name.startswith(kind) for name in charts)] == []
    figures = [one for one in read.data if isinstance(one, dict) and {"data", "layout"} <= one.keys()]
    assert read.tags["figure"] == len(charts) == len(figures)
    assert read.tags["h1"] == 1
    assert read.tags["main"] == 1
    assert read.tags["img"] == len([1 for tag, found in read.attributes if tag == "img" and found["alt"]])
    assert t("takehome.recorded") in read.says
    evaluation = run.evaluation
    assert evaluation is not None
    assert f"{evaluation.accuracy:.2%}" in read.says
    assert "keras.layers" in read.says or "layers.Dense" in read.says


def test_curves_and_layers_are_in_the_file_of_a_run_without_any_script(store: Store) -> None:
    run = services.store().get(SHALLOW)
    read = ReadPage(run_page(run, EN, None))
    still = [found["aria-label"] for tag, found in read.attributes if tag == "svg" and "aria-label" in found]
    turn = EN("live.turned_loss", epoch=turning_point_of(run).epoch)
    assert [said.split(".")[0] for said in still[:2]] == [EN("curve.loss"), EN("curve.accuracy")]
    assert turn in still[0]
    assert len(still) == 3
    rows = run.experiment.summary.rows
    assert [
        row.name for row in rows if row.name not in still[2] or f"{row.parameters:,}" not in still[2]
    ] == []
    assert read.tags["noscript"] == 2
    lines = [
        found["d"]
        for tag, found in read.attributes
        if tag == "path" and found.get("class") in ("train", "val")
    ]
    assert [line.count("L") + 1 for line in lines] == [len(run.epochs)] * 4
    covered = ReadPage(run_page(services.store().get(runs.over(store, covered=True)), EN, None))
    lines = [found for tag, found in covered.attributes if tag == "path" and found.get("class") == "val"]
    assert lines == []
    assert EN("takehome.line.validation") not in covered.says


def test_a_figure_has_a_sentence_and_tables_name_rows_and_columns() -> None:
    read = ReadPage(run_page(services.store().get(SHALLOW), EN, None))
    assert len([1 for _, found in read.attributes if found.get("class") == "unseen"]) == read.tags["figure"]
    own = read.tags["caption"]
    scopes = [found.get("scope") for tag, found in read.attributes if tag == "th"]
    assert own >= 4
    assert set(scopes) == {"row", "col"}
    names = {found["id"] for _, found in read.attributes if "id" in found}
    targets = [found["href"][1:] for tag, found in read.attributes if tag == "a"]
    assert targets
    assert set(targets) <= names


@pytest.mark.parametrize(
    "words_of_others", ["\n".join(HOSTILE), "</script></style><script>x</script>", "\u2028<!--"]
)
def test_words_of_others_are_only_shown(store: Store, words_of_others: str) -> None:
    run = runs.over(store, title=words_of_others)
    store.annotate(run, hypothesis=words_of_others, saw=words_of_others)
    other = runs.over(store, title=words_of_others, seed=5)
    plain = ReadPage(run_page(store.get(runs.over(store, title="A")), EN, None))
    read = alone(run_page(store.get(run), EN, None))
    assert read.scripts == plain.scripts
    allowed = plain.tags["h3"] + 2
    assert (read.tags["b"], read.tags["h3"]) == (plain.tags["b"], allowed)
    notes = {"saw": words_of_others}
    both = alone(comparison_page(Wish().joined_by([run, other]), notes, Onlooker("me"), UTC, EN))
    assert both.tags["h1"] == 1
    for page in (read, both):
        assert "https" not in str(page.loads)


def test_what_is_covered_or_sealed_is_not_in_the_file(store: Store) -> None:
    covered = store.get(runs.over(store, covered=True, title="covered"))
    read = alone(run_page(covered, EN, None))
    assert EN("prediction.of_another") in read.says
    for hidden in (EN("run.tab.turning"), EN("run.tab.mistakes"), "0.3456", "98.36%", "turning point"):
        assert hidden not in read.says
    curves = next(one["run"] for one in read.data if isinstance(one, dict) and "run" in one)
    assert {epoch["val_loss"] for epoch in curves["epochs"]} == {None}
    assert curves["turning_point"] == {"loss": None, "accuracy": None}
    sealed = alone(run_page(store.get(runs.over(store, sealed=True)), EN, None))
    assert EN("seal.of_another") in sealed.says
    assert EN("run.tab.turning") in sealed.says
    assert EN("run.tab.mistakes") not in sealed.says
    keys = offers(run_groups(covered.id, EN, None))
    assert not {"matrix", "report"} & keys.keys()
    assert [one.key for one in run_pictures(covered, EN)] == ["curves"]


def test_what_was_predicted_goes_home_with_what_came_of_it(store: Store) -> None:
    run = runs.over(store, covered=True)
    store.predict(run, epoch=6, owner="student")
    read = alone(run_page(store.get(run), EN, None))
    assert unmarked(EN("prediction.turn.late", said=6, epoch=4, apart=2)) in read.says


def test_a_run_without_any_epoch_is_a_page_too(store: Store) -> None:
    run = runs.over(store, RunState.FAILED, ())
    read = alone_without_charts(run_page(store.get(run), EN, None))
    assert EN("run.tab.code") in read.says


def alone_without_charts(text: str) -> ReadPage:
    read = ReadPage(text)
    assert (read.loads, read.handlers) == ([], [])
    return read


# What the menu offers


def test_every_file_of_a_run_is_what_it_says(store: Store) -> None:
    run = runs.over(store, title="Über 100%: 한글/…")
    services.artifacts().save_bytes(run, artifact_names.LAST, b"PK nothing of the kind")
    found = offers(run_groups(run, EN, None))
    assert {offer.name for offer in found.values()} == {
        f"Über-100-한글-{run}{ending}"
        for ending in (
            ".html", ".ipynb", "-sequential.py", "-functional.py", ".keras", "-epochs.csv", "-matrix.csv", "-report.csv"
        )
    }  # fmt: skip
    compile(content(found["script-sequential"]), "script", "exec")
    compile(content(found["script-functional"]), "script", "exec")
    assert json.loads(content(found["notebook"]))["nbformat"] == 4
    assert [float(line["val_loss"]) for line in lines(found["epochs"])] == list(runs.TURNING)
    matrix = lines(found["matrix"])
    assert [[int(line[str(taken)]) for taken in range(10)] for line in matrix] == [
        list(row) for row in runs.MATRIX
    ]
    report = classification_report(runs.MATRIX)
    assert [float(line["recall"]) for line in lines(found["report"])][:11] == [
        *(one.recall for one in report.classes), report.macro.recall
    ]  # fmt: skip
    assert found["model"].make is None
    assert "damaged" in found["model"].about


def test_what_is_not_there_says_why(store: Store) -> None:
    under_way = offers(run_groups(runs.running(store), EN, None))
    assert under_way["page"].make is None
    assert under_way["page"].about == under_way["model"].about == EN("takehome.not_over")
    assert "matrix" not in under_way
    assert under_way["epochs"].make is not None
    gone = offers(run_groups(runs.over(store), EN, None))
    assert gone["model"].make is None
    assert artifact_names.LAST in gone["model"].about.replace("\\", "")
    recorded = offers(run_groups(SHALLOW, EN, None))
    assert recorded["model"].make is None
    assert recorded["page"].make is not None
    texts = offers(run_groups(runs.queued(store), EN, None))
    assert "data" not in texts


def test_the_menu_is_looked_up_when_it_is_open(store: Store) -> None:
    run = runs.over(store)
    test = opened("run", run=run)
    assert EN("takehome.whole") not in words(test)
    test = opened("run", run=run, state={f"take-home-{run}": True})
    labels = [one.proto.label for one in test.get("download_button")]
    wanted = ("takehome.page", "takehome.notebook", "takehome.script.sequential", "takehome.csv.matrix")
    assert [key for key in wanted if EN(key) not in labels] == []
    assert EN("takehome.whole") in words(test)
    assert f"{EN('run.model.save')}: " in words(test)


def test_a_menu_whose_files_cannot_be_looked_up_says_so(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = runs.over(store)

    def away(*_args: object) -> None:
        raise DatabaseAwayError("database_away", name="x", reason="locked")

    monkeypatch.setattr("dashboard.run.take_home.data_offer", away)
    test = opened("run", run=run, state={f"take-home-{run}": True})
    assert EN("away.by_itself") in words(test)
    assert EN("run.tab.mistakes") in [one.label for one in test.tabs], "the rest of the page is there"


def test_the_menu_of_a_comparison(store: Store) -> None:
    ids = [runs.over(store), runs.over(store, seed=5, title="</b>two")]
    test = opened("compare", runs=",".join(ids), state={"take-home": True})
    labels = [one.proto.label for one in test.get("download_button")]
    assert EN("takehome.archive") in labels
    assert EN("takehome.page") in labels


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("First network", "First-network-abc"),
        ("../../etc/passwd", "etc-passwd-abc"),
        ('a<b>:"/\\|?*\n\0.', "a-b-abc"),
        ("", "abc"),
        ("...", "abc"),
        ("한글 제목", "한글-제목-abc"),
        ("x" * 300, f"{'x' * 60}-abc"),
        ("CON", "CON-abc"),
    ],
)
def test_files_are_called_so_that_every_system_takes_it(name: str, stem: str) -> None:
    assert file_stem(name, "abc") == stem
    assert file_stem("") == "turning-point"


# Comparisons


@pytest.mark.parametrize("t", [KO, EN], ids=["ko", "en"])
def test_the_file_of_a_comparison_holds_curves_table_verdicts_and_disagreements(t: Any) -> None:
    wish = Wish().joined_by([SHALLOW, DEEP])
    read = alone(comparison_page(wish, {"hypothesis": "B <b>wins</b>"}, Onlooker("me"), UTC, t))
    charts = [found["data-name"] for _, found in read.attributes if "data-name" in found]
    assert charts == ["comparison-loss", "comparison-accuracy", "difference-A-B"]
    for key in ("compare.curves", "compare.table", "verdicts.title"):
        assert t(key) in read.says
    assert "B <b>wins</b>" in read.says
    assert unmarked(t("verdicts.lead", samples="10,000", pairs=1)) in read.says
    assert t("compare.row.test_accuracy") in read.says


def test_the_archive_of_a_comparison_has_a_folder_for_each_run(store: Store) -> None:
    ids = [runs.over(store, title="/../one"), runs.queued(store, seed=3)]
    found = offers(comparison_groups(Wish().joined_by(ids), Onlooker("me"), UTC, EN))
    make = found["archive"].make
    assert make is not None
    made = make()
    assert isinstance(made, bytes)
    names = zipfile.ZipFile(io.BytesIO(made)).namelist()
    folders = {name.split("/")[0] for name in names if "/" in name}
    assert folders == {
        f"A-one-{ids[0]}",
        f"B-{file_stem(EN('preset.' + store.get(ids[1]).preset + '.title'), ids[1])}",
    }
    assert not [name for name in names if ".." in name or name.startswith("/")]
    assert f"A-one-{ids[0]}/report.csv" in names
    assert f"A-one-{ids[0]}/script-functional.py" in names
    assert [len(lines(found[key])) for key in ("table", "curves")] == [2, 8]


def test_no_title_becomes_markdown_in_a_menu(store: Store) -> None:
    title = "![i](http://example.invalid/p.png) :red[x] **b** $x^2$ :material/home:"
    ids = [runs.over(store, title=title), runs.over(store, title=title, seed=5)]
    services.artifacts().save_bytes(ids[0], artifact_names.LAST, b"PK nothing of the kind")
    for test in (
        opened("run", run=ids[0], state={f"take-home-{ids[0]}": True}),
        opened("compare", runs=",".join(ids), state={"take-home": True}),
    ):
        said = words(test) + "\n".join(one.proto.label for one in test.get("download_button"))
        assert not [sign for sign in LIVE if sign in said]


def test_a_study_has_a_menu_of_the_files_of_its_runs(store: Store) -> None:
    study = studies.recorded(store, studies.repeated())
    test = opened("compare", study=study, state={"take-home-study": True})
    labels = [one.proto.label for one in test.get("download_button")]
    wanted = ("takehome.archive", "compare.table", "takehome.csv.epochs")
    assert [key for key in wanted if EN(key) not in labels] == []


def test_own_notes_on_a_comparison_are_written_and_those_of_others_read(store: Store) -> None:
    ids = [runs.over(store), runs.over(store, seed=5)]
    store.annotate_comparison("somebody", ids, saw="<b>A</b> **won**")
    test = opened("compare", runs=",".join(ids))
    assert [one.label for one in test.text_area] == [EN("notes.hypothesis"), EN("notes.saw")]
    test.text_area[0].input("B wins").run()
    assert [one.notes for one in store.comparison_notes(ids)][-1] == {"hypothesis": "B wins"}
    assert EN("notes.others", count=1) in [one.label for one in test.expander]
    assert "&lt;b&gt;A&lt;/b&gt; **won**" in html(test)
    # Whoever has no cookie is another one the next time; the order of the runs does not matter.
    again = opened("compare", runs=",".join(reversed(ids)))
    assert EN("notes.others", count=2) in [one.label for one in again.expander]


# Pictures


def test_a_picture_is_made_only_when_it_is_asked_for() -> None:
    run = services.store().get(SHALLOW)
    pictures = run_pictures(run, EN)
    keys = ["curves", "matrix", "evidence", "gap", "confidence", "look-back"]
    assert [one.key for one in pictures] == keys
    assert pictures[0].run == SHALLOW
    assert pictures_data(pictures, None, EN)["figure"] is None
    for key in keys[1:]:
        data = pictures_data(pictures, {"key": key, "time": 1}, EN)
        assert data["asked"] == {"key": key, "time": 1}
        assert json.loads(data["figure"])["data"]
    assert pictures_data(pictures, {"key": "nothing", "time": 1}, EN)["figure"] is None
    assert pictures_data(pictures, "nothing", EN)["asked"] is None


def test_a_comparison_has_pictures_of_both_measures_and_of_the_difference() -> None:
    found = services.store().get_many([SHALLOW, DEEP])
    pictures = comparison_pictures(Wish().joined_by([SHALLOW, DEEP]), found, Onlooker("me"), EN)
    assert [one.key for one in pictures] == ["loss", "accuracy", "matrix"]
