import re

import pytest

from otwatch.advisories.ageing import aged, rules
from otwatch.results import AttributeRow
from tests.outputs.samples import FRAME, asset, link

THING = asset("10.0.0.1")


def said(name: str, value: str) -> AttributeRow:
    return AttributeRow("10.0.0.1", name, value, "http Server", "self", True, FRAME, 1, 2)


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("software", "Microsoft-Windows-NT/5.1 UPnP/1.0", ["windows-xp"]),
        ("software", "Microsoft-WinCE/6.00 UPnP/1.0", ["windows-ce"]),
        ("os", "Windows 7 Professional", ["windows-7"]),
        ("os", "Windows 10", []),
        ("name", "Windows XP", []),
        ("os", "Windows Server 2003 R2 3790 Service Pack 2", ["windows-server-2003"]),
        ("os", "Windows 2000 or later", []),
        ("os", "Windows 5.0", ["windows-2000"]),
        ("dialect", "SMB 1", ["smb-1"]),
        ("dialect", "SMB 3.1.1", []),
        ("dialect", "SSL 3.0", ["ssl-3"]),
        ("dialect", "TLS 1.1", ["tls-1"]),
        ("dialect", "TLS 1.2", []),
        ("model", "6ES7 315-2EH14-0AB0", ["simatic-s7-300"]),
        ("model", "6ES7 511-1AK02-0AB0", []),
        ("product", "1785-L40E", ["allen-bradley-plc-5"]),
    ],
)
def test_what_a_device_says(name: str, value: str, found: list[str]) -> None:
    assert [one.rule for one in aged([THING], [said(name, value)], [])] == found


def test_what_a_device_serves() -> None:
    (one,) = aged([THING], [], [link("10.0.0.2", "10.0.0.1", "", "", protocol="telnet", port=23)])
    assert (one.asset, one.rule) == ("10.0.0.1", "telnet")
    assert "pcaps/hospital.pcapng 412" in one.evidence
    assert not aged([THING], [], [link("10.0.0.2", "10.0.0.1", "", "", protocol="telnet", port=23, state="refused")])


def test_every_rule_has_a_source_and_a_date() -> None:
    for rule in rules():
        assert rule.source
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", rule.since)
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", rule.checked)
        assert set(rule.title) == {"en", "fr"}
        assert bool(rule.service) != bool(rule.says and rule.attributes)
