"""configs/logrotate: logrotate takes it, and no line is lost or told twice, with copytruncate neither."""

import gzip
import subprocess
from pathlib import Path

import pytest

from otwatch.outputs.appending import append
from otwatch.outputs.eve import Line
from tests.conftest import ROOT
from tests.debian import needs

SNIPPET = (ROOT / "configs" / "logrotate" / "otwatch").read_text("utf-8")


@pytest.mark.parametrize("extra", ["", "copytruncate"])
def test_rotation(extra: str, tmp_path: Path) -> None:
    program = needs("logrotate", "logrotate")
    log, conf = tmp_path / "log" / "eve.json", tmp_path / "conf"
    append(log, [Line("0", "0")])
    conf.write_text(SNIPPET.replace("/var/log/otwatch", str(log.parent)).replace("}", f"    {extra}\n}}"), "utf-8")
    conf.chmod(0o644)
    for turn in range(1, 4):
        command = [program, "-f", "-s", str(tmp_path / "state"), str(conf)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert (done.returncode, done.stderr) == (0, "")
        append(log, [Line(str(number), str(number)) for number in range(turn + 1)])
    files = sorted(log.parent.glob("eve.json*"))
    assert [file.name for file in files] == ["eve.json", "eve.json.1", "eve.json.2.gz", "eve.json.3.gz", "eve.json.known"]
    texts = [gzip.decompress(file.read_bytes()).decode() if file.suffix == ".gz" else file.read_text() for file in files[:-1]]
    assert texts == ["3\n", "2\n", "1\n", "0\n"]
