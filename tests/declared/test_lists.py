from pathlib import Path

import pytest

from otwatch.declared.lists import imported
from otwatch.declared.names import Called, Names
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
    assert read(tmp_path, EDE) == {"bacnet 210103": {"analog-value:12": Called("Consigne salle 3"), "binary-output:1": Called("BO1")}}


def test_a_register_map(tmp_path: Path) -> None:
    assert read(tmp_path, MAP) == {
        "10.22.8.20": {"holding-register 4001": Called("Consigne chaudière")},
        "10.20.1.60/unit 5": {"coil 3": Called("Pompe 2")},
    }


def test_a_line_that_ends_early_names_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, "address,register,name\n10.0.0.1,1\n10.0.0.1,2,Débit\n") == {"10.0.0.1": {"holding-register 2": Called("Débit")}}


def test_group_addresses_of_ets(tmp_path: Path) -> None:
    """Three levels, two, a number; main and middle groups have names of their own."""
    rows = ("Éclairage;1/-/-", "Bloc 3;1/2/3", "Bloc 4;1/516", "Bloc 5;2565")
    names = read(tmp_path, "Group name;Address\n" + "\n".join(rows) + "\n")
    assert names == {"knx": {"group 1/2/3": Called("Bloc 3"), "group 1/2/4": Called("Bloc 4"), "group 1/2/5": Called("Bloc 5")}}


def test_datapoint_types_of_ets(tmp_path: Path) -> None:
    names = read(tmp_path, '"Group name";"Address";"DatapointType"\n"Consigne";"1/2/3";"DPST-9-1"\n"Lampe";"1/2/4";"DPST-1-1"\n')
    assert names["knx"] == {"group 1/2/3": Called("Consigne", "9.001", measured_in="°C"), "group 1/2/4": Called("Lampe")}


def test_forms_and_factors_of_a_register_map(tmp_path: Path) -> None:
    """With a comma or a point; what says a factor only is a plain register."""
    heads = "address;register;name;form;low_word_first;factor;offset;measured_in\n"
    rows = (
        "10.0.0.1;1;Consigne;int16;;0,1;;°C",
        "10.0.0.1;2;Débit;float32;oui;;;m³/h",
        "10.0.0.1;4;Niveau;;;0.5;-10;%",
        "10.0.0.1;5;État;;;;;",
    )
    assert read(tmp_path, heads + "\n".join(rows) + "\n")["10.0.0.1"] == {
        "holding-register 1": Called("Consigne", "int16", factor=0.1, measured_in="°C"),
        "holding-register 2": Called("Débit", "float32", low_word_first=True, measured_in="m³/h"),
        "holding-register 4": Called("Niveau", "uint16", factor=0.5, offset=-10, measured_in="%"),
        "holding-register 5": Called("État"),
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a;b\n1;2\n", "no line of heads"),
        (EDE.replace(";2;12;", ";two;12;"), "5: object-type 'two': a number is expected"),
        (MAP.replace("coil", "lamp"), "3: kind 'lamp'"),
        ("Group name;Address\nx;1/8/3\n", "2: address '1/8/3'"),
        ("Group name;Address\nx\n", "2: address ''"),
        ("name,address,register\nx,10.0.0.1\n", "2: register '': a number is expected"),
        ("address,register,name,form\n10.0.0.1,1,x,float\n", "2: form 'float': one of uint16, int16, uint32, int32, float32 is expected"),
        ("address,register,name,factor\n10.0.0.1,1,x,ten\n", "2: factor 'ten': a number is expected"),
        ("address,register,name,offset\n10.0.0.1,1,x,nan\n", "2: offset 'nan': a number is expected"),
        ("address,register,name,low_word_first\n10.0.0.1,1,x,maybe\n", "2: low_word_first 'maybe': yes or no is expected"),
    ],
)
def test_what_is_wrong_is_said(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(DeclaredError, match=r"points\.csv") as wrong:
        read(tmp_path, text)
    assert told in str(wrong.value)
