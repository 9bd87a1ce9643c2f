"""Own data in the browser: real Korean film reviews, from dropping their files to the open set."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from dashboard.shared.language import language
from tests.browser.conftest import Open

SAY = language("ko")


@pytest.mark.real_data
@pytest.mark.slow
def test_naver_reviews_are_brought_by_the_page(open_page: Open, real_datasets: Path) -> None:
    files = [real_datasets / "nsmc" / f"ratings_{part}.txt" for part in ("train", "test")]
    if not all(file.exists() for file in files):
        pytest.skip("the reviews of the Naver corpus are not among the data")
    page = open_page("/data?own=new", locale="ko-KR")
    page.get_by_test_id("stFileUploaderDropzone").wait_for()
    # Every word of Streamlit's own in it is covered.
    chosen = page.get_by_test_id("stFileUploaderDropzone").locator("button p")
    assert (
        chosen.evaluate("one => getComputedStyle(one, '::after').content")
        == f'"{SAY("own.files.files.choose")}"'
    )

    began = time.monotonic()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(files)
    page.get_by_role("button", name=SAY("own.files.read", files=2)).click()
    page.get_by_text(SAY("own.form.text_table")).wait_for()
    page.get_by_text("25,000").first.wait_for()
    make = page.get_by_role("button", name=SAY("own.make"))
    make.wait_for()
    seen = time.monotonic()
    make.click()
    page.get_by_text(SAY("own.done")).wait_for()
    page.wait_for_url("**/*dataset=own-*")
    page.get_by_text("x_train", exact=True).first.wait_for()
    opened = time.monotonic()
    print(f"understood after {seen - began:.1f} s, open after {opened - began:.1f} s")
    page.get_by_role("link", name=SAY("data.next.lab")).click()
    page.get_by_role("heading", name=SAY("lab.title")).wait_for()
