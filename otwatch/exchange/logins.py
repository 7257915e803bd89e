"""Credentials in a stream. What was sent to log in crosses the private pipe between two processes of one run and nothing else.

Both ends ask: who writes must hand over the pipe to get at the bytes of a secret, and who reads refuses a login that came another way.
"""

from otwatch.dissectors.proofs import WAYS
from otwatch.errors import ExchangeError
from otwatch.events import Credential, Proof, Secret
from otwatch.events.secret import PrivatePipe
from otwatch.exchange.forms import Login, packed, reader, unpacked

_SAID = {name: reader(way.said) for name, way in WAYS.items()}
_NAMES = {way.made: name for name, way in WAYS.items()}


def login(credential: Credential, way: PrivatePipe | None) -> Login:
    """A credential as it crosses a private pipe. TypeError where the way is not one."""
    secret = credential.secret
    who = (credential.scheme, credential.user, credential.realm)
    if isinstance(secret, Secret):
        return Login(*who, "", secret.crossing(way), b"", 0)
    answer, made, said = secret.crossing(way)
    return Login(*who, _NAMES[made], answer, packed(said), secret.cost)


def credential(login: Login, way: PrivatePipe | None) -> Credential:
    """The same at the other end. ExchangeError where it came by a way that is not private."""
    if way is None:
        raise ExchangeError("exchange.login")
    return Credential(login.scheme, login.user, _secret(login), login.realm)


def _secret(login: Login) -> Secret | Proof:
    if not login.way:
        return Secret(login.secret)
    if login.way not in WAYS:
        raise ExchangeError("exchange.proof", way=login.way, known=", ".join(WAYS))
    return Proof(login.secret, WAYS[login.way].made, unpacked(_SAID[login.way], login.said), login.cost)
