"""Answers: values set aside, exceptions, identity."""

import pytest

from otwatch.dissectors.base import read
from otwatch.dissectors.modbus import MODBUS
from otwatch.events import Anomaly, Answer, Identity
from tests.dissectors.modbus.vectors import adu, answer, flaws, said, told


@pytest.mark.parametrize("name", ["read", "read coils", "write coil", "write registers", "read files", "fifo"])
def test_values_are_set_aside(name: str) -> None:
    payload = answer(name)
    first, *rest = said(payload, False)
    assert isinstance(first, Answer)
    assert (first.code, first.error, rest) == (payload[7], "", [])
    assert any(start >= 8 for start, _ in read(MODBUS, payload, False).aside)


def test_exceptions() -> None:
    event = told(answer("exception"))
    assert (event.code, event.operation) == (3, "Read Holding Registers")
    assert (event.error, event.error_code, event.final) == ("illegal data address", "2", True)
    assert not told(answer("wait")).final
    assert told(adu("8363")).error == "exception 99"
    assert flaws(adu("8363"), False) == ["exception code 99 is not defined"]
    assert told(adu("83")).error


@pytest.mark.parametrize(
    "pdu", ["0300", "03030a0b0c", "0304ffff", "0102ff", "1400ff", "180002000101", "2b0e01ff00000100", "2b0e01010000010005ab", "5a0001"]
)
def test_wrong_answers(pdu: str) -> None:
    first, *rest = said(adu(pdu), False)
    assert isinstance(first, Answer)
    assert isinstance(rest[-1], Anomaly)


def test_device_identification() -> None:
    _, identity = said(answer("identification"), False)
    assert identity == Identity(
        "modbus", ("unit 1",), (("vendor", "Schneider Electric"), ("product_code", "BMX NOE0100"), ("firmware", "V2.60"))
    )


def test_what_stands_before_a_wrong_object_is_kept() -> None:
    _, identity, anomaly = said(adu("2b0e010100000200034142430109ff"), False)
    assert identity == Identity("modbus", ("unit 1",), (("vendor", "ABC"),))
    assert isinstance(anomaly, Anomaly)


def test_server_id() -> None:
    _, identity = said(answer("server id"), False)
    assert identity == Identity("modbus", ("unit 10",), (("run_state", "run"), ("description", "Wingpath Limited")))
    assert said(adu("1103b40007"), False)[1] == Identity("modbus", ("unit 1",), (("run_state", "stop"),))
    assert len(said(adu("110401020304"), False)) == 1
