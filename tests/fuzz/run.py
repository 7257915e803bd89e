"""One target under atheris: `python -m tests.fuzz.run TARGET [options of libFuzzer] [folders of inputs]`.

`python -m tests.fuzz.run TARGET --plain FILE` reads one input without atheris: that is how a finding is repeated.
"""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import process_time


class Slow(Exception):  # noqa: N818  # reads as what it says
    """A message took longer than SLOW_S to read."""


def main() -> None:
    name, *rest = sys.argv[1:]
    if rest[:1] == ["--plain"]:
        plain(name, Path(rest[1]).read_bytes())
    else:
        fuzz(name, rest)


def plain(name: str, data: bytes) -> None:
    """Raises what the target raises, or Slow."""
    from tests.fuzz.targets import SLOW_S, TARGETS

    target = TARGETS[name]
    seconds = min(timed(target.call, data) for _ in range(3 if target.quick else 1))
    if target.quick and seconds > SLOW_S:
        raise Slow(f"{seconds * 1000:.0f} ms for {len(data)} bytes")


def timed(call: Callable[[bytes], None], data: bytes) -> float:
    """CPU seconds."""
    start = process_time()
    call(data)
    return process_time() - start


def fuzz(name: str, options: list[str]) -> None:
    import atheris

    with atheris.instrument_imports(include=["otwatch"]):
        from tests.fuzz.targets import SLOW_S, TARGETS
    target = TARGETS[name]

    def one(data: bytes) -> None:
        if timed(target.call, data) > SLOW_S and target.quick:
            confirm(name, data)

    atheris.Setup([sys.argv[0], f"-max_len={target.longest}", *options], one)
    atheris.Fuzz()


def confirm(name: str, data: bytes) -> None:
    """Whether it is our code that is slow, and not the fuzzer's counting in it."""
    with NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        command = [sys.executable, "-m", "tests.fuzz.run", name, "--plain", file.name]
        told = subprocess.run(command, capture_output=True, text=True, check=False)
    if told.returncode:
        raise Slow(told.stderr.strip().splitlines()[-1])


if __name__ == "__main__":
    main()
