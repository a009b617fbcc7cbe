"""When something fails: other phones, the automation, a speaker."""

import asyncio
from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util import yaml as yaml_util
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.cabinet_secure.practice.events import (
    CallAnswered,
    CallEnded,
    CallStarted,
)
from tests.blueprints.conftest import Practice, automate, automation
from tests.blueprints.phones import ANDROID, Client, Phone, PushServer, register

pytestmark = pytest.mark.filterwarnings(
    "ignore:It is recommended to use web.RequestKey"
)

type Phones = dict[str, Phone]

RING = "Appel à l'entrée"


async def test_a_phone_that_cannot_be_pushed_to_does_not_stop_the_others(
    hass: HomeAssistant, practice: Practice, phones: Phones, push_server: PushServer
) -> None:
    push_server.refused.add("desk")
    await automate(
        hass, automation(step_1_phones=[each.device for each in phones.values()])
    )
    await practice.ring()
    assert not phones["desk"].new()
    assert phones["doctor"].titles() == phones["mop"].titles() == [RING]


async def test_a_phone_that_is_slow_does_not_hold_up_the_next(
    hass: HomeAssistant, practice: Practice, phones: Phones, push_server: PushServer
) -> None:
    push_server.slow["desk"] = asyncio.Event()
    await automate(
        hass, automation(step_1_phones=[each.device for each in phones.values()])
    )
    await practice.ring()
    assert phones["doctor"].titles() == phones["mop"].titles() == [RING]
    push_server.slow["desk"].set()
    await practice.settle()
    assert phones["desk"].titles() == [RING]


@pytest.mark.parametrize(
    "app_data",
    [
        pytest.param({"push_websocket_channel": True}, id="local push, not connected"),
        pytest.param({}, id="no notifications allowed"),
    ],
)
async def test_a_phone_that_has_no_push_now_does_not_stop_the_others(
    hass: HomeAssistant,
    practice: Practice,
    phones: Phones,
    hass_client: Client,
    push_server: PushServer,
    app_data: dict[str, bool],
) -> None:
    mute = await register(
        hass,
        hass_client,
        push_server,
        practice.people["manager"],
        "mute",
        ANDROID,
        app_data=app_data,
    )
    # Phones are served four at a time: the fifth follows the mute one.
    desk, doctor, mop = phones.values()
    listed = [mute, doctor, mop, doctor, desk]
    await automate(hass, automation(step_1_phones=[phone.device for phone in listed]))
    await practice.ring()
    for phone in phones.values():
        assert RING in phone.titles()


async def test_a_phone_that_is_gone_does_not_stop_the_others(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    desk, doctor, mop = phones.values()
    await automate(
        hass, automation(step_1_phones=[desk.device, doctor.device, mop.device])
    )
    device = dr.async_get(hass).async_get(desk.device)
    assert device is not None
    await hass.config_entries.async_remove(device.config_entry_id)
    await hass.async_block_till_done()
    assert dr.async_get(hass).async_get(desk.device) is None
    await practice.ring()
    assert doctor.titles() == mop.titles() == [RING]


async def test_a_phone_whose_app_is_not_loaded_does_not_stop_the_others(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    desk, doctor, _ = phones.values()
    await automate(hass, automation(step_1_phones=[desk.device, doctor.device]))
    device = dr.async_get(hass).async_get(desk.device)
    assert device is not None
    await hass.config_entries.async_unload(device.config_entry_id)
    await practice.ring()
    assert doctor.titles() == [RING]


async def test_an_answer_works_after_automations_were_reloaded(
    hass: HomeAssistant, practice: Practice, phones: Phones, tmp_path: Path
) -> None:
    desk, doctor, _ = phones.values()
    ours = automation(step_1_phones=[desk.device, doctor.device], clear_after=0)
    await automate(hass, ours)
    (tmp_path / "configuration.yaml").write_text(yaml_util.dump({"automation": [ours]}))
    await practice.ring()
    asked, _ = desk.one(), doctor.new()
    await hass.services.async_call("automation", "reload", blocking=True)
    await desk.tap(asked["data"]["actions"][0]["action"])
    await practice.settle()
    assert practice.openings() == 1
    assert doctor.titles() == ["Ouvert par manager"]


async def test_an_answer_works_while_the_automation_is_off(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    desk, *_ = phones.values()
    await automate(hass, automation(step_1_phones=[desk.device]))
    await practice.ring()
    asked = desk.one()
    await hass.services.async_call(
        "automation", "turn_off", {"entity_id": "automation.ring"}, blocking=True
    )
    await desk.tap(asked["data"]["actions"][0]["action"])
    await practice.settle()
    assert practice.openings() == 1


async def test_who_took_the_desk_phone_can_open_from_any_phone(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    desk, doctor, _ = phones.values()
    await automate(
        hass, automation(step_1_phones=[desk.device], step_2_phones=[doctor.device])
    )
    demo = practice.demo("Entrée")
    door = demo.doors[0].id
    demo.report(CallStarted(equipment=demo.id, door=door, call="1"))
    await practice.settle()
    assert desk.titles() == [RING]
    demo.report(CallAnswered(equipment=demo.id, call="1"))
    await practice.settle()
    taken = desk.one()
    assert taken["title"] == "Pris en charge par le poste fixe"
    assert taken["data"]["importance"] == "low"
    await desk.tap(taken["data"]["actions"][0]["action"])
    await practice.settle()
    assert practice.openings() == 1
    assert not doctor.new()


async def test_a_call_that_ends_at_the_desk_phone_is_cleared(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    desk, *_ = phones.values()
    await automate(hass, automation(step_1_phones=[desk.device]))
    demo = practice.demo("Entrée")
    demo.report(CallStarted(equipment=demo.id, door=demo.doors[0].id, call="1"))
    demo.report(CallAnswered(equipment=demo.id, call="1"))
    demo.report(CallEnded(equipment=demo.id, call="1"))
    await practice.settle()
    desk.new()
    await practice.wait(31)
    assert desk.one()["message"] == "clear_notification"


async def test_the_chime_and_the_voice_are_heard_once_and_not_in_silent_modes(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    played = async_mock_service(hass, "media_player", "play_media")
    spoken = async_mock_service(hass, "tts", "speak")
    desk, *_ = phones.values()
    await automate(
        hass,
        automation(
            step_1_phones=[desk.device],
            chime_players=["media_player.desk"],
            speakers=["media_player.office", "media_player.staff"],
            voice="tts.voice",
            sound_silent_modes=["closed"],
        ),
    )
    await practice.ring()
    await practice.wait(21)
    (chime,) = played
    assert chime.data == {
        "entity_id": ["media_player.desk"],
        "media_content_id": "media-source://media_source/local/chime.mp3",
        "media_content_type": "music",
        "announce": True,
    }
    (voice,) = spoken
    assert voice.data == {
        "entity_id": ["tts.voice"],
        "media_player_entity_id": ["media_player.office", "media_player.staff"],
        "message": "On sonne : Entrée",
    }
    await practice.set_mode("closed")
    await practice.ring("Cour")
    assert len(played) == len(spoken) == 1


async def test_a_speaker_that_fails_keeps_nobody_from_being_notified(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    desk, doctor, _ = phones.values()
    # There is no media player here, and nothing that speaks.
    await automate(
        hass,
        automation(
            step_1_phones=[desk.device, doctor.device],
            chime_players=["media_player.gone"],
            speakers=["media_player.gone"],
            voice="tts.gone",
        ),
    )
    await practice.ring()
    assert desk.titles() == doctor.titles() == [RING]
