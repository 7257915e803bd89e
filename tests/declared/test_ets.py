"""Projects made by hand, as ETS 5 and 6 lay them out."""

import io
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from otwatch.declared import ets
from otwatch.declared.ets import groups, is_project
from otwatch.declared.lists import imported
from otwatch.declared.names import Called
from otwatch.errors import DeclaredError

INSTALLATION = """<?xml version="1.0" encoding="utf-8"?>
<KNX xmlns="http://knx.org/xml/project/{version}" CreatedBy="ETS">
 <Project Id="P-0A1B"><Installations><Installation Name="Bâtiment A" InstallationId="0"><GroupAddresses><GroupRanges>
  <GroupRange Id="P-0A1B-0_GR-1" RangeStart="2048" RangeEnd="4095" Name="CVC" Puid="1">
   <GroupRange Id="P-0A1B-0_GR-2" RangeStart="2560" RangeEnd="2815" Name="Bloc" Puid="2">{addresses}</GroupRange>
  </GroupRange>
 </GroupRanges></GroupAddresses></Installation></Installations></Project>
</KNX>"""
ADDRESSES = """
<GroupAddress Id="P-0A1B-0_GA-1" Address="2563" Name="Consigne salle 3" DatapointType="DPST-9-1" Puid="3" />
<GroupAddress Id="P-0A1B-0_GA-2" Address="2564" Name="Éclairage &quot;opératoire&quot;" DatapointType="DPST-1-1" Puid="4" />
<GroupAddress Id="P-0A1B-0_GA-3" Address="2565" Name="" Puid="5" />"""
FOUND = [(2563, "Consigne salle 3", "DPST-9-1"), (2564, 'Éclairage "opératoire"', "DPST-1-1")]
MASTER = {"knx_master.xml": b"<KNX/>", "P-0A1B/project.xml": b"<KNX/>", "P-0A1B.signature": b"x"}


def installation(addresses: str = ADDRESSES, version: int = 20) -> bytes:
    return INSTALLATION.format(addresses=addresses, version=version).encode()


def project(folder: Path, files: Mapping[str, bytes], packed: int = ZIP_DEFLATED) -> Path:
    path = folder / "ecole.knxproj"
    with ZipFile(path, "w", packed) as written:
        for name, content in {**MASTER, **files}.items():
            written.writestr(name, content)
    return path


@pytest.mark.parametrize("version", [11, 20, 23])
def test_addresses_of_ranges_in_ranges(version: int, tmp_path: Path) -> None:
    assert list(groups(project(tmp_path, {"P-0A1B/0.xml": installation(version=version)}))) == FOUND


def test_a_project_gives_names_and_what_is_measured(tmp_path: Path) -> None:
    names = imported(project(tmp_path, {"P-0A1B/0.xml": installation()}))
    assert names == {
        "knx": {
            "group 1/2/3": Called("Consigne salle 3", "9.001", measured_in="°C"),
            "group 1/2/4": Called('Éclairage "opératoire"'),
        }
    }


def test_two_installations_with_one_address(tmp_path: Path) -> None:
    """A telegram does not say from which it is: both names, and no unit that holds for one of them only."""
    other = ADDRESSES.replace("Consigne salle 3", "Store").replace("DPST-9-1", "DPST-5-1")
    names = imported(project(tmp_path, {"P-0A1B/0.xml": installation(), "P-0A1B/1.xml": installation(other)}))
    assert names["knx"]["group 1/2/3"] == Called("Consigne salle 3 / Store")
    assert names["knx"]["group 1/2/4"] == Called('Éclairage "opératoire"')


