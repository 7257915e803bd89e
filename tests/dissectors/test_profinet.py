"""PROFINET DCP on literal frames (domain/protocols.md 12), and beside cyclic data in a real recording."""

from pathlib import Path

import pytest

from otwatch.dissectors.profinet import PROFINET
from otwatch.events import Anomaly, Answer, Identity, Point, Request, Verb
from otwatch.wire.recognition import knows
from tests.dissectors.industrial import (
    DCP_GET,
    DCP_IDENTIFIED,
    DCP_IDENTIFY,
    DCP_RESET,
    DCP_SET_DONE,
    DCP_SET_IP,
    DCP_SET_NAME,
    DCP_SET_REFUSED,
    PROFINET_DATA,
    dcp,
    heard_in,
    said,
)

_ASKED = ("name of station", "IP parameter")


def test_a_device_answers_for_itself() -> None:
    answer, identity = said(PROFINET, DCP_IDENTIFIED)
    assert answer == Answer("profinet", "Identify", 5)
    assert isinstance(identity, Identity)
    assert dict(identity.fields) == {
        "name": "cta-bloc3", "product": "S7-300", "vendor_id": "0x002a", "product_code": "0x0301", "vendor": "Siemens",
        "device_type": "IO controller", "ip": "192.0.2.20",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (DCP_IDENTIFY, Request("profinet", Verb.DISCOVER, "Identify", 5, one_way=True)),
        (DCP_GET, Request("profinet", Verb.READ, "Get", 3, points=tuple(Point("dcp", name=name) for name in _ASKED))),
        (
            DCP_SET_IP,
            Request("profinet", Verb.ADMIN, "Set", 4, points=(Point("dcp", name="IP parameter"),),
                    values=("192.0.2.21/255.255.255.0 gateway 192.0.2.1",)),
        ),
        (DCP_SET_NAME, Request("profinet", Verb.ADMIN, "Set", 4, points=(Point("dcp", name="name of station"),), values=("cta4",))),
        (DCP_RESET, Request("profinet", Verb.CONTROL, "Set", 4, details=(("order", "reset to factory"),))),
        (DCP_SET_DONE, Answer("profinet", "Set", 4)),
        (DCP_SET_REFUSED, Answer("profinet", "Set", 4, error="not possible by local reasons", error_code="5")),
        (dcp(0xFEFD, 4, 5, ""), Answer("profinet", "Set", 4, error="not supported", error_code="5")),
    ],
)  # fmt: skip
def test_frames(text: str, expected: Request | Answer) -> None:
    assert said(PROFINET, text) == [expected]


def test_an_identification_may_ask_for_a_name() -> None:
    (found,) = said(PROFINET, dcp(0xFEFE, 5, 0, "02020004" + b"cta4".hex()))
    assert isinstance(found, Request)
    assert found.details == (("name of station", "cta4"),)


def test_a_device_without_address_says_none() -> None:
    _, identity = said(PROFINET, dcp(0xFEFF, 5, 1, "020200060000" + b"cta4".hex() + "0102000e0000" + "00" * 12))
    assert isinstance(identity, Identity)
    assert identity.fields == (("name", "cta4"),)


def test_cyclic_data_say_nothing() -> None:
    assert said(PROFINET, PROFINET_DATA) == []
    assert not knows(PROFINET, bytes.fromhex(PROFINET_DATA), hint=True)


@pytest.mark.parametrize("text", [dcp(0xFEFF, 9, 1, ""), dcp(0xFEFF, 5, 7, ""), dcp(0xFEFE, 5, 0, "0202000a0000")])
def test_what_breaks_the_protocol_is_a_flaw(text: str) -> None:
    assert any(isinstance(event, Anomaly) for event in said(PROFINET, text))


def test_beside_cyclic_data(captures: Path) -> None:
    items = heard_in(captures / "profinet" / "icsnpp-profinet_io_cm_mixed_1.pcap")
    frames = [item for item in items if item.conversation.service == "profinet"]
    assert sum(item.times for item in frames if isinstance(item.event, Request | Answer)) == 19
    (identity,) = {item.event for item in frames if isinstance(item.event, Identity)}
    assert dict(identity.fields)["name"] == "versamax-pns11"
