"""The command line is the shell of whoever runs the server: it shows what pages hide, and says that they do."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from core.__main__ import main
from core.settings import Settings
from core.storage import open_store
from tests.dashboard import runs


def test_what_pages_hide_is_shown_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TURNING_POINT_HOME", str(tmp_path))
    with closing(open_store(Settings.from_environment())) as store:
        covered, sealed, plain = (
            runs.over(store, **hidden) for hidden in ({"covered": True, "sealed": True}, {"sealed": True}, {})
        )
    assert main(["runs"]) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert lines[covered].endswith("[covered on pages until it is predicted]")
    assert lines[sealed].endswith("[test result sealed on pages]")
    assert lines[plain].endswith("test 0.9836")
    assert "test 0.9836" in lines[covered]
    assert main(["compare", covered, plain]) == 0
    assert "[covered on pages" in capsys.readouterr().out
    assert main(["export", covered, "--as", "csv", "-o", str(tmp_path / "run.csv")]) == 0
    assert "0.4" in (tmp_path / "run.csv").read_text()
    assert "[covered on pages" in capsys.readouterr().err
