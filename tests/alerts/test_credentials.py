"""The dictionary and its verdicts; what a secret never does."""

import copy
import json
import logging
import pickle
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from otwatch.alerts.credentials import CANDIDATES, SHIPPED, Dictionary, Finding, Fit, Row, Verdict, load, shipped
from otwatch.errors import ConfigError
from otwatch.events import Credential, Secret
from tests.conftest import ROOT

DAY = date(2026, 11, 27)
"""When every row was held against its source."""


def judge(scheme: str, user: str, secret: str, words: tuple[str, ...] = (), **hints: str) -> Verdict:
    return shipped().judge(Credential(scheme, user, Secret(secret.encode())), hints, words)


def test_a_row_whose_scope_fits() -> None:
    fits = Verdict(Finding.DEFAULT, "axis-root-pass", 0.85, Fit.FITS)
    assert judge("http-basic", "root", "pass", vendor="Axis Communications AB") == fits
    assert judge("http-basic", "root", "pass", realm="AXIS_ACCC8E012345") == fits
    assert judge("http-basic", "root", "pass", vendor="Realtek", banner="AXIS Video Server") == fits
    assert shipped().judge(Credential("http-basic", "root", Secret(b"pass"), realm="AXIS_00408C"), {}) == fits


def test_the_less_is_known_of_a_server_the_less_sure_is_a_default() -> None:
    assert judge("http-basic", "root", "pass") == Verdict(Finding.DEFAULT, "axis-root-pass", 0.68, Fit.UNKNOWN)
    assert judge("http-basic", "root", "pass", vendor="Bosch") == Verdict(Finding.DEFAULT, "axis-root-pass", 0.42, Fit.OTHER)


def test_the_row_that_fits_goes_first() -> None:
    verdicts = [judge("http-basic", "admin", "admin", vendor=vendor) for vendor in ("Eaton", "Moxa Inc.", "Dahua Technology")]
    assert [(verdict.entry, verdict.fit) for verdict in verdicts] == [
        ("eaton-card", Fit.FITS), ("moxa-admin-admin", Fit.FITS), ("dahua", Fit.FITS)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("scheme", "user", "secret", "vendor", "entry"),
    [
        ("ftp", "sysdiag", "factorycast@schneider", "Schneider Electric", "schneider-m340-ftp-sysdiag"),
        ("ftp", "USER", "USER", "Telemecanique Electrique", "schneider-m340-user-user"),
        ("http-basic", "admin", "", "Siemens AG", "siemens-s7"),
        ("ipmi", "ADMIN", "ADMIN", "Super Micro Computer", "supermicro-bmc"),
        ("ipmi", "root", "calvin", "Dell Inc.", "dell-idrac"),
        ("snmp", "", "public", "", "snmp-common-public"),
        ("snmp", "", "private", "Moxa", "snmp-common-private"),
        ("snmp", "", "TENmanUFactOryPOWER", "American Power Conversion Corp", "apc-smartslot"),
        ("bacnet", "", "filister", "", "bacnet-stack"),
    ],
)
def test_published_defaults(scheme: str, user: str, secret: str, vendor: str, entry: str) -> None:
    verdict = judge(scheme, user, secret, vendor=vendor)
    assert (verdict.finding, verdict.entry) == (Finding.DEFAULT, entry)
    assert verdict.confidence >= 0.8


@pytest.mark.parametrize(
    ("user", "secret", "finding"),
    [
        ("bob", "", Finding.EMPTY),
        ("bob", "bob", Finding.EQUALS_USER),
        ("Véronique", "Véronique", Finding.EQUALS_USER),
        ("bob", "bob123", Finding.WEAK),
        ("bob", "password", Finding.WEAK),
        ("bob", "a!b2c", Finding.SHORT),  # 5 characters
        ("bob", "8465913", Finding.SHORT),  # 7 digits
        ("bob", "84659134", Finding.NOT_IN_LIST),
        ("bob", "a!b2c3", Finding.NOT_IN_LIST),
        ("bob", "éèàçù", Finding.SHORT),  # characters count, not bytes
        ("bob", "Kälteanlage", Finding.NOT_IN_LIST),
    ],
)
def test_secrets_that_are_in_no_list(user: str, secret: str, finding: Finding) -> None:
    assert judge("ftp", user, secret) == Verdict(finding)


