"""sensor/heap.py: what was freed is the system's again, also behind a block that had made glibc keep such sizes."""

import subprocess
import sys

import pytest

from otwatch.sensor.heap import give_back

_HELD = """
import ctypes, sys
from otwatch.sensor.heap import OWN_PAGES, give_back
if sys.argv[1] == "given back":
    give_back()
library = ctypes.CDLL(None)
library.malloc.restype, library.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
resident = lambda: sum(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("RssAnon"))
def used(size):
    block = library.malloc(size)
    ctypes.memset(block, 1, size)
    return block
library.free(used(6 * OWN_PAGES))
before, blocks = resident(), [used(OWN_PAGES) for _ in range(8)]
stays = used(1 << 16)
for block in blocks:
    library.free(block)
print(resident() - before)
"""


def held_kb(how: str) -> int:
    """Memory that is left of eight freed blocks with something behind them that stays."""
    done = subprocess.run((sys.executable, "-c", _HELD, how), capture_output=True, text=True, check=True, timeout=60)
    return int(done.stdout)


def test_what_is_freed_is_gone() -> None:
    if not give_back():
        pytest.skip("no mallopt in this C library")
    assert held_kb("given back") < 1024
    assert held_kb("as it is") > 16_384
