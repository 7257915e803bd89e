"""Values that the site file does not want, from packets to findings: hot water, theatre pressure; written, read, notified."""

from collections.abc import Sequence
from dataclasses import replace
from struct import pack

import pytest

from otwatch.config import load_site
from otwatch.config.limits import Limit, point_of, watched
from otwatch.dissectors import DISSECTORS, watching
from otwatch.events import Point
from otwatch.results import AlertRow
from otwatch.site import SiteHalf
from otwatch.site.limits import bounds, number
from tests.conftest import ROOT
from tests.decode.builders import Frame
from tests.wire.dialogues import hear, modbus
from tests.zones.conftest import TUESDAY
from tests.zones.packets import asked, bacnet

GTB, WATER, AIR = "10.20.1.10", "10.23.1.20", "10.22.1.15"
SITE = load_site(ROOT / "configs" / "site.yaml")
MINUTE = 60_000_000_000
HOT, TEPID = 600, 485
"""60 and 48.5 °C in tenths."""


def found(*frames: Frame, size: int = 16_384) -> list[AlertRow]:
    half = SiteHalf(SITE)
    for item in hear([replace(frame, time_ns=TUESDAY + frame.time_ns) for frame in frames], size, watching(watched(SITE.limits))):
        half.see(item)
    half.finish()
    return [row for row in half.results((), {}).alerts if row.detection.endswith("out_of_limits")]


def reads(value: int, at: int = 0, unit: int = 1) -> list[Frame]:
    """Registers 99 to 102 of the hot water, of which the second is watched."""
    answer = pack("!BB4H", 3, 8, 0, value & 0xFFFF, 0, 0)
    return asked(GTB, WATER, 502, modbus(1, pack("!BHH", 3, 99, 4), unit), modbus(1, answer, unit), begin=at)


def sets(value: int, refused: bool = False) -> list[Frame]:
    """Registers 100 and 101, written together."""
    answer = pack("!BB", 0x90, 2) if refused else pack("!BHH", 16, 100, 2)
    return asked(GTB, WATER, 502, modbus(1, pack("!BHHBHH", 16, 100, 2, 4, value, 0)), modbus(1, answer))


def i_am() -> Frame:
    """Device 210103, an air handling unit of a theatre."""
    return bacnet(AIR, "10.22.1.255", bytes.fromhex("1000c4020334b72204009103210f"), broadcast=True)


def pressure(value: float, at: int = 0) -> list[Frame]:
    """ReadProperty of analog input 12, present value."""
    request = bytes.fromhex("0005010c0c0000000c1955")
    answer = bytes.fromhex("30010c0c0000000c19553e44") + pack("!f", value) + b"\x3f"
    return [bacnet(GTB, AIR, request, at=at), bacnet(AIR, GTB, answer, at=at + 1)]


def told(value: float, at: int = 0, confirmed: bool = False) -> list[Frame]:
    """The same in a notification (135-2020 13.6, 13.7)."""
    body = bytes.fromhex("09121c020334b72c0000000c39004e09552e44") + pack("!f", value) + bytes.fromhex("2f4f")
    head = bytes.fromhex("00050701") if confirmed else bytes.fromhex("1002")
    answer = [bacnet(GTB, AIR, bytes.fromhex("200701"), at=at + 1)] if confirmed else []
    return [bacnet(AIR, GTB, head + body, at=at), *answer]


def test_hot_water_that_is_not_hot() -> None:
    (row,) = found(*reads(HOT), *reads(TEPID, 20_000_000_000))
    assert (row.detection, row.server, row.severity) == ("process.out_of_limits", WATER, 2)
    assert all(word in row.sentence["fr"] for word in ("Départ ECS", "48.5 °C", "≥ 55 °C"))
    assert [frame.number for frame in (*row.frames, *row.answers)] == [7, 8]


def test_hot_water_that_is_hot_or_is_another_unit_s() -> None:
    assert found(*reads(HOT)) == []
    assert found(*reads(TEPID, unit=2)) == []


@pytest.mark.parametrize(("refused", "variant"), [(False, "success"), (True, "failure")])
def test_a_setting_beyond_its_limits(refused: bool, variant: str) -> None:
    (row,) = found(*sets(TEPID, refused))
    assert (row.detection, row.client, row.variant) == ("write.out_of_limits", GTB, variant)
    assert "modbus.write.unexpected" in row.also
    assert found(*sets(HOT, refused)) == []


