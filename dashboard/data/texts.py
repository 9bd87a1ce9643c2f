"""Texts on the data page: one at a time (find it, read it, see what a vocabulary leaves of it), or all together."""

from __future__ import annotations

import streamlit as st

from core.datasets import TextDataset
from core.datasets.dataset import RaggedTokens, Subset
from core.datasets.decoded_text import DecodedText, TextMatches, TextQuery, find, pad_text, places, read
from core.datasets.word_counts import encoding_cost
from core.experiment import PaddedEncoding
from core.experiment.data import Side
from dashboard.data import figures
from dashboard.data.text import ALL_CLASSES, choose_class, enter_row, fallen_words, label_answer
from dashboard.data.words import show_lengths, show_words, text_facts
from dashboard.shared import services
from dashboard.shared.chart import show_chart
from dashboard.shared.charts.multi_hot import multi_hot
from dashboard.shared.controls import choose, step
from dashboard.shared.formats import file_size
from dashboard.shared.glossary import marked
from dashboard.shared.language import Language, Message, session_language
from dashboard.shared.markdown import escaped
from dashboard.shared.samples.text_place import (
    FIRST_PADDED_LENGTH,
    LONGEST_SEARCH,
    PADDED_LENGTHS,
    PARTS,
    TextPlace,
    first_word_limit,
    text_address,
    text_place,
    word_limits,
)
from dashboard.shared.samples.token_html import STYLE, legend_html, padded_html, text_html, written_html
from dashboard.shared.url_state import UrlState

_FALLEN = 12
_SIDES: tuple[Side, ...] = ("start", "end")


@st.fragment
def show_texts(name: str, names: tuple[str, ...]) -> None:
    """Find a text, read it, see what is kept of it, or look at all of them: a choice in here draws only this anew."""
    t = session_language()
    one, every = st.tabs([t("data.text"), t("data.texts")], key="data-texts", on_change="rerun")
    if one.open:
        with one:
            _one_text(services.text_dataset(name), names, t)
    if every.open:
        with every:
            show_lengths(name, t)
            show_words(name, names, t)


def _one_text(dataset: TextDataset, names: tuple[str, ...], t: Language) -> None:
    st.html(STYLE)
    st.markdown(marked(t("data.text.about"), t))
    if dataset.facts.own:
        st.caption(t(f"data.tokens.{dataset.facts.tokens}"))
    asked, notes = _follow_address(dataset)
    for note in notes:
        st.warning(note.said(t), icon=":material/link_off:")
    part, wanted = _filters(dataset, names, t)
    found = find(dataset, part, wanted)
    if found.out_of_vocabulary:
        listed = ", ".join(f"“{escaped(word)}”" for word in found.out_of_vocabulary)
        st.warning(t("data.search.out_of_vocabulary", words=listed), icon=":material/search_off:")
        return
    key = _row_key(dataset.name, part)
    row = found.from_row(st.session_state.get(key, 0))
    if row is None:
        st.warning(t("data.search.nothing"), icon=":material/search_off:")
        return
    st.session_state[key] = row
    _step_through(found, row, part, key, dataset, t)
    now = TextPlace(part, row, wanted.words)
    if now != asked:
        _address(dataset, part).write(now._asdict())
        _address(dataset, part).remember(dataset.name, now)
    reading = _read(dataset, part, row, found, names, t)
    _encodings(dataset, reading, t)


# Which text


def _row_key(name: str, part: str) -> str:
    return f"data-text-row-{name}-{part}"


def _search_key(name: str) -> str:
    return f"data-text-search-{name}"


def _label_key(name: str) -> str:
    return f"data-text-class-{name}"


def _length_key(name: str, part: str) -> str:
    return f"data-text-length-{name}-{part}"


def _address(dataset: TextDataset, part: Subset) -> UrlState:
    return text_address(part, len(dataset.part(part)[0]))


def _follow_address(dataset: TextDataset) -> tuple[TextPlace, tuple[Message, ...]]:
    """What the address names, and why not; if it has changed otherwise than by this page, the widgets follow it."""
    sizes = {part: len(dataset.part(part)[0]) for part in PARTS}
    asked, notes = text_place(st.query_params.to_dict(), sizes)
    if _address(dataset, asked.part).has_changed(dataset.name, asked):
        st.session_state["data-text-part"] = asked.part
        st.session_state[_row_key(dataset.name, asked.part)] = asked.row
        st.session_state[_search_key(dataset.name)] = asked.search
        _lift_filters(dataset, asked)
    return asked, notes


