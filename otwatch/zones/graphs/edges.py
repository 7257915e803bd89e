"""What an edge between two assets says (domain/zones.md 10.1): what its links count, added up."""

from collections.abc import Mapping
from typing import Any

from otwatch.results import LinkRow
from otwatch.zones.compare import Judged

EVIDENCE, CODES = 20, 64
"""References, and operations, kept on an edge."""
WORST_FIRST = (Judged.FORBIDDEN, Judged.VIOLATION, Judged.UNDECLARED, Judged.ALLOWED, Judged.INTRA, Judged.NOT_JUDGED)
_SUMMED = ("packets", "writes", "errors")


def begun(link: LinkRow) -> dict[str, Any]:
    """An edge before anything is counted on it. `results`: ok, error, timeout (nobody answered); the period is of its steadiest link."""
    return {
        "proto": link.protocol, "transport": link.transport, "port": link.port, "first_ns": link.first_ns, "last_ns": link.last_ns,
        "flows": 0, "packets": 0, "bytes_fwd": 0, "bytes_rev": 0, "ops": {}, "writes": 0, "errors": 0, "codes": {},
        "results": {"ok": 0, "error": 0, "timeout": 0}, "period_s": link.period_s, "period_cv": link.period_cv, "state": link.state,
        "verdict": link.verdict, "rule": link.rule, "reasons": link.reasons, "active_days": 0, "hours": link.hours, "evidence": [],
    }  # fmt: skip


def count(edge: dict[str, Any], link: LinkRow) -> None:
    """Add a link to its edge: links of several public addresses meet in one."""
    edge["first_ns"], edge["last_ns"] = min(edge["first_ns"], link.first_ns), max(edge["last_ns"], link.last_ns)
    for name in _SUMMED:
        edge[name] += getattr(link, name)
    edge["flows"] += 1
    edge["bytes_fwd"] += link.bytes_sent
    edge["bytes_rev"] += link.bytes_received
    _add(edge["ops"], link.verbs)
    _add(edge["codes"], link.codes, CODES)
    asked = sum(link.verbs.values())
    _add(edge["results"], {"ok": max(0, asked - link.errors - link.unanswered), "error": link.errors, "timeout": link.unanswered})
    edge["active_days"] = max(edge["active_days"], link.days)
    edge["hours"] = f"{int(edge['hours'] or '0', 16) | int(link.hours or '0', 16):042x}"
    if link.period_s and (not edge["period_s"] or link.period_cv < edge["period_cv"]):
        edge["period_s"], edge["period_cv"] = link.period_s, link.period_cv
    if link.state == "established":
        edge["state"] = link.state
    if worse(link.verdict, edge["verdict"]):
        edge.update(verdict=link.verdict, rule=link.rule, reasons=link.reasons)
    if len(edge["evidence"]) < EVIDENCE:
        edge["evidence"].append((link.frame.capture, link.frame.number))


def _add(to: dict[str, int], more: Mapping[str, int], most: int = CODES) -> None:
    for name, times in more.items():
        if name in to or len(to) < most:
            to[name] = to.get(name, 0) + times


def worse(verdict: str, than: str) -> bool:
    """Whether one verdict is worse than another."""
    return _rank(verdict) < _rank(than)


def _rank(verdict: str) -> int:
    return next((at for at, known in enumerate(WORST_FIRST) if known == verdict), len(WORST_FIRST))
