"""Passwords, communities and screens that are tried: refused, not answered, or only offered."""

from functools import partial
from hashlib import md5

from pcaps.acts import messages as say
from pcaps.acts.act import CAMERA, GTE, OFFICE, PLC, SECURITY, UPS, Act
from pcaps.acts.frames import Story, sender
from pcaps.acts.logins import OWN

_HMI, _REALM, _NONCE = "10.22.8.50", "AXIS_ACCC8E4F2A10", "6f7472617463682d"


def _hidden(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def _digest(password: str, story: Story) -> None:
    """A page of a camera (RFC 7616 without qop)."""
    proof = _hidden(f"{_hidden(f'root:{_REALM}:{password}')}:{_NONCE}:{_hidden('GET:/')}")
    said = f'Digest username="root", realm="{_REALM}", nonce="{_NONCE}", uri="/", response="{proof}"'
    asked = f'WWW-Authenticate: Digest realm="{_REALM}", nonce="{_NONCE}"'
    refused = say.http("HTTP/1.1 401 Unauthorized", "Server: Apache/2.2.22 (Unix)", asked)
    connection = story.connect(SECURITY, CAMERA, 80)
    connection.ask(say.http("GET / HTTP/1.1", f"Host: {CAMERA}"), refused)
    connection.ask(say.http("GET / HTTP/1.1", f"Host: {CAMERA}", f"Authorization: {said}"), refused)
    connection.close()


def _one_way(play: partial[None], client: str, story: Story) -> None:
    """Only what the client sends is seen."""
    heard = Story(story.now)
    play(heard)
    story.frames += [frame for frame in heard.frames if sender(frame) == client]


def _communities(names: int, story: Story) -> None:
    """Nobody answers a community that is wrong (RFC 3584 5.2.2)."""
    for number in range(names):
        story.ask(OFFICE, UPS, 161, say.snmp(say.GET, say.UPTIME, community=f"essai-{number}".encode(), number=number + 1))
        story.wait(5)


_CHALLENGE = bytes(range(16))
_KNOWN, _OTHER = bytes.fromhex("b866924125c8eebb9debc1db61c538e2"), bytes.fromhex("0f1e2d3c4b5a69788796a5b4c3d2e1f0")
"""What "password" makes of this challenge (RFC 6143 7.2.2; DES as VNC has it), and what no published one does."""
_REFUSED = b"\0\0\0\1\0\0\0\2no"
_NONE, _PASSWORD = b"\1", b"\2"


def _screen(proof: bytes, result: bytes, story: Story) -> None:
    """A panel that is looked at (RFC 6143 7.1)."""
    connection = story.connect(GTE, _HMI, 5900)
    connection.say(b"RFB 003.008\n", by_client=False)
    connection.say(b"RFB 003.008\n")
    connection.say(b"\1" + _PASSWORD, by_client=False)
    connection.ask(_PASSWORD, _CHALLENGE)
    connection.say(proof)
    if result:
        connection.say(result, by_client=False)
    connection.close()


def _offers(kinds: bytes, story: Story) -> None:
    """Nobody chooses any."""
    connection = story.connect(GTE, _HMI, 5900)
    connection.say(b"RFB 003.008\n", by_client=False)
    connection.say(b"RFB 003.008\n")
    connection.say(bytes((len(kinds),)) + kinds, by_client=False)
    connection.close()


def _sessions(times: int, story: Story) -> None:
    """SSH, in which nothing can be read: keys are exchanged, something is said, and it is over (RFC 4253 7, 8)."""
    for _ in range(times):
        connection = story.connect(OFFICE, PLC, 22)
        connection.ask(b"SSH-2.0-libssh_0.10.6\r\n", b"SSH-2.0-dropbear_2019.78\r\n")
        connection.ask(say.ssh(say.SSH_PROPOSES), say.ssh(say.SSH_PROPOSES))
        connection.ask(say.ssh(say.SSH_ASKS_KEY, 32), say.ssh(say.SSH_GIVES_KEY, 51, 32, 83), say.ssh(say.SSH_KEYS_NEW))
        connection.ask(say.ssh(say.SSH_KEYS_NEW) + b"\x5a" * 720, b"\xa5" * 60)
        connection.close()
        story.wait(2)


def _protected(password: str, story: Story) -> None:
    """The password of a controller (protocols.md 6): eight characters, each mixed with 55 and the one two places before."""
    mixed = bytearray()
    for at, letter in enumerate(password.encode().ljust(8)):
        mixed.append(letter ^ 0x55 ^ (mixed[at - 2] if at > 1 else 0))
    connection = story.connect(OFFICE, PLC, 102)
    for question, answer in zip(say.S7_COMPRESSES[:2], say.S7_COMPRESSED[:2], strict=True):
        connection.ask(question, answer)
    connection.ask(say.s7_userdata(5, 1, mixed.hex(), is_answer=False), say.s7_userdata(5, 1, "", is_answer=True))
    connection.close()


GUESSES = (
    Act("sessions-hurried", "cred.bruteforce", "hurried", partial(_sessions, 12), partial(_sessions, 3)),
    Act("digest-refused", "cred.default.challenge", "failure", partial(_digest, "pass"), partial(_digest, OWN)),
    Act("digest-unheard", "cred.default.challenge", "unknown", partial(_one_way, partial(_digest, "pass"), SECURITY),
        partial(_one_way, partial(_digest, OWN), SECURITY)),
    Act("communities-tried", "cred.snmp", "attempt", partial(_communities, 3), partial(_communities, 2)),
    Act("communities-guessed", "cred.snmp", "guessing", partial(_communities, 12), partial(_communities, 2)),
    Act("screen-refused", "cred.vnc", "failure", partial(_screen, _KNOWN, _REFUSED), partial(_screen, _OTHER, _REFUSED)),
    Act("screen-unheard", "cred.vnc", "unknown", partial(_screen, _KNOWN, b""), partial(_screen, _OTHER, b"")),
    Act("screen-offered", "cred.vnc", "offered", partial(_offers, _PASSWORD + _NONE), partial(_offers, _PASSWORD)),
    Act("controller-default", "cred.controller", "default", partial(_protected, ""), partial(_protected, "Rg2741xq")),
)
