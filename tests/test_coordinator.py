"""Carrying out what the practice decides: in order, in time, and one by one."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cabinet_secure import coordinator as coordinating
from custom_components.cabinet_secure.practice.config import STRIKE_REPORTS_WITHIN
from custom_components.cabinet_secure.storage import PracticeStore
from tests.practices import context_of
from tests.test_demonstration import lock, state_of


@pytest.fixture
def slow_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[asyncio.Event]:
    """Return what has to be set before anything is stored."""
    free = asyncio.Event()
    save = PracticeStore.save

    async def saving(self: PracticeStore, *args: object) -> None:
        await free.wait()
        await save(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(PracticeStore, "save", saving)
    yield free
    free.set()


async def test_nothing_opens_before_it_is_stored(
    hass: HomeAssistant,
    demo: MockConfigEntry,
    people: dict[str, User],
    slow_disk: asyncio.Event,
) -> None:
    opening = asyncio.create_task(lock(hass, "open", people["doctor"]))
    await asyncio.sleep(0.05)
    assert state_of(hass, "lock.demo") == "opening"
    slow_disk.set()
    await opening
    assert state_of(hass, "lock.demo") == "open"


async def test_a_lock_does_not_overtake_the_unlock_before_it(
    hass: HomeAssistant,
    demo: MockConfigEntry,
    people: dict[str, User],
    slow_disk: asyncio.Event,
) -> None:
    unlocking = asyncio.create_task(lock(hass, "unlock", people["doctor"]))
    await asyncio.sleep(0.01)
    locking = asyncio.create_task(lock(hass, "lock", people["doctor"]))
    await asyncio.sleep(0.01)
    slow_disk.set()
    await unlocking
    await locking
    assert state_of(hass, "lock.demo") == "locked"


async def test_a_release_that_was_stored_too_late_opens_nothing(
    hass: HomeAssistant,
    demo: MockConfigEntry,
    people: dict[str, User],
    slow_disk: asyncio.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opening = asyncio.create_task(lock(hass, "open", people["doctor"]))
    await asyncio.sleep(0.01)
    later = dt_util.utcnow() + STRIKE_REPORTS_WITHIN + timedelta(seconds=1)
    monkeypatch.setattr(coordinating.dt_util, "utcnow", lambda: later)
    slow_disk.set()
    with pytest.raises(HomeAssistantError, match="too late"):
        await opening
    assert state_of(hass, "lock.demo") == "locked"


async def test_a_lockdown_stops_a_release_on_its_way(
    hass: HomeAssistant,
    demo: MockConfigEntry,
    people: dict[str, User],
    slow_disk: asyncio.Event,
) -> None:
    opening = asyncio.create_task(lock(hass, "open", people["doctor"]))
    await asyncio.sleep(0.01)
    lockdown = asyncio.create_task(
        hass.services.async_call(
            "select",
            "select_option",
            {"entity_id": "select.cabinet_mode", "option": "lockdown"},
            blocking=True,
            context=context_of(people["manager"]),
        )
    )
    await asyncio.sleep(0.01)
    slow_disk.set()
    with pytest.raises(HomeAssistantError):
        await opening
    await lockdown
    assert state_of(hass, "lock.demo") == "locked"


async def test_a_full_disk_keeps_no_door_shut(
    hass: HomeAssistant,
    demo: MockConfigEntry,
    people: dict[str, User],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def full(self: PracticeStore, *args: object) -> None:
        raise HomeAssistantError("No space left on device")

    monkeypatch.setattr(PracticeStore, "save", full)
    await lock(hass, "open", people["doctor"])
    assert state_of(hass, "lock.demo") == "open"
    assert "Cannot store the state" in caplog.text


async def test_an_effect_that_fails_does_not_stop_the_next(
    hass: HomeAssistant,
    demo: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (visitor,) = demo.runtime_data.visitors.values()

    def broken() -> None:
        raise RuntimeError("no camera at all")

    monkeypatch.setattr(visitor, "show", broken)
    await hass.services.async_call(
        "button",
        "press",
        {"entity_id": "button.demonstration_ring_the_bell"},
        blocking=True,
    )
    assert state_of(hass, "sensor.cabinet_ring") == "ringing"
    assert state_of(hass, "event.demo_doorbell") != "unknown"
    assert "Cannot carry out ShowVisitor" in caplog.text
