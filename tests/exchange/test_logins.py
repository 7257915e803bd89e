"""exchange/logins.py: what was sent to log in crosses a private pipe, and nothing else."""

import ast
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from otwatch.dissectors.proofs import WAYS
from otwatch.errors import ExchangeError
from otwatch.events import UNREAD, Credential, Proof, Secret
from otwatch.events.secret import PrivatePipe
from otwatch.exchange import Outlet, Sender
from otwatch.exchange.forms import Login
from otwatch.exchange.logins import credential, login
from tests.exchange.test_items import pipe, routine
from tests.sources import sources

SECRET = b"sehr-geheim-17"
LOGINS = (
    Credential("ftp", "anna", Secret(SECRET)),
    Credential("vnc", "", Proof(SECRET, WAYS["vnc"].made, bytes(16), 4)),
    Credential("snmp", "anna", UNREAD, "realm"),
)


@pytest.mark.parametrize("sent", LOGINS)
def test_logins_are_the_same_behind_a_private_pipe(sent: Credential) -> None:
    with pipe() as way:
        come = credential(login(sent, way), way)
    assert come == sent
    assert isinstance(come.secret, type(sent.secret))
    if isinstance(sent.secret, Proof) and isinstance(come.secret, Proof):
        assert come.secret.cost == sent.secret.cost


@pytest.mark.parametrize("sent", LOGINS)
def test_a_login_never_goes_into_a_file(sent: Credential) -> None:
    with TemporaryFile() as file:
        sender = Sender(Outlet(file.fileno()))
        sender.add(routine(sent))
        with pytest.raises(TypeError, match="does not leave the process"):
            sender.flush()
        file.seek(0)
        assert SECRET not in file.read()


@pytest.mark.parametrize("way", [None, 1, os.pipe, "private"])
def test_only_a_private_pipe_opens_a_secret(way: object) -> None:
    for one in LOGINS:
        with pytest.raises(TypeError, match="does not leave the process"):
            one.secret.crossing(way)  # type: ignore[arg-type]  # what mypy refuses is refused at run time, too


def test_a_login_from_elsewhere_is_refused() -> None:
    with pytest.raises(ExchangeError, match="a login; they are read from the other process"):
        credential(Login("ftp", "anna", "", "", b"x", b"", 0), None)


def test_a_proof_of_an_unknown_way_is_refused() -> None:
    with pipe() as way, pytest.raises(ExchangeError, match=r"a proof by 'os\.system'; unread, "):
        credential(Login("ftp", "anna", "", "os.system", b"x", b"", 0), way)


def test_a_private_pipe_is_an_anonymous_one() -> None:
    with pipe() as way:
        for one in (way.reading, way.writing):
            assert str(Path(f"/proc/self/fd/{one}").readlink()).startswith("pipe:")
            assert not os.get_inheritable(one)
    with pytest.raises(TypeError):
        PrivatePipe(1, 2)  # type: ignore[call-arg]  # that it cannot be made of descriptors is what is tested


def test_all_proofs_are_made_in_ways_that_have_a_name() -> None:
    def made(path: Path, call: ast.Call) -> str:
        return f"{path.stem}.{ast.unparse(call.args[1])}"

    calls = [
        made(one.path, node)
        for one in sources()
        if one.module.startswith(("otwatch.dissectors", "otwatch.events"))
        for node in ast.walk(one.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Proof"
    ]
    known: list[Callable[..., object]] = [way.made for way in WAYS.values()]
    assert sorted(calls) == sorted(f"{one.__module__.rpartition('.')[2]}.{one.__name__}" for one in known)
