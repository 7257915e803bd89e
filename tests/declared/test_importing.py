from pathlib import Path

import pytest

from otwatch.declared.importing import SHOWN_PROBLEMS, imported
from otwatch.declared.store import DeclaredRow
from otwatch.errors import DeclaredError


def read(folder: Path, text: str | bytes, **mapping: str) -> tuple[DeclaredRow, ...]:
    path = folder / "register.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return imported(path, mapping).rows


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
    ("text", "told"),
    [
        ("name,ip\nplc,10.0.0\n", "2: address '10.0.0'"),
        ("name,mac\nplc,00:80\n", "2: mac '00:80'"),
        ("name,ip,unit\nplc,10.0.0.1,300\n", "2: unit '300': a number from 0 to 255"),
        ("name,ip\na,10.0.0.1\nb,10.0.0.1\n", "3: 10.0.0.1 is declared on line 2 already"),
        ("colour,size\nred,1\n", "no column names an asset; there are: colour, size"),
        ("name,ip\n", "no line says anything"),
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


def test_many_mistakes_are_counted(tmp_path: Path) -> None:
    with pytest.raises(DeclaredError, match=r"\.\.\. and \d+ more"):
        read(tmp_path, "name,ip\n" + "x,y\n" * (SHOWN_PROBLEMS + 5))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DeclaredError, match="cannot be read"):
        imported(tmp_path / "none.csv", {})
