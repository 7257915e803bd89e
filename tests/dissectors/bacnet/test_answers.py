"""What acknowledgements tell (domain/protocols.md 2.7, 2.8)."""

from otwatch.events import Answer, Binding, Details, Identity
from tests.dissectors.bacnet.said import events, flaw, of_apdu, original, reading

DEVICE = "0c020004d2"


def identity(apdu: str) -> Details:
    said = of_apdu(apdu)
    assert isinstance(said[0], Answer)
    (who,) = said[1:]
    assert isinstance(who, Identity)
    return who.fields


def multiple(*results: str, of: str = DEVICE) -> str:
    return f"30010e{of}1e{''.join(results)}1f"


def test_object_name() -> None:
    assert identity("30010c" + DEVICE + "194d3e7509004148552d4f542d313f") == (("device_instance", "1234"), ("name", "AHU-OT-1"))


def test_the_wildcard_is_no_instance() -> None:
    assert identity("30010c0c023fffff194d3e7509004148552d4f542d313f") == (("name", "AHU-OT-1"),)


def test_vendor_number_gives_a_name_unless_the_device_says_its_own() -> None:
    number, name = "29784e210a4f", "29794e74004142634f"
    assert dict(identity(multiple(number)))["vendor"] == "Schneider Electric"
    assert dict(identity(multiple(number, name)))["vendor"] == "ABc"
    assert dict(identity(multiple(name, number)))["vendor"] == "ABc"


def test_several_properties() -> None:
    fields = identity(multiple("29464e7300584c4f", "292c4e730031324f", "29704e91004f", "2a01744e730053314f", "294d5e910291205f"))
    assert fields == (("device_instance", "1234"), ("model", "XL"), ("firmware", "12"), ("run_state", "operational"), ("serial", "S1"))


def test_the_route_of_the_device_is_the_subject() -> None:
    said = events(original("010807d10105" + "30010c" + DEVICE + "194d3e730041423f"))
    assert said[1] == Identity("bacnet", ("net 2001/05",), (("device_instance", "1234"), ("name", "AB")))


def test_names_of_other_objects_are_names_of_points() -> None:
    name, description, unit = "294d4e730041424f", "291c4e730043444f", "29754e913e4f"
    assert of_apdu("30010c0c00800007194d3e730041423f")[1:] == (Binding("point-name", "analog-value:7", "AB"),)
    assert of_apdu(multiple(name, "29554e4441ac00004f", description, unit, of="0c00800007"))[1:] == (
        Binding("point-name", "analog-value:7", "AB"),
        Binding("point-description", "analog-value:7", "CD"),
        Binding("point-unit", "analog-value:7", "degrees-celsius"),
    )


def test_elements_of_arrays_and_errors_are_no_names() -> None:
    assert len(of_apdu(multiple("294d39014e730041424f"))) == 1
    assert len(of_apdu(multiple("294d39014e730041424f", "291c5e910291205f", of="0c00800007"))) == 1


def test_a_poll_repeats_whatever_the_value() -> None:
    found = reading(original("0100" + "30010c0c0080000719553e4441ac00003f"))
    assert found.aside == ((7, 8), (17, 22))
    found = reading(original("0100" + multiple("29554e4441ac00004f", "296f4e8204004f", of="0c00800007")))
    assert found.aside == ((7, 8), (19, 23), (28, 30))


def test_unclosed_values_are_flaws() -> None:
    assert flaw(of_apdu("30010c0c0080000719553e4441ac0000")) == "closing tag 3 expected"
    assert flaw(of_apdu("30010e0c008000071e29554e4441ac00004f")) == "1 byte expected, 0 left"


def test_private_answers_are_opaque() -> None:
    assert len(of_apdu("300112ffffffff")) == 1


def test_other_answers_are_walked() -> None:
    assert len(of_apdu("300106110e310063aabbcc0f")) == 1
    assert flaw(of_apdu("3001060e")) == "1 byte expected, 0 left"
