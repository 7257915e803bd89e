"""How memory is given back to the system (mallopt(3), malloc_trim(3); glibc).

A batch is some ten arrays of several MiB for a moment. Once one of that size was freed, glibc keeps such blocks in its heap from then
on, up to 64 MiB of them, between things that stay for months: with a mixed workload a sensor held 70 MB that nobody used. Here they
have pages of their own, as before the first, which costs no measurable time.
"""

import ctypes
from contextlib import suppress

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # malloc.h: M_TRIM_THRESHOLD, M_MMAP_THRESHOLD
OWN_PAGES, KEPT = 4 << 20, 8 << 20
"""Bytes from which on a block has pages of its own; bytes that may stay free at the end of the heap."""


def give_back() -> bool:
    """Whether freed memory is the system's again; False where the C library has no such setting."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return bool(mallopt(MMAP_THRESHOLD, OWN_PAGES)) and bool(mallopt(TRIM_THRESHOLD, KEPT))


def trim() -> None:
    """Give back what is free between things that stay (malloc_trim(3)): some milliseconds, so from time to time."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
