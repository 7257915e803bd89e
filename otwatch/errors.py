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

The text of an OtwatchError reads *where: what is wrong; what would be right*.
Anything else that is raised is a defect of ours and keeps its traceback.
"""

from collections.abc import Mapping


class OtwatchError(Exception):
    """Something the operator can mend. `said` by language: English, and others where they were given."""

    def __init__(self, text: str, **others: str) -> None:
        super().__init__(text)
        self.said: Mapping[str, str] = {"en": text} | others


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

    def __init__(self, said: Mapping[str, str]) -> None:
        super().__init__(said["en"])
        self.said = said


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
