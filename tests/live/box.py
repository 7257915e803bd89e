"""A bare Debian 12 that boots, as the box beside a mirror port would: in a container with a network of its own, and no way out.

Its files are made once by debootstrap and kept in `ROOTS`; each box has them with a layer of memory above, so that nothing that is done in
one is left in the next. Needs root.
"""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.debian import needs
from tests.live.stage import end, until

ROOTS = Path("/var/cache/otwatch")
SUITE, BASE = "bookworm", "init,ifupdown,iproute2,nftables,python3"
"""What Debian's installer leaves at least, as far as it matters here; and Python, which the package asks for."""
OUTSIDE = "/mnt"
"""Where a box sees the folder that it is given."""


class Box(NamedTuple):
    """`leader`: its first process, seen from outside."""

    leader: int

    def run(self, *command: str, fails: bool = False) -> str:
        """What a command in the box prints."""
        inside = ("nsenter", "--target", str(self.leader), "--all", "--", *command)
        done = subprocess.run(inside, capture_output=True, text=True, timeout=180, check=False)
        assert bool(done.returncode) == fails, done.stdout + done.stderr
        return done.stdout + done.stderr if fails else done.stdout

    def property(self, unit: str, name: str) -> str:
        """What systemd knows of a unit."""
        return self.run("systemctl", "show", "--property", name, "--value", unit).strip()

    def sent_by(self, interface: str) -> int:
        return int(self.run("cat", f"/sys/class/net/{interface}/statistics/tx_packets"))

    def send(self, python: str, interface: str, capture: Path) -> None:
        """Send the frames of a capture from outside into an interface of the box."""
        inside = f"mount -t sysfs sysfs /sys && exec {python} -m tests.live.sending {interface} {capture} --rate 2000"
        subprocess.run(
            ("nsenter", "--target", str(self.leader), "--net", "--", "unshare", "--mount", "sh", "-c", inside),
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip


def root() -> Path:
    """The files of a bare Debian 12; the first time it takes a minute or two, and Debian's packages."""
    made = ROOTS / SUITE
    if not made.is_dir():
        tool, unfinished = needs("debootstrap", "debootstrap"), ROOTS / f"{SUITE}.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        command = (tool, "--variant=minbase", f"--include={BASE}", SUITE, str(unfinished))
        done = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)
        assert not done.returncode, done.stdout[-2000:] + done.stderr[-2000:]
        unfinished.rename(made)
    return made


@contextmanager
def box(given: Path) -> Iterator[Box]:
    """A box that has booted, with a folder from outside (read only)."""
    command = (
        needs("systemd-nspawn", "systemd-container"), f"--directory={root()}", "--volatile=overlay", "--boot", "--private-network",
        "--register=no", "--keep-unit", "--link-journal=no", "--machine=otwatch-test", "--console=read-only",
        f"--bind-ro={given}:{OUTSIDE}",
    )  # fmt: skip
    outside = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True)
    try:
        assert until(lambda: _leader(outside.pid), 60), "systemd has not begun"
        made = Box(_leader(outside.pid))
        made.run("systemctl", "is-system-running", "--wait")
        yield made
        made.run("systemctl", "poweroff")
        outside.wait(60)
    finally:
        outside.terminate()
        until(lambda: outside.poll() is not None, 30)
        end(outside)


def _leader(outside: int) -> int:
    """The child of systemd-nspawn in which a systemd of its own answers; 0 where there is none yet."""
    here = _processes("self")
    try:
        children = Path(f"/proc/{outside}/task/{outside}/children").read_text("ascii").split()
        inside = [child for child in children if _processes(child) != here]
    except OSError:
        return 0
    return next((int(child) for child in inside if Path(f"/proc/{child}/root/run/systemd/private").exists()), 0)


def _processes(of: str) -> str:
    """The namespace of processes that one lives in: what is done in ours is done to this machine."""
    return str(Path(f"/proc/{of}/ns/pid").readlink())
