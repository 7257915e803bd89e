"""Commands to a whole device, and their passwords (domain/protocols.md 2.5, 15.2)."""

import pytest

from otwatch.events import Credential, Details, Request, Verb
from tests.dissectors.bacnet.said import of_apdu


def order(apdu: str) -> Request:
    request = of_apdu(apdu)[0]
    assert isinstance(request, Request)
    return request


@pytest.mark.parametrize(
    ("apdu", "operation", "verb", "details"),
    [
        (
            "0005271109 0a1901", "deviceCommunicationControl", Verb.CONTROL,
            (("state", "disable"), ("minutes", "10"), ("password", "absent")),
        ),
        ("000528111902", "deviceCommunicationControl", Verb.CONTROL, (("state", "disable-initiation"), ("password", "absent"))),
        ("0005281119002a0041", "deviceCommunicationControl", Verb.CONTROL, (("state", "enable"), ("password", "present"))),
        ("000526140907", "reinitializeDevice", Verb.CONTROL, (("state", "activate-changes"), ("password", "absent"))),
        ("000526140909", "reinitializeDevice", Verb.CONTROL, (("state", "9"), ("password", "absent"))),
        (
            "0005291b09011c0061626329043c05400001", "lifeSafetyOperation", Verb.CONTROL,
            (("operation", "reset"), ("source", "abc"), ("process", "1")),
        ),
        (
            "000529000901 1c00c00001 2902 3e1907 3f 4c0041 4244 5e1908 5f", "acknowledgeAlarm", Verb.ALARM,
            (("state", "offnormal"), ("source", "ABD"), ("process", "1")),
        ),
        (
            "0005291209071a01ff2e21012f", "confirmedPrivateTransfer", Verb.OTHER,
            (("vendor_id", "7"), ("vendor", "Siemens"), ("service", "511")),
        ),
        ("00052915910121 05", "vtOpen", Verb.ADMIN, (("class", "1"), ("session", "5"))),
        ("0005291621 05", "vtClose", Verb.ADMIN, (("session", "5"),)),
        ("00052917210563 6c7300 2100", "vtData", Verb.ADMIN, (("session", "5"),)),
        ("00052919c402000001 c402000002", "requestKey", Verb.AUTH, (("device", "1"),)),
    ],
)  # fmt: skip
def test_orders(apdu: str, operation: str, verb: Verb, details: Details) -> None:
    asked = order(apdu.replace(" ", ""))
    assert (asked.operation, asked.verb, asked.details) == (operation, verb, details)


@pytest.mark.parametrize("apdu", ["0005261409001d090066696c6973746572", "0005271119012d090066696c6973746572"])
def test_a_password_is_in_the_credential_and_nowhere_else(apdu: str) -> None:
    said = of_apdu(apdu)
    assert isinstance(said[1], Credential)
    assert said[1].secret.equals("filister")
    assert (said[1].scheme, said[1].user, len(said)) == ("bacnet", "", 2)
    assert "filister" not in repr(said)
    assert "66696c6973746572" not in repr(said)


def test_an_empty_password_is_told() -> None:
    request, credential = of_apdu("00052614090019 00".replace(" ", ""))
    assert isinstance(request, Request)
    assert isinstance(credential, Credential)
    assert request.details[1] == ("password", "empty")
    assert credential.secret.is_empty()


def test_authenticate_names_its_operator() -> None:
    request, credential = of_apdu("000529180901 1901 2c00626f62 3c00707764".replace(" ", ""))
    assert isinstance(request, Request)
    assert isinstance(credential, Credential)
    assert (request.verb, request.details) == (Verb.AUTH, (("user", "bob"), ("password", "present")))
    assert credential.user == "bob"
    assert credential.secret.equals("pwd")