def test_it_is_known_by_what_it_is(tmp_path: Path) -> None:
    path = project(tmp_path, {"P-0A1B/0.xml": installation()})
    assert is_project(path.rename(tmp_path / "projet.zip"))
    (tmp_path / "points.csv").write_text("address,register,name\n")
    assert not is_project(tmp_path / "points.csv")


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"P-0A1B.zip": b"PK"}, "this project has a password; in ETS, export its group addresses as CSV"),
        ({"0.xml": installation()}, "no P-.../0.xml in it"),
        (
            {"P-0A1B/0.xml": installation('<GroupAddress Address="65536" Name="x"/>')},
            r"0\.xml:5: address '65536': a number from 0 to 65535",
        ),
        ({"P-0A1B/0.xml": installation('<GroupAddress Address="1/2/3" Name="x"/>')}, "address '1/2/3'"),
        ({"P-0A1B/0.xml": installation()[:-5]}, "XML as ETS writes it is expected"),
        ({"P-0A1B/0.xml": b'<?xml version="1.0" encoding="nonsense"?><KNX/>'}, "XML as ETS writes it is expected"),
        ({"P-0A1B/0.xml": b'<!DOCTYPE k [<!ENTITY a "aaaa">]><KNX>&a;</KNX>'}, "declares a type of documents"),
        ({"P-0A1B/0.xml": b'<!DOCTYPE k SYSTEM "file:///etc/passwd"><KNX/>'}, "declares a type of documents"),
        ({f"P-0A1B/{number}.xml": b"<KNX/>" for number in range(17)}, "more than 16 installations"),
        ({"P-0A1B/0.xml": installation("")}, "no group address has a name"),
    ],
)
def test_what_is_wrong_is_said(files: Mapping[str, bytes], told: str, tmp_path: Path) -> None:
    with pytest.raises(DeclaredError, match=told):
        imported(project(tmp_path, files))


def test_encrypted_members(tmp_path: Path) -> None:
    """ZIP says so in a bit of each member, here set by hand in the local and in the central head."""
    path = project(tmp_path, {"P-0A1B/0.xml": installation()})
    content = bytearray(path.read_bytes())
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(DeclaredError, match="has a password"):
        imported(path)


def test_packed_in_another_way(tmp_path: Path) -> None:
    with pytest.raises(DeclaredError, match="packed in another way"):
        imported(project(tmp_path, {"P-0A1B/0.xml": installation()}, ZIP_BZIP2))


def test_what_unpacks_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ets, "LARGEST_FILE", 1 << 20)
    with pytest.raises(DeclaredError, match="larger than that of any installation"):
        imported(project(tmp_path, {"P-0A1B/0.xml": installation(" " * (1 << 21))}))


def test_more_addresses_than_there_are(tmp_path: Path) -> None:
    with pytest.raises(DeclaredError, match="more group addresses than there are"):
        imported(project(tmp_path, {"P-0A1B/0.xml": installation('<GroupAddress Address="1" Name="x"/>' * 65_540)}))


def test_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ets, "MOST_FILES", 3)
    with pytest.raises(DeclaredError, match="more than 3 files"):
        imported(project(tmp_path, {"P-0A1B/0.xml": installation()}))


def test_names_of_the_project_are_made_visible(tmp_path: Path) -> None:
    hostile = '<GroupAddress Address="1" Name="a&#x202e;b"/>'
    (found,) = groups(project(tmp_path, {"P-0A1B/0.xml": installation(hostile)}))
    assert found[1] == "a\\u202eb"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no zip at all"])
def test_no_zip(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.knxproj"
    path.write_bytes(content)
    with pytest.raises(DeclaredError, match="a project of ETS"):
        imported(path)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(DeclaredError, match="cannot be read"):
        imported(tmp_path / "absent.knxproj")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), min_size=1, max_size=8))
def test_damage_is_an_error_or_nothing(changes: list[tuple[int, int]], tmp_path: Path) -> None:
    held = io.BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as written:
        written.writestr("P-0A1B/0.xml", installation())
    content = bytearray(held.getvalue())
    for at, value in changes:
        content[at % len(content)] = value
    path = tmp_path / "x.knxproj"
    path.write_bytes(content)
    with suppress(DeclaredError):
        assert all(0 <= number < 65536 for number, _, _ in groups(path))
