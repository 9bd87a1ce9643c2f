"""An answer as bars in HTML: of two classes one bar, of more one for each of the largest. No Streamlit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from html import escape

from dashboard.shared.formats import certainty
from dashboard.shared.language import Language
from dashboard.shared.styles import stylesheet
from dashboard.trying.text_answers import Share

#: The style sheet of all HTML made here.
STYLE = stylesheet("answers")


def answer_bars(shares: Sequence[Share], names: Sequence[str], true: int | None, t: Language) -> str:
    """The probabilities of an answer.

    Args:
        shares: What to draw; a single one is that of the second of two classes.
        names: The classes' names, by label.
        true: The true class, to be marked; None if nobody knows it.
    """
    if len(shares) == 1:
        return _two_sided(shares[0], names, t)
    rows = "".join(_row(share, names[share.label], share.label == true, t) for share in shares)
    return f'<div class="tp-shares">{rows}</div>'


def _two_sided(share: Share, names: Sequence[str], t: Language) -> str:
    first, second = certainty(1 - share.probability), certainty(share.probability)
    said = (f"{names[0]} {first}", "50%", f"{names[1]} {second}")
    ends = "".join(f"<span>{escape(end)}</span>" for end in said)
    return (
        f'<div class="tp-shares tp-two-sided">{_bar(share, names[1], t, half=True)}'
        f'<div class="tp-share-ends" aria-hidden="true">{ends}</div></div>'
    )


def _row(share: Share, name: str, is_true: bool, t: Language) -> str:
    mark = f' <b class="tp-share-true">✓ {escape(t("try.true"))}</b>' if is_true else ""
    return (
        f'<div class="tp-share"><span class="tp-share-name">{escape(name)}{mark}</span>'
        f"{_bar(share, name, t, half=False)}"
        f'<span class="tp-share-value">{escape(certainty(share.probability))}</span></div>'
    )


def _bar(share: Share, name: str, t: Language, *, half: bool) -> str:
    about = f"{name}: {certainty(share.probability)}"
    marks = ""
    if half:
        marks += '<i class="tp-share-half"></i>'
    if share.before is not None:
        about += f" ({t('try.before', value=certainty(share.before))})"
        marks += f'<i class="tp-share-before" style="left:{100 * share.before:.2f}%"></i>'
    return (
        f'<div class="tp-share-bar" role="img" aria-label="{escape(about)}" title="{escape(about)}">'
        f'<i class="tp-share-fill" style="width:{100 * share.probability:.2f}%"></i>{marks}</div>'
    )


def legend_html(kinds: Collection[str], for_label: str, against: str, t: Language) -> str:
    """What the marks of the words mean.

    Args:
        kinds: Which kinds of words there are beside those that are kept: "out_of_top_k", "out_of_vocabulary", "cut".
        for_label: What words marked with a plus speak for.
        against: What words marked with a minus speak for.
    """
    word = escape(t("try.legend.word"))
    signs = (("plus", "+", for_label), ("minus", "−", against))
    rows = [
        f'<span><b class="tp-legend-{kind}">{word}<sup>{sign}</sup></b> {about}</span>'
        for kind, sign, label in signs
        for about in [escape(t("try.legend.for", label=label))]
    ]
    rows += [
        f'<span><b class="tp-legend-{kind}">{word}</b> {escape(t(f"try.legend.{kind}"))}</span>'
        for kind in ("out_of_top_k", "out_of_vocabulary", "cut")
        if kind in kinds
    ]
    return f'<div class="tp-word-legend">{"".join(rows)}</div>'
