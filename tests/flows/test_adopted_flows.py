"""Adopt entities: what is asked, refused, told and stored."""

from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import SOURCE_RECONFIGURE, SOURCE_USER, ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import InvalidData
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .steps import defaults, go_on, suggested


async def begin(hass: HomeAssistant, practice: MockConfigEntry, kind: str) -> dict:
    return await hass.config_entries.subentries.async_init(
        (practice.entry_id, kind), context={"source": SOURCE_USER}
    )


async def change(
    hass: HomeAssistant, practice: MockConfigEntry, subentry: ConfigSubentry
) -> dict:
    return await hass.config_entries.subentries.async_init(
        (practice.entry_id, subentry.subentry_type),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": subentry.subentry_id},
    )


def only(practice: MockConfigEntry, kind: str) -> ConfigSubentry:
    (subentry,) = practice.get_subentries_of_type(kind)
    return subentry


def facts(flow: dict) -> str:
    assert flow["step_id"] == "check"
    return flow["description_placeholders"]["facts"]


@pytest.fixture(autouse=True)
def entities(hass: HomeAssistant) -> None:
    """Have entities to choose from."""
    states = hass.states
    states.async_set("lock.bolt", "locked", {"supported_features": 1})
    states.async_set("lock.plain", "locked", {"supported_features": 0})
    states.async_set("button.opener", "unknown")
    states.async_set("switch.relay", "off")
    states.async_set("switch.blind", "off", {"assumed_state": True})
    states.async_set("cover.gate", "closed", {"device_class": "gate"})
    states.async_set("event.bell", "unknown", {"event_types": ["ring", "long"]})
    states.async_set("event.sos", "unknown", {"event_types": ["single", "double"]})
    states.async_set("binary_sensor.loop", "off")
    states.async_set("binary_sensor.contact", "off", {"device_class": "door"})
    states.async_set("binary_sensor.tamper", "off", {"device_class": "tamper"})
    states.async_set("camera.street", "idle")
    states.async_set(
        "siren.tower",
        "off",
        {"supported_features": 31, "available_tones": {"1": "fire", "2": "burglar"}},
    )
    states.async_set("siren.endless", "off", {"supported_features": 1})
    states.async_set("siren.plain", "off", {"supported_features": 3})
    states.async_set("light.lamp", "off", {"supported_features": 8})
    states.async_set("light.plain", "off", {"supported_features": 0})
    states.async_set("media_player.box", "idle", {"supported_features": 4 | 512 | 4096})
    states.async_set("media_player.radio", "idle", {"supported_features": 1})


# --- doors ------------------------------------------------------------------------------------


def door(opener: str, **changes: Any) -> dict[str, Any]:
    return {"name": "Cour", "opener": opener, "exit_declared": True} | changes


