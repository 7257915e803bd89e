"""What tshark knows of things in the shared captures (TRUTH.json), held against the inventory: `python -m tests.truth` prints the table."""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from otwatch import pipeline
from otwatch.dissectors import DISSECTORS
from otwatch.errors import OtwatchError
from otwatch.results import Results
from tests.conftest import ROOT

CAPTURES = Path(os.environ.get("OTWATCH_CAPTURES", ROOT.parent / "shared" / "captures"))
NO_THINGS = frozenset({"group", "external"})
FIELDS = ("vendor", "product", "firmware", "name")
ANY_INSTANCE = 4_194_303

DEVICE_PROPERTIES = frozenset({
    "object-name", "vendor-name", "model-name", "firmware-revision", "application-software-version", "description",
})  # fmt: skip
VALUES = {
    ("http", "http.server"): "http", ("ssdp", "http.server"): "ssdp", ("lldp", "lldp.tlv.system.name"): "lldp",
    ("cdp", "cdp.platform"): "cdp", ("dhcp", "dhcp.option.hostname"): "dhcp", ("browser", "browser.server"): "netbios",
    ("pn_dcp", "pn_dcp.suboption_device_nameofstation"): "pn_dcp", ("knxip", "knxip.device.name"): "knx",
}  # fmt: skip
"""Fields of tshark, by protocol, that name the sender, and the dissector that reads them: asked for as soon as there is one."""


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
    yield from (Said("fox", text) for name in ("hostName", "app.version", "brandId") for text in _fox(entry, name))
    spoken = {one.name for one in DISSECTORS}
    for protocol, fields in entry.get("values", {}).items():
        for field, said in fields.items():
            if VALUES.get((protocol, field)) in spoken:
                yield from (Said(field, text) for text in said["values"])
    for sender in entry["addresses"]["senders"]["items"]:
        yield Said("sender", sender.get("ip") or sender.get("mac"))


def _bacnet(said: dict[str, Any]) -> Iterator[Said]:
    for item in said.get("i_am", {}).get("items", ()):
        if item["instance"] != ANY_INSTANCE:
            yield Said("bacnet.i_am", str(item["instance"]))
    for item in said.get("properties", {}).get("items", ()):
        if item["object"] == "device" and item["property"] in DEVICE_PROPERTIES and item["value"]:
            yield Said("bacnet.properties", item["value"])


def _enip(said: dict[str, Any]) -> Iterator[Said]:
    for part in ("list_identity", "identity_objects"):
        for item in said.get(part, {}).get("items", ()):
            yield from (Said(f"enip.{part}", item[name]) for name in ("vendor", "product_name", "serial") if item.get(name))
            if item.get("revision"):
                yield Said(f"enip.{part}", ".".join(str(int(number)) for number in item["revision"].split(".")))


def _fox(entry: dict[str, Any], name: str) -> Iterable[str]:
    spoken = any(one.name == "fox" for one in DISSECTORS)
    return entry.get("fox", {}).get("values", {}).get(name, ()) if spoken else ()


def heard(name: str) -> Results | None:
    """The capture as otwatch hears it; None where it is no capture."""
    try:
        return pipeline.replay([str(CAPTURES / name)])
    except OtwatchError:
        return None


def missing(entry: dict[str, Any], results: Results) -> list[Said]:
    """What the truth knows and the inventory does not."""
    texts = {_plain(row.value) for row in results.attributes}
    keys = {key for row in results.assets for key in (row.key, row.address, *row.macs)} | {row.key for row in results.faces}
    keys |= {end for row in results.links for end in (row.client, row.server)}
    return [said for said in known(entry) if _plain(said.text) not in texts and said.text not in keys]


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def line(folder: str) -> str:
    """Captures, assets, and how many have each field."""
    counts: Counter[str] = Counter()
    for name in captures_of(folder):
        results = heard(name)
        counts["captures"] += 1
        things = [row for row in results.assets if row.kind not in NO_THINGS] if results else []
        counts["assets"] += len(things)
        for field in FIELDS:
            counts[field] += sum(bool(getattr(row, field)) for row in things)
        if results:
            counts["known"] += len(list(known(truth()[name])))
            counts["missing"] += len(missing(truth()[name], results))
    return f"| `{folder}` | " + " | ".join(str(counts[key]) for key in ("captures", "assets", *FIELDS, "known", "missing")) + " |"


if __name__ == "__main__":
    heads = ("folder", "captures", "assets", *FIELDS, "truth knows", "not in the inventory")
    sys.stdout.write(f"| {' | '.join(heads)} |\n|{' --- |' * len(heads)}\n" + "".join(f"{line(folder)}\n" for folder in folders()))
