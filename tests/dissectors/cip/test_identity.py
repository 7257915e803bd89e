"""What answers say of a device."""

import pytest

from otwatch.dissectors import cip
from otwatch.dissectors.base import events
from otwatch.dissectors.reader import Reader
from otwatch.events import Anomaly, Details, Event, Identity, Request
from tests.dissectors.enveloped import opened


def said(message: str | bytes) -> tuple[Event, ...]:
    payload = message if isinstance(message, bytes) else bytes.fromhex(message)
    return opened(events(lambda read, _: cip.decode(read), payload, None, "cip"))


def asked(message: str | bytes) -> Request:
    (request,) = said(message)
    assert isinstance(request, Request)
    return request


PCCC = "4b0220672401074d00fecaad0b"


def known(request: str, answer: str) -> tuple[Event, ...]:
    return tuple(cip.joined(asked(request), Reader(bytes.fromhex(answer))))


@pytest.mark.parametrize(
    ("request_", "data", "fields"),
    [
        ("0e03200124013001", "f300", (("vendor_id", "243"), ("vendor", "Schneider Automation"))),
        ("0e03200124013001", "0f27", (("vendor_id", "9999"),)),
        ("0e03200124013002", "0e00", (("device_type", "Programmable Logic Controller"), ("device_type_id", "14"))),
        ("0e03200124013002", "f100", (("device_type", "241"), ("device_type_id", "241"))),
        ("0e03200124013004", "1014", (("firmware", "16.20"),)),
        ("0e03200124013006", "3f825100", (("serial", "0x0051823F"),)),
        ("0e03200124013008", "03", (("run_state", "operational"),)),
        ("0e03200124013008", "ff", ()),
        ("0e0320f524013006", "0400" + b"plc1".hex(), (("host", "plc1"),)),
        ("0e0320f624013003", "0000bc3eebe4", (("mac", "00:00:bc:3e:eb:e4"),)),
        ("010220f62401", "64000000" + "0f000000" + "0000bc3eebe4", (("mac", "00:00:bc:3e:eb:e4"),)),
        ("010220f52401", "00" * 12 + "0200" + "20f62401" + "00" * 20 + "0100" + "6100" + "0400" + b"plc1".hex(), (("host", "plc1"),)),
        ("0302200124010200" + "01000700", "0200" + "01000000" + "0100" + "07000000" + "0241" + "42", (
            ("vendor_id", "1"), ("vendor", "Rockwell Automation/Allen-Bradley"), ("product", "AB"),
        )),
        ("0e03200424653003", "0100", ()),
        ("0e03200124003001", "0100", ()),
    ],
)  # fmt: skip
def test_identity_from_answers(request_: str, data: str, fields: Details) -> None:
    service = int(request_[:2], 16) | 0x80
    expected = (Identity("cip", (), fields),) if fields else ()
    assert known(request_, f"{service:02x}000000" + data) == expected


def test_pccc_diagnostic_status_names_the_processor() -> None:
    status = "00" + "ee" + "349100" + b"1747-L553  ".hex()
    assert known(PCCC + "0600020003", "cb000000" + "074d00fecaad0b" + "46000200" + status) == (
        Identity("cip", (), (("product", "1747-L553"),)),
    )


def test_a_refused_question_says_nothing_and_a_short_answer_is_a_flaw() -> None:
    assert known("0e03200124013001", "8e001400") == ()
    assert isinstance(known("0e03200124013006", "8e0000003f82")[0], Anomaly)
