"""How passwords are held against what was seen, by name: all that a `Proof` may be made with.

A proof that goes from one process to another (`exchange/`) takes its function along as the name in this table, and the other process has
the same one. `tests/exchange/test_logins.py` holds that no dissector makes a proof with any other.
"""

from collections.abc import Callable
from typing import NamedTuple

from otwatch.dissectors import digest, scram
from otwatch.dissectors.http import forms
from otwatch.dissectors.ipmi import rakp
from otwatch.dissectors.snmp import usm
from otwatch.dissectors.vnc import screens
from otwatch.events.secret import nothing


class Way(NamedTuple):
    """What a password would have answered, and the type of what that is computed from."""

    made: Callable[..., tuple[bytes, ...]]
    said: object


WAYS: dict[str, Way] = {
    "unread": Way(nothing, None),
    "digest": Way(digest.responses, digest.Challenged),
    "form": Way(forms.hashes, tuple[str, bytes]),
    "ws-security": Way(forms.digests, tuple[bytes, bytes]),
    "snmp-usm": Way(usm.macs, usm.Signed),
    "ipmi": Way(rakp.codes, rakp.Said),
    "ipmi-unanswered": Way(rakp.unanswered, rakp.Console),
    "scram": Way(scram.proofs, scram.Said),
    "vnc": Way(screens.answers, bytes),
}
