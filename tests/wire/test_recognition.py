"""Who is asked what a conversation speaks, and who is not."""

import pytest

from otwatch.events import Identity
from otwatch.sightings import Sighting
from otwatch.wire.recognition import Recognition
from tests.dissectors import names
from tests.wire.dialogues import End, Item, connection, hear, opened, slots, tallies, udp

HOST, SERVER = End("10.0.0.1", 40_000), "10.0.0.2"


def identities(items: list[Item]) -> list[Identity]:
    return [item.event for item in items if isinstance(item, Sighting) and isinstance(item.event, Identity)]


@pytest.mark.parametrize(("port", "looks"), [(123, 1), (4711, 0)])
def test_what_is_spoken_on_its_ports_only_costs_nothing_elsewhere(port: int, looks: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not one datagram of unknown traffic becomes a Python object, however much it looks like NTP."""
    looked: list[bytes] = []
    look = Recognition._try
    monkeypatch.setattr(Recognition, "_try", lambda self, payload, order: looked.append(payload) or look(self, payload, order))
    items = hear([udp(End(SERVER, port), HOST, names.NTP_ANSWER) for _ in range(50)])
    assert len(looked) == looks
    assert len(identities(items)) == looks


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_a_connection_that_is_over_stays_so_and_keeps_its_name(size: int) -> None:
    """Whatever comes later on it, in the same batch or another, in its slot or a later one; a repetition is no finding."""
    client, server = connection(server=End(SERVER, 445))
    frames = [*opened(client, server), server.says(names.SMB2_NEGOTIATED), client.says(names.SMB2_LOGIN), client.says(names.SMB2_READ)]
    again = server.says(b"file" * 300)
    frames += [again, again, client.says(names.SMB2_LOGIN), server.says(names.SMB2_CHALLENGE, time_ns=slots(3))]
    items = hear(frames, size)
    assert [event.fields[0] for event in identities(items)] == [("dialect", "SMB 3.1.1"), ("domain", "HOPITAL")]
    assert {item.conversation.service for item in tallies(items)} == {"smb"}
    assert items == hear(frames, 2)
