"""The stage that the live tests share; they are skipped where there can be none."""

from collections.abc import Iterator

import pytest

from tests.live.stage import Stage, end, missing, stage


@pytest.fixture(scope="session")
def shared_stage() -> Iterator[Stage]:
    reason = missing()
    if reason:
        pytest.skip(reason)
    with stage() as made:
        yield made


@pytest.fixture
def set_up(shared_stage: Stage) -> Iterator[Stage]:
    """What a test that failed left running must not be heard by the next."""
    yield shared_stage
    for process in shared_stage.started:
        end(process)
    shared_stage.started.clear()
