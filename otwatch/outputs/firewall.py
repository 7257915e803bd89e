"""A proposal of least privilege in the forms that firewalls and their teams read: CSV, nftables, lists of objects.

    csv        one line for what is declared and seen                       domain/zones.md 11.7
    nftables   a table that `nft -c -f` accepts                             nft(8)
    fortinet   address objects and groups of the zones                      FortiOS CLI reference, firewall address / addrgrp
    opnsense   aliases of the zones                                     OPNsense documentation, Aliases; its Alias.xml
    stormshield   hosts and networks of the zones as its object base        SNS user manual, appendix B

Objects only name what zones are made of: whatever the firewall calls its rules, it is its team that writes them.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from ipaddress import ip_network
from itertools import product
from uuid import NAMESPACE_OID, uuid5
from zlib import crc32

from otwatch.conclusions import Permit, Proposal, Refusal
from otwatch.outputs.visible import inert, visible
from otwatch.outputs.voice import Voice

HEAD = (
    "conduit", "from_zone", "to_zone", "src", "dst", "transport", "dst_port", "proto", "ops_allowed", "ops_seen", "writes_seen",
    "first_seen", "last_seen", "days", "enforceable", "comment",
)  # fmt: skip


def about(proposal: Proposal, voice: Voice) -> list[str]:
    """What the list rests on and what is not in it, as lines for people."""
    words = voice.words
    period = voice.between(proposal.first_ns, proposal.last_ns)
    said = [words("export.head"), words("export.period", period=period, lost=proposal.lost_percent), words("export.unseen_rule")]
    if proposal.unseen:
        said.append(words("export.unseen", conduits=", ".join(proposal.unseen)))
    if proposal.filtered:
        said.append(words("export.filtered", rules=", ".join(proposal.filtered)))
    for client, server, protocol in proposal.alerted:
        said.append(words("export.alerted", client=voice.label(client), server=voice.label(server), protocol=protocol))
    said.extend(words("export.no_network", conduit=name) for name in dict.fromkeys(one.conduit for one in _without_networks(proposal)))
    return [visible(line) for line in said]


def _without_networks(proposal: Proposal) -> Iterator[Permit]:
    for one in proposal.permits:
        if not (_is_placed(one.client_zone, one.sources, proposal) and _is_placed(one.server_zone, one.targets, proposal)):
            yield one


def _is_placed(zone: str, networks: tuple[str, ...], proposal: Proposal) -> bool:
    return bool(networks) or zone in proposal.outside


# -- csv --------------------------------------------------------------------------------------------------------------------------------


def as_csv(proposal: Proposal, voice: Voice) -> str:
    """RFC 4180. One line for every source and target."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEAD)
    for one in proposal.permits:
        for source in one.sources or (f"zone {one.client_zone}",):
            for target in one.targets or (f"zone {one.server_zone}",):
                writer.writerow([inert(cell) if isinstance(cell, str) else cell for cell in _cells(one, source, target, voice)])
    return out.getvalue()


def _cells(one: Permit, source: str, target: str, voice: Voice) -> tuple[str | int, ...]:
    ports = " ".join(map(str, one.ports))
    comment = voice.words("between").join(voice.words(f"export.note.{note}") for note in one.notes)
    return (
        one.conduit, one.client_zone, one.server_zone, source, target, one.transport, ports, one.proto, " ".join(one.ops_allowed),
        " ".join(one.ops_seen), one.writes_seen, voice.stamp(one.first_ns)[:10], voice.stamp(one.last_ns)[:10], one.days, one.enforceable,
        comment,
    )  # fmt: skip


# -- nftables ---------------------------------------------------------------------------------------------------------------------------


def as_nftables(proposal: Proposal, voice: Voice) -> str:
    lines = [f"# {line}" for line in about(proposal, voice)]
    chain = [
        *(rule for refusal in proposal.refusals for rule in _refused(refusal, proposal)),
        *(rule for one in proposal.permits for rule in _permitted(one, proposal)),
    ]
    text = "\n".join(chain)
    lines += ["", "table inet otwatch_proposal {"]
    lines += [f"    {line}" for line in _sets(proposal) if line.split(" ")[1] in _named(text)]
    lines += ["", "    chain forward {", "        type filter hook forward priority filter; policy drop;"]
    lines += ["        ct state invalid counter drop", "        ct state established,related counter accept"]
    lines += [f"        {rule}" for rule in chain]
    lines += ['        counter log prefix "otwatch default " drop', "    }", "}"]
    return "\n".join(lines) + "\n"


def _named(text: str) -> set[str]:
    return {word.removeprefix("@") for word in text.split() if word.startswith("@")}


def _sets(proposal: Proposal) -> Iterator[str]:
    sets = {**{f"z_{zone}": networks for zone, networks in proposal.networks.items()}, "internal": proposal.internal}
    for name, networks in sets.items():
        for version, kind in ((4, "ipv4_addr"), (6, "ipv6_addr")):
            parts = [part for part in networks if ip_network(part).version == version]
            if parts:
                yield f"set {name}_{version} {{ type {kind}; flags interval; elements = {{ {', '.join(parts)} }} }}"


def _refused(refusal: Refusal, proposal: Proposal) -> Iterator[str]:
    """What passes all the same, and after it the drop, logged so that a mistake in the site file is seen."""
    for one in proposal.permits:
        if one.conduit in refusal.excepted:
            yield from _permitted(one, proposal)
    for source, target in product(refusal.sources, refusal.targets):
        for match in _matches(_zone(source, proposal), _zone(target, proposal)) if source != target else ():
            yield f'{match} counter log prefix "otwatch {refusal.id} " drop'


