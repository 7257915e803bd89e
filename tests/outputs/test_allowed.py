"""What stands against a finding in the site file, and lines to paste: as they are said and written."""

import pytest

from otwatch.conclusions import Allowing, Contradiction, DraftConduit, DraftWriter
from otwatch.outputs.allowed import contradicted, sentence, yaml
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import LANGUAGES, Words, catalogue
from tests.outputs.samples import FRAME, HOSPITAL

VOICE = Voice.of(Words("en"), "UTC", HOSPITAL.zones, ())
CONDUIT = DraftConduit(
    "c1", "supervision", "cvc", "modbus", "", (1502,), ("READ", "WRITE"), ("10.0.0.1",), ("10.0.0.2",), ("10.0.0.1",), {}, (), "", FRAME
)
WRITER = DraftWriter("10.0.0.1", "fd00::2", "modbus", "5", (("addresses", ("4001", "4010-4012")),), 0)


def test_yaml() -> None:
    assert yaml(Allowing((), (CONDUIT,), (WRITER,))) == (
        "conduits:\n"
        "  - {id: c1, from: supervision, to: cvc, protocols: [{proto: modbus, ports: [1502], ops: [READ, WRITE]}], hosts_from: [10.0.0.1], "
        "hosts_to: [10.0.0.2], write_hosts: [10.0.0.1]}\n"
        "expected_writers:\n"
        '  - {client: 10.0.0.1, server: "fd00::2", proto: modbus, unit: 5, addresses: "4001,4010-4012"}\n'
    )
    assert yaml(Allowing((), (), (), "never")) == ""


def test_what_a_device_says_ends_no_text() -> None:
    named = WRITER._replace(restrictions=(("paths", ('tag:A"], client: "0.0.0.0/0', "tag:B\n- evil")),))
    (line,) = yaml(Allowing((), (), (named,))).splitlines()[1:]
    assert '["tag:A\\"], client: \\"0.0.0.0/0", "tag:B' in line


def test_lines_of_the_file_stand_under_what_they_say() -> None:
    found = Allowing((Contradiction("conduit", (2, 99), "supervision", "cvc", "c01", ("op", "window")),))
    said = list(contradicted(found, "site.yaml", ["a:", "  - {id: c01}  "], VOICE))
    assert said == ["Conduit c01 does not allow it: what is done, the hours.", "  site.yaml:2: - {id: c01}"]


@pytest.mark.parametrize("spoken", LANGUAGES)
@pytest.mark.parametrize("key", ["conduit", "no_conduit", "expired", "never", "shipped", "one_way", "writer", "no_writer"])
def test_every_contradiction_is_a_sentence(key: str, spoken: str) -> None:
    voice = Voice.of(Words(spoken), "UTC", HOSPITAL.zones, ())
    assert sentence(Contradiction(key, (), "supervision", "cvc", "c01", ("op",), "why"), voice).endswith(".")


@pytest.mark.parametrize("hindrance", ["never", "act", "list", "intra", "zone"])
def test_every_hindrance_is_said(hindrance: str) -> None:
    assert all(f"allowed.none_{hindrance}" in catalogue(spoken) for spoken in LANGUAGES)
