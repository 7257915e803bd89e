"""Records what comes by an interface, with the kernel's times: `python -m tests.live.recording IF FILE COUNT`."""

import select
import sys
import time
from pathlib import Path

from otwatch.capture.ring import Ring
from tests.capture.builders import pcap, rows_of

PATIENCE_S = 30.0


def main() -> None:
    interface, file, count = sys.argv[1:]
    ring, rows, end_s = Ring(interface), list[tuple[int, int, bytes]](), time.monotonic() + PATIENCE_S
    print("recording", flush=True)
    while len(rows) < int(count) and time.monotonic() < end_s:
        if select.select([ring], [], [], 0.1)[0] and (frames := ring.take()) is not None:
            rows += [(*divmod(row.time_ns, 1_000_000_000), row.frame) for row in rows_of(frames)]
    Path(file).write_bytes(pcap(rows, magic=0xA1B23C4D))
    ring.close()


if __name__ == "__main__":
    main()
