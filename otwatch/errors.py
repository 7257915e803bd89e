"""The errors otwatch raises, drawn as a tree.

    OtwatchError           for the operator; printed without a traceback, exit status 2
    ├── ConfigError        a site or settings file is wrong: file, line and what was expected
    ├── CaptureError       a capture cannot be opened, or is no capture at all
    ├── RecordError        the record cannot be opened, is no record, or is of a newer otwatch
    ├── DeclaredError      what a person declares or imports is wrong: file, line and what was expected
    ├── DecisionError      a decision about a finding cannot be kept or read, or is none that may be made
    ├── AdvisoryError      advisories cannot be imported or read
    ├── ExchangeError      what another process sends is torn, or is not what this otwatch reads
    └── JobError           a process that shares the work ended before its work did
    Malformed              bytes break their protocol; becomes an Anomaly, never leaves `dissectors/`

All of them but Malformed are Keyed: raised with a key of the catalogues (words/errors.*.toml) and what fills its places, as

    raise RecordError("record.missing", path=path)

and said in the reader's language where they are printed. The text reads *where: what is wrong; what would be right*; `str` gives it in
English. Anything else that is raised is a defect of ours and keeps its traceback.
"""

from typing import Self

from otwatch.words import LANGUAGES, Phrase, phrase


class Keyed(Exception):  # noqa: N818  # the base of whatever ends something, be it an error or not
    """An exception whose text stands in the catalogues."""

    def __init__(self, key: str, **given: object) -> None:
        super().__init__(key)
        self.phrases: tuple[Phrase, ...] = (phrase(key, **given),)

    @classmethod
    def saying(cls, *said: Phrase) -> Self:
        """One that says what was made before, by whoever collects faults or by another process: a phrase a line."""
        made = cls.__new__(cls, said[0].key)
        made.phrases = said
        return made

    def text(self, language: str) -> str:
        return "\n".join(said.text(language) for said in self.phrases)

    def __str__(self) -> str:
        return self.text(LANGUAGES[0])


class OtwatchError(Keyed):
    """Something the operator can mend."""


class ConfigError(OtwatchError):
    """A configuration file is wrong."""


class CaptureError(OtwatchError):
    """A capture cannot be read at all (a capture that breaks off later is not an error)."""


class RecordError(OtwatchError):
    """A record cannot be opened."""


class DeclaredError(OtwatchError):
    """A register, a list of points or the store of declared assets is wrong."""


class DecisionError(OtwatchError):
    """A decision about a finding is wrong, or the log of decisions cannot be read or written."""


class AdvisoryError(OtwatchError):
    """Advisories cannot be imported or read."""


class ExchangeError(OtwatchError):
    """A stream of the exchange format breaks off, or says what this otwatch does not read."""


class JobError(OtwatchError):
    """A process that shares the work of a command ended too early."""


class Malformed(Exception):  # noqa: N818  # the field's own word for it
    """The bytes at `offset` (from the start of the payload) break the protocol."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(f"{reason} at byte {offset}")
        self.reason = reason
        self.offset = offset

    def let_go(self) -> "Malformed":
        """The same without the frames it came through: one that holds it would be held by it, and with it all packets of its batch, until
        Python looks for cycles, which a sensor does once an hour."""
        error: BaseException | None = self
        while error is not None:
            error.__traceback__ = None
            error = error.__context__
        return self
