"""`docs/metrics.md`: every metric, from the table that makes them."""

from otwatch.outputs.measured import ZONES
from otwatch.outputs.metrics import METRICS
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "metrics.md"
HEAD = f"""# Metrics

Written by `python -m tests.docs` from `otwatch/outputs/metrics.py`; a test holds it against the table. Do not edit.

`otwatch metrics` prints them, `otwatch serve` serves them at `http://127.0.0.1:9468/metrics` (and `/healthz`). All come from the
record: after a replay, which writes it anew, counters begin anew, as after a restart. Labels hold words of closed sets only (protocols,
detections, verbs, verdicts, counters, zones, interfaces that listen), never an address, a name of a device or of a capture. The first
{ZONES} zones of the record have names, further ones are `other`; what is in no zone is `none`.

Sums over links (operations, writes, bytes of conduits) are gauges, because old links are let go and links are judged anew as more becomes
known: their rate is `clamp_min(delta(otwatch_conduit_bytes[5m]), 0) / 300`, never `rate()`.

| metric | type | labels | what |
| --- | --- | --- | --- |
"""


def page() -> str:
    rows = (f"| `{one.name}` | {one.type} | {', '.join(f'`{label}`' for label in one.labels)} | {one.help} |\n" for one in METRICS)
    return HEAD + "".join(rows)