def test_names_of_the_thing_and_of_the_site_are_weak() -> None:
    assert judge("ftp", "bob", "sauter-bms", model="Sauter-BMS").finding is Finding.WEAK
    assert judge("ftp", "bob", "valmont", words=("Valmont",)).finding is Finding.WEAK


def test_empty_and_the_user_name_count_more_than_a_default_of_another_product() -> None:
    assert judge("http-basic", "admin", "", vendor="Loytec") == Verdict(Finding.EMPTY)
    assert judge("http-basic", "admin", "admin", vendor="Sauter") == Verdict(Finding.EQUALS_USER)


def test_a_row_is_of_its_protocol() -> None:
    assert judge("ftp", "root", "vizxv", vendor="Dahua").finding is Finding.SHORT
    assert judge("telnet", "root", "vizxv", vendor="Dahua").finding is Finding.DEFAULT


def test_at_most_500_candidates() -> None:
    rows = [Row(f"r{number}", "", "", ("ftp",), "bob", f"Secret-{number:03}", (), "site", DAY, 1.0) for number in range(CANDIDATES + 1)]
    dictionary = Dictionary(rows)
    verdicts = [dictionary.judge(Credential("ftp", "bob", Secret(rows[at].secret.encode())), {}) for at in (CANDIDATES - 1, CANDIDATES)]
    assert [verdict.finding for verdict in verdicts] == [Finding.DEFAULT, Finding.NOT_IN_LIST]


def test_every_shipped_row_is_found_by_its_own_login() -> None:
    for row in shipped().rows.values():
        for protocol in row.protocols:
            verdict = shipped().judge(Credential(protocol, row.user, Secret(row.secret.encode())), {})
            found = shipped().rows[verdict.entry]
            assert (found.user.casefold(), found.secret) == (row.user.casefold(), row.secret)


def test_every_shipped_row_has_a_vendor_a_product_a_source_and_a_date() -> None:
    """Nothing is shipped without a source: lists by the letters that the head of the file explains, or words."""
    head = SHIPPED.read_text("utf-8").partition("\n\n")[0]
    for row in shipped().rows.values():
        assert row.vendor
        assert row.product
        assert row.protocols
        assert row.date >= DAY
        lists = [word for word in row.source.split() if word.isupper()]
        assert row.source
        assert all(f"{one} " in head for one in lists)
        assert lists or row.source in {"common", "open-source BACnet stack"}
        assert 0.5 <= row.confidence <= 1


def test_the_list_stands_among_the_configuration_too() -> None:
    assert (ROOT / "configs" / "default_credentials.yaml").resolve() == SHIPPED


def test_the_shipped_file_is_read_once_and_by_the_fast_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """The C reader of YAML takes an eighth of the time of the other, with the same promises."""
    loaders: list[object] = []
    usual = yaml.load
    monkeypatch.setattr(yaml, "load", lambda text, loader: loaders.append(loader) or usual(text, loader))
    load(SHIPPED)
    assert loaders == [yaml.CSafeLoader]
    assert shipped() is shipped()


