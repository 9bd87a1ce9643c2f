"""What a finding says: the English sentences; other languages hold theirs under "finding.CODE"."""

from __future__ import annotations

import json
from pathlib import Path

from core.own_data.understood import Finding
from core.sentences import filled

#: One sentence a code, from `findings.json` beside this; `{count}` and the details are filled in.
FINDINGS: dict[str, str] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))


def said(finding: Finding) -> str:
    """A finding as an English sentence, without its places."""
    return filled(FINDINGS[finding.code], {"count": finding.count, **finding.details})
