"""OPC UA, counted: messages by type, services, and what is said of endpoints and how they are secured."""

from collections.abc import Iterator

from otwatch.events import Details
from otwatch.facts.ledger import Item

SECTION = "opcua"

_FIELDS = {
    "message": "messages", "service": "services", "endpoint": "endpoint_urls", "policy": "security_policies", "mode": "security_modes",
    "token": "identity_tokens",
}  # fmt: skip
"""What stands in an envelope, as often as it was said, and the field that counts it."""
_TOKENS = {"anonymous": "Anonymous", "user name": "UserName", "certificate": "X509", "issued token": "Issued"}
"""Kinds of users' tokens as the standard calls their data types (OPC 10000-4, 7.41)."""


def envelope(around: Details, _side: str) -> Iterator[tuple[str, Item]]:
    """What the layers around a message count as: fields and items."""
    for name, value in around:
        if value and name in _FIELDS:
            yield _FIELDS[name], (("name", _TOKENS.get(value, value) if name == "token" else value),)
