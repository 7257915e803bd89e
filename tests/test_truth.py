"""Nothing that tshark knows of a thing is missing from the inventory without a reason that stands here."""

import pytest

from tests.reasons import REASONS, reason
from tests.truth import captures_of, folders, heard, missing, truth


@pytest.mark.parametrize("folder", folders())
def test_nothing_is_missing_without_a_reason(folder: str) -> None:
    found = {name: results for name in captures_of(folder) if (results := heard(name)) is not None}
    assert not [
        f"{name}: {said.what} {said.text}"
        for name, results in found.items()
        for said in missing(truth()[name], results)
        if not reason(name, said.what)
    ]


@pytest.mark.usefixtures("captures")
def test_reasons_are_needed() -> None:
    used = {
        (beginning, sort)
        for beginning, sort in REASONS
        for name in truth()
        if name.startswith(beginning) and (results := heard(name)) and any(said.what == sort for said in missing(truth()[name], results))
    }
    assert used == set(REASONS)
