"""The alarm in Home Assistant: sensors, the panel, what automations are told."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.cabinet_secure.announcements import (
    SIGNAL_ANNOUNCEMENT,
    Announcement,
    intrusion_payload,
)
from custom_components.cabinet_secure.practice.intrusion.effects import (
    AnnounceIntrusion,
)
from custom_components.cabinet_secure.register.model import EntryType
from tests.practices import context_of, demo_subentry, practice_entry, set_up
from tests.test_records import on_record

PANEL = "alarm_control_panel.cabinet_alarm"
DOOR, HALL, WINDOW, ROOM, STORE = (
    f"binary_sensor.{name}" for name in ("way_in", "hall", "window", "room", "store")
)
CLASSES = {
    DOOR: "door",
    HALL: "motion",
    WINDOW: "window",
    ROOM: "motion",
    STORE: "opening",
}
SENSORS = {
    "alarm_entry": [DOOR],
    "alarm_route": [HALL],
    "alarm_perimeter": [WINDOW],
    "alarm_interior": [ROOM],
    "alarm_always": [STORE],
    "alarm_bypassable": [WINDOW],
}


@dataclass
class Alarm:
    """A practice with an alarm whose sensors are states that a test sets."""

    hass: HomeAssistant
    entry: MockConfigEntry
    people: dict[str, User]
    freezer: FrozenDateTimeFactory
    told: list[dict[str, Any]]

    async def sense(self, sensor: str, state: str) -> None:
        """Have a sensor tell something."""
        self.hass.states.async_set(sensor, state, {"device_class": CLASSES[sensor]})
        await self.hass.async_block_till_done()

    async def call(
        self,
        service: str,
        user: str | None = "doctor",
        domain: str = "alarm_control_panel",
        **data: Any,
    ) -> None:
        """Ask the panel for something, as a person or as an automation."""
        await self.hass.services.async_call(
            domain,
            service,
            {"entity_id": PANEL, **data},
            blocking=True,
            context=context_of(self.people[user]) if user else None,
        )

    async def leave(self) -> None:
        """Arm everything."""
        await self.call("alarm_arm_away")
        await self.wait(60)
        assert self.state == "armed_away"

    async def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.freezer.tick(timedelta(seconds=seconds))
        async_fire_time_changed(self.hass)
        await self.hass.async_block_till_done()

    async def restart(self, **states: str) -> None:
        """Have the practice stop, sensors change, and the practice start again."""
        await self.hass.config_entries.async_unload(self.entry.entry_id)
        for sensor, state in states.items():
            self.hass.states.async_set(f"binary_sensor.{sensor}", state)
        await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.hass.async_block_till_done()

    @property
    def state(self) -> str:
        """Return what the panel shows."""
        state = self.hass.states.get(PANEL)
        assert state is not None
        return state.state

    def attribute(self, name: str) -> Any:
        """Return an attribute of the panel."""
        state = self.hass.states.get(PANEL)
        assert state is not None
        return state.attributes[name]

    @property
    def events(self) -> list[str]:
        """Return what was announced since this was asked last."""
        events = [each["event"] for each in self.told]
        self.told.clear()
        return events


@pytest.fixture
async def alarm(
    hass: HomeAssistant, people: dict[str, User], freezer: FrozenDateTimeFactory
) -> AsyncGenerator[Alarm]:
    """Return a practice whose alarm is disarmed, and where nothing is open."""
    for sensor, device_class in CLASSES.items():
        hass.states.async_set(sensor, "off", {"device_class": device_class})
    entry = practice_entry(people, demo_subentry(), **SENSORS)
    await set_up(hass, entry)
    told: list[dict[str, Any]] = []

    @callback
    def announced(announcement: Announcement) -> None:
        if isinstance(announcement.effect, AnnounceIntrusion):
            told.append(
                intrusion_payload(announcement.coordinator, announcement.effect)
            )

    entry.async_on_unload(
        async_dispatcher_connect(hass, SIGNAL_ANNOUNCEMENT, announced)
    )
    yield Alarm(hass, entry, people, freezer, told)
    await hass.config_entries.async_unload(entry.entry_id)


async def test_it_is_armed_and_disarmed_by_people_who_may(alarm: Alarm) -> None:
    assert alarm.state == "disarmed"
    assert alarm.attribute("code_format") is None
    await alarm.call("alarm_arm_away", "manager")
    assert alarm.state == "arming"
    assert alarm.attribute("until") is not None
    await alarm.wait(60)
    assert alarm.state == "armed_away"
    assert alarm.attribute("changed_by") == "manager"
    with pytest.raises(ServiceValidationError, match="not among the people"):
        await alarm.call("alarm_disarm", "cleaner")
    with pytest.raises(ServiceValidationError, match="not among the people"):
        await alarm.call("alarm_disarm", None)
    await alarm.call("alarm_disarm")
    assert alarm.state == "disarmed"
    assert alarm.attribute("changed_by") == "doctor"
    assert alarm.events == ["armed", "disarmed"]


async def test_the_way_in_waits_and_a_window_does_not(alarm: Alarm) -> None:
    await alarm.leave()
    await alarm.sense(DOOR, "on")
    assert alarm.state == "pending"
    await alarm.sense(HALL, "on")
    await alarm.wait(30)
    assert alarm.state == "triggered"
    assert alarm.attribute("tripped_sensors") == [DOOR, HALL]
    *_, triggered = alarm.told
    assert triggered["event"] == "triggered"
    assert triggered["sensors"] == [DOOR, HALL]
    assert triggered["sensor_names"] == ["way in", "hall"]
    assert triggered["alarm_entity"] == PANEL
    assert triggered["from_phase"] == "pending"
    assert triggered["audible"] is True
    await alarm.wait(180)
    assert alarm.state == "armed_away"
    await alarm.sense(WINDOW, "on")
    assert alarm.state == "triggered"


async def test_an_open_window_is_named_and_may_be_left_out(alarm: Alarm) -> None:
    await alarm.sense(WINDOW, "on")
    await alarm.sense(ROOM, "on")
    assert alarm.attribute("open_sensors") == [WINDOW]
    with pytest.raises(ServiceValidationError, match=r": window$"):
        await alarm.call("alarm_arm_away")
    (refused,) = alarm.told
    assert refused["event"] == "arm_refused"
    assert refused["reason"] == "not_closed"
    assert refused["sensor_names"] == ["window"]
    await alarm.call("alarm_arm_custom_bypass")
    await alarm.wait(60)
    assert alarm.state == "armed_custom_bypass"
    assert alarm.attribute("bypassed_sensors") == [WINDOW]


async def test_a_door_that_is_kept_unlocked_is_named(alarm: Alarm) -> None:
    await alarm.call("unlock", domain="lock", entity_id="lock.demo")
    with pytest.raises(ServiceValidationError, match=r": Démo$"):
        await alarm.call("alarm_arm_away")
    assert alarm.told[0]["door_names"] == ["Démo"]


async def test_the_perimeter_is_guarded_with_staff_inside(alarm: Alarm) -> None:
    await alarm.sense(WINDOW, "on")
    await alarm.call("arm_alarm", domain="cabinet_secure", mode="home", bypass=True)
    assert alarm.state == "armed_home"
    await alarm.sense(ROOM, "on")
    assert alarm.state == "armed_home"
    await alarm.call("arm_alarm", domain="cabinet_secure", mode="away", bypass=True)
    assert alarm.state == "arming"


async def test_an_automation_reports_an_intrusion(alarm: Alarm) -> None:
    await alarm.call("alarm_trigger", None)
    assert alarm.state == "triggered"
    await alarm.wait(180)
    assert alarm.state == "disarmed"


async def test_what_was_left_open_while_nothing_ran_counts(alarm: Alarm) -> None:
    await alarm.leave()
    await alarm.restart(window="on")
    assert alarm.state == "triggered"


async def test_a_restart_goes_on_with_the_entry_delay(alarm: Alarm) -> None:
    await alarm.leave()
    await alarm.sense(DOOR, "on")
    alarm.freezer.tick(timedelta(seconds=20))
    await alarm.restart()
    assert alarm.state == "pending"
    await alarm.wait(10)
    assert alarm.state == "triggered"


async def test_a_sensor_that_tells_nothing_is_a_fault(alarm: Alarm) -> None:
    fault = "binary_sensor.cabinet_fault"
    await alarm.sense(WINDOW, "unavailable")
    assert alarm.hass.states.is_state(fault, "off")
    with pytest.raises(ServiceValidationError, match=r": window$"):
        await alarm.call("alarm_arm_away")
    alarm.told.clear()
    await alarm.wait(120)
    assert alarm.events == ["sensor_lost"]
    state = alarm.hass.states.get(fault)
    assert state is not None
    assert state.state == "on"
    assert state.attributes["faults"] == [{"equipment": "window", "fault": "lost"}]
    await alarm.sense(WINDOW, "off")
    assert alarm.events == ["sensor_restored"]
    assert alarm.hass.states.is_state(fault, "off")


async def test_a_sensor_that_is_removed_tells_nothing(alarm: Alarm) -> None:
    alarm.hass.states.async_remove(WINDOW)
    await alarm.wait(120)
    assert alarm.events == ["sensor_lost"]
    assert alarm.told == []


async def test_other_changes_of_a_sensor_say_nothing(alarm: Alarm) -> None:
    await alarm.leave()
    alarm.hass.states.async_set(WINDOW, "off", {"battery": 90})
    await alarm.hass.async_block_till_done()
    assert alarm.state == "armed_away"


async def test_sensors_may_be_renamed_and_know_their_class(
    hass: HomeAssistant, people: dict[str, User], freezer: FrozenDateTimeFactory
) -> None:
    registry = er.async_get(hass)
    entries = [
        registry.async_get_or_create(
            "binary_sensor",
            "test",
            name,
            suggested_object_id=name,
            original_device_class=device_class,
        )
        for name, device_class in (("yard", "motion"), ("pane", "window"))
    ]
    for each in entries:
        hass.states.async_set(each.entity_id, "off")
    entry = practice_entry(
        people, alarm_perimeter=[each.id for each in entries], alarm_exit_delay=0
    )
    await set_up(hass, entry)
    alarm = Alarm(hass, entry, people, freezer, [])
    hass.states.async_set("binary_sensor.yard", "on")
    registry.async_update_entity(
        "binary_sensor.pane", new_entity_id="binary_sensor.shop_window"
    )
    hass.states.async_remove("binary_sensor.pane")
    hass.states.async_set("binary_sensor.shop_window", "off")
    await hass.async_block_till_done()
    # A movement is not in the way of arming.
    await alarm.call("alarm_arm_away")
    assert alarm.state == "armed_away"
    registry.async_update_entity("binary_sensor.shop_window", name="Pane")
    hass.states.async_set("binary_sensor.shop_window", "on")
    await hass.async_block_till_done()
    assert alarm.state == "triggered"
    assert alarm.attribute("tripped_sensors") == ["binary_sensor.shop_window"]
    registry.async_remove("binary_sensor.shop_window")
    await alarm.restart()
    assert alarm.attribute("tripped_sensors") == [entries[1].id]
    assert entry.runtime_data.name_of(entries[1].id) == entries[1].id
    await hass.config_entries.async_unload(entry.entry_id)


async def test_the_contact_of_a_door_of_this_practice_may_serve(
    hass: HomeAssistant, people: dict[str, User], freezer: FrozenDateTimeFactory
) -> None:
    entry = practice_entry(people, demo_subentry(), alarm_exit_delay=0)
    await set_up(hass, entry)
    (contact,) = (
        each
        for each in er.async_get(hass).entities.values()
        if each.unique_id.endswith("-door-contact")
    )
    hass.config_entries.async_update_entry(
        entry, options={**entry.options, "alarm_entry": [contact.id]}
    )
    await hass.async_block_till_done()
    (sensor,) = entry.runtime_data.config.intrusion.sensors.values()
    assert sensor.door in entry.runtime_data.doors
    alarm = Alarm(hass, entry, people, freezer, [])
    await alarm.call("alarm_arm_away")
    await alarm.call("open", domain="lock", entity_id="lock.demo")
    (demo,) = entry.runtime_data.equipment.values()
    demo.push_door()
    await hass.async_block_till_done()
    assert alarm.state == "pending"
    await hass.config_entries.async_unload(entry.entry_id)


async def test_the_night_is_on_record(alarm: Alarm) -> None:
    await alarm.leave()
    await alarm.sense(WINDOW, "on")
    await alarm.call("alarm_disarm")
    entries = await on_record(
        alarm.entry,
        types=frozenset({EntryType.ALARM}),
        events=frozenset({"armed", "triggered", "disarmed"}),
    )
    assert [
        (each.event, each.place and each.place.name, each.actor and each.actor.name)
        for each in entries
    ] == [
        ("armed", None, "doctor"),
        ("triggered", "window", None),
        ("disarmed", "window", "doctor"),
    ]
    assert entries[1].session == entries[2].session is not None
    assert entries[1].details == {"arm_mode": "away", "sensors": ["window"]}


async def test_sensors_that_tell_something_wake_no_other_entity(alarm: Alarm) -> None:
    woken: list[str] = []
    coordinator = alarm.entry.runtime_data
    coordinator.async_listen("practice", lambda: woken.append("practice"))
    for state in ("on", "off"):
        await alarm.sense(ROOM, state)
    assert woken == []
    await alarm.leave()
    assert woken
