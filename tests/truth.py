"""What tshark knows of things in the shared captures (TRUTH.json), held against the inventory. docs/inventory.md has the table."""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from otwatch import pipeline
from otwatch.errors import OtwatchError
from otwatch.inventory.endpoints import internal, is_broadcast
from otwatch.results import Results
from tests.conftest import ROOT

CAPTURES = Path(os.environ.get("OTWATCH_CAPTURES", ROOT.parent / "shared" / "captures"))
FOX = ("hostName", "hostAddress", "hostId", "station.name", "app.name", "app.version", "brandId", "os.name")
NO_THINGS = frozenset({"group", "external"})
FIELDS = ("vendor", "product", "firmware", "name")
ANY_INSTANCE = 4_194_303

DEVICE_PROPERTIES = frozenset({
    "object-name", "vendor-name", "model-name", "firmware-revision", "application-software-version", "description",
})  # fmt: skip
POINT_PROPERTIES = frozenset({"object-name", "description"})


def individual(text: str) -> str:
    """An individual address of KNX (protocols.md 6.2): area 4 bits, line 4, device 8."""
    number = int(text, 16)
    return f"{number >> 12}.{number >> 8 & 15}.{number & 255}"


def banner(text: str) -> str:
    """The software, between the version of the protocol and the comment (RFC 4253 4.2)."""
    return text.split("-", 2)[2].partition(" ")[0]


def instance(text: str) -> str:
    """The name of a service's instance, without its kind (RFC 6763 4.1)."""
    return text.partition("._")[0]


def serial(text: str) -> str:
    """The six octets of a KNX serial number."""
    return text[-12:]


VALUES: dict[str, Callable[[str], str]] = {
    "http.server": str, "http.location": str, "lldp.tlv.system.name": str, "lldp.tlv.system.desc": str, "lldp.chassis.id.mac": str,
    "lldp.mgn.addr.ip4": str, "cdp.deviceid": str, "cdp.platform": str, "cdp.nrgyz.ip_address": str, "cdp.software_version": str,
    "dhcp.option.hostname": str, "dhcp.option.vendor_class_id": str, "dhcp.hw.mac_addr": str, "dhcp.ip.your": str,
    "dhcp.option.dhcp_server_id": str, "browser.server": str, "dns.srv.target": str, "dns.ptr.domain_name": instance,
    "pn_dcp.suboption_device_nameofstation": str, "pn_dcp.suboption_device_devicevendorvalue": str, "pn_dcp.suboption_ip_ip": str,
    "knxip.device.name": str, "knxip.macaddr": str, "knxip.sernr": serial, "knxip.knxaddr": individual, "cemi.sa": individual,
    "s7comm.szl.xy11.0001.anz": str, "sip.Server": str, "sip.User-Agent": str, "smb.native_os": str, "smb.native_lanman": str,
    "ssh.protocol": banner, "tls.handshake.extensions_server_name": str, "mqtt.clientid": "MQTT client {}".format,
    "dicom.assoc.ae.called": str, "dicom.assoc.ae.calling": str,
}  # fmt: skip
"""Fields of tshark that name somebody or say what he is, and how the inventory writes it. All others count messages, or name what is
looked for (HTTP hosts, DNS and NetBIOS questions, topics), users, or things that no dissector of otwatch reads (AMS, C12.22, GOOSE)."""
PARTS = frozenset({"dns.ptr.domain_name", "fox"})
"""What is shown together with something else: services with their kind, systems with their version."""
NOBODY = frozenset({"", "0.0.0.0"})


class Said(NamedTuple):
    """Something that the truth knows: `what` sort of thing, and its text."""

    what: str
    text: str


@cache
def truth() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CAPTURES / "TRUTH.json").read_text("utf-8"))["captures"]
    return found


def folders() -> list[str]:
    return sorted({name.partition("/")[0] for name in truth()}) if CAPTURES.is_dir() else []


def captures_of(folder: str) -> list[str]:
    return [name for name in truth() if name.startswith(f"{folder}/")]


