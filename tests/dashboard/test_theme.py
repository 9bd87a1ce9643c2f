"""The theme and the server's defaults, as `dashboard/.streamlit/config.toml` sets them."""

from __future__ import annotations

import math
import tomllib
from itertools import combinations
from pathlib import Path
from typing import Any, Literal

import pytest
from streamlit import config

from dashboard.shared.contrast import CODE, contrast_css
from tests.dashboard.contrast import contrast, linear

FILE = Path(__file__).parent.parent.parent / "dashboard" / ".streamlit" / "config.toml"
CONFIG: dict[str, Any] = tomllib.loads(FILE.read_text("utf-8"))
THEMES = ("light", "dark")


def options(table: dict[str, Any], prefix: str) -> list[str]:
    """Every option below a table, dotted."""
    found = []
    for name, value in table.items():
        inner = isinstance(value, dict)
        found += options(value, f"{prefix}{name}.") if inner else [f"{prefix}{name}"]
    return found


@pytest.mark.parametrize("option", options(CONFIG, ""))
def test_streamlit_knows_every_option(option: str) -> None:
    assert option in config._config_options_template


def test_the_defaults_are_safe() -> None:
    assert CONFIG["server"]["address"] == "127.0.0.1"
    assert CONFIG["client"]["showErrorDetails"] == "none"
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["runner"]["postScriptGC"] is False


def test_nothing_is_fetched_from_the_internet() -> None:
    assert "://" not in FILE.read_text("utf-8")


@pytest.mark.parametrize("theme", THEMES)
def test_words_can_be_read(theme: str) -> None:
    colours = CONFIG["theme"][theme]
    for page in (colours["backgroundColor"], colours["secondaryBackgroundColor"]):
        assert contrast(colours["textColor"], page) > 7
        assert contrast(colours["linkColor"], page) > 4.5
    assert contrast(colours["textColor"], colours["sidebar"]["backgroundColor"]) > 7
    assert contrast(colours["grayTextColor"], colours["grayBackgroundColor"]) > 4.5
    assert contrast(colours["primaryColor"], colours["backgroundColor"]) > 3  # frames and bars, no words
    assert contrast("#ffffff", colours["primaryColor"]) > 4.5  # words on a button
    for page in (colours["backgroundColor"], colours["secondaryBackgroundColor"]):
        assert contrast(faded(colours["textColor"], page), page) > 4.5  # captions


@pytest.mark.parametrize("theme", THEMES)
def test_code_can_be_read_whatever_a_word_of_it_means(theme: Literal["light", "dark"]) -> None:
    page = CONFIG["theme"][theme]["codeBackgroundColor"]
    for colour in CODE[theme].values():
        assert contrast(colour, page) > 4.5
        assert colour in contrast_css(dark=theme == "dark")


def faded(colour: str, page: str) -> str:
    """A text colour as Streamlit draws captions in it: 60 % of it over the page."""
    mixed = (
        round(0.6 * int(colour[place : place + 2], 16) + 0.4 * int(page[place : place + 2], 16))
        for place in (1, 3, 5)
    )
    return "#" + "".join(f"{value:02x}" for value in mixed)


@pytest.mark.parametrize("theme", THEMES)
def test_charts_have_colours_enough_that_stand_out(theme: str) -> None:
    colours = CONFIG["theme"][theme]
    assert len(colours["chartCategoricalColors"]) >= 10  # with fewer Plotly takes its own
    assert len(set(colours["chartCategoricalColors"])) == len(colours["chartCategoricalColors"])
    assert len(colours["chartSequentialColors"]) == 10  # with others Streamlit takes its own
    for colour in colours["chartCategoricalColors"]:
        assert contrast(colour, colours["backgroundColor"]) > 2.5


def as_seen(colour: str, eyes: str) -> tuple[float, float, float]:
    """A colour in OKLab, as these eyes see it (Viénot, Brettel, Mollon 1999; Ottosson 2020)."""
    red, green, blue = linear(colour)
    if eyes == "red-blind":
        red = green = 0.11238 * red + 0.88762 * green
        blue += 0.00401 * (linear(colour)[0] - linear(colour)[1])
    elif eyes == "green-blind":
        red = green = 0.29275 * red + 0.70725 * green
        blue -= 0.02234 * (linear(colour)[0] - linear(colour)[1])
    blue = max(blue, 0.0)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("eyes", ["usual", "red-blind", "green-blind"])
def test_any_two_colours_stay_apart(theme: str, eyes: str) -> None:
    seen = {colour: as_seen(colour, eyes) for colour in CONFIG["theme"][theme]["chartCategoricalColors"]}
    for one, other in combinations(seen, 2):
        assert math.dist(seen[one], seen[other]) > 0.06, (one, other)
