"""What can be answered of a recorded run, whose network is not there: what its first layer looks for, on images."""

from __future__ import annotations

from typing import Any

import numpy as np

from core import recorded
from core.errors import ArtifactMissingError
from core.inference.kinds.first_layer import FirstWeightsRequest, first_pictures
from core.inference.request import AnswerT, InferenceRequest
from core.models.first_layer import first_layer
from core.storage import Artifacts
from core.training import artifact_names


def recorded_answer(question: InferenceRequest[AnswerT], artifacts: Artifacts) -> AnswerT:
    """The answer to a question about a recorded run, from its figures.

    Raises:
        ArtifactMissingError: If it takes the network ("recorded_no_network").
    """
    run = recorded.get(question.run)
    if not isinstance(question, FirstWeightsRequest) or not artifacts.exists(
        run.id, artifact_names.FIRST_WEIGHTS
    ):
        raise ArtifactMissingError("recorded_no_network", run=run.id)
    kernel = artifacts.load_array(run.id, artifact_names.FIRST_WEIGHTS).astype(np.float32)
    epoch = artifact_names.evaluated_checkpoint(run)[1]
    answer: Any = first_pictures(kernel, first_layer(run.experiment), question.first, epoch)
    found: AnswerT = answer  # which is what this question asks for
    return found
