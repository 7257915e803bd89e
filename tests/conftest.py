"""What all tests share: where the real captures are."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent.parent

settings.register_profile("fast", max_examples=100, deadline=None, derandomize=True)  # a landing must not hang on chance
settings.register_profile("deep", max_examples=20_000, deadline=None)
settings.load_profile(os.environ.get("OTWATCH_HYPOTHESIS", "fast"))


@pytest.fixture(scope="session")
def captures() -> Path:
    """The folder of real captures, named by OTWATCH_CAPTURES; the test is skipped where it is absent."""
    folder = Path(os.environ.get("OTWATCH_CAPTURES", ROOT.parent / "shared" / "captures"))
    if not folder.is_dir():
        pytest.skip(f"no captures at {folder}: set OTWATCH_CAPTURES")
    return folder
