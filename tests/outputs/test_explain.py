"""One finding in full."""

import io
import shlex

from otwatch.outputs.explain import explain
from otwatch.outputs.layout import show
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import Words
from otwatch.results import AlertRow
from otwatch.sightings import Frame
from tests.outputs.samples import HOSPITAL, alert

TERMS = {"base": {"en": "this kind of finding", "fr": "ce type de constat"}, "source": {"en": "not technical", "fr": "non technique"}}


def text(row: AlertRow, language: str = "en") -> str:
    out = io.StringIO()
    show(explain(row, Voice.of(Words(language), HOSPITAL.timezone, HOSPITAL.zones, HOSPITAL.assets), TERMS), out)
    return out.getvalue()


def flat(row: AlertRow) -> str:
    return " ".join(text(row).split())


def test_everything_a_person_needs() -> None:
    said = flat(HOSPITAL.alerts[0])
    for part in (
        "Alert 1 CRITICAL Unexpected write",
        "Who 10.10.5.20, zone Office",
        "To whom API-CVC (10.22.8.20), zone General HVAC",
        "When 2026-10-13 10:01:40 (Europe/Paris)",
        "AND WHAT WAS EXPECTED Only supervision writes here.",
        "HARMLESS WHEN A new supervision server was put into service.",
        "NEXT STEP Ask who uses this PC.",
        "Frames 412 of pcaps/hospital.pcapng",
        "Answers 413 of pcaps/hospital.pcapng",
        "modbus && frame.number in {412}",
        "WHY SEVERITY CRITICAL +3 this kind of finding (success) +1 not technical (office_it) =4 another_term confidence 90 %",
        "T1692.001 (formerly T0855)",
        "SR 2.1",
        "Also matches zone.flow.forbidden",
    ):
        assert part in said


def test_in_french() -> None:
    said = text(HOSPITAL.alerts[0], "fr")
    assert "Seule la supervision écrit ici." in said
    assert "Demandez qui utilise ce poste." in said
    assert "supervision writes" not in said


def test_the_command_can_be_copied_however_long_it_is() -> None:
    numbers = ", ".join(str(number) for number in range(400, 440))
    capture = "captures of monday/it's here.pcapng"
    row = alert(1, 3, frames=(Frame(capture, 400),), filter=f"modbus && frame.number in {{{numbers}}}")
    command = next(line for line in text(row).split("\n") if "tshark -r" in line)
    assert shlex.split(command) == ["tshark", "-r", capture, "-Y", row.filter]


def test_frames_of_several_captures() -> None:
    row = alert(1, 3, frames=(Frame("a.pcap", 1), Frame("b.pcap", 7), Frame("a.pcap", 3)), times=90)
    assert "Frames 1, 3 of a.pcap 7 of b.pcap" in flat(row)
    assert "it happened more often" in text(row)


def test_without_frames_there_is_no_command() -> None:
    assert "tshark" not in text(alert(1, 3, frames=(), filter=""))


def test_standard_input_cannot_be_opened_again() -> None:
    assert "put the name of its file" in flat(alert(1, 3, frames=(Frame("stdin", 1),)))
