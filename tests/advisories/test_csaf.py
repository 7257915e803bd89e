from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.advisories.csaf import DEEPEST, Statement, statements
from otwatch.errors import AdvisoryError
from tests.advisories.documents import advisory, branch

KEYS = ("document", "tracking", "id", "csaf_version", "product_tree", "branches", "product", "product_id", "vulnerabilities")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=20,
)


def test_what_a_document_says() -> None:
    assert list(statements(advisory())) == [
        Statement(
            "ICSA-24-001-01", "Modicon M340 lets anybody in", "https://example.org/icsa-24-001-01", "Schneider Electric Software, LLC",
            "Modicon M340", "<2.10", "affected", ("CVE-2024-0001",),
        )
    ]  # fmt: skip


@pytest.mark.parametrize("label", ["CLEAR", "white", ""])
def test_what_everybody_may_keep(label: str) -> None:
    assert list(statements(advisory(label)))


@pytest.mark.parametrize("label", ["AMBER", "RED", "GREEN"])
def test_what_not_everybody_may_keep(label: str) -> None:
    with pytest.raises(AdvisoryError, match=f"TLP:{label}"):
        list(statements(advisory(label)))


def test_a_tree_without_end() -> None:
    document = advisory()
    for _ in range(DEEPEST + 2):
        document["product_tree"]["branches"] = [branch("product_family", "x", *document["product_tree"]["branches"])]
    with pytest.raises(AdvisoryError, match="deeper or larger"):
        list(statements(document))


def test_text_is_made_visible() -> None:
    document = advisory()
    document["document"]["title"] = "\x1b[2J"
    (said,) = statements(document)
    assert said.title == "\\x1b[2J"


@given(JSON)
def test_anything_else_is_no_document(document: Any) -> None:
    try:
        assert list(statements(document)) == []
    except AdvisoryError:
        return