def _lift_filters(dataset: TextDataset, asked: TextPlace) -> None:
    """A link leads to its text, even where a filter of this session would pass it over."""
    texts, labels = dataset.part(asked.part)
    label_key, length_key = _label_key(dataset.name), _length_key(dataset.name, asked.part)
    if st.session_state.get(label_key) not in (None, ALL_CLASSES, labels[asked.row]):
        st.session_state[label_key] = ALL_CLASSES
    ends = st.session_state.get(length_key)
    if ends is not None and not ends[0] <= texts.lengths[asked.row] + 1 <= ends[1]:
        st.session_state[length_key] = _ends(texts)


def _ends(texts: RaggedTokens) -> tuple[int, int]:
    """The length of the shortest and of the longest text, start mark included."""
    return int(texts.lengths.min()) + 1, int(texts.lengths.max()) + 1


def _filters(dataset: TextDataset, names: tuple[str, ...], t: Language) -> tuple[Subset, TextQuery]:
    """From which set, of which class, how long, with which words."""
    name = dataset.name
    which, label, search = st.columns([4, 4, 5])
    part = choose(
        t("data.part"),
        PARTS,
        lambda one: t(f"data.part.{one}"),
        key="data-text-part",
        set_by_page=True,
        place=which,
    )
    wanted = choose_class(label, names, t, key=_label_key(name))
    words = search.text_input(
        t("data.search"),
        max_chars=LONGEST_SEARCH,
        placeholder=t("data.search.example.own" if dataset.facts.own else "data.search.example"),
        help=t("data.search.help.own" if dataset.facts.own else "data.search.help"),
        key=_search_key(name),
        persist_state="session",
    )
    ends = shortest, longest = _ends(dataset.part(part)[0])
    if shortest < longest:
        shortest, longest = st.slider(
            t("data.length"),
            *ends,
            value=ends,
            help=t("data.length.help"),
            key=_length_key(name, part),
            persist_state="session",
        )
    return part, TextQuery(wanted, shortest, longest, words or "")


def _step_through(
    found: TextMatches, row: int, part: Subset, key: str, dataset: TextDataset, t: Language
) -> None:
    """Buttons to the next, the previous and some other text among those found, and the text's number."""
    count = len(found.rows)
    last = len(dataset.part(part)[0]) - 1
    with st.container(horizontal=True, vertical_alignment="bottom"):
        enter_row(part, last, t, key=key, width=230)
        step(found.rows, row, lambda target: st.session_state.update({key: target}), t, key="data-text")
    everything = count == last + 1
    st.caption(
        t(
            "data.search.all" if everything else "data.search.hits",
            place=f"{found.place(row) + 1:,}",
            count=f"{count:,}",
        )
    )


# One text


def _read(
    dataset: TextDataset, part: Subset, row: int, found: TextMatches, names: tuple[str, ...], t: Language
) -> DecodedText:
    """The text itself, and beside it what the number of words does to it."""
    shown, beside = st.columns([3, 2], gap="large")
    with beside:
        num_words = _choose_num_words(dataset, t)
        reading = read(dataset, part, row, num_words)
        _kept(dataset.name, reading, t)
    with shown:
        label = label_answer(part, row, reading.label, names, t)
        kind = "words" if reading.raw is None else "tokens"
        st.markdown(f"{label} · {t(f'data.text.{kind}', words=f'{len(reading.words):,}')}")
        _text(reading, found.words, t)
        made = "own" if dataset.facts.own else "generated" if dataset.facts.generated else "real"
        st.caption(t(f"data.text.lost.{made}"))
    return reading


def _text(reading: DecodedText, searched: tuple[str, ...], t: Language) -> None:
    """The text as it was written, where that is known, or what a network gets of it."""
    name = t("data.text.one")
    ways = ("words", "numbers") if reading.raw is None else ("raw", "tokens", "numbers")
    how = choose(
        t("data.text.how"),
        ways,
        lambda one: t(f"data.text.how.{one}"),
        key="data-text-how" if reading.raw is None else "data-text-how-own",
        labelled=False,
    )
    if how == "raw":
        st.html(written_html(reading.raw or "", name, searched))
        return
    marks = set(searched) if reading.raw is None else set()
    st.html(text_html(reading, t, with_numbers=how == "numbers", marked=marks, name=name))
    st.html(legend_html(("start", "unknown"), t))


