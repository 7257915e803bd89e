"""What was seen between zones: one cell for who began, toward which zone, in which protocol, with how often each verb was asked.

`cells` is computed from rows alone; everything that draws or lists flows between zones begins with it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from otwatch.outputs.documents import document, plain
from otwatch.outputs.layout import Paragraph, bullets, copied, heading, indented
from otwatch.outputs.tables import Cell as Value
from otwatch.outputs.tables import Column, View
from otwatch.outputs.voice import GROUP, Voice
from otwatch.results import AssetRow, ConduitRow, LinkRow, ZoneRow
from otwatch.sightings import Frame

if TYPE_CHECKING:
    from rich.console import RenderableType

WORST_FIRST = ("forbidden", "violation", "undeclared", "not judged", "allowed", "intra")
CHANGES = ("WRITE", "CONTROL", "PROGRAM", "ADMIN", "TIME")
VERBS = ("DISCOVER", "READ", "SUBSCRIBE", *CHANGES, "ALARM", "FILE", "SESSION", "AUTH", "OTHER")
BEST_FIRST = ("established", "refused", "attempt")
MARKS = {"forbidden": "!", "violation": "~", "undeclared": "?", "not judged": "·", "allowed": " ", "intra": " "}
"""Beside what is done in a square of the map: the worst verdict on it."""


class Cell(NamedTuple):
    """What hosts of one zone did with hosts of another in one protocol.

    protocol   its name; "tcp/8443" where none is known
    verdict    the worst of its conversations, `verdicts` how many have which; `rules` the rules and conduits that decided
    writes     requests that change something (CHANGES)
    days       the most days (UTC) on which one of its conversations was seen
    frame      the first frame of the first conversation with that verdict
    """

    client_zone: str
    server_zone: str
    protocol: str
    conversations: int
    clients: int
    servers: int
    packets: int
    bytes_sent: int
    bytes_received: int
    verbs: dict[str, int]
    reads: int
    writes: int
    errors: int
    verdict: str
    verdicts: dict[str, int]
    rules: tuple[str, ...]
    state: str
    days: int
    first_ns: int
    last_ns: int
    frame: Frame


def crossing(links: Iterable[LinkRow], assets: Iterable[AssetRow]) -> Iterator[LinkRow]:
    """Conversations from one zone to another. What is told to everybody reaches no zone, unless it was judged (domain/zones.md 9.3)."""
    groups = {asset.key for asset in assets if asset.kind == GROUP}
    for link in links:
        if link.client_zone != link.server_zone and not (link.server in groups and link.verdict == "not judged"):
            yield link


def cells(links: Iterable[LinkRow], zones: Sequence[ZoneRow]) -> tuple[Cell, ...]:
    """The cells of these conversations, in the order of the zones and then of the protocols' names."""
    place = {zone.id: at for at, zone in enumerate(zones)}
    groups: dict[tuple[str, str, str], list[LinkRow]] = {}
    for link in links:
        groups.setdefault((link.client_zone, link.server_zone, spoken(link)), []).append(link)
    unknown = len(place)
    keys = sorted(groups, key=lambda key: (place.get(key[0], unknown), key[0], place.get(key[1], unknown), key[1], key[2]))
    return tuple(_cell(key, groups[key]) for key in keys)


def rank(verdict: str) -> int:
    """Worst first; words that no otwatch wrote come last."""
    return WORST_FIRST.index(verdict) if verdict in WORST_FIRST else len(WORST_FIRST)


def spoken(link: LinkRow) -> str:
    """The protocol's name; where none is known, the transport with its port."""
    return link.protocol or (f"{link.transport}/{link.port}" if link.port else link.transport)


def _cell(key: tuple[str, str, str], links: list[LinkRow]) -> Cell:
    verbs: Counter[str] = Counter()
    for link in links:
        verbs.update(link.verbs)
    worst = min(links, key=lambda link: (rank(link.verdict), link.first_ns, link.frame))
    return Cell(
        *key,
        conversations=len(links),
        clients=len({link.client for link in links}),
        servers=len({link.server for link in links}),
        packets=_sum(links, "packets"),
        bytes_sent=_sum(links, "bytes_sent"),
        bytes_received=_sum(links, "bytes_received"),
        verbs={verb: verbs[verb] for verb in VERBS if verbs[verb]},
        reads=verbs["READ"],
        writes=_sum(links, "writes"),
        errors=_sum(links, "errors"),
        verdict=worst.verdict,
        verdicts=dict(sorted(Counter(link.verdict for link in links).items(), key=lambda pair: (rank(pair[0]), pair[0]))),
        rules=tuple(sorted({link.rule for link in links if link.rule})),
        state=next((state for state in BEST_FIRST if any(link.state == state for link in links)), ""),
        days=max(link.days for link in links),
        first_ns=min(link.first_ns for link in links),
        last_ns=max(link.last_ns for link in links),
        frame=worst.frame,
    )


def _sum(links: list[LinkRow], field: str) -> int:
    return sum(map(attrgetter(field), links))


# -- documents --------------------------------------------------------------------------------------------------------------------------


def matrix_document(found: Sequence[Cell], zones: Sequence[ZoneRow], conduits: Sequence[ConduitRow]) -> str:
    """Zones, what is declared between them, and what was seen: all that a map needs."""
    return document({"zones": plain(tuple(zones)), "conduits": plain(tuple(conduits)), "matrix": plain(tuple(found))})


