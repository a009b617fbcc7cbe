"""Access given in Home Assistant, checked by a door station."""

import asyncio
from datetime import timedelta
from typing import Any

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.cabinet_secure.const import DOMAIN
from custom_components.cabinet_secure.diagnostics import (
    async_get_config_entry_diagnostics,
)
from tests.practices import Station, context_of
from tests.test_automations import automate

ACCESS = "event.entree_access"


def door_device(hass: HomeAssistant) -> str:
    """Return the device of the door, as an automation names it."""
    return next(
        device.id for device in dr.async_get(hass).devices if device.name == "Entrée"
    )


async def act(
    hass: HomeAssistant, user: User, action: str, **data: Any
) -> dict[str, Any]:
    """Take an action as a person; return its response."""
    response = await hass.services.async_call(
        DOMAIN,
        action,
        data,
        blocking=True,
        return_response=True,
        context=context_of(user),
    )
    assert response is not None
    return dict(response)


async def give(hass: HomeAssistant, user: User, **more: Any) -> dict[str, Any]:
    """Give somebody access to the door for a week."""
    return await act(
        hass,
        user,
        "grant_access",
        **{
            "label": "Dr Martin",
            "role": "locum",
            "door": [door_device(hass)],
            "valid_to": dt_util.now() + timedelta(days=7),
        }
        | more,
    )


def last_access(hass: HomeAssistant) -> dict[str, Any]:
    """Return what the door told of last."""
    state = hass.states.get(ACCESS)
    assert state is not None
    return dict(state.attributes)


async def test_a_code_opens_the_door_by_the_name_of_whom_it_was_given_to(
    station: Station, people: dict[str, User]
) -> None:
    given = await give(station.hass, people["manager"])
    assert given["devices"] == {"Platine": "held"}
    assert given["phase"] == "active"
    assert given["code"] in given["text_en"]
    assert given["code"] in given["text_fr"]
    assert len(given["code"]) == 6

    station.sim.type_code(f"{given['code']}#")
    await station.wait_until(
        lambda: last_access(station.hass).get("by") == "Dr Martin", "the locum"
    )
    assert last_access(station.hass)["event_type"] == "granted"
    assert last_access(station.hass)["method"] == "code"


async def test_the_code_is_shown_once_and_is_nowhere_afterwards(
    station: Station, people: dict[str, User], hass_storage: dict[str, Any]
) -> None:
    given = await give(station.hass, people["manager"])
    listed = await act(station.hass, people["manager"], "list_grants")
    assert [grant["label"] for grant in listed["grants"]] == ["Dr Martin"]
    assert "code" not in listed["grants"][0]
    diagnostics = await async_get_config_entry_diagnostics(station.hass, station.entry)
    await station.entry.runtime_data.async_stop()
    stored = hass_storage[f"{DOMAIN}.{station.entry.entry_id}"]
    coordinator = station.entry.runtime_data
    everything = f"{diagnostics} {stored} {vars(coordinator.lists)}"
    assert given["code"] not in everything
    assert "Martin" not in str(diagnostics)


async def test_only_who_manages_gives_revokes_and_lists(
    station: Station, people: dict[str, User]
) -> None:
    hass = station.hass
    given = await give(hass, people["manager"])
    for action in (
        give(hass, people["doctor"]),
        act(hass, people["doctor"], "revoke_access", grant=given["grant"]),
        act(hass, people["doctor"], "list_grants"),
    ):
        with pytest.raises(ServiceValidationError) as caught:
            await action
        assert caught.value.translation_key == "refused_not_allowed"


async def test_a_single_use_is_gone_from_the_station_after_it(
    station: Station, people: dict[str, User]
) -> None:
    given = await give(station.hass, people["manager"], uses=1)
    station.sim.type_code(f"{given['code']}#")
    directory = station.sim.station.directory
    await station.wait_until(lambda: not directory.active(), "the entry's removal")
    listed = await act(station.hass, people["manager"], "list_grants", ended=True)
    assert listed["grants"][0]["phase"] == "used_up"


async def test_what_is_revoked_while_the_station_is_cut_off_goes_when_it_is_back(
    station: Station, people: dict[str, User]
) -> None:
    hass, sim = station.hass, station.sim
    calls = await automate(
        hass,
        {"trigger": "cabinet_secure.grant", "options": {"events": ["removed"]}},
    )
    given = await give(hass, people["manager"])
    await sim.stop()
    await station.wait_for("binary_sensor.platine_connection", "off")
    revoked = await act(hass, people["manager"], "revoke_access", person="dr martin")
    assert [grant["devices"] for grant in revoked["revoked"]] == [
        {"Platine": "removing"}
    ]
    listed = await act(hass, people["manager"], "list_grants")
    assert listed["grants"][0]["phase"] == "revoked"

    await sim.start()
    await station.wait_until(lambda: calls, "the removal")
    assert calls[0].data["payload"]["grant"]["equipment_name"] == "Platine"
    sim.type_code(f"{given['code']}#")
    await station.wait_until(
        lambda: last_access(hass).get("event_type") == "denied", "the denial"
    )
    assert (await act(hass, people["manager"], "list_grants"))["grants"] == []


async def test_a_code_given_while_the_station_is_away_works_once_it_is_back(
    station: Station, people: dict[str, User]
) -> None:
    hass, sim = station.hass, station.sim
    await sim.stop()
    await station.wait_for("binary_sensor.platine_connection", "off")
    given = await give(hass, people["manager"])
    assert given["devices"] == {"Platine": "waiting"}
    await sim.start()
    directory = sim.station.directory
    await station.wait_until(directory.active, "the entry")
    sim.type_code(f"{given['code']}#")
    await station.wait_until(
        lambda: last_access(hass).get("event_type") == "granted", "the locum"
    )


