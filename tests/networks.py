"""Files of trained networks without the networks: whole as far as anybody can tell who does not load them."""

from __future__ import annotations

import io
import zipfile

import numpy as np

from core.storage import Artifacts
from core.training import artifact_names


def model_file() -> bytes:
    """An archive with the parts of a Keras file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for part in ("metadata.json", "config.json", "model.weights.h5"):
            archive.writestr(part, part.encode() * 50)
    return file.getvalue()


def keep_networks(artifacts: Artifacts, run: str) -> None:
    """Keep what a run that ended in order keeps of its networks."""
    for name in (artifact_names.LAST, artifact_names.BEST):
        artifacts.save_bytes(run, name, model_file())
    artifacts.save_array(run, artifact_names.LAST_SEEDS, np.zeros((0, 2), np.uint32))
