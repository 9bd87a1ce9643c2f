"""English texts to begin with on the try page, in the words of the data they belong to."""

from __future__ import annotations

from collections.abc import Mapping

_REVIEWS = {
    "positive": (
        "A wonderful film. The acting is excellent, the music is beautiful, and I enjoyed every minute. "
        "I would recommend it to everyone."
    ),
    "negative": (
        "A terrible film. The plot is boring, the acting is awful, and I was disappointed from the beginning "
        "to the end. Save your money."
    ),
    "negation": "This film is not bad. It is not boring at all, and I did not regret it.",
    "mixed": (
        "The photography is stunning and the music is great, but the plot is stupid and the ending was "
        "disappointing."
    ),
}
_NEWSWIRES = {
    "results": (
        "Net profit rose to 5 million dollars in the first quarter from 3 million a year earlier. The dividend "
        "will be paid on April 15."
    ),
    "oil": (
        "The energy ministry said crude oil output rose to 2 million barrels a day after a field was closed in March."
    ),
    "harvest": "The wheat crop was poor this year after little rain. Farmers expect to harvest 20 million tonnes.",
    "two_topics": (
        "The central bank cut its key rate to 5 percent to slow the loss of reserves. The government said wheat "
        "exports rose to 20 million tonnes."
    ),
}
_TEXTS = {"imdb": _REVIEWS, "mini_reviews": _REVIEWS, "reuters": _NEWSWIRES, "mini_newswires": _NEWSWIRES}


def examples(dataset: str) -> Mapping[str, str]:
    """Texts for networks on a text set, by a name that the language files put into words ("try.example.NAME")."""
    return _TEXTS[dataset]
