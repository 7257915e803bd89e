"""Logins in what a request hands over: web forms, queries, JSON, Niagara's SCRAM, WS-Security (detections.md B.15, B.16; OASIS Web
Services Security UsernameToken 1.1).

Nobody marks the password of a form. Its fields are weighed by their names, as the domain page says: two passwords are a change and no
login. Names that mean many things ("code", "id", "name") count for less away from a page of logins: "name=pump&code=17" is none. What
looks like a hash of the password, made by the page, is one that candidates can be held against.
"""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from hashlib import new
from re import compile as pattern

from otwatch.dissectors import digest
from otwatch.dissectors.http import logins
from otwatch.dissectors.http.fields import Fields, coded, sent
from otwatch.dissectors.http.head import Head
from otwatch.dissectors.scram import Dialogue
from otwatch.events import Credential, Proof, Secret

LIMIT = 16 * 1024
"""Bytes of a body in which a login is looked for."""
FORM, SOAP = "http-form", "ws-security"
_CONTAINED = 1
_CONFIDENT = 6
"""Of the 9 or so points of a clear case (B.15)."""

_USERS = frozenset({
    "user", "username", "usr", "uname", "userid", "login", "loginname", "loginusername", "account", "name", "log", "email", "id",
    "identifiant", "utilisateur", "jusername", "txtuser",
})  # fmt: skip
_PASSWORDS = frozenset({
    "pass", "password", "passwd", "pwd", "psw", "pw", "userpwd", "loginpassword", "jpassword", "txtpassword", "secret", "motdepasse", "mdp",
    "pin", "code", "passcode",
})  # fmt: skip
_VAGUE = frozenset({"name", "log", "email", "id", "account", "secret", "pin", "code", "pw"})
"""Of these, names that stand for other things too."""
_SHORT = 4
"""Letters of a name below which it says something only by itself: "id" stands in "video"."""
_PLACES = ("login", "auth", "signin", "logon", "session", "token", "j_security_check")
_NAME = pattern(r".*[$.:\[]")
_ODD = pattern(r"[^a-z0-9]")
_KINDS = (b"form-urlencoded", b"form-data", b"json", b"xml", b"niagara-login")
_NIAGARA = b"niagara-login"
_STEP = pattern(rb"client(?:First|Final)Message=([^&\r\n]{1,1024})")
_HASH = pattern(r"(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64})")
_HASHES = {32: "md5", 40: "sha1", 64: "sha256"}
_PACKED = 8
"""Characters of base64 below which it is no sign of anything."""
_TOKEN = pattern(rb"(?s)<(?:[\w.-]+:)?UsernameToken\b.{0,4096}?</(?:[\w.-]+:)?UsernameToken>")
_PART = pattern(rb"<(?:[\w.-]+:)?(Username|Password|Nonce|Created)\b([^>]*)>([^<]*)</")


def may_hold_a_login(head: Head) -> bool:
    """Whether the body of a request is looked at: a form, JSON, a SOAP message, or what a Digest is made over."""
    kind = head.field("content-type").lower()
    return any(word in kind for word in _KINDS) or b"auth-int" in head.field("authorization")


def credentials(head: Head, body: bytes, is_whole: bool, dialogue: Dialogue) -> Iterator[Credential]:
    """The logins in the body of a request."""
    if is_whole and b"auth-int" in head.field("authorization"):
        login = digest.credential("http-digest", head.field("authorization"), head.start.method.encode(), body)
        yield from () if login is None else (login,)
    kind = head.field("content-type").lower()
    if b"xml" in kind:
        yield from _tokens(body)
    elif _NIAGARA in kind:
        step = _STEP.search(body)
        proof = dialogue.hear(step[1]) if step else None
        yield from () if proof is None else (Credential("http-scram", logins.text(dialogue.user), proof),)
    else:
        yield from _form(head, sent(head, body))


