"""The sensor: interfaces in, record out, for years.

    sense       everything put together                               sensing.py   the loop
    Hearing     frames -> wire half -> site half                      hearing.py   what carries on after a restart: site/memory.py
    Keeping     the record: what is written when                      keeping.py   Journal: what was told since, journal.py
    Writer      a copy of the process that writes                     writing.py
    counted     what an interface gave                                counting.py
    Unseen      what waits for the site half, weighed                 unseen.py
    hear_out    what is still done when it is told to stop            ending.py
    Sight       whether it still sees                                 sight.py
    trial       an interface heard for a while, for the doctor        trial.py
    silence     an interface that only listens, and its proof         silence.py, seccomp.py
    Seldom      what is told to the journal, and how often            seldom.py
    Notifier    what systemd wants to hear                            notify.py
    give_back   memory that is not used is the system's again         heap.py
"""

import os
from contextlib import ExitStack, suppress
from pathlib import Path

from otwatch.capture.listening import listen
from otwatch.capture.live import Listener
from otwatch.config import Site
from otwatch.config.sensor import Sensor
from otwatch.declared.baseline import default_path, load
from otwatch.errors import RecordError
from otwatch.record import Record, claim
from otwatch.record.upkeep import keep_journal
from otwatch.results import CaptureRow
from otwatch.sensor.heap import give_back
from otwatch.sensor.hearing import Hearing
from otwatch.sensor.journal import GapError
from otwatch.sensor.keeping import Keeping, write_added, write_whole
from otwatch.sensor.notify import Notifier
from otwatch.sensor.seccomp import forbid_sending
from otwatch.sensor.seldom import Say
from otwatch.sensor.sensing import Sensing
from otwatch.sensor.silence import SilenceError, addresses
from otwatch.sensor.writing import Writer
from otwatch.site import memory

__all__ = ["sense"]


def sense(settings: Sensor, site: Site | None, path: Path, say: Say, status_s: float) -> None:
    """Listen until a signal. OtwatchError where it cannot begin."""
    check_silent(settings)
    give_back()
    with ExitStack() as ending:
        claimed = claim(path)
        ending.callback(os.close, claimed)
        hearing = _carried_on(path, Hearing(site, load(default_path(path)), settings.site_name), say)
        keep_journal(claimed)
        found = _listening(settings, hearing, ending)
        forbid_sending([one.fileno() for one, _ in found])
        sensing = Sensing(hearing, [one for one, _ in found], say, status_s, settings.record_mib << 20)
        whole = Writer(lambda: write_whole(path, hearing, sensing.notes), settings.write_s)
        adding = Writer(lambda: write_added(path, hearing, sensing.notes), settings.write_s)
        keeping = Keeping(hearing, whole, adding, lambda: sensing.note(keeping.tally))
        notifier = Notifier()
        ending.callback(notifier.close)
        sensing.obey()
        for one, instead in found:
            say("sense.portable" if instead else "sense.ring", interface=one.name, size=settings.ring_mib, reason=instead)
        sensing.run(keeping, notifier)


def check_silent(settings: Sensor) -> None:
    """SilenceError for an interface that has an address, unless that is allowed."""
    for interface in settings.interfaces:
        found = addresses(interface)
        if found and not settings.allow_addressed:
            raise SilenceError("silence.addressed", interface=interface, addresses=", ".join(found))


def _carried_on(path: Path, hearing: Hearing, say: Say) -> Hearing:
    """The hearing that was stopped carries on; else it is new. What another otwatch has left and this one cannot use is kept beside.

    The record is only read: that it cannot be written now (no room, a lock) is no reason not to listen.
    """
    if not path.stat().st_size:
        with suppress(RecordError):  # an empty record, for those who read meanwhile
            Record.carry_on(path).close()
        return hearing
    with Record.open(path) as record:
        state, journal = record.state(), record.journal()
        if not (state or journal):
            if record.rows(CaptureRow):
                raise RecordError("record.of_a_replay", path=path)
            return hearing
        try:
            hearing.carry_on(state, record.rows(CaptureRow), record.notes(), journal)
        except memory.Strange as reason:
            say("sense.strange", reason=str(reason), kept=str(record.put_aside()))
        except GapError as reason:
            say("sense.gap", reason=str(reason))
        return hearing


def _listening(settings: Sensor, hearing: Hearing, ending: ExitStack) -> list[tuple[Listener, str]]:
    """All interfaces, listened to until the `ending`, and why not with a ring."""
    found: list[tuple[Listener, str]] = []
    for interface in settings.interfaces:
        one, instead = listen(interface, settings.capture, settings.ring_mib << 20, hearing.number(interface))
        ending.callback(one.close)
        found.append((one, instead))
    return found
