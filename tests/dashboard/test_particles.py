"""Korean particles agree with the noun before them."""

from __future__ import annotations

import pytest

from core.errors import DataError
from dashboard.shared.language import language
from dashboard.shared.particles import agreeing

READ = {
    "0": "영", "1": "일", "2": "이", "3": "삼", "4": "사", "5": "오", "6": "육", "7": "칠", "8": "팔", "9": "구",
    "10": "십", "100": "백", "3.5": "삼 점 오", "(1500, 8, 8)": "팔", "50%": "오십 퍼센트",
}  # fmt: skip


@pytest.mark.parametrize(
    ("noun", "forms"),
    [
        ("셔츠", "셔츠는 셔츠가 셔츠를 셔츠와 셔츠로"),
        ("가방", "가방은 가방이 가방을 가방과 가방으로"),
        ("레이블", "레이블은 레이블이 레이블을 레이블과 레이블로"),  # after ㄹ it is 로
        ("‘양말’", "‘양말’은 ‘양말’이 ‘양말’을 ‘양말’과 ‘양말’로"),
        ("`폴더`", "`폴더`는 `폴더`가 `폴더`를 `폴더`와 `폴더`로"),
        ("**값**", "**값**은 **값**이 **값**을 **값**과 **값**으로"),
        ("[답]", "[답]은 [답]이 [답]을 [답]과 [답]으로"),
        (r"\[답\]", r"\[답\]은 \[답\]이 \[답\]을 \[답\]과 \[답\]으로"),
    ],
)
def test_the_form_goes_by_the_last_syllable(noun: str, forms: str) -> None:
    assert agreeing(f"{noun}은(는) {noun}이(가) {noun}을(를) {noun}와(과) {noun}(으)로") == forms


@pytest.mark.parametrize("written", READ)
def test_numerals_go_by_how_they_are_read(written: str) -> None:
    for both in ("은(는)", "이(가)", "을(를)", "와(과)", "(으)로"):
        assert agreeing(written + both).removeprefix(written) == agreeing(READ[written] + both).removeprefix(
            READ[written]
        )


@pytest.mark.parametrize("noun", ["mnist", "reviews.csv", "`val_loss`", "é"])
def test_a_word_in_other_letters_keeps_both(noun: str) -> None:
    assert agreeing(f"{noun}은(는) {noun}(으)로") == f"{noun}은(는) {noun}(으)로"


def test_sentences_of_pages_and_errors_agree() -> None:
    t = language("ko")
    assert ", 16은 흰색" in t("data.sample.about", height=8, width=8, largest=16)
    error = DataError("data_missing", dataset="우리 반 그림", files="a.npz")
    for said in (t.error(error), t.error(error, plain=True)):
        assert said.startswith("데이터셋 우리 반 그림이 이 컴퓨터에 없습니다")
