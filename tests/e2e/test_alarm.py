"""The alarm in a real Home Assistant: a window left open, a burglar, a power cut."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from .demo_practice import STATION_DOOR, Account, add_account
from .home_assistant_client import (
    OPTIONS_FLOW,
    CommandFailedError,
    HomeAssistantClient,
    WebSocket,
)
from .practice_home import PATIENCE, PracticeHome, practice_home
from .test_panic import SLACK, Noise, is_sounding

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("socket_enabled")]

PANEL = "alarm_control_panel.cabinet_demo_alarm"
CONTACT, CONNECTION = (
    "binary_sensor.entrance_contact",
    "binary_sensor.entrance_connection",
)
WINDOW, LATCH = "binary_sensor.kitchen_window", "input_boolean.kitchen_window"
ENTRY_DELAY, EXIT_DELAY, TRIGGER_TIME = 20, 3, 30
LOCUM, DURESS = "482916", "620485"
# Its contact is wired to an input, which can be asked how it is.
DOOR = STATION_DOOR | {"contact": "input2"}
CLEANER = Account(name="Cleaner", username="cleaner", password="cabinet")

SENSORS = """\
input_boolean:
  kitchen_window:
    initial: false
template:
  - binary_sensor:
      - name: Kitchen window
        unique_id: kitchen_window
        device_class: window
        state: "{{ is_state('input_boolean.kitchen_window', 'on') }}"
"""
ALARM = {
    "alarm_entry": [CONTACT],
    "alarm_perimeter": [WINDOW],
    "alarm_bypassable": [WINDOW],
    "alarm_entry_delay": ENTRY_DELAY,
    "alarm_exit_delay": EXIT_DELAY,
    "alarm_trigger_time": TRIGGER_TIME,
    "alarm_most_sirens": 3,
}


async def configure(
    client: HomeAssistantClient, entry_id: str, *steps: tuple[str, Mapping[str, Any]]
) -> None:
    """Go through the options as the manager does: from menu to menu to a form."""
    answer = await client.rest("POST", OPTIONS_FLOW, {"handler": entry_id})
    for step, fields in steps:
        assert answer["type"] == "menu" or answer["step_id"] == step, answer
        answer = await client.rest(
            "POST", f"{OPTIONS_FLOW}/{answer['flow_id']}", fields
        )
    assert answer["type"] == "create_entry", answer


async def add_code(practice: PracticeHome, code: str, *, duress: bool) -> None:
    """Add a code of the locum's."""
    await configure(
        practice.manager,
        practice.entry_id,
        ("init", {"next_step_id": "codes"}),
        ("codes", {"next_step_id": "add_code"}),
        ("add_code", {"label": "Locum", "code": code, "duress": duress}),
    )


async def ask(
    websocket: WebSocket, service: str, domain: str = "alarm_control_panel", **data: Any
) -> None:
    """Ask the panel for something, as whoever the connection belongs to."""
    await websocket.command(
        "call_service",
        domain=domain,
        service=service,
        service_data={"entity_id": PANEL, **data},
    )


async def set_window(practice: PracticeHome, *, is_open: bool) -> None:
    """Open or close the kitchen's window."""
    await practice.manager.call_action(
        "input_boolean", "turn_on" if is_open else "turn_off", entity_id=LATCH
    )


