"""HL7 on literal messages and a real one: the header, and nothing of patients."""

from pathlib import Path

import pytest

from otwatch.dissectors.hl7 import HL7
from otwatch.events import UNNAMED, Anomaly, Answer, Identity, Request, Verb
from otwatch.sightings import Outcome
from tests.dissectors.industrial import HL7_ADMIT, HL7_DONE, HL7_REFUSED, heard_in, hl7, said


def test_only_the_header_is_told() -> None:
    asked, identity = said(HL7, HL7_ADMIT)
    assert asked == Request("hl7", Verb.FILE, "ADT^A01", 0, details=(("version", "2.5"),))
    assert identity == Identity("hl7", (), (("application", "PACS"), ("location", "RADIO")))


@pytest.mark.parametrize(("text", "error", "code"), [(HL7_DONE, "", ""), (HL7_REFUSED, "application error", "AE")])
def test_an_acknowledgement(text: str, error: str, code: str) -> None:
    answer, *_ = said(HL7, text)
    assert answer == Answer("hl7", "ACK", UNNAMED, error=error, error_code=code)


@pytest.mark.parametrize("text", [HL7_ADMIT, HL7_REFUSED, hl7("MSH|^~\\&|A|B|C|D|1||MOUSE MICKEY|1|P|2.5", "PID|1||MOUSE")])
def test_nothing_of_a_patient_is_told(text: str) -> None:
    assert "MOUSE" not in repr(said(HL7, text))
    assert "135769" not in repr(said(HL7, text))


@pytest.mark.parametrize("text", [hl7("PID|1"), hl7("MSH"), hl7("MSH|^~\\&|A|B")])
def test_a_message_without_its_header_is_a_flaw(text: str) -> None:
    (flaw,) = said(HL7, text)
    assert isinstance(flaw, Anomaly)


def test_a_real_admission(captures: Path) -> None:
    items = heard_in(captures / "hl7" / "ndpi-hl7.pcap")
    (asked,) = [item for item in items if isinstance(item.event, Request)]
    assert (asked.event.operation, asked.outcome) == ("ADT^A01", Outcome.OK)  # type: ignore[union-attr]  # a Request, see above
    assert "MOUSE" not in repr(items)
