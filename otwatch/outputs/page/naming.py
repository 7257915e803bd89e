"""Anchors: the same thing has the same anchor in every report, whatever stands around it. Names of devices never become ids as they are."""

from hashlib import blake2s
from typing import NamedTuple


class Ref(NamedTuple):
    """Words that lead to a place in the page. The template makes a link of them where the page has that place."""

    text: str
    href: str = ""


def anchor(kind: str, *keys: str) -> str:
    """`asset-3f09c2a17b5e`: 48 bits, so that 50,000 things meet once in 200,000 reports."""
    return f"{kind}-{blake2s(chr(0).join(keys).encode('utf-8', 'backslashreplace'), digest_size=6).hexdigest()}"


def to(kind: str, *keys: str) -> str:
    return f"#{anchor(kind, *keys)}"
