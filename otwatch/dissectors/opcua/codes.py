"""Services and results of OPC UA (NodeIds.csv and StatusCode.csv of OPC 10000-6)."""

from collections.abc import Mapping
from typing import NamedTuple

from otwatch.events import Verb

NAME = "opcua"


class Service(NamedTuple):
    name: str
    verb: Verb


OPEN, CLOSE_CHANNEL, FAULT = 446, 452, 397
FIND_SERVERS, GET_ENDPOINTS, CREATE_SESSION, ACTIVATE_SESSION, READ, WRITE, CALL = 422, 428, 461, 467, 631, 673, 712
SERVICES: dict[int, Service] = {
    FIND_SERVERS: Service("FindServers", Verb.DISCOVER),
    GET_ENDPOINTS: Service("GetEndpoints", Verb.DISCOVER),
    437: Service("RegisterServer", Verb.ADMIN),
    OPEN: Service("OpenSecureChannel", Verb.SESSION),
    CLOSE_CHANNEL: Service("CloseSecureChannel", Verb.SESSION),
    CREATE_SESSION: Service("CreateSession", Verb.SESSION),
    ACTIVATE_SESSION: Service("ActivateSession", Verb.AUTH),
    473: Service("CloseSession", Verb.SESSION),
    479: Service("Cancel", Verb.SESSION),
    488: Service("AddNodes", Verb.ADMIN),
    494: Service("AddReferences", Verb.ADMIN),
    500: Service("DeleteNodes", Verb.ADMIN),
    506: Service("DeleteReferences", Verb.ADMIN),
    527: Service("Browse", Verb.DISCOVER),
    533: Service("BrowseNext", Verb.DISCOVER),
    554: Service("TranslateBrowsePathsToNodeIds", Verb.DISCOVER),
    560: Service("RegisterNodes", Verb.SESSION),
    566: Service("UnregisterNodes", Verb.SESSION),
    615: Service("QueryFirst", Verb.READ),
    621: Service("QueryNext", Verb.READ),
    READ: Service("Read", Verb.READ),
    664: Service("HistoryRead", Verb.READ),
    WRITE: Service("Write", Verb.WRITE),
    700: Service("HistoryUpdate", Verb.ADMIN),
    CALL: Service("Call", Verb.CONTROL),
    751: Service("CreateMonitoredItems", Verb.SUBSCRIBE),
    763: Service("ModifyMonitoredItems", Verb.SUBSCRIBE),
    769: Service("SetMonitoringMode", Verb.SUBSCRIBE),
    775: Service("SetTriggering", Verb.SUBSCRIBE),
    781: Service("DeleteMonitoredItems", Verb.SUBSCRIBE),
    787: Service("CreateSubscription", Verb.SUBSCRIBE),
    793: Service("ModifySubscription", Verb.SUBSCRIBE),
    799: Service("SetPublishingMode", Verb.SUBSCRIBE),
    826: Service("Publish", Verb.SUBSCRIBE),
    832: Service("Republish", Verb.SUBSCRIBE),
    841: Service("TransferSubscriptions", Verb.SUBSCRIBE),
    847: Service("DeleteSubscriptions", Verb.SUBSCRIBE),
}
"""By the NodeId of the request's binary encoding; that of the answer is three above it."""
ANSWERS: Mapping[int, int] = {number + 3: number for number in SERVICES}

STATUS: Mapping[int, str] = {
    0x80010000: "unexpected error", 0x80020000: "internal error", 0x80050000: "communication error", 0x800A0000: "timeout",
    0x800B0000: "service unsupported", 0x800D0000: "server not connected", 0x80100000: "too many operations",
    0x80130000: "certificate invalid", 0x80790000: "no subscription",
    0x801A0000: "certificate untrusted", 0x801F0000: "user access denied", 0x80200000: "identity token invalid",
    0x80210000: "identity token rejected", 0x80220000: "secure channel id invalid", 0x80250000: "session id invalid",
    0x80260000: "session closed", 0x80270000: "session not activated", 0x80330000: "node id invalid", 0x80340000: "node id unknown",
    0x80350000: "attribute id invalid", 0x803A0000: "not readable", 0x803B0000: "not writable", 0x803C0000: "out of range",
    0x803D0000: "not supported", 0x80540000: "security mode rejected", 0x80550000: "security policy rejected",
    0x80560000: "too many sessions", 0x80730000: "write not supported", 0x80740000: "type mismatch", 0x80750000: "method invalid",
    0x807F0000: "tcp not enough resources", 0x80820000: "tcp internal error", 0x80830000: "tcp endpoint url invalid",
    0x80AC0000: "connection rejected", 0x80AE0000: "connection closed", 0x80AF0000: "invalid state", 0x81110000: "not executable",
}  # fmt: skip
_BAD = 0x80000000

MODES = {1: "None", 2: "Sign", 3: "SignAndEncrypt"}
TOKENS = {0: "anonymous", 1: "user name", 2: "certificate", 3: "issued token"}


def error(status: int) -> tuple[str, str]:
    """Words and number of a result that is bad; a good or uncertain one is none."""
    if not status & _BAD:
        return "", ""
    return STATUS.get(status & 0xFFFF0000, "error"), f"0x{status:08x}"
