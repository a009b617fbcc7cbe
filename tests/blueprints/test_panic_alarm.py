"""The blueprints for calls for help: what exactly arrives at whose phone."""

from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.cabinet_secure.practice.events import PanicPressed
from tests.blueprints.conftest import Practice, automate
from tests.blueprints.phones import Phone
from tests.practices import context_of

pytestmark = pytest.mark.filterwarnings(
    "ignore:It is recommended to use web.RequestKey"
)

type Phones = dict[str, Phone]
PANIC_ALARM = "panic_alarm"
ATTACK_ALERT = "attack_alert"


async def set_up(hass: HomeAssistant, blueprint: str, **inputs: Any) -> None:
    """Make an automation from a blueprint."""
    await automate(
        hass,
        {
            "id": blueprint,
            "alias": blueprint,
            "use_blueprint": {
                "path": f"cabinet-secure/{blueprint}.yaml",
                "input": inputs,
            },
        },
    )


async def act(practice: Practice, action: str, who: str, **data: Any) -> None:
    """Take an action of the panic chain as somebody."""
    await practice.hass.services.async_call(
        "cabinet_secure",
        action,
        data,
        blocking=True,
        context=context_of(practice.people[who]),
    )
    await practice.settle()


async def call(practice: Practice, who: str = "doctor", **data: Any) -> None:
    """Call for help without a sound, from room 2."""
    await act(
        practice,
        "raise_panic",
        who,
        **({"location": "Salle 2", "confirmed": True} | data),
    )


def panic_id(practice: Practice) -> str:
    return str(practice.entry.runtime_data.state.panic.panics[-1].id)


def acknowledgement(push: dict[str, Any]) -> str:
    """Return the identifier of the button that acknowledges."""
    action = push["data"]["actions"][0]["action"]
    assert action.startswith("CABINET_SECURE_")
    return str(action)


def is_dark_and_silent(push: dict[str, Any]) -> bool:
    """Whether neither an iPhone nor an Android makes a sound or lights its screen."""
    data = push["data"]
    return (
        data["push"] == {"interruption-level": "passive", "sound": "none"}
        and data["importance"] == "min"
        and data["channel"] == "Appels à l'aide, en silence"
        and data["visibility"] == "secret"
        and "actions" not in data
    )


