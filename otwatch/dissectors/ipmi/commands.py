"""Commands of IPMI and what they do (IPMI 2.0 revision 1.1, tables 5-1 and G-1), and what their answers say of a controller."""

from typing import NamedTuple

from otwatch.dissectors.reader import Reader
from otwatch.dissectors.snmp.oids import ENTERPRISES
from otwatch.events import Details, Verb


class Command(NamedTuple):
    """A command; one of which only the name of its area is known is called by its number."""

    name: str
    verb: Verb


FUNCTIONS = {
    0x00: ("Chassis", Verb.OTHER),
    0x04: ("Sensor", Verb.READ),
    0x06: ("App", Verb.OTHER),
    0x08: ("Firmware", Verb.PROGRAM),
    0x0A: ("Storage", Verb.READ),
    0x0C: ("Transport", Verb.OTHER),
}
COMMANDS = {
    (0x00, 0x01): Command("Get Chassis Status", Verb.READ),
    (0x00, 0x02): Command("Chassis Control", Verb.CONTROL),
    (0x00, 0x03): Command("Chassis Reset", Verb.CONTROL),
    (0x00, 0x08): Command("Set System Boot Options", Verb.ADMIN),
    (0x06, 0x01): Command("Get Device ID", Verb.DISCOVER),
    (0x06, 0x02): Command("Cold Reset", Verb.CONTROL),
    (0x06, 0x03): Command("Warm Reset", Verb.CONTROL),
    (0x06, 0x37): Command("Get System GUID", Verb.DISCOVER),
    (0x06, 0x38): Command("Get Channel Authentication Capabilities", Verb.DISCOVER),
    (0x06, 0x39): Command("Get Session Challenge", Verb.SESSION),
    (0x06, 0x3A): Command("Activate Session", Verb.AUTH),
    (0x06, 0x3B): Command("Set Session Privilege Level", Verb.SESSION),
    (0x06, 0x3C): Command("Close Session", Verb.SESSION),
    (0x06, 0x40): Command("Set Channel Access", Verb.ADMIN),
    (0x06, 0x43): Command("Set User Access", Verb.ADMIN),
    (0x06, 0x45): Command("Set User Name", Verb.ADMIN),
    (0x06, 0x47): Command("Set User Password", Verb.ADMIN),
    (0x06, 0x54): Command("Get Channel Cipher Suites", Verb.DISCOVER),
    (0x0A, 0x47): Command("Clear SEL", Verb.ADMIN),
    (0x0A, 0x49): Command("Set SEL Time", Verb.TIME),
    (0x0C, 0x01): Command("Set LAN Configuration Parameters", Verb.ADMIN),
    (0x0C, 0x02): Command("Get LAN Configuration Parameters", Verb.READ),
}
"""By function and command."""

_ACTIONS = ("power down", "power up", "power cycle", "hard reset", "diagnostic interrupt", "soft shutdown")
"""Table 28-4."""
_NO_LOGIN = 0x01
_IS_NEWER, _SUPPORTS_2 = 0x80, 0x02


def action(byte: int) -> str:
    """What a Chassis Control orders."""
    number = byte & 0x0F
    return _ACTIONS[number] if number < len(_ACTIONS) else f"order {number}"


def facts(name: str, read: Reader) -> Details:
    """What an answer says about the controller."""
    if name == "Get Device ID":
        return _device(read)
    return _logins(read) if name.startswith("Get Channel Auth") else ()


def _device(read: Reader) -> Details:
    """20.1: the version of its firmware (the minor part in BCD) and of IPMI, and who made it."""
    read.take(2)
    major, minor = read.u8() & 0x7F, read.u8()
    said = read.u8()
    read.take(1)
    maker = int.from_bytes(read.take(3), "little") & 0xFFFFF
    vendor = ENTERPRISES.get(maker, "")
    fields = (
        ("firmware", f"{major}.{minor >> 4}{minor & 15}"), ("application", f"IPMI {said & 15}.{said >> 4}"), ("vendor", vendor),
    )  # fmt: skip
    return tuple(field for field in fields if field[1])


def _logins(read: Reader) -> Details:
    """22.13: which proofs it takes; the first bit is none at all."""
    read.take(1)
    kinds = read.u8()
    return (("security", "none"),) if kinds & _NO_LOGIN else ()
