"""The best way to listen to an interface: the ring of the kernel (ring.py), or scapy where no ring can be had (portable.py).

Whatever it is, it never sends: nothing in this package calls a function that could.
"""

from otwatch.capture.live import Listener, NoRingError, link_type_of


def listen(interface: str, way: str = "auto", ring_bytes: int = 128 << 20, number: int = 0) -> tuple[Listener, str]:
    """Listen to an interface; and why it is not with a ring, "" where it is. `number` frames were counted before.

    CaptureError where it cannot be listened to at all.
    """
    link_type_of(interface)
    reason = ""
    if way != "portable":
        from otwatch.capture.ring import Ring

        try:
            return Ring(interface, ring_bytes, number), ""
        except NoRingError as error:
            if way == "ring":
                raise
            reason = str(error)
    from otwatch.capture.portable import Portable

    return Portable(interface, number), reason or "portable"
