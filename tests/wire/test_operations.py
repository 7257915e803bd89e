"""Requests and answers joined: by ticket, by what they are about, and never by more than the answer says."""

from struct import pack

import pytest

from otwatch.dissectors.base import events
from otwatch.dissectors.enip.encapsulation import decode as decode_enip
from otwatch.events import UNNAMED, Answer, Request, Verb
from otwatch.packets import ACK, RST
from otwatch.sightings import Outcome
from otwatch.wire import operations
from otwatch.wire.operations import PATIENCE, Asked, Waiting
from tests.decode.builders import Frame
from tests.wire.dialogues import CLIENT, SERVER, End, answers, connection, hear, modbus, opened, outcomes, requests, slots, udp, write

PLC = End("10.0.0.2", 44_818)
REGISTER = bytes.fromhex("20012401")  # class 1, instance 1
READ, WROTE = 0x0E, 0x10


def asked(ticket: bytes = b"\0\1", code: int = 6, place: int = 1, slot: int = 0, direction: int = 0, **more: object) -> Asked:
    request = Request("modbus", Verb.WRITE, "write", code, **more)  # type: ignore[arg-type]  # fields by name
    return Asked(direction, ticket, request, (request,), slot, 0, place)


def answer(code: int = 6, **more: object) -> Answer:
    return Answer("modbus", "write", code, **more)  # type: ignore[arg-type]  # fields by name


