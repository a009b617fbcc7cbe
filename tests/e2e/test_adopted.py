"""Doors and panic buttons made of entities, in a Home Assistant that is killed."""

import asyncio
from pathlib import Path

import pytest

from .demo_practice import MANAGER, add_practice, onboard, user_ids
from .home_assistant_client import SUBENTRY_FLOW, HomeAssistantClient
from .home_assistant_process import HomeAssistantProcess
from .practice_home import PATIENCE

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("socket_enabled")]

BELL, PRESS = "event.courtyard_doorbell", "event.desk_press"
LOCK, BOLT = "lock.courtyard", "lock.bolt"

# A trigger-based event keeps the time of its last press over a restart, as those of real
# devices do, and tells it again.
DEVICES = """\
input_boolean:
  loop:
    initial: false
input_select:
  bolt:
    options: [locked, unlocked, open]
    initial: locked
template:
  - triggers:
      - trigger: event
        event_type: bell_rung
    event:
      - name: bell
        unique_id: bell
        event_type: ring
        event_types: "{{ ['ring'] }}"
  - binary_sensor:
      - name: loop
        unique_id: loop
        state: "{{ is_state('input_boolean.loop', 'on') }}"
  - lock:
      - name: bolt
        unique_id: bolt
        state: "{{ states('input_select.bolt') }}"
        lock:
          - action: input_select.select_option
            target: {entity_id: input_select.bolt}
            data: {option: locked}
        unlock:
          - action: input_select.select_option
            target: {entity_id: input_select.bolt}
            data: {option: unlocked}
        open:
          - action: input_select.select_option
            target: {entity_id: input_select.bolt}
            data: {option: open}
"""


async def state_of(client: HomeAssistantClient, entity_id: str) -> str:
    """Return the state of an entity; nothing where it is not there yet."""
    states = await client.rest("GET", "/api/states")
    return next((str(s["state"]) for s in states if s["entity_id"] == entity_id), "")


async def until_state(
    client: HomeAssistantClient, entity_id: str, *wanted: str, other_than: str = ""
) -> str:
    """Wait until an entity has one of these states, or any but one; return it."""
    async with asyncio.timeout(PATIENCE):
        while True:
            state = await state_of(client, entity_id)
            if state in wanted or (other_than and state not in (other_than, "")):
                return state
            await asyncio.sleep(0.1)


async def act(
    client: HomeAssistantClient, action: str, entity_id: str | None = None
) -> None:
    """Do something as a person."""
    domain, _, service = action.partition(".")
    data = {"entity_id": entity_id} if entity_id else {}
    await client.rest("POST", f"/api/services/{domain}/{service}", data)


async def adopt(client: HomeAssistantClient, entry_id: str) -> None:
    """Make a door and a panic button of what there is."""
    door = await client.complete_flow(
        SUBENTRY_FLOW,
        {"handler": [entry_id, "door"]},
        ("user", {"name": "Courtyard", "opener": BOLT, "exit_declared": True}),
        ("parts", {"open_for": 3, "lock_again": True, "bell": "event.bell"}),
        ("bell", {"press_types": ["ring"]}),
        ("check", {}),
    )
    assert door["type"] == "create_entry"
    button = await client.complete_flow(
        SUBENTRY_FLOW,
        {"handler": [entry_id, "panic_button"]},
        ("user", {"name": "Desk", "press": "binary_sensor.loop"}),
        ("loop", {"normally_closed": False}),
        ("meaning", {"kind": "assistance", "gesture": "single", "audible": False}),
        ("check", {}),
    )
    assert button["type"] == "create_entry"


async def test_no_end_of_home_assistant_rings_again_and_none_loses_a_press(
    tmp_path: Path,
) -> None:
    async with HomeAssistantProcess(
        tmp_path / "config", extra_configuration=DEVICES
    ) as home:
        manager = home.client()
        await onboard(manager)
        await home.wait_until_running(manager)
        websocket = await manager.websocket()
        users = await user_ids(websocket)
        entry_id = await add_practice(
            manager,
            may_open=[users[MANAGER.username]],
            may_manage=[users[MANAGER.username]],
        )
        await adopt(manager, entry_id)
        await until_state(manager, LOCK, "locked")

        async def heard(bell: str, press: str) -> tuple[str, str]:
            """Ring, press the button, open, and return when both were heard."""
            # Much longer than a source that came back may repeat itself.
            await asyncio.sleep(8)
            await manager.rest("POST", "/api/events/bell_rung", {})
            await act(manager, "input_boolean.turn_on", "input_boolean.loop")
            rung = await until_state(manager, BELL, other_than=bell)
            pressed = await until_state(manager, PRESS, other_than=press)
            await act(manager, "input_boolean.turn_off", "input_boolean.loop")
            # That ends the ring, which the next press would join; we lock again.
            await act(manager, "lock.open", LOCK)
            assert await state_of(manager, BOLT) == "open"
            await until_state(manager, BOLT, "locked")
            await until_state(manager, LOCK, "locked")
            return rung, pressed

        async def told() -> tuple[str, str]:
            """Return when the bell and the button were heard last, once all is calm."""
            await until_state(manager, LOCK, "locked")
            await asyncio.sleep(4)
            return await state_of(manager, BELL), await state_of(manager, PRESS)

        last = await heard("unknown", "unknown")

        # The other integration is reloaded, then Home Assistant is restarted.
        await act(manager, "template.reload")
        assert await told() == last
        await home.restart()
        manager = await home.log_in(MANAGER.username, MANAGER.password)
        await home.wait_until_running(manager)
        assert await told() == last
        last = await heard(*last)

        # The power fails. What Home Assistant itself wrote last may be old by then.
        await asyncio.sleep(1)
        await home.kill()
        await home.start()
        manager = await home.log_in(MANAGER.username, MANAGER.password)
        await home.wait_until_running(manager)
        before = await told()
        rung, pressed = await heard(*before)
        assert rung > last[0]
        assert pressed > last[1]
