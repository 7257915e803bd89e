"""Values: set or told beyond the limits that are declared for them, commands that nobody releases, and alarms muted before a write."""

from pcaps.acts import messages as say
from pcaps.acts.act import GTB_1, GTB_2, GTE, THEATRE, VALMONT, Act, be_learnt
from pcaps.acts.frames import Story

_BOILER = "10.23.1.20"
"""Holding register 100 is the hot water that leaves it, in tenths of a degree: 55 °C and more (ecs_depart of the example site)."""
_COLD, _HOT = 480, 602
_MANUAL, _LOWEST = 8, 16


def _set_to(story: Story, tenths: int) -> None:
    connection = story.connect(GTE, _BOILER, 502)
    connection.ask(say.wrote(100, tenths), say.wrote(100, tenths))
    connection.close()


def water_set_cold(story: Story) -> None:
    _set_to(story, _COLD)


def water_set_hot(story: Story) -> None:
    _set_to(story, _HOT)


def _told(story: Story, tenths: int) -> None:
    connection = story.connect(GTE, _BOILER, 502)
    for at in range(6):
        connection.ask(say.modbus("03 0064 0001", number=at), say.modbus(f"03 02 {tenths:04x}", number=at))
        story.wait(60)
    connection.close()


def water_is_cold(story: Story) -> None:
    _told(story, _COLD)


def water_is_hot(story: Story) -> None:
    _told(story, _HOT)


def _commanded(story: Story, value: str, priority: int) -> None:
    story.ask(GTB_1, THEATRE, 47808, say.write_property(2, 1, value, priority), say.done(), own=47808)


def _by_hand(story: Story, *, released: bool) -> None:
    """Supervision commands, somebody overrides it by hand, and releases that an hour later or never; two days pass."""
    _commanded(story, "4441a80000", _LOWEST)
    _commanded(story, "4441c00000", _MANUAL)
    story.wait(3_600)
    if released:
        _commanded(story, "00", _MANUAL)
    be_learnt(story, days=1)


def command_left(story: Story) -> None:
    _by_hand(story, released=False)


def command_released(story: Story) -> None:
    _by_hand(story, released=True)


def _then_written(story: Story) -> None:
    story.wait(60)
    story.ask(GTB_2, THEATRE, 47808, say.write_property(2, 1, "4441a80000", _MANUAL), say.done(), own=47808)


def muted_then_written(story: Story) -> None:
    story.ask(GTB_2, THEATRE, 47808, say.bacnet("0005 01 11 1901"), say.bacnet("20 01 11"), own=47808)
    _then_written(story)


def only_written(story: Story) -> None:
    _then_written(story)


VALUES = (
    Act("water-set-cold", "write.out_of_limits", "success", water_set_cold, water_set_hot, site=VALMONT),
    Act("water-is-cold", "process.out_of_limits", "outside", water_is_cold, water_is_hot, site=VALMONT),
    Act("command-left", "bacnet.override.left", "held", command_left, command_released, site=VALMONT),
    Act("muted-then-written", "bacnet.write.unexpected", "success", muted_then_written, only_written, site=VALMONT,
        chain="blind_then_act"),
)  # fmt: skip