async def test_what_an_installer_changes_is_put_right_and_recorded(
    station: Station, people: dict[str, User]
) -> None:
    hass, sim = station.hass, station.sim
    calls = await automate(hass, {"trigger": "cabinet_secure.grant"})
    await give(hass, people["manager"])
    directory = sim.station.directory
    (entry,) = directory.active()
    valid_to = entry["access"]["validTo"]
    directory.update([{"uuid": entry["uuid"], "access": {"validTo": "0"}}])
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=16))
    await station.wait_until(
        lambda: directory.active()[0]["access"]["validTo"] == valid_to, "the repair"
    )
    await station.wait_until(
        lambda: (
            "changed_by_others"
            in [call.data["payload"]["grant"]["event"] for call in calls]
        ),
        "the announcement",
    )


async def test_a_station_that_does_not_let_us_write_makes_the_grant_and_a_repair_say_so(
    station: Station, people: dict[str, User]
) -> None:
    hass, sim = station.hass, station.sim
    sim.speak_oddly(directory_refuses=17)
    given = await give(hass, people["manager"])
    assert given["devices"] == {"Platine": "refused"}
    issue = f"{sim.config.serial}-directory-"
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue)

    sim.clear_faults()
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=16))
    await station.wait_until(sim.station.directory.active, "the entry")
    await station.wait_until(
        lambda: not ir.async_get(hass).async_get_issue(DOMAIN, issue), "the repair"
    )
    listed = await act(hass, people["manager"], "list_grants")
    assert listed["grants"][0]["devices"] == {"Platine": "held"}


async def test_a_card_is_given_by_its_number(
    station: Station, people: dict[str, User]
) -> None:
    hass = station.hass
    given = await give(hass, people["manager"], means="card", card="04:a1:b2:c3")
    assert "code" not in given
    station.sim.card("04A1B2C3")
    await station.wait_until(
        lambda: last_access(hass).get("method") == "card", "the card"
    )
    with pytest.raises(ServiceValidationError) as caught:
        await give(hass, people["manager"], means="card", card="my card")
    assert caught.value.translation_key == "not_a_card"
    with pytest.raises(ServiceValidationError) as caught:
        await give(hass, people["manager"], means="card", card="04A1B2C3")
    assert caught.value.translation_key == "refused_code_taken"


async def test_weekly_windows_are_kept_by_the_station(
    station: Station, people: dict[str, User]
) -> None:
    given = await give(
        station.hass,
        people["manager"],
        valid_from=dt_util.now(),
        windows=[{"days": ["mon", "sun"], "start": "08:00", "end": "09:30"}],
    )
    assert given["windows"] == [
        {"days": ["mon", "sun"], "start": "08:00:00", "end": "09:30:00"}
    ]
    (entry,) = station.sim.station.directory.active()
    access = entry["access"]
    assert int(access["validTo"]) - int(access["validFrom"]) <= 90 * 60


async def test_a_restart_neither_writes_again_nor_forgets(
    station: Station, people: dict[str, User]
) -> None:
    hass, sim = station.hass, station.sim
    given = await give(hass, people["manager"])
    written = sim.station.directory.timestamp
    await hass.config_entries.async_reload(station.entry.entry_id)
    await station.wait_for("binary_sensor.platine_connection", "on")
    await station.wait_until(
        lambda: hass.states.get("lock.entree").state == "locked", "the lock"
    )
    sim.type_code(f"{given['code']}#")
    await station.wait_until(
        lambda: last_access(hass).get("by") == "Dr Martin", "the locum"
    )
    assert sim.station.directory.timestamp == written


async def test_five_denied_in_a_row_trigger(
    station: Station, people: dict[str, User]
) -> None:
    calls = await automate(
        station.hass,
        {
            "trigger": "cabinet_secure.door",
            "options": {"events": ["denied_repeatedly"]},
        },
    )
    for code in range(4711, 4716):
        station.sim.card(f"0000{code}")
    await station.wait_until(lambda: calls, "the announcement")


async def test_a_door_of_no_practice_and_an_access_that_is_not_there_are_refused(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User]
) -> None:
    demo_door = next(
        device.id for device in dr.async_get(hass).devices if device.name == "Démo"
    )
    for wish, refusal in (
        ({"door": ["another"]}, "refused_unknown_door"),
        ({"door": [demo_door]}, "refused_not_checked"),
    ):
        with pytest.raises(ServiceValidationError) as caught:
            await act(
                hass,
                people["manager"],
                "grant_access",
                label="Locum",
                role="locum",
                valid_to=dt_util.now() + timedelta(days=1),
                **wish,
            )
        assert caught.value.translation_key == refusal
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, people["manager"], "revoke_access", grant="x")
    assert caught.value.translation_key == "refused_unknown_grant"
    await hass.config_entries.async_unload(demo.entry_id)
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, people["manager"], "list_grants")
    assert caught.value.translation_key == "no_practice"


async def test_stopping_while_a_station_is_written_to_ends_the_writing(
    station: Station, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    coordinator = station.entry.runtime_data
    (equipment,) = coordinator.equipment.values()
    asked = asyncio.Event()

    async def never(*_: object) -> None:
        asked.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(equipment.access_list, "reconcile", never)
    giving = asyncio.create_task(give(station.hass, people["manager"]))
    await asked.wait()
    await coordinator.lists.stop()
    assert (await giving)["devices"] == {"Platine": "waiting"}
