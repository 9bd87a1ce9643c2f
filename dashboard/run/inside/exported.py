"""The inside of a network in the file that is taken home: its first weights, and how all of them grew."""

from __future__ import annotations

from core.analysis.turning_point import turning_point_of
from core.analysis.weight_history import weight_distribution, weight_growth
from core.errors import TurningPointError
from core.export.web_page import Html, Part, Picture, Pictures
from core.inference.kinds.first_layer import FirstWeightsRequest
from core.models.first_layer import first_layer
from core.run import Run
from core.training.weight_histograms import load_weights
from dashboard.run.inside import figures
from dashboard.run.inside import text as words
from dashboard.run.inside.weights import growth_table
from dashboard.shared import run_words, services
from dashboard.shared.charts.weight_spread import weight_spread
from dashboard.shared.language import Language
from dashboard.shared.samples.sample_html import png_address
from dashboard.shared.theme import stylesheet
from dashboard.shared.web_page import chart, table, text

#: Weights, not biases, of so many layers at most: more would be a page of their own.
_WEIGHTS, _MOST_TENSORS = ("kernel", "embeddings"), 6


def exported(run: Run, t: Language) -> list[Part]:
    """What a file can hold without the network: pictures or words of the first units, weights by epoch."""
    try:
        first = _first(run, t)
    except TurningPointError as error:
        first = [text(t.error(error, plain=True), quiet=True)]
    return [*first, *by_epoch(run, t)]


def _first(run: Run, t: Language) -> list[Part]:
    layer = first_layer(run.experiment)
    if layer.form not in ("pictures", "filters", "words"):
        return []
    answer = services.ask(FirstWeightsRequest(run.id, 0))
    names = words.unit_names(layer, run_words.class_names(run.experiment.dataset, t), t)
    parts: list[Part] = [text(words.first_about(layer).said(t))]
    style = stylesheet("inside").read_text("utf-8")
    if layer.form == "words":
        parts.append(Html(words.words_html(answer.words, names, answer.largest, t), style))
        parts.append(text(t("inside.words.about", largest=f"{answer.largest:.3f}"), quiet=True))
    elif answer.pictures is not None and (layer.picture[0] > 1 or layer.in_colours):
        scale = words.lights_scale_html if layer.in_colours else words.scale_html
        pictures = answer.pictures.array()
        shown = [
            Picture(
                png_address(words.painted(picture, answer.largest), 255),
                names[answer.first + place],
                words.picture_about(picture, names[answer.first + place]).said(t),
            )
            for place, picture in enumerate(pictures)
        ]
        strongest = words.strongest_weight(pictures, names, answer.first).said(t)
        parts += [
            Html(scale(answer.largest, t), style),
            Pictures(shown),
            text(strongest, quiet=True),
        ]
    elif answer.pictures is not None:
        pictures = answer.pictures.array()
        figure = figures.cells(
            pictures[:, 0], answer.largest, across=t("inside.feature"), down=t("inside.unit"), square=False
        )
        strongest = words.strongest_weight(pictures, names, answer.first).said(t)
        parts.append(chart(figure, name=f"weights-{run.id}", alt=strongest, caption=strongest))
    parts.append(text(t("inside.epoch", epoch=answer.epoch), quiet=True))
    return parts


def by_epoch(run: Run, t: Language) -> list[Part]:
    """How the weights of each layer grew, and where the turning point lies in that."""
    history = load_weights(services.artifacts(), run.id)
    if history is None:
        return [text(t("inside.weights.none"), quiet=True)]
    turn, grown = turning_point_of(run).loss, weight_growth(history)
    parts: list[Part] = []
    weights = [one for one in history.tensors if one.endswith(_WEIGHTS)]
    for tensor in weights[:_MOST_TENSORS]:
        found = weight_distribution(history, tensor, always=() if turn.epoch is None else (turn.epoch,))
        of_it = [words.growth_sentences(history, each, turn) for each in grown if each.tensor == tensor]
        said = " ".join(one.said(t) for sentences in of_it for one in sentences)
        name = words.tensor_name(tensor, t)
        title = f"{t('inside.part.weights')}: {name}"
        figure = weight_spread(found, turn, t)
        file = f"weights-{tensor.replace('/', '-')}-{run.id}"
        parts.append(chart(figure, name=file, alt=f"{title}. {said}", title=title, caption=said))
    if grown:
        rows = growth_table(grown, {tensor: words.tensor_name(tensor, t) for tensor in history.tensors}, t)
        parts.append(table(rows, t("inside.growth.title"), dict.fromkeys(map(str, rows.columns[1:]), ".4f")))
    return [*parts, text(t("inside.weights.about"), quiet=True)]
