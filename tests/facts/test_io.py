"""facts/io.py: one literal a field."""

from otwatch.events import Point, Request, State, Verb
from otwatch.sightings import Conversation, Role
from tests.facts.seen import facts, said

UDP = Conversation("10.0.0.1", "10.0.0.2", "udp", 2222, 2222, "cip-io", Role.PORT)
DATA = Request("cip-io", Verb.SUBSCRIBE, "I/O data", 0, one_way=True)


def test_connections_by_direction_and_states() -> None:
    outputs = DATA._replace(target=("port 1/3",), points=(Point("cip", name="0x04/101"),), details=(("direction", "o_t"), ("class", "1")))
    told = facts(
        said(UDP, outputs, times=2), said(UDP, DATA._replace(details=(("forward_open", "not captured"),)), by_client=False),
        said(UDP, State("cip-io", (), "io", "idle", "run")),
    )["io"]  # fmt: skip
    there = {"source": "10.0.0.1", "destination": "10.0.0.2"}
    back = {"source": "10.0.0.2", "destination": "10.0.0.1"}
    assert told["connections"]["items"] == [
        {**there, "route": "port 1/3", "assembly": "0x04/101", "direction": "o_t", "class": "1", "messages": 2},
        {**back, "forward_open": "not captured", "messages": 1},
    ]
    assert told["states"]["items"] == [{"frame": 1, **there, "before": "run", "state": "idle"}]
