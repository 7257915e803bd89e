"""Where a program is absent: skipped, or failed where it is required."""

import pytest

from tests.debian import REQUIRED, needs


def test_a_program_that_is_there_is_found() -> None:
    assert needs("sh", "dash").endswith("/sh")


def test_one_that_is_absent_skips_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(REQUIRED, raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"no-such-thing is not installed \(Debian package nothing\)"):
        needs("no-such-thing", "nothing")


def test_or_fails_it_where_all_are_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REQUIRED, "1")
    with pytest.raises(pytest.fail.Exception, match="no-such-thing is not installed"):
        needs("no-such-thing", "nothing")
