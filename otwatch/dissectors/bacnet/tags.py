"""BACnet tags: how every parameter and every value begins (135-2020 clause 20.2.1; protocols 2.6).

    bits 7-4   number; 15: the next byte holds it
    bit 3      0 application (the number is the data type), 1 context (the number is the parameter)
    bits 2-0   length 0..4; 5: the next byte holds it (254: the next two, 255: the next four);
               context only: 6 opens a construct, 7 closes it; application Boolean: the value itself, nothing follows

Whoever walks over values sets their octets aside: tags and lengths alone decide, so that polls repeat.
"""

from typing import NamedTuple

from otwatch.dissectors.reader import CLOSES, ODD, OPENS, Reader
from otwatch.errors import Malformed

APPLICATION, CONTEXT, OPENING, CLOSING = range(4)

DEPTH = 16
"""Constructs inside each other; the standard's own types need fewer than 8."""

_BOOLEAN = 1


class Tag(NamedTuple):
    """`size` octets follow; `truth` is the value of an application Boolean."""

    number: int
    form: int
    size: int
    truth: bool = False


def _short(first: int) -> Tag | None:
    number, context, bits = first >> 4, first & 8, first & 7
    if number == 15 or bits == 5 or (bits > 5 and not context):
        return None
    if context:
        return Tag(number, *((CONTEXT, bits) if bits < 5 else (bits - 4, 0)))
    return Tag(number, APPLICATION, 0, bits != 0) if number == _BOOLEAN else Tag(number, APPLICATION, bits)


_SHORT = tuple(_short(first) for first in range(256))
"""The tags that are one byte long, made once."""


def tag(read: Reader) -> Tag:
    """The next tag. Malformed on reserved forms."""
    first = read.u8()
    return _SHORT[first] or _long(read, first)


def _long(read: Reader, first: int) -> Tag:
    at = read.at - 1
    bits = first & 7
    number = read.u8() if first >> 4 == 15 else first >> 4
    if not first & 8 and (bits > 5 or number == _BOOLEAN):
        raise Malformed("reserved form of an application tag", at)
    if bits > 5:
        return Tag(number, bits - 4, 0)
    return Tag(number, CONTEXT if first & 8 else APPLICATION, _long_size(read) if bits == 5 else bits)


def _long_size(read: Reader) -> int:
    size = read.u8()
    if size < 254:
        return size
    return read.u16() if size == 254 else read.u32()


def _step(first: int) -> int:
    found = _SHORT[first]
    if found is None:
        return ODD
    return {OPENING: OPENS + found.number, CLOSING: CLOSES + found.number}.get(found.form, found.size)


_STEPS = tuple(_step(first) for first in range(256))
"""What `Reader.skim` does behind each first byte; tags of several bytes are read here."""


def walk(read: Reader, until: int | None = None, *, aside: bool = True) -> int:
    """Pass all tags to the end, or past the closing tag of construct `until`, which is open already.

    Values are set aside, or not. Returns where that closing tag began.
    """
    inside = [] if until is None else [until]
    close = read.at
    while inside or (until is None and read.left):
        close = read.at - 1 if read.skim(_STEPS, inside, DEPTH, aside) else _pass(read, inside, aside)
    return close


def _pass(read: Reader, inside: list[int], aside: bool) -> int:
    """Pass one tag that `Reader.skim` left: of several bytes, or one that breaks the structure. Returns where it began."""
    at = read.at
    number, form, size, _ = tag(read)
    if form == OPENING:
        inside.append(number)
        if len(inside) > DEPTH:
            raise Malformed(f"constructs nested deeper than {DEPTH}", at)
    elif form == CLOSING:
        _close(inside, number, at)
    elif aside:
        read.aside(size)
    else:
        read.take(size)
    return at


def _close(inside: list[int], number: int, at: int) -> None:
    if not inside or inside.pop() != number:
        raise Malformed(f"closing tag {number} closes nothing", at)


def inside(read: Reader, number: int) -> Reader:
    """What stands between the opening tag `number`, read already, and its closing tag; `read` moves past both."""
    start = read.at
    close = walk(read, number, aside=False)
    end, read.at = read.at, start
    content = read.part(close - start)
    read.at = end
    return content


def expect(read: Reader, number: int, form: int = CONTEXT) -> int:
    """The size of the tag that must stand here."""
    at = read.at
    first = read.u8()
    found, found_form, size, _ = _SHORT[first] or _long(read, first)
    if found != number or found_form != form:
        raise Malformed(f"{('application', 'context', 'opening', 'closing')[form]} tag {number} expected", at)
    return size
