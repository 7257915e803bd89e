"""S7comm of Siemens controllers (S7-300, S7-400, and those that speak it besides): no public specification.

    TPKT and COTP (`cotp`) | 32 | kind 1 | 0000 | reference 2 | length of the parameter 2, of the data 2 [| error 2] | parameter | data
    kind 1 a job, 2 and 3 its answer, 7 userdata, which tells itself whether it asks or answers

What a connection request says of the station that calls (programming device, panel) and of rack and slot stands in its TSAPs.
S7comm-plus of newer controllers is another protocol in the same envelope: `PLUS` recognises it, and nobody can read it.
"""

from collections.abc import Iterable, Iterator

from otwatch.dissectors import cotp
from otwatch.dissectors.base import Dissector
from otwatch.dissectors.cotp import cut
from otwatch.dissectors.reader import Reader
from otwatch.dissectors.s7 import jobs, userdata
from otwatch.dissectors.s7.codes import ACK, ACK_DATA, JOB, NAME, STATIONS, USERDATA
from otwatch.errors import Malformed
from otwatch.events import Answer, Details, Event, Request, Verb

PROTOCOL, PROTOCOL_PLUS = 0x32, 0x72
KINDS = {JOB: 10, ACK: 12, ACK_DATA: 12, USERDATA: 10}
"""Kind of a message, and the bytes of its header."""
VERSIONS = frozenset({1, 2, 3, 0xFE})
"""Of S7comm-plus: plain, with digests, signed; keep-alive."""
_REFERENCE = 4


def looks_like(read: Reader, _: bool) -> bool:
    """Data that begins with a header whose lengths fit; behind a connection request it may not be here yet."""
    data = cotp.first_data(read)
    if data is None or data.left < KINDS[JOB]:
        return False
    protocol, kind, parameter, size = data.ahead(">BB4xHH")
    return protocol == PROTOCOL and kind in KINDS and KINDS[kind] + parameter + size == data.left


def looks_like_plus(read: Reader, _: bool) -> bool:
    """Data that begins with 72, a version and a length that fits."""
    data = cotp.first_data(read)
    if data is None or data.left < 4:
        return False
    protocol, version, size = data.ahead(">BBH")
    return protocol == PROTOCOL_PLUS and version in VERSIONS and size <= data.left - 4


def decode(read: Reader, _: bool | None) -> Iterable[Event]:
    """One message of the transport: a connection's, or a job, an answer, userdata."""
    kind = cotp.kind(read)
    if kind == cotp.DATA:
        return _message(read)
    if kind in (cotp.REQUEST, cotp.CONFIRM):
        return (_connection(kind, cotp.selectors(read)),)
    if kind not in cotp.ENDS:
        raise Malformed(f"type 0x{kind:02x} is not of the transport", read.at + 5)
    return (Request(NAME, Verb.SESSION, cotp.ENDS[kind], kind, one_way=True),)


def _message(read: Reader) -> Iterator[Event]:
    data = cotp.content(read)
    if not data.left:
        return
    protocol, kind = data.fields(">BB")
    if protocol != PROTOCOL or kind not in KINDS:
        raise Malformed(f"header {protocol:02x} {kind:02x} is not that of S7comm", data.at - 2)
    data.take(_REFERENCE - 2)
    data.ticket(2)
    parameter_size, size = data.fields(">HH")
    error = data.u16() if kind in (ACK, ACK_DATA) else 0
    parameter = data.part(parameter_size)
    contents = data.part(size)
    if kind == JOB:
        yield from jobs.job(parameter, contents)
    elif kind == USERDATA:
        yield from userdata.decode(parameter, contents)
    else:
        yield from jobs.answer(parameter, contents, error)
    if data.left:
        raise Malformed("bytes behind the message", data.at)


def _connection(kind: int, said: cotp.Selectors) -> Event:
    details = _selected(said)
    if kind == cotp.REQUEST:
        return Request(NAME, Verb.SESSION, "Connect", cotp.REQUEST, details=details)
    return Answer(NAME, "Connect", cotp.REQUEST)


def _selected(said: cotp.Selectors) -> Details:
    """A TSAP of two bytes: the kind of station, then rack and slot; newer ones are names ("SIMATIC-ROOT-HMI")."""
    found: list[tuple[str, str]] = []
    for name, raw in (("station", said.calling), ("called", said.called)):
        if len(raw) == 2:
            kind, place = Reader(raw).fields(">BB")
            found.append((name, STATIONS.get(kind, f"{raw.hex()}")))
            found += [("rack", str(place >> 5)), ("slot", str(place & 0x1F))] if name == "called" else []
    return tuple(found)


def joined(request: Request, read: Reader) -> Iterable[Event]:
    """Blocks that were read out, and system status lists."""
    said = dict(request.details)
    if said.get("transfer") == "upload-block" or "szl" in said:
        data = cotp.content(read)
        data.take(_REFERENCE + 2)
        parameter, _ = data.fields(">HH")
        if "szl" in said:
            data.take(3)
            yield from userdata.joined(request, data)
            return
        data.take(2 + parameter)
        yield Answer(NAME, request.operation, request.code, details=jobs.uploaded(data))


def silent(_read: Reader, _is_request: bool | None) -> Iterable[Event]:
    """What is signed or encrypted says nothing."""
    return ()


S7 = Dissector(
    name=NAME,
    title="S7comm",
    transports=frozenset({"tcp"}),
    ports=frozenset({102}),
    looks_like=looks_like,
    cut=cut,
    decode=decode,
    tells=True,
    joined=joined,
    marks=cotp.MARKS,
)
PLUS = Dissector(
    name="s7-plus",
    title="S7comm-plus",
    transports=frozenset({"tcp"}),
    ports=frozenset({102}),
    looks_like=looks_like_plus,
    cut=cut,
    decode=silent,
    sealed=True,
    marks=cotp.MARKS,
)
