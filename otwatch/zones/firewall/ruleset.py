"""The rules of a firewall as far as they decide whether a conversation may begin: by address, transport, port and state.

What is not read (interfaces, marks, sets of other tools) is kept as such: a rule with it matches perhaps, and that is told.
"""

from enum import Enum
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple

from otwatch.config.site import Network, Spans


class Fits(Enum):
    """Whether a rule means a conversation."""

    YES = "yes"
    NO = "no"
    PERHAPS = "perhaps"


class Condition(NamedTuple):
    """One condition of a rule. `of`: "source", "target" (networks), "transport", "state" (words), "port" (spans), "unread" (its text)."""

    of: str
    networks: tuple[Network, ...] = ()
    words: frozenset[str] = frozenset()
    spans: Spans = ()
    text: str = ""
    negated: bool = False


class Rule(NamedTuple):
    """`verdict`: "accept" or "drop". `name`: how a person finds it: chain and place, and its comment."""

    name: str
    verdict: str
    conditions: tuple[Condition, ...]


class Ruleset(NamedTuple):
    """Rules for what is forwarded, in their order, and what becomes of the rest."""

    rules: tuple[Rule, ...]
    otherwise: str


class Begin(NamedTuple):
    """A conversation that begins."""

    source: IPv4Address | IPv6Address
    target: IPv4Address | IPv6Address
    transport: str
    port: int


class Decision(NamedTuple):
    """`rule`: place in the list, -1 where the rest is meant; `perhaps`: rules before it that may have meant the conversation too."""

    verdict: str
    rule: int
    perhaps: tuple[int, ...]


def decide(rules: Ruleset, begin: Begin) -> Decision:
    """The first rule that surely means the conversation; those before it that perhaps do and say something else are told."""
    perhaps: list[int] = []
    for at, rule in enumerate(rules.rules):
        fits = fit(rule, begin)
        if fits is Fits.YES:
            return Decision(rule.verdict, at, tuple(one for one in perhaps if rules.rules[one].verdict != rule.verdict))
        if fits is Fits.PERHAPS:
            perhaps.append(at)
    return Decision(rules.otherwise, -1, tuple(one for one in perhaps if rules.rules[one].verdict != rules.otherwise))


def fit(rule: Rule, begin: Begin) -> Fits:
    found = [_holds(condition, begin) for condition in rule.conditions]
    if Fits.NO in found:
        return Fits.NO
    return Fits.PERHAPS if Fits.PERHAPS in found else Fits.YES


def _holds(condition: Condition, begin: Begin) -> Fits:
    if condition.of == "unread":
        return Fits.PERHAPS
    if condition.of in {"source", "target"}:
        address = begin.source if condition.of == "source" else begin.target
        holds = any(address in network for network in condition.networks)
    elif condition.of == "port":
        holds = any(low <= begin.port <= high for low, high in condition.spans)
    else:
        holds = (begin.transport if condition.of == "transport" else "new") in condition.words
    return Fits.YES if holds != condition.negated else Fits.NO


def shadows(rules: Ruleset) -> list[tuple[int, int]]:
    """Rules that can never decide anything, each with an earlier one that covers it whole."""
    found = []
    for at, rule in enumerate(rules.rules):
        earlier = next((before for before in range(at) if _covers(rules.rules[before], rule)), None)
        if earlier is not None:
            found.append((at, earlier))
    return found


def _covers(wide: Rule, small: Rule) -> bool:
    """Whether all that the small rule means, the wide one means too: each of its conditions holds wherever one of the small rule's does."""
    return all(any(_implies(given, wanted) for given in small.conditions) for wanted in wide.conditions)


def _implies(given: Condition, wanted: Condition) -> bool:
    if given == wanted:
        return True
    if given.of != wanted.of or given.negated or wanted.negated or given.of == "unread":
        return False
    if given.of in {"source", "target"}:
        return all(any(_within(part, whole) for whole in wanted.networks) for part in given.networks)
    if given.of == "port":
        return all(any(low <= first and last <= high for low, high in wanted.spans) for first, last in given.spans)
    return given.words <= wanted.words


def _within(part: Network, whole: Network) -> bool:
    return part.version == whole.version and part.prefixlen >= whole.prefixlen and part.network_address in whole


class Jump(NamedTuple):
    """A rule that leads to another chain."""

    name: str
    chain: str
    conditions: tuple[Condition, ...]


Chain = list[Rule | Jump]
DEPTH = 8
RETURNS = "return"
"""Verdict of a rule that leads back to the chain before: what follows it in its own chain matches perhaps only."""


def inlined(chains: dict[str, Chain], chain: str, above: tuple[Condition, ...] = (), depth: int = 0) -> list[Rule]:
    """The rules of a chain with those of the chains it leads to in their place."""
    found: list[Rule] = []
    returned: tuple[Condition, ...] = ()
    for one in chains.get(chain, []) if depth < DEPTH else []:
        conditions = (*above, *one.conditions, *returned)
        if isinstance(one, Jump):
            found.extend(inlined(chains, one.chain, conditions, depth + 1))
        elif one.verdict == RETURNS:
            returned = (Condition("unread", text=f"return in {chain}"),)
        else:
            found.append(one._replace(conditions=conditions))
    return found
