"""The stage that all live tests share; they are skipped where there can be none."""

from collections.abc import Iterator

import pytest

from tests.live.stage import Stage, end, missing, stage


@pytest.fixture(scope="module")
def set_up() -> Iterator[Stage]:
    reason = missing()
    if reason:
        pytest.skip(reason)
    with stage() as made:
        yield made


@pytest.fixture(autouse=True)
def alone(set_up: Stage) -> Iterator[None]:
    """What a test that failed left running must not be heard by the next."""
    yield
    for process in set_up.started:
        end(process)
    set_up.started.clear()
