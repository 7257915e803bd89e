"""referee/enip.py: tshark's layers -> facts."""

from otwatch.referee.enip import see
from tests.referee.trees import facts, field, frame, layer, text


def command(name: str, code: str, status: str = "Status: Success (0x00000000)", number: str = "0x00000000", *more: str) -> str:
    header = field("enip.command", f"Command: {name} ({code})", code) + field("enip.status", status, number)
    return layer("enip", text("Encapsulation Header", header), *more)


def service(code: str, answer: bool, *more: str) -> str:
    inside = field("cip.rr", "Request/Response", "0x01" if answer else "0x00") + field("cip.sc", "Service", code)
    return layer("cip", field("cip.service", "Service: X", code, inside), *more)


OPEN = service("0x54", False, text("Request Path", field("cip.class", "Class: Connection Manager (0x06)", "0x06")))


def test_a_forward_open() -> None:
    assert facts(see, frame(1, command("Send RR Data", "0x006f"), OPEN, dport=44818)) == {
        "enip.commands": {(("side", "request"), ("name", "Send RR Data (0x006f)")): 1},
        "enip.cip_requests": {(("name", "0x54 class 0x06"),): 1},
        "enip.forward_open_requests": {(): 1},
    }


def test_a_request_inside_another() -> None:
    inner = service("0x01", False, field("cip.class", "Class: Identity (0x01)", "0x01"))
    outer = service("0x52", False, field("cip.class", "Class: Connection Manager (0x06)", "0x06"))
    counted = facts(see, frame(1, command("Send RR Data", "0x006f"), outer, layer("cipcm", text("Embedded", inner)), dport=44818))
    assert counted["enip.cip_requests"] == {(("name", "0x52 class 0x06"),): 1, (("name", "0x01 class 0x01"),): 1}


def test_answers_and_errors() -> None:
    told = service("0x0e", True, field("cip.genstat", "General Status: Path destination unknown (0x05)", "0x05"))
    failed = command("Send RR Data", "0x006f", "Status: Invalid Session Handle (0x00000064)", "0x00000064")
    counted = facts(see, frame(1, failed, told, sport=44818, dport=40000))
    assert counted["enip.encapsulation_errors"] == {(("name", "Invalid Session Handle"),): 1}
    assert counted["enip.cip_responses"] == {(("name", "0x0e"),): 1}
    assert counted["enip.cip_statuses"] == {(("name", "Path destination unknown (0x05)"),): 1}


def test_identities() -> None:
    listed = [
        field("enip.sinaddr", "sin_addr: 10.1.1.164", "10.1.1.164"), field("enip.lir.vendor", "Vendor ID: Rockwell (0x0001)", "0x0001"),
        field("enip.lir.devtype", "Device Type: Communications Adapter (12)", "12"), field("enip.lir.prodcode", "Product Code: 58", "58"),
        field("enip.lir.revision", "Revision: 4.03", "1027"), field("enip.lir.serial", "Serial: x", "0x00524d8e"),
        field("enip.lir.name", "Product Name: 1756-ENBT/A\x9b", "1756-ENBT/A\x9b"),
    ]  # fmt: skip
    own = service("0x01", True, field("cip.id.vendor_id", "Vendor ID: X (0x0001)", "0x0001"), field("cip.id.major_rev", "Major", "16"))
    counted = facts(see, frame(1, command("List Identity", "0x0063", "s", "0x0", *listed), own, sport=44818, dport=40000))
    assert counted["enip.list_identity"] == {
        (
            ("source", "10.0.0.1"), ("address", "10.1.1.164"), ("vendor_id", 1), ("device_type", 12), ("product_code", 58),
            ("revision", "4.03"), ("serial", "0x00524d8e"), ("product_name", "1756-ENBT/A\\x9b"),
        ): 1
    }  # fmt: skip
    assert counted["enip.identity_objects"] == {(("source", "10.0.0.1"), ("vendor_id", 1), ("major_revision", 16)): 1}


def test_what_is_no_message_counts_nothing() -> None:
    assert facts(see, frame(1, layer("enip"), layer("cip"), layer("tcp"))) == {}
