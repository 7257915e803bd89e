"""What is no longer looked after: systems and protocols whose support ended, from `ageing.toml`, a row with its source and date each."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from otwatch.results import AssetRow, AttributeRow, LinkRow, Texts

NO_THINGS = frozenset({"group", "external"})


class Rule(NamedTuple):
    """A row of the data file. Either `attributes` (whose values `says` finds) or `service` and `port` (0: any) of a conversation.

    since    the day the support ended, or the document that forbids it appeared; `source` who states it, `checked` when we read it
    """

    id: str
    title: Texts
    since: str
    source: str
    checked: str
    attributes: tuple[str, ...] = ()
    says: str = ""
    service: str = ""
    port: int = 0


class Aged(NamedTuple):
    """An asset that a rule is about; `evidence` what shows it."""

    asset: str
    rule: str
    title: Texts
    since: str
    evidence: str
    source: str
    checked: str


@cache
def rules() -> tuple[Rule, ...]:
    table = tomllib.loads(files(__package__).joinpath("ageing.toml").read_text("utf-8"))
    return tuple(_rule(name, row) for name, row in table.items())


def _rule(name: str, row: dict[str, Any]) -> Rule:
    given: dict[str, Any] = {field: said for field, said in row.items() if field not in ("en", "fr", "attributes")}
    return Rule(id=name, title={"en": row["en"], "fr": row["fr"]}, attributes=tuple(row.get("attributes", ())), **given)


def aged(assets: Iterable[AssetRow], attributes: Iterable[AttributeRow], links: Iterable[LinkRow]) -> list[Aged]:
    """By asset, in the order of the record."""
    order = {row.key: at for at, row in enumerate(assets) if row.kind not in NO_THINGS}
    found = {(one.asset, one.rule, one.evidence): one for one in (*_said(attributes), *_served(links))}
    return sorted((one for one in found.values() if one.asset in order), key=lambda one: (order[one.asset], one.rule, one.evidence))


def _said(attributes: Iterable[AttributeRow]) -> Iterator[Aged]:
    told = [(rule, re.compile(rule.says, re.IGNORECASE)) for rule in rules() if rule.says]
    for row in attributes:
        for rule, pattern in told:
            if row.name in rule.attributes and pattern.search(row.value):
                yield _aged(row.asset, rule, f"{row.value} ({row.source}, {row.frame.capture} {row.frame.number})")


def _served(links: Iterable[LinkRow]) -> Iterator[Aged]:
    told = [rule for rule in rules() if rule.service]
    for row in links:
        for rule in told:
            if row.state == "established" and row.protocol == rule.service and rule.port in (0, row.port):
                yield _aged(row.server, rule, f"{row.protocol} {row.transport}/{row.port} ({row.frame.capture} {row.frame.number})")


def _aged(asset: str, rule: Rule, evidence: str) -> Aged:
    return Aged(asset, rule.id, rule.title, rule.since, evidence, rule.source, rule.checked)
