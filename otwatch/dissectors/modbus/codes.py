"""Numbers of Modbus below the function code, with their names (Modbus v1.1b3)."""

from otwatch.events import Verb

DIAGNOSTICS: dict[int, tuple[str, Verb]] = {
    0: ("Return Query Data", Verb.READ),
    1: ("Restart Communications Option", Verb.CONTROL),
    2: ("Return Diagnostic Register", Verb.READ),
    3: ("Change ASCII Input Delimiter", Verb.CONTROL),
    4: ("Force Listen Only Mode", Verb.CONTROL),
    10: ("Clear Counters and Diagnostic Register", Verb.CONTROL),
    11: ("Return Bus Message Count", Verb.READ),
    12: ("Return Bus Communication Error Count", Verb.READ),
    13: ("Return Bus Exception Error Count", Verb.READ),
    14: ("Return Server Message Count", Verb.READ),
    15: ("Return Server No Response Count", Verb.READ),
    16: ("Return Server NAK Count", Verb.READ),
    17: ("Return Server Busy Count", Verb.READ),
    18: ("Return Bus Character Overrun Count", Verb.READ),
    20: ("Clear Overrun Counter and Flag", Verb.CONTROL),
}
"""Sub-functions of function 8 (6.8.1); all others are reserved."""

LOOPBACK = 0
"""The one sub-function with data of any length."""

EXCEPTIONS = {
    1: "illegal function",
    2: "illegal data address",
    3: "illegal data value",
    4: "server device failure",
    5: "acknowledge",
    6: "server device busy",
    7: "negative acknowledge",  # legacy, no longer in v1.1b3
    8: "memory parity error",
    10: "gateway path unavailable",
    11: "gateway target device failed to respond",
}
"""Section 7."""

ACKNOWLEDGE = "5"
"""The exception that means: accepted, still working."""

CANOPEN, DEVICE_IDENTIFICATION = 13, 14
"""MEI types of function 43 (6.19)."""

ACCESS = {1: "basic", 2: "regular", 3: "extended", 4: "one object"}
"""Read Device ID codes (6.21)."""

CONFORMITY = frozenset({0x01, 0x02, 0x03, 0x81, 0x82, 0x83})

OBJECTS = {0: "vendor", 1: "product_code", 2: "firmware", 3: "url", 4: "product", 5: "model", 6: "application"}
"""Device identification objects as identity fields (6.21); 0x80 and above are the vendor's own."""


def diagnostic_name(sub: int) -> str:
    name, _ = DIAGNOSTICS.get(sub, (f"Sub-function {sub}", Verb.OTHER))
    return f"Diagnostics: {name}"


def mei_name(mei: int) -> str:
    names = {CANOPEN: "CANopen General Reference", DEVICE_IDENTIFICATION: "Read Device Identification"}
    return names.get(mei, f"Encapsulated Interface Transport {mei}")
