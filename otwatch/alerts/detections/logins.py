"""What all judges of logins share: which secrets need no guessing, and how a login ended (detections.md B.1)."""

from otwatch.alerts.counting import REFUSALS
from otwatch.alerts.credentials import Finding, Fit, Verdict
from otwatch.alerts.detections.operations import result
from otwatch.alerts.model import Severity, Term
from otwatch.events import Credential, Proof, Secret
from otwatch.sightings import Outcome, Sighting

KNOWN = frozenset({Finding.DEFAULT, Finding.EMPTY, Finding.EQUALS_USER})
"""Secrets that need no guessing."""

_ANONYMOUS = frozenset({("ftp", "anonymous"), ("ftp", "ftp")})
"""Logins that ask for no secret: whatever is typed is none (detections.md B.4)."""
_HTTP = frozenset({"http-basic", "http-proxy", "http-url", "http-digest"})
_CODED = _HTTP | {"http-scram", "http-form", "ws-security", "rtsp-digest", "sip-digest", "snmp-v3"}
"""Schemes in which an error may mean that the login was right, and only the request not."""
PROVEN_BY_SERVER = frozenset({"ipmi"})
"""Schemes in which it is the server that proves the password, to whoever asks: who asked need not have gone on."""
_PAGES = frozenset({"http-form"})
"""Schemes in which a refusal may look like any other page."""
_FORBIDDEN = "403"
_LATE = "usm 2"
"""The clock of the message was wrong, which is looked at behind its proof (RFC 3414 3.2, steps 6 and 7)."""


def login_result(sighting: Sighting, scheme: str) -> str:
    """ "success", "failure" or "unknown": success needs a proof."""
    if sighting.outcome is Outcome.OK and scheme in _PAGES:
        return "unknown"
    if sighting.outcome is not Outcome.ERROR or scheme not in _CODED:
        return result(sighting)
    code = sighting.error_code
    if code in REFUSALS[scheme]:
        return "failure"
    is_obeyed = scheme == "snmp-v3" and not code.startswith("usm ")
    return "success" if is_obeyed or code == _LATE or (code == _FORBIDDEN and scheme in _HTTP) else "unknown"


def named_secret(verdict: Verdict) -> str:
    """What the secret is, as a word of vocabulary.WORDS: "published by the manufacturer" is said of whom the list knows as such."""
    return "listed" if verdict.finding is Finding.DEFAULT and verdict.fit is not Fit.FITS else str(verdict.finding)


def is_anonymous(login: Credential) -> bool:
    return (login.scheme, login.user.casefold()) in _ANONYMOUS


def is_sent(login: Credential) -> bool:
    """Whether the secret itself was sent."""
    return isinstance(login.secret, Secret)


def is_proof(login: Credential) -> bool:
    return isinstance(login.secret, Proof)


SUCCESS = frozenset({"success"})
PIVOTS = (
    Term(at_least=Severity.CRITICAL, variants=SUCCESS, criticality=frozenset({"C3", "C4"})),
    Term(
        at_least=Severity.CRITICAL, variants=SUCCESS,
        server_of=frozenset({"remote_maintenance", "ot_backbone", "ups", "engineering", "switch"}),
    ),
)  # fmt: skip
"""A login that was accepted, on what care hangs on or on what leads further."""
