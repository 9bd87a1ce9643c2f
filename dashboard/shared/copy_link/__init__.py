"""A link, or a piece of code, with the button that copies it, also over plain HTTP."""

from __future__ import annotations

from pathlib import Path

from dashboard.shared.browser import register
from dashboard.shared.language import Language

_component = register(Path(__file__).parent)


def copy_link(text: str, t: Language, *, key: str, label: str) -> None:
    """Show the text and its button; `label` says what it is to those who do not see it."""
    words = {name: t(f"share.{name}") for name in ("copied", "selected")}
    _component(data={"text": text, "label": label, "button": t("share.copy"), **words}, key=key)
