"""What stays the same whenever a finding is told: one idea of identity for lines of a SOC and for decisions of people."""

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from otwatch.results import AlertRow

STORM = "others"
"""The fact that a finding stands for many has this name (detections.md A.5)."""


class DecisionRow(NamedTuple):
    """What a person decided about a finding. `until_ns` None: until it is seen again."""

    author: str
    reason: str
    time_ns: int
    until_ns: int | None


def finding(alert: "AlertRow") -> str:
    """Which finding it is: the key of detections.md A.5, in 16 hex digits. Neither number nor time; of a storm not whom it names first."""
    if STORM in alert.facts:
        return identity(alert.detection, STORM, alert.server_zone)
    return identity(alert.detection, alert.variant, alert.client, alert.server, alert.subject)


def identity(*told: object) -> str:
    return sha256("\0".join(map(str, told)).encode("utf-8", "backslashreplace")).hexdigest()[:16]
