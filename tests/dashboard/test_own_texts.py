"""Own texts on the pages: read and searched as they were written, asked about in the tokens of their set."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.datasets.own_files import write_archive
from core.experiment import Experiment
from core.own_data import reading
from core.own_data.choices import Choices
from core.run import RunState
from core.settings import Settings
from core.storage import Artifacts, open_store
from dashboard.trying.word_effects import word_data
from tests.dashboard.answering import OWNER, answered_here
from tests.dashboard.pages import checked, opened, press, words


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, str, str]:
    """A home with a set of Korean reviews, cut into pairs, and a network that learned them for a moment."""
    from core.training.execute import execute

    home = tmp_path_factory.mktemp("own-texts")
    table = home / "reviews.csv"
    lines = [f"{'정말 좋은' if row % 2 else '너무 나쁜'} 영화_{row} **굵게**,{row % 2}" for row in range(60)]
    table.write_text("\n".join(["평,감정", *lines]), encoding="utf-8")
    made = reading.build(table, Choices(tokens="char_pairs", title="영화 평", class_names=("싫다", "좋다")))
    write_archive(home / "made.npz", made.arrays)
    settings = Settings.from_environment({"TURNING_POINT_HOME": str(home)})
    store = open_store(settings)
    store.add_own_data(made.info, home / "made.npz", owner=OWNER)
    experiment = Experiment.from_dict(
        {
            "dataset": made.info.name,
            "scaling": "none",
            "encoding": {"kind": "multi_hot", "num_words": 60},
            "split": {"kind": "none"},
            "layers": [{"kind": "dense", "units": 1, "activation": "sigmoid"}],
            "loss": "binary_crossentropy",
            "batch_size": 8,
            "epochs": 1,
        }
    )
    run = store.add(experiment, owner=OWNER, worker="test")
    execute(run, settings, store=store, artifacts=Artifacts(settings.artifacts))
    assert store.get(run).state is RunState.FINISHED
    store.close()
    return settings, run, made.info.name


def html(test) -> str:
    return "\n".join(one.proto.body for one in test.get("html"))


def test_own_texts_are_read_searched_and_asked_about(
    trained: tuple[Settings, str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings, run, name = trained
    shown: list[dict] = []
    monkeypatch.setattr(
        "dashboard.trying.word_effects._component", lambda **given: shown.append(given["data"])
    )
    with answered_here(settings, monkeypatch):
        page = opened("data", "ko", dataset=name, search="영화_7")
        assert "글자 쌍" in words(page)
        assert "<mark>영화_7</mark> **굵게**" in html(page)
        page = checked(page.button_group(key="data-text-how-own").set_value("tokens").run())
        assert "_영" in html(page)
        assert "쓰인 그대로 보관" in words(page)

        page = opened("try", "ko", run=run)
        text = page.text_area[0].value
        assert "영화_" in text
        assert "쓰인 그대로" in words(page)
        first = shown[-1]
        assert first["lang"] == "ko"
        assert first["shared"]
        assert (
            "".join(sum(zip(first["between"], [*(word[0] for word in first["words"]), ""], strict=True), ()))
            == text
        )
        checked(page.text_area[0].set_value("영화 좋은 영화").run())
        assert "글자 쌍 단위" in words(page)
        assert json.dumps(shown[-1], ensure_ascii=False).count("영화: ") == 4
        checked(page.text_area[0].set_value("xyz").run())
        assert any("토큰이 이 글에 하나도 없습니다" in one.value for one in page.warning)
        press(page, "try-all")
        assert page.get("plotly_chart")


def test_a_published_text_is_sent_to_the_browser_as_ever() -> None:
    from dashboard.shared.language import language

    plain = word_data((), language("en"), padding=2, padding_first=True)
    assert (plain["between"], plain["lang"], plain["shared"]) == ([], "en", False)
