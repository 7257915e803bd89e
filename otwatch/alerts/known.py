"""What detections are told: how much was asked and written so far, and what a person said of their findings (model.Site)."""

from typing import NamedTuple


class Cap(NamedTuple):
    """The most a finding may weigh, 0 to 4, and why a person said so."""

    most: int
    reason: str


class Exchange(NamedTuple):
    """What a client has asked a server in a protocol so far, how much of it failed, and since when; all 0 where it never did."""

    requests: int = 0
    errors: int = 0
    since_ns: int = 0


class Held(NamedTuple):
    """Who commands a BACnet object at a priority, with which value, since when."""

    priority: int
    client: str
    value: str
    since_ns: int


class Setting(NamedTuple):
    """How often a point was written so far, by whomever, and since when; both 0 where it never was.

    before   the value written before the last one, "" where none was seen
    held     its priority array, as far as writes were seen
    """

    writes: int = 0
    first_ns: int = 0
    before: str = ""
    held: tuple[Held, ...] = ()
