"""jobs/workers.py: a worker's end is known, whatever it was."""

import os
import signal
from pathlib import Path

import pytest

from otwatch.errors import CaptureError, ExchangeError, JobError
from otwatch.exchange import Inlet, Kind, Outlet
from otwatch.exchange.forms import Failure, reader, unpacked
from otwatch.jobs.workers import Work, Workers
from otwatch.words import phrase


def heard(work: Work) -> list[Kind]:
    """The kinds of frames that a worker writes; its failure is raised."""
    with Workers() as workers:
        inlet = Inlet(workers.start("jobs.listens", work))
        kinds = []
        with workers.heard():
            for kind in inlet:
                kinds.append(kind)
                if kind == Kind.FAILED:
                    workers.fail(unpacked(reader(Failure), inlet.body()))
    return kinds


def works(outlet: Outlet, source: Inlet | None) -> None:
    assert source is None
    outlet.put(Kind.FORGET)
    outlet.put(Kind.ENDING)


def meets_what_a_person_can_mend(_outlet: Outlet, _source: Inlet | None) -> None:
    raise CaptureError("capture.refused", path="a.pcap", why=phrase("broken.empty"))


def has_a_defect(_outlet: Outlet, _source: Inlet | None) -> None:
    raise ZeroDivisionError("the password is geheim")


def breaks_off(outlet: Outlet, _source: Inlet | None) -> None:
    outlet.put(Kind.FORGET)


def ends_itself(_outlet: Outlet, _source: Inlet | None) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_worker_that_works() -> None:
    assert heard(works) == [Kind.FORGET, Kind.ENDING]


def test_an_error_keeps_its_kind_and_text() -> None:
    with pytest.raises(CaptureError, match=r"^a\.pcap: an empty file; ") as told:
        heard(meets_what_a_person_can_mend)
    assert told.value.text("fr").startswith("a.pcap : fichier vide ; ")


def test_a_defect_is_told_by_its_place_and_not_by_its_text() -> None:
    with pytest.raises(JobError, match=r"^jobs: defect of otwatch: ZeroDivisionError at test_workers.py:\d+; --jobs 1 shows all of it$"):
        heard(has_a_defect)


def test_a_stream_without_an_end_is_an_error() -> None:
    with pytest.raises(ExchangeError, match="breaks off"):
        heard(breaks_off)


def test_what_ended_a_worker_is_told() -> None:
    with pytest.raises(JobError, match="the process that listens was ended by SIGKILL"):
        heard(ends_itself)


def test_nobody_is_waited_for_who_waits_for_us() -> None:
    """A worker that writes more than a pipe holds, and a command that has an error of its own meanwhile."""

    def goes_on(outlet: Outlet, _source: Inlet | None) -> None:
        while True:
            outlet.put(Kind.ITEMS, bytes(1 << 20))

    def fails() -> None:
        with Workers() as workers:
            workers.start("jobs.reads", goes_on)
            raise CaptureError("capture.none_in_folder", path="enough")

    with pytest.raises(CaptureError, match="enough"):
        fails()
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_no_descriptor_is_left_open() -> None:
    def held() -> list[str]:
        return [one.name for one in Path("/proc/self/fd").iterdir()]

    before = held()
    heard(works)
    assert held() == before
