"""facts/wireshark.py: names as Wireshark shows them."""

import pytest

from otwatch.facts import wireshark


def test_errors_with_blanks_around_their_dashes() -> None:
    assert wireshark.error("device/abort-other", "0/56") == "device/abort - other"
    assert wireshark.error("property/write-access-denied", "2/40") == "property/write-access-denied"


def test_network_messages_beyond_the_table() -> None:
    assert wireshark.network_message(0x14) == "Reserved for Use by ASHRAE"
    assert wireshark.network_message(0x80) == "Vendor Proprietary Message"


def test_cip_statuses() -> None:
    assert wireshark.cip_status("0x2c") == "Attribute not gettable (0x2c)"
    assert wireshark.cip_status("0xff") == "Unknown (0xff)"


def test_unknown_services_and_functions() -> None:
    assert [wireshark.service(name) for name in ("service 35", "unconfirmed service 99", "who-Am-I")] == ["Unknown", "Unknown", "who-am-I"]
    assert [wireshark.bvlc_function(name) for name in ("99", "BVLC-Result")] == ["Unknown", "BVLC-Result"]


@pytest.mark.parametrize(
    ("text", "present", "other"),
    [
        ("72.1", "72.0999984741211", "72.099998 (Real)"),
        ("-0.0", "-0", "-0.000000 (Real)"),
        ("16777216.0", "16777216", "16777216.000000 (Real)"),
        ("1e-10", "1.00000001335143e-10", "0.000000 (Real)"),
        ("inf", "inf", "inf (Real)"),
        ("3.141592653589793", "3.14159265358979", "3.141593 (Double)"),
        ("1e+300", "1e+300", f"{1e300:f} (Double)"),
        ("true", "1", "true"),
        ("42", "42", "(Unsigned) 42"),
        ("AHU 1.5", "AHU 1.5", "AHU 1.5"),
    ],
)
def test_written_values(text: str, present: str, other: str) -> None:
    said = tuple(wireshark.value(text, "analog-value", part) for part in ("present-value", "cov-increment"))
    assert said == (present, other)


@pytest.mark.parametrize(
    ("kind", "part", "text", "said"),
    [
        ("analog-value", "time-delay", "5", "(Unsigned) 5"),
        ("loop", "utc-offset", "-60", "(Signed) -60"),
        ("multi-state-value", "relinquish-default", "2", "(Unsigned) 2"),
        ("binary-value", "relinquish-default", "1", "1"),
        ("binary-value", "polarity", "1", "1"),
        ("schedule", "priority-for-writing", "8", "(Unsigned) 8"),
        ("notification-class", "priority[2]", "100", "(Unsigned) 100"),
        ("analog-value", "description", "5", "5"),
        ("analog-value", "description", "5 6", "5 6"),
        ("analog-value", "event-enable", "101", "(Bit String) (TFT)"),
    ],
)
def test_numbers_have_their_type_where_they_are_no_enumerations(kind: str, part: str, text: str, said: str) -> None:
    assert wireshark.value(text, kind, part) == said


def test_numbers_without_a_name() -> None:
    assert wireshark.error("250/key-update-in-progress", "250/21") == "Unknown/key-update-in-progress"
    assert (wireshark.reason("240"), wireshark.reason("other")) == ("Unknown", "other")
    assert (wireshark.object_type("object-type-128"), wireshark.property_name("property-512")) == ("Unknown", "Unknown")
    assert wireshark.property_name("date-list") == "datelist"
