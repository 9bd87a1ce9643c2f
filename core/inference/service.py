"""Answers questions about trained networks, in a process that stays: networks are kept open. Loads Keras."""

from __future__ import annotations

from core.inference.about_inside import InsideRequest
from core.inference.images import about_image, about_images
from core.inference.inside import about_inside
from core.inference.neighbours import Neighbourhoods
from core.inference.networks import Networks
from core.inference.questions import (
    Answer,
    ImageRequest,
    ImagesRequest,
    NeighboursRequest,
    Question,
    SampleRequest,
    TextRequest,
)
from core.inference.texts import about_sample, about_typed
from core.inference.words import Surveys
from core.settings import Settings
from core.storage import Artifacts, Store


class InferenceService:
    """Answers questions; any number of threads may ask at once."""

    def __init__(self, settings: Settings, *, store: Store, artifacts: Artifacts) -> None:
        self._networks = Networks(settings, store=store, artifacts=artifacts)
        self._surveys = Surveys(artifacts)
        self._neighbourhoods = Neighbourhoods()

    def answer(self, question: Question) -> Answer:
        """Answer a question.

        Raises:
            UnknownRunError: If there is no such run.
            RunError: If it is not over ("run_not_over"), or its network is none for this question
                ("run_not_about_texts", "run_not_about_images", "run_not_multi_hot", "run_first_layer",
                "run_no_hidden_layer"), or its data have no such sample or class ("run_no_such_sample",
                "run_no_such_class").
            ArtifactMissingError: If no network of it was kept.
            DataError: If its data are not on this computer any more.
            TextError: If nothing can be made of the text, or the test set has no such text ("text_not_there").
            DrawingError: If the image is none for this network.
            StorageError: If storage does not answer.
        """
        if isinstance(question, TextRequest):
            return about_typed(self._networks.of_texts(question.run), question.text)
        if isinstance(question, SampleRequest):
            return about_sample(self._networks.of_texts(question.run), question.row)
        if isinstance(question, ImageRequest):
            return about_image(self._networks.of_images(question.run), question.pixels)
        if isinstance(question, ImagesRequest):
            return about_images(self._networks.of_images(question.run), question.images)
        if isinstance(question, NeighboursRequest):
            return self._neighbourhoods.advance(self._networks.of(question.run), question)
        if isinstance(question, InsideRequest):
            return about_inside(self._networks.of(question.run), question)
        return self._surveys.advance(self._networks.of_texts(question.run))
