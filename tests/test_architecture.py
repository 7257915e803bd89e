"""Who may import whom, read from the imports themselves, wherever in a file they stand."""

import sys
from collections.abc import Iterator

import pytest

from tests.sources import Source, imported, sources

ENTRIES = {"site", "sensor", "pipeline", "cli", "__main__"}
"""May import everything."""

MAY_IMPORT = {
    "__init__": set[str](),
    "words": set[str](),
    "errors": {"words"},
    "files": set[str](),
    "events": set[str](),
    "packets": set[str](),
    "sightings": {"events"},
    "changes": {"events", "sightings"},
    "results": {"sightings"},
    "checks": {"sightings"},
    "conclusions": {"results", "sightings"},
    "config": {"errors", "events", "words"},
    "capture": {"errors", "packets", "words"},
    "decode": {"packets", "sightings", "events"},
    "dissectors": {"errors", "events"},
    "facts": {"events", "sightings", "results"},
    "exchange": {"dissectors", "errors", "events", "packets", "results", "sightings", "words"},
    "jobs": {"capture", "decode", "dissectors", "errors", "events", "exchange", "packets", "results", "sightings", "wire", "words"},
    "wire": {"decode", "dissectors", "events", "packets", "sightings", "errors"},
    "inventory": {"events", "sightings", "changes", "results"},
    "zones": {"conclusions", "config", "errors", "events", "sightings", "changes", "results", "inventory", "words"},
    "alerts": {"checks", "events", "sightings", "changes", "results", "config", "errors"},
    "referee": {"checks", "events", "facts", "results", "sightings"},
    "record": {"errors", "results", "sightings"},
    "declared": {"errors", "events", "files", "results", "words"},
    "advisories": {"errors", "events", "files", "results", "words"},
    "decisions": {"errors", "files", "results"},
    "outputs": {"checks", "conclusions", "record", "declared", "files", "results", "sightings", "errors", "words"},
    "web": {"config", "decisions", "outputs", "record", "results", "errors"},
}
"""Parts of otwatch, beside themselves. Nothing flows back: no row names a part that names it."""

THIRD_PARTY = {
    "numpy": ("packets", "decode", "capture", "wire", "exchange.columns", "sensor.hearing", "sensor.counting"),
    "scapy": ("capture.portable",),
    "networkx": ("zones",),
    "yaml": ("config", "alerts.credentials"),
    "pycomm3": ("inventory.vendors",),
    "rich": ("cli", "outputs"),
    "click": ("cli", "outputs"),
    "cryptography": ("dissectors.tls.certificates", "dissectors.vnc.screens"),
    "msgspec": ("outputs", "record", "declared", "advisories", "decisions", "exchange", "sensor.writing", "sensor.standing"),
    "jinja2": ("outputs.page.rendering",),
    "markupsafe": ("outputs.page.rendering",),
    "prometheus_client": ("outputs.metrics",),
    "xlsxwriter": ("outputs.exports.sheets",),
    "typst": ("outputs.report.paper",),
    "starlette": ("web",),
    "uvicorn": ("web.listening",),
    "bcrypt": ("web.guard",),
}
"""Packages from outside and the parts that may use them; what is not named here is used nowhere: pymodbus, bacpypes3."""

NEIGHBOURS = {
    "enip": {"cip"}, "bacnet_sc": {"tls"}, "netbios": {"dns"}, "rtsp": {"http"}, "ipmi": {"snmp"},
    "proofs": {"http", "ipmi", "snmp", "vnc"},
}  # fmt: skip
"""Protocols whose dissector may use another's. All may use what SHARED_BY_DISSECTORS names."""
SHARED_BY_DISSECTORS = {"reader", "reals", "base", "heads", "digest", "scram", "ntlm", "cotp", "ber"}


def part(module: str) -> str:
    """The part of otwatch that a module belongs to: the word behind the first point."""
    return module.split(".")[1] if "." in module else "__init__"


def foreign(source: Source) -> Iterator[str]:
    """Imports of other parts of otwatch that the table does not allow."""
    own = part(source.module)
    allowed = MAY_IMPORT[own] | {own}
    for node, module in imported(source):
        if module.startswith("otwatch.") and part(module) not in allowed:
            yield source.at(node, f"{own} imports {module}")


def third_party(source: Source) -> Iterator[str]:
    """Imports of packages from outside that the table does not allow."""
    for node, module in imported(source):
        name = module.split(".")[0]
        if name == "otwatch" or name in sys.stdlib_module_names:
            continue
        users = tuple(f"otwatch.{user}" for user in THIRD_PARTY.get(name, ()))
        if not any(f"{source.module}.".startswith(f"{user}.") for user in users):
            yield source.at(node, f"{source.module} imports {name}")


def protocol(module: str) -> str:
    """The dissector that a module belongs to: the word behind "otwatch.dissectors."; "" for the registry itself."""
    return module.removeprefix("otwatch.dissectors").lstrip(".").split(".")[0]


def other_protocols(source: Source) -> Iterator[str]:
    """Imports of a dissector from another one that are not declared in NEIGHBOURS."""
    own = protocol(source.module)
    allowed = SHARED_BY_DISSECTORS | NEIGHBOURS.get(own, set()) | {own}
    for node, module in imported(source):
        if module.startswith("otwatch.dissectors") and protocol(module) not in allowed:
            yield source.at(node, f"{own} imports {module}")


def test_every_part_stands_in_the_table() -> None:
    assert {part(source.module) for source in sources()} <= MAY_IMPORT.keys() | ENTRIES


def test_the_table_has_no_circle() -> None:
    left = dict(MAY_IMPORT)
    while free := [name for name, needs in left.items() if not needs & left.keys()]:
        for name in free:
            del left[name]
    assert not left


@pytest.mark.parametrize("name", sorted(MAY_IMPORT))
def test_parts_import_only_what_the_table_allows(name: str) -> None:
    assert not [finding for source in sources() if part(source.module) == name for finding in foreign(source)]


def test_packages_from_outside_are_used_where_the_table_says() -> None:
    assert not [finding for source in sources() for finding in third_party(source)]


def test_dissectors_know_their_neighbours_only() -> None:
    dissectors = [source for source in sources() if part(source.module) == "dissectors" and protocol(source.module)]
    assert not [finding for source in dissectors for finding in other_protocols(source)]
