"""What an act is: two small captures, one that raises a detection and one that is as like it as can be and must not."""

from collections.abc import Callable
from typing import NamedTuple

from pcaps.acts import messages as say
from pcaps.acts.frames import Story

Play = Callable[[Story], None]


class Act(NamedTuple):
    """`name` of the file; `variant` of the detection that the first play raises, or what it is told beside; `site`: the site file that
    makes it one, below the folder of the project; `chain`: whose last step the finding is, and in the second play is not."""

    name: str
    detection: str
    variant: str
    raises: Play
    quiet: Play
    site: str = ""
    beside: bool = False
    chain: str = ""


OFFICE, GTB_1, GTB_2, GTE, ENGINEERING = "10.10.5.20", "10.20.1.10", "10.20.1.11", "10.20.1.12", "10.20.3.5"
SECURITY, TIME, SWITCHBOARD, UPS = "10.20.2.50", "10.20.4.10", "10.21.2.10", "10.21.4.40"
THEATRE, PLC, OTHER_PLC, CAMERA = "10.22.1.15", "10.22.8.20", "10.22.8.21", "10.24.5.9"
"""Hosts of the example site (configs/site.yaml)."""
EVERYBODY = "255.255.255.255"
VALMONT, LEARNT = "configs/site.yaml", "pcaps/acts/learnt.yaml"
_HOUR = 3_600.0


def be_learnt(story: Story, days: float = 0.0) -> None:
    """The day in which the site is learnt, heard every hour, and some days more."""
    for _ in range(26):
        story.wait(_HOUR - 60)
        story.arp("10.22.1.254")
    story.wait(days * 24 * _HOUR)
    story.arp("10.22.1.254")


def set_while_learnt(story: Story, times: int, then: tuple[int, int]) -> None:
    """Register 4000 is set to 18 to 22, so many times, while the site is learnt; a day later that one or another, to a value."""
    connection = story.connect(GTE, PLC, 502)
    for at in range(times):
        connection.ask(say.READ, say.VALUES)
        connection.ask(say.wrote(4000, 18 + at % 5, at), say.wrote(4000, 18 + at % 5, at))
        story.wait(300)
    connection.close()
    be_learnt(story)
    writes(GTE, PLC, story, *then)


def writes(client: str, server: str, story: Story, register: int = 4000, value: int = 21) -> None:
    """Over a connection of its own."""
    connection = story.connect(client, server, 502)
    connection.ask(say.wrote(register, value), say.wrote(register, value))
    connection.close()
