"""What structs of the site file are made of: addresses, spans, and where they are written."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import NamedTuple

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Host = IPv4Network | IPv6Network | str
"""An address (as a network of one), a network, or the id of a declared asset."""
Spans = tuple[tuple[int, int], ...]
"""Numbers from .. to, both included."""


class At(NamedTuple):
    """Where a struct stands in the file, and the lines of its keys."""

    line: int = 0
    where: str = ""
    keys: tuple[tuple[str, int], ...] = ()

    def of(self, key: str) -> int:
        """The line of one key; of the struct itself where the key is not written."""
        return dict(self.keys).get(key, self.line)


NOWHERE = At()
