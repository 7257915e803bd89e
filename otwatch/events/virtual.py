"""MACs of groups of routers: they belong to an address that several share, and to no device."""

from functools import lru_cache

_GLBP, _FORWARDER = "00:07:b4:0", -3
"""Behind the group stands which of its routers forwards, in an octet of its own (Cisco)."""
_BEGINNINGS = {
    "00:00:5e:00:01:": "VRRP", "00:00:5e:00:02:": "VRRP",  # RFC 9568 7.3, IPv4 and IPv6; CARP too
    "00:00:0c:07:ac:": "HSRP", "00:00:0c:9f:f": "HSRP", "00:05:73:a0:0": "HSRP",  # versions 1 and 2 (RFC 2281 5.1; Cisco), for IPv6
    _GLBP: "GLBP",
}  # fmt: skip
"""How they begin; the rest is the group's number, in hex."""


@lru_cache(4096)
def virtual(mac: str) -> str:
    """The group of routers that a MAC stands for: "VRRP 36"; "" for the MAC of a device."""
    for beginning, protocol in _BEGINNINGS.items():
        if mac.startswith(beginning):
            number = mac[len(beginning) : _FORWARDER if beginning == _GLBP else None]
            return f"{protocol} {int(number.replace(':', ''), 16)}"
    return ""