def asked(head: Head) -> Iterator[Credential]:
    """The login in the query of a request, as cameras and power supplies take it: a name and a password, both called so."""
    query = head.start.target.partition(b"?")[2]
    fields = [(name, value) for name, value in coded(query) if _plain(name) not in _VAGUE] if query else []
    if any(_weight(name, _USERS, is_login_page=False) > _CONTAINED for name, _ in fields):
        yield from _form(head, fields)


def _form(head: Head, fields: Fields) -> Iterator[Credential]:
    """One password, and a user name if there is one."""
    path = logins.split_url(head.start.target)[2].lower()
    is_login_page = any(place.encode() in path for place in _PLACES)
    named = [(_weight(name, _USERS, is_login_page), _weight(name, _PASSWORDS, is_login_page), value) for name, value in fields]
    passwords = [(weight, value) for user, weight, value in named if weight > user]
    if len(passwords) != 1:
        return
    user_weight, user = max(((weight, value) for weight, other, value in named if weight >= other and weight), default=(0, b""))
    weight, password = passwords[0]
    if weight + user_weight + 2 * is_login_page + 1 >= _CONFIDENT:
        yield Credential(FORM, logins.text(user), _secret(user, password))


def _plain(name: str) -> str:
    return _ODD.sub("", _NAME.sub("", name.lower().rstrip("]")))


def _weight(name: str, words: frozenset[str], is_login_page: bool) -> int:
    plain = _plain(name)
    if plain in words:
        return 3 if is_login_page or plain not in _VAGUE else 1
    long = [word for word in words if len(word) >= _SHORT]
    if any(plain.startswith(word) or plain.endswith(word) for word in long):
        return 2
    return _CONTAINED if any(word in plain for word in long) else 0


def _secret(user: bytes, password: bytes) -> Secret | Proof:
    """What was sent: a password, one in base64, or its hash."""
    text = password.decode("latin-1")
    if _HASH.fullmatch(text):
        return Proof(text.lower().encode(), hashes, (_HASHES[len(text)], user))
    return Secret(_unpacked(password) or password)


def _unpacked(value: bytes) -> bytes:
    """What stands in base64, if that is a text: of plain passwords of eight letters one in 400 gives one by chance."""
    try:
        text = b64decode(value, validate=True) if len(value) >= _PACKED else b""
    except NotBase64:
        return b""
    return text if text.isascii() and text.decode().isprintable() else b""


def hashes(said: tuple[str, bytes], password: bytes) -> tuple[bytes, ...]:
    """What pages send instead of a password: its hash, or that of user and password."""
    name, user = said
    return tuple(new(name, data, usedforsecurity=False).hexdigest().encode() for data in (password, user + b":" + password))


def _tokens(body: bytes) -> Iterator[Credential]:
    for token in _TOKEN.findall(body):
        parts = {name: (marks, value.strip()) for name, marks, value in _PART.findall(token)}
        if parts.keys() >= {b"Username", b"Password"}:
            marks, password = parts[b"Password"]
            user = logins.text(parts[b"Username"][1])
            if b"PasswordDigest" not in marks:
                yield Credential(SOAP, user, Secret(password))
            elif parts.keys() >= {b"Nonce", b"Created"} and (said := _decoded(parts[b"Nonce"][1], parts[b"Created"][1], password)):
                nonce, created, sent = said
                yield Credential(SOAP, user, Proof(sent, digests, (nonce, created)))


def _decoded(nonce: bytes, created: bytes, password: bytes) -> tuple[bytes, bytes, bytes] | None:
    try:
        return b64decode(nonce, validate=True), created, b64decode(password, validate=True)
    except NotBase64:
        return None


def digests(said: tuple[bytes, bytes], password: bytes) -> tuple[bytes, ...]:
    """SHA-1 of nonce, time and password (UsernameToken Profile 1.1, 3.1)."""
    nonce, created = said
    return (new("sha1", nonce + created + password, usedforsecurity=False).digest(),)
