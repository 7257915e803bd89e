"""HSRP and GLBP: literals, and a capture."""

from pathlib import Path

import pytest

from otwatch.dissectors.first_hop import GLBP, HSRP
from otwatch.events import Binding
from otwatch.wire.recognition import knows
from tests.dissectors import names
from tests.dissectors.introduced import fields, said, told

ROUTER = ("capability", "router")


@pytest.mark.parametrize(("payload", "text"), [
    (names.HSRP, "HSRP group 10 active for 10.28.168.254"), (names.HSRP_2, "HSRP group 258 active for 10.20.0.1"),
])  # fmt: skip
def test_a_router_of_a_group(payload: bytes, text: str) -> None:
    assert fields(HSRP, payload) == [ROUTER, ("description", text)]
    group, address = " ".join(text.split()[:3:2]), text.rsplit(maxsplit=1)[-1]
    assert [event for event in said(HSRP, payload) if isinstance(event, Binding)] == [Binding("virtual", address, group)]


def test_only_hellos_tell_a_state_and_the_password_is_never_told() -> None:
    assert said(HSRP, names.HSRP_COUP) == []
    assert "cisco" not in repr(said(HSRP, names.HSRP)).casefold()


def test_glbp() -> None:
    assert fields(GLBP, names.GLBP) == [ROUTER, ("description", "GLBP group 10")]


def test_looks_like() -> None:
    assert all(knows(HSRP, payload, True) for payload in names.GOOD["hsrp"])
    assert knows(GLBP, names.GLBP, True)
    assert not any(knows(one, names.NTP_ANSWER, True) for one in (HSRP, GLBP))
    assert not knows(GLBP, names.GLBP[:-1], True)


def test_capture(captures: Path) -> None:
    """tshark: hsrp.virt_ip, hsrp.group, hsrp.state."""
    found = told(captures / "l2/ndpi-hsrp0.pcap", "hsrp")
    assert {text for said in found.values() for name, text in said if name == "description"} >= {"HSRP group 10 active for 10.28.168.254"}
