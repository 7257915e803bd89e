"""The answers of Modbus, one form a layout (Modbus v1.1b3 section 6).

What was read or echoed is set aside once its length is checked: it changes with every poll and says nothing about who does what.
"""

from otwatch.dissectors.modbus.codes import CONFORMITY, DEVICE_IDENTIFICATION, EXCEPTIONS, OBJECTS, diagnostic_name, mei_name
from otwatch.dissectors.modbus.forms import NOTHING_TOLD, Tell, Told
from otwatch.dissectors.reader import Reader
from otwatch.events import Details, clean

RUN_STATES = {0x00: "stop", 0xFF: "run"}


def exception(read: Reader) -> Told:
    """Section 7: one byte of reason."""
    code = read.u8()
    known = EXCEPTIONS.get(code)
    flaw = "" if known else f"exception code {code} is not defined"
    return Told(error=known or f"exception {code}", error_code=str(code), flaw=flaw)


def counted(unit: int, most: int, least: int = 1) -> Tell:
    """A byte count and that many bytes of values, `least` to `most` units of `unit` bytes (6.1 to 6.4, 6.17)."""

    def form(read: Reader) -> Told:
        count, here = read.u8(), read.left
        read.aside(here)
        if count == here and count % unit == 0 and least <= count // unit <= most:
            return NOTHING_TOLD
        return Told(flaw=f"byte count {count} does not fit {here} bytes of values")

    return form


def fixed(size: int) -> Tell:
    """As many bytes always: an echo of the request, a status."""

    def form(read: Reader) -> Told:
        read.aside(size)
        return NOTHING_TOLD

    return form


def file_records(read: Reader) -> Told:
    """6.14: for each group its length, the reference type 6 and the registers."""
    count = read.u8()
    flaw = "" if count == read.left else f"byte count {count}, {read.left} here"
    while read.left and not flaw:
        size, kind = read.u8(), read.u8()
        flaw = "" if size % 2 and kind == 6 and size - 1 <= read.left else f"file answer of {size} bytes, type {kind}"
        read.aside(min(max(size - 1, 0), read.left))
    read.aside(read.left)
    return Told(flaw=flaw)


def fifo(read: Reader) -> Told:
    """6.18: byte count of two bytes, count of at most 31 registers."""
    count, registers = read.fields(">HH")
    fits = count == 2 + 2 * registers and 2 * registers == read.left and registers <= 31
    flaw = "" if fits else f"queue of {registers} registers, byte count {count}, {read.left} here"
    read.aside(read.left)
    return Told(flaw=flaw)


def diagnostics(read: Reader) -> Told:
    """6.8: an echo, or a counter."""
    sub = read.u16()
    read.aside(read.left)
    return Told(diagnostic_name(sub), details=(("sub", str(sub)),))


def server_id(read: Reader) -> Told:
    """6.13: an identifier whose length only the vendor knows, the run indicator, text.

    With the identifier of one byte that nearly all devices use, the second byte is the run indicator.
    """
    count, here = read.u8(), read.left
    _, second = read.ahead("BB") or (0, -1)
    state = RUN_STATES.get(second)
    if state:
        read.take(2)
    text = read.rest()
    facts = [("run_state", state)] if state else []
    if _printable(text):
        facts.append(("description", clean(text)))
    return Told(facts=tuple(facts), flaw="" if count == here else f"byte count {count}, {here} here")


def interface(read: Reader) -> Told:
    """6.19."""
    mei = read.u8()
    details = (("mei", str(mei)),)
    if mei != DEVICE_IDENTIFICATION:
        read.aside(read.left)
        return Told(mei_name(mei), details=details)
    facts, flaw = _identification(read)
    return Told(mei_name(mei), details=details, facts=facts, flaw=flaw)


def _identification(read: Reader) -> tuple[Details, str]:
    """6.21: objects as number, length, text; what stands before a wrong length is kept."""
    _, conformity, more, _, count = read.fields(">5B")
    flaw = "" if conformity in CONFORMITY and more in (0x00, 0xFF) else f"conformity 0x{conformity:02x}, more follows 0x{more:02x}"
    facts = []
    while count and not flaw:
        count -= 1
        number, size = read.fields(">2B") if read.left >= 2 else (0, 1)
        flaw = "" if size <= read.left else f"object {number} of {size} bytes, {read.left} here"
        value = read.take(min(size, read.left))
        if number in OBJECTS and value and not flaw:
            facts.append((OBJECTS[number], clean(value)))
    return tuple(facts), flaw


def _printable(text: bytes) -> bool:
    """Mostly letters: at least three bytes, nine in ten of them printable ASCII."""
    shown = sum(0x20 <= byte < 0x7F for byte in text.rstrip(b"\0"))
    return shown >= 3 and shown * 10 >= len(text.rstrip(b"\0")) * 9
