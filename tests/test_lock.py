"""A door as a lock, on a door station that speaks the real protocol."""

from homeassistant.auth.models import User
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from custom_components.cabinet_secure.equipment.two_n import lease
from tests.practices import Station, practice_entry, set_up, station_subentry
from tests.simulators.two_n import (
    StationConfig,
    SwitchConfig,
    SwitchMode,
    TwoNSimulator,
)

LOCK = "lock.entree"


async def test_open_pulses_the_strike_and_says_who_opened(
    station: Station, people: dict[str, User]
) -> None:
    await station.call("lock", "open", LOCK, people["doctor"])
    await station.wait_for(LOCK, "open")
    state = station.hass.states.get(LOCK)
    assert state is not None
    assert state.attributes["changed_by"] == "doctor"
    assert station.commands() == ["trigger"]
    access = station.hass.states.get("event.entree_access")
    assert access is not None
    assert access.attributes["event_type"] == "granted"
    assert access.attributes["by"] == "doctor"


async def test_unlock_holds_the_strike_until_lock(
    station: Station, people: dict[str, User]
) -> None:
    await station.call("lock", "unlock", LOCK, people["doctor"])
    await station.wait_for(LOCK, "unlocked")
    assert station.commands() == ["hold"]
    await station.call("lock", "lock", LOCK, people["doctor"])
    await station.wait_for(LOCK, "locked")


async def test_a_hold_is_a_lease_that_is_renewed(
    station: Station, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "RENEWED_EVERY", 0.05)
    await station.call("lock", "unlock", LOCK, people["doctor"])
    await station.wait_until(lambda: station.commands().count("hold") > 2, "renewals")
    leases = [
        command["query"]["timeout"]
        for command in station.sim.state()["commands"]
        if command["query"].get("action") == "hold"
    ]
    assert {int(seconds) for seconds in leases} == {lease.LEASE}
    await station.call("lock", "lock", LOCK, people["doctor"])
    renewals = station.commands().count("hold")
    await station.wait_for(LOCK, "locked")
    assert station.commands().count("hold") == renewals


async def test_a_hold_ends_when_the_practice_is_unloaded(
    station: Station, people: dict[str, User]
) -> None:
    await station.call("lock", "unlock", LOCK, people["doctor"])
    await station.wait_for(LOCK, "unlocked")
    await station.hass.config_entries.async_unload(station.entry.entry_id)
    assert station.sim.state()["switches"][0]["active"] is False


@pytest.mark.parametrize("service", ["open", "unlock"])
async def test_somebody_without_the_right_opens_nothing_and_is_recorded(
    station: Station, people: dict[str, User], service: str
) -> None:
    with pytest.raises(ServiceValidationError, match="not among the people"):
        await station.call("lock", service, LOCK, people["cleaner"])
    assert station.commands() == []
    access = station.hass.states.get("event.entree_access")
    assert access is not None
    assert access.attributes["event_type"] == "denied"
    assert access.attributes["by"] == "cleaner"
    assert access.attributes["reason"] == "not_allowed"


async def test_an_automation_opens_nothing_unless_the_practice_says_so(
    station: Station,
) -> None:
    with pytest.raises(ServiceValidationError):
        await station.hass.services.async_call(
            "lock", "open", {"entity_id": LOCK}, blocking=True, context=Context()
        )
    assert station.commands() == []


async def test_an_automation_opens_where_the_practice_lets_it(
    hass: HomeAssistant, people: dict[str, User], simulator: TwoNSimulator
) -> None:
    entry = practice_entry(
        people, station_subentry(simulator), automations_may_open=True
    )
    await set_up(hass, entry)
    station = Station(hass, entry, simulator)
    await station.wait_for("binary_sensor.platine_connection", "on")
    await hass.services.async_call(
        "lock", "open", {"entity_id": LOCK}, blocking=True, context=Context()
    )
    assert station.commands() == ["trigger"]
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_user_who_is_deactivated_opens_nothing_from_then_on(
    station: Station, people: dict[str, User]
) -> None:
    await station.hass.auth.async_update_user(people["doctor"], is_active=False)
    await station.hass.async_block_till_done()
    with pytest.raises(ServiceValidationError):
        await station.call("lock", "open", LOCK, people["doctor"])
    assert station.commands() == []


async def test_everybody_may_lock(station: Station, people: dict[str, User]) -> None:
    await station.call("lock", "lock", LOCK, people["cleaner"])
    assert station.state(LOCK) == "locked"


async def test_a_lost_station_is_unavailable_and_refuses_in_words(
    station: Station, people: dict[str, User]
) -> None:
    station.sim.set_network(up=False)
    await station.wait_for(LOCK, "unavailable")
    assert station.state("event.entree_doorbell") == "unavailable"
    assert station.state("binary_sensor.platine_connection") == "off"
    assert station.state("select.cabinet_mode") == "staff_only"
    station.sim.set_network(up=True)
    await station.wait_for(LOCK, "locked")


async def test_a_command_that_the_station_does_not_answer_fails_in_words(
    station: Station, people: dict[str, User]
) -> None:
    station.sim.answer_wrongly("error", path="/api/switch/ctrl", times=1, code=14)
    with pytest.raises(HomeAssistantError):
        await station.call("lock", "open", LOCK, people["doctor"])
    access = station.hass.states.get("event.entree_access")
    assert access is not None
    assert access.attributes["event_type"] == "open_failed"


async def test_a_bistable_strike_is_never_left_open_by_a_pulse(
    hass: HomeAssistant, people: dict[str, User], socket_enabled: None
) -> None:
    config = StationConfig(
        switches=(SwitchConfig(number=1, mode=SwitchMode.BISTABLE, opens_door=True),)
    )
    async with TwoNSimulator(config) as sim:
        entry = practice_entry(people, station_subentry(sim))
        await set_up(hass, entry)
        station = Station(hass, entry, sim)
        await station.wait_for("binary_sensor.platine_connection", "on")
        await station.call("lock", "open", LOCK, people["doctor"])
        assert station.commands() == ["hold"]
        (command,) = (
            command
            for command in sim.state()["commands"]
            if command["path"].endswith("switch/ctrl")
        )
        assert int(command["query"]["timeout"]) == 5
        await hass.config_entries.async_unload(entry.entry_id)


async def test_lockdown_refuses_to_open(
    station: Station, people: dict[str, User]
) -> None:
    await station.hass.services.async_call(
        "select",
        "select_option",
        {"entity_id": "select.cabinet_mode", "option": "lockdown"},
        blocking=True,
        context=Context(user_id=people["manager"].id),
    )
    with pytest.raises(ServiceValidationError, match="lockdown"):
        await station.call("lock", "open", LOCK, people["doctor"])
    assert not {"trigger", "hold", "on"} & set(station.commands())
