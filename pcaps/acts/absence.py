"""What is not as before: errors, silence, other versions, work that was not done."""

from pcaps.acts import messages as say
from pcaps.acts.act import GTB_1, GTE, LEARNT, OTHER_PLC, PLC, THEATRE, TIME, Act
from pcaps.acts.frames import Connection, Story

_GENERATOR = "10.21.4.5"
_NINE_MINUTES = 540.0
"""Whoever is not heard for ten is not missed: nothing was."""


def _open(story: Story, *servers: str) -> dict[str, Connection]:
    return {server: story.connect(GTE, server, 502) for server in servers}


def _errors(story: Story, times: int) -> None:
    connection = story.connect(GTE, PLC, 502)
    for _ in range(60):
        connection.ask(say.READ, say.VALUES)
        story.wait(5)
    for _ in range(times):
        connection.ask(say.READ, say.modbus("83 04"))
        story.wait(5)


def many_errors(story: Story) -> None:
    _errors(story, 20)


def few_errors(story: Story) -> None:
    _errors(story, 4)


def _a_day(story: Story, stops: bool) -> None:
    """A controller is asked every nine minutes round the clock, and somebody else is heard as often."""
    connection = story.connect(GTE, PLC, 502)
    for at in range(190):
        if not (stops and at > 175):
            connection.ask(say.READ, say.VALUES)
        story.wait(_NINE_MINUTES)
        if at > 170:
            story.arp(OTHER_PLC)


def polling_stops(story: Story) -> None:
    _a_day(story, stops=True)


def polling_goes_on(story: Story) -> None:
    _a_day(story, stops=False)


def _clocks(story: Story, stops: bool) -> None:
    """Two controllers ask for the time every three hours, day and night; then one of them asks no more."""
    for at in range(17):
        if not (stops and at > 6):
            story.ask(PLC, TIME, 123, say.NTP_ASKED, say.NTP_GIVEN)
        story.ask(OTHER_PLC, TIME, 123, say.NTP_ASKED, say.NTP_GIVEN)
        for _ in range(20):
            story.wait(_NINE_MINUTES)
            story.arp(OTHER_PLC)


def time_is_lost(story: Story) -> None:
    _clocks(story, stops=True)


def time_is_given(story: Story) -> None:
    _clocks(story, stops=False)


def _announced(story: Story, firmware: str) -> None:
    """Firmware-revision of a BACnet device, as it is read."""
    asked = say.bacnet("0005 01 0c 0c020334b7 192c")
    text = firmware.encode()
    answer = say.bacnet(f"30 01 0c 0c020334b7 192c 3e 75{len(text) + 1:02x}00{text.hex()} 3f")
    story.ask(GTB_1, THEATRE, 47808, asked, answer, own=47808)
    story.wait(600)


def older_firmware(story: Story) -> None:
    for firmware in ("V6.00.141", "V6.00.141", "V5.00.020", "V5.00.020"):
        _announced(story, firmware)


def same_firmware(story: Story) -> None:
    for _ in range(4):
        _announced(story, "V6.00.141")


def _generator_run(story: Story) -> None:
    connection = story.connect(GTE, _GENERATOR, 502)
    connection.ask(say.wrote(100, 1), say.wrote(100, 1))
    connection.close()


def _two_days(story: Story, *runs: int) -> None:
    """Heard every nine minutes; the generator is run at these of them."""
    for at in range(300):
        if at in runs:
            _generator_run(story)
        story.wait(_NINE_MINUTES)
        story.arp("10.22.1.254")


def generator_forgotten(story: Story) -> None:
    _two_days(story, 5)


def generator_run(story: Story) -> None:
    _two_days(story, 5, 150, 290)


def _week(story: Story, stays: bool) -> None:
    """Two controllers are asked once on each of eight days, at other hours each; then for two hours one of them, or both."""
    for day in range(8):
        for server in (PLC, OTHER_PLC):
            connection = story.connect(GTE, server, 502)
            connection.ask(say.READ, say.VALUES)
            connection.close()
        story.wait(86_400 + 5_400 * (day % 5))
    servers = _open(story, PLC, OTHER_PLC) if stays else _open(story, OTHER_PLC)
    for _ in range(16):
        for connection in servers.values():
            connection.ask(say.READ, say.VALUES)
        story.wait(_NINE_MINUTES)


def controller_vanishes(story: Story) -> None:
    _week(story, stays=False)


def controllers_stay(story: Story) -> None:
    _week(story, stays=True)


ABSENCE = (
    Act("many-errors", "avail.exception.storm", "storm", many_errors, few_errors),
    Act("polling-stops", "avail.polling.stopped", "client_stopped", polling_stops, polling_goes_on),
    Act("time-lost", "integ.ntp.server", "absent", time_is_lost, time_is_given),
    Act("controller-vanishes", "avail.asset.silent", "silent", controller_vanishes, controllers_stay),
    Act("older-firmware", "inv.firmware.changed", "downgrade", older_firmware, same_firmware),
    Act("generator-forgotten", "avail.operation.missed", "missed", generator_forgotten, generator_run, site=LEARNT),
)
