"""Processes that share the work of a command, and what becomes of them.

A worker is a copy of this process (fork), so nothing is imported twice. It is started before there are threads, holds no other descriptor
of the exchange than its own, and ends with its work, with an error that it tells, or with whoever should hear it: a pipe without a
reader ends it (SIGPIPE), and the end of its parent does (prctl). Ctrl-C is the parent's business, who ends them all.
"""

import ctypes
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from fcntl import F_SETPIPE_SZ, fcntl
from pathlib import Path
from traceback import extract_tb
from types import TracebackType
from typing import NamedTuple, NoReturn, Self

from otwatch import errors
from otwatch.errors import ExchangeError, JobError, OtwatchError
from otwatch.events.secret import PrivatePipe
from otwatch.exchange import Inlet, Kind, Outlet
from otwatch.exchange.forms import Failure, packed
from otwatch.words import phrase

ROOM = 1 << 20
"""Bytes a pipe holds (pipe(7): what a user may ask for); more that is ready waits where it was made."""
PATIENCE_S = 2.0
"""How long a worker may take to end by itself once something went wrong."""
_LOOK_S = 0.01
_PR_SET_PDEATHSIG = 1  # linux/prctl.h

Work = Callable[..., None]
"""What a worker does: writes an outlet, reads what the worker before it writes, if there is one."""


class _Worker(NamedTuple):
    """A process, and what it does in a message."""

    number: int
    does: str


class Workers:
    """The workers of one command. None is left behind the end of the context."""

    def __init__(self) -> None:
        self._alive: list[_Worker] = []
        self._ended: dict[str, int] = {}
        self._pipes: list[PrivatePipe] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for pipe in self._pipes:
            _close(pipe.reading)
        if kind is not None:
            self._end()
        for worker in self._alive:
            os.waitpid(worker.number, 0)

    def start(self, does: str, work: Work, source: PrivatePipe | None = None) -> PrivatePipe:
        """Start a worker that reads `source`; gives what it writes. JobError where the machine has no room for it."""
        pipe = PrivatePipe()
        with suppress(PermissionError):  # the user has too many large pipes: it works with a small one, too
            fcntl(pipe.writing, F_SETPIPE_SZ, ROOM)
        parent = os.getpid()
        try:
            number = os.fork()
        except OSError as error:
            raise JobError("jobs.no_process", reason=error) from error
        if not number:
            os.close(pipe.reading)
            _be_the_worker(work, pipe, source, parent)
        self._alive.append(_Worker(number, does))
        self._pipes.append(pipe)
        os.close(pipe.writing)
        if source is not None:
            self._pipes.remove(source)
            os.close(source.reading)
        return pipe

    @contextmanager
    def heard(self) -> Iterator[None]:
        """What the workers say is read inside: that a stream breaks off is told by what became of them."""
        try:
            yield
        except ExchangeError as torn:
            self._blame(torn)

    def fail(self, failure: Failure) -> NoReturn:
        """Raise what a worker said of its end."""
        kind = getattr(errors, failure.error, JobError)
        said = (kind if isinstance(kind, type) and issubclass(kind, OtwatchError) else JobError).saying(*failure.said)
        if isinstance(said, ExchangeError):
            self._blame(said)
        raise said

    def _blame(self, torn: ExchangeError) -> NoReturn:
        self._wait(PATIENCE_S)
        killed = [(os.WTERMSIG(status), does) for does, status in self._ended.items() if os.WIFSIGNALED(status)]
        if not killed:
            raise torn
        number, does = min(killed, key=lambda one: one[0] == signal.SIGPIPE)  # who wrote to him ends by that
        name = signal.Signals(number).name
        raise JobError("jobs.ended", does=phrase(does), signal=name) from torn

    def _end(self) -> None:
        self._wait(0)
        for worker in self._alive:
            os.kill(worker.number, signal.SIGKILL)

    def _wait(self, for_s: float) -> None:
        """Take leave of the workers that end by themselves in this time."""
        until_s = time.monotonic() + for_s
        while self._alive:
            for worker in tuple(self._alive):
                number, status = os.waitpid(worker.number, os.WNOHANG)
                if number:
                    self._alive.remove(worker)
                    self._ended[worker.does] = status
            if time.monotonic() >= until_s:
                return
            time.sleep(_LOOK_S)


def _be_the_worker(work: Work, pipe: PrivatePipe, source: PrivatePipe | None, parent: int) -> NoReturn:
    """Never returns, and leaves nothing to be done at the end of the process that this one was."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() == parent:
            outlet = Outlet(pipe)
            with _Told(outlet):
                work(outlet, None if source is None else Inlet(source))
    finally:
        os._exit(0)


class _Told:
    """Whatever ends the work is told to who waits for it: what the operator can mend in its words, a defect of ours by its place."""

    def __init__(self, outlet: Outlet) -> None:
        self._outlet = outlet

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            return
        if isinstance(error, OtwatchError):
            failure = Failure(kind.__name__, error.phrases)
        else:
            last = extract_tb(trace)[-1]
            where = f"{Path(last.filename).name}:{last.lineno}"
            failure = Failure(JobError.__name__, (phrase("jobs.defect", error=kind.__name__, where=where),))
        self._outlet.put(Kind.FAILED, packed(failure))


def _close(descriptor: int) -> None:
    with suppress(OSError):
        os.close(descriptor)
