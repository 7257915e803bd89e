"""Orders that are more than a written value: modes, forced outputs, doors, schedules, badges, alarms, KNX."""

from pcaps.acts import messages as say
from pcaps.acts.act import ENGINEERING, GTB_2, OFFICE, PLC, THEATRE, Act
from pcaps.acts.outcomes import BACNET_READ, REGISTERED, S7_READ, Order, acts_of, cip

_DOOR_DEVICE, _KNX = "10.24.2.20", "10.22.8.40"
_UMAS = (say.modbus("5a 00 fe"), say.modbus("5a 00 fd 80"), (say.modbus("5a 00 04"), say.modbus("5a 00 fe")))
_S7_OPENED = tuple(zip(say.S7_COMPRESSES[:2], say.S7_COMPRESSED[:2], strict=True))
_DENIED = say.bacnet("50 01 0f 9102 9128")


def _umas(name: str, detection: str, code: str, *told: str) -> Order:
    return Order(name, detection, ENGINEERING, PLC, 502, say.modbus(code), *_UMAS, told=(told[0], told[1], ""))


def _property(name: str, detection: str, told: str, kind: int, number: int, value: str, failed: str = "") -> Order:
    """WriteProperty (135-2020, 15.9); objects and properties by the numbers of clause 21."""
    written = say.bacnet(f"0005 01 0f 0c{kind << 22 | 1:08x} 19{number:02x} 3e {value} 3f")
    return Order(name, detection, GTB_2, _DOOR_DEVICE, 47808, written, say.done(), _DENIED, BACNET_READ, transport="udp",
                 told=(told, failed, ""))  # fmt: skip


_ACKNOWLEDGED = say.bacnet("0005 01 00 0901 1c0000000c 2903 3e 1907 3f 4b00 6f70 5e 1908 5f")
_KNX_READ = (say.telegram("0000"), say.knx(say.TUNNEL_ACK, "04 01 00 00"))


def _telegram(name: str, told: str, question: bytes, *, beside: bool = False) -> Order:
    return Order(name, "knx.write.unexpected", GTB_2, _KNX, 3671, question, _KNX_READ[1], b"", _KNX_READ, transport="udp",
                 told=(told, "", ""), beside=beside)  # fmt: skip


DEEDS: tuple[Act, ...] = acts_of(
    _umas("controller-emptied", "eng.mode.changed", "5a 00 42", "init", "failure"),
    _umas("bits-forced", "eng.io.force", "5a 00 71 01", "force", "failure"),
    Order("factory-settings", "eng.device.restart", GTB_2, "10.23.1.5", 44_818, cip("05 02 2001 2401 01"), cip("85 00 00 00"), b"",
          (cip("01 02 2001 2401"), cip("81 00 08 00")), (REGISTERED,), told=("factory", "", "")),
    _property("door-unlocked", "bacnet.write.protective_property", "door", 30, 233, "9100"),
    _property("schedule-changed", "bacnet.write.protective_property", "schedule", 17, 174, "9100"),
    _property("badge-given", "eng.credential.changed", "badge", 32, 117, "9101", "failure"),
    Order("alarm-acknowledged", "bacnet.lifesafety.operation", OFFICE, THEATRE, 47808, _ACKNOWLEDGED, say.bacnet("20 01 00"), b"",
          BACNET_READ, transport="udp", told=("ack", "", "")),
    Order("device-muted", "eng.bacnet.dcc", GTB_2, THEATRE, 47808, say.bacnet("0005 01 11 1901"), say.bacnet("20 01 11"), b"",
          BACNET_READ, transport="udp", told=("unlimited", "", "")),
    Order("muted-without-password", "cred.bacnet", GTB_2, THEATRE, 47808, say.bacnet("0005 01 11 1901"), say.bacnet("20 01 11"), b"",
          BACNET_READ, transport="udp", told=("none", "", "")),
    Order("reinitialize-refused", "cred.bacnet", GTB_2, THEATRE, 47808, say.bacnet("0005 01 14 0901 1d0900 66696c6973746572"),
          say.bacnet("20 01 14"), say.bacnet("50 01 14 9104 911a"), BACNET_READ, transport="udp", told=("", "failure", "")),
    _telegram("light-by-a-stranger", "group_write", say.telegram("0081")),
    _telegram("device-reprogrammed", "management", say.knx(say.TUNNEL, "04 01 00 00 11 00 bc 60 0000 1114 04 02 81 0100 55"), beside=True),
    Order("clock-refused", "integ.time.command", OFFICE, "10.22.1.20", 47808, say.bacnet("0005 01 0f 0c02000001 1939 3e b40a000000 3f"),
          say.done(), _DENIED, BACNET_READ, transport="udp", told=("", "failure", "")),
    Order("office-console-refused", "zone.engineering.office", OFFICE, PLC, 102, say.S7_COMPRESSES[2], say.S7_COMPRESSED[2],
          say.S7_REFUSED, S7_READ, _S7_OPENED, told=("", "failure", "")),
    Order("office-console-unheard", "zone.engineering.office", OFFICE, PLC, 102, say.S7_COMPRESSES[2], say.S7_COMPRESSED[2], b"",
          S7_READ, _S7_OPENED, told=("", "", "unknown")),
    Order("address-refused", "net.config.changed", GTB_2, "10.23.1.5", 44_818, cip("10 03 20f5 2401 3005 0a170105"), cip("90 00 00 00"),
          cip("90 00 0f 00"), (cip("01 02 2001 2401"), cip("81 00 08 00")), (REGISTERED,), told=("", "failure", "unknown")),
    Order("file-refused", "eng.program.upload", GTB_2, PLC, 502, say.modbus("5a 00 33 0001"), *_UMAS, told=("", "failure", "")),
)  # fmt: skip
