"""UMAS, the engineering protocol of Schneider controllers, inside Modbus function 90.

    request  5A, session key, function, data           answer  5A, session key, FE (success) or FD (error), data

There is no public specification. Functions after the community dissector of 2024, layouts after Apache PLC4X, both
checked on a public capture of a Quantum. An answer does not repeat the function: `joined` reads the ones worth reading.
"""

from collections.abc import Callable, Iterator

from otwatch.dissectors.modbus.forms import Asked, Told
from otwatch.dissectors.modbus.umas_codes import (
    DOWNLOAD_BLOCK,
    FAILURE,
    FUNCTIONS,
    READ_PROJECT,
    RESERVE,
    SIGNED,
    SUCCESS,
    TRANSFERS,
    WRITE_VARIABLES,
    Function,
)
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Answer, Details, Event, Identity, Request, Verb, clean

CODE = 0x5A
NAME = "umas"
"""Of what it says about controllers and stations; its requests and answers are those of Modbus."""
_RESERVATION = ("umas", f"0x{RESERVE:02x}")


def joins(request: Request) -> bool:
    """Who reserves a controller holds it only once it says so."""
    return _RESERVATION in request.details


def request(read: Reader) -> Asked:
    """Plain, or signed: function 0x38, magic 1, signature 32, and a whole request inside."""
    key, code = read.u8(), read.u8()
    if code != SIGNED:
        return _plain(read, key, code)
    read.u8()  # magic
    read.aside(32)  # signature
    if read.u8() != CODE:
        return _said(key, SIGNED)._replace(flaw="no UMAS request in the signed form")
    inner = _plain(read, read.u8(), read.u8())
    return inner._replace(details=(*inner.details, ("signed", "yes")))


def answer(read: Reader) -> Told:
    """All answers look alike from here."""
    read.u8()  # session key
    marker = read.u8()
    read.aside(read.left)
    if marker == SUCCESS:
        return Told()
    flaw = "" if marker == FAILURE else f"answer 0x{marker:02x} is neither fe nor fd"
    return Told(error="refused" if marker == FAILURE else "unknown answer", error_code=f"0x{marker:02x}", flaw=flaw)


def joined(request: Request, read: Reader) -> Iterator[Event]:
    """What a successful answer, from its session key on, says about the controller and about what was asked."""
    said = dict(request.details)
    layout = ANSWERS.get((said.get("umas", ""), said.get("sub", "")))
    if layout is None:
        return
    read.u8()
    if read.u8() != SUCCESS:
        return
    facts, told = layout(read, said)
    if facts:
        yield Identity(NAME, request.target, facts)
    if told:
        yield Answer(request.protocol, request.operation, request.code, request.target, details=told)


def _plain(read: Reader, key: int, code: int) -> Asked:
    said = _said(key, code)
    reads = _ASKS.get(code)
    try:
        said = reads(read, said) if reads else said
    except Malformed as short:
        return said._replace(flaw=short.reason)
    read.aside(read.left)
    return said if code not in (SUCCESS, FAILURE) else said._replace(flaw=f"0x{code:02x} is the mark of an answer")


def _said(key: int, code: int) -> Asked:
    row = FUNCTIONS.get(code, Function("", Verb.OTHER))
    details: Details = (("umas", f"0x{code:02x}"), ("session", f"0x{key:02x}"))
    if code in TRANSFERS:
        details = (*details, ("transfer", TRANSFERS[code]))
    return Asked(operation=f"UMAS 0x{code:02x} {row.name}".rstrip(), verb=row.verb, details=details)


# -- requests that say more than their function -----------------------------------------------------------------------------------------


def _reserves(read: Reader, said: Asked) -> Asked:
    """Client id 4, length 1, host name of the engineering station; behind it, where there is a password, the proof."""
    read.aside(4)
    owner = clean(read.take(read.u8()))
    found = [("owner", owner)] if owner else []
    if read.left:
        found.append(("proof", "yes"))
    return said._replace(facts=(("host", owner),) if owner else (), details=(*said.details, *found))


def _asks_project(read: Reader, said: Asked) -> Asked:
    return said._replace(details=(*said.details, ("sub", str(read.u8()))))


def _writes_variables(read: Reader, said: Asked) -> Asked:
    """Checksum of the project 4, number of variables 1, and of each: flags and size 1, block 2, offsets and value.

    Where the second variable begins hangs on the size of the first, so only the first is named.
    """
    checksum, count, _, block = read.fields("<IBBH")
    found = (("checksum", f"0x{checksum:08x}"), ("variables", str(count)), ("block", f"0x{block:04x}"))
    return said._replace(details=(*said.details, *found))


def _carries_block(read: Reader, said: Asked) -> Asked:
    """The mirror of a block that is read out: 2, number 2, size 2, data. Where the size does not fit, all of it counts as data."""
    size = read.left
    if size >= _HEAD:
        read.aside(_HEAD - 2)
        announced = read.le16()
        size = announced if announced == read.left else size
    return said._replace(details=(*said.details, ("bytes", str(size))))


_HEAD = 6
_ASKS: dict[int, Callable[[Reader, Asked], Asked]] = {
    RESERVE: _reserves, READ_PROJECT: _asks_project, WRITE_VARIABLES: _writes_variables, DOWNLOAD_BLOCK: _carries_block,
}  # fmt: skip


# -- answers that say something ---------------------------------------------------------------------------------------------------------

_Said = tuple[Details, Details]
"""What is said about the controller, and about what was asked."""


def _identity(read: Reader, _asked: dict[str, str]) -> _Said:
    """READ_ID: range 2, ident 4, model 2, version 2 (BCD), patch 2, internal 2, hardware 2, crash code 4, 2, length 1, reference."""
    _, _, _, version, _, _, hardware, _, _, size = read.fields("<HIHHHHHIHB")
    reference = clean(read.take(size))
    facts = (("vendor", "Schneider Electric"), ("model", reference), ("firmware", f"V{version >> 8:x}.{version & 0xFF:02x}"))
    return tuple(fact for fact in (*facts, ("hardware", f"0x{hardware:04x}")) if fact[1]), ()


def _project(read: Reader, _asked: dict[str, str]) -> _Said:
    """READ_PROJECT, sub 0: the last change (seconds first, year last) 27 bytes in, revision 3 (least first), 2, name up to a NUL."""
    read.take(27)
    second, minute, hour, day, month, year, *revision = read.fields("<BBBBBHBBB")
    read.take(2)
    name = clean(read.rest().partition(b"\0")[0])
    sane = second < 60 and minute < 60 and hour < 24 and 1 <= day <= 31 and 1 <= month <= 12 and 1990 <= year < 2100
    if not (name and sane):
        return (), ()
    version = ".".join(str(part) for part in reversed(revision))
    return (("project", f"{name} V{version} ({year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02})"),), ()


def _holder(_: Reader, said: dict[str, str]) -> _Said:
    """A reservation was granted: the controller is held by who asked."""
    owner = said.get("owner", "")
    return ((("reserved_by", owner),) if owner else ()), ()


def _block(read: Reader, _asked: dict[str, str]) -> _Said:
    """A block read out: whether it is the last 1, 1, size 2, data."""
    _, _, size = read.fields("<BBH")
    return (), (("bytes", str(min(size, read.left))),)


ANSWERS: dict[tuple[str, str], Callable[[Reader, dict[str, str]], _Said]] = {
    ("0x02", ""): _identity, ("0x03", "0"): _project, ("0x10", ""): _holder, ("0x34", ""): _block,
}  # fmt: skip
"""By function and, where it has one, sub-function."""
