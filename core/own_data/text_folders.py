"""Texts in files, a folder a class, as the reviews of IMDB come: train/pos, train/neg, test/pos, test/neg."""

from __future__ import annotations

from core.errors import DataError
from core.own_data.built import Built
from core.own_data.choices import Choices
from core.own_data.class_folders import class_folders
from core.own_data.corpus import Corpus, Read, built, corpus, understood
from core.own_data.entries import Entries, Entry, UnreadableError, finding
from core.own_data.text_encoding import decoded, encoding_of, is_damaged
from core.own_data.understood import Understood
from core.own_data.written import as_written, has_unseen, label_of

#: A folder of this name holds texts without a class, as beside the reviews of IMDB.
_WITHOUT_CLASS = ("unsup", "unsupervised")
_STEP = 500


def understand(entries: Entries) -> Understood:
    """What is found in folders of text files; a `DataError` if no set of texts can become of them."""
    return understood(_read(entries))


def build(entries: Entries, choices: Choices) -> Built:
    """The data set made of them; a `DataError` if none can become of them."""
    return built(_read(entries), choices, entries.name, entries.progress)


def _read(entries: Entries) -> Corpus:
    without = [
        one for one in entries.entries if _WITHOUT_CLASS[0] in one.parts or _WITHOUT_CLASS[1] in one.parts
    ]
    found = [finding("unsup", [one.path for one in without])] if without else []
    passed_over = {one.path for one in without}
    kept = entries.only((one for one in entries.entries if one.path not in passed_over), *found)
    folders = class_folders(kept, _is_text)
    if len(folders.samples) > entries.limits.samples:
        limit = entries.limits.samples
        raise DataError("own_samples_too_many", received=len(folders.samples), limit=limit)
    texts: list[Read] = []
    left: dict[str, list[str]] = {}
    for done, sample in enumerate(folders.samples):
        if done % _STEP == 0:
            entries.progress(done, len(folders.samples))
        written, wrong = _content(entries, sample.entry)
        text = as_written(written)
        path = sample.entry.path
        if not wrong and not text:
            wrong = "empty"
        elif not wrong and len(text) > entries.limits.characters:
            wrong = "too_large"
        if wrong:
            left.setdefault(wrong, []).append(path)
            continue
        if has_unseen(written):
            left.setdefault("control_signs", []).append(path)
        texts.append(Read(text, label_of(sample.label), sample.test, path))
    findings = (finding(code, places) for code, places in left.items())
    return corpus("text_folders", texts, (*kept.findings, *folders.findings, *findings))


def _is_text(entry: Entry) -> bool:
    return entry.suffix == ".txt"


def _content(entries: Entries, entry: Entry) -> tuple[str, str]:
    """What a file says, and the code of what is wrong with it, "" if nothing is."""
    try:
        content = entries.read(entry)
    except UnreadableError as error:
        return "", "too_large" if error.reason == "too_large" else "unreadable"
    encoding = encoding_of(content)
    text = decoded(content, encoding) if encoding is not None else ""
    return (text, "unreadable") if encoding is None or is_damaged(text) else (text, "")
