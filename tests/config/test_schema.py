"""The schema for editors: it lets through what otwatch reads, and no key that otwatch does not know."""

import copy
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from otwatch.config import read_site
from otwatch.config.schema import site_schema
from tests.conftest import ROOT


class _Core(yaml.SafeLoader):
    """YAML 1.2's core schema, as editors read it: dates are text."""


_Core.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in forms if not tag.endswith(("timestamp", "null"))]
    for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), _Core)  # a subclass of SafeLoader


EXAMPLES = {path.name: _read(path) for path in sorted((ROOT / "configs").glob("site*.yaml"))}
VALIDATE = fastjsonschema.compile(site_schema())
STRANGE = st.sampled_from(["x", "any", "10.0.0.0/8", 5, -1, 70_000, 1.5, True, [], ["x"], {}, {"x": 1}])


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_examples_hold(name: str) -> None:
    VALIDATE(EXAMPLES[name])


@pytest.mark.parametrize(
    "wrong",
    [
        {"versoin": 1},
        {"zones": [{"id": "a", "kind": "hvac"}]},
        {"zones": [{"id": "A!", "kind": "water"}]},
        {"conduits": [{"id": "a", "from": "x", "to": "y", "protocols": [{"proto": "modbus", "ports": [70_000]}]}]},
        {"windows": [{"id": "w", "days": ["monday"]}]},
        {"never": ["default"]},
    ],
)
def test_what_is_wrong_is_seen_while_writing(wrong: dict[str, Any]) -> None:
    with pytest.raises(fastjsonschema.JsonSchemaException):
        VALIDATE(EXAMPLES["site-minimal.yaml"] | wrong)


def _places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path, *(place for name, child in children for place in _places(child, (*path, name)))]


PLACES = _places(EXAMPLES["site.yaml"])[1:]


@given(place=st.sampled_from(PLACES), value=STRANGE)
def test_the_schema_is_no_narrower_than_otwatch(place: tuple[Any, ...], value: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    tree = copy.deepcopy(EXAMPLES["site.yaml"])
    holder = tree
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = value
    try:
        VALIDATE(tree)
    except fastjsonschema.JsonSchemaException:
        path: Path = tmp_path_factory.mktemp("site") / "site.yaml"
        path.write_text(yaml.safe_dump(tree), encoding="utf-8")
        assert read_site(path)[1], f"{place} = {value!r}"