def known(entry: dict[str, Any]) -> Iterator[Said]:
    """All that names a thing."""
    yield from _bacnet(entry.get("bacnet", {}))
    yield from _enip(entry.get("enip", {}))
    yield from (Said("fox", text) for name in FOX for text in entry.get("fox", {}).get("values", {}).get(name, ()))
    for fields in entry.get("values", {}).values():
        for field, said in fields.items():
            if field in VALUES:
                yield from (Said(field, name) for text in said["values"] if (name := VALUES[field](text).strip()) not in NOBODY)
    yield from _addresses(entry["addresses"])


def _addresses(said: dict[str, Any]) -> Iterator[Said]:
    """Who sends; to whom; and the MACs of those who send for themselves only: another is a router's, or nobody's in a made-up capture."""
    own: dict[str, set[str]] = {}
    for sender in said["senders"]["items"]:
        yield Said("sender", sender.get("ip") or sender.get("mac"))
        own.setdefault(sender.get("mac") or "", set()).add(sender.get("ip") or "")
    for kind in ("ipv4", "ipv6"):
        yield from (Said("address", text) for text in said[kind]["items"] if not is_broadcast(text))
    yield from (Said("mac", mac) for mac, ips in own.items() if mac and len(ips) == 1 and all(map(_is_own, ips)))


def _is_own(ip: str) -> bool:
    return internal(ip) and not is_broadcast(ip)


def _bacnet(said: dict[str, Any]) -> Iterator[Said]:
    for item in said.get("i_am", {}).get("items", ()):
        if item["instance"] != ANY_INSTANCE:
            yield Said("bacnet.i_am", str(item["instance"]))
    for item in said.get("properties", {}).get("items", ()):
        if item["object"] == "device" and item["property"] in DEVICE_PROPERTIES and item["value"]:
            yield Said("bacnet.properties", item["value"])
        if item["object"] != "device" and item["property"] in POINT_PROPERTIES and item["value"]:
            yield Said("bacnet.points", item["value"])


def _enip(said: dict[str, Any]) -> Iterator[Said]:
    for part in ("list_identity", "identity_objects"):
        for item in said.get(part, {}).get("items", ()):
            yield from (Said(f"enip.{part}", item[name]) for name in ("vendor", "product_name", "serial") if item.get(name))
            if item.get("revision"):
                yield Said(f"enip.{part}", ".".join(str(int(number)) for number in item["revision"].split(".")))


def heard(name: str) -> Results | None:
    """The capture as otwatch hears it; None where it is no capture."""
    try:
        return pipeline.replay([str(CAPTURES / name)])
    except OtwatchError:
        return None


def missing(entry: dict[str, Any], results: Results) -> list[Said]:
    """What the truth knows and the inventory does not."""
    texts = {_plain(row.value) for row in results.attributes}
    points = {_plain(text) for row in results.points for text in (row.name, row.description)}
    keys = {key for row in results.assets for key in (row.key, row.address, *row.macs)} | {row.key for row in results.faces}
    keys |= {end for row in results.links for end in (row.client, row.server)}
    keys |= {key.rpartition("/knx ")[2] for key in keys}
    return [said for said in known(entry) if not (_is_there(said, points if said.what == "bacnet.points" else texts) or said.text in keys)]


def _is_there(said: Said, texts: set[str]) -> bool:
    """Whether one of the texts says it, or of PARTS holds it."""
    own = _plain(said.text)
    return own in texts or (said.what in PARTS and any(own in text for text in texts))


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


class Folder(NamedTuple):
    """How many captures, assets, assets with each of FIELDS, things that the truth knows, and of these not in the inventory."""

    captures: int
    assets: int
    vendor: int
    product: int
    firmware: int
    name: int
    known: int
    missing: int


def counted(folder: str) -> Folder:
    """A folder of captures, each heard as a site of its own."""
    counts: Counter[str] = Counter(captures=len(captures_of(folder)))
    for name in captures_of(folder):
        results = heard(name)
        if results is None:
            continue
        things = [row for row in results.assets if row.kind not in NO_THINGS]
        counts["assets"] += len(things)
        for field in FIELDS:
            counts[field] += sum(bool(getattr(row, field)) for row in things)
        counts["known"] += len(list(known(truth()[name])))
        counts["missing"] += len(missing(truth()[name], results))
    return Folder(**{field: counts[field] for field in Folder._fields})
