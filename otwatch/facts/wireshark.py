"""Names that Wireshark 4.0 shows and that are not those of the standards otwatch follows: the facts speak as Wireshark does."""

import re
from collections.abc import Mapping
from ctypes import c_float
from math import isinf

UNKNOWN = "Unknown"
_UNKNOWN_SERVICE = re.compile(r"(unconfirmed )?service \d+")

SERVICES: Mapping[str, str] = {"who-Am-I": "who-am-I", "you-Are": "you-are"}

NETWORK_MESSAGES = (
    "Who-Is-Router-To-Network", "I-Am-Router-To-Network", "I-Could-Be-Router-To-Network", "Reject-Message-To-Network",
    "Router-Busy-To-Network", "Router-Available-To-Network", "Initialize-Routing-Table", "Initialize-Routing-Table-Ack",
    "Establish-Connection-To-Network", "Disconnect-Connection-To-Network", "Challenge-Request", "Security-Payload",
    "Security-Response", "Request-Key-Update", "Update-Keyset", "Update-distribution-Key", "Request-Masterkey", "Set-Masterkey",
    "What-Is-Networknumber", "Networknumber-Is",
)  # fmt: skip
_PROPRIETARY = 0x80

BVLC_RESULTS: Mapping[str, str] = {
    "0000": "Successful completion",
    "0010": "Write-Broadcast-Distribution-Table NAK",
    "0020": "Read-Broadcast-Distribution-Table NAK",
    "0030": "Register-Foreign-Device NAK",
    "0040": "Read-Foreign-Device-Table NAK",
    "0050": "Delete-Foreign-Device-Table-Entry NAK",
    "0060": "Distribute-Broadcast-To-Network NAK",
    "0090": "Register-Foreign-Device NAK",
    "00a0": "Delete-Foreign-Device-Table-Entry NAK",
    "00c0": "Distribute-Broadcast-To-Network NAK",
}

SEGMENTATION: Mapping[str, str] = {
    "both": "segmented-both", "transmit": "segmented-transmit", "receive": "segmented-receive", "none": "no-segmentation",
}  # fmt: skip

PROPERTIES: Mapping[str, str] = {
    "acked-transitions": "acked-transition",
    "active-vt-sessions": "active-vt-session",
    "date-list": "datelist",
    "daylight-savings-status": "daylights-savings-status",
    "vt-classes-supported": "vt-class-supported",
    "event-time-stamps": "event-time-stamp",
    "maximum-value-timestamp": "maximum-value-time-stamp",
    "minimum-value-timestamp": "minimum-value-time-stamp",
    "ip-address": "bacnet-ip-address",
    "ip-default-gateway": "bacnet-ip-default-gateway",
    "ip-dhcp-enable": "bacnet-ip-dhcp-enable",
    "ip-dhcp-lease-time": "bacnet-ip-dhcp-lease-time",
    "ip-dhcp-lease-time-remaining": "bacnet-ip-dhcp-lease-time-remaining",
    "ip-dhcp-server": "bacnet-ip-dhcp-server",
    "ip-dns-server": "bacnet-ip-dns-server",
    "ip-subnet-mask": "bacnet-ip-subnet-mask",
    "subordinate-relationships": "subordinate-relationship",
    "sc-direct-connect-binding": "ssc-direct-connect-binding",
    "sc-failed-connection-requests": "sc-failed-connection-request",
    "high-end-trim": "high_end_trim",
    "low-end-trim": "low_end_trim",
    "trim-fade-time": "trim_fade_time",
}

_ENUMERATED = frozenset({
    "action", "event-state", "event-type", "file-access-method", "last-restart-reason", "lock-status", "logging-type",
    "maintenance-required", "mode", "network-type", "node-type", "notify-type", "operation-expected", "polarity", "program-change",
    "program-state", "reason-for-halt", "reliability", "secured-status", "segmentation-supported", "silenced", "system-status", "units",
})  # fmt: skip
_AS_PRESENT = frozenset({"alarm-value", "feedback-value", "relinquish-default"})
"""Properties whose values are enumerations (135-2020 clause 12), and those whose values are of the type of the present value."""
_BITS = frozenset({"ack-required", "acked-transitions", "event-enable", "limit-enable", "status-flags", "valid-days"})
_TEXTS = frozenset({
    "active-text", "application-software-version", "description", "device-type", "fault-values", "firmware-revision", "inactive-text",
    "instance-of", "location", "mac-address", "model-name", "object-name", "profile-name", "serial-number", "state-text", "vendor-name",
})  # fmt: skip

_INTEGER = re.compile(r"-?(0|[1-9]\d*)")
_FLAGS = re.compile(r"[01]+")
_FLOATING = re.compile(r"-?(\d+\.\d+(e[+-]?\d+)?|\d+e[+-]?\d+|inf|nan)")
_REAL_DIGITS = 15
"""Longest text of a Real: nine digits, sign, point, exponent."""

