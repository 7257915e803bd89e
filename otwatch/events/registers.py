"""Numbers in 16-bit words, as texts of requests and answers have them ("17096 52429"): which forms there are, and what they mean."""

import struct
from math import isfinite

FORMS = {"uint16": ">H", "int16": ">h", "uint32": ">I", "int32": ">i", "float32": ">f"}
"""How the registers of a Modbus value are read; 32 bits are two registers, the high word first (Modbus v1.1b3 leaves it open)."""
_BYTES_OF_A_WORD = 2


def words_of(form: str) -> int:
    """How many registers a form takes."""
    return struct.calcsize(FORMS[form]) // _BYTES_OF_A_WORD


def measured(text: str, form: str, low_word_first: bool = False) -> float | None:
    """What a text means: the words of registers; None where it is no such number."""
    words = text.split(" ")
    try:
        registers = [int(word) for word in (reversed(words) if low_word_first else words)]
        value = float(struct.unpack(FORMS[form], struct.pack(f">{len(registers)}H", *registers))[0])
    except (ValueError, struct.error):
        return None
    return value if isfinite(value) else None
