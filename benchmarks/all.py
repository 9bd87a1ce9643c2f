"""All that is claimed about speed and memory, measured in one go, and the table in README made of it.

    python benchmarks/all.py [PART ...] --datasets FOLDER [--quick] [--pairs 3] [--anew]
    python benchmarks/all.py --show | --write-readme

Parts, with the minutes each took on two processors:

    training  eleven presets: `python -m core train` on an empty home against the same network in plain Keras
              (`plain_course.py`), in pairs, each way in a process of its own; 7 a pair, 3.5 with --quick
    first     from the press to the first batch and to the end (`first_point.py`); 3
    epochs    an epoch against its limit, one translated function (`first_point.py`); 3
    pages     the first page and lists of 10,000 runs (`first_page.py`, `run_list.py`); 2
    class     thirty students over websockets (`class_load.py`); 2
    memory    the idle server, and growth over 500 runs (`memory.py`); 12, 3 with --quick
    cluster   runs spread over workers (`cluster.py`); 4, 1 with --quick

The samples are kept in `benchmarks/figures.json` as they come; a run that was broken off goes on where it was, pair
after pair, so that after the first there is one of each preset. `--anew` forgets the samples of the parts named.
Ratios are medians over the pairs. Plain is the way of the course, with oneDNN as ours; where its training was quicker
epoch by epoch in our order, that is taken. `--quick` trains plain Keras for four epochs and works out the
seconds of the others from those after the first; ours always trains to the end. Everything that is kept or
shown says so.
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
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import gathered
from benchmarks.first_point import PRESETS
from benchmarks.table import Figure, Kept, between, geometric_mean, listed, machine, markdown, number

ROOT = Path(__file__).resolve().parent.parent
#: Before anything of this project puts settings of TensorFlow into it. Python may keep what it has compiled, as it does
#: if nobody forbids it: libraries come compiled, and this project is from its second start on.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
FIGURES, README = ROOT / "benchmarks" / "figures.json", ROOT / "README.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
#: The ten whose data are real; the digits' training is over before plain Keras has begun in earnest.
MEAN_OF = PRESETS[1:]
MEAN, EACH, RECURRENT, WHOLE = 0.25, 0.5, 0.8, 0.5
TRAINING_GOALS = {"reuters-multi-hot": 0.25, "imdb-lstm": RECURRENT, "mnist-convnet": RECURRENT}
WHOLE_GOALS = {"imdb-multi-hot": 0.25}
MEMORY_GOALS = {"imdb-multi-hot": 0.13}
QUICK_EPOCHS = 4


@dataclass(frozen=True)
class Asked:
    """What the command line asks of each part."""

    datasets: Path
    quick: bool = False
    pairs: int = 3


Samples = Iterator[tuple[str, Callable[[], Any]]]


def training(asked: Asked) -> Samples:
    """A key and a call for each sample: pair after pair, all presets in each."""
    for pair in range(1 if asked.quick else asked.pairs):
        for preset in PRESETS:
            yield f"{preset} {pair + 1}", lambda preset=preset, pair=pair: one_pair(preset, pair, asked)


def one_pair(preset: str, pair: int, asked: Asked) -> dict[str, Any]:
    """Both ways, in turn first."""
    ways: list[Callable[[str, Asked], dict[str, Any]]] = [plain, ours]
    found = {way.__name__: way(preset, asked) for way in (ways if pair % 2 == 0 else ways[::-1])}
    return {**found, "quick": asked.quick}


def plain(preset: str, asked: Asked) -> dict[str, Any]:
    """The course's way, in a process of its own."""
    words = [str(ROOT / "benchmarks" / "plain_course.py"), preset, "--datasets", str(asked.datasets)]
    if asked.quick:
        words += ["--longest", str(QUICK_EPOCHS)]
    if not asked.quick or preset.endswith("multi-hot"):
        words += ["--in-order"]
    # On some processors TensorFlow leaves it off by itself, where this project puts it on.
    environment = {"TF_ENABLE_ONEDNN_OPTS": "1", **ENVIRONMENT}
    return process([*words, "--began", repr(time.time())], environment)[0]


