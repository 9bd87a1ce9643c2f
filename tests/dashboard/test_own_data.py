"""Own data on the data page: the way in from files to the open set, what one keeps, and what others see of it."""

from __future__ import annotations

import io
import os
import time
from typing import get_args

import numpy as np
import pytest
import streamlit as st
from PIL import Image

from core.catalog import DATASETS
from core.classroom import Fixed, Rules
from core.errors import ClassError, DataError
from core.jobs import queue
from core.own_data import uploads
from core.own_data.choices import Choices
from core.own_data.making import Making, to_plain
from core.own_data.understood import Finding, Form
from core.presets import NAMES
from core.presets.beginning import beginning
from core.settings import Settings
from dashboard.classroom.board import board_data
from dashboard.data.own import text as own_words
from dashboard.data.own.own_set import making_sentences
from dashboard.data.own.ways import ways
from dashboard.shared import services
from dashboard.shared.language import language
from dashboard.shared.offered_sets import offered_sets
from tests.dashboard.pages import checked, html, opened, press, run_again, words
from tests.own_data import sets

SAY = language("en")


@pytest.fixture(autouse=True)
def _nothing_opened_yet():
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def table(rows: int = 40) -> bytes:
    """Reviews in Korean with an empty one among them."""
    lines = [
        f"{row}\t{'정말 좋은 영화' if row % 2 else '정말 나쁜 영화'} {row}\t{row % 2}" for row in range(rows)
    ]
    return "\n".join(["id\tdocument\tlabel", *lines, "99\t\t1", ""]).encode()


def png(label: int, seed: int) -> bytes:
    """A picture in colours, 20 x 30, the more red the greater its label."""
    pixels = np.random.default_rng(seed).integers(0, 100, (20, 30, 3), dtype=np.uint8)
    pixels[..., 0] = 120 * label
    written = io.BytesIO()
    Image.fromarray(pixels).save(written, "PNG")
    return written.getvalue()


def address(test, name: str) -> str:
    """What the address of the page says of this."""
    value = test.query_params[name]
    return value if isinstance(value, str) else value[0]


def arrived(test):
    """The page once the process that it watches has ended."""
    ways().wait(address(test, "own"))
    return run_again(test)


def handed_in(*files):
    test = press(opened("data"), "own-begin")
    assert words(test).count(SAY("own.files.about")) == 1
    test.file_uploader[0].set_value([(name, content, "text/plain") for name, content in files]).run()
    return arrived(press(test, "own-read"))


@pytest.mark.slow
def test_texts_come_in_by_the_page_and_go_again():
    test = handed_in(("notes.txt", b"\x00\x01\x02\x03"))
    assert test.error
    assert not [button for button in test.button if button.key == "own-make"]
    folder = services.settings().home / "uploads"
    assert list(folder.iterdir())
    press(test, "own-others")
    assert not list(folder.iterdir())

    test.file_uploader[0].set_value([("reviews.txt", table(), "text/plain")]).run()
    test = arrived(press(test, "own-read"))
    said = words(test)
    assert SAY("own.form.text_table") in said
    assert "Samples: **40**" in said
    assert own_words.suggested_title(["reviews.txt"]) == "reviews"
    token = address(test, "own")
    key = f"own-{token}"
    assert test.session_state[f"{key}-tokens"] == "char_pairs"

    # Two classes of one name, no title: said at once, and nothing is lost.
    test.text_input(key=f"{key}-class-0").set_value("좋아요")
    test.text_input(key=f"{key}-class-1").set_value("좋아요").run()
    assert test.button(key="own-make").disabled
    test.text_input(key=f"{key}-class-0").set_value("별로").run()
    # A choice from which nothing can become: said, and the other choices stay.
    test.number_input(key=f"{key}-most").set_value(10).run()
    test = arrived(press(test, "own-make"))
    assert test.error
    assert test.text_input(key=f"{key}-class-1").value == "좋아요"
    test.number_input(key=f"{key}-most").set_value(None).run()
    test.text_input(key=f"{key}-title").set_value("우리 **반** 감상").run()
    test = arrived(press(test, "own-make"))
    test = run_again(test)

    (kept,) = services.store().own_data(str(test.session_state[services.OWNER_COOKIE]))
    assert address(test, "dataset") == kept.info.name
    assert "own" not in test.query_params
    assert (kept.info.class_names, kept.info.tokens, kept.shared) == (("별로", "좋아요"), "char_pairs", False)
    assert (kept.info.train_size, kept.info.test_size) == (32, 8)
    assert SAY("own.done") in [one.value for one in test.success]
    assert SAY("own.mine") in words(test)
    assert not list(folder.iterdir())
    assert SAY("own.how.columns", text="document", label="label") in words(test)
    assert SAY("own.how.drawn", share="20%", seed=777) in words(test)

    # Somebody else: why not, and the page works; the list of sets does not offer it.
    stranger = opened("data", dataset=kept.info.name)
    assert SAY("error.own_data_private", title=kept.info.title)[:30] in words(stranger)
    assert stranger.selectbox(key="data-choice-own").options == [
        kept.info.title
    ]  # it names what one is refused

    # The list: shared, named, and deleted.
    test = press(test, "own-keep")
    test.toggle(key=f"own-share-{kept.info.name}").set_value(True).run()
    assert SAY("own.others") in words(opened("data", dataset=kept.info.name))
    test = press(test, f"own-open-{kept.info.name}")
    assert address(test, "dataset") == kept.info.name
    test = press(test, "own-keep")
    name = kept.info.name
    test.session_state[f"own-drop-{name}"] = True
    run_again(test)
    assert SAY("own.delete.no_runs") in words(test)
    test.checkbox(key=f"own-sure-{name}").set_value(True).run()
    press(test, f"own-delete-{name}")
    assert SAY("own.keep.none") in words(test)
    assert SAY("error.own_data_gone", title=kept.info.title)[:20] in words(opened("data", dataset=name))


