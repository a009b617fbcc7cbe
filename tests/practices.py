"""Practices for tests: config entries with equipment, and the people in them."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
import time
from typing import Any

from homeassistant.auth.const import GROUP_ID_ADMIN, GROUP_ID_USER
from homeassistant.auth.models import User
from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import Context, HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry  # type: ignore[import-untyped]

from custom_components.cabinet_secure.const import DOMAIN
from tests.simulators.two_n import TwoNSimulator

DOOR_OF_STATION = {
    "switch": 1,
    "name": "Entrée",
    "buttons": [],
    "contact": "station",
}


def station_subentry(sim: TwoNSimulator, **changes: Any) -> ConfigSubentryData:
    """Return the door station that the simulator plays."""
    account = sim.config.account
    return ConfigSubentryData(
        data={
            "host": sim.host,
            "port": sim.port,
            "ssl": False,
            "verify_ssl": True,
            "username": account.user,
            "password": account.password,
            "model": None,
            "firmware": None,
            "camera": True,
            "doors": [DOOR_OF_STATION],
            "panic_inputs": ["input1"],
            "tamper_inputs": [],
            "fire_inputs": [],
            "siren_outputs": ["output1"],
            "inputs": ["input1", "input2"],
            "outputs": ["relay1", "output1", "output2"],
            "exit_declared": True,
        }
        | changes,
        subentry_type="station",
        title="Platine",
        unique_id=sim.config.serial,
    )


def demo_subentry() -> ConfigSubentryData:
    """Return the demonstration."""
    return ConfigSubentryData(
        data={"name": "Démo"},
        subentry_type="demo",
        title="Démonstration",
        unique_id="demo",
    )


async def add_people(hass: HomeAssistant) -> dict[str, User]:
    """Add a manager, a doctor and somebody without a role."""
    return {
        name: await hass.auth.async_create_user(name, group_ids=[group])
        for name, group in (
            ("manager", GROUP_ID_ADMIN),
            ("doctor", GROUP_ID_USER),
            ("cleaner", GROUP_ID_USER),
        )
    }


def practice_entry(
    people: Mapping[str, User], *equipment: ConfigSubentryData, **options: Any
) -> MockConfigEntry:
    """Return a practice in which the manager manages and the doctor may open."""
    return MockConfigEntry(
        domain=DOMAIN,
        title="Cabinet",
        data={"country": "FR", "language": "fr"},
        options={
            "may_open": [people["manager"].id, people["doctor"].id],
            "may_manage": [people["manager"].id],
            "on_call": [],
        }
        | options,
        subentries_data=equipment,
    )


def context_of(user: User) -> Context:
    """Return the context of something that a user does."""
    return Context(user_id=user.id)


async def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Set up a practice and wait for its entities."""
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()


@dataclass(frozen=True)
class Station:
    """A practice with a door station that the simulator plays."""

    hass: HomeAssistant
    entry: MockConfigEntry
    sim: TwoNSimulator

    def state(self, entity_id: str) -> str | None:
        """Return the state of an entity."""
        state = self.hass.states.get(entity_id)
        return state.state if state else None

    async def wait_for(self, entity_id: str, wanted: str) -> None:
        """Wait until an entity has a state; fail after some seconds."""
        await self.wait_until(lambda: self.state(entity_id) == wanted, entity_id)

    async def wait_until(self, holds: Callable[[], object], what: str) -> None:
        """Wait until something holds; fail after some seconds."""
        deadline = time.monotonic() + 8
        while not holds():
            assert time.monotonic() < deadline, f"not seen in time: {what}"
            await asyncio.sleep(0.01)

    async def call(self, domain: str, service: str, entity_id: str, user: User) -> None:
        """Do something as a person."""
        await self.hass.services.async_call(
            domain,
            service,
            {"entity_id": entity_id},
            blocking=True,
            context=context_of(user),
        )

    def commands(self) -> list[str]:
        """Return what the station was told to do with its switches."""
        return [
            str(command["query"].get("action"))
            for command in self.sim.state()["commands"]
            if command["path"].endswith("switch/ctrl")
        ]


def press_of(entity: str | None, **changes: Any) -> dict[str, Any]:
    """Return what is stored of an entity that tells of presses."""
    return {
        "entity": entity,
        "press_types": [],
        "normally_closed": False,
        "trigger": None,
    } | changes


def door_subentry(opener: str, **changes: Any) -> ConfigSubentryData:
    """Return a door that an entity opens."""
    return ConfigSubentryData(
        data={
            "opener": opener,
            "domain": opener.partition(".")[0],
            "opener_tells": True,
            "open_for": 5,
            "lock_again": True,
            "switches_off": True,
            "bell": None,
            "contact": None,
            "tamper": None,
            "camera": None,
            "check_in": None,
            "exit_declared": True,
        }
        | changes,
        subentry_type="door",
        title="Cour",
        unique_id=None,
    )


def panic_button_subentry(press: dict[str, Any], **changes: Any) -> ConfigSubentryData:
    """Return a panic button of any brand."""
    return ConfigSubentryData(
        data={
            "press": press,
            "kind": "hold_up",
            "gesture": "double",
            "audible": False,
            "location": "",
            "check_in": None,
        }
        | changes,
        subentry_type="panic_button",
        title="Bureau",
        unique_id=None,
    )


def siren_subentry(entity: str, **changes: Any) -> ConfigSubentryData:
    """Return a siren, or what serves as one."""
    return ConfigSubentryData(
        data={
            "siren": entity,
            "domain": entity.partition(".")[0],
            "place": "outdoors",
            "longest": 180,
            "tone": None,
            "volume": None,
            "media": None,
            "check_in": None,
        }
        | changes,
        subentry_type="siren",
        title="Rue",
        unique_id=None,
    )
