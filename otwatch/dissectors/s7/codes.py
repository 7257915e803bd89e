"""The codes of S7comm (no public specification; names as Wireshark's dissector, ICSNPP-S7comm and snap7 agree on them)."""

from collections.abc import Mapping

NAME = "s7"
JOB, ACK, ACK_DATA, USERDATA = 1, 2, 3, 7

ITEM_ERRORS: Mapping[int, str] = {
    0x01: "hardware fault",
    0x03: "access denied",
    0x05: "address out of range",
    0x06: "data type not supported",
    0x07: "data type inconsistent",
    0x0A: "object does not exist",
}
ITEM_OK = 0xFF
"""Return code of each item of a read or write; 0 stands for "reserved" in requests."""

ERROR_CLASSES: Mapping[int, str] = {
    0x81: "application relationship",
    0x82: "object definition",
    0x83: "no resources available",
    0x84: "error on service processing",
    0x85: "error on supplies",
    0x87: "access error",
}
ERRORS: Mapping[int, str] = {
    0x0110: "block number invalid",
    0x0111: "request length invalid",
    0x0112: "parameter invalid",
    0x0113: "block type invalid",
    0x0114: "block not found",
    0x0115: "block already exists",
    0x0116: "block is write protected",
    0x0117: "block or operating system update too large",
    0x0118: "block number too large",
    0x0119: "password is wrong",
    0x8001: "not possible in this operating state",
    0x8104: "function not available",
    0x8500: "request longer than the PDU",
    0xD209: "block not found",
    0xD210: "block number invalid",
    0xD240: "coordination rule violated",
    0xD241: "not permitted at the current protection level",
    0xD242: "protection violation of a safety block",
    0xD401: "information function not available",
    0xD402: "information function not available",
    0xD403: "already registered or deregistered",
    0xD404: "no more registrations possible",
    0xD405: "service not supported, or syntax error in the parameters",
    0xD406: "information currently not available",
    0xD601: "syntax error in the parameters",
    0xD602: "password is wrong",
    0xD603: "already legitimised",
    0xD604: "already enabled",
    0xD605: "no password is set",
    0xDC01: "date or time invalid",
}

AREAS: Mapping[int, str] = {
    0x03: "SYSINFO", 0x05: "SYSFLAG", 0x06: "AI", 0x07: "AQ", 0x1C: "C", 0x1D: "T", 0x1E: "IECC", 0x1F: "IECT", 0x80: "P", 0x81: "I",
    0x82: "Q", 0x83: "M", 0x84: "DB", 0x85: "DI", 0x86: "L", 0x87: "V",
}  # fmt: skip
"""I inputs, Q outputs, M flags (memory bits), DB data blocks, DI instance data, L local data, P peripheral, C counters, T timers."""
INPUTS_OUTPUTS = frozenset({0x80, 0x81, 0x82})
COUNTED = frozenset({0x1C, 0x1D, 0x1E, 0x1F})
"""Areas whose address is a number and no bit."""

BIT, BYTE, CHAR, WORD, INT, DWORD, DINT, REAL = range(1, 9)
TYPES: Mapping[int, str] = {
    BIT: "BOOL", BYTE: "BYTE", CHAR: "CHAR", WORD: "WORD", INT: "INT", DWORD: "DWORD", DINT: "DINT", REAL: "REAL", 0x09: "DATE",
    0x0A: "TOD", 0x0B: "TIME", 0x0C: "S5TIME", 0x0F: "DATE_AND_TIME", 0x13: "STRING", 0x1C: "COUNTER", 0x1D: "TIMER",
    0x1E: "IEC TIMER", 0x1F: "IEC COUNTER", 0x20: "HS COUNTER",
}  # fmt: skip
WIDTHS: Mapping[int, str] = {
    BIT: "X", BYTE: "B", CHAR: "B", WORD: "W", INT: "W", DWORD: "D", DINT: "D", REAL: "D", 0x09: "W", 0x0A: "D", 0x0B: "D", 0x0C: "W",
}  # fmt: skip
"""The letter of a width in an absolute address: DB1.DBW0."""

BLOCKS: Mapping[str, str] = {"08": "OB", "09": "CMOD", "0A": "DB", "0B": "SDB", "0C": "FC", "0D": "SFC", "0E": "FB", "0F": "SFB"}
"""Kinds of blocks, as they stand in block names: two characters, then five digits and the file system."""

MODES: Mapping[int, str] = {
    0x00: "STOP", 0x01: "STOP", 0x02: "STOP (memory reset)", 0x03: "STOP (self-initialisation)", 0x04: "STOP", 0x05: "cold restart",
    0x06: "warm restart", 0x07: "hot restart", 0x08: "RUN", 0x09: "RUN (redundant)", 0x0A: "HOLD", 0x0B: "link-up", 0x0C: "update",
    0x0D: "DEFECT", 0x0E: "self-test", 0x0F: "no power",
}  # fmt: skip
"""Operating states of SZL 0x0424 (W#16#0424, System Software for S7-300/400, reference manual)."""
TRANSITIONS: Mapping[int, str] = {
    0: "STOP", 1: "warm restart", 2: "RUN", 3: "hot restart", 4: "HOLD", 6: "cold restart", 9: "RUN (redundant)", 11: "link-up",
    12: "update",
}  # fmt: skip
"""States that a controller reports by itself (userdata group 0)."""

STATIONS: Mapping[int, str] = {1: "PG", 2: "OP", 3: "other"}
"""First byte of a TSAP: a programming device (engineering), an operator panel, or another connection."""


def error(code: int) -> tuple[str, str]:
    """Words and number of an error, class in the upper byte; empty on success."""
    if not code:
        return "", ""
    return ERRORS.get(code) or ERROR_CLASSES.get(code >> 8) or "error", f"0x{code:04x}"