def test_pictures_are_seen_before_and_after():
    files = [(f"drawn/{label}/{seed}.png", png(label, seed)) for label in range(2) for seed in range(12)]
    test = handed_in(*files)
    assert "Samples: **24**" in words(test)
    key = f"own-{address(test, 'own')}"
    assert test.session_state[f"{key}-shape"] == "32x32x3"
    shown = html(test)
    assert shown.count("data:image/png;base64,") == 2 * 8
    test.toggle(key=f"{key}-invert").set_value(True).run()
    assert html(test) != shown
    assert test.text_input(key=f"{key}-title").value == "drawn"
    # Others get nowhere with the address of it.
    assert SAY("own.gone") in words(opened("data", own=address(test, "own")))


def test_names_of_files_stay_inside_their_folder():
    odd = ("../../etc/passwd", "/etc/passwd", "C:\\x\\y.png", ".ssh/id", "a/./b//c.txt", "", "..", "\x00\n")
    for name in odd:
        parts = uploads.safe_path(name)
        assert parts
        assert all(part not in ("", ".", "..") and not set(part) & set("/\\\0\n:") for part in parts)
        assert not parts[0].startswith(".")
    assert uploads.safe_path("고양이/1.png") == ("고양이", "1.png")
    long = uploads.safe_path(f"{'가' * 300}.png")[0]
    assert long.endswith(".png")
    assert len(long.encode()) <= 255


def test_what_is_left_goes_after_a_day(tmp_path):
    settings = Settings(home=tmp_path)
    folder = uploads.stage([("a.txt", io.BytesIO(b"one")), ("a.txt", io.BytesIO(b"two"))], settings)
    assert sorted(path.name for path in uploads.given(folder).iterdir()) == ["a (2).txt", "a.txt"]
    alone = uploads.stage([("b/a.txt", io.BytesIO(b"one"))], settings)
    assert uploads.given(alone).is_dir()
    before = time.time() - 2 * 24 * 3600
    os.utime(folder, (before, before))
    uploads.sweep(settings)
    assert not folder.exists()
    assert alone.exists()


def test_one_who_leaves_leaves_nothing_behind(tmp_path):
    settings = Settings(home=tmp_path)
    token = ways().begin([("reviews.txt", io.BytesIO(table(2_000)))], "ana", settings)
    assert ways().get(token, "ben") is None
    ways().leave(token, "ben")
    assert ways().get(token, "ana") is not None
    thread = ways()._threads.get(token)
    ways().leave(token, "ana")
    if thread is not None:
        thread.join()
    assert not list((tmp_path / "uploads").iterdir())
    assert services.store().own_data("ana") == ()


def test_a_set_for_everybody_is_offered_after_the_published_ones(tmp_path):
    made = sets.images(title="도형")
    services.store().add_own_data(made[0], sets.archive(tmp_path, made), owner="ana", shared=True)
    assert offered_sets()[-1] == made[0].name


