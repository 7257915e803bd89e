"""Places in keys: what is of one place says so everywhere, and what two places have alike stays apart."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.config.sensor import PLACE
from otwatch.outputs.exports.ids import Inventory
from otwatch.outputs.exports.netbox import as_files
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import Words
from otwatch.results import Results
from otwatch.results.places import NAME, alone, bare, place_of, placed, places, together
from tests.outputs.samples import HOSPITAL

NORTH, SOUTH = placed(HOSPITAL, "north"), placed(HOSPITAL, "south")


def keys_of(results: Results) -> list[str]:
    found: list[Any] = [key for row in results.assets for key in (row.key, row.parent)]
    found += [key for row in results.links for key in (row.client, row.server, *row.via)]
    found += [key for row in results.alerts for key in (row.client, row.server)]
    found += [row.asset for rows in (results.attributes, results.faces, results.points) for row in rows]
    found += [key for row in results.points for key in (*row.writers, *(one.client for one in (*row.slots, *row.readers)))]
    found += [key for row in (*results.sessions, *results.baseline) for key in (row.client, row.server)]
    return [key for key in found if key]


def test_without_a_name_nothing_changes() -> None:
    assert placed(HOSPITAL, "") is HOSPITAL


def test_every_key_says_its_place() -> None:
    assert {place_of(key) for key in keys_of(NORTH)} == {"north"}
    assert [bare(key) for key in keys_of(NORTH)] == keys_of(HOSPITAL)
    assert NORTH.site == "north"


def test_labels_end_with_the_key_or_are_it() -> None:
    named = HOSPITAL.assets[0]._replace(key="10.0.0.9", label="GTB (10.0.0.9)")
    called = HOSPITAL.assets[0]._replace(key="10.0.0.8", label="10.0.0.8")
    found = placed(HOSPITAL._replace(assets=(named, called)), "north").assets
    assert [row.label for row in found] == ["GTB (10.0.0.9@north)", "10.0.0.8@north"]


def test_alone_takes_places_away_again() -> None:
    back = alone(NORTH)
    assert back._replace(site=HOSPITAL.site, baseline=HOSPITAL.baseline, assets=HOSPITAL.assets) == HOSPITAL
    assert [row._replace(label="") for row in back.assets] == [row._replace(label="") for row in HOSPITAL.assets]


def test_two_places_share_nothing_but_sums() -> None:
    both = together({"south": SOUTH, "north": NORTH})
    assert places(both) == ["north", "south"]
    assert len({row.key for row in both.assets}) == 2 * len(HOSPITAL.assets)
    assert len({row.id for row in both.zones}) == 2 * len(HOSPITAL.zones)
    assert {row.zone for row in both.assets} <= {row.id for row in both.zones} | {""}
    assert len({row.id for row in both.baseline}) == 2 * len(HOSPITAL.baseline)
    assert [row.number for row in both.alerts] == list(range(1, 2 * len(HOSPITAL.alerts) + 1))
    assert [row.severity for row in both.alerts] == sorted((row.severity for row in both.alerts), reverse=True)
    assert sum(row.packets for row in both.protocols) == 2 * sum(row.packets for row in HOSPITAL.protocols)
    assert {name: 2 * times for name, times in HOSPITAL.notes.items()} == both.notes
    assert both.site == "north, south"
    assert together({"north": NORTH, "south": SOUTH}) == both


def inventory(results: Results) -> Inventory:
    return Inventory(results.site, 0, results.assets, results.attributes, results.faces, results.links)


def test_ids_are_those_of_a_record_of_that_place_alone() -> None:
    both, key = together({"north": NORTH, "south": SOUTH}), HOSPITAL.assets[0].key
    ids = {inventory(both).id(f"{key}@{place}") for place in ("north", "south")}
    assert ids == {inventory(NORTH).id(f"{key}@north"), inventory(SOUTH).id(f"{key}@south")}
    assert len(ids) == 2
    assert inventory(HOSPITAL._replace(site="north")).id(key) in ids


def test_netbox_takes_one_address_in_two_vrfs() -> None:
    voice = Voice(Words("en"), "UTC", {}, {})
    found = as_files(inventory(together({"north": NORTH, "south": SOUTH})), voice)
    files = {name: content.decode().splitlines() for name, content in found.items()}
    assert files["0-vrfs.csv"][1:] == ["north,true", "south,true"]
    assert files["1-sites.csv"][1:] == ["north,north,active", "south,south,active"]
    rows = [(line.split(",")[0], line.split(",")[-1]) for line in files["8-ip-addresses.csv"][1:]]
    assert len(rows) == len(set(rows))
    assert {vrf for _, vrf in rows} == {"north", "south"}
    assert "0-vrfs.csv" not in as_files(inventory(HOSPITAL), voice)


@given(st.from_regex(NAME, fullmatch=True))
def test_a_place_is_found_again_in_a_key(name: str) -> None:
    for key in ("10.0.0.1", "10.0.0.1/unit 5", "bacnet 2001/05", "fe80::1"):
        assert (bare(f"{key}@{name}"), place_of(f"{key}@{name}")) == (key, name)


@pytest.mark.parametrize("name", ["", "a@b", "a/b", "a=b", "a\nb", " a", "-a", "a" * 65, "a\x1b[2J"])
def test_what_is_no_name(name: str) -> None:
    assert not re.fullmatch(NAME, name)


def test_the_configuration_reads_the_same_names() -> None:
    assert PLACE == NAME
