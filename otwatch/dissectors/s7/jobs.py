"""Jobs and their answers: variables, programs, run and stop.

A block goes into the controller in a turned dialogue: the station asks for the download (1A), and then it is the controller that
asks for each block (1B) and says when it has all (1C). What the station answers there is the operation: it is told as a request that
nobody answers, and what the controller asks as an answer to the download.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from otwatch.dissectors.reader import Reader
from otwatch.dissectors.s7.codes import BLOCKS, NAME, error
from otwatch.dissectors.s7.items import addresses, refused, values
from otwatch.errors import Malformed
from otwatch.events import Answer, Details, Event, Request, Verb, clean

READ, WRITE = 0x04, 0x05
REQUEST_DOWNLOAD, DOWNLOAD_BLOCK, DOWNLOAD_ENDED, START_UPLOAD, UPLOAD, END_UPLOAD = range(0x1A, 0x20)
PI_SERVICE, STOP, SETUP = 0x28, 0x29, 0xF0
TURNED = frozenset({DOWNLOAD_BLOCK, DOWNLOAD_ENDED})


class Function(NamedTuple):
    name: str
    verb: Verb
    step: str = ""


FUNCTIONS: dict[int, Function] = {
    0x00: Function("CPU Services", Verb.OTHER),
    READ: Function("Read Var", Verb.READ),
    WRITE: Function("Write Var", Verb.WRITE),
    REQUEST_DOWNLOAD: Function("Request Download", Verb.PROGRAM, "download-begin"),
    DOWNLOAD_BLOCK: Function("Download Block", Verb.PROGRAM, "download-block"),
    DOWNLOAD_ENDED: Function("Download Ended", Verb.PROGRAM, "download-end"),
    START_UPLOAD: Function("Start Upload", Verb.PROGRAM, "upload-begin"),
    UPLOAD: Function("Upload", Verb.PROGRAM, "upload-block"),
    END_UPLOAD: Function("End Upload", Verb.PROGRAM, "upload-end"),
    PI_SERVICE: Function("PI-Service", Verb.CONTROL),
    STOP: Function("PLC Stop", Verb.CONTROL),
    SETUP: Function("Setup Communication", Verb.SESSION),
}

PI_SERVICES: dict[str, tuple[str, Verb]] = {
    "P_PROGRAM": ("Start PLC", Verb.CONTROL),
    "_INSE": ("Activate Block", Verb.PROGRAM),
    "_INS2": ("Activate Block", Verb.PROGRAM),
    "_DELE": ("Delete Block", Verb.PROGRAM),
    "_GARB": ("Compress Memory", Verb.PROGRAM),
    "_MODU": ("Copy RAM to ROM", Verb.PROGRAM),
}
"""Program invocation services of S7-300 and S7-400; those of numeric controls ("_N_...") keep their names."""


class Said(NamedTuple):
    """What a job says beside its function."""

    details: Details = ()
    name: str = ""
    verb: Verb | None = None
    request: Request | None = None


def job(read: Reader, data: Reader) -> Iterator[Event]:
    """A job by its function. What the controller asks of a station during a download is its answer (see above)."""
    code = read.u8()
    if code in TURNED:
        read.take(read.left)
        yield Answer(NAME, FUNCTIONS[code].name, code)
        return
    base = _request(code)
    if code in (READ, WRITE):
        yield from _variables(base, read, data)
        return
    layout = _JOBS.get(code)
    said = layout(read) if layout else Said()
    read.aside(read.left)
    data.aside(data.left)
    yield base._replace(
        verb=said.verb or base.verb, operation=f"{base.operation}: {said.name}" if said.name else base.operation,
        details=(*base.details, *said.details),
    )  # fmt: skip


def answer(read: Reader, data: Reader, code: int) -> Iterator[Event]:
    """What became of a job; `code` is that of the header. An error may leave the function out."""
    error_words, error_code = error(code)
    if not read.left:
        yield Answer(NAME, "Ack", -1, error=error_words, error_code=error_code)
        return
    function = read.u8()
    row = FUNCTIONS.get(function)
    name = row.name if row else f"function 0x{function:02x}"
    if function in TURNED:
        yield _carried(function, data, error_words)
        return
    told = Answer(NAME, name, function, error=error_words, error_code=error_code)
    if function in (READ, WRITE) and read.left and not error_words:
        words, number = refused(data, read.u8(), function == READ)
        told = told._replace(error=words, error_code=number)
    elif function == SETUP and read.left:
        told = told._replace(details=_setup(read).details)
    read.aside(read.left)
    data.aside(data.left)
    yield told


def uploaded(read: Reader) -> Details:
    """The size of a block that was read out: length 2, unknown 2, then the block."""
    length, _ = read.fields(">HH")
    return (("bytes", str(min(length, read.left))),)


def _request(code: int) -> Request:
    row = FUNCTIONS.get(code, Function(f"function 0x{code:02x}", Verb.OTHER))
    return Request(NAME, row.verb, row.name, code, details=(("transfer", row.step),) if row.step else ())


def _variables(base: Request, read: Reader, data: Reader) -> Iterator[Event]:
    count = read.u8()
    items = addresses(read, count)
    points = tuple(item.point for item in items)
    details: Details = (("items", str(count)),) if count > len(items) else ()
    flaw, written = None, list[str]()
    try:
        if base.code == WRITE:
            written.extend(values(data, items, count))
    except Malformed as broken:
        flaw = broken
    yield base._replace(points=points, values=tuple(written), details=details)
    if flaw:
        raise flaw


def _carried(function: int, data: Reader, error_words: str) -> Request:
    """A station hands a block over, or confirms that there are no more."""
    row, size = FUNCTIONS[function], 0
    if function == DOWNLOAD_BLOCK and data.left >= 4:
        (length,) = data.fields(">H2x")
        size = min(length, data.left)
    data.aside(data.left)
    step = "download-abort" if error_words else row.step
    details = (("transfer", step), *((("bytes", str(size)),) if size else ()))
    return Request(NAME, row.verb, row.name, function, details=details, one_way=True)


def _setup(read: Reader) -> Said:
    _, calling, called, size = read.fields(">BHHH")
    return Said((("jobs", f"{calling}/{called}"), ("pdu", str(size))))


def _block(read: Reader) -> Said:
    """Unknown 3, error 2, number of the transfer 4, then the name of the block with its length; of a download sizes follow."""
    read.take(7)
    name = clean(read.take(read.u8()))
    return Said((("block", block_name(name.removeprefix("_"))),)) if name else Said()


def block_name(text: str) -> str:
    """`0800001P` is OB 1 in the passive file system."""
    kind, number = BLOCKS.get(text[:2]), text[2:7]
    return f"{kind} {int(number)}" if kind and number.isascii() and number.isdecimal() else text


def _invoked(read: Reader) -> Said:
    """Unknown 7, the parameter with its length, the name of the service with its length."""
    read.take(7)
    about = read.part(read.u16())
    name = clean(read.take(read.u8()))
    words, verb = PI_SERVICES.get(name, (name, Verb.CONTROL))
    details: Details = (("pi", name),)
    if name in {"_INSE", "_INS2", "_DELE"}:
        details += (("blocks", ", ".join(_blocks(about))),)
    elif name == "P_PROGRAM":
        cold = about.rest().startswith(b"C")
        words = "Cold Start PLC" if cold else words
    return Said(details, words, verb)


def _blocks(about: Reader) -> Iterator[str]:
    """Number of blocks 1, 0, and their names in 8 characters each."""
    for _ in range(min(about.u8(), 16)):
        if about.left < 9:
            return
        about.take(about.left % 8)
        yield block_name(clean(about.take(8)))


_JOBS: dict[int, Callable[[Reader], Said]] = {
    REQUEST_DOWNLOAD: _block, START_UPLOAD: _block, PI_SERVICE: _invoked, SETUP: _setup,
}  # fmt: skip
