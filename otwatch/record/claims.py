"""Who keeps a record: an flock on its file, which ends with the process that has it, however that ends."""

import fcntl
import os
import time
from pathlib import Path

_ATTEMPTS, _PAUSE_S = 5, 0.02


def take(held: int) -> bool:
    """Whether the file is ours to write from now on. Who only looks has the lock for a moment, so a few attempts are made."""
    for _ in range(_ATTEMPTS):
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_PAUSE_S)
        else:
            return True
    return False


def is_kept(path: Path) -> bool:
    """Whether somebody is writing this record now; False where it cannot be looked at."""
    try:
        looked = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(looked, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(looked)
    return False
