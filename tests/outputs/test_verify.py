"""outputs/verify.py: agreement, differences, and what could not be compared."""

import io
import json
import re

from hypothesis import given, settings

from otwatch.checks import CaptureCheck, Difference, FieldCheck
from otwatch.outputs.layout import show
from otwatch.outputs.verify import verify_document, verify_text
from otwatch.outputs.wording import Words
from tests.outputs.hostile import UNSEEN, strings
from tests.outputs.test_hostile import STYLE, Terminal

AGREED = FieldCheck("modbus", "functions", 10, 10, ())
DIFFERENT = FieldCheck("modbus", "pdus", 10, 8, (Difference({}, 10, 8, (3, 150), ()),))
UNPLACED = FieldCheck("enip", "cip_responses", 1, 0, (Difference({"name": "0x03"}, 1, 0, (), ()),))
ONE = CaptureCheck("a b.pcap", (20, 20), (AGREED, DIFFERENT))
LATE = CaptureCheck("late.pcap", (20, 0), (), "", 0, True, "tshark was stopped")


def shown(*checks: CaptureCheck, spoken: str = "en", stream: io.StringIO | None = None) -> str:
    out = stream or io.StringIO()
    show(verify_text(checks, "4.0.17", Words(spoken)), out)
    return out.getvalue()


def test_agreement_is_said() -> None:
    assert "They agree in everything that both count." in shown(ONE._replace(fields=(AGREED,)))
    assert "Ils sont d'accord" in shown(ONE._replace(fields=(AGREED,)), spoken="fr")
    assert "Neither of them heard" in shown(ONE._replace(fields=()))


def test_a_difference_comes_with_its_frames_and_what_shows_them() -> None:
    text = shown(ONE)
    assert re.search(r"modbus +functions +10 +10 +agree\n +pdus +10 +8 +DIFFER\n", text)
    assert "only otwatch: 3, 150" in text
    assert "\n      frame.number in {3, 150}\n" in text
    assert "\n      tshark -r 'a b.pcap' -Y 'frame.number in {3, 150}' -V\n" in text


def test_packets_may_differ_too() -> None:
    text = shown(ONE._replace(packets=(20, 19), fields=(AGREED,)))
    assert "Packets: 20 for otwatch, 19 for tshark." in text
    assert "They agree" not in text


def test_without_frames_the_text_says_so() -> None:
    assert "No frame stands out" in shown(ONE._replace(fields=(UNPLACED,)))


def test_many_items_are_shortened() -> None:
    many = tuple(Difference({"name": f"0x{number:02x}"}, 1, 0, tuple(range(1, 10)), ()) for number in range(20))
    text = shown(ONE._replace(fields=(FieldCheck("enip", "cip_responses", 20, 0, many),)))
    assert "and 12 more" in text
    assert "only otwatch: 1, 2, 3, 4, 5, …" in " ".join(text.split())


def test_several_captures_are_lines() -> None:
    text = shown(ONE, ONE._replace(name="b.pcap", fields=(AGREED,)), LATE, LATE._replace(late=False, message="cut", unread=2))
    assert "nothing heard" in shown(ONE, ONE._replace(fields=()))
    assert re.search(r"b\.pcap +20 +1 +agree\n", text)
    assert re.search(r"late\.pcap +20 +0 +NOT COMPARED\n", text)
    assert "Not compared: tshark was stopped" in text
    assert "tshark says: cut" in text
    assert "2 packets could not be read" in text
    assert "Captures: 1 agree, 1 differ, 2 not compared." in text


def test_json_has_everything() -> None:
    said = json.loads(verify_document([ONE, LATE], "4.0.17"))
    assert (said["tshark"], said["agree"], [one["outcome"] for one in said["captures"]]) == ("4.0.17", False, ["differ", "not compared"])
    first, second = said["captures"][0]["fields"]
    assert first == {"section": "modbus", "field": "functions", "agree": True, "otwatch": 10, "tshark": 10, "differences": []}
    assert second["differences"] == [
        {
            "item": {}, "otwatch": 10, "tshark": 8, "otwatch_frames": [3, 150], "tshark_frames": [], "filter": "frame.number in {3, 150}",
            "command": "tshark -r 'a b.pcap' -Y 'frame.number in {3, 150}' -V",
        }
    ]  # fmt: skip
    assert json.loads(verify_document([ONE._replace(fields=(AGREED,))], "4"))["agree"]


@given(name=strings, message=strings, value=strings)
@settings(max_examples=40)
def test_nothing_acts_whatever_devices_and_tshark_say(name: str, message: str, value: str) -> None:
    fields = (FieldCheck("bacnet", "i_have_objects", 1, 0, (Difference({"name": value}, 1, 0, (4,), ()),)),)
    check = CaptureCheck(name, (1, 2), fields, message, 1, False, "")
    several = (check, check._replace(refused=message))
    assert not UNSEEN.search(shown(check) + shown(*several))
    assert not UNSEEN.search(STYLE.sub("", shown(check, stream=Terminal())))
    assert not UNSEEN.search(verify_document(several, "4"))