ROW = (
    "- {id: a, vendor: v, product: p, proto: [ftp], user: 'u', secret: 'marker', scope: {vendor: 'x'}, source: site, date: 2026-11-27, "
    "conf: 1}\n"
)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (ROW + ROW, "#2 (a): the id is taken"),
        (ROW + ROW.replace("id: a", "id: b"), "#2 (b): says the same as a"),
        (ROW.replace("'x'", "'('"), "#1 (a): scope.vendor: missing )"),
        (ROW.replace("'x'", "'x*'"), "#1 (a): scope.vendor: this matches everything"),
        (ROW.replace("vendor: 'x'", "colour: 'x'"), "#1 (a): scope: some of banner"),
        (ROW.replace("'marker'", "1234"), "#1 (a): secret: this is no text; put it in quotes"),
        (ROW.replace("[ftp]", "ftp"), "#1 (a): proto: a list"),
        (ROW.replace("conf: 1", "conf: 2"), "#1 (a): conf: a number from 0 to 1"),
        (ROW.replace("source: site, ", ""), "#1 (a): unknown or missing: source"),
        (ROW.replace("date: 2026-11-27, ", ""), "#1 (a): unknown or missing: date"),
        (ROW.replace("2026-11-27", "last year"), "#1 (a): date: this is no date"),
        (ROW.replace("2026-11-27", "2026"), "#1 (a): date: this is no text"),
        (ROW.replace("conf", "config"), "#1 (a): unknown or missing: config"),
        ("- a\n", "#1: this is no row"),
        ("a: b\n", "this is no list"),
        ("- {\n", ":2: this is no YAML"),
        ("- !!python/object/apply:os.getcwd []\n", ":1: this is no YAML"),
    ],
)
def test_a_wrong_file_is_refused_with_its_row(tmp_path: Path, text: str, wrong: str) -> None:
    path = tmp_path / "site.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError) as refusal:
        load(path)
    assert f"{path}" in str(refusal.value)
    assert wrong in str(refusal.value)
    assert "marker" not in str(refusal.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path / "absent.yaml")


def test_rows_of_the_site_stand_beside_ours(tmp_path: Path) -> None:
    path = tmp_path / "site.yaml"
    path.write_text(ROW.replace("scope: {vendor: 'x'}, ", "").replace(", conf: 1", ""))
    dictionary = load(SHIPPED, path)
    assert len(dictionary.rows) == len(shipped().rows) + 1
    assert dictionary.judge(Credential("ftp", "u", Secret(b"marker")), {}) == Verdict(Finding.DEFAULT, "a", 1.0, Fit.ANY)


def test_rows_do_not_print_their_secret() -> None:
    assert "factorycast" not in repr(list(shipped().rows.values()))


def test_a_secret_is_never_shown(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret(b"marker")
    credential = Credential("ftp", "bob", secret)
    logging.getLogger("test").error("%s %r %s", secret, secret, credential)
    shown = [
        str(secret),
        repr(secret),
        f"{secret} {secret!r} {credential}",
        repr([credential]),
        str(vars(type(secret)).keys()),
        caplog.text,
    ]
    assert not [text for text in shown if "marker" in text]
    for leave in (pickle.dumps, copy.copy, copy.deepcopy, json.dumps):
        for thing in (secret, {"secret": secret}):
            if leave is copy.copy and isinstance(thing, dict):
                continue  # a shallow copy of a dict holds the same secret
            with pytest.raises(TypeError) as refusal:
                leave(thing)
            assert "marker" not in str(refusal.value)


@given(
    st.sampled_from(["http-basic", "ftp", "snmp", "bacnet", "other"]), st.text(max_size=12), st.binary(max_size=12), st.text(max_size=12)
)
def test_any_login_gets_a_verdict_that_does_not_tell_its_secret(scheme: str, user: str, secret: bytes, vendor: str) -> None:
    verdict = shipped().judge(Credential(scheme, user, Secret(secret)), {"vendor": vendor, "realm": vendor})
    assert 0 < verdict.confidence <= 1
    assert (verdict.finding is Finding.DEFAULT) == bool(verdict.entry)
    assert (verdict.finding is Finding.EMPTY) <= (not secret)


@pytest.mark.parametrize(
    ("folder", "scheme", "findings"),
    [
        ("ftp/suricata-ftp-mode-02.pcap", "ftp", {Finding.EQUALS_USER}),
        ("snmp/zeek-snmpv1_get.pcap", "snmp", {Finding.DEFAULT}),
        ("bacnet/icsnpp-bacnet_error_reject_abort.pcap", "bacnet", {Finding.DEFAULT}),
        ("http/zeek-basic-auth-with-colon.pcap", "http-basic", {Finding.SHORT}),
    ],
)
def test_verdicts_of_what_tshark_saw(captures: Path, folder: str, scheme: str, findings: set[Finding]) -> None:
    items = json.loads((captures / "TRUTH.json").read_text())["captures"][folder]["credentials"]["items"]
    assert {judge(scheme, item["user"] or "", item["secret"]).finding for item in items} == findings
