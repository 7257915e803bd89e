"""What an answer says once its request is known: an answer of CIP names no object (CIP volume 1, 2-4.2)."""

from collections.abc import Iterator

from otwatch.dissectors.cip import connection, pccc, router
from otwatch.dissectors.cip.identity import ALL, SINGLE
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Anomaly, Details, Event, Identity, Request

_GET_ALL, _GET_LIST, _GET_SINGLE, _EXECUTE_PCCC = 0x01, 0x03, 0x0E, 0x4B


def joined(request: Request, message: Reader) -> Iterator[Event]:
    """What the answer `message` (a CIP message) says, now that `request` tells which object it is about: of the device, of a connection.

    Behind a connection stands whoever it was opened to; the subject of an identity names it as its first hop.
    """
    try:
        data = router.reply(message, dict(request.details).get("packet", ""))
        if connection.opens(request):
            yield connection.opened(request, data)
            return
        facts = _facts(request, data)
    except Malformed as flaw:
        yield Anomaly("cip", flaw.reason, flaw.offset, beside=True)
        return
    if facts:
        yield Identity("cip", connection.through(request), facts)


def _facts(request: Request, data: Reader) -> Details:
    if not data.left:
        return ()
    if request.code == _EXECUTE_PCCC:
        return pccc.bulletin(data) if ("fnc", "0x03") in request.details and ("cmd", "0x06") in request.details else ()
    objects = [_object(point.name) for point in request.points]
    if not objects or objects[0][1] != 1:
        return ()
    number = objects[0][0]
    if request.code == _GET_ALL:
        return ALL[number](data) if number in ALL else ()
    if request.code == _GET_SINGLE:
        single = SINGLE.get((number, objects[0][2]))
        return single(data) if single else ()
    return _listed(number, data) if request.code == _GET_LIST else ()


def _object(name: str) -> tuple[int, int, int]:
    """Class, instance and attribute of a point "0x01/1/7"; zeros for what is not named or is a tag."""
    parts = name.split("/")
    if not parts[0].startswith("0x") or not all(part.isdecimal() for part in parts[1:]) or len(parts) > 3:
        return 0, 0, 0
    numbers = [int(parts[0], 16), *map(int, parts[1:]), 0, 0]
    return numbers[0], numbers[1], numbers[2]


def _listed(number: int, data: Reader) -> Details:
    """Get Attribute List: each attribute's number and status before its value, up to the first whose size we do not know."""
    facts: list[tuple[str, str]] = []
    for _ in range(data.le16()):
        attribute, refused = data.le16(), data.le16()
        known = SINGLE.get((number, attribute))
        if refused:
            continue
        if known is None:
            break
        facts.extend(known(data))
    return tuple(facts)
