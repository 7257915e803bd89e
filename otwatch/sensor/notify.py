"""What a service tells systemd: that it is ready, that it lives, how it is (sd_notify(3)). Without systemd nothing is told."""

import os
import socket


class Notifier:
    """Datagrams to `$NOTIFY_SOCKET`. The socket is connected and then only written to, and a failure is nobody's business."""

    def __init__(self, address: str | None = None) -> None:
        named = os.environ.get("NOTIFY_SOCKET", "") if address is None else address
        self._socket = _connected(named) if named else None

    @property
    def watchdog_s(self) -> float:
        """How often systemd wants to hear that the service lives, with half of that to spare; 0 where it does not (WATCHDOG_USEC)."""
        told = os.environ.get("WATCHDOG_USEC", "")
        return int(told) / 2e6 if self._socket is not None and told.isdecimal() else 0.0

    def tell(self, *states: str) -> None:
        """READY=1, WATCHDOG=1, STOPPING=1, STATUS=... ."""
        if self._socket is None:
            return
        try:
            os.write(self._socket.fileno(), "\n".join(states).encode())
        except OSError:
            return

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()


def _connected(address: str) -> socket.socket | None:
    """An address that begins with @ is abstract: its first byte is zero."""
    made = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
    try:
        made.connect("\0" + address.removeprefix("@") if address.startswith("@") else address)
    except OSError:
        made.close()
        return None
    return made
