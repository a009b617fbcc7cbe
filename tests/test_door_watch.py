"""A door of any brand that stands open for too long is told of, and put on record."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant

from tests.other_integrations import set_helper, set_up_devices
from tests.practices import door_subentry, practice_entry, set_up
from tests.test_adopted_door import last, later
from tests.test_lockdown import choose
from tests.test_records import on_record


async def test_a_door_left_open_is_told_of_by_day_and_once_more_at_closing(
    hass: HomeAssistant, people: dict[str, User], freezer: FrozenDateTimeFactory
) -> None:
    await set_up_devices(hass)
    door = door_subentry("lock.bolt", contact="binary_sensor.contact")
    entry = practice_entry(people, door)
    await set_up(hass, entry)
    await choose(hass, people["doctor"], "open")
    await set_helper(hass, "contact", on=True)
    await later(hass, freezer, 299)
    assert last(hass) == ("opened", None)
    await later(hass, freezer, 2)
    assert last(hass) == ("held_open", None)
    await choose(hass, people["doctor"], "closed")
    await set_helper(hass, "contact", on=False)
    assert last(hass) == ("closed", None)
    assert [
        each.event
        for each in await on_record(entry)
        if each.event in ("opened", "held_open", "closed") and each.place
    ] == ["opened", "held_open", "held_open", "closed"]
