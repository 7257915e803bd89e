"""Services that command a device as a whole: restart, silence, alarms, terminals, keys (135-2020 clauses 13, 16, 17; protocols 2.5).

A password leaves this file only as the Secret of a Credential; the request says no more than "present" or "absent".
"""

from otwatch.dissectors.bacnet import values
from otwatch.dissectors.bacnet.names import VENDORS, named
from otwatch.dissectors.bacnet.notices import state
from otwatch.dissectors.bacnet.parameters import CONSTRUCT, Given, Said, context, facts, need, number, object_point, shown, text
from otwatch.dissectors.bacnet.tags import APPLICATION, expect, walk
from otwatch.dissectors.reader import Reader
from otwatch.events import Credential, Event, Route

_COMMUNICATION = ("enable", "disable", "disable-initiation")
_RESTARTS = (
    "coldstart", "warmstart", "startbackup", "endbackup", "startrestore", "endrestore", "abortrestore", "activate-changes",
)  # fmt: skip
_LIFE_SAFETY = (
    "none", "silence", "silence-audible", "silence-visual", "reset", "reset-alarm", "reset-fault", "unsilence", "unsilence-audible",
    "unsilence-visual",
)  # fmt: skip


def communication(read: Reader, _sender: Route) -> Said:
    """deviceCommunicationControl (clause 16.1): without minutes it is for ever; without a state, 135-1995 meant enable."""
    given = context(read)
    wanted = number(given[1]) if 1 in given else 0
    said = facts(("state", named(_COMMUNICATION, wanted)), ("minutes", shown(given, 0)), *_presence(given, 2))
    return Said(details=said, facts=_credential(given, 2))


def reinitialize(read: Reader, _sender: Route) -> Said:
    """reinitializeDevice (clause 16.4)."""
    given = context(read)
    wanted = named(_RESTARTS, number(need(given, 0, read)))
    return Said(details=(("state", wanted), *_presence(given, 1)), facts=_credential(given, 1))


def _presence(given: Given, place: int) -> tuple[tuple[str, str]]:
    """An empty password protects as little as none."""
    part = given.get(place)
    return (("password", "absent" if part is None else "present" if part.left > 1 else "empty"),)


def _credential(given: Given, place: int, user: str = "") -> tuple[Event, ...]:
    part = given.get(place)
    return () if part is None else (Credential("bacnet", user, values.secret(part, part.left)),)


def authenticate(read: Reader, _sender: Route) -> Said:
    """authenticate (135-2008 clause 24, withdrawn): operator name [2] and password [3] in clear."""
    given = context(read)
    user = text(given, 2)
    return Said(details=facts(("user", user), *_presence(given, 3)), facts=_credential(given, 3, user))


def request_key(read: Reader, _sender: Route) -> Said:
    """requestKey (135-2008 clause 24, withdrawn): which two devices want a key; their addresses are not needed."""
    _, asking = values.object_id(read, expect(read, values.OBJECT, APPLICATION))
    walk(read)
    return Said(details=(("device", str(asking)),))


def life_safety(read: Reader, _sender: Route) -> Said:
    """lifeSafetyOperation (clause 13.13); without an object it is meant for the whole device."""
    given = context(read)
    said = facts(
        ("operation", named(_LIFE_SAFETY, number(need(given, 2, read)))),
        ("source", text(given, 1)),
        ("process", shown(given, 0)),
    )
    return Said((object_point(given[3]),) if 3 in given else (), details=said)


def acknowledge(read: Reader, _sender: Route) -> Said:
    """acknowledgeAlarm (clause 13.5); both time stamps are set aside."""
    given = context(read)
    for stamp in given.keys() & {CONSTRUCT + 3, CONSTRUCT + 5}:
        walk(given[stamp])
    said = facts(("state", state(given.get(2))), ("source", text(given, 4)), ("process", shown(given, 0)))
    return Said((object_point(need(given, 1, read)),), details=said)


def private_transfer(read: Reader, _sender: Route) -> Said:
    """Vendor [0], the vendor's service number [1]; the rest is in a form of the maker's own (clauses 16.2, 16.3)."""
    vendor = values.unsigned(read, expect(read, 0))
    service = values.unsigned(read, expect(read, 1))
    read.aside(read.left)
    return Said(details=facts(("vendor_id", str(vendor)), ("vendor", VENDORS.get(vendor, "")), ("service", str(service))))


def terminal_open(read: Reader, _sender: Route) -> Said:
    """vtOpen (clause 17.2): class of terminal, session number of the asking side."""
    kind = values.unsigned(read, expect(read, values.ENUMERATED, APPLICATION))
    session = values.unsigned(read, expect(read, values.UNSIGNED, APPLICATION))
    return Said(details=(("class", str(kind)), ("session", str(session))))


def terminal_session(read: Reader, _sender: Route) -> Said:
    """vtClose, vtData (clauses 17.3, 17.4): the session; what is typed is never looked at."""
    session = values.unsigned(read, expect(read, values.UNSIGNED, APPLICATION))
    walk(read)
    return Said(details=(("session", str(session)),))
