"""How long the server works after a press on a cell of the confusion matrix.

    python benchmarks/matrix_press.py [--home FOLDER] [--presses 40] [--epochs 3]

Trains the preset `fashion-deep` for a few epochs, unless the home has such a run, opens its page as a browser does
and presses by turns the fullest cell of the diagonal and the fullest one beside it. Each press runs the fragment that
Streamlit would run, in this process; what is measured goes from the request to the last element sent. Prints the
median, the quartiles and the processor time. Needs Fashion-MNIST in the folder of TURNING_POINT_DATASETS.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.scriptrunner import RerunData
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest, local_script_runner
from streamlit.util import calc_hash

from core.run import Run
from core.settings import Settings
from core.storage import Store, open_store

ROOT = Path(__file__).parent.parent
PRESET = "fashion-deep"


def trained(store: Store, epochs: int) -> Run:
    """A run of the preset with its evaluation, trained now if the home has none."""
    for _ in range(2):
        for one in store.summaries(limit=1000):
            if one.preset == PRESET and one.test_accuracy is not None:
                return store.get(one.id)
        subprocess.run(
            [sys.executable, "-m", "core", "train", PRESET, "--epochs", str(epochs)], cwd=ROOT, check=True
        )
    raise RuntimeError("the run was trained, but is not in this home")


class Page:
    """The page of a run in a session of its own, whose matrix can be pressed."""

    def __init__(self, run: str) -> None:
        self._test = AppTest.from_file(str(ROOT / "dashboard" / "main.py"), default_timeout=60)
        self._test._page_hash = calc_hash("run")
        for name, value in {"lang": "en", "run": run}.items():
            self._test.query_params[name] = value
        self._run, self._sent = run, list[ForwardMsg]()
        self._compiled = ScriptCache()  # a server keeps it too
        with self._listening():
            self._test.run()
        self._find_chart()

    def _find_chart(self) -> None:
        """Where the matrix is now: its id tells also what is drawn."""
        assert not self._test.exception, self._test.exception
        key = f"cell-{self._run}-chart"
        for one in self._sent:
            element = one.delta.new_element
            if element.WhichOneof("type") == "plotly_chart" and element.plotly_chart.id.endswith(key):
                self._chart, self._fragment = element.plotly_chart.id, one.delta.fragment_id
                return
        raise AssertionError("there is no matrix that can be pressed")

    @contextmanager
    def _listening(self) -> Iterator[None]:
        parse = local_script_runner.parse_tree_from_messages

        def keep(messages: list[ForwardMsg]) -> object:
            self._sent = list(messages)
            return parse(messages)

        with mock.patch.object(local_script_runner, "parse_tree_from_messages", keep):
            yield

    def press(self, cell: tuple[int, int]) -> tuple[float, float]:
        """Seconds and processor seconds until the page shows the samples of a cell."""
        pressed = WidgetState(
            id=self._chart, string_value=json.dumps({"selection": {"points": [{"customdata": list(cell)}]}})
        )
        taken: list[tuple[float, float]] = []
        run = local_script_runner.ScriptRunner._run_script

        def timed(runner: local_script_runner.ScriptRunner, rerun: RerunData) -> None:
            begun, worked = time.perf_counter(), time.thread_time()
            run(runner, rerun)
            taken.append((time.perf_counter() - begun, time.thread_time() - worked))

        with (
            mock.patch.object(
                local_script_runner, "RerunData", partial(RerunData, fragment_id=self._fragment)
            ),
            mock.patch.object(local_script_runner.ScriptRunner, "_run_script", timed),
            mock.patch.object(local_script_runner, "ScriptCache", return_value=self._compiled),
            self._listening(),
        ):
            self._test._run(WidgetStates(widgets=[pressed]))
        self._find_chart()
        boxes = [self._test.session_state[f"cell-{self._run}-{side}"] for side in ("true", "predicted")]
        assert boxes == list(cell), "the press led to another cell"
        return taken[0]


def main() -> None:
    """Train if need be, press, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--home", type=Path, help="keeps the trained run (default: a temporary folder)")
    parser.add_argument("--presses", type=int, default=40)
    parser.add_argument("--epochs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TURNING_POINT_HOME"] = str(options.home or folder)
        run = trained(open_store(Settings.from_environment()), options.epochs)
        assert run.evaluation is not None
        matrix = np.array(run.evaluation.matrix)
        wrong = matrix - np.diag(np.diag(matrix))
        label, place = int(np.diag(matrix).argmax()), int(wrong.argmax())
        cells = {
            "diagonal": (label, label),
            "beside it": (place // len(matrix), place % len(matrix)),
        }
        page = Page(run.id)
        for cell in cells.values():  # imports, and reads what stays
            page.press(cell)
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in cells}
        for _ in range(options.presses):
            for name, cell in cells.items():
                taken[name].append(page.press(cell))
        for name, cell in cells.items():
            whole = [1000 * seconds for seconds, _ in taken[name]]
            low, median, high = statistics.quantiles(whole, n=4)
            worked = 1000 * statistics.median(work for _, work in taken[name])
            print(
                f"{name:<10} {matrix[cell]:5,} samples   median {median:6.1f} ms "
                f"({low:.1f} to {high:.1f})   processor {worked:6.1f} ms"
            )


if __name__ == "__main__":
    main()
