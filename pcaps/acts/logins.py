"""Logins with passwords that everybody knows, in ways that no recording at hand shows."""

from base64 import b64encode, urlsafe_b64encode
from hashlib import pbkdf2_hmac, sha256
from hmac import digest

from pcaps.acts import messages as say
from pcaps.acts.act import ENGINEERING, OFFICE, SECURITY, Act
from pcaps.acts.frames import Story

_BMC, _STATION, _CARD, _CAMERA = "10.20.1.60", "10.20.1.70", "10.21.4.41", "10.24.5.10"
_CONSOLE, _DEVICE, _GUID = b"\xa0\xa1\xa2\xa3", b"\xb0\xb1\xb2\xb3", bytes(range(0x20, 0x30))
_NONCES = bytes(range(16)), bytes(range(0x10, 0x20))
OWN = "Rouge-gorge-2741"
"""A password that is in no list."""


def _session(story: Story, user: str, password: str | None) -> None:
    """IPMI 2.0, 13.17 to 13.24, SHA-1; without a password as the suite without any proof has it."""
    kind, name = 0 if password is None else 1, user.encode()
    who = bytes((0x14, len(name))) + name
    code = b"" if password is None else digest(password.encode(), _CONSOLE + _DEVICE + b"".join(_NONCES) + _GUID + who, "sha1")
    proposed = b"".join(bytes((part, 0, 0, 8, kind, 0, 0, 0)) for part in range(3))
    steps = (
        (0x10, b"\1\0\0\0" + _CONSOLE + proposed), (0x11, b"\1\0\4\0" + _CONSOLE + _DEVICE + proposed),
        (0x12, b"\2\0\0\0" + _DEVICE + _NONCES[0] + b"\x14\0\0" + who[1:]), (0x13, b"\2\0\0\0" + _CONSOLE + _NONCES[1] + _GUID + code),
        (0x14, b"\3\0\0\0" + _DEVICE + bytes(len(code))), (0x15, b"\3\0\0\0" + _CONSOLE + bytes(12 if code else 0)),
    )  # fmt: skip
    for (asked, question), (given, answer) in zip(steps[::2], steps[1::2], strict=True):
        story.ask(ENGINEERING, _BMC, 623, say.rmcp_plus(asked, question), say.rmcp_plus(given, answer), own=50_623)


def server_with_factory_password(story: Story) -> None:
    _session(story, "ADMIN", "ADMIN")


def server_with_own_password(story: Story) -> None:
    _session(story, "ADMIN", OWN)


def server_without_proof(story: Story) -> None:
    _session(story, "admin", None)


def _scram(story: Story, password: str) -> None:
    """SCRAM-SHA-256 in the fields of HTTP, as Project Haystack has it."""
    first, salt, times = "n=su,r=ZmVuZXRyZQ", bytes(range(16)), 10_000
    challenge = f"r=ZmVuZXRyZQcG9ydGU,s={b64encode(salt).decode()},i={times}"
    bare = "c=biws,r=ZmVuZXRyZQcG9ydGU"
    key = digest(pbkdf2_hmac("sha256", password.encode(), salt, times), b"Client Key", "sha256")
    signature = digest(sha256(key).digest(), f"{first},{challenge},{bare}".encode(), "sha256")
    proof = b64encode(bytes(one ^ other for one, other in zip(key, signature, strict=True))).decode()

    def data(message: str) -> str:
        return urlsafe_b64encode(message.encode()).decode().rstrip("=")

    def ask(message: str) -> bytes:
        return say.http("GET /api/about HTTP/1.1", f"Host: {_STATION}", f"Authorization: SCRAM handshakeToken=c3U, data={data(message)}")

    connection = story.connect(ENGINEERING, _STATION, 80)
    asked = f"WWW-Authenticate: SCRAM handshakeToken=c3U, hash=SHA-256, data={data(challenge)}"
    connection.ask(ask(f"n,,{first}"), say.http("HTTP/1.1 401 Unauthorized", asked))
    connection.ask(ask(f"{bare},p={proof}"), say.http("HTTP/1.1 200 OK", "Authentication-Info: authToken=eHl6, hash=SHA-256"))
    connection.close()


def station_with_simple_password(story: Story) -> None:
    _scram(story, "su123")


def station_with_own_password(story: Story) -> None:
    _scram(story, OWN)


def _typed(story: Story, user: str, password: str) -> None:
    """Telnet, letter by letter; the card shows stars for the password."""
    connection = story.connect(OFFICE, _CARD, 23)
    connection.say(b"\xff\xfb\x01\xff\xfb\x03", by_client=False)
    connection.say(b"\xff\xfd\x01\xff\xfd\x03")
    for question, answer, shown in ((b"\r\nUser Name : ", user, ""), (b"\r\nPassword  : ", password, "*")):
        connection.say(question, by_client=False)
        for letter in answer:
            connection.ask(letter.encode(), (shown or letter).encode())
        connection.say(b"\r\0")
    connection.say(b"\r\n\r\nAmerican Power Conversion    Network Management Card AOS v3.3.4\r\n\r\napc>", by_client=False)
    connection.close()


def card_with_factory_password(story: Story) -> None:
    _typed(story, "apc", "apc")


def card_with_own_password(story: Story) -> None:
    _typed(story, "apc", OWN)


def _picture(story: Story, password: str) -> None:
    connection = story.connect(SECURITY, _CAMERA, 80)
    asked = say.http(f"GET /cgi-bin/snapshot.cgi?user=root&pwd={password} HTTP/1.1", f"Host: {_CAMERA}")
    connection.ask(asked, say.http("HTTP/1.1 200 OK", "Content-Type: application/octet-stream", body=b"\xff\xd8\xff\xd9"))
    connection.close()


def camera_with_factory_password(story: Story) -> None:
    _picture(story, "pass")


def camera_with_own_password(story: Story) -> None:
    _picture(story, OWN)


def _tries(story: Story, passwords: tuple[str, ...]) -> None:
    """At six cameras in a row, none of which accepts any."""
    for password in passwords:
        for last in range(20, 26):
            camera = f"10.24.5.{last}"
            said = b64encode(f"admin:{password}".encode()).decode()
            connection = story.connect(SECURITY, camera, 80)
            asked = say.http("GET / HTTP/1.1", f"Host: {camera}", f"Authorization: Basic {said}")
            connection.ask(asked, say.http("HTTP/1.1 401 Unauthorized", 'WWW-Authenticate: Basic realm="camera"'))
            connection.close()
        story.wait(20)


def passwords_sprayed(story: Story) -> None:
    _tries(story, (OWN, OWN[::-1], OWN[1:]))


def password_mistyped(story: Story) -> None:
    _tries(story, (OWN,))


LOGINS = (
    Act("ipmi-default", "cred.default.challenge", "success", server_with_factory_password, server_with_own_password),
    Act("ipmi-cipher-zero", "cred.default.cleartext", "success", server_without_proof, server_with_own_password),
    Act("scram-simple", "cred.default.challenge", "success", station_with_simple_password, station_with_own_password),
    Act("telnet-card", "cred.default.cleartext", "success", card_with_factory_password, card_with_own_password),
    Act("passwords-sprayed", "cred.bruteforce", "spray", passwords_sprayed, password_mistyped),
    Act("camera-query", "cred.default.cleartext", "unknown", camera_with_factory_password, camera_with_own_password),
)  # fmt: skip
