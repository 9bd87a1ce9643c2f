"""Reading pages that stand in one file as a browser would, but for running them."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from html.parser import HTMLParser

_LOADING = {
    "src",
    "href",
    "action",
    "srcset",
    "data",
    "poster",
    "background",
    "formaction",
    "ping",
    "xlink:href",
}
_FOREIGN = {"iframe", "object", "embed", "link", "base", "form", "video", "audio", "applet", "frame"}


class ReadPage(HTMLParser):
    """What is in a page: its elements, what it would load or run, what it says.

    Attributes:
        loads: What a browser would fetch from outside the file, or follow to there.
        handlers: Attributes that are scripts.
        scripts: The texts of its scripts.
        data: What its JSON says.
        says: All text that is no script and no style.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.handlers: list[str] = []
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[str] = []
        self.data: list[object] = []
        self.styles: list[str] = []
        self.words: list[str] = []
        self._kind = ""
        self._held: list[str] = []
        self.feed(text)
        self.says = " ".join(" ".join(self.words).split())
        self.policy = next(a["content"] for tag, a in self.attributes if tag == "meta" and "http-equiv" in a)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags[tag] += 1
        self.attributes.append((tag, found))
        self.loads += [
            f"{tag} {name}={value[:80]}"
            for name, value in found.items()
            if name in _LOADING and not value.startswith(("#", "data:image/png;base64,"))
        ]
        self.handlers += [f"{tag} {name}" for name in found if name.startswith("on")]
        if tag in _FOREIGN:
            self.loads.append(tag)
        if tag in ("script", "style"):
            self._kind, self._held = found.get("type") or tag, []

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("script", "style"):
            return
        text = "".join(self._held)
        if self._kind == "application/json":
            self.data.append(json.loads(text))
        elif self._kind == "style":
            self.styles.append(text)
            self.loads += re.findall(r"@import[^;]*|url\([^)]*\)", text)
        elif self._kind != "text/plain":
            self.scripts.append(text)
        self._kind = ""

    def handle_data(self, data: str) -> None:
        (self._held if self._kind else self.words).append(data)

    def allowed(self) -> bool:
        """Whether its policy names each of its scripts by its digest."""
        digests = {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in self.scripts}
        return all(f"'sha256-{one}'" in self.policy for one in digests)
