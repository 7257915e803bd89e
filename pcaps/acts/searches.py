"""Who looks around: sweeps of units, of what devices hold."""

from pcaps.acts import messages as say
from pcaps.acts.act import OFFICE, SWITCHBOARD, Act
from pcaps.acts.frames import Story


def _asks_units(story: Story, units: int) -> None:
    connection = story.connect(OFFICE, SWITCHBOARD, 502)
    for unit in range(1, units + 1):
        connection.ask(say.modbus("01 0000 0001", unit, unit), say.modbus("81 0b" if unit > 2 else "01 01 00", unit, unit))
        story.wait(1)
    connection.close()


def many_units(story: Story) -> None:
    _asks_units(story, 12)


def few_units(story: Story) -> None:
    _asks_units(story, 4)


def _asks_contents(story: Story, devices: int) -> None:
    for device in range(devices):
        for at in range(1, 5):
            invoke = device * 4 + at
            question, answer = say.read_element(210103 + device, at, invoke), say.element(210103 + device, at, invoke)
            story.ask(OFFICE, f"10.22.1.{15 + device}", 47808, question, answer, own=47808)


def many_devices(story: Story) -> None:
    _asks_contents(story, 4)


def one_device(story: Story) -> None:
    _asks_contents(story, 1)


def _knocked_from_outside(story: Story, hosts: int) -> None:
    """One address of the Internet, a host every twenty minutes."""
    for at in range(hosts):
        story.knock("8.8.4.4", f"10.22.8.{60 + at}", 80, refused=at % 2 == 0)
        story.wait(1_200)


def searched_from_outside(story: Story) -> None:
    _knocked_from_outside(story, 9)


def strayed_from_outside(story: Story) -> None:
    _knocked_from_outside(story, 4)


SEARCHES = (
    Act("units-swept", "recon.modbus.unit_scan", "units", many_units, few_units),
    Act("contents-read", "recon.bacnet.enumeration", "enumeration", many_devices, one_device),
    Act("outside-search", "recon.net.sweep", "slow", searched_from_outside, strayed_from_outside),
)
