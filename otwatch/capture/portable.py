"""Listening where no ring can be had: scapy's receive-only socket, a frame at a time.

About 4,000 frames a second without loss, against several hundred thousand with the ring. scapy is GPL-2.0-only and takes
most of a second to import: it is imported here alone, and only when it is needed.
"""

import os
import select
import socket
import time
from typing import Any

import numpy as np

from otwatch.capture.live import Counted, link_type_of
from otwatch.capture.ring import COUNTERS, NUMBERS, SOL_PACKET, STATISTICS
from otwatch.errors import CaptureError
from otwatch.packets import BATCH, Frames

ROOM = 32 << 20
"""Bytes that may wait in the kernel."""
_RCVBUFFORCE = 33  # asm-generic/socket.h


class Portable:
    """An interface, listened to frame by frame. CaptureError where it may not be, or scapy is not there."""

    def __init__(self, interface: str, number: int = 0) -> None:
        self.name = interface
        self.link_type = link_type_of(interface)
        self._number = number
        self._received = self._dropped = 0
        self._socket = _opened(interface)

    def fileno(self) -> int:
        return int(self._socket.fileno())

    def full(self) -> bool:
        return False

    def filled(self) -> float:
        """Nobody can ask for it here."""
        return 0.0

    def take(self) -> Frames | None:
        frames: list[bytes] = []
        times: list[int] = []
        while len(frames) < BATCH and select.select([self._socket], [], [], 0)[0]:
            _, raw, seconds = self._socket.recv_raw()
            if raw is None:
                break
            frames.append(raw)
            times.append(int((seconds or time.time()) * 1_000_000_000))
        return self._batch(frames, times) if frames else None

    def _batch(self, frames: list[bytes], times: list[int]) -> Frames:
        length = np.array([len(raw) for raw in frames], np.int64)
        number = (self._number + np.arange(len(frames), dtype=np.int64)) % NUMBERS + 1
        self._number = int(number[-1])
        self._received += len(frames)
        data = np.frombuffer(b"".join(frames), np.uint8)
        kinds = np.full(len(frames), self.link_type, np.int64)
        start, time_ns, origin = np.cumsum(length) - length, np.array(times, np.int64), np.zeros(len(frames), np.int64)
        return Frames(data, start, length, length, time_ns, kinds, number, origin, (self.name,))

    def counted(self) -> Counted:
        """What the kernel dropped can be asked where its socket is a packet socket."""
        try:
            _, dropped = COUNTERS.unpack(self._socket.ins.getsockopt(SOL_PACKET, STATISTICS, COUNTERS.size))
        except (OSError, AttributeError):
            dropped = 0
        self._dropped += dropped
        return Counted(self._received + self._dropped, self._dropped, 0)

    def trouble(self) -> str:
        told = int(self._socket.ins.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
        return os.strerror(told) if told else ""

    def close(self) -> None:
        self._socket.close()


def _roomy(made: Any) -> Any:
    """The socket, with room for what comes while a batch is heard: as much as the system allows where root's way is closed."""
    try:
        made.ins.setsockopt(socket.SOL_SOCKET, _RCVBUFFORCE, ROOM)
    except PermissionError:
        made.ins.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM)
    return made


def _opened(interface: str) -> Any:
    try:
        from scapy.config import conf
    except ImportError as error:
        raise CaptureError("interface.scapy", interface=interface) from error
    import scapy.layers.l2  # the link layers, which its sockets look for
    assert scapy.layers.l2
    try:
        return _roomy(conf.L2listen(iface=interface, promisc=True))
    except PermissionError as error:
        raise CaptureError("interface.forbidden", interface=interface) from error
    except OSError as error:
        raise CaptureError("interface.unheard", interface=interface, reason=error) from error
