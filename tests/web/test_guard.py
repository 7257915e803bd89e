"""Names and passwords: who is let in, what is remembered, how often they may be tried."""

import bcrypt
import pytest
from hypothesis import given
from hypothesis import strategies as some
from starlette.responses import PlainTextResponse

from otwatch.web import guard
from otwatch.web.guard import CLIENTS, PAUSE_S, TRIES, Guard, Tries, Users, credentials, party
from tests.web.asking import ask, basic
from tests.web.test_app import USERS

RIGHT = basic("prometheus", b"correct horse")
WRONG = basic("prometheus", b"battery staple")
SECOND = ("é", bcrypt.hashpw(b"x" * 72, bcrypt.gensalt(4)).decode())


class Clock:
    """Stands still unless it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The hashes that were asked of bcrypt."""
    found: list[bytes] = []

    def check(password: bytes, hashed: bytes) -> bool:
        found.append(hashed)
        return _CHECK(password, hashed)

    monkeypatch.setattr(guard.bcrypt, "checkpw", check)
    return found


_CHECK = bcrypt.checkpw


@pytest.fixture
def clock() -> Clock:
    return Clock()


def guarded(clock: Clock) -> Guard:
    return Guard(PlainTextResponse("in"), Users([*USERS, SECOND]), lambda client: None, Tries(clock))


def test_a_right_password_is_checked_once(asked: list[bytes], clock: Clock) -> None:
    app = guarded(clock)
    assert [ask(app, "/", headers=RIGHT).status for _ in range(3)] == [200, 200, 200]
    assert len(asked) == 1


def test_a_wrong_password_is_checked_each_time(asked: list[bytes], clock: Clock) -> None:
    app = guarded(clock)
    assert [ask(app, "/", headers=headers).status for headers in (RIGHT, WRONG, WRONG)] == [200, 401, 401]
    assert len(asked) == 3


def test_a_name_that_nobody_has_costs_the_same(asked: list[bytes]) -> None:
    users = Users([*USERS, SECOND])
    assert not any(users.check(f"nobody{number}", b"correct horse") for number in range(16))
    assert len(asked) == 16
    assert not users.remembered("nobody0", b"correct horse")
    known = {users.check(f"nobody{number}", b"x" * 72) for number in range(16)}
    assert known == {False}


def test_a_password_longer_than_bcrypt_reads() -> None:
    users = Users([SECOND])
    assert users.check("é", b"x" * 72)
    assert not users.check("é", b"x" * 73)
    assert not users.check("é", b"x" * 71)
    assert not users.remembered("é", b"x" * 73)


def test_names_and_passwords_do_not_run_into_each_other() -> None:
    users = Users([("a", bcrypt.hashpw(b"bc", bcrypt.gensalt(4)).decode()), ("ab", bcrypt.hashpw(b"c", bcrypt.gensalt(4)).decode())])
    assert users.check("a", b"bc")
    assert not users.remembered("ab", b"c")


def test_failures_run_out_and_come_back(clock: Clock) -> None:
    app = guarded(clock)
    assert [ask(app, "/", headers=WRONG).status for _ in range(TRIES + 2)] == [401] * TRIES + [429, 429]
    assert ask(app, "/", headers=WRONG).headers["retry-after"] == str(PAUSE_S)
    assert ask(app, "/", headers=RIGHT).status == 429
    assert ask(app, "/", headers=RIGHT, client="192.0.2.9").status == 200
    clock.now += PAUSE_S
    assert [ask(app, "/", headers=WRONG).status for _ in range(2)] == [401, 429]
    clock.now += TRIES * PAUSE_S
    assert ask(app, "/", headers=WRONG).status == 401


def test_who_was_right_before_does_not_wait_for_others(clock: Clock) -> None:
    app = guarded(clock)
    assert ask(app, "/", headers=RIGHT).status == 200
    assert {ask(app, "/", headers=WRONG).status for _ in range(TRIES + 1)} == {401, 429}
    assert ask(app, "/", headers=RIGHT).status == 200


def test_failures_are_remembered_of_so_many_clients(clock: Clock) -> None:
    tries = Tries(clock)
    for _ in range(TRIES):
        tries.failed("first")
    assert tries.wait_s("first") == PAUSE_S
    for number in range(CLIENTS):
        tries.failed(str(number))
    assert tries.wait_s("first") == 0


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("Basic YTpi", ("a", b"b")), ("basic YTpi", ("a", b"b")), ("Basic YTpiOmM=", ("a", b"b:c")), ("Basic Og==", ("", b"")),
        ("", None), ("Bearer YTpi", None), ("Basic YTpi!", None), ("Basic YWI=", None), ("Basic /zph", None), ("Basic", None),
        ("Basic \xe9", None),
    ],
)  # fmt: skip
def test_credentials(header: str, said: tuple[str, bytes] | None) -> None:
    assert credentials(header) == said


@given(header=some.text(some.characters(max_codepoint=255)))
def test_any_header_is_read_or_not(header: str) -> None:
    said = credentials(f"Basic {header}")
    assert said is None or ":" not in said[0]


@given(name=some.text(some.characters(exclude_characters=":", codec="utf-8")), password=some.binary())
def test_any_name_and_password_arrive(name: str, password: bytes) -> None:
    assert credentials(basic(name, password)["Authorization"]) == (name, password)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("fe80::1%eth0", "fe80::/64"), ("", ""), ("unix", "unix"),
    ],
)  # fmt: skip
def test_whose_failures_count_together(address: str, counted: str) -> None:
    assert party(address) == counted
