"""System status lists (SZL): who a controller is, whether it runs, how it is protected.

    SZL id 2 | index 2 | length of a record 2 | number of records 2 | records

W#16#0011, 001C, 0424, 0132 after "System Software for S7-300/400, System and Standard Functions", chapter "System status lists".
"""

from collections.abc import Callable, Iterator

from otwatch.dissectors.reader import Reader
from otwatch.dissectors.s7.codes import MODES
from otwatch.events import Details, clean

MODULE, COMPONENT, MODE, PROTECTION = 0x0011, 0x001C, 0x0424, 0x0132
NAMES = {
    0x0000: "list of all SZLs", MODULE: "module identification", 0x0012: "CPU characteristics", 0x0013: "memory areas",
    0x0014: "system areas", 0x0015: "block types", 0x0019: "state of LEDs", COMPONENT: "component identification",
    0x0022: "interrupts", 0x0025: "process images", 0x0071: "redundant system", 0x0074: "state of LEDs", 0x0090: "DP master systems",
    0x0091: "module states", 0x0094: "station states", 0x00A0: "diagnostic buffer", 0x00B1: "module diagnostics",
    PROTECTION: "communication state", MODE: "operating state",
}  # fmt: skip
"""By the number of the list; the upper digits of an SZL id ask for parts of it."""
MOST = 64

_ORDER, _HARDWARE, _FIRMWARE = 1, 6, 7
_TEXTS = {1: "name", 2: "application", 3: "location", 5: "serial", 7: "product", 11: "location"}
"""Component identification by index: system name, module name, plant, serial number, module type, location."""
_MANUFACTURER, _SIEMENS = 9, 0x002A
_SWITCH = {1: "RUN", 2: "RUN-P", 3: "STOP", 4: "MRES"}


def title(number: int) -> str:
    """What an SZL id asks for."""
    return NAMES.get(number) or NAMES.get(number & 0xFF) or "other list"


def said(read: Reader) -> tuple[Details, Details]:
    """What a list says: facts about the controller, and further ones."""
    number, _, size, count = read.fields(">HHHH")
    layout = _LAYOUTS.get(number)
    if layout is None or not size:
        return (), ()
    facts, told = dict[str, str](), dict[str, str]()
    for _ in range(min(count, MOST)):
        if read.left < size:
            break
        for name, value in layout(read.part(size)):
            (told if name in _TOLD else facts).setdefault(name, value)
    return tuple(facts.items()), tuple(told.items())


_TOLD = frozenset({"protection", "password_level", "key_switch"})


def _module(record: Reader) -> Iterator[tuple[str, str]]:
    """Index 2, order number 20, module type 2, then the version: a letter and three numbers for firmware, a number for hardware."""
    index, order = record.u16(), clean(record.take(20)).strip()
    record.take(2)
    letter, major, minor, patch = record.fields(">4B")
    if index == _ORDER and order:
        yield "model", order
        yield from ((("vendor", "Siemens"),) if order.startswith("6") else ())
    elif index == _HARDWARE:
        yield "hardware", str(minor << 8 | patch)
    elif index == _FIRMWARE and letter == ord("V"):
        yield "firmware", f"V{major}.{minor}.{patch}"


def _component(record: Reader) -> Iterator[tuple[str, str]]:
    """Index 2 and a text, or numbers."""
    index = record.u16() & 0xFF
    if index == _MANUFACTURER:
        if record.u16() == _SIEMENS:
            yield "vendor", "Siemens"
    elif index in _TEXTS:
        text = clean(record.rest().partition(b"\0")[0]).strip()
        if text:
            yield _TEXTS[index], text


def _mode(record: Reader) -> Iterator[tuple[str, str]]:
    """Event 2, 1, state 1: before in the upper half, now in the lower."""
    (state,) = record.fields(">3xB")
    yield "run_state", MODES[state & 0x0F]


def _protection(record: Reader) -> Iterator[tuple[str, str]]:
    """Index 4 only: levels 2 each by the key switch, by the password, in force; then where the switch stands."""
    if record.u16() != 4:
        return
    _, password, level, switch = record.fields(">HHHH")
    yield "protection", str(level)
    yield "password_level", str(password)
    if switch in _SWITCH:
        yield "key_switch", _SWITCH[switch]


_LAYOUTS: dict[int, Callable[[Reader], Iterator[tuple[str, str]]]] = {
    MODULE: _module, 0x0111: _module, COMPONENT: _component, 0x011C: _component, MODE: _mode, 0x0232: _protection, PROTECTION: _protection,
}  # fmt: skip
