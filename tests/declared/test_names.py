from pathlib import Path

import pytest

from otwatch.declared.names import GROUPS, Names, add, default_path, imported, load, name_of
from otwatch.errors import DeclaredError

EDE = """#Engineering-Data-Exchange - B.I.G.-EU
PROJECT_NAME;CTA
#mandatory;mandatory;mandatory;mandatory;mandatory;optional
# keyname;device obj.-instance;object-name;object-type;object-instance;description
k1;210103;AV1;2;12;Consigne salle 3
k2;210103;BO1;4;1;
"""
MAP = "address,unit,kind,register,name\n10.22.8.20,,holding,4001,Consigne chaudière\n10.20.1.60,5,coil,3,Pompe 2\n"


def read(folder: Path, text: str) -> Names:
    path = folder / "points.csv"
    path.write_text(text, "utf-8")
    return imported(path)


def test_ede(tmp_path: Path) -> None:
    assert read(tmp_path, EDE) == {"bacnet 210103": {"analog-value:12": "Consigne salle 3", "binary-output:1": "BO1"}}


def test_a_register_map(tmp_path: Path) -> None:
    assert read(tmp_path, MAP) == {
        "10.22.8.20": {"holding-register 4001": "Consigne chaudière"},
        "10.20.1.60/unit 5": {"coil 3": "Pompe 2"},
    }


def test_group_addresses_of_ets(tmp_path: Path) -> None:
    """Three levels, two, a number; main and middle groups have names of their own."""
    rows = ("Éclairage;1/-/-", "Bloc 3;1/2/3", "Bloc 4;1/516", "Bloc 5;2565")
    names = read(tmp_path, "Group name;Address\n" + "\n".join(rows) + "\n")
    assert names == {"knx": {"group 1/2/3": "Bloc 3", "group 1/2/4": "Bloc 4", "group 1/2/5": "Bloc 5"}}
    assert name_of(names, ("10.0.0.5", "bacnet ", GROUPS), "group 1/2/3") == "Bloc 3"


@pytest.mark.parametrize(
    ("point", "name"),
    [("analog-value:12 present-value", "Consigne salle 3"), ("analog-value:1 present-value", ""), ("analog-value:12", "Consigne salle 3")],
)
def test_a_property_is_called_as_its_object(point: str, name: str, tmp_path: Path) -> None:
    assert name_of(read(tmp_path, EDE), ("10.22.1.15", "bacnet 210103"), point) == name


def test_a_block_is_called_as_its_first_register() -> None:
    assert name_of({"10.0.0.1": {"holding-register 7": "x"}}, ("10.0.0.1",), "holding-register 7..9") == "x"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a;b\n1;2\n", "no line of heads"),
        (EDE.replace(";2;12;", ";two;12;"), "5: object-type 'two': a number is expected"),
        (MAP.replace("coil", "lamp"), "3: kind 'lamp'"),
        ("Group name;Address\nx;1/8/3\n", "2: address '1/8/3'"),
    ],
)
def test_what_is_wrong_is_said(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(DeclaredError, match=r"points\.csv") as wrong:
        read(tmp_path, text)
    assert told in str(wrong.value)


def test_names_are_added(tmp_path: Path) -> None:
    path = default_path(tmp_path / "record.db")
    assert load(path) == {}
    assert add(path, {"a": {"1": "x"}}) == 1
    assert add(path, {"b": {"1": "y", "2": "z"}}) == 3
    assert load(path) == {"a": {"1": "x"}, "b": {"1": "y", "2": "z"}}


def test_a_damaged_list(tmp_path: Path) -> None:
    path = tmp_path / "points.json"
    path.write_bytes(b"[]")
    with pytest.raises(DeclaredError, match="no list of names"):
        load(path)
