"""Sends the frames of a capture into an interface of a test's own namespace, through a ring of the kernel: as fast as it goes, or paced.

    python -m tests.live.sending IF CAPTURE [--rate PACKETS_PER_SECOND] [--times N] [--most PACKETS]

Only inside a namespace that holds no other interfaces than those of tests/live/stage.py: anywhere else it refuses.
"""

import argparse
import mmap
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from struct import pack

import numpy as np

from otwatch.capture import open_captures

SOL_PACKET, TX_RING, VERSION, TPACKET_V2, QDISC_BYPASS = 263, 13, 10, 1, 20  # linux/if_packet.h
PLACE, BLOCK, PLACES = 16_384, 1 << 20, 2048
BEGIN = 32
"""Bytes before a frame: TPACKET2_HDRLEN without sockaddr_ll, rounded up to 16."""
REQUESTED = 1
BURST = 256


class Sender:
    """A transmit ring. The same frames sent again are not copied again."""

    def __init__(self, interface: str) -> None:
        others = {path.name for path in Path("/sys/class/net").iterdir()} - {"lo", "mir", "src", "mir2", "src2"}
        if others:
            raise SystemExit(f"refused: this is no namespace of a test ({', '.join(sorted(others))})")
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self._socket.setsockopt(SOL_PACKET, VERSION, TPACKET_V2)
        self._socket.setsockopt(SOL_PACKET, QDISC_BYPASS, 1)
        self._socket.setsockopt(SOL_PACKET, TX_RING, pack("4I", BLOCK, PLACES * PLACE // BLOCK, PLACE, PLACES))
        self._ring = mmap.mmap(self._socket.fileno(), PLACES * PLACE)
        self._socket.bind((interface, 0))
        self._cells = np.frombuffer(self._ring, np.uint8).reshape(PLACES, PLACE)
        self._words = np.ndarray((PLACES, 2), np.uint32, self._ring, 0, (PLACE, 4))
        self._at = 0

    def send(self, frames: list[bytes]) -> None:
        """Send some frames, at most as many as the ring has places, and wait until they have gone."""
        for raw in frames:
            self._cells[self._at, BEGIN : BEGIN + len(raw)] = np.frombuffer(raw, np.uint8)
            self._words[self._at, 1] = len(raw)
            self._words[self._at, 0] = REQUESTED
            self._at = (self._at + 1) % PLACES
        self._socket.send(b"")

    def again(self, places: slice) -> None:
        """Send what stands in these places once more."""
        self._words[places, 0] = REQUESTED
        self._socket.send(b"")


def frames_of(path: str) -> Iterator[bytes]:
    for source in open_captures([path]):
        for batch in source.read():
            for start, length in zip(batch.start.tolist(), batch.length.tolist(), strict=True):
                yield batch.data[start : start + length].tobytes()


def paced(sender: Sender, frames: list[bytes], rate: float, began_s: float, sent: int) -> int:
    """Send all frames in bursts of a hundredth of a second at most, none before its time; how many are sent by now."""
    size = min(max(int(rate / 100), 1), BURST) if rate else BURST
    for at in range(0, len(frames), size):
        burst = frames[at : at + size]
        if rate and (ahead_s := began_s + (sent + len(burst)) / rate - time.monotonic()) > 0:
            time.sleep(ahead_s)
        sender.send(burst)
        sent += len(burst)
    return sent


def looped(sender: Sender, frames: list[bytes], rate: float, most: int) -> tuple[int, float]:
    """The first frames, as many as the ring holds, again and again, without a copy: the sender's own limit is the kernel's."""
    sender.send(frames[:PLACES])
    bursts = [slice(at, at + BURST) for at in range(0, PLACES, BURST)]
    began_s, sent = time.monotonic(), 0
    while sent < most:
        for burst in bursts:
            if rate and (ahead_s := began_s + (sent + BURST) / rate - time.monotonic()) > 0:
                time.sleep(ahead_s)
            sender.again(burst)
            sent += BURST
    return sent, time.monotonic() - began_s


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("interface")
    parser.add_argument("capture")
    parser.add_argument("--rate", type=float, default=0.0)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--loop", type=int, default=0)
    chosen = parser.parse_args()
    frames, sender = list(frames_of(chosen.capture)), Sender(chosen.interface)
    if chosen.loop:
        sent, took_s = looped(sender, frames, chosen.rate, chosen.loop)
    else:
        began_s, sent = time.monotonic(), 0
        for _ in range(chosen.times):
            sent = paced(sender, frames, chosen.rate, began_s, sent)
        took_s = time.monotonic() - began_s
    print(sent, round(took_s, 4))


if __name__ == "__main__":
    main()
