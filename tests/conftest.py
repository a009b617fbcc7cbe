"""What every test with Home Assistant needs."""

from collections.abc import AsyncGenerator
import logging

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.cabinet_secure.coordinator import PracticeCoordinator
from custom_components.cabinet_secure.practice.events import Event
from tests.heard import Heard
from tests.incident_home import Browser, Home
from tests.practices import (
    Station,
    add_people,
    demo_subentry,
    practice_entry,
    set_up,
    station_subentry,
)
from tests.simulators.two_n import TwoNSimulator

# The plugin has every statement logged, which drowns what a failing test says.
logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)


@pytest.fixture(autouse=True)
def _custom_integrations(request: pytest.FixtureRequest) -> None:
    """Let Home Assistant load this integration in the tests that start one."""
    if "hass" in request.fixturenames:
        request.getfixturevalue("enable_custom_integrations")


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Give every Home Assistant a folder of its own: practices keep files there."""
    return hass_tmp_config_dir


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """Return what the practice hears."""
    heard: Heard = []
    hear = PracticeCoordinator.hear

    def listened(coordinator: PracticeCoordinator, event: Event) -> None:
        heard.append(event)
        hear(coordinator, event)

    monkeypatch.setattr(PracticeCoordinator, "hear", listened)
    return heard


@pytest.fixture
async def people(hass: HomeAssistant) -> dict[str, User]:
    """Return a manager, a doctor who may open, and a cleaner without a role."""
    return await add_people(hass)


@pytest.fixture
async def demo(hass: HomeAssistant, people: dict[str, User]) -> MockConfigEntry:
    """Return a practice that runs, with the demonstration as its equipment."""
    entry = practice_entry(people, demo_subentry())
    await set_up(hass, entry)
    return entry


@pytest.fixture
async def simulator(socket_enabled: None) -> AsyncGenerator[TwoNSimulator]:
    """Return a door station on a free port."""
    async with TwoNSimulator() as sim:
        yield sim


@pytest.fixture
async def station(
    hass: HomeAssistant, people: dict[str, User], simulator: TwoNSimulator
) -> AsyncGenerator[Station]:
    """Return a practice that runs, with a door station that answers."""
    entry = practice_entry(people, station_subentry(simulator))
    await set_up(hass, entry)
    station = Station(hass, entry, simulator)
    await station.wait_for("binary_sensor.platine_connection", "on")
    yield station
    if hass.config_entries.async_get_entry(entry.entry_id) and entry.state.recoverable:
        await hass.config_entries.async_unload(entry.entry_id)


@pytest.fixture
async def home(
    hass: HomeAssistant, people: dict[str, User], demo: MockConfigEntry
) -> Home:
    """Return a practice whose register was read."""
    home = Home(hass, demo, people)
    await home.until_read()
    return home


@pytest.fixture
async def browsers(
    hass: HomeAssistant,
    home: Home,
    aiohttp_client: ClientSessionGenerator,
    socket_enabled: None,
) -> dict[str, Browser]:
    """Return the manager, the doctor and the cleaner at a browser, and a stranger."""
    for component in ("api", "config"):
        assert await async_setup_component(hass, component, {})
    client = await aiohttp_client(hass.http.app)
    return {
        **{who: Browser(client, await home.token(who)) for who in home.people},
        "stranger": Browser(client, None),
    }
