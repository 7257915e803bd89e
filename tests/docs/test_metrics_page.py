"""docs/metrics.md is what the table of metrics says: `python -m tests.docs` writes it anew."""

from tests.docs.metrics import PAGE, page


def test_the_page_is_what_the_table_says() -> None:
    assert PAGE.read_text("utf-8") == page(), "write it anew: python -m tests.docs"
