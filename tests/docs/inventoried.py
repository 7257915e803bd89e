"""docs/inventory.md: what the inventory knows of the shared captures beside what tshark knows, and why something is missing.

The numbers are kept in inventoried.json, so that the page can be written without the captures.
"""

import json
from pathlib import Path

from tests.conftest import ROOT
from tests.reasons import REASONS
from tests.truth import Folder, counted, folders

FILE = Path(__file__).with_name("inventoried.json")
PAGE = ROOT / "docs" / "inventory.md"

HEADS = ("folder", "captures", "assets", "vendor", "product", "firmware", "name", "truth knows", "not in the inventory")
TITLE = """# The inventory, held against tshark

For every folder of the shared captures: how many assets otwatch finds (groups and addresses of the Internet left out), how many of them
have a vendor, a product, a firmware, a name; and how much `TRUTH.json` (tshark 4.0.17) knows of them: addresses and senders, `bacnet.i_am`,
properties of BACnet devices, `enip.list_identity` and identity objects, values of `fox`, and the fields of `values` that name somebody (the
list stands in `tests/truth.py`). `tests/test_truth.py` demands that all of it is in the inventory, or that a reason stands below.
Written by `make docs`.

Names and descriptions of BACnet objects other than devices are held against the names of points.
"""


def found() -> dict[str, Folder]:
    return {folder: counted(folder) for folder in folders()}


def keep(table: dict[str, Folder]) -> None:
    rows = ",\n".join(f"{json.dumps(folder)}: {json.dumps(row)}" for folder, row in table.items())
    FILE.write_text(f"{{\n{rows}\n}}\n", "utf-8")


def known() -> dict[str, Folder]:
    return {folder: Folder(*row) for folder, row in json.loads(FILE.read_text("utf-8")).items()}


def page(table: dict[str, Folder]) -> str:
    total = Folder(*map(sum, zip(*table.values(), strict=True)))
    lines = [f"| {' | '.join(HEADS)} |", f"| --- |{' ---: |' * len(Folder._fields)}"]
    lines += [_line(f"`{folder}`", row) for folder, row in table.items()]
    lines.append(_line("**all**", total))
    reasons = [f"| `{beginning}` | {what} | {text} |" for (beginning, what), text in sorted(REASONS.items())]
    return "\n".join([TITLE, *lines, "\n## Why something is missing\n", "| captures | what | why |", "| --- | --- | --- |", *reasons, ""])


def _line(name: str, row: Folder) -> str:
    return f"| {name} | {' | '.join(map(str, row))} |"
