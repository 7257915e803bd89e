"""Files of our own: put in the place of another as a whole, or appended to by one writer at a time.

Only the system's own errors come out (OSError): what the file was for, and what would be right, is said by who writes it.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def put(path: Path, content: bytes) -> None:
    """Put a file in the place of another, readable by its owner only; a crash leaves the one or the other. Missing folders are made."""
    written = path.with_name(f"{path.name}.new")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(written, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    written.replace(path)


@contextmanager
def alone(held: int) -> Iterator[int]:
    """An open file, ours alone to write to until the end, which closes it: other writers wait for each other here."""
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield held
    finally:
        os.close(held)


def write(held: int, data: bytes) -> None:
    """All of it: the system may take a part at a time."""
    left = memoryview(data)
    while left:
        left = left[os.write(held, left) :]
