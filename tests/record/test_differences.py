from otwatch.record.differences import Difference, differences
from otwatch.results import PointRow, Results
from otwatch.sightings import Frame
from tests.outputs.samples import HOSPITAL, alert, asset, link


def found(after: Results, before: Results = HOSPITAL) -> list[tuple[str, str, str, str, str]]:
    return [(row.section, row.sort, row.field, row.before, row.after) for row in differences(before, after)]


def point(writers: tuple[str, ...] = ("10.20.1.12",), name: str = "Consigne") -> PointRow:
    frame = Frame("a.pcap", 1)
    return PointRow("10.22.1.15", "bacnet", "analog-value:12 present-value", name, len(writers), writers, "", "", "", (), 1, 1, frame)


def of_points(before: tuple[PointRow, ...], after: tuple[PointRow, ...]) -> list[tuple[str, str, str, str]]:
    told = differences(HOSPITAL._replace(points=before), HOSPITAL._replace(points=after))
    return [(one.sort, one.field, one.before, one.after) for one in told if one.section == "points"]


def test_points_that_are_written_now() -> None:
    assert of_points((), (point(),)) == [("added", "writers", "", "10.20.1.12")]
    assert of_points((point(),), ()) == [("removed", "writers", "10.20.1.12", "")]
    assert of_points((point(()),), (point(),)) == [("added", "writers", "", "10.20.1.12")]


def test_points_with_new_writers_or_another_name() -> None:
    assert not of_points((point(),), (point(),))
    assert not of_points((), (point(()),))
    assert of_points((point(),), (point(("10.20.1.12", "10.9.9.9")),)) == [("changed", "writers", "10.20.1.12", "10.9.9.9")]
    assert of_points((point(name="A"),), (point(),)) == [("changed", "name", "A", "Consigne")]


def test_the_same_record_has_none() -> None:
    assert differences(HOSPITAL, HOSPITAL) == []


def test_assets_that_came_and_went() -> None:
    rows = differences(HOSPITAL, HOSPITAL._replace(assets=(*HOSPITAL.assets[1:], asset("10.9.9.9", "new"))))
    assert [(row.section, row.sort, row.what) for row in rows] == [("assets", "added", "10.9.9.9"), ("assets", "removed", "10.20.1.12")]


def test_an_asset_that_moved_takes_its_conversations_along() -> None:
    before = HOSPITAL._replace(
        assets=(asset("10.0.0.1", macs=("00:80:f4:00:00:07",)), asset("10.0.0.2", macs=())), links=(link("10.0.0.2", "10.0.0.1", "", ""),)
    )
    after = before._replace(
        assets=(asset("10.0.0.9", macs=("00:80:f4:00:00:07",)), asset("10.0.0.2", macs=())), links=(link("10.0.0.2", "10.0.0.9", "", ""),)
    )
    assert found(after, before) == [("assets", "moved", "key", "10.0.0.1", "10.0.0.9")]


def test_versions() -> None:
    (vendor,) = HOSPITAL.attributes
    old, new = vendor._replace(name="firmware", value="2.1"), vendor._replace(name="firmware", value="3.0")
    assert found(HOSPITAL._replace(attributes=(new,)), HOSPITAL._replace(attributes=(old,))) == [
        ("versions", "changed", "firmware", "2.1", "3.0")
    ]


def test_conversations_and_writers() -> None:
    one, other = HOSPITAL.links
    after = HOSPITAL._replace(
        links=(
            one._replace(verbs={"READ": 1, "WRITE": 2, "PROGRAM": 1}),
            link("10.9.9.9", "10.22.8.20", "", "", verbs={"WRITE": 1}, writes=1),
        )
    )
    assert found(after) == [
        ("conversations", "changed", "verbs", "READ, WRITE", "PROGRAM"),
        ("conversations", "added", "", "", "WRITE"),
        ("writers", "added", "writes", "0", "1"),
        ("conversations", "removed", "", "WRITE", ""),
    ]
    assert differences(HOSPITAL, after)[-1] == Difference(
        "conversations", "removed", "10.10.5.20 -> 10.22.8.20 tcp/502 modbus", "", "", "WRITE", ""
    )
    assert other.verdict == "forbidden"


def test_findings() -> None:
    after = HOSPITAL._replace(alerts=(alert(1, 4), alert(2, 3, detection="recon.scan", variant="fast")))
    assert ("findings", "added", "variant", "", "fast") in found(after)
