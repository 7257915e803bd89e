"""Echoes that carry something else: a way out that most firewalls leave open (detections.md, group 3; new to the catalogue).

An echo comes back with the data it brought (RFC 792), so both directions carry the same. Where sizes differ, and differ otherwise every
few seconds, the two tell each other something. Only sizes are looked at, slot by slot: floods of pings stay columns.
"""

from collections.abc import Iterator

from otwatch.alerts.model import Detection, Evidence, Severity, Site, Term, no_event
from otwatch.alerts.tracks import Seen
from otwatch.sightings import Tally

_SHOWN = 4
_OUTSIDE = frozenset({"internet", "third_party", "office_it", "wifi_guest"})


def _echoes(tally: Tally, site: Site) -> Iterator[Evidence]:
    crossing = site.windows.crossed("echoes")
    if crossing is None:
        return
    talk = tally.conversation
    odd = [(thing, seen) for thing, seen in crossing.things.items() if seen.failed and isinstance(thing, tuple)]
    sizes = ", ".join(f"{there} ↔ {back}" for (there, back), _ in sorted(odd, key=_when)[:_SHOWN])
    yield Evidence(
        "echo", talk.client, talk.server, "icmp", crossing.first_ns, crossing.last_ns, crossing.frames, facts={"sizes": sizes},
        times=crossing.times, transport=talk.transport,
    )  # fmt: skip


def _when(one: tuple[object, Seen]) -> int:
    return one[1].first_ns


TUNNELS = (
    Detection(
        id="zone.tunnel.echo",
        watches=(Tally,),
        severity={"echo": Severity.HIGH},
        techniques=("T0884", "T0869"),
        requirements=("SR 5.2", "SR 6.2"),
        title={"en": "Pings that carry something else", "fr": "Des pings qui transportent autre chose"},
        sentence={
            "en": "{client} and {server} exchange pings whose answers do not bring back what was sent (mean sizes in bytes: {sizes}).",
            "fr": "{client} et {server} échangent des pings dont les réponses ne rapportent pas ce qui a été envoyé (tailles moyennes en "
            "octets : {sizes}).",
        },
        expected={
            "en": "An echo comes back with the data it brought (RFC 792): both directions carry the same.",
            "fr": "Un écho revient avec les données qu'il portait (RFC 792) : les deux sens transportent la même chose.",
        },
        harmless_when={
            "en": "A device cuts long echoes short and somebody tries different sizes on it.",
            "fr": "Un équipement raccourcit les échos longs et quelqu'un essaie différentes tailles sur lui.",
        },
        next_step={
            "en": "Look at the frames in Wireshark: readable words or random bytes in the data are a tunnel; isolate the client and find "
            "the program that sends them.",
            "fr": "Regarder les trames dans Wireshark : des mots lisibles ou des octets aléatoires dans les données révèlent un tunnel ; "
            "isoler le client et chercher le programme qui les émet.",
        },
        judge=_echoes,
        concerns=no_event,
        counters=frozenset({"echoes"}),
        terms=(Term(step=1, server_of=_OUTSIDE),),
    ),
)
