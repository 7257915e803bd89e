"""FTP control connection (RFC 959, RFC 2228, RFC 3659; domain/protocols.md 11, detections.md B.4).

A message is one line. A reply of several lines ("220-" ... "220 ") is said by its last one, and `Talk` remembers what it began
with; it also remembers the user between USER and PASS, and the commands that still wait for their replies, so that a
greeting or a time-out, which nobody asked for, answers nothing. After AUTH TLS (reply 234) all is encrypted and passed over.

Arguments are text only where they cannot be a secret: file names and the mechanism of AUTH. Servers repeat
what they do not understand ("500 'PASS x': command not understood"), so such replies are said in the words of RFC 959.
"""

from collections import deque
from collections.abc import Iterator
from re import Pattern
from re import compile as pattern

from otwatch.dissectors.base import Dissector
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import UNNAMED, Announced, Answer, Credential, Details, Event, Identity, Point, Request, Secret, Verb, clean

LINE_LIMIT = 4096
"""Bytes of a line: twice the longest path of common systems; servers refuse more than 512 to 4 096."""

PIPELINE = 256
"""Commands that wait for replies; where there are more, the replies are not being captured."""

COMMANDS = {
    # RFC 959 section 4.1
    "USER": Verb.AUTH, "PASS": Verb.AUTH, "ACCT": Verb.AUTH,
    "STOR": Verb.FILE, "STOU": Verb.FILE, "APPE": Verb.FILE, "DELE": Verb.FILE, "RNFR": Verb.FILE, "RNTO": Verb.FILE,
    "MKD": Verb.FILE, "XMKD": Verb.FILE, "RMD": Verb.FILE, "XRMD": Verb.FILE, "SITE": Verb.FILE,
    "RETR": Verb.READ, "LIST": Verb.READ, "NLST": Verb.READ, "STAT": Verb.READ,
    "CWD": Verb.SESSION, "XCWD": Verb.SESSION, "CDUP": Verb.SESSION, "XCUP": Verb.SESSION, "PWD": Verb.SESSION, "XPWD": Verb.SESSION,
    "SMNT": Verb.SESSION, "QUIT": Verb.SESSION, "REIN": Verb.SESSION, "PORT": Verb.SESSION, "PASV": Verb.SESSION, "TYPE": Verb.SESSION,
    "STRU": Verb.SESSION, "MODE": Verb.SESSION, "ALLO": Verb.SESSION, "REST": Verb.SESSION, "ABOR": Verb.SESSION, "SYST": Verb.SESSION,
    "HELP": Verb.SESSION, "NOOP": Verb.SESSION,
    # RFC 2228 section 3
    "AUTH": Verb.AUTH, "ADAT": Verb.AUTH, "PBSZ": Verb.SESSION, "PROT": Verb.SESSION, "CCC": Verb.SESSION, "MIC": Verb.SESSION,
    "CONF": Verb.SESSION, "ENC": Verb.SESSION,
    # RFC 2389, RFC 2428, RFC 2640, RFC 3659, RFC 7151; MFMT and CLNT are drafts in wide use
    "FEAT": Verb.SESSION, "OPTS": Verb.SESSION, "EPRT": Verb.SESSION, "EPSV": Verb.SESSION, "LANG": Verb.SESSION, "HOST": Verb.SESSION,
    "SIZE": Verb.READ, "MDTM": Verb.READ, "MLST": Verb.READ, "MLSD": Verb.READ, "MFMT": Verb.FILE, "CLNT": Verb.SESSION,
}  # fmt: skip
"""Commands and what they do; the code of a command is its place here, of any other the place behind the last."""

PHRASES = {
    "332": "Need account for login", "421": "Service not available", "500": "Syntax error, command unrecognized",
    "501": "Syntax error in parameters or arguments", "502": "Command not implemented", "503": "Bad sequence of commands",
    "504": "Command not implemented for that parameter", "530": "Not logged in", "532": "Need account for storing files",
}  # fmt: skip
"""RFC 959 section 4.2.1."""

UNKNOWN = "unknown command"
"""Said of a command that is not in the table: what was typed may be a password."""

