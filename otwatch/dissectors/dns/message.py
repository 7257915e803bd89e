"""A message of DNS and of what is built like it: mDNS, LLMNR, NetBIOS names (RFC 1035 section 4).

    id 2 | flags 2 | four counts 2 each | questions: name, type 2, class 2 | records: name, type 2, class 2, seconds 4, length 2, data

A name is labels with their lengths, and may end with a pointer to where the rest of it stands before. Only a place where a label was
read before is followed, so that no byte is read twice in two meanings.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed

A, PTR, HINFO, TXT, AAAA = 1, 12, 13, 16, 28
NETBIOS, NETBIOS_STATUS = 0x20, 0x21
TARGETS = {2: 0, 5: 0, 6: 0, PTR: 0, 15: 2, 33: 6, 39: 0, 47: 0}
"""Records with a name that may be pointed to, and the bytes before it: NS, CNAME, SOA, PTR, MX, SRV, DNAME, NSEC."""
_POINTER, _LABEL = 0xC0, 0x40
_LONGEST, _JUMPS = 255, 32
"""Octets of a name (RFC 1035 2.3.4), and pointers in one."""
RECORDS = 256
"""Records of a message that are looked at; a datagram holds no more that say anything."""

Labels = tuple[bytes, ...]


class Question(NamedTuple):
    name: Labels
    kind: int


class Record(NamedTuple):
    """`target`: the name that stands in it, if it is of `targets`; `data` reads what is left of it."""

    name: Labels
    kind: int
    data: Reader
    target: Labels


class Names:
    """Reads the names of one message; `starts` are the places where labels stand."""

    def __init__(self, read: Reader) -> None:
        self._base = read.at
        self._starts: set[int] = set()

    def read(self, read: Reader) -> Labels:
        labels: list[bytes] = []
        here, jumps, size = read, 0, 0
        while True:
            at = here.at
            head = here.u8()
            if head >= _POINTER:
                here = self._jump(here, head, at)
                jumps += 1
            elif head:
                labels.append(self._label(here, head, at, here is read))
            else:
                return tuple(labels)
            size += 1 + head if head < _POINTER else 0
            if size > _LONGEST or jumps > _JUMPS:
                raise Malformed("name without an end", at)

    def _label(self, here: Reader, size: int, at: int, first: bool) -> bytes:
        if size >= _LABEL:
            raise Malformed("label of an unknown kind", at)
        if first:
            self._starts.add(at)
        return here.take(size)

    def _jump(self, here: Reader, head: int, at: int) -> Reader:
        target = self._base + ((head & 0x3F) << 8 | here.u8())
        if target not in self._starts:
            raise Malformed("name points to where none stands", at)
        return Reader(here.data, target)


class Message(NamedTuple):
    """`records` are read one after the other, up to the first flaw."""

    is_response: bool
    operation: int
    questions: tuple[Question, ...]
    records: Iterator[Record]


def read_message(read: Reader, targets: Mapping[int, int] = TARGETS) -> Message:
    """Its number and the seconds that records are kept for are set aside: they tell nothing."""
    names = Names(read)
    read.ticket(2)
    flags = read.u16()
    asked, *counts = read.fields(">4H")
    questions = tuple(_question(read, names) for _ in range(min(asked, RECORDS)))
    return Message(flags >> 15 == 1, flags >> 11 & 0xF, questions, _records(read, names, min(sum(counts), RECORDS), targets))


def _question(read: Reader, names: Names) -> Question:
    name = names.read(read)
    kind = read.u16()
    read.take(2)
    return Question(name, kind)


def _records(read: Reader, names: Names, count: int, targets: Mapping[int, int]) -> Iterator[Record]:
    for _ in range(count):
        name = names.read(read)
        kind = read.u16()
        read.take(2)
        read.aside(4)
        data = read.part(read.u16())
        if kind in targets:
            data.take(min(targets[kind], data.left))
        yield Record(name, kind, data, names.read(data) if kind in targets and data.left else ())
        data.aside(data.left)
    read.aside(read.left)


def looks_like(read: Reader) -> bool:
    """Few of each kind, and something at all (RFC 1035 4.1.1)."""
    read.take(4)
    counts = read.fields(">4H")
    return any(counts) and max(counts) < RECORDS
