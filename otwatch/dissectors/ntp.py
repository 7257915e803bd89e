"""NTP (RFC 5905 section 7.3): who gives the time, and how far from a true clock.

    leap 2 bits, version 3 bits, mode 3 bits | stratum 1 | poll 1 | precision 1 | delay 4 | dispersion 4 | reference 4 | four times 8 each

A stratum of 0 says "kiss", with a word for it in the reference (section 7.4). Of the dispersion the whole seconds are read: from 16 on
(MAXDISP, figure 27) nobody takes the time. detections.md has 1 s, which every Windows server exceeds. Times are set aside: they change,
and the monitor has no clock of its own to hold them against.
"""

from collections.abc import Iterator

from otwatch.dissectors.base import Dissector, whole
from otwatch.dissectors.reader import Reader
from otwatch.events import Event, Identity, State, clean

NAME = "ntp"
CLIENT, SERVER, BROADCAST = 3, 4, 5
_MODES = range(1, 6)
_SIZE, _FARTHEST = 48, 15
_MOST_S = 16
_UNKNOWN = 3  # leap indicator of a clock that is not set
_FIRST = frozenset(first for first in range(256) if first & 7 in _MODES and 1 <= first >> 3 & 7 <= 4)


def looks_like(read: Reader, _hinted: bool) -> bool:
    return read.left >= _SIZE and read.u8() in _FIRST and read.u8() <= _FARTHEST + 1


def decode(read: Reader, _is_request: bool | None) -> Iterator[Event]:
    """Only who answers or announces the time says anything (modes 4 and 5): that he gives it, or why it is none."""
    first, stratum = read.u8(), read.u8()
    read.aside(2 + 4)
    seconds = read.u16()
    read.aside(2)
    if first & 7 not in (SERVER, BROADCAST):
        read.aside(read.left)
        return
    word = clean(read.take(4)) if stratum == 0 else ""
    if first >> 6 == _UNKNOWN or not 1 <= stratum <= _FARTHEST:
        yield State(NAME, (), "clock", f"kiss {word}" if word else "not set")
    elif seconds >= _MOST_S:
        yield State(NAME, (), "clock", "dispersion over 16 s")
    else:
        source = _source(read.take(4)) if stratum == 1 else ""
        yield Identity(NAME, (), (("capability", "time-server"), ("stratum", f"{stratum} ({source})" if source else str(stratum))))
    read.aside(read.left)


def _source(reference: bytes) -> str:
    """Four characters of ASCII ("GPS"); old servers show a driver's address there (127.127.1.0: their own clock)."""
    word = reference.rstrip(b"\0").decode("latin-1")
    return word if word.isascii() and word.isprintable() else ".".join(map(str, reference))


NTP = Dissector(
    name=NAME,
    title="NTP",
    transports=frozenset({"udp"}),
    ports=frozenset({123}),
    looks_like=looks_like,
    cut=whole,
    decode=decode,
    tells=True,
    marks=((0, _FIRST), (47, frozenset(range(256)))),
    fixed=True,
    names=True,
)