def _choose_num_words(dataset: TextDataset, t: Language) -> int:
    limits = word_limits(len(dataset.vocabulary))
    return int(
        st.select_slider(
            t("data.num_words"),
            limits,
            value=first_word_limit(len(dataset.vocabulary)),
            format_func=lambda limit: t("data.num_words.all") if limit == limits[-1] else f"{limit:,}",
            help=t("data.num_words.help"),
            key=f"data-num-words-{dataset.name}",
            persist_state="session",
        )
    )


def _kept(name: str, reading: DecodedText, t: Language) -> None:
    """How much stays, of this text and of all."""
    facts, num_words = text_facts(name), reading.num_words or 0
    share = facts.counts.kept_share(num_words)
    here, everywhere = st.columns(2)
    here.metric(t("data.kept.here"), f"{reading.kept / max(1, len(reading.words)):.1%}")
    everywhere.metric(t("data.kept.all"), f"{share:.1%}")
    figure = figures.coverage(facts.coverage, num_words, share, t)
    show_chart(figure, t, key="data-coverage", alt=None)
    st.caption(marked(t("data.coverage.about"), t))
    fallen = fallen_words(reading)
    if fallen:
        listed = ", ".join(escaped(word) for word in fallen[:_FALLEN])
        more = len(fallen) - _FALLEN
        st.caption(t("data.fallen.more" if more > 0 else "data.fallen", words=listed, more=f"{more:,}"))


# The text as a network gets it


def _encodings(dataset: TextDataset, reading: DecodedText, t: Language) -> None:
    """The two ways to feed the text to a network, and what each keeps and costs."""
    st.subheader(t("data.encodings"))
    st.markdown(marked(t("data.encodings.about"), t))
    one, other = st.columns(2, gap="large")
    with other.container(border=True, height="stretch"):
        length = _padded(dataset, reading, t)
    with one.container(border=True, height="stretch"):
        _multi_hot(dataset, reading, length, t)


def _multi_hot(dataset: TextDataset, reading: DecodedText, length: int, t: Language) -> None:
    num_words = reading.num_words or 0
    taken = places(reading)
    cost = encoding_cost(text_facts(dataset.name).counts, num_words, length)
    st.markdown(f"**{t('option.encoding.multi_hot')}** &nbsp; `({num_words},)`")
    st.markdown(
        t(
            "data.multi_hot.about",
            ones=f"{len(taken):,}",
            places=f"{num_words:,}",
            numbers=f"{len(reading.tokens):,}",
        )
    )
    figure = multi_hot(taken, num_words, t)
    show_chart(figure, t, key="data-multi-hot", alt=None)
    st.caption(t("data.multi_hot.picture"))
    st.markdown(
        t(
            "data.multi_hot.cost",
            texts=f"{len(dataset.x_train):,}",
            dense=file_size(cost.dense),
            sparse=file_size(cost.sparse),
            share=f"{cost.occupied:.2%}",
        )
    )


def _padded(dataset: TextDataset, reading: DecodedText, t: Language) -> int:
    """Returns the length that was chosen."""
    title = st.empty()
    length = int(
        st.select_slider(
            t("data.padded.length"),
            PADDED_LENGTHS,
            value=FIRST_PADDED_LENGTH,
            key="data-padded-length",
            persist_state="session",
        )
    )
    fill, cut = (
        choose(
            t(f"data.padded.{what}"),
            _SIDES,
            lambda side: t(f"data.padded.{side}"),
            key=f"data-padded-{what}",
            place=column,
        )
        for what, column in zip(("fill", "cut"), st.columns(2), strict=True)
    )
    encoding = PaddedEncoding(
        num_words=reading.num_words or PaddedEncoding().num_words, length=length, fill=fill, cut=cut
    )
    made = pad_text(reading, encoding, dataset)
    title.markdown(f"**{t('option.encoding.padded')}** &nbsp; `({length},)`")
    key = "filled" if made.filled else "cut" if made.cut else "fits"
    st.markdown(
        t(
            f"data.padded.{key}.about",
            count=f"{made.filled or made.cut:,}",
            numbers=f"{len(reading.tokens):,}",
        )
    )
    st.html(padded_html(made, cut, t, name=t("option.encoding.padded"), raw=reading.raw))
    st.html(legend_html(("padding", "start", "unknown"), t))
    cost = encoding_cost(text_facts(dataset.name).counts, encoding.num_words, length)
    st.markdown(
        marked(t("data.padded.cost", texts=f"{len(dataset.x_train):,}", size=file_size(cost.padded)), t)
    )
    return length
