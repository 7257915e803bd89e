"""`nft -j list ruleset` -> rules for what is forwarded (libnftables-json(5))."""

import json
from ipaddress import ip_address, ip_network, summarize_address_range
from typing import Any

from otwatch.config.site import Network
from otwatch.errors import ConfigError
from otwatch.zones.firewall.ruleset import RETURNS, Chain, Condition, Jump, Rule, Ruleset, inlined

ADDRESSES = {"saddr": "source", "daddr": "target"}
PORTED = frozenset({"tcp", "udp", "th"})
VERDICTS = {"accept": "accept", "drop": "drop", "reject": "drop", "return": RETURNS}
SILENT = frozenset({"counter", "log", "limit", "comment", "notrack", "meter"})
"""Statements that decide nothing. A limit passes at least the first packet, which begins the conversation."""


def read_nftables(text: str, name: str) -> Ruleset:
    """The base chains on the forward hook, in the order of their tables. ConfigError where the text is nothing of the kind."""
    try:
        listed = [part for part in json.loads(text)["nftables"] if isinstance(part, dict)]
        return _ruleset(listed, name)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise ConfigError("firewall.no_ruleset", name=name, error=type(error).__name__, reason=error) from error


def _ruleset(listed: list[dict[str, Any]], name: str) -> Ruleset:
    sets = {(one["table"], one["name"]): one.get("elem", []) for part in listed if (one := part.get("set")) is not None}
    chains: dict[str, Chain] = {}
    places: dict[str, int] = {}
    bases = [part["chain"] for part in listed if part.get("chain", {}).get("hook") == "forward"]
    for part in listed:
        if (rule := part.get("rule")) is not None:
            key = f"{rule['table']} {rule['chain']}"
            places[key] = places.get(key, 0) + 1
            chains.setdefault(key, []).extend(_rule(rule, f"{key} {places[key]}", sets))
    if not bases:
        raise ConfigError("firewall.no_chain", name=name)
    found = [rule for base in bases for rule in inlined(chains, f"{base['table']} {base['name']}")]
    return Ruleset(tuple(found), "drop" if any(base.get("policy") == "drop" for base in bases) else "accept")


def _rule(rule: dict[str, Any], name: str, sets: dict[tuple[str, str], Any]) -> Chain:
    conditions: list[Condition] = []
    shown = f"{name} ({rule['comment']})" if rule.get("comment") else name
    for statement in rule["expr"]:
        ((word, body),) = statement.items()
        if word == "match":
            conditions.extend(_match(body, rule["table"], sets))
        elif word in VERDICTS:
            return [Rule(shown, VERDICTS[word], tuple(conditions))]
        elif word in {"jump", "goto"}:
            return [Jump(shown, f"{rule['table']} {body['target']}", tuple(conditions))]
        elif word not in SILENT:
            conditions.append(Condition("unread", text=word))
    return []


def _match(body: dict[str, Any], table: str, sets: dict[tuple[str, str], Any]) -> list[Condition]:
    left, negated = body["left"], body.get("op") == "!="
    values = _values(body["right"], table, sets)
    payload = left.get("payload", {}) if isinstance(left, dict) else {}
    protocol, field = payload.get("protocol", ""), payload.get("field", "")
    if protocol in {"ip", "ip6"} and field in ADDRESSES:
        return [Condition(ADDRESSES[field], networks=tuple(part for value in values for part in _networks(value)), negated=negated)]
    if protocol in PORTED and field == "dport":
        transport = [Condition("transport", words=frozenset({protocol}))] if protocol != "th" else []
        return [*transport, Condition("port", spans=tuple(map(_span, values)), negated=negated)]
    if left.get("meta", {}).get("key") == "l4proto" or (protocol == "ip" and field == "protocol"):
        return [Condition("transport", words=frozenset(map(str, values)), negated=negated)]
    if left.get("ct", {}).get("key") == "state":
        return [Condition("state", words=frozenset(map(str, values)), negated=negated)]
    return [Condition("unread", text=json.dumps(left, sort_keys=True))]


def _values(right: Any, table: str, sets: dict[tuple[str, str], Any]) -> list[Any]:
    if isinstance(right, str) and right.startswith("@"):
        return _values(sets[table, right[1:]], table, sets)
    if isinstance(right, dict) and "set" in right:
        return _values(right["set"], table, sets)
    return list(right) if isinstance(right, list) else [right]


def _networks(value: Any) -> list[Network]:
    if isinstance(value, dict) and "prefix" in value:
        return [ip_network(f"{value['prefix']['addr']}/{value['prefix']['len']}")]
    if isinstance(value, dict) and "range" in value:
        first, last = map(ip_address, value["range"])
        return list(summarize_address_range(first, last))
    return [ip_network(value["elem"]["val"] if isinstance(value, dict) else value)]


def _span(value: Any) -> tuple[int, int]:
    low, high = value["range"] if isinstance(value, dict) else (value, value)
    return int(low), int(high)
