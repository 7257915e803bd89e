"""The alert record of detections.md A.7 under its own names, for programs that were written against it.

Most of them are other names of what a finding states anyway; the rest is taken out of its facts, its trace, and what people decided.
"""

from collections.abc import Mapping
from typing import Any

from otwatch.outputs.compliance import KEYS, by_key
from otwatch.results import AlertRow
from otwatch.results.findings import finding

ALSO_CALLED = {
    "initiator": "client", "target": "server", "severity_trace": "trace", "proto": "protocol", "count": "times", "first_seen": "first",
    "last_seen": "last", "explanation": "sentence", "action": "next_step", "attack": "techniques", "sr": "requirements",
}  # fmt: skip
"""A name of A.7 -> the field that says it."""
_EXCUSED, _BY_SCANNER = "expected:", "scanner"


def alert_record(alert: AlertRow, said: Mapping[str, Any]) -> dict[str, Any]:
    """What A.7 names and `said`, the fields of the finding as JSON has them, does not.

    alert_id       the identity of the finding, the same in every record: no ULID, for it would differ between two replays
    via            who was connected to the screen or shell of who gave the order
    op             the operation in the protocol's words, "" where none was made
    intervention   the declared works that explain it, "" without
    notes          what a person said of it, while that holds
    anssi, iso, recyf   where it helps to comply
    """
    facts = said["facts"]
    return {name: said[field] for name, field in ALSO_CALLED.items()} | {
        "alert_id": finding(alert),
        "via": [hand for hand in facts.get("hands", "").split(", ") if hand],
        "zones": {"from": said["client_zone"], "to": said["server_zone"]},
        "op": facts.get("operation", ""),
        "chain_id": facts.get("chain_id", ""),
        "intervention": _works(alert),
        "notes": [{name: said["decision"][name] for name in ("author", "time", "reason")}] if said["decision"] else [],
        **{key: by_key(alert.detection).get(key, "") for key in KEYS},
    }


def _works(alert: AlertRow) -> str:
    excuses = (step.partition(" ")[0].removeprefix(_EXCUSED) for step in alert.trace if step.startswith(_EXCUSED))
    return next((excuse for excuse in excuses if excuse != _BY_SCANNER), "")
