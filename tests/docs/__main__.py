"""Write docs/metrics.md, docs/decode.md, docs/detections.md, docs/inventory.md and configs/grafana.

The folder of captures is that of the tests, or the argument.
"""

import os
import sys
from pathlib import Path

from tests.conftest import ROOT
from tests.docs import dashboards, exercised, findings, inventoried, metrics
from tests.docs.page import PAGE, page

metrics.PAGE.write_text(metrics.page(), "utf-8")
for name, text in dashboards.pages().items():
    (dashboards.FOLDER / name).write_text(text, "utf-8")
folder = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("OTWATCH_CAPTURES", ROOT.parent / "shared" / "captures"))
if folder.is_dir():
    exercised.keep(exercised.found(folder, exercised.names(folder)))
    findings.keep(findings.found(folder, exercised.names(folder)))
    inventoried.keep(inventoried.found())
PAGE.write_text(page(exercised.known()), "utf-8")
findings.PAGE.write_text(findings.page(findings.known()), "utf-8")
inventoried.PAGE.write_text(inventoried.page(inventoried.known()), "utf-8")