_CODES = {name: code for code, name in enumerate(COMMANDS)}
_FILES = frozenset({
    "STOR", "APPE", "DELE", "RNFR", "RNTO", "MKD", "XMKD", "RMD", "XRMD", "RETR", "LIST", "NLST", "SIZE", "MDTM", "MLST", "MLSD",
})  # fmt: skip
_SECRETIVE = frozenset({"PASS", "ACCT", "ADAT", "SITE"})
"""Commands whose refusal may repeat a secret."""
_OF_OTHERS = {"215": "SYST", "221": "QUIT", "227": "PASV", "229": "EPSV", "331": "USER"}
"""Replies of one command alone (RFC 959 section 5.4). Where PASS seems to have one, its own was not captured, or USER was not."""
_OURS_ALONE = pattern(rb"SYST|PASV|EPSV|PWD|FEAT|TYPE [AI]|AUTH (?:TLS|SSL)|PORT [0-9,]{11,23}|220[ -].*FTP.*")
_INITIALS = frozenset(bytes((letter,)) for letter in b"SPEFTA2spefta")
"""First bytes of what is ours alone: other protocols are turned away by one byte."""
_WORD = pattern(rb"[A-Za-z]{3,4}")
_REPLY = pattern(rb"([1-6][0-9]{2})([ -]|$)")
_SOFTWARE = pattern(r"(?i)\b([a-z-]+ftp[a-z-]*|vxworks|filezilla)(?: server)?[ /(v]{1,4}(?:version )?([0-9][\w.]*)")
_SIX = pattern(r"(?:[0-9]{1,3},){4}([0-9]{1,3}),([0-9]{1,3})")
_EXTENDED = pattern(r"\|[12]?\|[0-9A-Fa-f.:]*\|([0-9]{1,5})\|")
_WHERE = {"PORT": _SIX, "227": _SIX, "EPRT": _EXTENDED, "229": _EXTENDED}
"""What says where the data will be, by command and reply."""
_TELNET = bytes(range(0xF0, 0x100))


class Talk:
    """The memory of one control connection.

    asked     commands that wait for their last reply, UNKNOWN for one that is not in the table
    open      code of a reply whose last line is not here yet, "" for none
    opening   the first line of it that says something
    hidden    encrypted from here on
    """

    __slots__ = ("asked", "hidden", "open", "opening", "user")

    def __init__(self) -> None:
        self.asked: deque[str] = deque()
        self.user = self.open = self.opening = ""
        self.hidden = False

    def ask(self, command: str) -> None:
        if len(self.asked) == PIPELINE:
            self.asked.clear()
        self.asked.append(command)

    def hear(self, text: str) -> None:
        """Keep the first line of a reply that holds a letter."""
        if not self.opening and any(letter.isalpha() for letter in text):
            self.opening = text

    def end(self, text: str) -> str:
        """End a reply: its first line that says something."""
        self.hear(text)
        said, self.open, self.opening = self.opening or text, "", ""
        return said


def looks_like(read: Reader, hinted: bool) -> bool:
    """A greeting or command. SMTP greets with 220 too, POP3 logs in with USER, a file may begin with any word: elsewhere
    than on port 21 only a whole line that is FTP's alone."""
    if not hinted and read.peek() not in _INITIALS:
        return False
    line, ended, _ = read.peek(512).upper().partition(b"\n")
    line = line.rstrip(b"\r")
    if hinted:
        return b"SMTP" not in line and (_command(line) in COMMANDS or _REPLY.match(line) is not None)
    return bool(ended) and _OURS_ALONE.fullmatch(line) is not None


def cut(read: Reader) -> Reader | None:
    """A line with its end."""
    at = read.at
    if read.line(LINE_LIMIT) is None:
        return None
    size, read.at = read.at - at, at
    return read.part(size)


def cut_in(read: Reader, _is_request: bool | None, session: object) -> Reader | None:
    """A line; all that is here once it is encrypted."""
    assert isinstance(session, Talk)
    return read.part(read.left) if session.hidden else cut(read)


def decode_in(read: Reader, is_request: bool | None, session: object) -> Iterator[Event]:
    """What one line says in its place. No command begins with a digit, so the line tells who speaks."""
    assert isinstance(session, Talk)
    if session.hidden:
        return
    at = read.at
    line = read.line(LINE_LIMIT) or b""
    reply = _REPLY.match(line)
    if reply and reply[2] != b"-" and session.open in {"", reply[1].decode()}:
        yield from _reply(reply[1].decode(), session.end(clean(line[4:])), session)
    elif session.open and is_request is not True:
        session.hear(clean(line[4:] if reply else line))
    elif reply:
        session.open = reply[1].decode()
        session.hear(clean(line[4:]))
    elif is_request is False and _command(line) not in COMMANDS:
        raise Malformed("reply without a code", at)
    elif line and not _command(line) and not line.decode("latin-1").isprintable():
        raise Malformed("command is no text", at)
    elif line:
        yield from _request(line, session)


