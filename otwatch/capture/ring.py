"""A ring of the kernel: frames without a call of the system for each (packet(7), Linux packet_mmap.rst, TPACKET_V2).

The ring is one mapping of equal places. The kernel fills the next free one and sets a bit in its header; a batch is a run of places
with that bit, read through strided views that NumPy checks against the end of the mapping, copied as one block as wide as its
longest frame, and freed at once: the wire half looks back at packets it heard before, and the ring is for what comes meanwhile.
When no place is free, the kernel drops the frame and counts it.

A network card takes 802.1Q tags out of the frames; the kernel hands them over in the header. `_tagged` puts them back where they
stood, into the few bytes that PACKET_RESERVE keeps free before each frame, so that everything behind sees what was on the wire.
"""

import errno
import mmap
import os
import socket
from struct import Struct

import numpy as np

from otwatch.capture.live import Counted, NoRingError, link_type_of
from otwatch.errors import CaptureError
from otwatch.packets import I64, U8, Frames

PLACE = 2048
"""Bytes of one place: a frame of 1518 bytes, its tags, and the kernel's header. What is longer is cut."""
BLOCK = 256 << 10
"""Bytes the kernel takes at once for the ring; a multiple of the page size of every machine."""
MOST = 8192
"""Frames of a batch: copies of full ones take 16 MiB, and the wire half holds on to the last."""
NUMBERS = (1 << 40) - 1
"""Frame numbers go round here: more do not fit the wire half's column."""

HEADER = np.dtype([
    ("status", np.uint32), ("length", np.uint32), ("captured", np.uint32), ("mac", np.uint16), ("net", np.uint16),
    ("seconds", np.uint32), ("nanoseconds", np.uint32), ("tci", np.uint16), ("tpid", np.uint16),
])  # fmt: skip
"""struct tpacket2_hdr of linux/if_packet.h, without its padding."""
HEADER_END = 52
"""Bytes of the header with the sockaddr_ll behind it (TPACKET2_HDRLEN): frames stand behind it."""

SOL_PACKET, _ETH_P_ALL = 263, 3
_ADD_MEMBERSHIP, _RX_RING, STATISTICS, _VERSION, _RESERVE, _IGNORE_OUTGOING = 1, 5, 6, 10, 12, 23  # linux/if_packet.h
_TPACKET_V2, _PROMISC = 1, 1
_USER, _TAGGED, _TPID_VALID = 1, 1 << 4, 1 << 6
_TAG, _TPID = 4, 0x8100
"""Bytes of an 802.1Q tag, and its usual TPID (IEEE 802.1Q-2018 9.5, 9.6)."""
_REQUEST = Struct("4I")
COUNTERS = Struct("2I")
_MEMBER = Struct("iHH8s")
_FALLBACK = frozenset({errno.ENOPROTOOPT, errno.EINVAL, errno.ENOMEM, errno.ENOBUFS, errno.EOPNOTSUPP})


