"""facts/fox.py: messages and values."""

from otwatch.events import Envelope
from otwatch.sightings import Conversation, Role
from tests.facts.seen import facts, said

FOX = Conversation("10.0.0.1", "10.0.0.2", "tcp", 50000, 1911, "fox", Role.SYN)


def test_messages_and_values_by_key() -> None:
    hello = Envelope("fox", (("message", "fox hello"), ("app.name", "Workbench"), ("lang", "en")))
    told = facts(said(FOX, hello, times=2), said(FOX, Envelope("fox", (("message", "station sub"),))))["fox"]
    assert told == {"messages": {"fox hello": 2, "station sub": 1}, "values": {"app.name": {"Workbench": 2}, "lang": {"en": 2}}}
