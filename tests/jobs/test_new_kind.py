"""A question to a network of a new kind is one module, which nothing else has to name."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from distributed import Client, Scheduler, Worker

from core.errors import RunError
from core.experiment import Experiment
from core.inference import kinds
from core.inference.request import InferenceRequest, request_types
from core.jobs.cluster import ANSWERS
from core.jobs.inference_client import ask
from core.jobs.inference_server import InferenceServer
from core.settings import Settings
from core.storage import Store
from core.training.execute import execute
from tests.loops import run_apart

MODULE = '''
"""How many weights has a layer of a network?"""

from dataclasses import dataclass
from typing import Literal

from core.errors import RunError
from core.inference.request import InferenceRequest
from core.inference.service import InferenceService


@dataclass(frozen=True)
class WeightCountAnswer:
    count: int
    epoch: int


@dataclass(frozen=True)
class WeightCountRequest(InferenceRequest[WeightCountAnswer]):
    run: str
    layer: int
    kind: Literal["weight_count"] = "weight_count"

    def answer(self, service: InferenceService) -> WeightCountAnswer:
        network = service.network(self.run)
        layers = network.predict.model.layers
        if self.layer >= len(layers):
            raise RunError("run_no_hidden_layer", run=self.run)
        return WeightCountAnswer(layers[self.layer].count_params(), network.epoch)
'''


async def asked(settings: Settings, *requests: InferenceRequest[Any]) -> list[Any]:
    """What a web server is answered by an engine's server, whose worker is here."""
    here: dict[str, Any] = {"dashboard_address": "127.0.0.1:0", "host": "127.0.0.1"}
    async with (
        Scheduler(port=0, **here) as scheduler,
        Worker(scheduler.address, name=ANSWERS, nthreads=1, **here),
        Client(scheduler.address, asynchronous=True, set_as_default=False) as client,
        InferenceServer(client, settings),
    ):
        asking = (asyncio.to_thread(ask, settings, request, 60) for request in requests)
        return await asyncio.gather(*asking, return_exceptions=True)


def test_a_module_is_all_that_a_new_kind_of_question_needs(
    settings: Settings,
    store: Store,
    experiment: Experiment,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = store.add(experiment, owner="ann", worker="test")
    execute(run, settings, store=store, artifacts=store.artifacts)
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "weight_count.py").write_text(MODULE)
    assert "weight_count" not in request_types()
    monkeypatch.setattr(kinds, "__path__", [*kinds.__path__, str(folder)])
    request = request_types()["weight_count"]
    answer, refusal = run_apart(asked(settings, request(run, 0), request(run, 9)))
    assert (answer.count, answer.epoch) == (64 * 8 + 8, 3)
    assert isinstance(refusal, RunError)
    assert refusal.code == "run_no_hidden_layer"
