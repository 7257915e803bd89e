"""How serious a finding is: base of its variant, what hangs on the target, who did it, how sure we are (detections.md A.3).

    sum of the terms  ->  statements of the catalogue  ->  learning  ->  cap of the site file  ->  works that explain it

The trace says every term that counted, as "<what>[:<of what>] <effect>"; texts.TRACE has the words for people.
"""

from collections.abc import Iterator

from otwatch.alerts.model import Evidence, Finding, Severity, Site, Term
from otwatch.events import CHANGES

SURE = 0.7
"""Confidence below which a finding counts one level less."""
DOUBTFUL = 0.4
"""And two."""

_CRITICALITY = {"C4": 1, "C1": -1, "C0": -1}
_RAISING = frozenset({"C4"})
_SOURCES = frozenset({"internet", "third_party", "office_it", "wifi_guest"})
_TRUSTS = frozenset({"external", "untrusted"})
_EXPERIMENTAL = frozenset({"xway"})
"""Protocols that are read as far as anybody knows them: nobody is woken up for them alone (protocols.md 5.2)."""

_TO_ITSELF = {
    **dict.fromkeys(("cred.opcua", "cred.weak.reused", "clear.login", "clear.management"), Severity.INFO),
    **dict.fromkeys(("cred.default.cleartext", "cred.default.challenge", "cred.vnc", "cred.snmp"), Severity.LOW),
}
"""Findings that are less between a machine and itself, and how much at most: about what anybody on the way can read or do (there is nobody,
cred.opcua `fp`); about an open account, which others may reach, but were not seen to."""

Step = tuple[str, int]


def weigh(finding: Finding, site: Site) -> tuple[Severity, tuple[str, ...]]:
    """The severity and the sum that led to it."""
    steps = list(_steps(finding, site))
    value = sum(step for _, step in steps)
    trace = [f"{name} {step:+d}" for name, step in steps]
    for name, new in _statements(finding, site, value):
        if new != value:
            trace.append(f"{name} ={new:d}")
        value = new
    final = Severity(min(max(value, Severity.INFO), Severity.CRITICAL))
    for name, new in _ceilings(finding, site, final):
        if new < final:
            trace.append(f"{name} ={new:d}")
            final = new
    return final, tuple(trace)


def base(finding: Finding) -> int:
    """What the variant weighs before anything is known of the zones."""
    detection, evidence = finding.detection, finding.evidence
    return detection.severity[evidence.variant] - (evidence.failed and "failure" not in detection.severity)


def _steps(finding: Finding, site: Site) -> Iterator[Step]:
    detection, evidence = finding.detection, finding.evidence
    yield f"base:{evidence.variant}", int(detection.severity[evidence.variant])
    if evidence.failed and "failure" not in detection.severity:
        yield "refused", -1
    criticality = target_criticality(evidence, site)
    step = _CRITICALITY.get(criticality, 0)
    if step and not (step < 0 and criticality in detection.keeps):
        yield f"target:{criticality}", step
    zone = site.zone(evidence.client)
    outside = zone is not None and (zone.kind in _SOURCES or zone.trust in _TRUSTS)
    if zone is not None and outside and not detection.id.startswith("zone."):
        yield f"source:{zone.kind}", 1
    raised = criticality in _RAISING or outside or detection.id.startswith("zone.")
    if evidence.guess or evidence.confidence < SURE or (raised and _is_zone_unsure(evidence, site)):
        yield "unsure", -2 if evidence.confidence < DOUBTFUL else -1
    if finding.in_window and evidence.verb in CHANGES and not any(term.in_window for term in detection.terms):
        yield "window", -1


def target_criticality(evidence: Evidence, site: Site) -> str:
    """Of what it is done to; a finding about many counts as the usual C2."""
    return site.criticality(evidence.server) if evidence.server else "C2"


def _is_zone_unsure(evidence: Evidence, site: Site) -> bool:
    """Counts only where a zone made the finding more serious: what was done is no less certain in a zone that is only suggested."""
    zones = (site.zone(asset) for asset in (evidence.client, evidence.server) if asset)
    return any(zone is not None and zone.confidence < SURE for zone in zones)


def _statements(finding: Finding, site: Site, value: int) -> Iterator[Step]:
    if finding.evidence.floor > value:
        value = finding.evidence.floor
        yield "floor", value
    applying = [term for term in finding.detection.terms if _applies(term, finding, site)]
    for term in applying:
        value = min(max(value, term.at_least), term.at_most)
        yield "statement", value
    for term in applying:
        if term.step:
            value += term.step
            yield "statement", value


def _applies(term: Term, finding: Finding, site: Site) -> bool:
    evidence = finding.evidence
    return (
        (not term.variants or evidence.variant in term.variants)
        and (not term.criticality or target_criticality(evidence, site) in term.criticality)
        and (not term.client_of or bool(term.client_of & nature(evidence.client, site)))
        and (not term.server_of or bool(term.server_of & nature(evidence.server, site)))
        and (not term.in_window or finding.in_window)
    )


def nature(asset: str, site: Site) -> frozenset[str]:
    """The kind of its zone, and its roles."""
    if not asset:
        return frozenset()
    zone = site.zone(asset)
    return site.roles(asset) | ({zone.kind} if zone is not None else frozenset())


def _ceilings(finding: Finding, site: Site, value: Severity) -> Iterator[tuple[str, Severity]]:
    if finding.learning and finding.detection.learns:
        vital = target_criticality(finding.evidence, site) == "C4"
        yield "learning", min(value, Severity.MEDIUM if vital else Severity.INFO)
    if finding.evidence.protocol in _EXPERIMENTAL:
        yield "experimental", min(value, Severity.HIGH)
    if finding.detection.id in _TO_ITSELF and _is_to_itself(finding.evidence):
        yield "own machine", min(value, _TO_ITSELF[finding.detection.id])
    cap = site.cap(finding.detection.id)
    if cap is not None:
        yield f"cap:{cap.reason}", Severity(min(value, cap.most))
    if finding.tests:
        yield f"tests:{finding.tests}", min(value, Severity.LOW)
    if finding.excuse:
        yield f"expected:{finding.excuse}", Severity.INFO


def _is_to_itself(evidence: Evidence) -> bool:
    return all(address == "::1" or address.startswith("127.") for address in (evidence.client, evidence.server))