def _permitted(one: Permit, proposal: Proposal) -> Iterator[str]:
    protocol = one.transport.removeprefix("ip ")
    ports = f"{protocol} dport {{ {', '.join(map(str, one.ports))} }}" if one.ports else f"meta l4proto {protocol}"
    said = f"{one.conduit} {one.proto}" + (f", not enforced: {' '.join(one.notes)}" if one.notes else "")
    for match in _matches(_side(one.client_zone, one.sources, proposal), _side(one.server_zone, one.targets, proposal)):
        yield f'{match} {ports} counter accept comment "{said}"'


_Side = dict[int, str]
"""IP version -> what an address is held against: "@z_cvc_4", "{ 10.0.0.1 }", "!= @internal_4"."""


def _zone(zone: str, proposal: Proposal) -> _Side:
    if zone in proposal.outside:
        return {version: f"!= @internal_{version}" for version in _versions(proposal.internal)}
    return {version: f"@z_{zone}_{version}" for version in _versions(proposal.networks.get(zone, ()))}


def _side(zone: str, networks: tuple[str, ...], proposal: Proposal) -> _Side:
    if networks == proposal.networks.get(zone) or not networks:
        return _zone(zone, proposal)
    parts = {version: [part for part in networks if ip_network(part).version == version] for version in _versions(networks)}
    return {version: f"{{ {', '.join(map(_bare, found))} }}" for version, found in parts.items()}


def _bare(network: str) -> str:
    """A network of one address as the address."""
    return network.removesuffix("/32").removesuffix("/128")


def _versions(networks: Iterable[str]) -> list[int]:
    return sorted({ip_network(network).version for network in networks})


def _matches(source: _Side, target: _Side) -> Iterator[str]:
    for version in sorted(source.keys() & target.keys()):
        word = "ip" if version == 4 else "ip6"
        yield f"{word} saddr {source[version]} {word} daddr {target[version]}"


# -- objects ----------------------------------------------------------------------------------------------------------------------------


def as_fortinet(proposal: Proposal, voice: Voice) -> str:
    lines = [f"# {line}" for line in about(proposal, voice)]
    for version, (address, key, group) in {4: ("address", "subnet", "addrgrp"), 6: ("address6", "ip6", "addrgrp6")}.items():
        found = {zone: [part for part in parts if ip_network(part).version == version] for zone, parts in proposal.networks.items()}
        named = {zone: {f"otw_{zone}_{at}": part for at, part in enumerate(parts, 1)} for zone, parts in found.items() if parts}
        if not named:
            continue
        lines.append(f"config firewall {address}")
        for objects in named.values():
            for name, part in objects.items():
                shown = f"{ip_network(part).network_address} {ip_network(part).netmask}" if version == 4 else part
                lines += [f'    edit "{name}"', f"        set {key} {shown}", "    next"]
        lines += ["end", f"config firewall {group}"]
        for zone, objects in named.items():
            members = " ".join(f'"{name}"' for name in objects)
            lines += [f'    edit "otw_{zone}"', f"        set member {members}", "    next"]
        lines.append("end")
    return "\n".join(lines) + "\n"


def as_stormshield(proposal: Proposal, voice: Voice) -> str:
    """Fields of appendix B: host (name, IPv4, IPv6, DNS, MAC, comment), network (name, IPv4, mask, its bits, IPv6, its bits, comment)."""
    rows = []
    for zone, networks in proposal.networks.items():
        for at, part in enumerate(networks, 1):
            network = ip_network(part)
            four, six = (str(network.network_address), "") if network.version == 4 else ("", str(network.network_address))
            if network.prefixlen == network.max_prefixlen:
                rows.append(f'host,otw_{zone}_{at},{four},{six},static,,"zone {zone}"')
            else:
                mask = f"{network.netmask},{network.prefixlen}" if network.version == 4 else ","
                rows.append(f'network,otw_{zone}_{at},{four},{mask},{six},{network.prefixlen if six else ""},"zone {zone}"')
    return "".join(f"{row}\r\n" for row in rows)


ALIAS_LENGTH = 31
"""Characters of an alias (OPNsense, AliasNameField)."""


def as_opnsense(proposal: Proposal, voice: Voice) -> str:
    """What "import" on the page of aliases reads (AliasController): an alias of networks a zone, in the place of one of that name."""
    aliases = {
        str(uuid5(NAMESPACE_OID, f"otwatch {zone}")): {
            "enabled": "1", "name": _alias(zone), "type": "network", "content": "\n".join(networks), "description": f"otwatch zone {zone}",
        }
        for zone, networks in proposal.networks.items() if networks
    }  # fmt: skip
    return json.dumps({"aliases": {"alias": aliases}}, indent=2) + "\n"


def _alias(zone: str) -> str:
    """A name that fits; where a part must go, the rest says which it was."""
    name = f"otw_{zone}"
    return name if len(name) <= ALIAS_LENGTH else f"{name[: ALIAS_LENGTH - 7]}_{crc32(zone.encode()) & 0xFF_FFFF:06x}"


FORMS: dict[str, Callable[[Proposal, Voice], str]] = {
    "csv": as_csv, "nftables": as_nftables, "fortinet": as_fortinet, "opnsense": as_opnsense, "stormshield": as_stormshield,
}  # fmt: skip
