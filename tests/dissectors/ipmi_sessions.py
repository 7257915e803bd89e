"""Messages of IPMI, written by hand from its tables; sessions and numbers are those of detections.md B.17."""

CONSOLE, DEVICE = bytes.fromhex("a0a1a2a3"), bytes.fromhex("b0b1b2b3")
CONSOLE_NONCE, DEVICE_NONCE, GUID = bytes(range(16)), bytes(range(0x10, 0x20)), bytes(range(0x20, 0x30))
CODE = bytes.fromhex("055db56652f4bdca976ed4a7df3ee7d783de825a")
"""Of the user ADMIN with the password ADMIN, by SHA-1."""


def rmcp(kind: int, rest: bytes) -> bytes:
    return bytes((6, 0, 0xFF, kind)) + rest


def plus(kind: int, payload: bytes, session: bytes = bytes(4), number: int = 0) -> bytes:
    return rmcp(7, bytes((6, kind)) + session + number.to_bytes(4, "little") + len(payload).to_bytes(2, "little") + payload)


def message(function: int, command: int, data: bytes = b"", *, number: int = 4) -> bytes:
    """13.8, without a session; the two sums are not looked at."""
    body = bytes((0x20, function << 2, 0xC8, 0x81, number << 2, command)) + data + b"\x38"
    return rmcp(7, bytes(9) + bytes((len(body),)) + body)


def rakp_1(user: bytes, tag: int = 5) -> bytes:
    return plus(0x12, bytes((tag, 0, 0, 0)) + DEVICE + CONSOLE_NONCE + bytes((0x14, 0, 0, len(user))) + user)


def rakp_2(code: bytes, status: int = 0, tag: int = 5) -> bytes:
    return plus(0x13, bytes((tag, status, 0, 0)) + CONSOLE + (DEVICE_NONCE + GUID + code if not status else b""))


def rakp_3(status: int = 0, tag: int = 6) -> bytes:
    return plus(0x14, bytes((tag, status, 0, 0)) + DEVICE + (bytes(20) if not status else b""))


def rakp_4(status: int = 0, tag: int = 6) -> bytes:
    return plus(0x15, bytes((tag, status, 0, 0)) + CONSOLE + (bytes(12) if not status else b""))


def proposal(kind: int, algorithm: int) -> bytes:
    return bytes((kind, 0, 0, 8, algorithm, 0, 0, 0))


def open_session(algorithm: int, tag: int = 1) -> bytes:
    return plus(0x10, bytes((tag, 0, 0, 0)) + CONSOLE + proposal(0, algorithm) + proposal(1, algorithm) + proposal(2, algorithm))


def opened(algorithm: int, status: int = 0, tag: int = 1) -> bytes:
    chosen = DEVICE + proposal(0, algorithm) + proposal(1, algorithm) + proposal(2, algorithm)
    return plus(0x11, bytes((tag, status, 4, 0)) + CONSOLE + (chosen if not status else b""))


PING = rmcp(6, bytes.fromhex("000011be80090000"))
PONG = rmcp(6, bytes.fromhex("000011be40090010000011be000000008100000000000000"))
CAPABILITIES = message(6, 0x38, bytes((0x8E, 4)))
OPEN_TO_ALL = message(7, 0x38, bytes((0, 1, 0x97, 0x1B, 3, 0, 0, 0, 0)))
DEVICE_ID = message(7, 0x01, bytes.fromhex("002001034502bf3e0200123400000000"))
POWER_DOWN = message(0, 0x02, b"\x00")
NEW_PASSWORD = message(6, 0x47, bytes((2, 2)) + b"canary".ljust(16, b"\0"))
ACTIVATE = bytes((0x20, 0x18, 0xC8, 0x81, 0x10, 0x3A)) + bytes(23)
PLAIN = rmcp(7, bytes((4,)) + bytes(8) + b"canary".ljust(16, b"\0") + bytes((len(ACTIVATE),)) + ACTIVATE)
SEALED = plus(0xC0, bytes(32), DEVICE, 7) + bytes(16)
GOOD = (
    PING, PONG, CAPABILITIES, OPEN_TO_ALL, DEVICE_ID, POWER_DOWN, NEW_PASSWORD, PLAIN, SEALED, open_session(1), opened(1), rakp_1(b"ADMIN"),
    rakp_2(CODE), rakp_2(b"", 0x0D), rakp_3(), rakp_4(),
)  # fmt: skip
