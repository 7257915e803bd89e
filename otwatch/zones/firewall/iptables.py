"""`iptables-save` (and ip6tables-save) -> rules for what is forwarded (iptables-extensions(8)). Table `filter`, chain FORWARD."""

import shlex
from collections.abc import Iterator
from ipaddress import ip_network

from otwatch.config.site import Spans
from otwatch.errors import ConfigError
from otwatch.zones.firewall.ruleset import RETURNS, Chain, Condition, Jump, Rule, Ruleset, inlined

VERDICTS = {"ACCEPT": "accept", "DROP": "drop", "REJECT": "drop", "RETURN": RETURNS}
SILENT = frozenset({"LOG", "NFLOG", "MARK", "CONNMARK", "TRACE"})
"""Targets after which the next rule is asked."""
ADDRESSES = {"-s": "source", "--source": "source", "-d": "target", "--destination": "target"}
PORTS = frozenset({"--dport", "--dports", "--destination-port", "--destination-ports"})
STATES = frozenset({"--ctstate", "--state"})
IGNORED = frozenset({"-m", "--comment", "--reject-with", "--log-prefix", "--log-level", "-c", "--limit", "--limit-burst"})


def read_iptables(text: str, name: str) -> Ruleset:
    """ConfigError with the line where something cannot be what iptables-save writes."""
    chains: dict[str, Chain] = {}
    otherwise, table, places = "", "", dict[str, int]()
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("*"):
            table = line[1:].strip()
        elif table == "filter" and line.startswith(":FORWARD "):
            otherwise = "drop" if line.split()[1] == "DROP" else "accept"
        elif table == "filter" and line.startswith("-A "):
            try:
                chain, rest = _words(line)
                places[chain] = places.get(chain, 0) + 1
                chains.setdefault(chain, []).extend(_rule(rest, f"{chain} {places[chain]}"))
            except (ValueError, IndexError, StopIteration) as error:
                raise ConfigError("firewall.no_rule", name=name, line=number, reason=error) from error
    if not otherwise:
        raise ConfigError("firewall.no_table", name=name)
    return Ruleset(tuple(inlined(chains, "FORWARD")), otherwise)


def _words(line: str) -> tuple[str, list[str]]:
    words = shlex.split(line)
    return words[1], words[2:]


def _rule(words: list[str], name: str) -> Chain:
    conditions: list[Condition] = []
    target, comment = "", ""
    for key, value, negated in _options(words):
        if key in {"-j", "-g", "--jump", "--goto"}:
            target = value
        elif key == "--comment":
            comment = value
        elif key not in IGNORED:
            conditions.append(_condition(key, value, negated))
    shown = f"{name} ({comment})" if comment else name
    if target in VERDICTS:
        return [Rule(shown, VERDICTS[target], tuple(conditions))]
    return [] if target in SILENT or not target else [Jump(shown, target, tuple(conditions))]


def _options(words: list[str]) -> Iterator[tuple[str, str, bool]]:
    """Key, value ("" for a flag), and whether a `!` stood before it."""
    at, negated = 0, False
    while at < len(words):
        if words[at] == "!":
            negated, at = True, at + 1
            continue
        value = words[at + 1] if at + 1 < len(words) and not words[at + 1].startswith("-") and words[at + 1] != "!" else ""
        yield words[at], value, negated
        negated, at = False, at + (2 if value else 1)


def _condition(key: str, value: str, negated: bool) -> Condition:
    if key in ADDRESSES:
        return Condition(ADDRESSES[key], networks=tuple(ip_network(part, strict=False) for part in value.split(",")), negated=negated)
    if key in {"-p", "--protocol"}:
        return Condition("transport", words=frozenset({value}), negated=negated)
    if key in PORTS:
        return Condition("port", spans=_spans(value), negated=negated)
    if key in STATES:
        return Condition("state", words=frozenset(value.lower().split(",")), negated=negated)
    return Condition("unread", text=f"{'! ' if negated else ''}{key} {value}".strip())


def _spans(value: str) -> Spans:
    pairs = (part.partition(":") for part in value.split(","))
    return tuple((int(low or 0), int(high or (65_535 if colon else low))) for low, colon, high in pairs)
