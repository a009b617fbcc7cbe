"""The course of a ring on the phones: who is notified when, and who is told what."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from tests.blueprints.conftest import Practice, automate, automation
from tests.blueprints.phones import Phone

pytestmark = pytest.mark.filterwarnings(
    "ignore:It is recommended to use web.RequestKey"
)

type Phones = dict[str, Phone]

RING = "Appel à l'entrée"
OPEN, REFUSE, TAKE = range(3)
CLEAR = "clear_notification"


async def set_up(hass: HomeAssistant, *steps: list[Phone], **inputs: Any) -> None:
    """Notify these phones, step by step."""
    names = ("step_1_phones", "step_2_phones", "step_3_phones")
    await automate(
        hass,
        automation(
            **{
                name: [phone.device for phone in phones]
                for name, phones in zip(names, steps, strict=False)
            }
            | inputs
        ),
    )


async def tap(practice: Practice, phone: Phone, push: dict[str, Any], at: int) -> None:
    """Tap a button of a notification."""
    await phone.tap(push["data"]["actions"][at]["action"])
    await practice.settle()


# --- who is notified, and when -------------------------------------------------------


async def test_the_next_step_is_notified_when_nobody_has_answered(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    desk, doctor, mop = phones.values()
    await set_up(hass, [desk], [doctor], [mop])
    await practice.ring()
    assert desk.titles() == [RING]
    await practice.wait(19)
    assert not doctor.new()
    await practice.wait(1)
    assert doctor.titles() == [RING]
    await practice.wait(24)
    assert not mop.new()
    await practice.wait(1)
    assert mop.titles() == [RING]
    assert not desk.new()
    assert not doctor.new()


async def test_nobody_further_is_notified_once_it_is_settled(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    desk, doctor, _ = phones.values()
    await set_up(hass, [desk], [doctor])
    await practice.ring()
    await tap(practice, desk, desk.one(), OPEN)
    await practice.wait(130)
    assert not doctor.new()


async def test_a_step_that_is_silent_in_this_mode_is_passed_over_at_once(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    desk, doctor, mop = phones.values()
    await set_up(hass, [desk], [doctor], [mop], step_1_silent_modes=["on_call"])
    await practice.set_mode("on_call")
    await practice.ring()
    assert doctor.titles() == [RING]
    await practice.wait(20)
    assert mop.titles() == [RING]
    await practice.wait(25)
    assert not desk.new()


@pytest.mark.parametrize(("mode", "told"), [("open", []), ("staff_only", [RING])])
async def test_a_doctor_in_consultation_is_not_disturbed(
    hass: HomeAssistant,
    practice: Practice,
    phones: Phones,
    mode: str,
    told: list[str],
) -> None:
    desk, doctor, _ = phones.values()
    await set_up(hass, [desk], [doctor], step_2_silent_modes=["open"])
    await practice.set_mode(mode)
    await practice.ring()
    await practice.wait(21)
    assert desk.titles() == [RING]
    assert doctor.titles() == told


async def test_in_a_mode_in_which_all_are_silent_nobody_is_notified(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    desk, *_ = phones.values()
    await set_up(hass, [desk], step_1_silent_modes=["closed"])
    await practice.set_mode("closed")
    await practice.ring()
    await practice.wait(130)
    assert not desk.new()


async def test_an_automation_minds_its_own_doors(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    desk, doctor, _ = phones.values()
    await automate(
        hass,
        automation("front", step_1_phones=[desk.device], doors=[practice.door()]),
        automation(
            "back", step_1_phones=[doctor.device], doors=[practice.door("Cour")]
        ),
    )
    await practice.ring("Cour")
    assert not desk.new()
    assert doctor.one()["message"] == "Cour, 10:30"


async def test_visitors_at_two_doors_have_a_notification_each(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    desk, doctor, _ = phones.values()
    await set_up(hass, [desk, doctor])
    await practice.ring("Entrée")
    await practice.ring("Cour")
    front, back = desk.new()
    assert front["data"]["tag"] != back["data"]["tag"]
    await tap(practice, desk, back, OPEN)
    assert (practice.openings("Entrée"), practice.openings("Cour")) == (0, 1)
    assert desk.one()["data"]["tag"] == back["data"]["tag"]


# --- what came of it -----------------------------------------------------------------


async def test_who_opened_replaces_the_ring_on_every_phone_in_silence(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    desk, doctor, _ = phones.values()
    await set_up(hass, [desk, doctor])
    await practice.ring()
    asked, _ = desk.one(), doctor.new()
    await tap(practice, desk, asked, OPEN)
    assert practice.openings() == 1
    tag = asked["data"]["tag"]
    assert desk.one() == {
        "title": "Ouvert par manager",
        "message": "Entrée, 10:30",
        "data": {
            "tag": tag,
            "group": "cabinet_secure",
            "channel": "Appels traités",
            "importance": "low",
            "ttl": 0,
            "priority": "high",
            "visibility": "private",
            "notification_icon": "mdi:doorbell",
            "alert_once": True,
        },
    }
    assert doctor.one() == {
        "title": "Ouvert par manager",
        "message": "Entrée, 10:30",
        "data": {
            "tag": tag,
            "group": "cabinet_secure",
            "push": {"interruption-level": "passive", "sound": "none"},
        },
    }


async def test_what_came_of_it_is_cleared_after_a_while(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    desk, doctor, _ = phones.values()
    await set_up(hass, [desk, doctor], clear_after=15)
    await practice.ring()
    asked, _ = desk.one(), doctor.new()
    await tap(practice, desk, asked, REFUSE)
    assert desk.titles() == doctor.titles() == ["Refusé par manager"]
    await practice.wait(14)
    assert not desk.new()
    await practice.wait(2)
    for phone in (desk, doctor):
        push = phone.one()
        assert push["message"] == CLEAR
        assert push["data"] == {"tag": asked["data"]["tag"]}


async def test_what_came_of_it_can_stay(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    desk, *_ = phones.values()
    await set_up(hass, [desk], clear_after=0)
    await practice.ring()
    await tap(practice, desk, desk.one(), REFUSE)
    await practice.wait(3600)
    assert desk.titles() == ["Refusé par manager"]


async def test_whoever_takes_a_visitor_keeps_the_buttons_and_the_others_are_told(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    desk, doctor, _ = phones.values()
    await set_up(hass, [desk, doctor], third_button="take")
    await practice.ring()
    asked, _ = doctor.one(), desk.new()
    await tap(practice, doctor, asked, TAKE)
    told = desk.one()
    assert told["title"] == "Pris en charge par doctor"
    assert "actions" not in told["data"]
    taken = doctor.one()
    assert taken["data"]["push"]["sound"] == "none"
    assert [each["title"] for each in taken["data"]["actions"]] == [
        "Ouvrir",
        "Refuser",
        "Voir",
    ]
    await tap(practice, doctor, taken, OPEN)
    assert practice.openings() == 1
    assert desk.titles() == ["Ouvert par doctor"]


async def test_a_missed_ring_leaves_a_note_that_stays(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    desk, doctor, mop = phones.values()
    await set_up(hass, [desk], [doctor])
    await practice.ring()
    await practice.wait(21)
    asked = desk.one()
    assert doctor.titles() == [RING]
    await practice.wait(100)
    note = desk.one()
    assert (note["title"], note["message"]) == ("Appel manqué", "Entrée, 10:30")
    assert note["data"]["tag"] == asked["data"]["tag"]
    assert note["data"]["importance"] == "low"
    assert doctor.titles() == ["Appel manqué"]
    await practice.wait(3600)
    assert not desk.new()
    assert not mop.new()


async def test_a_door_that_did_not_open_is_told_to_who_opened_and_to_the_first_step(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    desk, doctor, mop = phones.values()
    await set_up(hass, [mop], [doctor, desk], clear_after=0)
    await practice.ring()
    await practice.wait(21)
    mop.new(), desk.new()
    await tap(practice, doctor, doctor.one(), OPEN)
    for phone in (mop, desk, doctor):
        assert phone.titles() == ["Ouvert par doctor"]
    # Nobody pushes the door.
    await practice.wait(30)
    assert not desk.new()
    for phone in (mop, doctor):
        push = phone.one()
        assert push["title"] == "La porte ne s'est pas ouverte"
        assert push["message"] == (
            "Entrée – La gâche a été libérée, mais la porte n'a pas bougé."
        )
        assert push["data"]["tag"].endswith("_door")
        assert [each["title"] for each in push["data"]["actions"]] == [
            "Ouvrir l'application"
        ]


# --- answers that come to nothing ----------------------------------------------------


async def test_whoever_comes_too_late_is_told_who_was_faster(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    desk, doctor, _ = phones.values()
    await set_up(hass, [desk, doctor])
    await practice.ring()
    asked, late = desk.one(), doctor.one()
    await tap(practice, desk, asked, OPEN)
    desk.new(), doctor.new()
    await tap(practice, doctor, late, OPEN)
    assert practice.openings() == 1
    assert not desk.new()
    told = doctor.one()
    assert told["title"] == "Trop tard : ouvert par manager"
    assert told["data"]["push"]["interruption-level"] == "time-sensitive"


async def test_whoever_answers_a_missed_ring_is_told_that_it_is_over(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    desk, *_ = phones.values()
    await set_up(hass, [desk])
    await practice.ring()
    asked = desk.one()
    await practice.wait(121)
    desk.new()
    await tap(practice, desk, asked, OPEN)
    assert practice.openings() == 0
    assert desk.titles() == ["Trop tard : appel terminé"]


async def test_whoever_may_not_open_is_told_so_and_nothing_opens(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    desk, _, mop = phones.values()
    await set_up(hass, [desk, mop])
    await practice.ring()
    desk.new()
    await tap(practice, mop, mop.one(), OPEN)
    assert practice.openings() == 0
    assert mop.titles() == ["Vous n'êtes pas autorisé à faire cela"]
    assert not desk.new()


async def test_a_forged_answer_is_told_to_its_sender_only(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    desk, doctor, _ = phones.values()
    await set_up(hass, [desk], doors=[practice.door()])
    await doctor.tap(f"CABINET_SECURE_{practice.entry.entry_id}_{'x' * 32}")
    await practice.settle()
    told = doctor.one()
    assert told["title"] == "Trop tard : appel terminé"
    assert told["data"]["tag"] == "cabinet_secure_ring_unknown"
    assert not desk.new()


async def test_a_rejection_at_another_door_is_left_to_its_own_automation(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    desk, _, mop = phones.values()
    await automate(
        hass,
        automation("front", step_1_phones=[mop.device], doors=[practice.door()]),
        automation("back", step_1_phones=[desk.device], doors=[practice.door("Cour")]),
    )
    await practice.ring()
    await tap(practice, mop, mop.one(), OPEN)
    assert len(mop.new()) == 1


async def test_a_tap_replayed_a_hundred_times_opens_nothing_and_floods_nobody(
    hass: HomeAssistant, practice: Practice, phones: Phones
) -> None:
    desk, *_ = phones.values()
    await set_up(hass, [desk])
    await practice.ring()
    asked = desk.one()
    await tap(practice, desk, asked, OPEN)
    assert practice.openings() == 1
    desk.new()
    for _ in range(100):
        await desk.tap(asked["data"]["actions"][OPEN]["action"])
    await practice.settle()
    assert practice.openings() == 1
    assert 1 <= len(desk.new()) <= 10
    # The next visitor is not kept out by it.
    await practice.ring("Cour")
    assert desk.titles() == [RING]