def ours(preset: str, asked: Asked) -> dict[str, Any]:
    """The command line's way, on an empty home folder."""
    result, seconds, megabytes = process(
        ["-m", "core", "train", preset, "--json"],
        {**ENVIRONMENT, "TURNING_POINT_DATASETS": str(asked.datasets)},
    )
    return {
        "fit": result["seconds"]["fit"],
        "whole": seconds,
        "megabytes": megabytes,
        "val_accuracy": max(
            found for found in (*result["history"]["val_accuracy"], 0.0) if found is not None
        ),
        "test_accuracy": result["test"]["accuracy"],
    }


def process(arguments: Sequence[str], environment: Mapping[str, str]) -> tuple[dict[str, Any], float, float]:
    """Run Python with these words: the JSON of its last line, seconds from start to end, most megabytes held."""
    with tempfile.TemporaryDirectory(prefix="turning-point-benchmark-") as home:
        output, errors = Path(home) / "output", Path(home) / "errors"
        own = {"PYTHONPATH": str(ROOT), "TURNING_POINT_HOME": home, "CUDA_VISIBLE_DEVICES": "-1"}
        write = os.O_WRONLY | os.O_CREAT
        files = [
            (os.POSIX_SPAWN_OPEN, place, str(file), write, 0o600)
            for place, file in ((1, output), (2, errors))
        ]
        began = time.perf_counter()
        child = os.posix_spawn(
            sys.executable,
            [sys.executable, *arguments],
            {**environment, **own, "TF_CPP_MIN_LOG_LEVEL": "3"},
            file_actions=files,
        )
        # Of this very process: the counter for all children would keep the largest of those before.
        _, status, usage = os.wait4(child, 0)
        seconds = time.perf_counter() - began
        if status:
            said = errors.read_text(encoding="utf-8", errors="replace")[-2_000:]
            raise ChildProcessError(f"{' '.join(arguments)}: {os.waitstatus_to_exitcode(status)}\n{said}")
        result: dict[str, Any] = json.loads(output.read_text(encoding="utf-8").splitlines()[-1])
    return result, seconds, usage.ru_maxrss * 1024 / 1e6


def first(asked: Asked) -> Samples:
    """Each preset pressed twice on a home of its own, the second time trained to the end."""
    for preset in PRESETS:
        yield preset, lambda preset=preset: _presses(preset, asked)


def _presses(preset: str, asked: Asked) -> dict[str, Any]:
    from benchmarks.first_point import presses

    found = presses([preset], str(asked.datasets), to_the_end=True)
    return {press.which: asdict(press) for press in found}


def epochs(asked: Asked) -> Samples:
    """An epoch of each preset and its limit."""
    for preset in PRESETS:
        yield preset, lambda preset=preset: _epoch(preset, asked)


def _epoch(preset: str, asked: Asked) -> dict[str, Any]:
    from benchmarks.first_point import epochs as measured

    (cost,) = measured([preset], str(asked.datasets))
    return {**asdict(cost), "ratio": cost.ratio}


def of_others(part: str) -> Callable[[Asked], Samples]:
    """What the scripts of a part find, each in a process of its own, since they change the environment."""

    def samples(asked: Asked) -> Samples:
        for name in gathered.PARTS[part]:
            if (ROOT / "benchmarks" / f"{name.removesuffix('_grown')}.py").is_file():
                yield name, lambda name=name: alone(name, asked)

    return samples


def alone(name: str, asked: Asked) -> list[dict[str, Any]]:
    """The figures of one script."""
    command = [sys.executable, str(ROOT / "benchmarks" / "gathered.py"), name, *["--quick"] * asked.quick]
    paths = {"PYTHONPATH": str(ROOT), "TURNING_POINT_DATASETS": str(asked.datasets)}
    done = subprocess.run(command, env={**ENVIRONMENT, **paths}, capture_output=True, check=True, text=True)
    found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


PARTS: dict[str, Callable[[Asked], Samples]] = {
    "training": training,
    "first": first,
    "epochs": epochs,
    **{part: of_others(part) for part in gathered.PARTS},
}


