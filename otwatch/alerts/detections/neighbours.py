"""What field devices have no reason to do: begin something with each other (detections.md, groups 3 and 5).

A field device answers its supervision. One that opens shares, remote screens or ports nobody knows on its neighbours, or begins to
ask them as if it were their supervision, is used by somebody else. All judges look at links, which are told once an hour; by then
the two sides have had time to show what they are.
"""

from collections.abc import Iterator

from otwatch.alerts.detections.flows import link_evidence
from otwatch.alerts.detections.operations import floor_if
from otwatch.alerts.groups import is_group, is_public
from otwatch.alerts.model import Asker, Detection, Evidence, Severity, Site, Term
from otwatch.alerts.severity import SURE
from otwatch.alerts.tracks import SECOND
from otwatch.alerts.usual import USUAL
from otwatch.changes import LinkSeen
from otwatch.events import CHANGES
from otwatch.sightings import Tally

_DEVICES = frozenset({"controller", "gateway", "ups", "lighting"})
_STATIONS = frozenset({"supervision", "engineering", "historian", "office", "remote", "recorder", "biomedical", "telephony", "switch"})
"""Roles of hosts that begin things by nature: who has one of them is no field device, whatever it answers besides."""
_SHARES = frozenset({"smb"})
_REMOTE = frozenset({"dce-rpc", "winrm", "winrm-tls", "rdp"})
_OFFICE = frozenset({
    "ldap", "ldaps", "kerberos", "kpasswd", "smtp", "smtps", "submission", "imap", "imaps", "pop3", "pop3s", "mssql", "oracle", "mysql",
    "postgresql", "redis", "mongodb",
})  # fmt: skip
_BROWSING = "netbios-ssn"
_BROWSED_BYTES = 65_536
"""Payload of a NetBIOS session in one slot of 10 s from which on it moves files: asking who is there takes 3 kB (payload of
lemay-send_a_fake_command, 192.168.1.104:1045)."""
_SHELLS = frozenset({"ssh", "telnet", "vnc", "vnc-http", "teamviewer", "anydesk"})
_EQUIPMENT_PORTS = frozenset({
    1089, 1090, 1091, 1962, 2222, 2455, 5002, 5006, 5007, 5094, 11740, 18245, 18246, 20547, 34964,
})  # fmt: skip
"""TCP ports of equipment whose messages are not read: Fieldbus HSE, Phoenix Contact, EtherNet/IP, CODESYS (2455, 11740), MELSOFT
(5002, 5006, 5007), HART-IP, GE SRTP, ProConOS, Profinet (public port lists). Peers of one make use them between themselves."""
_LEAD_S = 30
"""How long others must have read a server before somebody else counts as new to it."""
_LEAD_SLOTS = 3
_NEW_NS = 3600 * SECOND
"""Links are told again every hour: only the first time is new."""


def is_field(asset: str, site: Site) -> bool:
    """Whether it is known to answer as equipment, and for nothing else."""
    roles = site.roles(asset)
    return bool(roles & _DEVICES) and not roles & _STATIONS


def _office_protocol(item: LinkSeen | Tally, site: Site) -> Iterator[Evidence]:
    if isinstance(item, Tally):
        yield from _moved_files(item)
        return
    if item.protocol not in _SHARES | _REMOTE | _OFFICE or item.state != "established" or is_group(item.server):
        return
    is_share = item.protocol in _SHARES
    fields = [is_field(asset, site) for asset in (item.client, item.server)]
    if not (fields[1] or _is_cell(item.server, site) or (is_share and fields[0])) or site.verdict(item).kind == "allowed":
        return
    is_lateral = (is_share and all(fields)) or item.protocol in _REMOTE
    found = link_evidence(item, "lateral" if is_lateral else "other", item.protocol)
    yield found._replace(floor=floor_if(is_lateral or (is_share and any(fields)), Severity.MEDIUM))


def _moved_files(tally: Tally) -> Iterator[Evidence]:
    """A NetBIOS session that moves files; whether one of the two is a field device is asked when rows are made."""
    talk = tally.conversation
    if talk.service != _BROWSING or sum(tally.payload) < _BROWSED_BYTES:
        return
    facts = {"state": "established", "protocols": _BROWSING, "verb": "–"}
    yield Evidence(
        "other", talk.client, talk.server, _BROWSING, tally.first_ns, tally.last_ns, (tally.frame,), (), _BROWSING, facts,
        floor=Severity.MEDIUM, transport=talk.transport, port=talk.server_port,
    )  # fmt: skip


