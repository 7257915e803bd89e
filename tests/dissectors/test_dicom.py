"""DICOM: literals of PS3.8 9.3. No shared capture holds one."""

import pytest

from otwatch.dissectors.base import read
from otwatch.dissectors.dicom import DICOM
from otwatch.events import Answer, Event, Identity, Request, Verb
from otwatch.wire.recognition import knows
from tests.dissectors import names


def said(payload: bytes, is_request: bool) -> list[Event]:
    return [event for message in read(DICOM, payload, is_request).messages for event in message.events]


def test_who_asks_for_an_association() -> None:
    assert said(names.DICOM_ASKS, True) == [
        Request("dicom", Verb.SESSION, "A-ASSOCIATE", 1, details=(("called", "PACS1"), ("calling", "CT_SCAN2"))),
        Identity("dicom", (), (("application", "DICOM CT_SCAN2"), ("software", "OFFIS_DCMTK_367"))),
    ]


def test_who_accepts_and_nothing_of_patients() -> None:
    assert said(names.DICOM_ACCEPTS + names.DICOM_DATA, False) == [
        Answer("dicom", "A-ASSOCIATE", 1), Identity("dicom", (), (("application", "DICOM PACS1"), ("software", "ORTHANC_1.12"))),
    ]  # fmt: skip


def test_an_implementation_without_a_version() -> None:
    assert said(names.dicom(2, b""), False)[1:] == [Identity("dicom", (), (("application", "DICOM PACS1"),))]


def test_a_refusal_says_why() -> None:
    (answer,) = said(names.DICOM_REJECTS, False)
    assert answer == Answer("dicom", "A-ASSOCIATE", 1, error="called title not recognized", error_code="1/7")


def test_behind_the_association_it_is_over() -> None:
    assert DICOM.session is not None
    assert DICOM.over is not None
    session = DICOM.session()
    read(DICOM, names.DICOM_ASKS, True, session)
    assert not DICOM.over(session)
    read(DICOM, names.DICOM_ACCEPTS, False, session)
    assert DICOM.over(session)


@pytest.mark.parametrize("payload", [
    names.DICOM_DATA, names.DICOM_ASKS.replace(b"10008.3", b"10008.4"), b"\1" + names.DICOM_ASKS[:70], bytes(80),
])  # fmt: skip
def test_looks_like(payload: bytes) -> None:
    assert knows(DICOM, names.DICOM_ASKS, False)
    assert not knows(DICOM, payload, True)