_SPACED_ERRORS = range(51, 73)
"""Error codes that Wireshark writes with blanks around their dashes."""

COMMANDS: Mapping[str, str] = {
    "0x0000": "NOP",
    "0x0004": "List Services",
    "0x0063": "List Identity",
    "0x0064": "List Interfaces",
    "0x0065": "Register Session",
    "0x0066": "Unregister Session",
    "0x006f": "Send RR Data",
    "0x0070": "Send Unit Data",
    "0x00c8": "StartDTLS",
}

ENCAPSULATION_STATUS: Mapping[str, str] = {
    "0x01": "Invalid Command",
    "0x02": "No Memory Resources",
    "0x03": "Incorrect Data",
    "0x64": "Invalid Session Handle",
    "0x65": "Invalid Length",
    "0x69": "Unsupported Protocol Revision",
    "0x6a": "Encapsulated CIP service not allowed on this port",
}

_CIP_STATUS = (
    "Success", "Connection failure", "Resource unavailable", "Invalid parameter value", "Path segment error",
    "Path destination unknown", "Partial transfer", "Connection lost", "Service not supported", "Invalid attribute value",
    "Attribute list error", "Already in requested mode/state", "Object state conflict", "Object already exists",
    "Attribute not settable", "Privilege violation", "Device state conflict", "Reply data too large",
    "Fragmentation of a primitive value", "Not enough data", "Attribute not supported", "Too much data", "Object does not exist",
    "Service fragmentation sequence not in progress", "No stored attribute data", "Store operation failure",
    "Routing failure, request packet too large", "Routing failure, response packet too large",
    "Missing attribute list entry data", "Invalid attribute value list", "Embedded service error", "Vendor specific error",
    "Invalid parameter", "Write-once value or medium already written", "Invalid reply received", "Buffer overflow",
    "Invalid message format", "Key failure in path", "Path size invalid", "Unexpected attribute in list", "Invalid Member ID",
    "Member not settable", "Group 2 only server general failure", "Unknown Modbus error", "Attribute not gettable",
)  # fmt: skip


def service(name: str) -> str:
    """Of BACnet. Which unknown one it is, the report of what was understood tells."""
    return UNKNOWN if _UNKNOWN_SERVICE.fullmatch(name) else SERVICES.get(name, name)


def reason(name: str) -> str:
    """Of a Reject, an Abort, an Error: what has no name is its number."""
    return UNKNOWN if name.isdecimal() else name


def object_type(name: str) -> str:
    return UNKNOWN if name.startswith("object-type-") else name


def property_name(name: str) -> str:
    return UNKNOWN if name.startswith("property-") else PROPERTIES.get(name, name)


def value(text: str, kind: str, part: str) -> str:
    """What was written to property `part` of an object of that kind. Present values stand alone, with 15 digits; others with their type."""
    name, present = part.partition("[")[0], part.startswith("present-value")
    if name in _BITS and _FLAGS.fullmatch(text):
        return f"(Bit String) ({text.replace('1', 'T').replace('0', 'F')})"
    if not present and _INTEGER.fullmatch(text) and not _is_enumerated(kind, name) and name not in _TEXTS:
        return f"({'Signed' if text.startswith('-') else 'Unsigned'}) {text}"
    if not _FLOATING.fullmatch(text):
        return {"true": "1", "false": "0"}.get(text, text) if present else text
    double = float(text)
    single = c_float(double).value  # a Real is shown as the Double that has the same value
    is_real = len(text) <= _REAL_DIGITS and not (isinf(single) and not isinf(double))
    number = single if is_real else double
    return f"{number:.15g}" if present else f"{number:f} ({'Real' if is_real else 'Double'})"


def _is_enumerated(kind: str, name: str) -> bool:
    return name in _ENUMERATED or (name in _AS_PRESENT and kind.startswith("binary-"))


def bvlc_function(name: str) -> str:
    return UNKNOWN if name.isdecimal() else name


def network_message(kind: int) -> str:
    if kind < len(NETWORK_MESSAGES):
        return NETWORK_MESSAGES[kind]
    return "Vendor Proprietary Message" if kind >= _PROPRIETARY else "Reserved for Use by ASHRAE"


def error(words: str, code: str) -> str:
    """`words` "class/code" of an Error, `code` their numbers "2/40"."""
    owner, name = map(reason, words.split("/"))
    spaced = int(code.rpartition("/")[2]) in _SPACED_ERRORS
    return f"{owner}/{name.replace('-', ' - ') if spaced else name}"


def cip_status(code: str) -> str:
    """`Success (0x00)`."""
    number = int(code, 16)
    name = _CIP_STATUS[number] if number < len(_CIP_STATUS) else "Unknown"
    return f"{name} ({code})"
