"""Messages of LDAP, written by hand from RFC 4511."""


def ber(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return bytes((tag, len(body))) + body


def message(*parts: bytes, number: int = 1) -> bytes:
    return ber(0x30, ber(2, bytes((number,))), *parts)


def bind(name: bytes, proof: bytes) -> bytes:
    return message(ber(0x60, ber(2, b"\3"), ber(4, name), proof))


def answer(tag: int, result: int) -> bytes:
    return message(ber(tag, ber(10, bytes((result,))), ber(4), ber(4)))


NAME = b"cn=gtb,dc=hopital"
BIND, UNPROVEN, ANONYMOUS = bind(NAME, ber(0x80, b"canary")), bind(NAME, ber(0x80)), bind(b"", ber(0x80))
SASL = bind(b"", ber(0xA3, ber(4, b"GSS-SPNEGO"), ber(4, b"token")))
GRANTED, REFUSED, TO_COME = answer(0x61, 0), answer(0x61, 49), answer(0x61, 14)
SEARCH = message(ber(0x63, ber(4, b"dc=hopital"), b"\x0a\1\2\x0a\1\0\2\1\0\2\1\0\1\1\0\x87\x0bobjectclass", ber(0x30)), number=2)
START_TLS, STARTED = message(ber(0x77, ber(0x80, b"1.3.6.1.4.1.1466.20037"))), answer(0x78, 0)
GOOD = (BIND, UNPROVEN, ANONYMOUS, SASL, GRANTED, REFUSED, TO_COME, SEARCH, START_TLS, STARTED)