async def test_a_door_is_added_with_all_its_parts(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    registry = er.async_get(hass)
    lock = registry.async_get_or_create("lock", "test", "bolt", suggested_object_id="l")
    hass.states.async_set(lock.entity_id, "locked", {"supported_features": 1})
    flow = await begin(hass, practice, "door")
    assert flow["step_id"] == "user"
    flow = await go_on(hass, flow, door(lock.entity_id))
    assert flow["step_id"] == "parts"
    flow = await go_on(
        hass,
        flow,
        {
            "open_for": 8,
            "lock_again": True,
            "bell": "event.bell",
            "contact": "binary_sensor.contact",
            "tamper": "binary_sensor.tamper",
            "camera": "camera.street",
            "check_in": 24,
        },
    )
    assert flow["step_id"] == "bell"
    assert defaults(flow) == {"press_types": ["ring"]}
    flow = await go_on(hass, flow, {"press_types": ["ring"]})
    assert "The lock can be opened" in facts(flow)
    assert "The contact proves" in facts(flow)
    assert "no picture" not in facts(flow)
    result = await go_on(hass, flow, {})
    assert result["title"] == "Cour"
    assert dict(only(practice, "door").data) == {
        "opener": lock.id,
        "domain": "lock",
        "opener_tells": True,
        "open_for": 8,
        "lock_again": True,
        "switches_off": True,
        "bell": {
            "entity": "event.bell",
            "press_types": ["ring"],
            "normally_closed": False,
            "trigger": None,
        },
        "contact": "binary_sensor.contact",
        "tamper": "binary_sensor.tamper",
        "camera": "camera.street",
        "check_in": 24,
        "exit_declared": True,
    }


@pytest.mark.parametrize(
    ("opener", "parts", "told"),
    [
        ("lock.bolt", {"lock_again": False}, "does not lock it again"),
        ("lock.plain", {}, "can only be unlocked"),
        ("button.opener", {}, "never tells whether the door is locked"),
        ("button.opener", {}, "recorded as unconfirmed"),
        ("button.opener", {"contact": "binary_sensor.contact"}, "The contact proves"),
        ("switch.relay", {"switches_off": True}, "as you declared"),
        ("switch.relay", {"switches_off": False}, "Warning"),
        ("switch.relay", {"switches_off": True}, "Without a contact"),
        ("switch.blind", {"switches_off": True}, "only believed"),
        ("cover.gate", {}, "closed only when somebody asks"),
        ("cover.gate", {}, "cannot be kept unlocked"),
        ("cover.gate", {}, "Without a bell"),
        ("cover.gate", {"bell": "binary_sensor.loop"}, "a second visitor"),
        ("cover.gate", {"bell": "button.opener"}, "heard at once"),
    ],
)
async def test_the_check_tells_what_the_choice_can_and_cannot_do(
    hass: HomeAssistant,
    practice: MockConfigEntry,
    opener: str,
    parts: dict[str, Any],
    told: str,
) -> None:
    flow = await go_on(hass, await begin(hass, practice, "door"), door(opener))
    flow = await go_on(hass, flow, {"open_for": 5} | parts)
    assert told in facts(flow)


async def test_the_check_speaks_french(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    hass.config.language = "fr"
    flow = await go_on(hass, await begin(hass, practice, "door"), door("button.opener"))
    flow = await go_on(hass, flow, {"open_for": 5})
    assert "ne dit jamais si la porte est verrouillée" in facts(flow)


async def test_a_door_without_a_declared_exit_is_refused(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    flow = await begin(hass, practice, "door")
    flow = await go_on(hass, flow, door("lock.bolt", exit_declared=False))
    assert flow["errors"] == {"exit_declared": "exit_not_declared"}


def add(
    hass: HomeAssistant, practice: MockConfigEntry, kind: str, title: str, **data: Any
) -> None:
    hass.config_entries.async_add_subentry(
        practice,
        ConfigSubentry(
            data=MappingProxyType(data), subentry_type=kind, title=title, unique_id=None
        ),
    )


@pytest.mark.parametrize("name", ["Entrée", "ENTRÉE ", "Démo", "Platine"])
async def test_no_two_doors_have_one_name(
    hass: HomeAssistant, practice: MockConfigEntry, name: str
) -> None:
    add(hass, practice, "station", "Platine", doors=[{"name": "Entrée"}])
    add(hass, practice, "demo", "Démonstration", name="Démo")
    flow = await begin(hass, practice, "door")
    flow = await go_on(hass, flow, door("lock.bolt", name=name))
    assert flow["errors"] == {"name": "name_taken"}
    flow = await go_on(hass, flow, door("lock.bolt", name=" "))
    assert flow["errors"] == {"name": "name_missing"}


async def test_no_two_doors_are_opened_by_one_thing(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    add(hass, practice, "door", "Entrée", opener="lock.bolt")
    flow = await begin(hass, practice, "door")
    flow = await go_on(hass, flow, door("lock.bolt"))
    assert flow["errors"] == {"opener": "opener_taken"}


async def test_what_is_ours_is_refused_alone_and_in_a_group(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    ours = er.async_get(hass).async_get_or_create("lock", "cabinet_secure", "door")
    hass.states.async_set(ours.entity_id, "locked")
    hass.states.async_set("lock.all", "locked", {"entity_id": [ours.entity_id]})
    flow = await begin(hass, practice, "door")
    with pytest.raises(InvalidData):
        await go_on(hass, flow, door(ours.entity_id))
    flow = await go_on(hass, flow, door("lock.all"))
    assert flow["errors"] == {"opener": "own_entity"}
    flow = await go_on(hass, flow, door("cover.gate"))
    hass.states.async_set(
        "binary_sensor.any",
        "off",
        {"device_class": "door", "entity_id": [ours.entity_id]},
    )
    flow = await go_on(hass, flow, {"open_for": 5, "contact": "binary_sensor.any"})
    assert flow["errors"] == {"contact": "own_entity"}


async def test_a_door_is_changed_and_what_was_emptied_is_forgotten(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    flow = await go_on(hass, await begin(hass, practice, "door"), door("switch.relay"))
    flow = await go_on(
        hass,
        flow,
        {
            "open_for": 3,
            "switches_off": False,
            "bell": "event.bell",
            "contact": "binary_sensor.contact",
        },
    )
    flow = await go_on(hass, flow, {"press_types": ["long"]})
    await go_on(hass, flow, {})

    flow = await change(hass, practice, only(practice, "door"))
    assert suggested(flow) == door("switch.relay")
    flow = await go_on(hass, flow, door("switch.relay", name="Cour nord"))
    known = suggested(flow)
    assert (known["open_for"], known["bell"]) == (3, "event.bell")
    flow = await go_on(
        hass, flow, {"open_for": 4, "switches_off": True, "bell": "event.bell"}
    )
    assert defaults(flow) == {"press_types": ["long"]}
    flow = await go_on(hass, flow, {"press_types": ["ring", "long"]})
    result = await go_on(hass, flow, {})
    assert result["reason"] == "reconfigure_successful"
    changed = only(practice, "door")
    assert changed.title == "Cour nord"
    assert changed.data["open_for"] == 4
    assert changed.data["contact"] is None
    assert changed.data["bell"]["press_types"] == ["ring", "long"]


MEANING = {"kind": "hold_up", "gesture": "double", "audible": False}


# --- panic buttons ----------------------------------------------------------------------------


async def test_a_panic_button_is_an_event_of_the_chosen_types(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    flow = await begin(hass, practice, "panic_button")
    flow = await go_on(hass, flow, {"name": "Bureau"})
    assert flow["errors"] == {"press": "press_missing"}
    flow = await go_on(hass, flow, {"name": "Bureau", "press": "event.sos"})
    assert flow["step_id"] == "press"
    assert defaults(flow) == {"press_types": ["single", "double"]}
    flow = await go_on(hass, flow, {"press_types": ["single"]})
    assert flow["step_id"] == "meaning"
    assert suggested(flow) == MEANING | {"location": ""}
    flow = await go_on(hass, flow, MEANING | {"gesture": "long"})
    assert flow["errors"] == {"gesture": "press_has_no_end"}
    flow = await go_on(hass, flow, MEANING | {"location": "Accueil"})
    assert "Every press that counts is heard" in facts(flow)
    await go_on(hass, flow, {})
    assert dict(only(practice, "panic_button").data) == {
        "press": {
            "entity": "event.sos",
            "press_types": ["single"],
            "normally_closed": False,
            "trigger": None,
        },
        "kind": "hold_up",
        "gesture": "double",
        "audible": False,
        "location": "Accueil",
        "check_in": None,
    }


async def test_several_types_that_count_are_warned_of(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    flow = await begin(hass, practice, "panic_button")
    flow = await go_on(hass, flow, {"name": "Bureau", "press": "event.sos"})
    flow = await go_on(hass, flow, {"press_types": ["single", "double"]})
    flow = await go_on(hass, flow, MEANING)
    assert "a single press counts as a double one" in facts(flow)


async def test_a_panic_button_is_a_wired_loop(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    flow = await begin(hass, practice, "panic_button")
    flow = await go_on(
        hass, flow, {"name": "Bureau", "press": "binary_sensor.loop", "check_in": 2}
    )
    assert flow["step_id"] == "loop"
    flow = await go_on(hass, flow, {"normally_closed": True})
    flow = await go_on(hass, flow, MEANING | {"gesture": "long"})
    assert "wire fault" in facts(flow)
    await go_on(hass, flow, {})
    subentry = only(practice, "panic_button")
    assert subentry.data["press"]["normally_closed"] is True
    flow = await change(hass, practice, subentry)
    assert suggested(flow)["check_in"] == 2
    flow = await go_on(hass, flow, {"name": "Bureau", "press": "binary_sensor.loop"})
    assert defaults(flow) == {"normally_closed": True}
    flow = await go_on(hass, flow, {"normally_closed": False})
    assert suggested(flow)["gesture"] == "long"
    flow = await go_on(hass, flow, MEANING)
    await go_on(hass, flow, {})
    changed = only(practice, "panic_button").data
    assert (changed["press"]["normally_closed"], changed["check_in"]) == (False, None)


async def test_a_panic_button_is_a_button_with_nothing_to_choose(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    flow = await begin(hass, practice, "panic_button")
    flow = await go_on(hass, flow, {"name": "Bureau", "press": "button.opener"})
    flow = await go_on(hass, flow, MEANING)
    assert "Every press in Home Assistant" in facts(flow)


async def test_a_device_without_an_entity_offers_its_triggers(
    hass: HomeAssistant,
    practice: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = MockConfigEntry(domain="test")
    other.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=other.entry_id, identifiers={("test", "sos")}
    )
    trigger = {
        "platform": "device",
        "domain": "test",
        "device_id": device.id,
        "type": "action",
        "subtype": "emergency",
    }

    async def offered(*_args: object) -> dict:
        return {
            device.id: [
                {**trigger, "entity_id": "x", "type": "turned_on"},
                {**trigger, "metadata": {}},
            ]
        }

    monkeypatch.setattr(
        "custom_components.cabinet_secure.adopted_flow.async_get_device_automations",
        offered,
    )
    for kind, first, second in (
        (
            "panic_button",
            {"name": "Bureau", "press_device": device.id},
            None,
        ),
        ("door", door("cover.gate"), {"open_for": 5, "bell_device": device.id}),
    ):
        flow = await go_on(hass, await begin(hass, practice, kind), first)
        if second is not None:
            flow = await go_on(hass, flow, second)
        options = flow["data_schema"].schema["trigger"].config["options"]
        assert options == [{"value": "0", "label": "action · emergency"}]
        flow = await go_on(hass, flow, {"trigger": "0"})
        if kind == "panic_button":
            flow = await go_on(hass, flow, MEANING)
        assert "heard by a trigger" in facts(flow)
        await go_on(hass, flow, {})
    stored = only(practice, "panic_button").data["press"]
    assert (stored["entity"], stored["trigger"]) == (None, trigger)
    assert only(practice, "door").data["bell"]["trigger"] == trigger
    flow = await change(hass, practice, only(practice, "panic_button"))
    assert suggested(flow)["press_device"] == device.id


async def test_a_device_that_is_gone_offers_nothing(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    flow = await begin(hass, practice, "panic_button")
    flow = await go_on(hass, flow, {"name": "Bureau", "press_device": "gone"})
    assert flow["data_schema"].schema["trigger"].config["options"] == []


# --- sirens -----------------------------------------------------------------------------------


async def test_a_siren_is_added_with_its_tone_and_volume(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    flow = await begin(hass, practice, "siren")
    flow = await go_on(
        hass, flow, {"name": "Rue", "siren": "siren.tower", "place": "indoors"}
    )
    assert flow["step_id"] == "sound"
    assert flow["data_schema"].schema["longest"].config["max"] == 900
    assert flow["data_schema"].schema["tone"].config["options"] == ["fire", "burglar"]
    flow = await go_on(hass, flow, {"longest": 600, "tone": "burglar", "volume": 80})
    assert "ends even if Home Assistant stops" in facts(flow)
    await go_on(hass, flow, {})
    assert dict(only(practice, "siren").data) == {
        "siren": "siren.tower",
        "domain": "siren",
        "place": "indoors",
        "longest": 600,
        "tone": "burglar",
        "volume": 80,
        "media": None,
        "check_in": None,
    }


async def test_outdoors_a_siren_sounds_for_three_minutes_at_most(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    flow = await begin(hass, practice, "siren")
    flow = await go_on(
        hass, flow, {"name": "Rue", "siren": "siren.plain", "place": "indoors"}
    )
    flow = await go_on(hass, flow, {"longest": 900})
    await go_on(hass, flow, {})
    flow = await change(hass, practice, only(practice, "siren"))
    flow = await go_on(
        hass, flow, {"name": "Rue", "siren": "siren.plain", "place": "outdoors"}
    )
    assert defaults(flow)["longest"] == 180
    with pytest.raises(InvalidData):
        await go_on(hass, flow, {"longest": 181})


@pytest.mark.parametrize(
    ("entity", "error"),
    [
        ("siren.endless", "siren_cannot_stop"),
        ("media_player.radio", "player_cannot_serve"),
    ],
)
async def test_what_cannot_be_silenced_is_refused(
    hass: HomeAssistant, practice: MockConfigEntry, entity: str, error: str
) -> None:
    flow = await begin(hass, practice, "siren")
    flow = await go_on(
        hass, flow, {"name": "Rue", "siren": entity, "place": "outdoors"}
    )
    assert flow["errors"] == {"siren": error}


@pytest.mark.parametrize(
    ("entity", "sound", "told"),
    [
        ("siren.plain", {}, "Only Home Assistant ends it"),
        ("switch.relay", {}, "Only Home Assistant ends it"),
        ("light.lamp", {}, "flashes"),
        ("light.plain", {}, "cannot flash"),
        ("media_player.box", {"volume": 70}, "comes with Cabinet Secure"),
        (
            "media_player.box",
            {
                "media": {
                    "entity_id": "media_player.box",
                    "media_content_id": "media-source://x",
                    "media_content_type": "audio/wav",
                }
            },
            "what you chose",
        ),
    ],
)
async def test_the_check_tells_how_what_serves_as_a_siren_sounds(
    hass: HomeAssistant,
    practice: MockConfigEntry,
    entity: str,
    sound: dict[str, Any],
    told: str,
) -> None:
    flow = await begin(hass, practice, "siren")
    flow = await go_on(
        hass, flow, {"name": "Rue", "siren": entity, "place": "outdoors", "check_in": 2}
    )
    flow = await go_on(hass, flow, {"longest": 60} | sound)
    assert told in facts(flow)