class Ring:
    """An interface with its ring. CaptureError where it may not be listened to, NoRingError where the kernel has none to give."""

    def __init__(self, interface: str, size: int = 128 << 20, number: int = 0) -> None:
        self.name = interface
        self.link_type = link_type_of(interface)
        self._number = number
        self._dropped = self._received = self._cut = self._head = 0
        self._socket = _opened(interface, max(size // BLOCK, 1) * BLOCK)
        try:
            self._ring = _mapped(self._socket, interface, max(size // BLOCK, 1) * BLOCK)
        except OSError:
            self._socket.close()
            raise
        self._places = len(self._ring) // PLACE
        self._cells: U8 = np.frombuffer(self._ring, np.uint8)
        self._headers = np.ndarray((self._places,), HEADER, self._ring, 0, (PLACE,))
        self._status = self._headers["status"]

    def fileno(self) -> int:
        return self._socket.fileno()

    def full(self) -> bool:
        last = self._head + min(MOST, self._places // 2) - 1
        return bool(self._status[last % self._places] & _USER)

    def filled(self) -> float:
        return int(np.count_nonzero(self._status & _USER)) / self._places

    def take(self) -> Frames | None:
        count = self._ready()
        if not count:
            return None
        heads = self._headers[self._head : self._head + count].copy()
        cells = self._cells[self._head * PLACE : (self._head + count) * PLACE]
        mac = heads["mac"].astype(np.int64)
        captured = np.minimum(heads["captured"].astype(np.int64), PLACE - mac)
        length = heads["length"].astype(np.int64)
        self._cut += int(np.count_nonzero(captured < length))
        start = np.arange(count, dtype=np.int64) * PLACE + mac
        tagged = _tagged(cells, heads, start) if self.link_type == 1 else np.zeros(count, np.int64)
        number = (self._number + np.arange(count, dtype=np.int64)) % NUMBERS + 1
        self._number = int(number[-1])
        front, end = int(mac.min()) - _TAG, int((mac + captured).max())
        data = cells.reshape(count, PLACE)[:, front:end].flatten()
        data.flags.writeable = False
        self._status[self._head : self._head + count] = 0
        self._head = (self._head + count) % self._places
        at = np.arange(count, dtype=np.int64) * (end - front) + mac - front - tagged
        time_ns = heads["seconds"].astype(np.int64) * 1_000_000_000 + heads["nanoseconds"]
        kinds = np.full(count, self.link_type, np.int64)
        return Frames(data, at, captured + tagged, length + tagged, time_ns, kinds, number, np.zeros(count, np.int64), (self.name,))

    def _ready(self) -> int:
        """How many places from the head on are filled, up to the end of the ring or of a batch; few are looked at where few are."""
        most = min(MOST, self._places - self._head)
        seen = 0
        for look in (64, 1024, MOST):
            end = min(look, most)
            free = np.flatnonzero(~self._status[self._head + seen : self._head + end] & _USER)
            if len(free):
                return seen + int(free[0])
            seen = end
        return most

    def counted(self) -> Counted:
        """The kernel starts anew at every question (packet(7), PACKETSTATISTICS); it counts what it dropped as come."""
        came, dropped = COUNTERS.unpack(self._socket.getsockopt(SOL_PACKET, STATISTICS, COUNTERS.size))
        self._received += came
        self._dropped += dropped
        return Counted(self._received, self._dropped, self._cut)

    def trouble(self) -> str:
        told = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        return os.strerror(told) if told else ""

    def close(self) -> None:
        del self._cells, self._headers, self._status
        self._socket.close()
        self._ring.close()


def _tagged(cells: U8, heads: np.ndarray, start: I64) -> I64:
    """Put the tags back that the card took out: bytes gained by each frame. The addresses move forward, the tag stands behind them."""
    room = start % PLACE >= HEADER_END + _TAG
    rows = np.flatnonzero((heads["status"] & _TAGGED != 0) & room)
    gained = np.zeros(len(heads), np.int64)
    if not len(rows):
        return gained
    gained[rows] = _TAG
    of = heads[rows]
    tpid = np.where(of["status"] & _TPID_VALID != 0, of["tpid"], _TPID)
    bytes_of_tag = np.stack([tpid >> 8, tpid & 0xFF, of["tci"] >> 8, of["tci"] & 0xFF], axis=1).astype(np.uint8)
    addresses, tag = np.arange(12), np.arange(12, 12 + _TAG)
    front = start[rows, None]
    cells[front - _TAG + addresses] = cells[front + addresses]
    cells[front - _TAG + tag] = bytes_of_tag
    return gained


def _opened(interface: str, size: int) -> socket.socket:
    """A socket that is bound to nothing yet, so that no frame of another interface ever stands in the ring."""
    try:
        made = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    except AttributeError as error:
        raise NoRingError("unheard.no_sockets", interface=interface) from error
    except PermissionError as error:
        raise CaptureError("interface.forbidden", interface=interface) from error
    except OSError as error:
        raise NoRingError("unheard.no_socket", interface=interface, reason=error) from error
    try:
        made.setsockopt(SOL_PACKET, _VERSION, _TPACKET_V2)
        made.setsockopt(SOL_PACKET, _RESERVE, _TAG)
        made.setsockopt(SOL_PACKET, _RX_RING, _REQUEST.pack(BLOCK, size // BLOCK, PLACE, size // PLACE))
    except OSError as error:
        made.close()
        if error.errno in _FALLBACK:
            raise NoRingError("unheard.no_ring", interface=interface, size=size >> 20, reason=error) from error
        raise CaptureError("interface.unheard", interface=interface, reason=error) from error
    return made


def _mapped(made: socket.socket, interface: str, size: int) -> mmap.mmap:
    """The ring, and from here on frames in it. A forked writer does not get it."""
    try:
        ring = mmap.mmap(made.fileno(), size)
        ring.madvise(mmap.MADV_DONTFORK)
        made.bind((interface, _ETH_P_ALL))
        index = socket.if_nametoindex(interface)
        made.setsockopt(SOL_PACKET, _ADD_MEMBERSHIP, _MEMBER.pack(index, _PROMISC, 0, bytes(8)))
    except OSError as error:
        made.close()
        raise CaptureError("interface.unheard", interface=interface, reason=error.strerror or os.strerror(error.errno or 0)) from error
    try:
        made.setsockopt(SOL_PACKET, _IGNORE_OUTGOING, 1)
    except OSError:  # before Linux 4.20: then what this machine sends there is seen, which is nothing
        return ring
    return ring
