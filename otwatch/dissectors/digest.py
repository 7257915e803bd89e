"""Digest logins of HTTP, RTSP and SIP: what a password would have answered (RFC 7616 3.4; RFC 2617 3.2.2; RFC 3261 22.4).

    A1 = user ":" realm ":" password              "-sess": H(A1) ":" nonce ":" cnonce
    A2 = method ":" uri                           auth-int: ":" H(body) behind it
    response = H(H(A1) ":" nonce [":" nc ":" cnonce ":" qop] ":" H(A2))
"""

from collections.abc import Callable
from hashlib import md5, new, sha256
from re import compile as pattern
from typing import NamedTuple

from otwatch.dissectors.heads import shown
from otwatch.events import Credential, Proof

_SESSION = "-sess"
_PAIR = pattern(rb'([A-Za-z]{1,32})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
_ESCAPE = pattern(rb"\\(.)")
_STALE = pattern(rb'(?i)\bstale\s*=\s*"?true')
_HEX = pattern(rb"[0-9a-fA-F]{32,64}")


def _md5(data: bytes) -> bytes:
    return md5(data, usedforsecurity=False).hexdigest().encode()


def _sha256(data: bytes) -> bytes:
    return sha256(data).hexdigest().encode()


def _sha512_256(data: bytes) -> bytes:
    return new("sha512_256", data).hexdigest().encode()


_HASHES: dict[str, Callable[[bytes], bytes]] = {"md5": _md5, "sha-256": _sha256, "sha-512-256": _sha512_256}
QOPS = frozenset({b"", b"auth", b"auth-int"})


class Challenged(NamedTuple):
    """All that makes a response, but for the password. `algorithm` in lower case; `uri` as the header has it; `body` of the request."""

    algorithm: str
    method: bytes
    user: bytes
    realm: bytes
    nonce: bytes
    uri: bytes
    qop: bytes = b""
    times: bytes = b""
    cnonce: bytes = b""
    body: bytes = b""


def response(said: Challenged, password: bytes) -> bytes:
    """The response in lower-case hex."""
    of = _HASHES[said.algorithm.removesuffix(_SESSION)]
    who = of(b":".join((said.user, said.realm, password)))
    if said.algorithm.endswith(_SESSION):
        who = of(b":".join((who, said.nonce, said.cnonce)))
    what = (said.method, said.uri, of(said.body)) if said.qop == b"auth-int" else (said.method, said.uri)
    way = (said.times, said.cnonce, said.qop) if said.qop else ()
    return of(b":".join((who, said.nonce, *way, of(b":".join(what)))))


def responses(said: Challenged, password: bytes) -> tuple[bytes, ...]:
    """The same, for a Proof."""
    return (response(said, password),)


def credential(scheme: str, field: bytes, method: bytes, body: bytes | None) -> Credential | None:
    """The login in an Authorization field; None where it is none, or cannot be held against passwords.

    That is so for hashed user names (RFC 7616 3.4.4), and for auth-int over a body that is not at hand (None).
    """
    word, _, rest = field.partition(b" ")
    if word.lower() != b"digest":
        return None
    said = {found[1].lower(): _ESCAPE.sub(rb"\1", found[2] if found[3] is None else found[3]) for found in _PAIR.finditer(rest)}
    algorithm, qop = said.get(b"algorithm", b"MD5").decode("latin-1").lower(), said.get(b"qop", b"").lower()
    whole = said.keys() >= {b"username", b"realm", b"nonce", b"uri", b"response"} and _HEX.fullmatch(said[b"response"])
    known = algorithm.removesuffix(_SESSION) in _HASHES and qop in QOPS
    if not (whole and known) or said.get(b"userhash") == b"true" or (body is None and qop == b"auth-int"):
        return None
    user, realm = said[b"username"], said[b"realm"]
    challenged = Challenged(
        algorithm, method, user, realm, said[b"nonce"], said[b"uri"], qop, said.get(b"nc", b""), said.get(b"cnonce", b""),
        (body or b"") if qop == b"auth-int" else b"",
    )  # fmt: skip
    return Credential(scheme, shown(user), Proof(said[b"response"].lower(), responses, challenged), shown(realm))


def refusal(status: str, challenge: bytes) -> str:
    """The status of an answer, "401 stale" where only the number of the challenge was too old (RFC 7616 3.3): the login is sent again."""
    return f"{status} stale" if _STALE.search(challenge) else status
