"""IEC 60870-5-104 on literal APDUs, and on real dialogues."""

from pathlib import Path

import pytest

from otwatch.dissectors.iec104 import IEC104, TYPES
from otwatch.events import Anomaly, Answer, Event, Point, Request, Verb
from otwatch.sightings import Outcome
from otwatch.wire.recognition import knows
from tests.dissectors.industrial import (
    I104_CLOCK,
    I104_COMMAND,
    I104_CONFIRMED,
    I104_FLOAT,
    I104_MEASURED,
    I104_READY,
    I104_REFUSED,
    I104_SELECT,
    I104_START,
    I104_STARTED,
    heard_in,
    said,
)

STATION = ("station 3",)
ORDERED = (("cause", "activation"),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (I104_START, Request("iec104", Verb.SESSION, "STARTDT act", 0x207)),
        (I104_STARTED, Answer("iec104", "STARTDT act", 0x207)),
        (I104_READY, Request("iec104", Verb.SESSION, "S frame", 0x200, one_way=True)),
        (
            I104_COMMAND,
            Request("iec104", Verb.WRITE, "C_SC_NA_1 single command", 45, STATION, points=(Point("ioa", 4500),), values=("on",),
                    details=ORDERED),
        ),
        (
            I104_SELECT,
            Request("iec104", Verb.SESSION, "C_SC_NA_1 single command", 45, STATION, points=(Point("ioa", 4500),), values=("on",),
                    details=(*ORDERED, ("select", "yes"))),
        ),
        (
            I104_FLOAT,
            Request("iec104", Verb.WRITE, "C_SE_NC_1 setpoint, float", 50, STATION, points=(Point("ioa", 5020),), values=("21.5",),
                    details=ORDERED),
        ),
        (I104_CLOCK, Request("iec104", Verb.TIME, "C_CS_NA_1 clock synchronisation", 103, STATION, details=ORDERED)),
        (I104_CONFIRMED, Answer("iec104", "C_SC_NA_1 single command", 45, STATION, details=(("cause", "activation confirmed"),))),
        (
            I104_REFUSED,
            Answer("iec104", "C_SC_NA_1 single command", 45, STATION, error="negative confirmation", error_code="7",
                   details=(("cause", "activation confirmed"),)),
        ),
        (
            I104_MEASURED,
            Request("iec104", Verb.ALARM, "M_ME_NC_1 measured value, float", 13, origin=STATION, details=(("cause", "spontaneous"),),
                    one_way=True),
        ),
    ],
)  # fmt: skip
def test_frames(text: str, expected: Event) -> None:
    assert said(IEC104, text) == [expected]


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [("2e", "01", "off"), ("2e", "02", "on"), ("2f", "03", "3"), ("31", "ffff00", "-1"), ("33", "01000080", "2147483649")],
)
def test_values_of_commands(kind: str, value: str, text: str) -> None:
    size = 4 + 6 + 3 + len(value) // 2
    (found,) = said(IEC104, f"68{size:02x}00000000{kind}0106000300941100{value}")
    assert isinstance(found, Request)
    assert (found.values, found.verb) == ((text,), Verb.WRITE)


def test_every_command_changes_something() -> None:
    assert {TYPES[kind].verb for kind in (*range(45, 52), *range(58, 65))} == {Verb.WRITE}


@pytest.mark.parametrize(
    ("text", "hinted", "known"),
    [
        (I104_START, True, True), (I104_START, False, False), (I104_START + I104_READY, False, True), (I104_COMMAND, False, True),
        ("6804ff000000", True, False), ("68050700000000", True, False), ("6904070000000", True, False), (I104_COMMAND[:-2], True, False),
    ],
)  # fmt: skip
def test_recognised_by_its_form(text: str, hinted: bool, known: bool) -> None:
    assert knows(IEC104, bytes.fromhex(text[: len(text) // 2 * 2]), hinted) is known


@pytest.mark.parametrize("text", ["6804ff000000", "680500000000" + "2d", I104_COMMAND[:2] + "02" + I104_COMMAND[4:]])
def test_what_breaks_the_protocol_is_a_flaw(text: str) -> None:
    assert any(isinstance(event, Anomaly) for event in said(IEC104, text))


def test_orders_of_a_real_control_room(captures: Path) -> None:
    """Each is selected and then given; both are confirmed, and the end of what was ordered is told."""
    items = heard_in(captures / "iec104" / "iti-090813_diverse.pcap")
    asked = [item for item in items if isinstance(item.event, Request) and item.event.verb is Verb.WRITE]
    assert len(asked) == 10
    assert {item.outcome for item in asked} == {Outcome.OK}
    assert ("-43.5",) in {item.event.values for item in asked if isinstance(item.event, Request)}
