"""configs/rsyslog: rsyslog takes it, where it is installed."""

import subprocess
from pathlib import Path

from tests.conftest import ROOT
from tests.debian import needs

SNIPPET = ROOT / "configs" / "rsyslog" / "otwatch.conf"


def test_rsyslog_takes_it(tmp_path: Path) -> None:
    daemon = needs("rsyslogd", "rsyslog")
    for name in ("ca", "cert", "key"):
        (tmp_path / f"{name}.pem").write_text("")
    text = SNIPPET.read_text("utf-8").replace("/var/spool/rsyslog", str(tmp_path)).replace("/etc/otwatch/tls", str(tmp_path))
    (tmp_path / "otwatch.conf").write_text(text, "utf-8")
    command = [daemon, "-N1", "-f", str(tmp_path / "otwatch.conf"), "-i", str(tmp_path / "pid")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


def test_braces_and_quotes_are_closed() -> None:
    lines = [line for line in SNIPPET.read_text("utf-8").splitlines() if not line.startswith("#")]
    text = "\n".join(lines)
    assert text.count("(") == text.count(")")
    assert text.count("{") == text.count("}")
    assert not [line for line in lines if line.count('"') % 2]
