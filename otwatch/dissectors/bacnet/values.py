"""Values of BACnet's thirteen primitive types as text (135-2020 clause 20.2; protocols 2.6).

Enumerations stay numbers: only the property says what they mean. A Real is the shortest text that gives the same 32 bits.
"""

from collections.abc import Callable

from otwatch.dissectors.bacnet.names import OBJECT_TYPES
from otwatch.dissectors.bacnet.tags import APPLICATION, CONTEXT, OPENING, Tag, tag
from otwatch.dissectors.reader import Reader
from otwatch.dissectors.reals import shortest
from otwatch.errors import Malformed
from otwatch.events import TEXT_LIMIT, Secret, clean

NULL, BOOLEAN, UNSIGNED, SIGNED, REAL, DOUBLE, OCTETS, TEXT, BITS, ENUMERATED, DATE, TIME, OBJECT = range(13)

MANY = 64
"""Primitives of one written value that are shown; the rest is only checked."""

_CHARACTER_SETS = {0: "utf-8", 3: "utf-32-be", 4: "utf-16-be", 5: "latin-1"}
_CODE_PAGES = frozenset({437, 850, 852, 858, 865, 932, 936, 949, 950, 1250, 1251, 1252})


def _sized(read: Reader, size: int, right: int) -> bytes:
    if size != right:
        raise Malformed(f"value of {size} octets, {right} expected", read.at)
    return read.take(size)


def unsigned(read: Reader, size: int) -> int:
    """An Unsigned or Enumerated of 1 to 8 octets."""
    if size == 1:
        return read.u8()
    if size == 2:
        return read.u16()
    if not 1 <= size <= 8:
        raise Malformed(f"number of {size} octets", read.at)
    return int.from_bytes(read.take(size))


def signed(read: Reader, size: int) -> int:
    if not 1 <= size <= 8:
        raise Malformed(f"number of {size} octets", read.at)
    return int.from_bytes(read.take(size), signed=True)


def object_id(read: Reader, size: int = 4) -> tuple[int, int]:
    """Object type (10 bits) and instance (22 bits)."""
    if size != 4:
        raise Malformed(f"object identifier of {size} octets", read.at)
    number = read.u32()
    return number >> 22, number & 0x3FFFFF


def text(read: Reader, size: int) -> str:
    """A CharacterString: its first octet names the character set."""
    return clean(_characters(_charset(read, size), read.take(size - 1)))


def secret(read: Reader, size: int) -> Secret:
    """A password: a CharacterString without its character set; the wide sets as UTF-8, so that it can be compared."""
    charset = _charset(read, size)
    raw = read.take(size - 1)
    return Secret(_characters(charset, raw).encode("utf-8", "surrogatepass") if charset in (3, 4) else raw)


def _charset(read: Reader, size: int) -> int:
    if not size:
        raise Malformed("character string without its character set", read.at)
    return read.u8()


def _characters(charset: int, raw: bytes) -> str:
    if charset == 2:  # JIS X 0208, two bytes a character
        return (b"\x1b$B" + raw).decode("iso2022_jp", "backslashreplace")
    if charset == 1:  # DBCS: a code page number stands first
        read = Reader(raw)
        page = read.u16() if read.left >= 2 else 0
        return read.rest().decode(f"cp{page}" if page in _CODE_PAGES else "latin-1", "backslashreplace").rstrip("\0 ")
    return raw.decode(_CHARACTER_SETS.get(charset, "latin-1"), "backslashreplace").rstrip("\0 ")


def real(raw: bytes) -> str:
    """32 bits as the shortest decimal that gives them back."""
    return shortest(raw, "big")


def _bits(read: Reader, size: int) -> str:
    if not size:
        raise Malformed("bit string without its count of unused bits", read.at)
    at = read.at
    unused = read.u8()
    if unused > 7 or (unused and size == 1):
        raise Malformed(f"bit string with {unused} unused bits", at)
    shown = "".join(f"{octet:08b}" for octet in read.take(size - 1))
    return clean(shown[: len(shown) - unused])


def _octets(read: Reader, size: int) -> str:
    raw = read.take(size)
    return raw.hex() if size * 2 <= TEXT_LIMIT else raw[: TEXT_LIMIT // 2 - 1].hex() + "…"


def date(read: Reader, size: int) -> str:
    """Year, month, day, weekday; "*" for any. The weekday says nothing new and is dropped."""
    year, month, day, _ = _sized(read, size, 4)
    return f"{'*' if year == 255 else year + 1900}-{_part(month)}-{_part(day)}"


def time(read: Reader, size: int) -> str:
    hour, minute, second, hundredth = _sized(read, size, 4)
    fraction = "" if hundredth in (0, 255) else f".{hundredth:02d}"
    return f"{_part(hour)}:{_part(minute)}:{_part(second)}{fraction}"


def _part(number: int) -> str:
    return "*" if number == 255 else f"{number:02d}"


def _object(read: Reader, size: int) -> str:
    kind, instance = object_id(read, size)
    return f"{OBJECT_TYPES[kind]} {instance}"


_TYPES: tuple[Callable[[Reader, int], str], ...] = (
    lambda read, size: "null" if not _sized(read, size, 0) else "",
    lambda read, size: "",  # an application Boolean is in its tag
    lambda read, size: str(unsigned(read, size)),
    lambda read, size: str(signed(read, size)),
    lambda read, size: real(_sized(read, size, 4)),
    lambda read, size: shortest(_sized(read, size, 8), "big"),
    _octets,
    text,
    _bits,
    lambda read, size: str(unsigned(read, size)),
    date,
    time,
    _object,
)
"""By application tag number, clause 20.2.2 to 20.2.14."""


def primitive(read: Reader, found: Tag) -> str:
    """The value after tag `found`; a context value, whose type only its property knows, as hex."""
    if found.form == APPLICATION and found.number < len(_TYPES):
        if found.number == BOOLEAN:
            return "true" if found.truth else "false"
        return _TYPES[found.number](read, found.size)
    return f"[{found.number}] {_octets(read, found.size)}"


def value(read: Reader) -> str:
    """All of `read` as text: one primitive as it is, several separated by blanks, constructs in braces."""
    words: list[str] = []
    while read.left and len(words) < MANY:
        found = tag(read)
        if found.form <= CONTEXT:
            words.append(primitive(read, found))
        else:
            words.append(f"[{found.number}]{{" if found.form == OPENING else "}")
    if read.left:
        words.append("…")
    return words[0] if len(words) == 1 else clean(" ".join(words))