def _is_in_cell(evidence: Evidence, site: Site) -> bool:
    return _is_cell(evidence.server, site) or is_field(evidence.server, site) or is_field(evidence.client, site)


def _is_cell(asset: str, site: Site) -> bool:
    zone = site.zone(asset)
    return zone is not None and bool(zone.id) and zone.confidence >= SURE and zone.level <= 1


def _begins(link: LinkSeen, site: Site) -> Iterator[Evidence]:
    """Connections of a field device on a port that nobody knows, or of a program to work on another machine: with another field device,
    or with a host that has no part in the plant. Where nobody knows which of the two began, neither is accused of it:
    that two field devices are connected is told of both, and on which port is not known either."""
    is_shell = link.protocol in _SHELLS
    is_unknown = not link.protocol and link.verb is None and link.port not in _EQUIPMENT_PORTS
    if link.transport != "tcp" or link.is_portless or not (is_shell or is_unknown) or is_group(link.server):
        return
    is_neighbour = is_field(link.server, site)
    if not is_field(link.client, site) or not (is_neighbour or _is_stranger(link, site)) or site.verdict(link).kind == "allowed":
        return
    is_open = link.state == "established"
    if link.is_guess and not (is_open and is_neighbour):
        return
    variant = "attempt" if not is_open else "outward" if not is_neighbour else "shell" if is_shell else "unknown"
    found = link_evidence(link, variant, str(link.port), peer="neighbour" if is_neighbour else "stranger", begun="seen")
    found = found._replace(floor=floor_if(is_open, Severity.MEDIUM))
    yield _of_both(found, link) if link.is_guess else found


def _of_both(found: Evidence, link: LinkSeen) -> Evidence:
    """One finding of the two, whichever side each of their links was guessed to begin at."""
    client, server = sorted((link.client, link.server))
    facts = {**found.facts, "begun": "unseen", "protocols": link.protocol or link.transport}
    return found._replace(client=client, server=server, subkey=link.protocol, facts=facts, port=0, guess=True)


def _is_stranger(link: LinkSeen, site: Site) -> bool:
    """Whether the other side is a machine of the site that looks after nothing and never asked the device anything."""
    server = site.final(link.server)
    is_station = bool(site.roles(link.server) & _STATIONS)
    return not is_public(link.server) and not is_station and server not in site.askers(link.client)


def _another_master(link: LinkSeen, site: Site) -> Iterator[Evidence]:
    """Judged while learning only between field devices: a second supervision or a console looks the same as the first then. What the
    baseline knows from an earlier capture, or a person accepted, is not new."""
    if link.verb is None or link.verb in CHANGES or link.state != "established" or is_group(link.server):
        return
    learning = site.learning(link.time_ns)
    if learning and not _between_fields(link, site):
        return
    askers, me = site.askers(link.server), site.final(link.client)
    mine = askers.get(me)
    if mine is None or link.time_ns - mine.since_ns > _NEW_NS or site.verdict(link).kind == "allowed":
        return
    masters = {asker for asker, known in askers.items() if asker != me and _was_there(known, mine.since_ns)}
    if learning:
        others = site.askers(link.client).items() if masters else ()
        if not any(asker in masters and _was_there(known, mine.since_ns) for asker, known in others):
            return
    elif len(masters) != 1 or site.usual.talk(link) == USUAL or site.intervention(link.client, link.server, link.verb, link.time_ns):
        return
    yield link_evidence(link, "polling", link.protocol, masters=", ".join(sorted(masters)))


def _between_fields(link: LinkSeen, site: Site) -> bool:
    return is_field(link.client, site) and is_field(link.server, site) and "gateway" not in site.roles(link.client)


def _was_there(asker: Asker, since_ns: int) -> bool:
    return asker.slots >= _LEAD_SLOTS and asker.since_ns + _LEAD_S * SECOND <= since_ns


_HIGH, _MEDIUM, _LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW
_VITAL = frozenset({"C4"})

