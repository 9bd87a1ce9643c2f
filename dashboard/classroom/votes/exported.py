"""The votes of a class as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.classroom import Classroom
from core.classroom.ballot import Ballot, Question
from core.export.votes import votes_csv
from core.storage import Store
from dashboard.classroom.votes.asking import shown_question
from dashboard.shared.language import Language
from dashboard.shared.take_home import Offer, file_stem


def votes_offer(
    classroom: Classroom,
    ballots: Sequence[Ballot],
    names: Mapping[int, str],
    t: Language,
    *,
    store: Store,
    teacher: str,
) -> Offer:
    """The table of these ballots; whoever reads votes that are not shown yet must teach the class."""

    def words(question: Question) -> tuple[str, Sequence[str]]:
        asked = shown_question(question, t, plain=True)
        return asked.text, asked.choices

    def make() -> str:
        return votes_csv([(one, store.votes(one.id, reader=teacher)) for one in ballots], names, words)

    which = f"-{ballots[0].number}" if len(ballots) == 1 else ""
    stem = file_stem(classroom.title, classroom.code)
    return Offer(
        f"votes{which}",
        t("votes.csv"),
        f"{stem}-votes{which}.csv",
        "text/csv",
        make,
        "table",
        t("votes.csv.about"),
    )
