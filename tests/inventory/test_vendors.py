import zlib
from pathlib import Path

import pytest

from otwatch.inventory import vendors


@pytest.mark.parametrize(
    ("mac", "holder"),
    [
        ("00:80:f4:12:34:56", "TELEMECANIQUE ELECTRIQUE"),  # Schneider Electric since
        ("00:40:8c:00:00:01", "AXIS COMMUNICATIONS AB"),
        ("00:0a:5c:00:00:01", "Carel s.p.a."),
        ("70:b3:d5:00:10:00", "SOREDI touch systems GmbH"),  # 36 bits
        ("8c:1f:64:00:30:01", "Brighten Controls LLP"),
        ("00:55:da:01:23:45", "Shinko Technos co.,ltd."),  # 28 bits
        ("70:b3:d5:ff:f0:00", ""),  # inside a block that was cut up: nobody, or the holder of the small one
        ("02:80:f4:12:34:56", ""),  # locally administered
        ("01:80:c2:00:00:00", ""),  # a group
        ("", ""),
    ],
)
def test_maker(mac: str, holder: str) -> None:
    found = vendors.maker(mac)
    assert found == holder or (holder == "" and mac.startswith("70:b3:d5") and found not in vendors.NAMELESS)


def test_cip_names() -> None:
    assert vendors.cip_vendor("243") == "Schneider Electric"
    assert vendors.cip_device_type("14") == "Programmable Logic Controller"
    assert vendors.cip_vendor("65000") == vendors.cip_vendor("") == vendors.cip_device_type("Programmable Logic Controller") == ""


def test_build_gives_the_same_bytes_and_no_addresses(tmp_path: Path) -> None:
    head = "Registry,Assignment,Organization Name,Organization Address\n"
    (tmp_path / "oui.csv").write_text(head + 'MA-L,0080F4,"Made, Inc.",1 Street\nMA-L,70B3D5,IEEE Registration Authority,x\n')
    (tmp_path / "mam.csv").write_text(head + "MA-M,0055DA1,Middle   Ltd,x\n")
    (tmp_path / "oui36.csv").write_text(head + "MA-S,70B3D5001,Small\x1b[31m,x\nIAB,0050C2000,Old,x\n")
    built = vendors.build(tmp_path)
    assert built == vendors.build(tmp_path)
    lines = zlib.decompress(built).decode().split("\n")
    assert lines == ["0055DA1\tMiddle Ltd", "0080F4\tMade, Inc.", "70B3D5\tIEEE Registration Authority", "70B3D5001\tSmall\\x1b[31m"]


def test_build_without_the_files(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"oui\.csv"):
        vendors.build(tmp_path)


def test_shipped_file_is_small() -> None:
    assert Path(vendors.__file__).with_name("oui.zlib").stat().st_size < 700 << 10
