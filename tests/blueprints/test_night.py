"""The night: after hours, closing and opening, and what no longer works."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.cabinet_secure.practice.events import DoorForced, EquipmentLost
from tests.blueprints.conftest import Practice, automate
from tests.blueprints.phones import Phone

pytestmark = pytest.mark.filterwarnings(
    "ignore:It is recommended to use web.RequestKey"
)

type Phones = dict[str, Phone]

ALARM = "alarm_control_panel.cabinet_alarm"
MODE = "select.cabinet_mode"
WINDOW, ROOM = "binary_sensor.window", "binary_sensor.waiting_room"


def night(blueprint: str, **inputs: Any) -> dict[str, Any]:
    """Return an automation made from a blueprint."""
    return {
        "id": blueprint,
        "alias": blueprint,
        "use_blueprint": {
            "path": f"cabinet-secure/{blueprint}.yaml",
            "input": inputs,
        },
    }


async def guard(hass: HomeAssistant, practice: Practice) -> None:
    """Give the alarm a window."""
    hass.states.async_set(WINDOW, "off", {"device_class": "window"})
    hass.config_entries.async_update_entry(
        practice.entry,
        options={
            **practice.entry.options,
            "alarm_perimeter": [WINDOW],
            "alarm_bypassable": [WINDOW],
        },
    )
    await hass.async_block_till_done()


async def test_a_ring_at_night_reaches_whoever_is_on_call(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    desk, doctor, mop = phones.values()
    await automate(
        hass,
        night("after_hours", step_1_phones=[doctor.device], alarm_phones=[mop.device]),
    )
    await practice.ring()
    assert not doctor.new()
    await practice.set_mode("on_call")
    await practice.ring("Cour")
    told = doctor.one()
    assert told["title"] == "Appel à l'entrée"
    assert told["message"] == "Cour, 10:30"
    assert not mop.new()
    assert not desk.new()
    await doctor.tap(told["data"]["actions"][0]["action"])
    await practice.settle()
    assert practice.openings("Cour") == 1


async def test_a_visitor_is_refused_by_voice_where_nobody_is_on_call(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    spoken = async_mock_service(hass, "tts", "speak")
    _, doctor, _ = phones.values()
    await automate(
        hass,
        night(
            "after_hours",
            step_1_phones=[doctor.device],
            speakers=["media_player.door"],
            voice="tts.voice",
        ),
    )
    await practice.set_mode("closed")
    await practice.ring()
    assert not doctor.new()
    (voice,) = spoken
    assert voice.data["media_player_entity_id"] == ["media_player.door"]
    assert voice.data["message"].startswith("Le cabinet est fermé.")


async def test_an_intrusion_is_told_with_picture_and_light_in_every_mode(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    lit = async_mock_service(hass, "light", "turn_on")
    _, doctor, mop = phones.values()
    await guard(hass, practice)
    await automate(
        hass,
        night(
            "after_hours",
            step_1_phones=[doctor.device],
            alarm_phones=[mop.device],
            camera="camera.entree_camera",
            lights=["light.hall"],
        ),
    )
    await practice.call("alarm_control_panel", "alarm_arm_home", ALARM)
    hass.states.async_set(WINDOW, "on", {"device_class": "window"})
    await practice.settle()
    for phone in (doctor, mop):
        told = phone.one()
        assert told["title"] == "Intrusion : window"
        assert told["data"]["image"] == "/api/camera_proxy/camera.entree_camera"
        assert told["data"]["entity_id"] == "camera.entree_camera"
    assert len(lit) == 1
    await practice.call("alarm_control_panel", "alarm_disarm", ALARM)
    assert doctor.titles() == ["Alarme terminée : manager"]
    assert len(lit) == 1
    # Whoever arms and disarms in the ordinary way troubles nobody.
    hass.states.async_set(WINDOW, "off", {"device_class": "window"})
    await practice.call("alarm_control_panel", "alarm_arm_home", ALARM)
    await practice.call("alarm_control_panel", "alarm_disarm", ALARM)
    assert not doctor.new()


async def test_a_forced_door_and_a_movement_are_told_at_night_only(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    sounded = async_mock_service(hass, "siren", "turn_on")
    _, doctor, _ = phones.values()
    hass.states.async_set(ROOM, "off")
    await automate(
        hass,
        night(
            "after_hours",
            step_1_phones=[doctor.device],
            movements=[ROOM],
            sirens=["siren.outdoors"],
        ),
    )
    demo = practice.demo("Entrée")

    async def happen() -> list[str | None]:
        demo.report(DoorForced(equipment=demo.id, door=demo.doors[0].id))
        hass.states.async_set(ROOM, "on")
        await practice.settle()
        hass.states.async_set(ROOM, "off")
        await practice.settle()
        return doctor.titles()

    assert await happen() == []
    await practice.set_mode("closed")
    assert sorted(map(str, await happen())) == ["Mouvement", "Porte forcée"]
    assert len(sounded) == 1


async def test_closing_arms_once_everything_is_closed(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    _, doctor, _ = phones.values()
    await guard(hass, practice)
    hass.states.async_set(ROOM, "off")
    await automate(
        hass,
        night(
            "opening_and_closing",
            step_1_phones=[doctor.device],
            alarm=ALARM,
            locks=["lock.entree"],
            contacts=[WINDOW],
            rooms=[ROOM],
        ),
    )
    await practice.set_mode("closed")
    await practice.settle()
    assert hass.states.is_state(ALARM, "arming")
    assert not doctor.new()


async def test_closing_tells_what_is_open_and_arms_when_it_is_not_any_more(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    _, doctor, _ = phones.values()
    await guard(hass, practice)
    hass.states.async_set(WINDOW, "on", {"friendly_name": "Fenêtre"})
    hass.states.async_set(ROOM, "on", {"friendly_name": "Salle d'attente"})
    await automate(
        hass,
        night(
            "opening_and_closing",
            step_1_phones=[doctor.device],
            alarm=ALARM,
            contacts=[WINDOW],
            rooms=[ROOM],
        ),
    )
    await practice.set_mode("closed")
    await practice.settle()
    told = doctor.one()
    assert told["title"] == "Pas fermé"
    assert told["message"] == "Fenêtre, Salle d'attente"
    assert hass.states.is_state(ALARM, "disarmed")
    hass.states.async_set(WINDOW, "off")
    hass.states.async_set(ROOM, "off")
    await practice.settle()
    assert hass.states.is_state(ALARM, "arming")


@pytest.mark.parametrize("anyway", [True, False])
async def test_a_window_that_stays_open_is_left_out_or_told_again(
    hass: HomeAssistant, practice: Practice, phones: Phones, anyway: bool
) -> None:
    _, doctor, _ = phones.values()
    await guard(hass, practice)
    hass.states.async_set(WINDOW, "on", {"device_class": "window"})
    await automate(
        hass,
        night(
            "opening_and_closing",
            step_1_phones=[doctor.device],
            alarm=ALARM,
            contacts=[WINDOW],
            arm_anyway=anyway,
        ),
    )
    await practice.set_mode("closed")
    await practice.settle()
    assert doctor.titles() == ["Pas fermé"]
    await practice.wait(15 * 60 + 1)
    assert hass.states.is_state(ALARM, "arming" if anyway else "disarmed")
    assert doctor.titles() == ([] if anyway else ["L'alarme n'est pas armée"])


async def test_opening_lights_up_and_hides_and_disarms_only_with_the_right(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    lit = async_mock_service(hass, "light", "turn_on")
    hidden = async_mock_service(hass, "switch", "turn_on")
    _, doctor, _ = phones.values()
    await guard(hass, practice)
    await practice.call("alarm_control_panel", "alarm_arm_home", ALARM)
    await automate(
        hass,
        night(
            "opening_and_closing",
            step_1_phones=[doctor.device],
            alarm=ALARM,
            disarm=True,
            lights=["light.hall"],
            privacy=["switch.room_privacy"],
        ),
    )
    await practice.call("select", "select_option", MODE, user=None, option="open")
    await practice.settle()
    assert [call.data["entity_id"] for call in lit] == [["light.hall"]]
    assert [call.data["entity_id"] for call in hidden] == [["switch.room_privacy"]]
    # Nobody stands behind an automation.
    assert hass.states.is_state(ALARM, "armed_home")


async def test_what_no_longer_works_is_told(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    _, doctor, _ = phones.values()
    await guard(hass, practice)
    hass.states.async_set("sensor.lock_battery", "80", {"friendly_name": "Serrure"})
    hass.states.async_set("binary_sensor.internet", "on", {"friendly_name": "Box"})
    await automate(
        hass,
        night(
            "equipment_watch",
            step_1_phones=[doctor.device],
            batteries=["sensor.lock_battery"],
            supplies=["binary_sensor.internet"],
        ),
    )
    hass.states.async_set("sensor.lock_battery", "15", {"friendly_name": "Serrure"})
    hass.states.async_set("binary_sensor.internet", "off", {"friendly_name": "Box"})
    hass.states.async_set(WINDOW, "unavailable")
    demo = practice.demo("Entrée")
    demo.report(EquipmentLost(equipment=demo.id))
    await practice.settle()
    told = doctor.one()
    assert (told["title"], told["message"]) == ("Pile faible", "Serrure")
    await practice.wait(61)
    assert doctor.titles() == ["Ne répond plus"]
    await practice.wait(60)
    assert sorted(map(str, doctor.titles())) == [
        "Coupure de courant ou d'internet",
        # Nobody could call for help at the door that does not answer.
        "Quelque chose ne va pas",
        "Un capteur de l'alarme ne répond plus",
    ]
    hass.states.async_set("binary_sensor.internet", "on", {"friendly_name": "Box"})
    await practice.settle()
    assert doctor.titles() == ["Courant ou internet revenu"]


async def test_watching_nothing_but_the_practice_is_enough(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    _, doctor, _ = phones.values()
    await automate(hass, night("equipment_watch", step_1_phones=[doctor.device]))
    demo = practice.demo("Cour")
    demo.report(EquipmentLost(equipment=demo.id))
    await practice.wait(61)
    assert doctor.titles() == ["Ne répond plus"]
