"""The ring in a real Home Assistant: two phones, the shipped blueprint, one answer."""

import asyncio
from collections.abc import AsyncIterator
import contextlib
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientResponseError
import pytest

from tests.simulators.companion import Notification, Phone, SignIn

from .demo_practice import DOCTOR, MANAGER, Account
from .practice_home import PracticeHome, Watch, practice_home

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("socket_enabled")]

LOCK = "lock.entrance"
RING = "sensor.cabinet_demo_ring"
BLUEPRINT = "cabinet-secure/notify_on_ring.yaml"
PATIENCE = 20.0


@dataclass
class Phones:
    """The manager's and the doctor's phone."""

    manager: Phone
    doctor: Phone

    async def rung(self) -> tuple[Notification, Notification]:
        """Wait until both show a ring with buttons."""
        return await asyncio.gather(_rings(self.manager), _rings(self.doctor))


async def _rings(phone: Phone) -> Notification:
    while True:
        notification = await phone.next_notification(PATIENCE)
        if len(notification.actions) == 3:
            return notification


def button(notification: Notification, title: str) -> str:
    """Return the identifier of a button by what is written on it."""
    (action,) = (each for each in notification.actions if each.title == title)
    return action.id


def titles(phone: Phone) -> list[str | None]:
    """Return the titles of what lies on a phone's screen."""
    return [notification.title for notification in phone.shown.values()]


@contextlib.asynccontextmanager
async def both_phones(practice: PracticeHome, folder: Path) -> AsyncIterator[Phones]:
    """Sign both phones in, as their people do."""

    def phone(account: Account, system: str) -> Phone:
        return Phone(
            practice.home.url,
            SignIn(practice.home.url, account.username, account.password),
            device_name=f"{account.name} phone",
            os=system,
            state_file=folder / f"{account.username}.json",
        )

    async with phone(MANAGER, "Android") as manager, phone(DOCTOR, "iOS") as doctor:
        yield Phones(manager, doctor)


async def use_blueprint(practice: PracticeHome) -> None:
    """Make an automation from the shipped blueprint, as the editor does."""
    websocket = await practice.manager.websocket()
    devices = await websocket.command("config/device_registry/list")
    phones = [each["id"] for each in devices if str(each["name"]).endswith(" phone")]
    assert len(phones) == 2
    await practice.manager.rest(
        "POST",
        "/api/config/automation/config/ring",
        {
            "alias": "Ring",
            "use_blueprint": {
                "path": BLUEPRINT,
                "input": {"step_1_phones": phones, "language": "fr"},
            },
        },
    )
    async with practice.watched() as watch:
        await watch.until_state("automation.ring", "on")
        await watch.until_state("binary_sensor.entrance_connection", "on")


async def is_idle(watch: Watch) -> None:
    """Wait until nobody is at the door and the strike is secured."""
    await watch.until_state(RING, "idle")


async def test_the_doctor_opens_everybody_knows_and_no_late_tap_opens_anything(
    tmp_path: Path,
) -> None:
    async with (
        practice_home(tmp_path) as practice,
        both_phones(practice, tmp_path) as phones,
    ):
        station = practice.station
        await use_blueprint(practice)

        # Both phones get the ring, with the picture for who is signed in.
        station.press("%1")
        managers, doctors = await phones.rung()
        assert managers.title == "Appel à l'entrée"
        picture = await phones.manager.fetch_picture(managers)
        assert picture.content.startswith(b"\xff\xd8")
        with pytest.raises(ClientResponseError, match=r"40[13]"):
            await phones.manager.fetch_picture(managers, authenticated=False)

        # The doctor opens: the strike is released, the manager's phone says by whom.
        assert await phones.doctor.tap(doctors, button(doctors, "Ouvrir"))
        await phones.manager.until(
            lambda phone: "Ouvert par Doctor" in titles(phone), PATIENCE
        )
        (command,) = practice.commands("switch/ctrl")
        assert command["query"]["action"] == "trigger"

        # The manager taps too late, then a hundred times: nothing opens, they are told.
        assert await phones.manager.tap(managers, button(managers, "Ouvrir"))
        await phones.manager.until(
            lambda phone: "Trop tard : ouvert par Doctor" in titles(phone),
            PATIENCE,
        )
        for _ in range(100):
            await phones.doctor.tap(doctors, button(doctors, "Ouvrir"))
        assert len(practice.commands("switch/ctrl")) == 1

        # Automations are reloaded between the ring and the tap.
        async with practice.watched() as watch:
            await is_idle(watch)
            station.advance(10)
            station.press("%1")
            managers, _ = await phones.rung()
            await practice.manager.call_action("automation", "reload")
            assert await phones.manager.tap(managers, button(managers, "Ouvrir"))
            await watch.until_state(LOCK, "open")
            await is_idle(watch)
        assert len(practice.commands("switch/ctrl")) == 2
        assert not [
            line
            for line in practice.home.complaints()
            if "custom_components.cabinet_secure" in line
        ]


async def test_a_restart_between_the_ring_and_the_tap_loses_nothing(
    tmp_path: Path,
) -> None:
    async with (
        practice_home(tmp_path) as practice,
        both_phones(practice, tmp_path) as phones,
    ):
        await use_blueprint(practice)
        practice.station.press("%1")
        _, doctors = await phones.rung()

        # The power fails: nothing is written any more. What Home Assistant itself
        # writes later, such as who has signed in, is given the time.
        await practice.until_stored(
            "core.config_entries", "Manager phone", "Doctor phone", "station"
        )
        await practice.until_stored("auth", "Doctor")
        await practice.home.kill()
        await practice.home.start()
        await practice.sign_in_again()
        async with practice.watched() as watch:
            await watch.until_state("binary_sensor.entrance_connection", "on")
            await watch.until_state(RING, "ringing")
            await phones.doctor.go_online()
            assert await phones.doctor.tap(doctors, button(doctors, "Ouvrir"))
            await watch.until_state(LOCK, "open")
            await is_idle(watch)
            assert len(practice.commands("switch/ctrl")) == 1

            # It is spent, also after another restart.
            await practice.home.kill()
        await practice.home.start()
        await practice.sign_in_again()
        async with practice.watched() as watch:
            await watch.until_state("binary_sensor.entrance_connection", "on")
            await phones.doctor.go_online()
            await phones.doctor.tap(doctors, button(doctors, "Ouvrir"))
            await asyncio.sleep(1)
            # A door that was opened just before the power failed may be secured anew.
            (opened,) = (
                command
                for command in practice.commands("switch/ctrl")
                if command["query"]["action"] != "off"
            )
            assert opened["query"]["action"] == "trigger"
            # Nobody was rung again for what was over.
            assert watch.times_of("event.entrance_doorbell") == []
