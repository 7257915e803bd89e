"""Heads of text protocols, as forgiving as devices need it."""

import pytest

from otwatch.dissectors.heads import LIMIT, cut_head, read_head
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed


def test_fields_with_all_liberties() -> None:
    head = read_head(Reader(b"NOTIFY * HTTP/1.1\nServer : a\r\n b\nserver: second\nnonsense\nX:\xe9t\xe9\n\nbody"))
    assert head.start == b"NOTIFY * HTTP/1.1"
    assert (head.text("server"), head.text("x"), head.text("absent")) == ("a b", "été", "")
    assert head.facts({"x": "name", "absent": "host", "server": "software"}) == (("name", "été"), ("software", "a b"))


@pytest.mark.parametrize(("payload", "size"), [(b"a\r\n\r\nb", 5), (b"a\n\nb", 3), (b"\r\n\r\na", 4), (b"a\r\nb", None)])
def test_cut(payload: bytes, size: int | None) -> None:
    part = cut_head(Reader(payload))
    assert (part.left if part is not None else None) == size


def test_a_head_without_an_end() -> None:
    with pytest.raises(Malformed):
        cut_head(Reader(b"a" * LIMIT))
