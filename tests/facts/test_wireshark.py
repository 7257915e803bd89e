"""facts/wireshark.py: names as Wireshark shows them."""

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
