"""An interface that is listened to, whatever it is listened to with (listening.py)."""

from pathlib import Path
from typing import NamedTuple, Protocol

from otwatch.errors import CaptureError, OtwatchError
from otwatch.packets import Frames

LINK_TYPES = {1: 1, 772: 1, 65534: 101}
"""ARPHRD_ of the kernel (if_arp.h) -> LINKTYPE_ of the pcap registry: Ethernet, loopback (looks like Ethernet), raw IP of a tunnel."""


class NoRingError(OtwatchError):
    """The kernel gives no ring here; another way to listen may do."""


class Counted(NamedTuple):
    """Frames since the listening began: those that came, and those that found no place and are lost; `cut`: longer than their place."""

    received: int
    dropped: int
    cut: int


class Listener(Protocol):
    """An interface that is listened to."""

    @property
    def name(self) -> str: ...

    @property
    def link_type(self) -> int: ...

    def fileno(self) -> int:
        """What becomes readable when a frame is there."""

    def full(self) -> bool:
        """Whether a whole batch waits."""

    def filled(self) -> float:
        """How much of the room for frames that wait is taken, 0..1."""

    def take(self) -> Frames | None:
        """The next batch; None where nothing waits. Its bytes are a copy, as those of every capture: who hears them may keep them."""

    def counted(self) -> Counted: ...

    def trouble(self) -> str:
        """Why nothing comes any more, as the system told once; "" where it told nothing."""

    def close(self) -> None: ...


def link_type_of(interface: str) -> int:
    """The LINKTYPE_ of an interface; CaptureError where there is no such interface, or its frames are not read."""
    try:
        kind = int(Path("/sys/class/net", interface, "type").read_text("ascii"))
    except (OSError, ValueError) as error:
        raise CaptureError("interface.missing", interface=interface) from error
    if kind not in LINK_TYPES:
        raise CaptureError("interface.kind", interface=interface, kind=kind)
    return LINK_TYPES[kind]


def index_of(interface: str) -> int:
    """The number the kernel gave an interface when it came, and gives no other; 0 where there is none of that name."""
    try:
        return int(Path("/sys/class/net", interface, "ifindex").read_text("ascii"))
    except (OSError, ValueError):
        return 0