def test_a_theatre_s_pressure_counts_once_it_stayed_outside() -> None:
    door = [frame for at in (1, 5, 9) for frame in pressure(4, at * MINUTE)]
    assert found(i_am(), *door) == []
    assert found(i_am(), *door, *pressure(20, 9 * MINUTE + 20_000_000_000), *pressure(4, 12 * MINUTE)) == []
    (row,) = found(i_am(), *door, *pressure(4, 12 * MINUTE))
    assert (row.variant, row.facts["minutes"], row.facts["bounds"], row.severity) == ("outside", "11", "10 … 50 Pa", 3)


@pytest.mark.parametrize("confirmed", [False, True])
def test_what_a_controller_tells_unasked_counts_too(confirmed: bool) -> None:
    first, later = told(4.5, MINUTE, confirmed), told(4.25, 12 * MINUTE, confirmed)
    (row,) = found(i_am(), *first, *later)
    assert (row.facts["value"], row.server) == ("4.25 Pa", AIR)
    assert found(i_am(), *first, *told(12, 12 * MINUTE, confirmed)) == []


@pytest.mark.parametrize("size", [1, 3])
def test_batches_change_nothing(size: int) -> None:
    frames = [i_am(), *reads(TEPID), *pressure(4, MINUTE), *told(4, 12 * MINUTE), *pressure(4, 13 * MINUTE), *reads(HOT, 14 * MINUTE)]
    assert found(*frames, size=size) == found(*frames)


def test_what_is_counted_is_the_same_with_and_without_limits() -> None:
    """Reads that are joined are told singly, and make the same rows."""
    frames = [i_am(), *reads(HOT), *pressure(20, MINUTE), *told(20, 12 * MINUTE)]
    rows = []
    for dissectors in (DISSECTORS, watching(watched(SITE.limits))):
        half = SiteHalf(SITE)
        for item in hear(frames, dissectors=dissectors):
            half.see(item)
        half.finish()
        rows.append(half.results((), {}))
    for name in ("assets", "links", "protocols", "points", "alerts"):
        assert getattr(rows[0], name) == getattr(rows[1], name), name
    counted = [{(row.section, row.field, str(row.item)): row.times for row in each.facts} for each in rows]
    assert counted[0] == counted[1]


def test_without_limits_nothing_is_watched() -> None:
    assert watching(()) is DISSECTORS


@pytest.mark.parametrize(
    ("form", "text", "value"),
    [
        ("uint16", "65486", 65486), ("int16", "65486", -50), ("uint32", "1 2", 65538), ("int32", "65535 65535", -1),
        ("float32", "16672 0", 10.0), ("float32", "32704 0", None),
        ("int16", "12.5", None), ("uint16", "21.5", 21.5), ("uint16", "null", None),
    ],
)  # fmt: skip
def test_numbers(form: str, text: str, value: float | None) -> None:
    assert number(text, Limit("a", "holding-register 1", form=form)) == value


def test_the_low_word_may_come_first() -> None:
    assert number("0 16672", Limit("a", "holding-register 1", form="float32", low_word_first=True)) == 10.0


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("holding-register 100", Point("holding-register", 100)), ("analog-input:3", Point("analog-input", 3, 1, "present-value")),
        ("analog-value:7 high-limit", Point("analog-value", 7, 1, "high-limit")), ("group 1/2/3", None),
    ],
)  # fmt: skip
def test_points(text: str, point: Point | None) -> None:
    assert point_of(Limit("a", text)) == point


@pytest.mark.parametrize(("least", "most", "said"), [(55, None, "≥ 55 °C"), (None, 5.5, "≤ 5.5 °C"), (10, 50, "10 … 50 °C")])
def test_bounds(least: float | None, most: float | None, said: str) -> None:
    assert bounds(Limit("a", "group 1/2/3", least=least, most=most, measured_in="°C")) == said


def test_frames_that_are_cut_anywhere() -> None:
    """What is watched is read from whole messages only, and nothing is raised."""
    frames: Sequence[Frame] = [*reads(TEPID), i_am(), *pressure(4), *told(4)]
    for frame in frames:
        for end in range(len(frame.data) - 20, len(frame.data)):
            found(Frame(frame.data[:end]))
