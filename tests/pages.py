"""README.md and LISEZMOI.md show what otwatch really prints. `python -m tests.pages` puts today's output into them."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.conftest import ROOT

PAGES = {"README.md": "en", "LISEZMOI.md": "fr"}
BLOCK = re.compile(r"(?<=```\n).*?(?=```)", re.DOTALL)
CUT = "  [...]"
VERIFIED = re.compile(r"(?<=```\n)\$ otwatch verify .*?(?=```)", re.DOTALL)
VERIFIED_CAPTURES = ("modbus/zeek-modbusBig.pcap", "bacnet/icsnpp-bacnet_services.pcap", "enip/iti-EIP-RebootorRestart.pcap")
VERIFIED_WITH = "4.0.17"
"""The tshark whose words stand in the pages."""
_FIELDS = 7
"""Lines of agreement that are shown."""


def excerpt(language: str) -> str:
    """The demo's output: the mirror, what was captured, the first three findings, the first lines between zones."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["replay", "--lang", language, "--site", "configs/site.yaml", "--record", f"{folder}/r.db", "pcaps/hospital.pcapng"]
        environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
        shown = subprocess.run(
            [sys.executable, "-m", "otwatch", *command], capture_output=True, text=True, cwd=ROOT, env=environment, check=False, timeout=120
        )
    mirror, captured, findings, traffic, *_ = (part.split("\n") for part in re.split(r"\n\n(?=\S)", shown.stdout))
    fourth = next((at for at, line in enumerate(findings) if line.startswith("  4. ")), len(findings))
    return "\n".join([*mirror, "", *captured, "", *findings[:fourth], CUT, "", *traffic[:8], CUT, ""])


def verified(language: str, captures: Path) -> str:
    """What `otwatch verify` says of three captures: the first difference, or the first fields and the last line."""
    return "\n".join(_verified(name, language, captures) for name in VERIFIED_CAPTURES)


def _verified(name: str, language: str, captures: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    command = [sys.executable, "-m", "otwatch", "verify", "--lang", language, name]
    shown = subprocess.run(command, capture_output=True, text=True, cwd=captures, env=environment, check=False, timeout=120)
    table, *rest, last = shown.stdout.rstrip("\n").split("\n\n")
    lines = table.split("\n")
    kept = lines if len(lines) <= _FIELDS + 4 else [*lines[:_FIELDS], CUT]
    more = ["", rest[0], CUT] if rest else []
    return "\n".join([f"$ otwatch verify {name}", *kept, *more, "", last, ""])


def refresh(page: Path, captures: Path) -> None:
    text = page.read_text("utf-8")
    text = BLOCK.sub(lambda _: excerpt(PAGES[page.name]), text, count=1)
    if captures.is_dir():
        text = VERIFIED.sub(lambda _: verified(PAGES[page.name], captures), text, count=1)
    page.write_text(text, "utf-8")


if __name__ == "__main__":
    for name in PAGES:
        refresh(ROOT / name, Path(os.environ.get("OTWATCH_CAPTURES", ROOT.parent / "shared" / "captures")))
