"""`otwatch zones` and what stands below it."""

import json

from tests.cli.commands import SITE, told


def test_matrix_in_every_form(record: str) -> None:
    assert "bureautique -> cvc : interdit" in told("zones", "matrix", "--record", record).stdout
    assert told("zones", "matrix", "--record", record, "--csv").stdout_bytes.count(b"\r\n") == 3
    read = json.loads(told("zones", "matrix", "--record", record, "--json").stdout)
    assert {name: len(read[name]) for name in ("zones", "conduits", "matrix")} == {"zones": 4, "conduits": 0, "matrix": 2}


def test_policy_test_says_what_would_break(record: str) -> None:
    done = told("policy", "test", SITE, "--record", record, "--lang", "en")
    assert done.return_value == 0
    assert "Of what was seen, conversations that would pass: 1; would break: 0" in " ".join(done.stdout.split())
