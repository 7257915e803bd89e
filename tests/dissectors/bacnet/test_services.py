"""The tables of services are complete and well formed."""

from otwatch.dissectors.bacnet.services import CONFIRMED, UNCONFIRMED, confirmed, unconfirmed
from otwatch.events import CHANGES, Verb


def test_all_services_of_135_2020_have_a_row() -> None:
    assert sorted(CONFIRMED) == list(range(34))
    assert sorted(UNCONFIRMED) == list(range(15))


def test_names_are_unique() -> None:
    names = [service.name for table in (CONFIRMED, UNCONFIRMED) for service in table.values()]
    assert len(set(names)) == len(names)


def test_what_changes_the_plant() -> None:
    changing = {service.name for table in (CONFIRMED, UNCONFIRMED) for service in table.values() if service.verb in CHANGES}
    assert changing == {
        "atomicWriteFile", "addListElement", "removeListElement", "createObject", "deleteObject", "writeProperty",
        "writePropertyMultiple", "deviceCommunicationControl", "reinitializeDevice", "vtOpen", "vtClose", "vtData",
        "lifeSafetyOperation", "timeSynchronization", "utcTimeSynchronization", "writeGroup", "you-Are",
    }  # fmt: skip


def test_unknown_services_are_walked() -> None:
    assert (confirmed(200).name, confirmed(200).verb) == ("service 200", Verb.OTHER)
    assert unconfirmed(200).name == "unconfirmed service 200"
