"""Numbers, sizes and times in words, each way of writing them once. No Streamlit."""

from __future__ import annotations

import math
from datetime import datetime, tzinfo

from dashboard.shared.language import Language

MINUS = "\N{MINUS SIGN}"
_MEGA = 1_000_000
_CLOSE = 0.005  # to the level of 5%, where three digits would not tell the side


def certainty(probability: float) -> str:
    """A probability in percent, "97.31%"; none is called 0 or 100%, for a network only comes close to them.

    What is 1 in four bytes may still have been a little less.
    """
    if probability < 0.0001:
        return "< 0.01%"
    if probability > 0.9999:
        return "> 99.99%"
    return f"{100 * probability:.2f}%"


def exact_share(share: float) -> str:
    """A share with as many digits as tell it from 0 and 1, or in powers of ten: "0.2500", "3.1e-12"."""
    if share in (0.0, 1.0) or 0.00005 <= share <= 0.99995:
        return f"{share:.4f}"
    if share < 0.5:
        return f"{share:.1e}"
    return f"1 {MINUS} {1 - share:.1e}"


def percent_above(value: float) -> str:
    """By how many percent something is above something else, roughly: "3.4%", "28%", "> 1000%"."""
    if not math.isfinite(value):
        return "> 1000%"
    return f"{value:.1f}%" if value < 10 else f"{value:.0f}%"


def p_value(p: float) -> str:
    """A probability as statistics write it: "p = 0.031", "p < 0.001"."""
    if p < 0.001:
        return "p < 0.001"
    return f"p = {p:.4f}" if abs(p - 0.05) < _CLOSE else f"p = {p:.3f}"


def signed(value: float, form: str = ",.0f", *, zero: str = "±0") -> str:
    """A difference with its sign, "+1,024"; `zero` if none is left after rounding."""
    digits = f"{abs(value):{form}}"
    if not any(digit in "123456789" for digit in digits):
        return zero
    return f"{'+' if value > 0 else MINUS}{digits}"


def plain(value: float) -> str:
    """A number as it is: "0.001", "−3"."""
    return f"{value:g}".replace("-", MINUS)


def short(value: float) -> str:
    """A number with at most four digits that count; what is 0 but for rounding is 0."""
    return f"{round(value, 4) + 0.0:.4g}".replace("-", MINUS)


def megabytes(size: int) -> str:
    """A number of bytes in 10**6 bytes, "11.6"."""
    return f"{size / _MEGA:,.1f}"


def file_size(size: int) -> str:
    """A number of bytes in the unit that suits it: "11.6 MB", "60.0 kB"."""
    return f"{megabytes(size)} MB" if size >= _MEGA else f"{size / 1000:,.1f} kB"


def moment(when: datetime, timezone: tzinfo | None) -> str:
    """A point in time as the reader's clock shows it, "2026-11-21 14:05"; None for the server's clock."""
    return when.astimezone(timezone).strftime("%Y-%m-%d %H:%M")


def about_time(seconds: float, t: Language) -> str:
    """A time in words, no finer than an estimate is: "about 20 seconds", "about 3.5 hours"."""
    if seconds < 10:
        return t("time.moments")
    if seconds < 90:
        return t("time.seconds", number=10 * round(seconds / 10))
    if seconds < 5_400:
        return t("time.minutes", number=round(seconds / 60))
    hours = seconds / 3_600
    if hours < 48:
        return t("time.hours", number=f"{hours:.1f}" if hours < 10 else round(hours))
    return t("time.days", number=f"{hours / 24:,.0f}")
