"""Zigbee buttons, sirens, locks and bells through a real broker, as gateways tell them.

What is published follows Zigbee2MQTT: the discovery of entities and triggers, the state
of the bridge as availability, and a state message for each press.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
import json
from pathlib import Path
import time
from typing import Any

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.heard import Heard, presses, rings
from tests.practices import (
    context_of,
    door_subentry,
    panic_button_subentry,
    practice_entry,
    press_of,
    set_up,
    siren_subentry,
)
from tests.simulators.mqtt import MqttBroker, MqttPeer

BRIDGE = "zigbee2mqtt/bridge/state"
SOS = "zigbee2mqtt/sos"
EMERGENCY = json.dumps({"action": "emergency", "battery": 95})


def device(name: str) -> dict[str, Any]:
    """Return what every entity of a Zigbee device says of it."""
    return {
        "device": {"identifiers": [f"zigbee2mqtt_{name}"], "name": name},
        "availability": [{"topic": BRIDGE, "value_template": "{{ value_json.state }}"}],
    }


DISCOVERED: dict[str, dict[str, Any]] = {
    "event/sos/action": {
        "name": "Action",
        "state_topic": SOS,
        "event_types": ["emergency"],
        "value_template": "{{ {'event_type': value_json.action} | to_json }}",
    },
    "sensor/sos/battery": {
        "name": "Battery",
        "state_topic": SOS,
        "device_class": "battery",
        "unit_of_measurement": "%",
        "value_template": "{{ value_json.battery }}",
    },
    "device_automation/sos/action_emergency": {
        "automation_type": "trigger",
        "type": "action",
        "subtype": "emergency",
        "payload": "emergency",
        "topic": f"{SOS}/action",
    },
    "event/bell/action": {
        "name": "Action",
        "state_topic": "zigbee2mqtt/bell",
        "device_class": "doorbell",
        "event_types": ["ring"],
        "value_template": "{{ {'event_type': value_json.action} | to_json }}",
    },
    "lock/bolt/lock": {
        "name": None,
        "state_topic": "zigbee2mqtt/bolt",
        "value_template": "{{ value_json.lock_state }}",
        "command_topic": "zigbee2mqtt/bolt/set",
        "payload_lock": "LOCK",
        "payload_unlock": "UNLOCK",
        "state_locked": "locked",
        "state_unlocked": "unlocked",
    },
    "siren/tower/alarm": {
        "name": None,
        "state_topic": "zigbee2mqtt/tower",
        "command_topic": "zigbee2mqtt/tower/set",
        "available_tones": ["burglar", "fire"],
        "support_volume_set": False,
    },
}


@pytest.fixture
def configuration(hass_config_dir: str) -> None:
    """Keep the file that Home Assistant's MQTT reads, with nothing in it."""
    (Path(hass_config_dir) / "configuration.yaml").touch()


@pytest.fixture
async def broker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, socket_enabled: None
) -> AsyncGenerator[MqttBroker]:
    """Return a broker that runs."""
    monkeypatch.setattr(
        "homeassistant.components.mqtt.client.RECONNECT_INTERVAL_SECONDS", 0.5
    )
    async with MqttBroker(tmp_path) as broker:
        yield broker


@pytest.fixture
async def gateway(
    hass: HomeAssistant, broker: MqttBroker, configuration: None
) -> AsyncGenerator[MockConfigEntry]:
    """Return Home Assistant's own MQTT, to which a gateway has told its devices."""
    async with MqttPeer(broker.port) as peer:
        for where, config in DISCOVERED.items():
            _, name, _ = where.split("/")
            told = {"unique_id": where, **device(name), **config}
            if where.startswith("device_automation"):
                del told["unique_id"], told["availability"]
            await peer.publish(
                f"homeassistant/{where}/config", json.dumps(told), retain=True
            )
        await peer.publish(BRIDGE, json.dumps({"state": "online"}), retain=True)
        await peer.publish("zigbee2mqtt/bolt", '{"lock_state": "locked"}', retain=True)
        await peer.publish("zigbee2mqtt/tower", '{"state": "OFF"}', retain=True)
    entry = MockConfigEntry(
        domain="mqtt",
        version=2,
        minor_version=1,
        data={"broker": "127.0.0.1", "port": broker.port, "discovery": True},
    )
    await set_up(hass, entry)
    await until(lambda: er.async_get(hass).async_get_entity_id(*SIREN), "discovery")
    await until(
        lambda: hass.states.is_state("lock.bolt", "locked"), "the state of the lock"
    )
    yield entry
    for practice in hass.config_entries.async_entries("cabinet_secure"):
        await hass.config_entries.async_unload(practice.entry_id)
    await hass.config_entries.async_unload(entry.entry_id)


SIREN = ("siren", "mqtt", "siren/tower/alarm")


async def until(holds: Callable[[], object], what: str) -> None:
    """Wait until something holds; fail after a minute."""
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, f"not seen in time: {what}"
        await asyncio.sleep(0.02)


async def settle(hass: HomeAssistant) -> None:
    """Wait until what came back is no replay any more."""
    await asyncio.sleep(3.2)
    await hass.async_block_till_done()


async def restart(hass: HomeAssistant, broker: MqttBroker) -> None:
    """Have the broker start again, and Home Assistant find it."""
    await broker.stop()
    await until(lambda: hass.states.is_state("lock.bolt", "unavailable"), "the loss")
    await broker.start()
    await until(lambda: hass.states.is_state("lock.bolt", "locked"), "the return")


