"""What the score explorer decides: which sentence goes with some scores, how numbers are written. No Streamlit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from core.analysis.softmax import SoftmaxShare, sigmoid, sigmoid_slope
from dashboard.shared.formats import exact_share, plain
from dashboard.shared.language import Language, Message

FEWEST, MOST = 2, 5
#: The two examples of the course, by the name under which the language files have them.
EXAMPLES: dict[str, tuple[float, ...]] = {"near": (3.1, 3.0, 2.9), "spread": (2.0, 1.0, 0.7)}
LARGEST = 1000.0
_PLAIN = 10.0
_NAMES = "ABCDE"
_UNSURE, _SURE = 0.5, 0.9
#: From here on the sigmoid's slope is less than a twentieth of its largest.
_SATURATED = 0.0125


def name_of_score(place: int) -> str:
    """What a class is called: A, B, ..."""
    return _NAMES[place]


def about_shares(shares: Sequence[SoftmaxShare]) -> Message:
    """What the shares show."""
    ordered = sorted(shares, key=lambda each: -each.share)
    first, second = ordered[0], ordered[1]
    details = {
        "name": name_of_score(list(shares).index(first)),
        "share": f"{first.share:.1%}",
        "ratio": f"{first.share / second.share:.2f}" if second.share else "\N{INFINITY}",
    }
    if first.score == second.score:
        return Message("scores.about.equal", details)
    if first.share < _UNSURE:
        return Message("scores.about.near", details)
    return Message("scores.about.sure" if first.share >= _SURE else "scores.about.clear", details)


def about_sigmoid(score: float) -> Message:
    """What the sigmoid makes of a score, and whether it is saturated there."""
    slope = sigmoid_slope(score)
    key = "scores.sigmoid.saturated" if slope < _SATURATED else "scores.sigmoid.steep"
    return Message(key, {"value": exact_share(sigmoid(score)), "slope": exact_share(slope)})


def share_table(shares: Sequence[SoftmaxShare], temperature: float, t: Language) -> str:
    """The way from scores to shares as a table with bars, in HTML; its style is in static/answers.css."""
    shifted = is_shifted(shares, temperature)
    powers = [each.power if shifted else math.exp(each.score / temperature) for each in shares]
    exponent = f"(z \N{MINUS SIGN} {plain(max(each.score for each in shares))})" if shifted else "z"
    if temperature != 1:
        exponent += f" / {plain(temperature)}"
    heads = [escape(t(f"scores.{head}")) for head in ("class", "score", "share")]
    heads.insert(2, f"e<sup>{exponent}</sup>")
    rows = "".join(
        f'<tr><th scope="row">{name_of_score(place)}</th><td>{plain(each.score)}</td>'
        f"<td>{_power(power)}</td>"
        f'<td><div class="tp-score-share"><b><i style="width:{100 * each.share:.2f}%"></i></b>'
        f"<span>{exact_share(each.share)}</span></div></td></tr>"
        for place, (each, power) in enumerate(zip(shares, powers, strict=True))
    )
    total, label = _power(math.fsum(powers)), escape(t("scores.sum"))
    foot = f'<tr><th scope="row" colspan="2">{label}</th><td>{total}</td><td>1</td></tr>'
    head = "".join(f'<th scope="col">{each}</th>' for each in heads)
    return (
        f'<table class="tp-scores"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody>'
        f"<tfoot>{foot}</tfoot></table>"
    )


def is_shifted(shares: Sequence[SoftmaxShare], temperature: float) -> bool:
    """Whether powers are shown of scores from which the largest was taken off, for plain ones would be too large."""
    return max(abs(each.score) for each in shares) / temperature > _PLAIN


def _power(value: float) -> str:
    return f"{value:.4f}" if value >= 1 else exact_share(value)
