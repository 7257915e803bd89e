"""One capture through otwatch in this process: `python -m tests.bench.run [--stages] wire|replay|jobs FILE`.

With --stages the process is interrupted once a millisecond of its own CPU time and asked where it is. Unlike cProfile that costs
Python code no more than NumPy, so the shares are true; they are written to standard error as JSON.
"""

import json
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import NamedTuple

INTERVAL_S = 0.001

STAGES = {
    "otwatch.capture": "capture",
    "otwatch.decode": "decode",
    "otwatch.decode.conversations": "conversations",
    "otwatch.decode.shapes": "listening",
    "otwatch.decode.statements": "listening",
    "otwatch.decode.streams": "listening",
    "otwatch.dissectors.base": "dissection",
    "otwatch.wire": "join",
    "otwatch.wire.recognition": "recognition",
    "otwatch.wire.listening": "listening",
    "otwatch.wire.following": "listening",
    "otwatch.wire.stores": "listening",
    "otwatch.wire.counts": "counts",
    "otwatch.decode.folds": "counts",
    "otwatch.exchange": "exchange",
    "otwatch.jobs": "exchange",
    "otwatch.facts": "site",
    "otwatch.inventory": "site",
    "otwatch.zones": "site",
    "otwatch.alerts": "site",
    "otwatch.site": "site",
    "otwatch.pipeline": "site",
    "otwatch.config": "site",
    "otwatch.results.places": "site",
    "otwatch.record": "record",
    "otwatch.sensor": "sensor",
    "otwatch.outputs": "outputs",
    "otwatch.web": "outputs",
    "otwatch.referee": "outputs",
    "otwatch.declared": "outputs",
    "otwatch.files": "outputs",
    "otwatch.advisories": "outputs",
    "otwatch.decisions": "outputs",
    "otwatch.checks": "outputs",
    "otwatch.conclusions": "outputs",
    "otwatch.cli": "outputs",
}
"""Stage of a module: that of the longest name that begins it. What is asked from several stages counts for whoever asks."""
SHARED = ("otwatch.decode.rows", "otwatch.dissectors", "otwatch.events", "otwatch.words")
REST = "start and rest"

FOUND = {0, 1}
"""Exit statuses of a replay without and with findings."""


class Samples(NamedTuple):
    """How often the process was found in each stage, and in which function of ours."""

    stages: Counter[str]
    functions: Counter[str]


def stage(module: str) -> str:
    """The stage of a module; "" where its callers decide."""
    names = [module.rsplit(".", depth)[0] for depth in range(module.count(".") + 1)]
    for name in names:
        if name in STAGES:
            return STAGES[name]
        if name in SHARED:
            return ""
    return ""


def sampled(work: Callable[[], None]) -> Samples:
    """Do the work, and see where its CPU time goes (main thread only)."""
    samples = Samples(Counter(), Counter())

    def look(_: int, frame: FrameType | None) -> None:
        ours = [(str(one.f_globals.get("__name__", "")), one.f_code.co_qualname) for one in _callers(frame)]
        ours = [one for one in ours if one[0].startswith("otwatch.")]
        imports = any(function == "<module>" for _, function in ours)
        samples.stages[REST if imports else next(filter(None, (stage(module) for module, _ in ours)), REST)] += 1
        if ours:
            samples.functions[":".join(ours[0]).removeprefix("otwatch.")] += 1

    signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, INTERVAL_S, INTERVAL_S)
    try:
        work()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return samples


def _callers(frame: FrameType | None) -> Iterator[FrameType]:
    """A frame and its callers, innermost first."""
    while frame is not None:
        yield frame
        frame = frame.f_back


def wire(path: Path) -> None:
    """The wire half alone: every item of the waist is made and thrown away."""
    from otwatch.capture import open_captures
    from otwatch.dissectors import DISSECTORS
    from otwatch.wire import Wire, items

    batches = (frames for source in open_captures([path]) for frames in source.read())
    for _ in items(Wire(DISSECTORS), batches):
        pass


def replay(path: Path, *options: str) -> None:
    """The command an operator types, with a record of its own."""
    from otwatch.cli import run

    with tempfile.TemporaryDirectory() as folder:
        status = run(("replay", "--quiet", "--record", f"{folder}/record.db", *options, str(path)))
    if status not in FOUND:
        sys.exit(status)


HALVES: dict[str, Callable[[Path], None]] = {"wire": wire, "replay": replay, "jobs": lambda path: replay(path, "--jobs", "2")}


def _main(half: str, path: Path, stages: bool) -> None:
    if not stages:
        HALVES[half](path)
        return
    samples = sampled(lambda: HALVES[half](path))
    json.dump({name: dict(counts.most_common(40)) for name, counts in samples._asdict().items()}, sys.stderr)


if __name__ == "__main__":
    _main(sys.argv[-2], Path(sys.argv[-1]), "--stages" in sys.argv)
