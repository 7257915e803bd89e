"""Readers of single values: words, numbers, times, addresses, patterns."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from ipaddress import ip_address, ip_network

from otwatch.config.lines import Entry
from otwatch.config.reading import Faults, Read, Wrong, near, reads
from otwatch.config.site import Address, Host, Network, Spans
from otwatch.words import phrase

PATTERN_LIMIT = 200
"""Characters of a pattern (zones.md 7)."""
_TEXT = {"type": ["string", "number", "boolean"]}
"""A scalar: YAML gives editors numbers where the file means text."""


def _whole(pattern: str) -> dict[str, object]:
    """Text of a form, as JSON Schema says it: there a pattern holds anywhere if it is not anchored."""
    return {"type": ["string", "number"], "pattern": f"^({pattern})$"}


def scalar(entry: Entry) -> str:
    """The text of a single value."""
    if not isinstance(entry.value, str):
        raise Wrong("problem.single")
    return entry.value


@reads(_TEXT)
def text(entry: Entry, _: Faults) -> str:
    return scalar(entry)


def fitting(pattern: str, problem: str) -> Read[str]:
    """Text of a form."""
    form = re.compile(pattern)

    @reads(_whole(pattern))
    def read_fitting(entry: Entry, faults: Faults) -> str:
        said = scalar(entry)
        if not form.fullmatch(said):
            raise Wrong(problem, said=said)
        return said

    return read_fitting


slug = fitting("[a-z0-9_]{1,32}", "problem.slug")
identifier = fitting(r"[A-Za-z0-9._-]{1,64}", "problem.identifier")


def one_of(words: Iterable[str], what: str = "") -> Read[str]:
    """One of these words; `what` names them for long lists, where a near word is offered in place of the list."""
    known = tuple(words)

    @reads({"enum": [*known, *(int(word) for word in known if word.isdecimal())]})
    def read_word(entry: Entry, faults: Faults) -> str:
        said = scalar(entry)
        if said in known:
            return said
        if what:
            raise Wrong("problem.unknown_word", said=said, what=phrase(what), near=near(said, known))
        raise Wrong("problem.word", said=said, known=" ".join(known))

    return read_word


def integer(low: int, high: int) -> Read[int]:
    @reads({"type": "integer", "minimum": low, "maximum": high})
    def read_integer(entry: Entry, faults: Faults) -> int:
        said = scalar(entry)
        value = int(said) if re.fullmatch(r"[-+]?[0-9]{1,18}", said) else None
        if value is None or not low <= value <= high:
            raise Wrong("problem.integer", said=said, low=low, high=high)
        return value

    return read_integer


def real(entry: Entry) -> float:
    said = scalar(entry)
    if not re.fullmatch(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?", said):
        raise Wrong("problem.number", said=said)
    return float(said)


@reads({"type": "number"})
def number(entry: Entry, _: Faults) -> float:
    return real(entry)


@reads({"type": "number", "minimum": 0, "maximum": 1})
def fraction(entry: Entry, faults: Faults) -> float:
    """From 0 to 1."""
    value = real(entry)
    if not 0 <= value <= 1:
        raise Wrong("problem.fraction", said=entry.value)
    return value


@reads({"type": "boolean"})
def flag(entry: Entry, faults: Faults) -> bool:
    said = scalar(entry).lower()
    if said not in {"true", "false"}:
        raise Wrong("problem.boolean", said=said)
    return said == "true"


@reads(_whole("[0-9]{4}-[0-9]{2}-[0-9]{2}"))
def day(entry: Entry, faults: Faults) -> date:
    said = scalar(entry)
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise Wrong("problem.date", said=said) from None


@reads({"type": "string"})
def moment(entry: Entry, faults: Faults) -> datetime:
    said = scalar(entry)
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        raise Wrong("problem.moment", said=said) from None


@reads(_whole("([01][0-9]|2[0-3]):[0-5][0-9]|24:00"))
def clock(entry: Entry, faults: Faults) -> int:
    """Minutes of the day; "24:00" is its end."""
    said = scalar(entry)
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00", said):
        raise Wrong("problem.clock", said=said)
    return int(said[:2]) * 60 + int(said[3:])


@reads({"type": "string"})
def timezone(entry: Entry, faults: Faults) -> str:
    from zoneinfo import ZoneInfo, available_timezones

    said = scalar(entry)
    try:
        ZoneInfo(said)
    except (OSError, ValueError, KeyError):  # KeyError: ZoneInfoNotFoundError; the others: odd names that lead out of the database
        raise Wrong("problem.timezone", said=said, near=near(said, available_timezones())) from None
    return said


@reads({"type": "string"})
def address(entry: Entry, faults: Faults) -> Address:
    said = scalar(entry)
    try:
        return ip_address(said)
    except ValueError:
        raise Wrong("problem.address", said=said) from None


def _network(entry: Entry) -> Network:
    """A network without host bits; a single address is the network of itself."""
    said = scalar(entry)
    try:
        whole = ip_network(said, strict=False)
    except ValueError:
        raise Wrong("problem.cidr", said=said) from None
    if str(whole.network_address) != str(ip_address(said.partition("/")[0])):
        raise Wrong("problem.host_bits", said=said, network=whole)
    return whole


@reads({"type": "string"})
def network(entry: Entry, _: Faults) -> Network:
    return _network(entry)


@reads({"type": ["string", "number"]})
def host(entry: Entry, _: Faults) -> Host:
    said = scalar(entry)
    if re.fullmatch(r"[0-9./]+|[0-9A-Fa-f:./]*:[0-9A-Fa-f:./]*", said):
        return _network(entry)
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", said):
        raise Wrong("problem.host", said=said)
    return said


def _octets(count: int, problem: str) -> Read[str]:
    form = re.compile(rf"[0-9a-f]{{2}}([:-]?[0-9a-f]{{2}}){{{count - 1}}}")

    @reads(_whole(rf"[0-9A-Fa-f]{{2}}([:-]?[0-9A-Fa-f]{{2}}){{{count - 1}}}"))
    def read_octets(entry: Entry, faults: Faults) -> str:
        said = scalar(entry).lower()
        if not form.fullmatch(said):
            raise Wrong(problem, said=said)
        digits = re.sub("[:-]", "", said)
        return ":".join(digits[at : at + 2] for at in range(0, 2 * count, 2))

    return read_octets


mac = _octets(6, "problem.mac")
oui = _octets(3, "problem.oui")


@reads(_whole("([0-9A-Fa-f]{2}){1,16}"))
def hexadecimal(entry: Entry, faults: Faults) -> str:
    said = scalar(entry).lower()
    if not re.fullmatch(r"([0-9a-f]{2}){1,16}", said):
        raise Wrong("problem.hex", said=said)
    return said


def spans(low: int, high: int) -> Read[Spans]:
    """Numbers and ranges: 5, "1-40", "1-40,60"."""

    @reads({"anyOf": [{"type": "integer", "minimum": low, "maximum": high}, {"type": "string", "pattern": "^[0-9 ,-]+$"}]})
    def read_spans(entry: Entry, faults: Faults) -> Spans:
        said = scalar(entry)
        if not re.fullmatch(r"\s*\d{1,10}\s*(-\s*\d{1,10}\s*)?(,\s*\d{1,10}\s*(-\s*\d{1,10}\s*)?)*", said):
            raise Wrong("problem.spans", said=said, low=low, high=high)
        pairs = [part.split("-") for part in said.split(",")]
        found = tuple((int(pair[0]), int(pair[-1])) for pair in pairs)
        if not all(low <= first <= last <= high for first, last in found):
            raise Wrong("problem.spans", said=said, low=low, high=high)
        return found

    return read_spans


@reads({"type": "string", "maxLength": PATTERN_LIMIT})
def pattern(entry: Entry, faults: Faults) -> str:
    """A regular expression that a hostile name cannot make slow: no repeated group, at most 3 repetitions (zones.md 7)."""
    said = scalar(entry)
    if len(said) > PATTERN_LIMIT:
        raise Wrong("problem.regex_length")
    try:
        re.compile(said)
    except re.error as error:
        raise Wrong("problem.regex", reason=error) from None
    bare = re.sub(r"\[\^?\]?[^\]]*\]", "x", re.sub(r"\\.", "x", said))
    if re.search(r"\)\s*[*+{]", bare) or len(re.findall(r"[*+{]", bare)) > 3:
        raise Wrong("problem.regex_repeat")
    return said
