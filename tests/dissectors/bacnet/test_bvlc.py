"""BVLC over IP and IPv6, literals (domain/protocols.md 2.2, 2.9, 15.2)."""

import pytest

from otwatch.dissectors.bacnet.bvlc import looks_like
from otwatch.dissectors.reader import Reader
from otwatch.events import UNNAMED, Answer, Request, Verb
from tests.dissectors.bacnet.said import events, flaw


def seems(payload: str, hinted: bool) -> bool:
    return looks_like(Reader(bytes.fromhex(payload)), hinted)


@pytest.mark.parametrize(
    ("payload", "hinted", "expected"),
    [
        ("810b000801001008", False, True),
        ("810b000901001008", False, False),  # wrong length
        ("810b000901001008", True, True),  # a device may obey it
        ("810b000802001008", False, False),  # no NPDU of version 1
        ("820200090000010100"[:18], False, True),
        ("800b000801001008", True, False),
        ("810d000801001008", True, False),
        ("81050006003c", False, True),
    ],
)
def test_looks_like(payload: str, hinted: bool, expected: bool) -> None:
    assert seems(payload, hinted) is expected


def test_register_foreign_device() -> None:
    (asked,) = events("81050006003c")
    assert asked == Request("bacnet", Verb.ADMIN, "Register-Foreign-Device", 1024 + 5, details=(("ttl_s", "60"),))


def test_write_broadcast_table() -> None:
    (asked,) = events("81010018c0000214bac0ffffffffc0000314bac0ffffffff")
    assert isinstance(asked, Request)
    assert asked.verb is Verb.ADMIN
    assert asked.details == (
        ("entries", "2"),
        ("entry", "192.0.2.20:47808/255.255.255.255"),
        ("entry", "192.0.3.20:47808/255.255.255.255"),
    )


def test_delete_foreign_device() -> None:
    (asked,) = events("8108000ac0000264bac0")
    assert isinstance(asked, Request)
    assert (asked.verb, asked.operation, asked.details) == (
        Verb.ADMIN, "Delete-Foreign-Device-Table-Entry", (("entry", "192.0.2.100:47808"),),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("payload", "code", "error", "error_code"),
    [
        ("810000060000", UNNAMED, "", ""),
        ("810000060010", 1025, "Write-Broadcast-Distribution-Table NAK", "0010"),
        ("810000060020", 1026, "Read-Broadcast-Distribution-Table NAK", "0020"),
        ("810000060030", 1029, "Register-Foreign-Device NAK", "0030"),
        ("810000060040", 1030, "Read-Foreign-Device-Table NAK", "0040"),
        ("810000060050", 1032, "Delete-Foreign-Device-Table-Entry NAK", "0050"),
        ("810000060060", 1033, "Distribute-Broadcast-To-Network NAK", "0060"),
        ("810000060990", UNNAMED, "result 0990", "0990"),
        ("820000090000010000", UNNAMED, "", ""),
        ("820000090000010090", 1280 + 9, "Register-Foreign-Device NAK", "0090"),
    ],
)
def test_results(payload: str, code: int, error: str, error_code: str) -> None:
    (answer,) = events(payload)
    assert isinstance(answer, Answer)
    assert (answer.code, answer.error, answer.error_code) == (code, error, error_code)


def test_tables_answer_their_questions() -> None:
    (table,) = events("8103000ec0000214bac0ffffffff")
    assert table == Answer(
        "bacnet", "Read-Broadcast-Distribution-Table", 1026, details=(("entries", "1"), ("entry", "192.0.2.20:47808/255.255.255.255"))
    )
    (foreign,) = events("8107000ec0000214bac0003c0021")
    assert isinstance(foreign, Answer)
    assert foreign.details == (("entries", "1"), ("entry", "192.0.2.20:47808 ttl 60"))


def test_forwarded_is_said_by_its_origin() -> None:
    asked = events("8104000ec0000307bac001001008")[0]
    assert isinstance(asked, Request)
    assert (asked.origin, asked.target) == (("ip 192.0.3.7:47808",), ())


def test_forwarded_over_ipv6() -> None:
    address = "20010db8" + "00" * 11 + "07" + "bac0"
    asked = events(f"8208001d000001{address}01001008")[0]
    assert isinstance(asked, Request)
    assert (asked.operation, asked.origin) == ("who-Is", ("ip [2001:db8::7]:47808",))


@pytest.mark.parametrize(
    ("payload", "operation"),
    [
        ("8203000a000001000002", "Address-Resolution"),
        ("82060007000001", "Virtual-Address-Resolution"),
        ("82090009000001003c", "Register-Foreign-Device"),
        ("8201000e00000100000201001008", "who-Is"),
        ("8202000b00000101001008", "who-Is"),
    ],
)
def test_ipv6_requests(payload: str, operation: str) -> None:
    asked = events(payload)[0]
    assert isinstance(asked, Request)
    assert asked.operation == operation


def test_a_wrong_length_does_not_hide_what_is_said() -> None:
    said = events("810a00ff01040005230f0c0100000119553e91003f4901")
    assert isinstance(said[0], Request)
    assert said[0].operation == "writeProperty"
    assert flaw(said) == "BVLC length 255 in a datagram of 23"


def test_unknown_function_keeps_its_number() -> None:
    (asked,) = events("817f0005aa")
    assert isinstance(asked, Request)
    assert (asked.operation, asked.code, asked.verb) == ("BVLC function 127", 1024 + 127, Verb.OTHER)
