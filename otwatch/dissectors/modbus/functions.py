"""Every Modbus function, a row each: its name, what it does to the plant, and how its request and its answer are read.

Public functions 1..24 and 43 after Modbus v1.1b3 section 6; the legacy Modicon and vendor functions (9, 10, 13, 14, 18, 19,
40, 41, 91, 125..127) are known by name only. 65..72 and 100..110 are user defined (section 5): any vendor, any meaning.
"""

from typing import NamedTuple

from otwatch.dissectors.modbus import answers, requests, umas
from otwatch.dissectors.modbus.forms import Ask, Asked, Tell, opaque_answer, opaque_request
from otwatch.dissectors.modbus.requests import COIL, DISCRETE_INPUT, HOLDING_REGISTER, INPUT_REGISTER, span
from otwatch.dissectors.reader import Reader
from otwatch.events import Verb


class Function(NamedTuple):
    name: str
    verb: Verb
    ask: Ask = opaque_request
    tell: Tell = opaque_answer

    @property
    def is_opaque(self) -> bool:
        """Whether nothing can be told from its data."""
        return self.ask is opaque_request


FUNCTIONS: dict[int, Function] = {
    1: Function("Read Coils", Verb.READ, span(COIL, 2000), answers.counted(1, 250)),
    2: Function("Read Discrete Inputs", Verb.READ, span(DISCRETE_INPUT, 2000), answers.counted(1, 250)),
    3: Function("Read Holding Registers", Verb.READ, span(HOLDING_REGISTER, 125), answers.counted(2, 125)),
    4: Function("Read Input Registers", Verb.READ, span(INPUT_REGISTER, 125), answers.counted(2, 125)),
    5: Function("Write Single Coil", Verb.WRITE, requests.write_coil, answers.fixed(4)),
    6: Function("Write Single Register", Verb.WRITE, requests.write_register, answers.fixed(4)),
    7: Function("Read Exception Status", Verb.READ, requests.empty, answers.fixed(1)),
    8: Function("Diagnostics", Verb.OTHER, requests.diagnostics, answers.diagnostics),
    9: Function("Program (484)", Verb.PROGRAM),
    10: Function("Poll (484)", Verb.PROGRAM),
    11: Function("Get Comm Event Counter", Verb.READ, requests.empty, answers.fixed(4)),
    12: Function("Get Comm Event Log", Verb.READ, requests.empty, answers.counted(1, 70, 6)),
    13: Function("Program (584/984)", Verb.PROGRAM),
    14: Function("Poll (584/984)", Verb.PROGRAM),
    15: Function("Write Multiple Coils", Verb.WRITE, requests.write_coils, answers.fixed(4)),
    16: Function("Write Multiple Registers", Verb.WRITE, requests.write_registers, answers.fixed(4)),
    17: Function("Report Server ID", Verb.DISCOVER, requests.empty, answers.server_id),
    18: Function("Program (884/M84)", Verb.PROGRAM),
    19: Function("Reset Comm Link (884/M84)", Verb.CONTROL),
    20: Function("Read File Record", Verb.READ, requests.read_files, answers.file_records),
    21: Function("Write File Record", Verb.WRITE, requests.write_files, answers.counted(1, 251, 9)),
    22: Function("Mask Write Register", Verb.WRITE, requests.mask_register, answers.fixed(6)),
    23: Function("Read/Write Multiple Registers", Verb.WRITE, requests.exchange_registers, answers.counted(2, 125)),
    24: Function("Read FIFO Queue", Verb.READ, requests.read_fifo, answers.fifo),
    40: Function("Program (Concept)", Verb.PROGRAM),
    41: Function("Multiple Function Codes", Verb.OTHER),
    43: Function("Encapsulated Interface Transport", Verb.OTHER, requests.interface, answers.interface),
    umas.CODE: Function("UMAS", Verb.OTHER, umas.request, umas.answer),
    91: Function("Object Messaging", Verb.OTHER),
    125: Function("Firmware Replacement", Verb.PROGRAM),
    126: Function("Program (584/984)", Verb.PROGRAM),
    127: Function("Report Local Address", Verb.DISCOVER),
}

USER_DEFINED = frozenset({*range(65, 73), *range(100, 111)})
KNOWN = USER_DEFINED | FUNCTIONS.keys()
BROADCAST = frozenset({5, 6, 15, 16, 21, 22})
"""Writes that may go to unit 0, to all units of a serial line, which do not answer (Modbus over serial line v1.02 2.1)."""


def function(code: int) -> Function:
    """The row of a code without the exception bit; a row named after its number where there is none."""
    known = FUNCTIONS.get(code)
    if known:
        return known
    ask = opaque_request if code in USER_DEFINED else _unknown if 0 < code < 0x80 else _invalid
    return Function(f"Function {code}", Verb.OTHER, ask)


def is_public(code: int) -> bool:
    """Whether the layout of a function is known, by its code without the exception bit."""
    known = FUNCTIONS.get(code)
    return known is not None and not known.is_opaque


def _unknown(read: Reader) -> Asked:
    read.aside(read.left)
    return Asked(details=(("note", "unknown_fc"),))


def _invalid(read: Reader) -> Asked:
    read.aside(read.left)
    return Asked(flaw="a request has a function code of 1..127")
