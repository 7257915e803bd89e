"""IPMI over RMCP: the management controllers of servers, which stop and start them whatever runs on them (IPMI 2.0 revision 1.1, section
13; ASF 2.0 section 3.2).

    RMCP      version 6, 0, number, class: 6 ASF, 7 IPMI
    ASF       enterprise 4542, kind (ping, pong), tag, 0, length, data
    session   1.5: kind of proof, number, session, [proof 16], length       2.0: 6, kind of payload, session, number, length
    message   to, function and LUN, sum, from, number and LUN, command, [completion code], data, sum

A session of version 2.0 opens with five messages (rakp.py); behind them what is sent is mostly encrypted. An odd function is an answer.
"""

from collections.abc import Iterator

from otwatch.dissectors.base import Dissector
from otwatch.dissectors.ipmi import rakp
from otwatch.dissectors.ipmi.commands import COMMANDS, FUNCTIONS, Command, action, facts
from otwatch.dissectors.reader import Reader
from otwatch.dissectors.snmp.oids import ENTERPRISES
from otwatch.errors import Malformed
from otwatch.events import UNNAMED, Answer, Credential, Event, Identity, Request, Secret, Verb

NAME = "ipmi"
_VERSION, _ASF, _IPMI, _ACKNOWLEDGES, _CLASS = 6, 6, 7, 0x80, 0x1F
_PING, _PONG, _ALERTING = 0x80, 0x40, 4542
_HAS_IPMI = 0x80
_NONE, _PLAIN, _PLUS = 0, 4, 6
_MESSAGE, _KIND, _ENCRYPTED = 0, 0x3F, 0x80
_OEM = 2
_CLASSES = frozenset({_ASF, _IPMI, _ASF | _ACKNOWLEDGES, _IPMI | _ACKNOWLEDGES})


def looks_like(read: Reader, _hinted: bool) -> bool:
    version, reserved, _, kind = read.fields("BBBB")
    return version == _VERSION and not reserved and kind in _CLASSES


def decode(read: Reader, is_request: bool | None) -> Iterator[Event]:
    read.take(2)
    read.aside(1)
    kind = read.u8()
    if kind & _ACKNOWLEDGES:
        return
    yield from _alerting(read) if kind & _CLASS == _ASF else _session(read, is_request)


def _alerting(read: Reader) -> Iterator[Event]:
    """ASF 2.0 3.2.4.3: who is there, and who made it."""
    enterprise = read.u32()
    if enterprise != _ALERTING:
        raise Malformed(f"enterprise {enterprise} is not that of ASF", read.at)
    kind = read.u8()
    read.ticket(1)
    read.take(2)
    if kind == _PING:
        yield Request(NAME, Verb.DISCOVER, "Presence Ping", _PING)
    elif kind == _PONG:
        yield Answer(NAME, "Presence Ping", _PING)
        maker = read.u32()
        read.take(4)
        if read.u8() & _HAS_IPMI:
            vendor = ENTERPRISES.get(maker, "")
            yield Identity(NAME, (), (("application", "IPMI"), *((("vendor", vendor),) if vendor else ())))
        read.take(read.left)


def _session(read: Reader, is_request: bool | None) -> Iterator[Event]:
    proof = read.u8()
    if proof == _PLUS:
        yield from _plus(read, is_request)
        return
    read.aside(8)
    code = read.part(16) if proof != _NONE else None
    message = read.part(read.u8())
    yield from _message(message, code if proof == _PLAIN else None)
    if code is not None and code.left:
        code.aside(code.left)
    read.aside(read.left)  # a byte that fills up (13.6)


def _plus(read: Reader, is_request: bool | None) -> Iterator[Event]:
    kind = read.u8()
    read.take(6 if kind & _KIND == _OEM else 0)
    read.aside(8)
    payload = read.part(read.le16())
    if kind & _ENCRYPTED or kind & _KIND not in {_MESSAGE, *rakp.KINDS}:
        payload.aside(payload.left)
        yield Answer(NAME, "Encrypted", UNNAMED) if is_request is False else Request(NAME, Verb.SESSION, "Encrypted", 0, one_way=True)
    else:
        yield from _message(payload, None) if kind & _KIND == _MESSAGE else rakp.decode(payload, kind & _KIND)
    read.aside(read.left)  # pad, its length, and the proof of the message (13.28.4)


def _message(read: Reader, plain: Reader | None) -> Iterator[Event]:
    """5.2 of the IPMB, 13.8 over a network; `plain` is the place of a password that is sent as it is."""
    read.take(1)
    function = read.u8() >> 2
    read.take(2)
    read.ticket(1)
    number = read.u8()
    command = COMMANDS.get((function & ~1, number)) or _unnamed(function & ~1, number)
    code = (function & ~1) << 8 | number
    if function & 1:
        yield from _answer(read, command, code)
        return
    if command.name == "Activate Session" and plain is not None:
        yield Request(NAME, command.verb, command.name, code)
        yield Credential(NAME, "", Secret(plain.rest().rstrip(b"\0")))
    else:
        details = (("action", action(read.u8())),) if command.name == "Chassis Control" else ()
        yield Request(NAME, command.verb, command.name, code, details=details)
    read.aside(read.left)


def _answer(read: Reader, command: Command, code: int) -> Iterator[Event]:
    completion = read.u8()
    error = f"completion code 0x{completion:02x}" if completion else ""
    yield Answer(NAME, command.name, code, error=error, error_code=f"0x{completion:02x}" if completion else "")
    fields = facts(command.name, read) if not completion else ()
    if fields:
        yield Identity(NAME, (), fields)
    read.aside(read.left)


def _unnamed(function: int, number: int) -> Command:
    area, verb = FUNCTIONS.get(function, (f"function {function}", Verb.OTHER))
    return Command(f"{area} command 0x{number:02x}", verb)


IPMI = Dissector(
    name=NAME,
    title="IPMI",
    transports=frozenset({"udp"}),
    ports=frozenset({623}),
    looks_like=looks_like,
    decode=decode,
    answered=rakp.answered,
    fixed=True,
    marks=((0, frozenset({_VERSION})), (1, frozenset({0})), (3, _CLASSES)),
)