def _command(line: bytes) -> str:
    """The command of a line in upper case; "" for what is none. Telnet's Interrupt and Synch before ABOR are cut (RFC 959 4.1.3)."""
    word = line.lstrip(_TELNET).partition(b" ")[0]
    return word.decode().upper() if _WORD.fullmatch(word) else ""


def _request(line: bytes, talk: Talk) -> Iterator[Event]:
    command = _command(line)
    argument = line.lstrip(_TELNET).partition(b" ")[2]
    known = command in COMMANDS
    talk.ask(command if known else UNKNOWN)
    if command in {"USER", "REIN"}:
        talk.user = clean(argument)
    yield Request(
        "ftp", COMMANDS.get(command, Verb.OTHER), command or "unknown command", _CODES.get(command, len(COMMANDS)),
        points=(Point("file", name=clean(argument)),) if command in _FILES and argument else (),
        details=_details(command, argument, talk.user),
    )  # fmt: skip
    yield from _announced(_WHERE.get(command), clean(argument), asker=True)
    if command == "PASS":
        yield Credential("ftp", talk.user, Secret(argument))


def _details(command: str, argument: bytes, user: str) -> Details:
    """Of SITE only the first word: `SITE PSWD` and its like carry passwords."""
    match command:
        case "USER" | "PASS":
            return (("user", user),) if user else ()
        case "AUTH":
            return (("mechanism", clean(argument.upper())),)
        case "SITE":
            return (("site", clean(argument.upper().partition(b" ")[0])),)
    return ()


def _reply(code: str, text: str, talk: Talk) -> Iterator[Event]:
    final = code[0] != "1"
    if _unasked(code, talk):
        yield from _greeting(text) if code == "220" else ()
        return
    command = _answered(code, final, talk)
    if code == "215" and command in {"SYST", None}:
        yield Identity("ftp", (), (("os", text),))
    if code == "234" and final:
        talk.hidden = True
    yield from _announced(_WHERE.get(code), text, asker=False)
    failed = code[0] in "45"
    words = text if command in COMMANDS and command not in _SECRETIVE else PHRASES.get(code, "")
    yield Answer(
        "ftp", command or "FTP reply", _code(command), final=final, details=(("status", code),),
        error=(words or f"reply {code}") if failed else "", error_code=code if failed else "",
    )  # fmt: skip


def _answered(code: str, final: bool, talk: Talk) -> str | None:
    """The command that a reply answers; None where it was not captured."""
    if code in _OF_OTHERS and talk.asked and talk.asked[0] == "PASS":
        talk.asked.popleft()
    if not talk.asked:
        return _OF_OTHERS.get(code)
    return talk.asked.popleft() if final else talk.asked[0]


def _announced(where: Pattern[str] | None, text: str, asker: bool) -> Iterator[Announced]:
    """Where the data connection will be (RFC 959 4.1.2, RFC 2428). The address is not believed: it is that of who says it, or a trick."""
    found = where.search(text) if where is not None else None
    if found is None:
        return
    numbers = [int(number) for number in found.groups()]
    port = numbers[0] * 256 + numbers[1] if len(numbers) > 1 else numbers[0]
    if max(numbers[:-1], default=0) < 256 and 0 < port < 0x10000:
        yield Announced("ftp", "ftp-data", "tcp", (port,), asker)


def _code(command: str | None) -> int:
    return UNNAMED if command is None else _CODES.get(command, len(COMMANDS))


def _unasked(code: str, talk: Talk) -> bool:
    """Whether a reply is a greeting, a time-out while nothing was asked (RFC 959 section 5.4), or not what was asked."""
    if code in _OF_OTHERS and list(talk.asked) == ["PASS"]:
        return True
    if code in {"120", "220"}:
        return not talk.asked or talk.asked[0] not in {"REIN", "HOST"}
    return code == "421" and not talk.asked


def _greeting(text: str) -> Iterator[Identity]:
    software = _SOFTWARE.search(text)
    named = (("software", f"{software[1]} {software[2]}"),) if software else ()
    if text:
        yield Identity("ftp", (), (("description", text), *named))


FTP = Dissector(
    name="ftp",
    title="FTP",
    transports=frozenset({"tcp"}),
    ports=frozenset({21}),
    looks_like=looks_like,
    session=Talk,
    cut_in=cut_in,
    decode_in=decode_in,
    ordered=True,
)
