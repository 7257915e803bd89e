"""UMAS inside Modbus function 90, counted: functions asked for, and answers by their mark."""

from otwatch.events import Answer, Request
from otwatch.facts.ledger import ANSWERED, Ledger, ends
from otwatch.facts.modbus import PORTS
from otwatch.sightings import Sighting

SECTION = "umas"
CODE = 0x5A
_SIGNED, _SUCCESS = "0x38", "0xfe"


def see(sighting: Sighting, ledger: Ledger) -> None:
    event = sighting.event
    if not isinstance(event, Request | Answer) or event.code != CODE:
        return
    if isinstance(event, Answer):
        _answered(ledger, sighting, event.error_code)
        return
    said = dict(event.details)
    if "umas" in said and ends(sighting).side(PORTS) != "response":
        _asked(ledger, sighting, event.operation, said)
    if sighting.outcome in ANSWERED:
        _answered(ledger, sighting, sighting.error_code)


def _asked(ledger: Ledger, sighting: Sighting, operation: str, said: dict[str, str]) -> None:
    """A signed request is one of its own function, around the one that counts."""
    outer = _SIGNED if "signed" in said else said["umas"]
    ledger.add(SECTION, "request_codes", (("code", outer),), sighting)
    ledger.add(SECTION, "operations", (("operation", operation.removeprefix("UMAS ")),), sighting)


def _answered(ledger: Ledger, sighting: Sighting, error_code: str) -> None:
    """Exceptions of Modbus ("2") are no answers of UMAS ("0xfd")."""
    if not error_code.isdecimal():
        item = (("code", error_code or _SUCCESS),)
        ledger.add(SECTION, "response_codes", item, sighting, in_answer=True)
