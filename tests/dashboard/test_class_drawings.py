"""A class draws: the teacher asks, students draw, bad drawings go out, a set is made, and a network reads it."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.analysis.other_set import OtherResult, WorstSample
from core.catalog import dataset_info
from core.classroom.drawings import asked_next
from core.datasets.drawing import SIDE, to_bits
from core.inference.kinds.other_set import OtherSetAnswer, OtherSetRequest
from core.storage import Store
from dashboard.classroom.drawings.reading import readers
from dashboard.shared import services
from dashboard.shared.language import language
from dashboard.shared.other_set import refusal, verdict
from tests.dashboard.pages import press, words
from tests.dashboard.runs import over
from tests.dashboard.test_votes import ANN, BEN, TEACHER, page

EN = language("en")


def stroke(place: int) -> str:
    drawing = np.zeros((SIDE, SIDE), dtype=np.uint8)
    drawing[20 : 60 + 3 * place, 50:62] = 255
    drawing[20:32, 50 : 62 + 2 * place] = 255
    return to_bits(drawing)


def labels_on(test: AppTest) -> list[str]:
    return [one.label for one in test.button]


def test_a_class_draws_a_set(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    code = store.open_class(TEACHER).code
    seats = {owner: store.join(code, name, owner) for name, owner in (("Ann", ANN), ("Ben", BEN))}
    teacher = page(TEACHER)
    teacher.session_state["drawings-asking"] = True
    teacher.session_state["draw-what"] = "own"
    teacher.run()
    press(teacher, "draw-open")
    assert "Name 2 to 20" in teacher.warning[0].value
    teacher.text_input(key="draw-labels").input("1, 7").run()
    teacher.number_input(key="draw-each-10").set_value(4).run()
    press(teacher, "draw-open")
    made = store.current_collection(code)
    assert made is not None
    assert (made.labels, made.each, made.title) == (("1", "7"), 4, "Our drawings")

    # On any other page a line leads to the pad; on their own there it is.
    assert EN("drawings.beside", title=made.title) in words(page(ANN, at="lab"))
    ann = page(ANN)
    key = f"drawings-pad-{made.id}-0"
    press(ann, f"{key}-send")
    assert "nothing" in ann.warning[0].value.lower() or ann.warning
    ann.session_state[key] = {"drawing": {"bits": "nothing of the kind", "count": 1}}
    press(ann, f"{key}-send")
    assert ann.warning
    ann.session_state[key] = {"drawing": {"bits": stroke(0), "count": 2}}
    press(ann, f"{key}-send")
    assert len(store.drawings_of(made.id, ANN)) == 1
    assert EN("draw.left", number=7, wanted=8) in str([one.proto.text for one in ann.get("progress")])
    press(ann, f"drawings-pad-{made.id}-1-undo")
    assert store.drawings_of(made.id, ANN) == []
    for owner, seat in seats.items():
        sent: list[int] = []
        while (label := asked_next(made, seat.number, sent)) is not None:
            bits = stroke(len(sent) + (9 if owner == BEN else 0))
            store.send_drawing(made.id, bits, label=label, owner=owner)
            sent.append(label)
    assert EN("drawings.done", number=8) in page(ANN).success[0].value
    assert EN("drawings.done", number=8) not in words(page(BEN, "ko"))

    # The teacher sees them, on the projector without a button, and without names unless names are shown.
    teacher = page(TEACHER, present="1")
    assert "16" in words(teacher)
    assert "drawings-end" not in [one.key for one in teacher.button]
    teacher = page(TEACHER)
    number = store.drawings(made.id, teacher=TEACHER)[0].number
    teacher.session_state[f"drawings-chosen-{made.id}"] = number
    teacher.run()
    press(teacher, f"drawings-remove-{made.id}")
    assert [one.removed for one in store.drawings(made.id, teacher=TEACHER)][:2] == [True, False]
    press(teacher, "drawings-end")
    assert EN("drawings.kept", number=15, removed=1) in words(teacher)
    press(teacher, "make-set")
    name = store.collections(code)[0].dataset
    info = dataset_info(name)
    assert (info.train_size + info.test_size, info.class_names) == (15, ("1", "7"))
    assert store.may_use(name, ANN)
    assert EN("drawings.made", title="Our drawings") in words(page(ANN))

    # How well does it read us? The networks that fit, and what one of them says.
    assert EN("other.no_run") in words(page(TEACHER))
    run = over(store, owner=TEACHER, dataset="mnist")
    sealed = over(store, owner=TEACHER, dataset="mnist", sealed=True)
    over(store, owner=TEACHER)
    assert [one.id for one in readers(store.classroom(code), name, TEACHER)] == [run]
    assert refusal(store.get(sealed)) == "other.sealed"
    matrix = np.zeros((10, 10), dtype=int)
    matrix[1, 1], matrix[7, 1] = 10, 5
    worst = (WorstSample(14, 7, 1, 0.93, 0.04),)
    result = OtherResult(10, 15, tuple(map(tuple, matrix.tolist())), worst)
    asked: list[OtherSetRequest] = []

    def answer(question: OtherSetRequest) -> OtherSetAnswer:
        asked.append(question)
        return OtherSetAnswer(result, True, 3)

    monkeypatch.setattr(services, "ask", answer)
    teacher = page(TEACHER)
    teacher.selectbox(key="drawings-reader").select(run).run()
    assert asked == [OtherSetRequest(run, name)]
    # (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n) with p = 10/15, n = 15, z = 1.96
    assert "**66.7%** of these samples are read rightly: 10 of 15 (95 % interval: 41.7% to 84.8%)" in words(
        teacher
    )
    assert EN("other.surprise") in [one.value for one in teacher.info]
    assert verdict(store.get(run), result, language("ko")).startswith("이 샘플 15개 중 10개")
