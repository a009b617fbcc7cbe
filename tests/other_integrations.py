"""Entities of other integrations, as a practice finds them: Home Assistant's own code.

Templates stand for devices: helpers are their insides, and what they are told is kept.
"""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

HELPERS = {
    "online": {"initial": True},
    "relay": {"initial": False},
    "contact": {"initial": False},
    "loop": {"initial": False},
    "tamper": {"initial": False},
    "gate": {"initial": False},
    "siren": {"initial": False},
    "battery_low": {"initial": False},
}


def _set(helper: str, *, on: bool) -> list[dict[str, Any]]:
    return [
        {
            "action": f"input_boolean.turn_{'on' if on else 'off'}",
            "target": {"entity_id": f"input_boolean.{helper}"},
        }
    ]


def _choose(state: str) -> list[dict[str, Any]]:
    return [
        {
            "action": "input_select.select_option",
            "target": {"entity_id": "input_select.bolt"},
            "data": {"option": state},
        }
    ]


def _is_on(helper: str) -> str:
    return f"{{{{ is_state('input_boolean.{helper}', 'on') }}}}"


def _entity(name: str) -> dict[str, Any]:
    return {"name": name, "unique_id": name, "availability": _is_on("online")}


TEMPLATES: list[dict[str, Any]] = [
    {
        "switch": _entity("relay")
        | {
            "state": _is_on("relay"),
            "turn_on": _set("relay", on=True),
            "turn_off": _set("relay", on=False),
        }
    },
    {
        "switch": _entity("siren_relay")
        | {
            "state": _is_on("siren"),
            "turn_on": _set("siren", on=True),
            "turn_off": _set("siren", on=False),
        }
    },
    {"button": _entity("opener") | {"press": [{"event": "opener_pressed"}]}},
    {
        "lock": _entity("bolt")
        | {
            "state": "{{ states('input_select.bolt') }}",
            "lock": _choose("locked"),
            "unlock": _choose("unlocked"),
            "open": _choose("open"),
        }
    },
    {
        "cover": _entity("gate")
        | {
            "device_class": "gate",
            "state": "{{ 'open' if is_state('input_boolean.gate', 'on') else 'closed' }}",
            "open_cover": _set("gate", on=True),
            "close_cover": _set("gate", on=False),
        }
    },
    *(
        {
            "binary_sensor": _entity(name)
            | {"state": _is_on(name), "device_class": device_class}
        }
        for name, device_class in (
            ("contact", "door"),
            ("tamper", "tamper"),
            ("loop", "safety"),
        )
    ),
    {
        "triggers": {"trigger": "event", "event_type": "bell_rung"},
        "event": {
            "name": "bell",
            "unique_id": "bell",
            "event_type": "{{ trigger.event.data.get('type', 'ring') }}",
            "event_types": "{{ ['ring', 'long_press_start', 'multi_press_end'] }}",
        },
    },
]


async def set_up_devices(hass: HomeAssistant) -> None:
    """Set up the devices of a house: relay, lock, gate, contacts, bell, loop."""
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(
        hass, "input_boolean", {"input_boolean": HELPERS}
    )
    assert await async_setup_component(
        hass,
        "input_select",
        {
            "input_select": {
                "bolt": {"options": ["locked", "unlocked", "open", "jammed"]}
            }
        },
    )
    assert await async_setup_component(hass, "template", {"template": TEMPLATES})
    await hass.async_block_till_done()


async def set_helper(hass: HomeAssistant, name: str, *, on: bool) -> None:
    """Change something inside of a device."""
    await hass.services.async_call(
        "input_boolean",
        "turn_on" if on else "turn_off",
        {"entity_id": f"input_boolean.{name}"},
        blocking=True,
    )
    await hass.async_block_till_done()


def is_on(hass: HomeAssistant, name: str) -> bool:
    """Return how something inside of a device is."""
    return hass.states.is_state(f"input_boolean.{name}", "on")