@pytest.mark.timeout(900)
async def test_a_night_of_the_alarm(tmp_path: Path) -> None:
    async with practice_home(
        tmp_path, extra_configuration=SENSORS, door=DOOR
    ) as practice:
        await add_account(await practice.manager.websocket(), CLEANER)
        async with practice.watched() as watch:
            await watch.until_state(CONTACT, "off")
            await watch.until_state(WINDOW, "off")
        await configure(
            practice.manager,
            practice.entry_id,
            ("init", {"next_step_id": "alarm"}),
            ("alarm", ALARM),
        )
        await add_code(practice, LOCUM, duress=False)
        await add_code(practice, DURESS, duress=True)
        # Nothing is left of the setting up, and every sensor tells anew.
        await practice.home.restart()
        await practice.sign_in_again()
        async with practice.watched() as watch:
            for sensor in (CONTACT, WINDOW):
                await watch.until_state(sensor, "off")
            await watch.until_state(PANEL, "disarmed")

            # A window was left open: the alarm names it, and leaves it out on request.
            doctor = await practice.doctor.websocket()
            await set_window(practice, is_open=True)
            await watch.until_state(WINDOW, "on")
            with pytest.raises(CommandFailedError, match="Kitchen window"):
                await ask(doctor, "alarm_arm_away")
            await ask(doctor, "arm_alarm", "cabinet_secure", mode="away", bypass=True)
            await watch.until_state(PANEL, "arming")
            await watch.until_state(PANEL, "armed_custom_bypass")
            assert watch.states[PANEL]["attributes"]["bypassed_sensors"] == [WINDOW]

            # Somebody without a role tries codes, and is locked out alone.
            cleaner = await (
                await practice.home.log_in(CLEANER.username, CLEANER.password)
            ).websocket()
            with pytest.raises(CommandFailedError, match="not among the people"):
                await ask(cleaner, "alarm_disarm")
            for number in range(5):
                with pytest.raises(CommandFailedError, match="code is wrong"):
                    await ask(cleaner, "alarm_disarm", code=f"{731_900 + number}")
            with pytest.raises(CommandFailedError, match="Too many wrong codes"):
                await ask(cleaner, "alarm_disarm", code=LOCUM)
            assert watch.states[PANEL]["state"] == "armed_custom_bypass"
            await ask(doctor, "alarm_disarm")
            await watch.until_state(PANEL, "disarmed")
            assert watch.states[PANEL]["attributes"]["changed_by"] == "Doctor"

            await set_window(practice, is_open=False)
            await watch.until_state(WINDOW, "off")
            await ask(doctor, "alarm_arm_away")
            await watch.until_state(PANEL, "armed_away")

        noise = Noise(practice)
        async with noise.listening():
            # The burglar opens the door and cuts the power.
            async with practice.watched() as watch:
                practice.station.set_door("opened")
                await watch.until_state(PANEL, "pending")
            await asyncio.sleep(1)
            await practice.home.kill()
            await practice.home.start()
            await practice.sign_in_again()
            async with practice.watched() as watch:
                # It may have been triggered before anybody could look.
                await watch.until_state(PANEL, "triggered")
                async with asyncio.timeout(PATIENCE):
                    while not is_sounding(practice):  # noqa: ASYNC110
                        await asyncio.sleep(0.05)
                # Nobody comes: the siren falls silent, and the alarm guards on.
                await watch.until_state(PANEL, "armed_away")
                async with asyncio.timeout(PATIENCE):
                    while is_sounding(practice):  # noqa: ASYNC110
                        await asyncio.sleep(0.05)
                assert 0 < noise.heard() <= TRIGGER_TIME + SLACK
                assert watch.states[PANEL]["attributes"]["tripped_sensors"] == [CONTACT]

                # The lock-out outlasts the power cut or has ended; the doctor's account
                # was never its own.
                doctor = await practice.doctor.websocket()
                await ask(doctor, "alarm_disarm", code=LOCUM)
                await watch.until_state(PANEL, "disarmed")
                assert watch.states[PANEL]["attributes"]["changed_by"] == "Locum"

                # Forced to disarm, somebody calls for help, and nothing shows it.
                practice.station.set_door("closed")
                await watch.until_state(CONTACT, "off")
                await ask(doctor, "alarm_arm_home")
                await watch.until_state(PANEL, "armed_home")
                told = await (await practice.manager.websocket()).subscribe(
                    "subscribe_trigger",
                    trigger={
                        "trigger": "cabinet_secure.panic",
                        "options": {"events": ["raised"]},
                    },
                )
                await ask(doctor, "alarm_disarm", code=DURESS)
                await watch.until_state(PANEL, "disarmed")
                assert watch.states[PANEL]["attributes"]["changed_by"] == "Locum"
                async with asyncio.timeout(PATIENCE):
                    event = await told.get()
                panic = event["variables"]["trigger"]["panic"]
                assert (panic["kind"], panic["audible"]) == ("duress", False)
                assert noise.heard() == 0
