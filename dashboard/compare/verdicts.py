"""Whether one run is really better than another: what their test results show, and what they do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from core.analysis.agreement import PairwiseTest, pairwise_tests
from core.analysis.bands import Measure
from core.analysis.caveats import caveats
from core.analysis.repeats import FEWEST, DesignPair, Repeats, compare_designs, repeats, seeds_needed
from core.errors import DataError
from core.experiment.setting_differences import factors
from core.run import Run
from dashboard.compare import text as words
from dashboard.compare.curves import LETTERS
from dashboard.compare.verdict_pair import OpenPair, show_pair
from dashboard.shared import services
from dashboard.shared.judged_runs import JudgedRuns, judged_runs
from dashboard.shared.language import Language, session_language
from dashboard.shared.markdown import escaped
from dashboard.shared.missing_data import missing_words
from dashboard.shared.run_words import short_names
from dashboard.shared.theme import table_height

_PAIR = "verdicts-pair"
_IN_FULL = 3  # so many verdicts are read as sentences, more as lines
_MEASURES: tuple[Measure, ...] = ("test_accuracy", "turning_point", "gap")


@dataclass(frozen=True)
class _Compared:
    """The runs of a comparison by their ids, with their letters and escaped names, and which one is the base."""

    runs: Mapping[str, Run]
    letters: words.Letters
    names: Mapping[str, str]
    base: str

    @classmethod
    def of(cls, runs: Sequence[Run], base: str, t: Language) -> _Compared:
        lettered = list(zip(runs, LETTERS, strict=False))
        return cls(
            {run.id: run for run, _ in lettered},
            {run.id: letter for run, letter in lettered},
            {run.id: escaped(name) for run, name in zip(runs, short_names(runs, t), strict=True)},
            base,
        )


def show_verdicts(runs: Sequence[Run], base: str, t: Language) -> None:
    """Say of each two runs whether one is better; open one pair; judge designs where seeds were repeated.

    The data set of the base is the one judged.
    """
    if len(runs) < 2:
        return
    compared = _Compared.of(runs, base, t)
    st.subheader(t("verdicts.title"), anchor=False)
    groups = repeats(list(compared.runs.values()))
    # Where designs can be compared, that is the stronger statement and comes first.
    designs_first = any(len(group.runs) >= FEWEST for group in groups)
    if designs_first:
        _designs(groups, compared, t)
    judged = _judged(compared, t)
    if judged is not None:
        if designs_first:
            st.markdown(f"**{t('verdicts.networks')}**")
        pairs = pairwise_tests(judged.labels, judged.answers)
        _verdicts(pairs, judged, compared, t)
        above = t("verdicts.not_designs.above")
        st.caption(above if designs_first else t("verdicts.not_designs", needed=seeds_needed()))
        _open_pair(pairs, compared)
    if not designs_first:
        _designs(groups, compared, t)


def _judged(compared: _Compared, t: Language) -> JudgedRuns | None:
    """What the networks answered; says of which it cannot be had. None if there are not two to compare."""
    dataset = compared.runs[compared.base].experiment.dataset
    try:
        labels = services.test_labels(dataset)
    except DataError:
        st.info(missing_words(dataset, t, "verdicts.data_missing"), icon=":material/info:")
        return None
    judged = judged_runs(
        list(compared.runs.values()), dataset, labels, services.artifacts(), compared.letters
    )
    told = words.obstacles(judged, t)
    told += [t("verdicts.other_base", letters=", ".join(letters)) for letters in _elsewhere(compared)]
    if len(judged.answers) < 2:
        told.append(t("verdicts.nobody"))
    if told:
        st.info("\n\n".join(told), icon=":material/info:")
    return judged if len(judged.answers) > 1 else None


def _elsewhere(compared: _Compared) -> list[list[str]]:
    """The letters of runs that share a test set other than that of the base, where there are at least two."""
    by_data: dict[str, list[str]] = {}
    for run in compared.runs.values():
        by_data.setdefault(run.experiment.test_set, []).append(compared.letters[run.id])
    own = compared.runs[compared.base].experiment.test_set
    return [letters for dataset, letters in by_data.items() if dataset != own and len(letters) > 1]


# Trained networks


def _verdicts(pairs: Sequence[PairwiseTest], judged: JudgedRuns, compared: _Compared, t: Language) -> None:
    """The base against each other run in sentences, all pairs in a table."""
    key = "verdicts.lead" if len(pairs) == 1 else "verdicts.lead.several"
    st.markdown(t(key, samples=f"{len(judged.labels):,}", pairs=len(pairs)))
    if len(pairs) == 1:
        return  # it is told where it is open
    seen = _from_base(pairs, compared.base)
    tell = words.pair_verdict if len(seen) <= _IN_FULL else words.pair_line
    lines = [
        f"- **{compared.letters[pair.first]} · {compared.letters[pair.second]}** "
        f"({compared.names[pair.second]}): {tell(pair, len(pairs), compared.letters, t)}"
        for pair in seen
    ]
    st.markdown("\n".join(lines))
    if len(seen) > _IN_FULL:
        st.caption(t("verdicts.lines.about"))
    with st.expander(t("verdicts.all_pairs", pairs=len(pairs))):
        table = words.pairs_table(pairs, compared.letters, t)
        st.dataframe(table, hide_index=True, height=table_height(table))
        st.caption(t("verdicts.holm.about", pairs=len(pairs)))


def _from_base(pairs: Sequence[PairwiseTest], base: str) -> list[PairwiseTest]:
    """The pairs of the base, which comes first in them."""
    return [
        pair if pair.first == base else pair.turned for pair in pairs if base in (pair.first, pair.second)
    ]


@st.fragment
def _open_pair(pairs: Sequence[PairwiseTest], compared: _Compared) -> None:
    """One pair in full, the base and its first partner to begin with; a press works out only this."""
    t = session_language()
    letters, base = compared.letters, compared.base
    seen = {
        (one.first, one.second): one
        for one in (pair.turned if pair.second == base else pair for pair in pairs)
    }
    if st.session_state.get(_PAIR) not in seen:
        st.session_state[_PAIR] = _first_to_open(list(seen), compared)
    if len(pairs) > 1:
        st.selectbox(
            t("verdicts.open"),
            list(seen),
            format_func=lambda names: (
                f"{letters[names[0]]} · {letters[names[1]]}: {words.pair_finding(seen[names], letters, t)}"
            ),
            key=_PAIR,
            width=420,
        )
    pair = seen[st.session_state[_PAIR]]
    one, two = compared.runs[pair.first], compared.runs[pair.second]
    called = short_names((one, two), t)  # by what differs between these two, not among all
    show_pair(
        OpenPair(
            pair=pair,
            pairs=len(pairs),
            runs=(one, two),
            letters=(letters[one.id], letters[two.id]),
            names=(escaped(called[0]), escaped(called[1])),
            warnings=tuple(words.caveat_words(found, one, two, letters, t) for found in caveats(one, two)),
        ),
        t,
    )


def _first_to_open(seen: Sequence[tuple[str, str]], compared: _Compared) -> tuple[str, str]:
    """The base and the first run that differs from it in more than its seed, as far as there are such."""
    of_base = [names for names in seen if names[0] == compared.base]
    varied = [
        names
        for names in of_base
        if set(factors(*(compared.runs[run].experiment for run in names))) - {"seed"}
    ]
    return next(iter([*varied, *of_base, *seen]))


# Designs


def _designs(groups: Sequence[Repeats], compared: _Compared, t: Language) -> None:
    """What runs that differ in their seed only say about their settings."""
    if not groups:
        return
    st.markdown(f"**{t('verdicts.designs')}**", help=t("verdicts.designs.help"))
    names = words.design_names(groups, short_names([group.runs[0] for group in groups], t), t)
    lines = [
        f"{number}. {words.group_words(group, escaped(name), compared.letters, t)}"
        for number, (group, name) in enumerate(zip(groups, names, strict=True), start=1)
    ]
    st.markdown("\n".join(lines))
    found = {measure: compare_designs(groups, measure) for measure in _MEASURES}
    verdicts = found["test_accuracy"]
    if len(groups) < 2:
        st.caption(t("verdicts.design.alone"))
    elif not verdicts:
        st.caption(t("verdicts.design.none", fewest=FEWEST, needed=seeds_needed()))
    for verdict in verdicts:
        _design_pair(verdict, found, groups, compared, t)
    if verdicts:
        st.caption(t("verdicts.design.scope"))


def _design_pair(
    verdict: DesignPair,
    found: Mapping[Measure, Sequence[DesignPair]],
    groups: Sequence[Repeats],
    compared: _Compared,
    t: Language,
) -> None:
    first, second = groups[verdict.first], groups[verdict.second]
    st.markdown(words.design_verdict(verdict, groups, len(found["test_accuracy"]), t))
    one, two = first.runs[0], second.runs[0]
    told = [
        words.caveat_words(caveat, one, two, compared.letters, t)
        for caveat in words.design_caveats(first, second)
    ]
    if told:
        st.warning("\n\n".join(told), icon=":material/warning:")
    rows = pd.DataFrame(
        [
            words.design_row(pair, measure, len(pairs), t)
            for measure, pairs in found.items()
            for pair in pairs
            if (pair.first, pair.second) == (verdict.first, verdict.second)
        ]
    )
    st.dataframe(rows, hide_index=True, height=table_height(rows))
    for measure in _MEASURES:
        if first.values(measure) is None or second.values(measure) is None:
            st.caption(t(f"verdicts.design.missing.{measure}"))