def ratios(samples: Mapping[str, Any], preset: str) -> dict[str, float]:
    """Medians over the pairs of a preset; the training against the quicker of the plain ways."""
    pairs = [sample for key, sample in samples.items() if key.startswith(f"{preset} ") and "ours" in sample]
    if not pairs:
        return {}

    def median(ratio: Callable[[Any, Any], float]) -> float:
        return statistics.median(ratio(pair["ours"], pair["plain"]) for pair in pairs)

    return {
        "pairs": len(pairs),
        "fit": median(lambda ours, plain: ours["fit"]),
        "plain": median(lambda ours, plain: quicker(plain)),
        "training": median(lambda ours, plain: ours["fit"] / quicker(plain)),
        "whole": median(lambda ours, plain: ours["whole"] / plain["whole"]),
        "memory": median(lambda ours, plain: ours["megabytes"] / plain["megabytes"]),
    }


def quicker(plain: Mapping[str, float]) -> float:
    """Seconds of the plain way that flatters this project least."""
    return min(plain["course"], plain.get("in_order", plain["course"]))


def training_figures(samples: Mapping[str, Any]) -> list[Figure]:
    """What the pairs come to."""
    found: list[Figure] = []
    means = []
    for preset in PRESETS:
        one = ratios(samples, preset)
        if not one:
            continue
        real = preset in MEAN_OF
        means += [one["training"]] * real
        goals = {
            "training": TRAINING_GOALS.get(preset, EACH) if real else None,
            "whole": WHOLE_GOALS.get(preset, WHOLE) if real else None,
            "memory": MEMORY_GOALS.get(preset),
        }
        words = {"training": "training", "whole": "whole command", "memory": "memory"}
        found += [
            Figure("training", f"{preset}: {words[what]} of plain Keras'", one[what], "", goals[what])
            for what in words
        ]
    if len(means) == len(MEAN_OF):
        name = "training of plain Keras', geometric mean of the ten image and text presets"
        found.insert(0, Figure("training", name, geometric_mean(means), "", MEAN))
    return found


def first_figures(samples: Mapping[str, Any]) -> list[Figure]:
    """Seconds that a press waits."""
    from benchmarks.first_point import FIRST, SECOND

    goals = {"first": FIRST, "second": SECOND}
    return [
        Figure("first", f"{preset}: {which} press to first batch", press["first_batch"], "s", goals[which])
        for preset, found in samples.items()
        for which, press in found.items()
    ]


def epoch_figures(samples: Mapping[str, Any]) -> list[Figure]:
    """How many times its limit an epoch takes."""
    from benchmarks.first_point import EPOCH

    return [
        Figure("epochs", f"{preset}: an epoch of its limit", cost["ratio"], "", EPOCH)
        for preset, cost in samples.items()
    ]


def figures(kept: Kept) -> list[Figure]:
    """All figures, in the order of the parts."""
    made = {"training": training_figures, "first": first_figures, "epochs": epoch_figures}
    found: list[Figure] = []
    for part in PARTS:
        samples = kept.parts.get(part, {}).get("samples", {})
        if part in made:
            found += made[part](samples)
        else:
            found += [Figure(part=part, **one) for some in samples.values() for one in some]
    return found


def presets_table(kept: Kept) -> str:
    """The table of the presets."""
    parts = {part: kept.parts.get(part, {}).get("samples", {}) for part in ("training", "first", "epochs")}
    header = (
        "preset", "first batch, first press", "second press", "of it compiling", "all, second press", "training",
        "plain `fit`", "training of plain", "whole command of script", "memory of plain", "epoch of its limit",
    )  # fmt: skip
    rows = []
    for preset in PRESETS:
        one, presses = ratios(parts["training"], preset), parts["first"].get(preset, {})
        epoch = parts["epochs"].get(preset, {})
        again = presses.get("second", {})
        rows.append(
            (
                f"`{preset}`",
                number(presses.get("first", {}).get("first_batch"), "s"),
                number(again.get("first_batch"), "s"),
                number(again.get("compiling"), "s"),
                number(again.get("whole"), "s"),
                number(one.get("fit"), "s"),
                number(one.get("plain"), "s"),
                *(number(one.get(name)) for name in ("training", "whole", "memory")),
                number(epoch.get("ratio")),
            )
        )
    return markdown(header, rows)


