"""README.md and LISEZMOI.md show what the demo really prints. `python -m tests.pages` puts today's output into them."""

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


def excerpt(language: str) -> str:
    """The demo's output: what was captured, the first three findings, the first lines between zones."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["replay", "--lang", language, "--site", "configs/site.yaml", "--record", f"{folder}/r.db", "pcaps/hospital.pcapng"]
        environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
        shown = subprocess.run(
            [sys.executable, "-m", "otwatch", *command], capture_output=True, text=True, cwd=ROOT, env=environment, check=False, timeout=120
        )
    captured, findings, traffic, *_ = (part.split("\n") for part in re.split(r"\n\n(?=\S)", shown.stdout))
    fourth = next((at for at, line in enumerate(findings) if line.startswith("  4. ")), len(findings))
    return "\n".join([*captured, "", *findings[:fourth], CUT, "", *traffic[:8], CUT, ""])


def refresh(page: Path) -> None:
    text = page.read_text("utf-8")
    page.write_text(BLOCK.sub(lambda _: excerpt(PAGES[page.name]), text, count=1), "utf-8")


if __name__ == "__main__":
    for name in PAGES:
        refresh(ROOT / name)
