"""Who logs in: Authorization, and passwords that people put into URLs (detections.md B.2; RFC 7617, RFC 7616).

Only what is known to be no secret becomes text: scheme names from a table, user names; the rest goes into `Secret`.
"""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from re import Pattern
from re import compile as pattern
from urllib.parse import unquote_to_bytes

from otwatch.dissectors import digest
from otwatch.dissectors.http.head import Head
from otwatch.dissectors.scram import Dialogue
from otwatch.dissectors.scram import decoded as unpacked
from otwatch.events import Credential, Details, Secret, clean

SCHEMES = frozenset({
    "basic", "bearer", "digest", "dpop", "hawk", "hello", "hoba", "mutual", "negotiate", "ntlm", "scram", "scram-sha-1",
    "scram-sha-256", "token",
})  # fmt: skip
"""IANA's registry of HTTP authentication schemes, Niagara's and Haystack's HELLO and SCRAM, and NTLM."""

_QUOTED = rb'\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))'
_REALM = pattern(rb"(?i)\brealm" + _QUOTED)
_USER = pattern(rb"(?i)\busername" + _QUOTED)
_SLIPS = b": \t"
"""What stands before the scheme by a slip: THC Hydra 9.4 sends "Authorization: : Basic ..." to RTSP."""
_SCRAM = b"scram"
_DATA = pattern(rb'(?i)\bdata\s*=\s*"?([A-Za-z0-9+/_=-]+)')
_QUERY = pattern(rb"[?#]|%3[Ff]|%23")
_NAMED_SECRET = pattern(rb"(?i)((?:pass(?:word|wd|phrase)|pwd)\w{0,32}[=/]|(?:secret|token|api_?key)\w{0,32}=)[^/]*")
"""In a path: recorders are asked for "/user=admin_password=..._channel=1" and equipment told "/setpassword/..."."""
_ESCAPE = pattern(rb"\\(.)")


def decoded(raw: bytes) -> str:
    """Text of a peer that does not say its encoding: UTF-8, else Latin-1 (RFC 7617 section 2.1). Not safe to print yet."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def text(raw: bytes) -> str:
    """The same, safe to print."""
    return clean(decoded(raw))


def realm(head: Head) -> str:
    """What the server calls the place that asks for a password; often the product's name."""
    return _parameter(_REALM, head.field("www-authenticate"))


def scheme(head: Head) -> str:
    """The scheme of Authorization, "other" for one not in the table (it may be the secret itself), "" without."""
    value = (head.field("authorization") or head.field("proxy-authorization")).lstrip(_SLIPS)
    word = value.partition(b" ")[0].decode("latin-1").lower()
    return word if word in SCHEMES or not word else "other"


def said_openly(head: Head) -> Details:
    """Scheme of a login, and the user where it is readable without its secret."""
    name = scheme(head)
    user = _parameter(_USER, head.field("authorization")) if name == "digest" else ""
    return tuple((key, value) for key, value in (("auth", name), ("user", user)) if value)


def credentials(head: Head) -> Iterator[Credential]:
    """Every user name and password that stands in a request in clear."""
    for field, name in (("authorization", "http-basic"), ("proxy-authorization", "http-proxy")):
        word, _, value = head.field(field).lstrip(_SLIPS).partition(b" ")
        if word.lower() == b"basic":
            yield _basic(value.strip(), name)
    for url in (head.start.target, head.field("referer")):
        if b"@" not in url:
            continue
        user, colon, secret = split_url(url)[0].partition(b":")
        if colon:
            yield Credential("http-url", text(unquote_to_bytes(user)), Secret(unquote_to_bytes(secret)))


def proofs(head: Head, scheme: str) -> Iterator[Credential]:
    """Digest logins of a request, to what it asks or to the proxy on the way (RFC 7616 3.4, 3.8)."""
    has_body = head.field("content-length") not in {b"", b"0"} or "transfer-encoding" in head.fields
    body = None if has_body else b""
    for field in ("authorization", "proxy-authorization"):
        login = digest.credential(scheme, head.field(field), head.start.method.encode(), body)
        if login is not None:
            yield login


def steps(head: Head, dialogue: Dialogue) -> tuple[Credential, ...]:
    """SCRAM in the fields of requests and answers (RFC 7804 section 4; Project Haystack, "Auth"): the login in its last message."""
    for field in ("authorization", "proxy-authorization", "www-authenticate", "proxy-authenticate"):
        value = head.field(field)
        found = _DATA.search(value) if value[: len(_SCRAM)].lower() == _SCRAM else None
        if found and (proof := dialogue.hear(unpacked(found[1]))) is not None:
            return (Credential("http-scram", text(dialogue.user), proof),)
    return ()


def refusal(head: Head) -> str:
    """The code of an answer that is none (digest.refusal)."""
    return digest.refusal(str(head.start.status), head.field("www-authenticate") or head.field("proxy-authenticate"))


def _basic(value: bytes, name: str) -> Credential:
    """User and password at the first colon. What is no base64, or has no colon, may be a bare secret: it stays one."""
    try:
        pair = b64decode(value + b"=" * (-len(value) % 4), validate=True)
    except NotBase64:
        return Credential(name, "", Secret(value))
    user, colon, secret = pair.partition(b":")
    return Credential(name, text(user), Secret(secret)) if colon else Credential(name, "", Secret(pair))


def split_url(url: bytes) -> tuple[bytes, bytes, bytes]:
    """User information, host and path of a URL or path; without parameters, query and fragment, where sessions and passwords travel."""
    url = _QUERY.split(url, maxsplit=1)[0]
    start, scheme_end, rest = url.partition(b"://")
    if not scheme_end or b"/" in start:
        return b"", b"", _harmless(url)
    authority, slash, path = rest.partition(b"/")
    user, _, host = authority.rpartition(b"@")
    return user, host, _harmless(slash + path)


def _harmless(path: bytes) -> bytes:
    """The path without parameters, without what its own words call a password, and without user information where a URL stands in it."""
    path = _NAMED_SECRET.sub(rb"\1", path)
    if b";" not in path and b"@" not in path:
        return path
    segments = (segment.partition(b";")[0] for segment in path.split(b"/"))
    return b"/".join(segment.rpartition(b"@")[2] if b":" in segment.partition(b"@")[0] else segment for segment in segments)


def _parameter(name: Pattern[bytes], value: bytes) -> str:
    found = name.search(value)
    return text(_ESCAPE.sub(rb"\1", found[1] or found[2] or b"")) if found else ""