async def test_off_site_phones_ring_even_when_silenced(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    both = [phones["desk"].device, phones["doctor"].device]
    await set_up(hass, PANIC_ALARM, step_1_phones=both, volume=80)
    await call(practice)
    android, iphone = phones["desk"].one(), phones["doctor"].one()
    # One payload for both: each app takes the keys that it knows.
    assert android == iphone
    assert android == {
        "title": "Alarme agression",
        "message": "Salle 2, 10:30",
        "data": {
            "tag": f"cabinet_secure_panic_{panic_id(practice)}",
            "group": "cabinet_secure",
            "visibility": "private",
            "notification_icon": "mdi:alarm-light",
            "ttl": 0,
            "priority": "high",
            "channel": "alarm_stream",
            "importance": "high",
            "sticky": "true",
            "clickAction": "/lovelace",
            "url": "/lovelace",
            "push": {
                "interruption-level": "critical",
                "sound": {"name": "default", "critical": 1, "volume": 0.8},
            },
            "actions": [
                {
                    "action": acknowledgement(android),
                    "title": "Je m'en occupe",
                    "authenticationRequired": True,
                },
                {
                    "action": "URI",
                    "title": "Ouvrir l'application",
                    "uri": "/lovelace",
                },
            ],
        },
    }


async def test_phones_at_the_place_stay_dark_and_silent_to_the_end(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    place = [phones["desk"].device, phones["mop"].device]
    # Whoever is in both lists is at the place.
    await set_up(
        hass,
        PANIC_ALARM,
        step_1_phones=[phones["doctor"].device, phones["desk"].device],
        place_phones=place,
    )
    await call(practice)
    await practice.wait(60)
    await act(practice, "acknowledge_panic", "doctor")
    await act(practice, "reset_panic", "manager")
    for name in ("desk", "mop"):
        pushes = phones[name].new()
        assert [push["title"] for push in pushes] == [
            "Alarme agression",
            "doctor s'en occupe",
            "Terminé : manager",
        ]
        assert all(is_dark_and_silent(push) for push in pushes)


async def test_it_is_told_to_more_and_more_until_somebody_acknowledges(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    await set_up(
        hass,
        PANIC_ALARM,
        step_1_phones=[phones["doctor"].device],
        step_2_phones=[phones["desk"].device],
        step_3_phones=[phones["mop"].device],
    )
    told = []
    await call(practice)
    for _ in range(4):
        told.append([name for name in phones if phones[name].new()])
        await practice.wait(30)
    told.append([name for name in phones if phones[name].new()])
    assert told == [
        ["doctor"],
        ["desk", "doctor"],
        ["desk", "doctor"],
        ["desk", "doctor", "mop"],
        ["desk", "doctor", "mop"],
    ]


async def test_a_tap_acknowledges_for_everybody(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    both = [phones["desk"].device, phones["doctor"].device]
    await set_up(hass, PANIC_ALARM, step_1_phones=both)
    await call(practice, "cleaner")
    phones["desk"].new()
    await phones["doctor"].tap(acknowledgement(phones["doctor"].one()))
    await practice.settle()
    for name in ("desk", "doctor"):
        push = phones[name].one()
        assert push["title"] == "doctor s'en occupe"
        assert "actions" not in push["data"]
    await practice.wait(120)
    assert phones["desk"].new() == []


async def test_whoever_may_not_acknowledge_is_told_that_it_does_not_count(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    both = [phones["mop"].device, phones["doctor"].device]
    await set_up(hass, PANIC_ALARM, step_1_phones=both)
    await call(practice)
    phones["doctor"].new()
    await phones["mop"].tap(acknowledgement(phones["mop"].one()))
    await practice.settle()
    push = phones["mop"].one()
    assert push["title"].startswith("Votre réponse ne compte pas")
    assert push["data"]["tag"].endswith("_answer")
    assert phones["doctor"].new() == []
    await practice.wait(30)
    assert phones["doctor"].one()["title"] == "Alarme agression"


async def test_a_drill_is_marked_and_reaches_nobody_outside(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    acted = async_mock_service(hass, "test", "phone")
    await set_up(
        hass,
        PANIC_ALARM,
        step_1_phones=[phones["doctor"].device],
        outside_phones=[phones["mop"].device],
        first_actions=[{"action": "test.phone"}],
        last_actions=[{"action": "test.phone"}],
    )
    await act(practice, "start_drill", "manager")
    assert phones["doctor"].one()["title"] == "EXERCICE – Alarme agression"
    await practice.wait(30)
    await act(practice, "reset_panic", "manager")
    assert phones["doctor"].titles() == [
        "EXERCICE – Alarme agression",
        "EXERCICE – Terminé : manager",
    ]
    assert phones["mop"].new() == []
    assert acted == []
    await call(practice)
    assert phones["mop"].one()["title"] == "Alarme agression"
    assert len(acted) == 1


async def test_a_phone_that_fails_stops_no_other(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    practice.push_server.refused.add("desk")
    acted = async_mock_service(hass, "test", "phone")
    await set_up(
        hass,
        PANIC_ALARM,
        step_1_phones=["gone", *(phones[name].device for name in phones)],
        first_actions=[{"action": "test.phone"}],
    )
    await call(practice)
    assert phones["doctor"].one()["title"] == "Alarme agression"
    assert phones["mop"].one()["title"] == "Alarme agression"
    assert len(acted) == 1


@pytest.mark.parametrize("audible", [False, True])
async def test_lights_and_sounds_are_for_calls_that_may_be_heard(
    hass: HomeAssistant, practice: Practice, phones: Phones, audible: bool
) -> None:
    calls: dict[str, list[ServiceCall]] = {
        name: async_mock_service(hass, *name.split("."))
        for name in ("light.turn_on", "media_player.play_media")
    }
    await set_up(
        hass,
        PANIC_ALARM,
        step_1_phones=[phones["doctor"].device],
        lights=["light.room"],
        far_lights=["light.flat"],
        players=["media_player.hall"],
    )
    await call(practice, audible=audible)
    (lit,) = calls["light.turn_on"]
    assert set(lit.data["entity_id"]) == (
        {"light.flat", "light.room"} if audible else {"light.flat"}
    )
    assert len(calls["media_player.play_media"]) == audible


async def test_other_sirens_sound_for_180_seconds_at_most(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    siren = "siren.demonstration_siren"
    await practice.hass.services.async_call(
        "cabinet_secure", "raise_panic", {"kind": "assistance"}, blocking=True
    )
    await set_up(
        hass,
        PANIC_ALARM,
        step_1_phones=[phones["doctor"].device],
        other_sirens=[siren],
    )
    sirens = async_mock_service(hass, "siren", "turn_on")
    silent = async_mock_service(hass, "siren", "turn_off")
    await call(practice)
    assert sirens == []
    await call(practice, audible=True, location="Salle 3")
    assert sirens[0].data["duration"] == 180
    await practice.wait(181)
    assert len(silent) == 1
    await act(practice, "reset_panic", "manager")
    assert len(silent) > 1


@pytest.mark.parametrize(
    ("language", "kind", "own", "title"),
    [
        ("en", "assistance", "", "Assistance wanted"),
        ("fr", "duress", "", "Quelqu'un est sous la contrainte"),
        ("fr", "hold_up", "Code bleu", "Code bleu"),
    ],
)
async def test_the_words_are_those_that_were_chosen(
    hass: HomeAssistant,
    practice: Practice,
    phones: Phones,
    language: str,
    kind: str,
    own: str,
    title: str,
) -> None:
    await set_up(
        hass,
        PANIC_ALARM,
        step_1_phones=[phones["doctor"].device],
        language=language,
        title_text=own,
        message_text="{by} – {place}",
    )
    await call(practice, kind=kind)
    push = phones["doctor"].one()
    assert push["title"] == title
    assert push["message"] == "doctor – Salle 2"


async def test_what_is_doubtful_says_so(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    await set_up(hass, PANIC_ALARM, step_1_phones=[phones["doctor"].device])
    demo = practice.demo("Entrée")
    button = demo.panic_buttons[0].id
    demo.report(PanicPressed(equipment=demo.id, button=button, doubt=True))
    await practice.settle()
    assert phones["doctor"].one()["title"] == "Alarme agression (à confirmer)"


async def test_an_attack_is_read_in_silence_inside_and_heard_elsewhere(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    dark = async_mock_service(hass, "light", "turn_off")
    await set_up(
        hass,
        ATTACK_ALERT,
        inside_phones=[phones["desk"].device],
        step_1_phones=[phones["doctor"].device],
        dark_lights=["light.hall"],
    )
    await call(practice, kind="hold_up")
    assert phones["desk"].new() == phones["doctor"].new() == []
    # It becomes graver.
    await call(practice, kind="attack")
    inside, elsewhere = phones["desk"].one(), phones["doctor"].one()
    assert inside["title"] == elsewhere["title"] == "Alerte attaque"
    assert inside["message"].startswith("Échappez-vous ou enfermez-vous")
    assert inside["data"]["push"] == {
        "interruption-level": "time-sensitive",
        "sound": "none",
    }
    assert inside["data"]["importance"] == "low"
    assert "actions" not in inside["data"]
    assert elsewhere["message"] == "Salle 2, 10:30"
    assert elsewhere["data"]["push"]["interruption-level"] == "critical"
    assert elsewhere["data"]["channel"] == "alarm_stream"
    assert len(dark) == 1
    await phones["doctor"].tap(acknowledgement(elsewhere))
    await practice.settle()
    push = phones["desk"].one()
    assert push["title"] == "doctor s'en occupe"
    assert is_dark_and_silent(push)
    phones["doctor"].new()
    await act(practice, "reset_panic", "manager")
    assert phones["desk"].one()["title"] == "Terminé : manager"
