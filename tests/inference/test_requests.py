"""Questions and answers survive the way as JSON, and nothing else gets through."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import (
    ArtifactMissingError,
    JobError,
    RunError,
    TextError,
    TurningPointError,
    UnknownRunError,
)
from core.inference.kinds.texts import SampleRequest, TextAnswer, TextRequest, Word
from core.inference.kinds.words import WordsAnswer, WordsRequest
from core.inference.request import (
    ErrorResponse,
    answer_from_json,
    answer_to_json,
    request_from_json,
    request_to_json,
)


@given(st.text(), st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.integers(0, 10**6))
def test_questions_come_back_as_they_were(run: str, text: str, row: int) -> None:
    run = run.encode(errors="ignore").decode()
    for question in (TextRequest(run, text), SampleRequest(run, row), WordsRequest(run)):
        line = request_to_json(question)
        assert b"\n" not in line
        assert request_from_json(line) == question


def test_answers_come_back_as_they_were() -> None:
    words = (Word("<b>", 2, "out_of_vocabulary", None), Word("좋다", 7, "kept", 0))
    answer = TextAnswer((0.25, 0.75), words, ((0.1, -0.1), None), 3, None, 4)
    refusal = ErrorResponse("TextError", "text_empty", {"received": 0})
    for request, one in ((TextRequest("run", "좋다"), answer), (WordsRequest("run"), WordsAnswer(0.5))):
        assert answer_from_json(request, answer_to_json(one)) == one
        assert answer_from_json(request, answer_to_json(refusal)) == refusal


@pytest.mark.parametrize(
    "line",
    [b"", b"{}", b"[]", b'{"kind":"text","run":"a"}', b'{"kind":"code"}', b'{"kind":["text"]}', b"\x80\x04"],
)
def test_nothing_else_is_a_question(line: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        request_from_json(line)


@pytest.mark.parametrize(
    "error",
    [
        UnknownRunError("unknown_run", received="x"),
        ArtifactMissingError("artifact_missing", run="x", name="last.keras"),
        TextError("text_unknown_words", received=3, kept=9_996),
        RunError("run_not_over", run="x", state="running"),
        JobError("answers_busy", received=20),
    ],
    ids=lambda error: error.code,
)
def test_errors_are_the_same_on_the_other_side(error: TurningPointError) -> None:
    refusal = answer_from_json(WordsRequest("x"), answer_to_json(ErrorResponse.of(error)))
    assert isinstance(refusal, ErrorResponse)
    again = refusal.to_error()
    assert (type(again), again.code, again.details, str(again)) == (
        type(error),
        error.code,
        error.details,
        str(error),
    )


@pytest.mark.parametrize(
    "refusal",
    [
        ErrorResponse("TextError", "a_later_code", {}),
        ErrorResponse("TextError", "text_too_long", {}),
        ErrorResponse("SystemExit", "text_empty", {"received": 0}),
        ErrorResponse("Iterable", "text_empty", {"received": 0}),
        ErrorResponse("ExperimentError", "text_empty", {"received": 0}),
    ],
)
def test_unknown_refusals_are_a_failure_like_any_other(refusal: ErrorResponse) -> None:
    error = refusal.to_error()
    assert isinstance(error, JobError)
    assert error.code == "answers_failed"
