"""docs/inventory.md is what the inventory and the reasons say: `python -m tests.docs` writes it anew."""

from pathlib import Path

from tests.docs.inventoried import PAGE, known, page
from tests.truth import counted


def test_the_page_is_what_was_counted() -> None:
    assert PAGE.read_text("utf-8") == page(known()), "write it anew: python -m tests.docs"


def test_a_folder_still_counts_so(captures: Path) -> None:
    assert captures
    assert counted("fox") == known()["fox"]
