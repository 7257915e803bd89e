"""What was told since the record was written: it comes back as it was, and holds no secret."""

import pytest

from otwatch.dissectors import DISSECTORS
from otwatch.errors import ExchangeError
from otwatch.events import Credential, Secret
from otwatch.sensor import journal
from otwatch.sensor.journal import Journal, holds_login, packed, unpacked
from otwatch.sightings import Item, Routine, Sighting
from otwatch.wire import Wire
from otwatch.wire import items as passed
from tests.sensor.test_hearing import batches


def told() -> list[Item]:
    """Without the logins, of which there are some."""
    return [item for item in passed(Wire(DISSECTORS), batches()) if not holds_login(item)]


def login(item: Item, user: str = "admin") -> Sighting:
    frame = item.said[0][4] if isinstance(item, Routine) else item.frame
    return Sighting(item.conversation, True, Credential("http-basic", user, Secret(b"hunter2")), 1, 1, 1, frame)


def waiting(kept: Journal) -> list[Item]:
    """What the next write would add."""
    entry = kept.entry(())
    return [item for body in (entry.before[1], entry.heard) if body for item in unpacked(body)]


def test_items_come_back() -> None:
    said = told()
    assert len(said) > 100
    assert list(unpacked(packed(said))) == said
    assert packed([]) == b""


def test_a_login_is_in_no_journal() -> None:
    """Neither where it is told nor as bytes; the next write is whole."""
    one, kept = told()[0], Journal()
    kept.whole(kept.begin(True))
    kept.add([one, login(one)])
    assert waiting(kept) == [one]
    assert kept.must_be_whole
    with pytest.raises(TypeError):
        packed([login(one)])


def test_a_login_that_was_written_is_not_written_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "LOGINS", 2)
    (one, *_), kept = told(), Journal()
    for user, is_new in (("a", True), ("a", False), ("b", True), ("a", False), ("c", True), ("a", True)):
        kept.whole(kept.begin(True))
        kept.add([login(one, user)])
        assert kept.must_be_whole == is_new, user


def test_what_no_otwatch_packed_is_told() -> None:
    with pytest.raises(ExchangeError):
        list(unpacked(b"x" * 100))
    with pytest.raises(ExchangeError):
        list(unpacked(packed(told()[:9])[:-3]))


def test_writes_may_end_in_any_order() -> None:
    """A whole write begins, one that adds begins after it and ends before it."""
    said, kept = told(), Journal()
    kept.add(said[:4])
    whole = kept.begin(True)
    kept.add(said[4:6])
    added = kept.begin()
    kept.add(said[6:7])
    kept.written(added)
    assert waiting(kept) == said[6:7]
    kept.whole(whole)
    assert waiting(kept) == said[6:7]
    assert not kept.must_be_whole


def test_what_is_wanted_while_a_whole_write_is_at_work_is_wanted_after_it() -> None:
    kept = Journal()
    mark = kept.begin(True)
    kept.want_whole()
    kept.whole(mark)
    assert kept.must_be_whole
    kept.whole(kept.begin(True))
    assert not kept.must_be_whole


def test_much_is_written_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """And where even that comes late, nothing is added any more until it is done: behind a gap the rest would say something else."""
    monkeypatch.setattr(journal, "ROOM", 10)
    monkeypatch.setattr(journal, "MOST", 20)
    said, kept = told(), Journal()
    kept.whole(kept.begin(True))
    kept.add(said[:10])
    assert not kept.must_be_whole
    kept.add(said[10:12])
    assert (kept.must_be_whole, kept.is_full, waiting(kept)) == (True, False, said[:12])
    kept.add(said[12:21])
    assert (kept.must_be_whole, kept.is_full, waiting(kept)) == (True, True, [])
    mark = kept.begin(True)
    kept.add(said[21:22])
    kept.whole(None)
    assert kept.is_full
    kept.whole(mark)
    assert kept.is_full  # what came while it was at work was let go, too
    kept.whole(kept.begin(True))
    kept.add(said[22:24])
    assert (kept.must_be_whole, kept.is_full, waiting(kept)) == (False, False, said[22:24])


def test_few_items_may_be_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    """A flood of long writes, each of which holds twenty kilobytes."""
    monkeypatch.setattr(journal, "HEAVY", 1000)
    monkeypatch.setattr(journal, "HEAVIEST", 2000)
    said, kept = told(), Journal()
    kept.whole(kept.begin(True))
    kept.add(said[:1], 1000)
    assert not kept.must_be_whole
    kept.add(said[1:2], 1)
    assert (kept.must_be_whole, kept.is_full) == (True, False)
    kept.add(said[2:3], 1000)
    assert (kept.must_be_whole, kept.is_full, waiting(kept)) == (True, True, [])
    kept.whole(kept.begin(True))
    assert (kept.must_be_whole, kept.is_full) == (False, False)
