"""EtherNet/IP and CIP, counted: commands of every message, services by class, statuses, identities."""

from collections.abc import Iterator

from otwatch.events import Details, Identity
from otwatch.facts import wireshark
from otwatch.facts.ledger import Item, Ledger, ends
from otwatch.sightings import Sighting

SECTION = "enip"
PORTS = frozenset({44818, 2222})
"""Direction is told by the port here, as in Wireshark."""

_OPENS = frozenset({"0x54", "0x5b"})
_CONNECTION_MANAGER = "0x06"


def see(sighting: Sighting, ledger: Ledger) -> None:
    event = sighting.event
    if isinstance(event, Identity):
        field, named = _IDENTITIES[event.protocol]
        source = ends(sighting).source
        unnamed = () if event.protocol == "cip" or "product" in dict(event.fields) else (("product", ""),)
        item = (("source", source), *_renamed((*event.fields, *unnamed), named))
        if event.protocol == "cip" and not {"vendor_id", "product"} & dict(event.fields).keys():
            return
        ledger.add(SECTION, field, item, sighting, in_answer=True)


def command(around: Details, side: str) -> Iterator[tuple[str, Item]]:
    """What the encapsulation of a message counts as: fields and items."""
    said = dict(around)
    code = said["command"]
    name = f"{wireshark.COMMANDS.get(code, 'Unknown')} ({code})"
    yield "commands", (("side", side), ("name", name))
    if "status" in said:
        yield "encapsulation_errors", (("name", wireshark.ENCAPSULATION_STATUS.get(said["status"], "Unknown")),)


def service(around: Details, _side: str) -> Iterator[tuple[str, Item]]:
    """What a CIP message counts as, around what it says: fields and items."""
    said = dict(around)
    if "answer" in said:
        yield "cip_responses", (("name", said["answer"]),)
        yield "cip_statuses", (("name", wireshark.cip_status(said["status"])),)
        return
    yield "cip_requests", (("name", f"{said['service']} class {said['class']}"),)
    if said["service"] in _OPENS and said["class"] == _CONNECTION_MANAGER:
        yield "forward_open_requests", ()


_LISTED = {
    "ip": "address", "vendor_id": "vendor_id", "device_type_id": "device_type", "product_code": "product_code",
    "firmware": "revision", "serial": "serial", "product": "product_name",
}  # fmt: skip
_OBJECT = {name: shown for name, shown in _LISTED.items() if name != "ip"}
_IDENTITIES = {"enip": ("list_identity", _LISTED), "cip": ("identity_objects", _OBJECT)}
_NUMBERS = frozenset({"vendor_id", "device_type", "product_code"})


def _renamed(fields: Details, named: dict[str, str]) -> Item:
    found: list[tuple[str, str | int]] = []
    for name, value in fields:
        shown = named.get(name, "")
        if shown == "revision":
            found += _revision(value, named is _OBJECT)
        elif shown:
            found.append((shown, int(value) if shown in _NUMBERS else value))
    return tuple(found)


def _revision(text: str, apart: bool) -> Item:
    """`4.3` as one of `4.03`, or as two numbers."""
    major, _, minor = text.partition(".")
    if apart:
        return (("major_revision", int(major)), ("minor_revision", int(minor)))
    return (("revision", f"{major}.{int(minor):02}"),)
