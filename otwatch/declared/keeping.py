"""What a person said, as JSON beside the record: every such file is read and written alike, whatever it holds."""

from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import msgspec

from otwatch.errors import DeclaredError
from otwatch.files import put
from otwatch.words import phrase


class Formed(Protocol):
    """Says in which form it was written, so that another otwatch does not take it for something else."""

    @property
    def form(self) -> int: ...


Kept = TypeVar("Kept", bound=Formed)


@dataclass(frozen=True, slots=True)
class Store(Generic[Kept]):
    """One sort of file. `called`: key of its name; `writer`: the command that writes one; `again`: key of what to do with another form."""

    holds: type[Kept]
    form: int
    called: str
    writer: str
    again: str
    option: str

    def load(self, path: Path) -> Kept | None:
        """What it holds, None where no file is there; DeclaredError where it is no such file."""
        try:
            found = msgspec.json.decode(path.read_bytes(), type=self.holds)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise DeclaredError("declared.unreadable_at", path=path, reason=error, option=self.option) from error
        except (msgspec.MsgspecError, UnicodeError) as error:
            raise DeclaredError("declared.no_store", path=path, store=phrase(self.called), reason=error, command=self.writer) from error
        if found.form != self.form:
            raise DeclaredError("declared.other_form", path=path, form=found.form, known=self.form, again=phrase(self.again))
        return found

    def save(self, path: Path, kept: Kept) -> None:
        """Put it in the place of what was kept before; DeclaredError where it cannot be written."""
        try:
            put(path, msgspec.json.format(msgspec.json.encode(kept), indent=1))
        except OSError as error:
            raise DeclaredError("declared.unwritable_at", path=path, reason=error, option=self.option) from error