NEIGHBOURS = (
    Detection(
        id="zone.it_protocol.cell",
        watches=(LinkSeen, Tally),
        severity={"lateral": _HIGH, "other": _MEDIUM},
        techniques=("T0866", "T0867", "T0886"),
        requirements=("SR 5.2", "SR 7.7"),
        title={"en": "Office protocol at field equipment", "fr": "Protocole bureautique sur un équipement de terrain"},
        sentence={
            "en": "{client} opened {protocols} on {server}; at least one of them is field equipment. {state}",
            "fr": "{client} a ouvert {protocols} sur {server} ; l'un au moins est un équipement de terrain. {state}",
        },
        expected={
            "en": "Field equipment is read and commanded; nobody opens its files, its screen or its services as on an office computer.",
            "fr": "Un équipement de terrain se lit et se commande ; personne n'ouvre ses fichiers, son écran ou ses services comme sur un "
            "poste de bureau.",
        },
        harmless_when={
            "en": "A panel built on an office system hands its records over to a share; declare a conduit for it.",
            "fr": "Un pupitre bâti sur un système bureautique dépose ses relevés sur un partage ; déclarer un conduit.",
        },
        next_step={
            "en": "Find the program that does it; malware spreads this way, so unplug the machine if nobody can explain it.",
            "fr": "Trouver le programme qui le fait ; un code malveillant se propage ainsi, donc débrancher la machine si "
            "personne ne peut l'expliquer.",
        },
        judge=_office_protocol,
        stands=_is_in_cell,
        terms=(Term(step=1, variants=frozenset({"lateral"}), criticality=_VITAL),),
    ),
    Detection(
        id="zone.field.initiator",
        watches=(LinkSeen,),
        severity={"shell": _HIGH, "unknown": _MEDIUM, "outward": _MEDIUM, "attempt": _LOW},
        techniques=("T0867", "T0886", "T0884"),
        requirements=("SR 5.2", "SR 7.7"),
        title={"en": "Field equipment that opens connections of its own", "fr": "Équipement de terrain qui ouvre des connexions"},
        sentence={
            "en": "{client}, which is field equipment, {begun} {server}, {peer}, by {protocols}: no protocol of equipment. {state}",
            "fr": "{client}, un équipement de terrain, {begun} {server}, {peer}, par {protocols} : ce n'est pas un protocole "
            "technique connu. {state}",
        },
        expected={
            "en": "Field equipment answers its supervision; between themselves such devices speak the protocols of their trade.",
            "fr": "Un équipement de terrain répond à sa supervision ; entre eux, ces équipements parlent les protocoles de leur métier.",
        },
        harmless_when={
            "en": "Devices of one make exchange data by a protocol of their own, or hand values to a database; declare a conduit with this "
            "port.",
            "fr": "Des équipements d'une même marque échangent par un protocole propriétaire, ou déposent des valeurs dans une base ; "
            "déclarer un conduit avec ce port.",
        },
        next_step={
            "en": "Ask the manufacturer what this port is for; if it has no known use, unplug the device that connects and check both.",
            "fr": "Demander au constructeur à quoi sert ce port ; s'il n'a pas d'usage connu, débrancher l'équipement qui se connecte et "
            "vérifier les deux.",
        },
        judge=_begins,
        terms=(Term(step=1, variants=frozenset({"shell", "unknown"}), criticality=_VITAL),),
    ),
    Detection(
        id="integ.master.changed",
        watches=(LinkSeen,),
        severity={"polling": _MEDIUM},
        techniques=("T0848", "T0888", "T1692.001"),
        requirements=("SR 1.2", "SR 2.1"),
        title={"en": "Another station asks a device like its supervision", "fr": "Un autre poste interroge comme une supervision"},
        sentence={
            "en": "{client} began to ask {server} ({protocols}), which until then answered {masters}.",
            "fr": "{client} s'est mis à interroger {server} ({protocols}), qui répondait jusque-là à {masters}.",
        },
        expected={
            "en": "The same supervision asks the device all the time; its neighbours do not.",
            "fr": "La même supervision interroge l'équipement en permanence ; ses voisins ne le font pas.",
        },
        harmless_when={
            "en": "A standby supervision took over, or a controller was programmed to read its neighbour.",
            "fr": "Une supervision de secours a pris le relais, ou un automate a été programmé pour lire son voisin.",
        },
        next_step={
            "en": "Ask who set this up; if nobody did, isolate the new station and check what it wrote.",
            "fr": "Demander qui l'a configuré ; si personne ne l'a fait, isoler le nouveau poste et vérifier ce qu'il a écrit.",
        },
        judge=_another_master,
        terms=(Term(step=1, criticality=_VITAL),),
    ),
)