def _field(name: str) -> Callable[[Cell, Voice], Value]:
    read = attrgetter(name)
    return lambda cell, _: read(cell)


def _verb(name: str) -> Column:
    return Column(f"verb_{name}", lambda cell, _: cell.verbs.get(name, 0))


MATRIX = View("matrix", (
    Column("client_zone", _field("client_zone")),
    Column("server_zone", _field("server_zone")),
    Column("protocol", _field("protocol")),
    Column("verdict", lambda cell, voice: voice.words.term("verdict", cell.verdict)),
    Column("rule", lambda cell, _: ", ".join(cell.rules)),
    Column("state", lambda cell, voice: voice.words.term("state", cell.state)),
    *(Column(name, _field(name)) for name in ("conversations", "clients", "servers", "packets", "bytes_sent", "bytes_received")),
    *(Column(name, _field(name)) for name in ("reads", "writes", "errors", "days")),
    *map(_verb, VERBS),
    Column("first", lambda cell, voice: voice.stamp(cell.first_ns)),
    Column("last", lambda cell, voice: voice.stamp(cell.last_ns)),
    Column("frame", lambda cell, _: f"{cell.frame.capture} {cell.frame.number}"),
), "matrix.none")  # fmt: skip


# -- for people -------------------------------------------------------------------------------------------------------------------------


def matrix_text(found: Sequence[Cell], zones: Sequence[ZoneRow], voice: Voice, width: int) -> "Iterator[RenderableType]":
    """A map of who begins toward whom, and below it each pair of zones with its protocols. `width` of the terminal, in columns."""
    words = voice.words
    yield heading(words("matrix.title"))
    if not found:
        yield indented(Paragraph(words("matrix.none")))
        return
    for line in _map(found, [zone.id for zone in zones], width):
        yield copied(line, 2)
    yield indented(Paragraph(words("matrix.legend"), "dim"))
    yield heading(words("matrix.pairs"))
    for pair in _pairs(found):
        yield indented(Paragraph(_pair_line(pair, voice), "bold"))
        worst = min((cell.verdict for cell in pair), key=rank)
        yield indented(bullets(_cell_lines(cell, voice, worst) for cell in pair), 4)


def _map(found: Sequence[Cell], order: Sequence[str], width: int) -> Iterator[str]:
    """Rows begin, columns are reached; both by the number of the zone. Only zones that take part; blocks as wide as the terminal."""
    met = {zone for cell in found for zone in (cell.client_zone, cell.server_zone)}
    zones = [zone for zone in (*order, *sorted(met - set(order))) if zone in met]
    names = {zone: f"{at:>2} {zone or '-'}" for at, zone in enumerate(zones, 1)}
    left = max(map(len, names.values())) + 1
    room = max(1, (width - 2 - left) // 3)
    squares = {(pair[0].client_zone, pair[0].server_zone): _square(pair) for pair in _pairs(found)}
    for first in range(0, len(zones), room):
        block = zones[first : first + room]
        yield " " * left + "".join(f"{zones.index(zone) + 1:>2} " for zone in block).rstrip()
        for zone in zones:
            row = "".join(" \\ " if zone == other else f" {squares.get((zone, other), '. ')}" for other in block)
            yield (names[zone].ljust(left) + row).rstrip()


def _square(pair: Sequence[Cell]) -> str:
    """W: something is changed; R: only read, discovered, told; s: connected, content unknown; a: tried only; then the worst verdict."""
    verbs = {verb for cell in pair for verb in cell.verbs}
    tried = all(cell.state != "established" for cell in pair)
    letter = "W" if any(cell.writes for cell in pair) else "a" if tried else "R" if verbs - {"SESSION", "AUTH", "OTHER"} else "s"
    return letter + MARKS.get(min((cell.verdict for cell in pair), key=rank), "·")


def _pairs(found: Sequence[Cell]) -> list[list[Cell]]:
    pairs: dict[tuple[str, str], list[Cell]] = {}
    for cell in found:
        pairs.setdefault((cell.client_zone, cell.server_zone), []).append(cell)
    return list(pairs.values())


def _pair_line(pair: Sequence[Cell], voice: Voice) -> str:
    """By their ids, as the map and the site file name them."""
    worst = min((cell.verdict for cell in pair), key=rank)
    client, server = (zone or voice.zone(zone) for zone in (pair[0].client_zone, pair[0].server_zone))
    ends = voice.words("traffic.between", client=client, server=server)
    return voice.words("matrix.pair", ends=ends, verdict=voice.words.term("verdict", worst))


def _cell_lines(cell: Cell, voice: Voice, said_above: str) -> tuple[str, ...]:
    """What is done, and what is judged of it where that says more than the line of the two zones."""
    words, amount = voice.words, cell.bytes_sent + cell.bytes_received
    done = [f"{words.term('verb', verb)} {words.number(times)}" for verb, times in cell.verbs.items()]
    said = [*(done or [words.term("state", cell.state)]), *([voice.size(amount)] if amount else [])]
    counted = {"clients": words.count("client", cell.clients), "servers": words.count("server", cell.servers)}
    judged = [words.term("verdict", verdict) + (f" {times}" if len(cell.verdicts) > 1 else "") for verdict, times in cell.verdicts.items()]
    rules = f" ({', '.join(cell.rules)})" if cell.rules else ""
    line = words("matrix.cell", protocol=cell.protocol, done=", ".join(said), **counted)
    return (line,) if not rules and set(cell.verdicts) == {said_above} else (line, ", ".join(judged) + rules)
