"""The example site, and short ways to write what a test is about."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from otwatch.changes import LinkSeen
from otwatch.config import load_site
from otwatch.config.site import Site
from otwatch.events import Verb
from otwatch.sightings import Frame
from otwatch.zones.compare import Verdict, judge
from otwatch.zones.matching.conditions import Identified
from otwatch.zones.matching.matcher import Matcher
from otwatch.zones.policy import Placed, Policy

EXAMPLE = Path(__file__).parents[2] / "configs" / "site.yaml"
HEAD = "version: 1\nsite: {name: Test, timezone: Europe/Paris}\n"
Judge = Callable[..., Verdict]


def at(local: str) -> int:
    """Nanoseconds of a time of day in Paris: "2026-10-13T10:00"."""
    return int(datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("Europe/Paris")).timestamp()) * 1_000_000_000


TUESDAY = at("2026-10-13T10:00")


@pytest.fixture(scope="session")
def example() -> Site:
    return load_site(EXAMPLE)


@pytest.fixture(scope="session")
def policy(example: Site) -> Policy:
    return Policy(example)


@pytest.fixture
def site_of(tmp_path: Path) -> Callable[[str], Site]:
    """A site from the text behind its head."""

    def read(text: str) -> Site:
        path = tmp_path / "site.yaml"
        path.write_text(HEAD + text, encoding="utf-8")
        return load_site(path)

    return read


def link(
    client: str, server: str, protocol: str, verb: str | None, port: int = 0, *, transport: str = "", time_ns: int = TUESDAY,
    strongest: int = 0, state: str = "established", **details: str,
) -> LinkSeen:  # fmt: skip
    ports = {"modbus": 502, "bacnet": 47808, "ntp": 123, "snmp": 161, "enip": 44818, "cip": 44818, "http": 80, "https": 443, "rdp": 3389}
    carried = transport or ("udp" if protocol in {"bacnet", "ntp", "snmp"} else "tcp")
    said = None if verb is None else Verb(verb)
    where = Frame("test.pcap", 1)
    return LinkSeen(
        client, server, carried, port or ports.get(protocol, 0), protocol, said, state, strongest, time_ns, where, tuple(details.items())
    )


def judged(site: Site, seen: LinkSeen) -> Verdict:
    """The verdict with both sides placed by the rules of the site."""
    policy, matcher = Policy(site), Matcher(site)
    return judge(policy, seen, placed(policy, matcher, seen.client), placed(policy, matcher, seen.server))


def placed(policy: Policy, matcher: Matcher, asset: str) -> Placed:
    """An asset by its key: "10.1.2.3", or "10.1.2.3/unit 5" behind it."""
    ip, _, unit = asset.partition("/unit ")
    parent = matcher.place(Identified(ip)).zone if unit else ""
    known = Identified(ip, modbus_unit=int(unit) if unit else None, parent_zone=parent)
    return Placed(asset, ip, policy.zone(matcher.place(known).zone))


@pytest.fixture
def verdict(example: Site) -> Judge:
    """The verdict of the example site on a link, written as `link` is."""
    return lambda *words, **more: judged(example, link(*words, **more))