@pytest.mark.parametrize("count", [0, 3, 30])
def test_own_sets_are_chosen_from_one_line_however_many_there_are(count, tmp_path):
    # Two of each title, as of a class that tries again.
    made = [sets.images(title=f"도형 {seed // 2}", seed=100 + seed, size=20) for seed in range(count)]
    for one in made:
        services.store().add_own_data(one[0], sets.archive(tmp_path, one), owner="ana", shared=True)
    names = [one[0].name for one in made][::-1]
    test = opened("data")
    published = test.button_group(key="data-choice")
    assert len(published.options) == len(DATASETS)
    own = [one for one in test.selectbox if one.key == "data-choice-own"]
    assert len(own) == bool(count)
    lab = opened("lab")
    offered = next(one for one in lab.selectbox if len(one.options) == len(DATASETS) + count)
    begun = next(one for one in lab.selectbox if len(one.options) == len(NAMES) + count)
    if not count:
        return
    assert len(own[0].options) == count
    assert len(set(own[0].options)) == count  # each can be told from the others
    assert own[0].value is None
    assert offered.options[-count:] == own[0].options
    assert all(said in title for said, title in zip(own[0].options, begun.options[-count:], strict=True))
    own[0].set_value(names[1]).run()
    assert address(test, "dataset") == names[1]
    assert test.session_state["data-choice"] is None
    # Taking the choice away leaves the set where it is; a published one comes in its place.
    test.selectbox(key="data-choice-own").set_value(None).run()
    assert address(test, "dataset") == names[1]
    assert test.selectbox(key="data-choice-own").value == names[1]
    checked(test.button_group(key="data-choice").set_value("digits").run())
    assert address(test, "dataset") == "digits"
    assert test.selectbox(key="data-choice-own").value is None


def test_how_a_set_was_made_is_told_at_any_time_and_names_of_files_only_to_its_owner(tmp_path):
    made, old = sets.images(title="Pets", seed=31), sets.images(title="Old", seed=32)
    choices = Choices(image_shape="64x64x3", fit="pad", invert=True, most=90, seed=5, test_share=0.3)
    left = Finding("unreadable", 2, places=("cats/kim_1.png", "cats/kim_2.png"))
    making = Making("image_folders", choices, findings=(left,))
    for one in (made, old):
        services.store().add_own_data(
            one[0],
            sets.archive(tmp_path, one),
            owner="ana",
            made=to_plain(making) if one is made else None,
            shared=True,
        )
    others = words(opened("data", dataset=made[0].name))
    mine = words(opened("data", dataset=made[0].name, state={services.OWNER_COOKIE: "ana"}))
    said = " ".join(making_sentences(making, SAY))
    for seen in (others, mine):
        assert SAY("own.how.form", form=SAY("own.form.image_folders")) in said
        assert said in seen
        assert SAY("finding.unreadable", count=2) in seen
    assert "kim_1" in mine
    assert "kim_1" not in others
    assert SAY("own.how") not in {one.label for one in opened("data", dataset=old[0].name).expander}


def test_every_form_is_said():
    for form in get_args(Form):
        for given in (False, True):
            said = making_sentences(Making(form, Choices(text_column="*a*", label_column="b"), given), SAY)
            assert all(said)
            assert (SAY("own.how.given") in said) == given
            assert "*a*" not in " ".join(said)


def test_a_class_trains_on_what_its_teacher_has_shared(tmp_path):
    store, made = services.store(), sets.images(title="도형", seed=11)
    name = made[0].name
    store.add_own_data(made[0], sets.archive(tmp_path, made), owner="teacher")
    code = store.open_class("teacher").code
    store.join(code, "ann", "ann")
    experiment = beginning(made[0])
    rules = Rules(fixed=Fixed(experiment=experiment.to_dict(), free=("epochs",)))
    store.set_rules(code, lambda _: rules, teacher="teacher")
    with pytest.raises(DataError) as refused:
        queue.submit(store, experiment, owner="ann")
    assert refused.value.code == "own_data_private"
    store.share_own_data(name, owner="teacher", shared=True)
    assert queue.submit(store, experiment.with_changes(epochs=3), owner="ann")
    with pytest.raises(ClassError):
        queue.submit(store, experiment.with_changes(seed=5), owner="ann")
    # Its tiles have a name, not a digest.
    words_of_board = board_data(store.classroom(code), language("ko"))["words"]
    assert words_of_board["datasets"][name] == "도형"
