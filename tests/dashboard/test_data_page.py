"""The data page in every state it can be in, pressed as a student would, without a browser."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import streamlit as st

from core.datasets import download
from dashboard.data.downloads import downloads
from dashboard.shared.language import language
from dashboard.shared.markdown import escaped
from tests.dashboard.pages import checked, in_tab, opened, run_again, words
from tests.datasets import small_sets
from tests.datasets.server import serving

SAY = language("en")


@pytest.fixture(autouse=True)
def _nothing_opened_yet(monkeypatch):
    """No data set of another test is open, and the real server is out of reach."""
    st.cache_resource.clear()
    monkeypatch.setattr(download, "BASE_URL", "http://127.0.0.1:9/")
    yield
    st.cache_resource.clear()


@pytest.fixture
def small(monkeypatch):
    """MNIST and Fashion-MNIST of a few samples."""
    for name, info in small_sets.entries().items():
        monkeypatch.setitem(small_sets.DATASETS, name, info)
    return small_sets


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """The folder with data files that the server was started with."""
    monkeypatch.setenv("TURNING_POINT_DATASETS", str(tmp_path / "files"))
    return tmp_path / "files"


@pytest.fixture
def server(monkeypatch):
    with serving() as made:
        monkeypatch.setattr(download, "BASE_URL", f"http://127.0.0.1:{made.server_port}/")
        yield made


def open_page(dataset=None, language="en"):
    return opened("data", language, dataset=dataset)


def shows(test):
    """The data set whose contents are on the page; None if it shows none."""
    rows = [row for table in test.table for row in table.value.index]
    assert rows in ([], ["x_train", "y_train", "x_test", "y_test"])
    return test.session_state["data-choice"] if rows else None


# The data are here


@pytest.mark.parametrize(("lang", "title"), [("ko", "데이터 살펴보기"), ("en", "Look at the data")])
def test_digits_are_shown_without_any_preparation(lang, title):
    test = open_page(language=lang)
    assert test.title[0].value == title
    assert shows(test) == "digits"
    assert "(1500, 8, 8)" in test.table[0].value.to_string()
    assert not test.error
    assert not test.warning
    assert len(test.get("plotly_chart")) == 1 + 1, "class counts, one image"
    scaled = in_tab(test, "data-images", language(lang)("data.scaling"))
    assert len(scaled.get("plotly_chart")) == 1 + 5, "class counts, five scalings"


def test_the_next_step_leads_to_the_lab_with_a_preset_of_this_data():
    links = [link.proto for link in open_page().get("page_link")]
    assert [(link.page, link.query_string) for link in links if link.page == "lab"] == [
        ("lab", "preset=digits-first-network")
    ]


def test_a_sample_is_chosen_by_its_number():
    test = open_page()
    assert "`y_train[0]` = **0**" in words(test)
    checked(test.number_input[0].set_value(1499).run())
    assert "`y_train[1499]`" in words(test)
    assert test.number_input[0].max == 1499


def test_the_test_set_has_a_number_of_its_own():
    test = open_page()
    checked(test.number_input[0].set_value(700).run())
    checked(test.button_group(key="data-part").set_value("test").run())
    assert "`y_test[0]`" in words(test)
    assert test.number_input[0].max == 296
    checked(test.button_group(key="data-part").set_value("train").run())
    assert "`y_train[700]`" in words(test)


def test_others_and_one_class_keep_the_page_working():
    test = open_page()
    checked(test.selectbox(key="data-class-digits").set_value(3).run())
    checked(test.button(key="data-others").click().run())
    assert test.session_state["data-seed"] == 1
    assert shows(test) == "digits"


def test_what_scaling_does_to_the_sample_that_was_chosen():
    test = open_page()
    checked(test.button_group(key="data-part").set_value("test").run())
    checked(test.number_input[0].set_value(7).run())
    in_tab(test, "data-images", SAY("data.scaling"))
    assert "`y_test[7]`" not in words(test)
    checked(test.button_group(key="data-scaling-of").set_value("sample").run())
    assert "`y_test[7]`" in words(test)
    in_tab(test, "data-images", SAY("data.samples"))
    assert test.number_input[0].value == 7


def test_another_data_set_is_chosen_and_kept_in_the_address():
    test = open_page()
    checked(test.button_group(key="data-choice").set_value("mnist").run())
    assert test.query_params["dataset"] == "mnist"
    assert shows(test) is None


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_file_in_the_folder_is_enough(small, folder, language):
    small.put(folder, {"fashion_mnist.npz": small.npz(small.arrays("fashion_mnist"))})
    test = open_page("fashion_mnist", language)
    assert shows(test) == "fashion_mnist"
    assert "(60, 28, 28)" in test.table[0].value.to_string()
    label = small.arrays("fashion_mnist")["y_train"][0]
    assert f"**{label}** → **" in words(test)


@pytest.mark.real_data
def test_real_mnist_says_that_robust_scaling_does_nothing(real_datasets, monkeypatch):
    monkeypatch.setenv("TURNING_POINT_DATASETS", str(real_datasets))
    test = open_page("mnist")
    assert shows(test) == "mnist"
    assert "(60000, 28, 28)" in test.table[0].value.to_string()
    in_tab(test, "data-images", SAY("data.scaling"))
    assert "Q3 − Q1 = 0, so divided by 1" in words(test)
    assert any("changes nothing" in info.value for info in test.info)
    assert "(x − 33.32) / 78.57" in words(test)


# The data are not here


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("dataset", [None, "mnist"])
def test_a_folder_that_is_not_there_is_said(small, folder, language, dataset):
    test = open_page(dataset, language)
    (warning,) = test.warning
    assert escaped(str(folder)) in warning.value
    assert "TURNING_POINT_DATASETS" in warning.value
    folder.mkdir()
    assert not run_again(test).warning


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_text_set_without_its_words_is_said(small, folder, language):
    small.put(folder, small.flat_files("imdb"))
    (folder / "imdb_word_index.json").unlink()
    (warning,) = open_page("imdb", language).warning
    assert escaped("imdb_word_index.json") in warning.value
    assert not open_page("reuters", language).warning


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(
    ("dataset", "others"),
    [
        ("mnist", ["digits"]),
        ("fashion_mnist", ["digits"]),
        ("imdb", ["mini_reviews", "mini_newswires"]),
        ("reuters", ["mini_reviews", "mini_newswires"]),
    ],
)
def test_missing_data_come_with_all_ways_to_get_them(dataset, others, language):
    test = open_page(dataset, language)
    assert shows(test) is None
    assert not test.error
    assert test.button(key="data-download").label
    assert f"{dataset}.npz" in words(test)
    assert (f"{dataset}_word_index.json" in words(test)) == (dataset in ("imdb", "reuters"))
    assert "TURNING_POINT_DATASETS" in words(test)
    queries = [link.proto.query_string for link in test.get("page_link")]
    assert queries == [f"dataset={other}" for other in others]


def test_a_download_shows_its_progress_to_everybody_and_ends_with_the_data(small, server):
    server.files = small.served("mnist")
    server.gate.clear()
    test = open_page("mnist")
    checked(test.button(key="data-download").click().run())
    assert "Downloading" in words(test)

    second = open_page("mnist", "ko")
    assert "내려받는 중입니다" in words(second)
    assert not [button for button in second.button if button.key == "data-download"]

    server.gate.set()
    downloads().wait("mnist")
    for each in (test, second):
        assert shows(checked(each.run())) == "mnist"
    assert server.asked == ["mnist.npz"]


def test_a_failed_download_says_why_and_can_be_tried_again(small, server):
    test = open_page("mnist")
    checked(test.button(key="data-download").click().run())
    downloads().wait("mnist")
    checked(test.run())
    assert "refused (mnist.npz: 404)" in test.error[0].value
    assert shows(test) is None

    server.files = small.served("mnist")
    checked(test.button(key="data-download").click().run())
    downloads().wait("mnist")
    assert shows(checked(test.run())) == "mnist"
    assert not test.error


def test_no_network_is_explained_with_the_offline_choices():
    test = open_page("mnist", "ko")
    checked(test.button(key="data-download").click().run())
    downloads().wait("mnist")
    checked(test.run())
    assert "연결할 수 없습니다" in test.error[0].value
    assert "digits" in test.error[0].value
    assert "Errno" not in words(test)


def test_an_unforeseen_error_ends_a_download_too(small, monkeypatch):
    monkeypatch.setattr("dashboard.data.downloads.download_dataset", lambda *args, **options: 1 / 0)
    monkeypatch.setattr("threading.excepthook", lambda details: None)
    test = open_page("mnist")
    checked(test.button(key="data-download").click().run())
    downloads().wait("mnist")
    checked(test.run())
    assert "unexpected error" in test.error[0].value


def test_a_damaged_file_is_named_and_a_fresh_copy_offered(small, folder, server):
    small.put(folder, {"mnist.npz": small.npz(small.arrays("mnist"))[:500]})
    test = open_page("mnist")
    assert shows(test) is None
    assert str(folder / "mnist.npz") in test.error[0].value

    server.files = small.served("mnist")
    checked(test.button(key="data-download").click().run())
    downloads().wait("mnist")
    assert shows(checked(test.run())) == "mnist"
    assert not test.error


def test_a_home_that_cannot_be_written_is_explained(small, folder, monkeypatch, tmp_path):
    small.put(folder, {"mnist.npz": small.npz(small.arrays("mnist"))})
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("TURNING_POINT_HOME", str(tmp_path / "file" / "home"))
    monkeypatch.setenv("TURNING_POINT_DATABASE", f"sqlite:///{tmp_path / 'runs.sqlite3'}")
    test = open_page("mnist")
    assert any("TURNING_POINT_HOME" in error.value for error in test.error)


# The address


@pytest.mark.parametrize(
    "wrong", ["mnits", "", "../../etc", "imdb" * 200, "![x](http://127.0.0.1/x.png)", "{x}"]
)
def test_a_data_set_that_does_not_exist_is_said_on_a_working_page(wrong):
    test = open_page(wrong)
    assert "no data set called" in test.warning[0].value
    assert len(test.warning[0].value) < 200
    assert "![" not in test.warning[0].value, "nothing from an address is drawn as markdown"
    assert shows(test) == "digits"


def test_what_was_pressed_is_read_from_the_components_state(monkeypatch):
    from dashboard.shared.samples import sample_grid

    monkeypatch.setattr(sample_grid.st, "session_state", {"grid": SimpleNamespace(picked=5), "old": None})
    assert sample_grid.picked_row("grid") == 5
    assert sample_grid.picked_row("old") is None
    assert sample_grid.picked_row("absent") is None