def told(kept: Kept) -> str:
    """All that README says of speed and memory, as Markdown."""
    found = figures(kept)
    in_table = ("training", "first", "epochs")
    shown = [one for one in found if one.part not in in_table or one.met is False or "mean" in one.name]
    with_goal = [one for one in found if one.met is not None]
    dates = "; ".join(
        f"{part} {found['date']}{_pairs(part, found['samples'])}" for part, found in kept.parts.items()
    )
    missed = sum(one.met is False for one in with_goal)
    measured = f"Measured by `python benchmarks/all.py` on {kept.machine.words} ({dates})."
    judged = f"Of {len(with_goal)} goals {missed} were missed; the lower table has those of the upper one that were."
    return f"{measured} {judged}\n\n{presets_table(kept)}\n\n{listed(shown)}"


def _pairs(part: str, samples: Mapping[str, Any]) -> str:
    if part != "training":
        return ""
    pairs = [sample for sample in samples.values() if "ours" in sample]
    each = [int(ratios(samples, preset)["pairs"]) for preset in PRESETS if ratios(samples, preset)]
    quick = f", quick: plain Keras trained for at most {QUICK_EPOCHS} epochs, the others worked out"
    count = f", {min(each)} pairs" if each and min(each) > 1 else ", one pair"
    return count + (quick if any(sample["quick"] for sample in pairs) else "")


def measure(kept: Kept, parts: Sequence[str], asked: Asked, path: Path) -> list[str]:
    """Take the samples that are missing, keeping each as it comes; what could not be taken."""
    trouble = []
    for part in parts:
        for key, call in PARTS[part](asked):
            if key in kept.samples(part):
                continue
            began = time.perf_counter()
            try:
                sample = call()
            except (subprocess.CalledProcessError, TimeoutError, OSError) as error:
                trouble.append(f"{part}, {key}: {error}")
                said = (getattr(error, "stderr", "") or "")[-2_000:]
                print(f"{part:<10} {key:<30} FAILED: {error}\n{said}", flush=True)
                continue
            took = time.perf_counter() - began
            kept.add(part, key, sample, took, datetime.now(UTC).date().isoformat())
            kept.save(path)
            print(f"{part:<10} {key:<30} {took:6.1f} s", flush=True)
    return trouble


def main() -> int:
    """Measure, print, keep; 1 if a goal is missed, 2 if something could not be measured."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; default all")
    parser.add_argument("--datasets", type=Path, default=os.environ.get("TURNING_POINT_DATASETS"))
    parser.add_argument("--quick", action="store_true", help="one pair, fewer epochs of plain Keras")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--anew", action="store_true", help="forget what was measured of these parts")
    parser.add_argument("--keep", type=Path, default=FIGURES, help="where figures are kept")
    parser.add_argument("--show", action="store_true", help="only print what is kept")
    parser.add_argument("--write-readme", action="store_true", help="only put what is kept into README")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no part is called {', '.join(sorted(unknown))}")
    kept = Kept.load(options.keep) if options.keep.is_file() else Kept(machine())
    if options.write_readme:
        text = README.read_text(encoding="utf-8")
        README.write_text(between(text, BEGIN, END, told(kept)), encoding="utf-8")
        return 0
    trouble: list[str] = []
    if not options.show:
        if not options.datasets:
            parser.error("name the folder with the published data: --datasets FOLDER")
        parts = options.parts or list(PARTS)
        if options.anew:
            for part in parts:
                kept.parts.pop(part, None)
        if kept.machine != machine():
            if kept.parts:
                parser.error(f"{options.keep} is of {kept.machine.words}; begin with --anew and all parts")
            kept = Kept(machine())
        trouble = measure(
            kept, parts, Asked(options.datasets.absolute(), options.quick, options.pairs), options.keep
        )
    print(told(kept))
    print(
        *(
            f"{one.part}: {one.name} {number(one.value, one.unit)} missed its goal {number(one.goal, one.unit)}"
            for one in figures(kept)
            if one.met is False
        ),
        sep="\n",
    )
    for part, found in kept.parts.items():
        print(f"{part} took {found['seconds'] / 60:.1f} minutes")
    print(*trouble, sep="\n")
    return 2 if trouble else int(any(one.met is False for one in figures(kept)))


if __name__ == "__main__":
    sys.exit(main())