async def test_a_press_on_a_zigbee_button_is_heard_once_whatever_the_broker_repeats(
    hass: HomeAssistant,
    people: dict[str, User],
    broker: MqttBroker,
    gateway: MockConfigEntry,
    heard: Heard,
) -> None:
    practice = practice_entry(
        people, panic_button_subentry(press_of("event.sos_action"), gesture="single")
    )
    await set_up(hass, practice)
    await settle(hass)
    async with MqttPeer(broker.port) as button:
        await button.publish(SOS, EMERGENCY, retain=True)
        await until(lambda: presses(heard), "the press")
        # The answer to it was lost: the same message again. Nobody can tell it from a
        # second press, and no call for help may be lost.
        await button.publish(SOS, EMERGENCY, times=2)
        await until(lambda: len(presses(heard)) == 3, "both")
    # All of them are one call for help.
    assert len(practice.runtime_data.state.panic.panics) == 1
    await restart(hass, broker)
    await settle(hass)
    await hass.config_entries.async_reload(gateway.entry_id)
    await until(lambda: hass.states.is_state("lock.bolt", "locked"), "the reload")
    await settle(hass)
    await hass.config_entries.async_reload(practice.entry_id)
    await settle(hass)
    assert presses(heard) == [(False, False)] * 3


async def test_a_trigger_repeats_a_retained_press_as_one_in_doubt_only(
    hass: HomeAssistant,
    people: dict[str, User],
    broker: MqttBroker,
    gateway: MockConfigEntry,
    heard: Heard,
) -> None:
    sos = dr.async_get(hass).async_get_device_by_identifier(
        ("mqtt", "zigbee2mqtt_sos"), gateway.entry_id
    )
    assert sos is not None
    trigger = {
        "platform": "device",
        "domain": "mqtt",
        "device_id": sos.id,
        "type": "action",
        "subtype": "emergency",
    }
    practice = practice_entry(
        people, panic_button_subentry(press_of(None, trigger=trigger), gesture="single")
    )
    await set_up(hass, practice)
    await settle(hass)
    async with MqttPeer(broker.port) as button:
        await button.publish(f"{SOS}/action", "emergency", retain=True)
        await until(lambda: presses(heard), "the press")
    assert presses(heard) == [(False, False)]
    await restart(hass, broker)
    await until(lambda: len(presses(heard)) == 2, "what the broker retained")
    await settle(hass)
    async with MqttPeer(broker.port) as button:
        await button.publish(f"{SOS}/action", "emergency")
        await until(lambda: len(presses(heard)) == 3, "the next press")
    assert presses(heard) == [(False, False), (False, True), (False, False)]


async def test_a_bell_rings_and_a_lock_opens_only_when_somebody_answers(
    hass: HomeAssistant,
    people: dict[str, User],
    broker: MqttBroker,
    gateway: MockConfigEntry,
    heard: Heard,
) -> None:
    practice = practice_entry(
        people,
        door_subentry(
            "lock.bolt", bell=press_of("event.bell_action", press_types=["ring"])
        ),
    )
    await set_up(hass, practice)
    await settle(hass)
    async with MqttPeer(broker.port) as zigbee:
        await zigbee.subscribe("zigbee2mqtt/bolt/set")
        await zigbee.publish("zigbee2mqtt/bell", '{"action": "ring"}', retain=True)
        await until(lambda: rings(heard), "the ring")
        await zigbee.publish(BRIDGE, '{"state": "offline"}', retain=True)
        await until(lambda: hass.states.is_state("lock.cour", "unavailable"), "loss")
        await zigbee.publish(BRIDGE, '{"state": "online"}', retain=True)
        await until(lambda: hass.states.is_state("lock.cour", "locked"), "return")
        await zigbee.publish("zigbee2mqtt/bell", '{"action": "ring"}', times=2)
        await until(lambda: len(rings(heard)) == 3, "rings while it settles")
        await settle(hass)
        # What came while the bell came back is on record, and rings nowhere.
        assert rings(heard) == [False, True, True]
        assert zigbee.messages == []
        opening = asyncio.create_task(
            hass.services.async_call(
                "lock",
                "open",
                {"entity_id": "lock.cour"},
                blocking=True,
                context=context_of(people["doctor"]),
            )
        )
        await until(lambda: zigbee.messages, "the command")
        assert zigbee.messages == [("zigbee2mqtt/bolt/set", "UNLOCK")]
        await zigbee.publish("zigbee2mqtt/bolt", '{"lock_state": "unlocked"}')
        await opening
        await until(lambda: hass.states.is_state("lock.cour", "open"), "the opening")
        # Five seconds after it was opened it is locked again.
        await until(lambda: len(zigbee.messages) == 2, "the lock is told to lock")
        assert zigbee.messages[1] == ("zigbee2mqtt/bolt/set", "LOCK")


async def test_a_siren_gets_its_end_along_and_is_told_to_be_silent(
    hass: HomeAssistant,
    people: dict[str, User],
    broker: MqttBroker,
    gateway: MockConfigEntry,
) -> None:
    await set_up(
        hass, practice_entry(people, siren_subentry("siren.tower", tone="burglar"))
    )

    async def turn(wanted: str) -> None:
        await hass.services.async_call(
            "siren",
            f"turn_{wanted}",
            {"entity_id": "siren.rue"},
            blocking=True,
            context=context_of(people["manager"]),
        )

    async with MqttPeer(broker.port) as zigbee:
        await zigbee.subscribe("zigbee2mqtt/tower/set")
        await turn("on")
        await until(lambda: zigbee.messages, "the command")
        assert json.loads(zigbee.messages[0][1]) == {
            "state": "ON",
            "duration": 180,
            "tone": "burglar",
        }
        await zigbee.publish("zigbee2mqtt/tower", '{"state": "ON"}')
        await until(lambda: hass.states.is_state("siren.rue", "on"), "sounding")
        await turn("off")
        await until(lambda: len(zigbee.messages) == 2, "silence")
        assert json.loads(zigbee.messages[1][1]) == {"state": "OFF"}
