"""Who is there, what changed, what time it is, literals (domain/protocols.md 2.5, 2.6, 15.2)."""

import pytest

from otwatch.events import Anomaly, Binding, Details, Identity, Request, Verb
from tests.dissectors.bacnet.said import events, flaw, of_apdu, original, reading


def test_i_am_behind_a_router() -> None:
    asked, who, bound = events("810b0018010807d101051000c402000bb92201e091032150")
    route = ("net 2001/05",)
    assert isinstance(asked, Request)
    assert (asked.verb, asked.origin, asked.one_way) == (Verb.DISCOVER, route, True)
    assert asked.details == (("vendor_id", "80"), ("max_apdu", "480"), ("segmentation", "none"))
    assert who == Identity("bacnet", route, (("device_instance", "3001"), ("vendor_id", "80"), ("vendor", "Sauter")))
    assert bound == Binding("bacnet-device", "3001", "", route)


def test_an_unknown_vendor_keeps_its_number() -> None:
    who = of_apdu("1000c40200000122 05c49100 22fffe".replace(" ", ""))[1]
    assert who == Identity("bacnet", (), (("device_instance", "1"), ("vendor_id", "65534")))


def test_i_have() -> None:
    asked, bound = of_apdu("1001c40200003dc400000007730041 42".replace(" ", ""))
    assert isinstance(asked, Request)
    assert [str(point) for point in asked.points] == ["analog-input 7"]
    assert asked.details == (("device", "61"), ("name", "AB"))
    assert bound == Binding("bacnet-device", "61")


def test_i_have_the_device_itself_is_its_name() -> None:
    assert of_apdu("1001c40200003dc40200003d73004142")[2] == Identity("bacnet", (), (("device_instance", "61"), ("name", "AB")))


@pytest.mark.parametrize(
    ("apdu", "operation", "verb", "points", "details"),
    [
        ("1008", "who-Is", Verb.DISCOVER, [], ()),
        ("10080a03e81a07cf", "who-Is", Verb.DISCOVER, [], (("low", "1000"), ("high", "1999"))),
        ("10072c00000007", "who-Has", Verb.DISCOVER, ["analog-input 7"], ()),
        ("100709011902 3b004142", "who-Has", Verb.DISCOVER, [], (("low", "1"), ("high", "2"), ("name", "AB"))),
        ("1006a47d0b1707b40e1e0000", "timeSynchronization", Verb.TIME, [], (("time", "2025-11-23 14:30:00"),)),
        ("1009a47d0b1707b40e1e0000", "utcTimeSynchronization", Verb.TIME, [], (("time", "2025-11-23 14:30:00"),)),
        (
            "100209011c02000001 2c00000007 3900 4e 0955 2e 4441ac0000 2f 096f 2e 820400 2f 4f", "unconfirmedCOVNotification",
            Verb.SUBSCRIBE, ["analog-input:7 present-value", "analog-input:7 status-flags"], (("device", "1"),),
        ),
        (
            "100309011c020000012c000000073e19073f491559646905 7b004142 8900 9901 a900 b903 ce0c00000007cf", "unconfirmedEventNotification",
            Verb.ALARM, ["analog-input 7"],
            (
                ("device", "1"), ("class", "21"), ("event_priority", "100"), ("event_type", "out-of-range"), ("text", "AB"),
                ("notify", "alarm"), ("from", "normal"), ("to", "high-limit"),
            ),
        ),
        ("10050c02000005 2901 3b004142", "unconfirmedTextMessage", Verb.OTHER, ["device 5"], (("text", "AB"), ("urgent", "yes"))),
        (
            "100e210a 73004142 730053 31 c402000003 612a", "you-Are", Verb.ADMIN, [],
            (
                ("vendor_id", "10"), ("vendor", "Schneider Electric"), ("model", "AB"), ("serial", "S1"), ("device", "device 3"),
                ("address", "2a"),
            ),
        ),
    ],
)  # fmt: skip
def test_notices(apdu: str, operation: str, verb: Verb, points: list[str], details: Details) -> None:
    (asked,) = of_apdu(apdu.replace(" ", ""))
    assert isinstance(asked, Request)
    assert (asked.operation, asked.verb, [str(point) for point in asked.points], asked.details) == (operation, verb, points, details)
    assert asked.one_way


def test_padding_behind_who_is_changes_nobody_whom_it_asks() -> None:
    asked, flaw = of_apdu("10080a03e81a07cf" + "cf" * 20)
    assert isinstance(asked, Request)
    assert isinstance(flaw, Anomaly)
    assert asked.details == (("low", "1000"), ("high", "1999"))


def test_who_am_i_identifies_its_sender() -> None:
    who = of_apdu("100d210a7300414273005331")[1]
    assert isinstance(who, Identity)
    assert who.fields == (("vendor_id", "10"), ("vendor", "Schneider Electric"), ("model", "AB"), ("serial", "S1"))


def test_notifications_repeat_whatever_the_value_and_the_time_left() -> None:
    cov = "1002" + "0901" + "1c02000001" + "2c00000007" + "3a{left}" + "4e" + "0955" + "2e" + "44{value}" + "2f" + "4f"
    first, second = (
        reading(original("0100" + cov.format(left=left, value=value))) for left, value in (("003c", "41ac0000"), ("0010", "00000000"))
    )
    assert first == second
    assert len(first.aside) == 2


def test_several_objects_change() -> None:
    item = "0c00000007" + "1e" + "0955" + "2e" + "4441ac0000" + "2f" + "1f"
    (asked,) = of_apdu(
        "100b" + "0901" + "1c02000001" + "293c" + "3ea47d0b1707b40e1e00003f" + "4e" + item + item.replace("07", "08", 1) + "4f"
    )
    assert isinstance(asked, Request)
    assert [str(point) for point in asked.points] == ["analog-input:7 present-value", "analog-input:8 present-value"]


def test_a_construct_is_no_time_left() -> None:
    assert flaw(of_apdu("100b0a04d219012e0900002f3901")) == "parameter 2 is missing"
