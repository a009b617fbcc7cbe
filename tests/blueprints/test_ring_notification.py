"""The notification of a ring: what exactly arrives at a phone."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from tests.blueprints.conftest import Practice, automate, automation
from tests.blueprints.phones import Phone

pytestmark = pytest.mark.filterwarnings(
    "ignore:It is recommended to use web.RequestKey"
)

type Phones = dict[str, Phone]


async def ring(
    hass: HomeAssistant, practice: Practice, phones: Phones, **inputs: Any
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Ring at the entrance; return what the Android and the iPhone get."""
    both = [phones["desk"].device, phones["doctor"].device]
    await automate(hass, automation(step_1_phones=both, **inputs))
    await practice.ring()
    return phones["desk"].one(), phones["doctor"].one()


def answers_of(push: dict[str, Any]) -> list[str]:
    """Return the identifiers of its buttons, each of ours unguessable and different."""
    actions = [each["action"] for each in push["data"]["actions"]]
    ours = [action for action in actions if action != "URI"]
    assert all(action.startswith("CABINET_SECURE_") for action in ours)
    assert len(set(ours)) == len(ours)
    return actions


async def test_an_android_phone_gets_every_field_that_a_ring_needs(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    push, _ = await ring(hass, practice, phones)
    opening, refusing, seeing = answers_of(push)
    ring_id = practice.entry.runtime_data.state.rings[0].id
    assert push == {
        "title": "Appel à l'entrée",
        "message": "Entrée, 10:30",
        "data": {
            "tag": f"cabinet_secure_ring_{ring_id}",
            "group": "cabinet_secure",
            "channel": "Appels",
            "importance": "high",
            "ttl": 0,
            "priority": "high",
            "visibility": "private",
            "notification_icon": "mdi:doorbell",
            "actions": [
                {"action": opening, "title": "Ouvrir", "authenticationRequired": True},
                {"action": refusing, "title": "Refuser"},
                {
                    "action": seeing,
                    "title": "Voir",
                    "uri": "entityId:camera.demonstration_camera",
                },
            ],
            "clickAction": "entityId:camera.demonstration_camera",
            "sticky": "true",
            "timeout": 120,
            "image": "/api/image_proxy/image.entree_visitor",
        },
    }


async def test_an_iphone_gets_every_field_that_a_ring_needs(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    _, push = await ring(hass, practice, phones)
    opening, refusing, seeing = answers_of(push)
    ring_id = practice.entry.runtime_data.state.rings[0].id
    live = "/lovelace?more-info-entity-id=camera.demonstration_camera"
    assert push == {
        "title": "Appel à l'entrée",
        "message": "Entrée, 10:30",
        "data": {
            "tag": f"cabinet_secure_ring_{ring_id}",
            "group": "cabinet_secure",
            "push": {"interruption-level": "time-sensitive", "sound": "default"},
            "actions": [
                {"action": opening, "title": "Ouvrir", "authenticationRequired": True},
                {"action": refusing, "title": "Refuser", "destructive": True},
                {"action": seeing, "title": "Voir", "uri": live},
            ],
            "url": live,
            "entity_id": "camera.demonstration_camera",
            "attachment": {"content-type": "jpeg", "hide-thumbnail": True},
        },
    }


async def test_it_speaks_english(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    push, _ = await ring(hass, practice, phones, language="en")
    assert push["title"] == "Ring at the entrance"
    assert push["data"]["channel"] == "Rings"
    assert [each["title"] for each in push["data"]["actions"]] == [
        "Open",
        "Refuse",
        "See",
    ]


async def test_it_says_what_the_practice_wrote_instead(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    push, _ = await ring(
        hass,
        practice,
        phones,
        title_text="On sonne ({door})",
        message_text="à {time}",
    )
    assert (push["title"], push["message"]) == ("On sonne (Entrée)", "à 10:30")


async def test_opening_can_be_left_to_the_app(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    android, iphone = await ring(hass, practice, phones, first_button="app")
    assert android["data"]["actions"][0] == {
        "action": "URI",
        "title": "Ouvrir l'application",
        "uri": "entityId:lock.entree",
    }
    assert iphone["data"]["actions"][0] == {
        "action": "URI",
        "title": "Ouvrir l'application",
        "uri": "/lovelace?more-info-entity-id=lock.entree",
    }


async def test_the_third_button_can_take_the_visitor_for_oneself(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    android, iphone = await ring(hass, practice, phones, third_button="take")
    for push in (android, iphone):
        *_, taking = push["data"]["actions"]
        assert taking == {"action": answers_of(push)[2], "title": "Je m'en occupe"}


async def test_the_third_button_can_be_left_out(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    android, iphone = await ring(hass, practice, phones, third_button="none")
    assert len(android["data"]["actions"]) == len(iphone["data"]["actions"]) == 2


async def test_the_picture_can_be_left_out(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    android, iphone = await ring(hass, practice, phones, picture=False)
    assert "image" not in android["data"]
    assert not {"entity_id", "attachment"} & iphone["data"].keys()


async def test_a_tap_can_open_a_page_of_the_practice(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    android, iphone = await ring(hass, practice, phones, live_view="/lovelace/entree")
    assert android["data"]["clickAction"] == "/lovelace/entree"
    assert iphone["data"]["url"] == "/lovelace/entree"
    for push in (android, iphone):
        assert push["data"]["actions"][2]["uri"] == "/lovelace/entree"


async def test_names_that_look_like_numbers_or_code_stay_text(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    push, _ = await ring(
        hass, practice, phones, title_text="007", message_text='it\'s [1, 2] "{door}"'
    )
    assert (push["title"], push["message"]) == ("007", 'it\'s [1, 2] "Entrée"')
