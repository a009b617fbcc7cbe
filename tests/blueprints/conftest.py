"""A practice with the demonstration, people with phones, and the real blueprint."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
import shutil
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.models import User
from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components import cabinet_secure
from custom_components.cabinet_secure.announcements import (
    SIGNAL_ANNOUNCEMENT,
    Announcement,
)
from custom_components.cabinet_secure.equipment.demo import Demonstration
from custom_components.cabinet_secure.practice.effects import (
    AnnounceDoor,
    DoorEventKind,
)
from tests.blueprints.phones import (
    ANDROID,
    IOS,
    Client,
    Phone,
    PushServer,
    register,
    settle,
    start_push_server,
)
from tests.practices import add_people, context_of, demo_subentry, practice_entry

SHIPPED = Path(cabinet_secure.__file__).parent / "blueprints"
NOTIFY_ON_RING = "cabinet-secure/notify_on_ring.yaml"
# Half past ten in the practice.
NOW = datetime.fromisoformat("2026-11-23T09:30:00+00:00")


@dataclass(slots=True)
class Practice:
    """A practice with a front door and a back door, and what happens at them."""

    hass: HomeAssistant
    entry: MockConfigEntry
    people: dict[str, User]
    freezer: FrozenDateTimeFactory
    push_server: PushServer
    # The doors whose strikes were released, each time that they were.
    released: list[str] = field(default_factory=list)

    def demo(self, door: str) -> Demonstration:
        """Return the demonstration that has this door."""
        return next(
            each
            for each in self.entry.runtime_data.equipment.values()
            if each.doors[0].name == door
        )

    async def ring(self, door: str = "Entrée") -> None:
        """Press the bell."""
        self.demo(door).ring()
        await self.settle()

    def door(self, name: str = "Entrée") -> str:
        """Return the device identifier of a door."""
        coordinator = self.entry.runtime_data
        return str(coordinator.devices[self.demo(name).doors[0].id])

    def openings(self, door: str = "Entrée") -> int:
        """Return how often the strike of a door was released."""
        return self.released.count(self.door(door))

    async def set_mode(self, mode: str) -> None:
        """Choose the mode of the practice, as the manager does."""
        await self.hass.services.async_call(
            "select",
            "select_option",
            {"entity_id": "select.cabinet_mode", "option": mode},
            blocking=True,
            context=context_of(self.people["manager"]),
        )

    async def call(
        self,
        domain: str,
        action: str,
        entity: str,
        user: str | None = "manager",
        **data: Any,
    ) -> None:
        """Do something as a person, or as an automation."""
        await self.hass.services.async_call(
            domain,
            action,
            {"entity_id": entity, **data},
            blocking=True,
            context=context_of(self.people[user]) if user else None,
        )
        await self.settle()

    async def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.freezer.tick(timedelta(seconds=seconds))
        async_fire_time_changed(self.hass)
        await self.settle()

    async def settle(self) -> None:
        """Let everything happen that is going to happen now."""
        await settle(self.hass, self.push_server)


@pytest.fixture
def hass_config_dir(tmp_path: Path) -> str:
    """Let every test have a folder of its own for what Home Assistant writes."""
    return str(tmp_path)


@pytest.fixture
def blueprints_installed(tmp_path: Path) -> None:
    """Have the blueprints in place before Home Assistant starts."""
    shutil.copytree(SHIPPED, tmp_path / "blueprints")


@pytest.fixture
async def people(hass: HomeAssistant) -> dict[str, User]:
    """Add a manager, a doctor and somebody without a role."""
    return await add_people(hass)


@pytest.fixture
async def push_server(socket_enabled: None) -> AsyncGenerator[PushServer]:
    """Run what pushes to phones."""
    push, server = await start_push_server()
    yield push
    await server.close()


@pytest.fixture
async def phones(
    hass: HomeAssistant,
    hass_client: Client,
    people: dict[str, User],
    push_server: PushServer,
) -> dict[str, Phone]:
    """Register the manager's Android, the doctor's iPhone, the cleaner's Android."""
    await hass.config.async_set_time_zone("Europe/Paris")
    # Their pages are there before the server starts.
    for component in ("camera", "image", "mobile_app", "cabinet_secure"):
        assert await async_setup_component(hass, component, {})
    await hass.async_block_till_done()
    return {
        name: await register(hass, hass_client, push_server, people[user], name, os)
        for name, user, os in (
            ("desk", "manager", ANDROID),
            ("doctor", "doctor", IOS),
            ("mop", "cleaner", ANDROID),
        )
    }


@pytest.fixture
async def practice(
    hass: HomeAssistant,
    people: dict[str, User],
    phones: dict[str, Phone],
    push_server: PushServer,
    blueprints_installed: None,
    freezer: FrozenDateTimeFactory,
) -> AsyncGenerator[Practice]:
    """Start a practice."""
    freezer.move_to(NOW)
    front = demo_subentry() | {"data": {"name": "Entrée"}}
    back = ConfigSubentryData(
        data={"name": "Cour"}, subentry_type="demo", title="Cour", unique_id="back"
    )
    entry = practice_entry(people, ConfigSubentryData(**front), back)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    practice = Practice(hass, entry, people, freezer, push_server)

    def announced(announcement: Announcement) -> None:
        match announcement.effect:
            case AnnounceDoor(kind=DoorEventKind.GRANTED, door=door):
                practice.released.append(entry.runtime_data.devices[door])

    entry.async_on_unload(
        async_dispatcher_connect(hass, SIGNAL_ANNOUNCEMENT, announced)
    )
    yield practice
    await hass.config_entries.async_unload(entry.entry_id)


def automation(name: str = "ring", **inputs: Any) -> dict[str, Any]:
    """Return an automation made from the blueprint."""
    return {
        "id": name,
        "alias": name,
        "use_blueprint": {"path": NOTIFY_ON_RING, "input": inputs},
    }


async def automate(hass: HomeAssistant, *automations: dict[str, Any]) -> None:
    """Set up automations, and see that Home Assistant accepts them."""
    assert await async_setup_component(
        hass, "automation", {"automation": list(automations)}
    )
    await hass.async_block_till_done()
    for each in automations:
        assert hass.states.is_state(f"automation.{each['alias']}", "on")