class TestWaiting:
    def test_requests_with_one_ticket_are_answered_in_turn(self) -> None:
        waiting = Waiting()
        first, second = asked(place=1), asked(place=2)
        waiting.ask(first)
        waiting.ask(second)
        assert waiting.answer(0, b"\0\1", answer()) == [first]
        assert waiting.answer(0, b"\0\1", answer()) == [second]
        assert waiting.answer(0, b"\0\1", answer()) == []
        assert len(waiting) == 0

    def test_an_answer_passes_over_requests_of_another_operation_or_target(self) -> None:
        waiting = Waiting()
        other, there, here = asked(code=5), asked(target=("unit 2",)), asked(target=("unit 1",))
        for one in (other, there, here):
            waiting.ask(one)
        assert waiting.answer(0, b"\0\1", answer(target=("unit 1",))) == [here]

    def test_a_login_in_the_body_is_answered_with_its_request(self) -> None:
        waiting = Waiting()
        first, login, second = asked(b"", place=1), asked(b"", place=2)._replace(request=None), asked(b"", place=3)
        for one in (first, login, second):
            waiting.ask(one)
        assert waiting.answer(0, b"", answer()) == [first, login]
        assert waiting.answer(0, b"", answer()) == [second]

    def test_an_answer_that_does_not_say_its_route_answers_any(self) -> None:
        """The answer to an Unconnected Send is that of the wrapped service, without a route (CIP volume 1, 3-5.5.4)."""
        waiting = Waiting()
        routed = asked(target=("port 1/0",))
        waiting.ask(routed)
        assert waiting.answer(0, b"\0\1", answer()) == [routed]

    def test_of_two_targets_the_one_that_is_named_counts(self) -> None:
        waiting = Waiting()
        routed, direct = asked(target=("net 5/01",)), asked()
        waiting.ask(routed)
        waiting.ask(direct)
        assert waiting.answer(0, b"\0\1", answer()) == [direct]

    def test_who_asked_behind_a_router_counts(self) -> None:
        waiting = Waiting()
        one, two = asked(origin=("net 5/01",)), asked(origin=("net 5/02",))
        waiting.ask(one)
        waiting.ask(two)
        assert waiting.answer(0, b"\0\1", answer(origin=("net 5/02",))) == [two]

    def test_parts_of_a_packet_are_answered_by_their_place(self) -> None:
        waiting = Waiting()
        parts = [asked(details=(("packet", str(place)),)) for place in (1, 2, 3)]
        for one in parts:
            waiting.ask(one)
        assert waiting.answer(0, b"\0\1", answer(details=(("packet", "3"),))) == [parts[2]]
        assert waiting.answer(0, b"\0\1", answer(details=(("packet", "1"),))) == [parts[0]]
        assert waiting.answer(0, b"\0\1", answer(details=(("packet", "4"),))) == []

    def test_a_refused_wrapper_refuses_all_that_its_message_carried(self) -> None:
        waiting = Waiting()
        parts = [asked(details=(("packet", str(place)),)) for place in (1, 2)]
        later = asked(place=2)
        for one in (*parts, later):
            waiting.ask(one)
        assert waiting.answer(0, b"\0\1", answer(code=UNNAMED, error="Connection failure")) == parts
        assert len(waiting) == 1

    def test_an_answer_that_only_says_wait_ends_nothing(self) -> None:
        waiting = Waiting()
        one = asked()
        waiting.ask(one)
        assert waiting.answer(0, b"\0\1", answer(final=False)) == []
        assert waiting.answer(0, b"\0\1", answer()) == [one]

    def test_too_many_push_out_the_oldest(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(operations, "BOUND", 2)
        waiting = Waiting()
        sent = [asked(bytes((0, at)), place=at) for at in range(9)]
        out: list[Asked] = []
        for one in sent:
            out.extend(waiting.ask(one))
            assert len(waiting) <= 2
            if one.place in {1, 3}:
                waiting.answer(0, one.ticket, answer())
        assert out == [sent[at] for at in (0, 2, 4, 5, 6)]

    def test_too_many_with_one_ticket_push_out_the_oldest_of_them(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(operations, "SAME_TICKET", 2)
        waiting = Waiting()
        sent = [asked(place=at) for at in range(3)]
        assert [waiting.ask(one) for one in sent] == [[], [], [sent[0]]]

    def test_what_was_answered_takes_no_memory(self) -> None:
        waiting = Waiting()
        waiting.ask(asked(b"old"))
        for at in range(1000):
            waiting.ask(asked(place=at))
            waiting.answer(0, b"\0\1", answer())
        assert len(waiting) == 1
        assert len(waiting._queue) == 1

    def test_only_what_is_old_enough_expires(self) -> None:
        waiting = Waiting()
        sent = [asked(bytes((slot,)), slot=slot) for slot in (3, 4, 5)]
        for one in sent:
            waiting.ask(one)
        assert waiting.expired(5) == sent[:2]
        assert waiting.expired(5) == []


def polled(*bodies: tuple[str, bytes], time_ns: int = 0) -> list[Frame]:
    """A connection in which ">" is said by the client and "<" by the server."""
    client, server = connection()
    frames = opened(client, server, time_ns)
    for who, payload in bodies:
        frames.append((client if who == ">" else server).says(payload, time_ns))
    return frames


def test_answers_out_of_order() -> None:
    said = hear(polled((">", modbus(1, write(1))), (">", modbus(2, write(2))), ("<", modbus(2, write(2))), ("<", modbus(1, b"\x86\2"))))
    assert outcomes(said) == [("holding-register 2", Outcome.OK), ("holding-register 1", Outcome.ERROR)]
    assert not answers(said)


def test_a_second_answer_is_told_for_itself() -> None:
    said = hear(polled((">", modbus(1, write(1))), ("<", modbus(1, write(1))), ("<", modbus(1, write(1)))))
    assert outcomes(said) == [("holding-register 1", Outcome.OK)]
    assert sum(item.times for item in answers(said)) == 1


def test_an_answer_before_its_request_answers_nothing() -> None:
    said = hear(polled(("<", modbus(1, write(1))), (">", modbus(1, write(1)))))
    assert outcomes(said) == [("holding-register 1", Outcome.UNKNOWN)]
    assert len(answers(said)) == 1


def test_acknowledge_is_told_and_the_answer_still_awaited() -> None:
    """Exception 5: accepted, the answer comes later (Modbus v1.1b3 section 7)."""
    said = hear(polled((">", modbus(1, write(1))), ("<", modbus(1, b"\x86\5")), ("<", modbus(1, write(1)))))
    assert outcomes(said) == [("holding-register 1", Outcome.OK)]
    assert [item.event.error_code for item in answers(said) if isinstance(item.event, Answer)] == ["5"]


@pytest.mark.parametrize("size", [1, 3, 100])
@pytest.mark.parametrize(
    ("later", "heard", "outcome"),
    [
        (PATIENCE, False, Outcome.UNKNOWN),
        (PATIENCE, True, Outcome.UNANSWERED),
        (PATIENCE - 1, True, Outcome.UNANSWERED),
        (0, True, Outcome.UNKNOWN),
    ],
)
def test_unanswered_only_where_answers_are_captured(size: int, later: int, heard: bool, outcome: Outcome) -> None:
    client, server = connection()
    frames = opened(client, server) if heard else [client.opens()]
    frames.append(client.says(modbus(1, write(1))))
    frames.append(udp(End("1.1.1.1", 9), End("1.1.1.2", 9), b"later", slots(later)))
    assert outcomes(hear(frames, size)) == [("holding-register 1", outcome)]


@pytest.mark.parametrize("size", [1, 2, 100])
def test_who_speaks_later_does_not_change_what_was_not_known(size: int) -> None:
    """The answers' direction appears after the wait has ended."""
    client, server = connection()
    frames = [client.opens(), client.says(modbus(1, write(1))), client.says(modbus(2, write(2)), slots(PATIENCE))]
    frames.append(server.says(modbus(9, write(9)), slots(PATIENCE + 1)))
    assert outcomes(hear(frames, size))[0] == ("holding-register 1", Outcome.UNKNOWN)


@pytest.mark.parametrize("size", [1, 2, 100])
def test_a_connection_opened_anew_ends_the_waits_of_the_one_before(size: int) -> None:
    client, server = connection()
    frames = [*opened(client, server), client.says(modbus(1, write(1))), client.says(b"", flags=RST | ACK)]
    again = connection(seq=5_000_000)
    frames += [*opened(*again), again[0].says(modbus(1, write(2))), again[1].says(modbus(1, write(2)))]
    said = hear(frames, size)
    assert outcomes(said) == [("holding-register 1", Outcome.UNANSWERED), ("holding-register 2", Outcome.OK)]


# --- CIP: routes, packets ---------------------------------------------------------------------------------------------------------


def enip(context: int, message: bytes, status: int = 0) -> bytes:
    items = pack("<IHHHHHH", 0, 0, 2, 0, 0, 0xB2, len(message)) + message
    return pack("<HHIIQI", 0x6F, len(items), 1, status, context, 0) + items


def cip_write(instance: int) -> bytes:
    """Set_Attribute_Single of an assembly's data (CIP volume 1, A-4.12)."""
    return bytes((WROTE, 3, 0x20, 0x04, 0x24, instance, 0x30, 3, 1, 0))


def unconnected_send(message: bytes) -> bytes:
    pad = b"\0" if len(message) & 1 else b""
    return bytes.fromhex("520220062401 0a0e".replace(" ", "")) + pack("<H", len(message)) + message + pad + bytes((1, 0, 1, 0))


def packet(*parts: bytes, service: bytes = bytes.fromhex("0a0220022401")) -> bytes:
    at = 2 + 2 * len(parts)
    offsets = b""
    for part in parts:
        offsets, at = offsets + pack("<H", at), at + len(part)
    return service + pack("<H", len(parts)) + offsets + b"".join(parts)


def cip_talk(*bodies: tuple[str, bytes]) -> list[tuple[str, Outcome, str]]:
    client, server = connection(CLIENT, PLC)
    frames = opened(client, server)
    frames += [(client if who == ">" else server).says(payload) for who, payload in bodies]
    said = requests(hear(frames))
    return [(item.event.points[0].name, item.outcome, item.error) for item in said if isinstance(item.event, Request)]


def test_a_request_through_the_backplane_is_answered_by_its_context() -> None:
    asks = unconnected_send(cip_write(100))
    assert [event.target for event in events(decode_enip, enip(7, asks), True, "enip") if isinstance(event, Request)] == [("port 1/0",)]
    (said,) = cip_talk((">", enip(7, asks)), ("<", enip(7, bytes((0x90, 0, 0, 0)))))
    assert said[1:] == (Outcome.OK, "")


def test_parts_of_a_packet_have_outcomes_of_their_own() -> None:
    asks = packet(cip_write(100), cip_write(101))
    tells = packet(bytes((0x90, 0, 0, 0)), bytes((0x90, 0, 8, 0)), service=bytes((0x8A, 0, 0x1E, 0)))
    first, second = cip_talk((">", enip(7, asks)), ("<", enip(7, tells)))
    assert (first[1], second[1]) == (Outcome.OK, Outcome.ERROR)


def test_a_refused_unconnected_send_refuses_every_part_of_its_packet() -> None:
    asks = unconnected_send(packet(cip_write(100), cip_write(101)))
    refusal = bytes((0xD2, 0, 1, 1, 4, 2))
    said = cip_talk((">", enip(7, asks)), ("<", enip(7, refusal)))
    assert [outcome for _, outcome, _ in said] == [Outcome.ERROR] * 2


def test_a_refusal_of_the_encapsulation_refuses_what_it_carried() -> None:
    (said,) = cip_talk((">", enip(7, unconnected_send(cip_write(100)))), ("<", enip(7, b"", status=0x64)))
    assert said[1:] == (Outcome.ERROR, "Invalid session handle")


# --- BACnet: both sides ask ---------------------------------------------------------------------------------------------------------

HERE, THERE = End("10.0.0.1", 47_808), End("10.0.0.2", 47_808)


def bacnet(apdu: str) -> bytes:
    body = bytes.fromhex("0100" + apdu)
    return b"\x81\x0a" + pack("!H", 4 + len(body)) + body


WRITE_5 = bacnet("0005050f0c00800001195521 3e44000000003f".replace(" ", ""))


def test_both_sides_may_ask_with_one_number() -> None:
    asked = [udp(HERE, THERE, WRITE_5), udp(THERE, HERE, WRITE_5)]
    said = hear([*asked, udp(THERE, HERE, bacnet("20050f")), udp(HERE, THERE, bacnet("60050a"))])
    assert [(item.by_client, item.outcome) for item in requests(said)] == [(True, Outcome.OK), (False, Outcome.ERROR)]


def test_who_gives_up_ends_his_own_request_and_not_the_other_sides() -> None:
    """Abort with the server bit clear comes from the client (135-2020 clause 20.1.9)."""
    asked = [udp(HERE, THERE, WRITE_5), udp(THERE, HERE, WRITE_5)]
    said = hear([*asked, udp(HERE, THERE, bacnet("700500")), udp(HERE, THERE, bacnet("20050f"))])
    assert [(item.by_client, item.outcome) for item in requests(said)] == [(True, Outcome.ERROR), (False, Outcome.OK)]


def test_server_and_client_names() -> None:
    """So that the tests above say what they mean."""
    assert {item.conversation.client for item in requests(hear(polled((">", modbus(1, write(1))))))} == {CLIENT.ip}
    assert SERVER.port == 502
