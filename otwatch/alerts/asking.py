"""What detections may ask about the site: names, places, habits, and what a person declared. site/answers.py answers."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from otwatch.alerts.credentials import Verdict as SecretVerdict
from otwatch.alerts.known import Cap, Exchange, Setting
from otwatch.alerts.usual import Asker, Habit, Usual
from otwatch.alerts.views import Verdict, ZoneView
from otwatch.alerts.windows import Windows
from otwatch.changes import Claim, LinkSeen, Outside
from otwatch.events import Credential, Request, Verb
from otwatch.sightings import Sighting


class Site(Protocol):
    """What detections may ask. Assets are named by their key (results.AssetRow.key)."""

    @property
    def windows(self) -> Windows: ...

    @property
    def began_ns(self) -> int:
        """Time of the first packet of the record, moved on by every long silence: before it nothing is known."""
        ...

    def ends(self, sighting: Sighting) -> tuple[str, str]:
        """Requests, answers and logins: who asks, who is asked, whoever speaks. Anything else: who speaks, to whom."""
        ...

    def subject(self, sighting: Sighting) -> str:
        """Whom an Identity or a Binding is about: the speaker, or who stands behind him; "" for a group."""
        ...

    def final(self, asset: str) -> str:
        """The key an asset has now: a lone Modbus unit became its address, a BACnet station became its device instance."""
        ...

    def host(self, asset: str) -> str:
        """The asset whose address carries this one: itself, or the gateway or router it stands behind."""
        ...

    def label(self, asset: str) -> str:
        """The best name to show."""
        ...

    def zone(self, asset: str) -> ZoneView | None: ...

    def criticality(self, asset: str) -> str:
        """ "C0" to "C4": of the asset where a person said so, else of its zone; "C2" where nothing is known."""
        ...

    def roles(self, asset: str) -> frozenset[str]: ...

    def hints(self, asset: str) -> Mapping[str, str]:
        """What is known of a server, by the names of credentials.HINTS; and "host", the name by which it is asked for."""
        ...

    def declares_writers(self) -> bool:
        """Whether the site file has expected writers or conduits; if not, habit decides which writes are expected."""
        ...

    def expected_writer(self, request: Request, client: str, server: str, time_ns: int) -> str | None:
        """The line of the site file that allows a write; where it has no expected_writers, the conduit that allows its verb."""
        ...

    def beyond(self, request: Request, server: str) -> Iterable[Outside]:
        """Declared bounds that what a request writes is beyond."""
        ...

    def strongest_priority(self, client: str, server: str) -> int:
        """The smallest BACnet priority number that conduits allow the client; 8 where they say nothing."""
        ...

    def declares_time(self) -> bool:
        """Whether the site file says who gives the time."""
        ...

    def gives_time(self, asset: str) -> bool:
        """Whether the site file names it as a source of time."""
        ...

    def habit(self, client: str, server: str, protocol: str, time_ns: int) -> Habit: ...

    def exchange(self, client: str, server: str, protocol: str) -> Exchange: ...

    def written(self, server: str, protocol: str, point: str) -> Setting: ...

    def went_blind(self, since_ns: int) -> bool:
        """Whether the sensor began to see badly soon after: then what it misses since need not be gone."""
        ...

    def gives_names(self, asset: str) -> bool | None:
        """Whether the site file names it as a DNS server; None where it names none."""
        ...

    def is_gateway(self, asset: str) -> bool | None:
        """Whether the site file names it as a gateway, by any address of its card; None where it names none."""
        ...

    def crosses(self, asset: str) -> bool:
        """Whether the card of its address sends for several networks, as that of a router does."""
        ...

    def maker(self, asset: str) -> str:
        """Who made the network card of a host; "" where no card is known, LOCAL for a made-up address."""
        ...

    def relayed(self, link: LinkSeen) -> tuple[LinkSeen, ...]:
        """The interactive sessions on the client during which a link began, or right after."""
        ...

    def is_crowd(self, asset: str) -> bool:
        """Whether several hosts seem to stand behind its address."""
        ...

    def hands(self, asset: str, first_ns: int, last_ns: int) -> tuple[str, ...]:
        """Who was connected to its screen or shell at that time, or shortly before."""
        ...

    def askers(self, asset: str) -> Mapping[str, Asker]:
        """Who asked it anything in a protocol of equipment so far, by the key of the asker."""
        ...

    def claim(self, mac: str, ip: str, time_ns: int) -> Claim: ...

    @property
    def usual(self) -> Usual: ...

    def verdict(self, link: LinkSeen) -> Verdict: ...

    def is_protected(self, conduit: str) -> bool:
        """Whether the site file says that something below protects what a conduit carries, a tunnel between two routers for example."""
        ...

    def credential(self, credential: Credential, asset: str) -> SecretVerdict:
        """What a secret is that was sent."""
        ...

    def proven(self, sighting: Sighting) -> SecretVerdict | None:
        """What the secret is that a login proves; None where there was no time to find out, or nobody wants it."""
        ...

    def compares_secrets(self) -> bool:
        """Whether one secret may be held against another."""
        ...

    def cap(self, detection: str) -> Cap | None:
        """The most its findings may weigh here, where a person said so."""
        ...

    def scanner(self, asset: str, time_ns: int) -> bool:
        """Whether it is a declared scanner that may scan now."""
        ...

    def intervention(self, client: str, server: str, verb: Verb | None, time_ns: int) -> str | None:
        """The id of declared works that explain what the client does to the server."""
        ...

    def tests(self, client: str, server: str, verb: Verb | None, time_ns: int) -> str:
        """The open window, "" without, in which the site tries what a never rule else forbids."""
        ...

    def learning(self, time_ns: int) -> bool:
        """Whether the inventory is too young to call anything new: within the days of learning after the declared start, or after
        the first packet where that is later."""
        ...
