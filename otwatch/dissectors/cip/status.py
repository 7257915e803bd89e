"""Words for the status of a CIP answer (CIP volume 1, appendix B; volume 1, 3-5.6; Rockwell 1756-RM003; domain/protocols.md 3.10)."""

SUCCESS, PARTIAL = 0x00, 0x06
_DONE = frozenset({SUCCESS, PARTIAL})

GENERAL = {
    0x00: "Success",
    0x01: "Connection failure",
    0x02: "Resource unavailable",
    0x03: "Invalid parameter value",
    0x04: "Path segment error",
    0x05: "Path destination unknown",
    0x06: "Partial transfer",
    0x07: "Connection lost",
    0x08: "Service not supported",
    0x09: "Invalid attribute value",
    0x0A: "Attribute list error",
    0x0B: "Already in requested mode/state",
    0x0C: "Object state conflict",
    0x0D: "Object already exists",
    0x0E: "Attribute not settable",
    0x0F: "Privilege violation",
    0x10: "Device state conflict",
    0x11: "Reply data too large",
    0x12: "Fragmentation of a primitive value",
    0x13: "Not enough data",
    0x14: "Attribute not supported",
    0x15: "Too much data",
    0x16: "Object does not exist",
    0x17: "Service fragmentation sequence not in progress",
    0x18: "No stored attribute data",
    0x19: "Store operation failure",
    0x1A: "Routing failure, request packet too large",
    0x1B: "Routing failure, response packet too large",
    0x1C: "Missing attribute list entry data",
    0x1D: "Invalid attribute value list",
    0x1E: "Embedded service error",
    0x1F: "Vendor specific error",
    0x20: "Invalid parameter",
    0x21: "Write-once value or medium already written",
    0x22: "Invalid reply received",
    0x23: "Buffer overflow",
    0x24: "Invalid message format",
    0x25: "Key failure in path",
    0x26: "Path size invalid",
    0x27: "Unexpected attribute in list",
    0x28: "Invalid Member ID",
    0x29: "Member not settable",
    0x2A: "Group 2 only server general failure",
    0x2B: "Unknown Modbus error",
    0x2C: "Attribute not gettable",
    0xFF: "General error",
}

CONNECTION = {
    0x0100: "Connection in use or duplicate Forward Open",
    0x0103: "Transport class and trigger combination not supported",
    0x0106: "Ownership conflict",
    0x0107: "Target connection not found",
    0x0108: "Invalid network connection parameter",
    0x0109: "Invalid connection size",
    0x0110: "Target for connection not configured",
    0x0111: "RPI not supported",
    0x0112: "RPI value(s) not acceptable",
    0x0113: "Out of connections",
    0x0114: "Vendor ID or product code mismatch",
    0x0115: "Device type mismatch",
    0x0116: "Revision mismatch",
    0x0117: "Invalid produced or consumed application path",
    0x0118: "Invalid or inconsistent configuration application path",
    0x0119: "Non-listen only connection not opened",
    0x011A: "Target object out of connections",
    0x0203: "Connection timed out",
    0x0204: "Unconnected request timed out",
    0x0205: "Parameter error in unconnected request",
    0x0206: "Message too large for Unconnected Send",
    0x0301: "No buffer memory available",
    0x0302: "Network bandwidth not available for data",
    0x0303: "No consumed connection ID filter available",
    0x0311: "Port not available",
    0x0312: "Link address not valid",
    0x0315: "Invalid segment in connection path",
    0x0316: "Forward Close connection path mismatch",
    0x0318: "Link address to self invalid",
    0x031A: "Rack connection already established",
    0x031B: "Module connection already established",
}
"""Extended status of general status 1 (volume 1, table 3-5.29)."""

CONTROLLER = {
    0x2001: "Excessive IOI",
    0x2002: "Bad parameter value",
    0x2018: "Semaphore reject",
    0x2100: "Privilege failure",
    0x2101: "Invalid keyswitch position",
    0x2102: "Password invalid",
    0x2103: "No password issued",
    0x2104: "Address out of range",
    0x2105: "Access beyond end of the object",
    0x2106: "Data in use",
    0x2107: "Tag type does not match",
    0x2108: "Controller in upload or download mode",
    0x210B: "Symbol does not exist",
    0x2110: "Unable to write",
    0x2111: "Unable to read",
    0x2112: "Shared routine not editable",
    0x2113: "Controller in faulted mode",
    0x2114: "Run mode inhibited",
}
"""Extended status of Rockwell controllers with general status 0xff (1756-RM003)."""

EXTENDED = {0x01: CONNECTION, 0xFF: CONTROLLER}

LOCAL = {
    0x00: "Success",
    0x10: "Illegal command or format",
    0x20: "Host has a problem and will not communicate",
    0x30: "Remote node host is missing, disconnected, or shut down",
    0x40: "Host could not complete function due to hardware fault",
    0x50: "Addressing problem or memory protect rungs",
    0x60: "Function not allowed due to command protection selection",
    0x70: "Processor is in Program mode",
    0x80: "Compatibility mode file missing or communication zone problem",
    0x90: "Remote node cannot buffer command",
    0xF0: "Error code in the EXT STS byte",
}
"""STS byte of a PCCC answer (1770-6.5.16)."""


def words(general: int, extended: int | None) -> str:
    """The status in words; "" where the service was done (Partial transfer: done so far, more follows)."""
    if general in _DONE:
        return ""
    said = GENERAL.get(general, f"General status 0x{general:02x}")
    more = EXTENDED.get(general, {}).get(extended or 0, "")
    return f"{said}: {more}" if more else said


def code(general: int, extended: int | None) -> str:
    """The status in numbers, "0x01/0x0107"; "" where the service was done."""
    if general in _DONE:
        return ""
    return f"0x{general:02x}" if extended is None else f"0x{general:02x}/0x{extended:04x}"
