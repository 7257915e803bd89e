"""Controllers that are ordered to run or to stop, and controllers that are seen to have stopped (detections.md, eng.mode.changed)."""

from collections.abc import Iterator

from otwatch.alerts.detections.operations import operation, seen
from otwatch.alerts.model import Evidence, Site
from otwatch.events import Request, State, Verb
from otwatch.sightings import Outcome, Sighting

_UMAS_MODES = {"0x40": "start", "0x41": "stop", "0x42": "init", "0x43": "stop"}
_XWAY_MODES = {0x24: "start", 0x25: "stop", 0x33: "init"}
_CIP_MODES = {
    "Go to Run": "start", "Go to Program": "stop", "Start": "start", "Stop": "stop", "PCCC: shutdown": "stop", "PCCC: set CPU mode": "stop",
    "PCCC: change mode": "stop", "PCCC: restart request": "init", "PCCC: disable outputs": "stop", "PCCC: enable outputs": "start",
    "PCCC: enable PLC scanning": "start",
}  # fmt: skip
"""A change of mode that does not say which counts as a stop."""
_UNSAID = frozenset({"PCCC: set CPU mode", "PCCC: change mode"})
_S7_MODES = {
    "PLC Stop": "stop", "PI-Service: Start PLC": "start", "PI-Service: Cold Start PLC": "start", "Memory Reset": "init",
}  # fmt: skip
_MMS_MODES = {"Start": "start", "Resume": "start", "Stop": "stop", "Kill": "stop", "Reset": "init"}
_BY_OPERATION = {"s7": _S7_MODES, "mms": _MMS_MODES}
_PCCC_RUNS = frozenset({"remote run"})
_PROGRAM_CHANGES = {
    "2": "start", "run": "start", "3": "stop", "halt": "stop", "4": "init", "restart": "init", "5": "stop", "unload": "stop",
}  # fmt: skip
"""Values of BACnet program-change (135-2020 clause 21, BACnetProgramRequest)."""
_STOPPED = ("io", "run", "idle")
"""A state that says that a controller left Run."""


def changed(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """An order, or that nobody was seen to give one."""
    yield from (_observed if isinstance(sighting.event, State) else _ordered)(sighting, site)


def _observed(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    state = sighting.event
    if not isinstance(state, State) or (state.name, state.before, state.value) != _STOPPED:
        return
    facts = {"did": "sent", "ordered": "idle", "operation": "run → idle", "outcome": "observed"}
    found = seen(sighting, site, "observed", state.name, facts)
    yield found if sighting.by_client else found._replace(client=found.server, server=found.client)


def _ordered(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    request = sighting.event
    if isinstance(request, Request) and request.verb is Verb.CONTROL and (variant := mode(request)):
        failed = sighting.outcome is Outcome.ERROR
        ordered = "mode" if variant == "stop" and request.operation in _UNSAID else variant
        yield operation(sighting, site, "failure" if failed else variant, request.operation, did="ordered", ordered=ordered)


def mode(request: Request) -> str:
    """To which mode a controller is ordered: "start", "stop", "init"; "" for other requests."""
    said = dict(request.details)
    if request.protocol == "modbus":
        return _UMAS_MODES.get(said.get("umas", ""), "")
    if request.protocol == "xway":
        return _XWAY_MODES.get(request.code, "")
    if request.protocol == "cip":
        return "start" if said.get("mode") in _PCCC_RUNS else _CIP_MODES.get(request.operation, "")
    if request.protocol in _BY_OPERATION:
        return _BY_OPERATION[request.protocol].get(request.operation, "")
    return _PROGRAM_CHANGES.get(program_change(request), "")


def program_change(request: Request) -> str:
    """The value written to a BACnet program-change property, "" for any other request."""
    if request.protocol != "bacnet":
        return ""
    written = zip(request.points, request.values, strict=False)
    return next((value for point, value in written if point.part == "program-change"), "")
