from pathlib import Path

import pytest

from otwatch.declared.importing import LeftOut, imported
from otwatch.declared.store import DeclaredRow
from otwatch.errors import DeclaredError


def read(folder: Path, text: str | bytes, **mapping: str) -> tuple[DeclaredRow, ...]:
    path = folder / "register.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return imported(path, mapping).declared.rows


def left_out(folder: Path, text: str) -> tuple[LeftOut, ...]:
    path = folder / "register.csv"
    path.write_text(text)
    return imported(path, {}).left_out


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_french_register(separator: str, tmp_path: Path) -> None:
    text = "Code équipement;Désignation;Adresse IP;N° de série\nEQ1;CTA bloc 3;10.22.8.20;A-77\n\n".replace(";", separator)
    assert read(tmp_path, text) == (DeclaredRow(2, id="EQ1", name="CTA bloc 3", address="10.22.8.20", serial="A-77"),)


def test_what_excel_writes(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "Désignation;Adresse IP\r\nChaufferie n° 2;10.0.0.1\r\n".encode("cp1252"))
    assert row.name == "Chaufferie n° 2"


def test_what_netbox_writes(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "name,manufacturer,device_type,primary_ip4,mac_address\nplc1,Schneider,M340,10.0.0.1/24,00-80-F4-00-00-01\n")
    assert (row.address, row.mac, row.vendor, row.product) == ("10.0.0.1", "00:80:f4:00:00:01", "Schneider", "M340")


def test_a_mapping_names_a_column(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "Repère;IP automate\nA;10.0.0.1\n", address="IP automate", name="Repère")
    assert (row.name, row.address, row.key) == ("A", "10.0.0.1", "10.0.0.1")


def test_what_acts_in_a_terminal_is_made_visible(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "name,ip\n\x1b[2Jx,10.0.0.1\n")
    assert row.name == "\\x1b[2Jx"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("plc,10.0.0,,", LeftOut(3, "address", "10.0.0")),
        ("plc,10.0.0.300,,", LeftOut(3, "address", "10.0.0.300")),
        ("plc,,00:80,", LeftOut(3, "mac", "00:80")),
        ("plc,10.0.0.1,,300", LeftOut(3, "unit", "300")),
        ("plc,10.0.0,00:80,300", LeftOut(3, "address", "10.0.0")),
        ("other,10.0.0.9,,", LeftOut(3, "repeated", "10.0.0.9", 2)),
    ],
)
def test_a_wrong_line_is_left_out_and_told(line: str, why: LeftOut, tmp_path: Path) -> None:
    text = f"name,ip,mac,unit\nfirst,10.0.0.9,,\n{line}\nlast,10.0.0.8,,\n"
    assert left_out(tmp_path, text) == (why,)
    assert [row.name for row in read(tmp_path, text)] == ["first", "last"]


def test_a_line_that_says_the_same_again_is_dropped(tmp_path: Path) -> None:
    text = "name,ip\nplc,10.0.0.9\nplc,10.0.0.9/24\nplc,010.000.000.009\n"
    assert read(tmp_path, text) == (DeclaredRow(2, name="plc", address="10.0.0.9"),)
    assert not left_out(tmp_path, text)


@pytest.mark.parametrize("nothing", ["", "-", "N/A", "néant", "DHCP", "Sans objet", "à définir", "?"])
def test_cells_that_say_nothing(nothing: str, tmp_path: Path) -> None:
    assert read(tmp_path, f"nom;ip;mac\nCTA 3;{nothing};{nothing}\n") == (DeclaredRow(2, name="CTA 3"),)


@pytest.mark.parametrize("mac", ["00-80-F4-00-00-01", "0080.f400.0001", "0080F4000001", "00 80 f4 00 00 01", "00:80:F4:00:00:01"])
def test_macs_in_every_notation(mac: str, tmp_path: Path) -> None:
    (row,) = read(tmp_path, f"nom;Adresse MAC\nplc;{mac}\n")
    assert row.mac == "00:80:f4:00:00:01"


def test_titles_before_the_heads(tmp_path: Path) -> None:
    text = "Parc GTB du CHU ; édité le 12/03/2026\n\nDésignation;Adresse IP;Version firmware\nCTA;10.0.0.1;V2.1\n"
    assert read(tmp_path, text) == (DeclaredRow(4, name="CTA", address="10.0.0.1", firmware="V2.1"),)


def test_what_excel_calls_unicode_text(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "Désignation\tAdresse IP\r\nPoste œil\t10.0.0.1\r\n".encode("utf-16"))
    assert (row.name, row.address) == ("Poste œil", "10.0.0.1")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("colour,size\nred,1\n", "no column names an asset; there are: colour, size"),
        ("name,ip\n", "no line says anything"),
        ("name,ip\nplc,10.0.0\n", "line 2: '10.0.0' is no address"),
        ("", "no column names an asset"),
    ],
)
def test_what_is_wrong_is_said(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(DeclaredError, match=r"register\.csv") as wrong:
        read(tmp_path, text)
    assert told in str(wrong.value)


def test_a_column_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DeclaredError, match="no column 'Adresse'; there are: name, ip"):
        read(tmp_path, "name,ip\na,10.0.0.1\n", address="Adresse")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DeclaredError, match="cannot be read"):
        imported(tmp_path / "none.csv", {})
