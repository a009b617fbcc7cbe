"""Answers from notifications: who may, once, in time, and nobody else."""

from typing import Any

from homeassistant.auth.models import User
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.cabinet_secure.announcements import (
    SIGNAL_ANNOUNCEMENT,
    Announcement,
    ring_payload,
)
from custom_components.cabinet_secure.practice.effects import AnnounceRing
from tests.practices import context_of

LOCK = "lock.demo"


class Rings:
    """What automations are told of rings."""

    def __init__(self, hass: HomeAssistant) -> None:
        self.told: list[dict[str, Any]] = []
        async_dispatcher_connect(hass, SIGNAL_ANNOUNCEMENT, self._announced)

    @callback
    def _announced(self, announcement: Announcement) -> None:
        if isinstance(announcement.effect, AnnounceRing):
            self.told.append(
                ring_payload(announcement.coordinator, announcement.effect)
            )

    @property
    def events(self) -> list[str]:
        """Return what happened, in order."""
        return [told["event"] for told in self.told]

    def action(self, answer: str) -> str:
        """Return the one-shot answer that was handed out last."""
        action = next(
            told["actions"][answer] for told in reversed(self.told) if told["actions"]
        )
        assert isinstance(action, str)
        return action


@pytest.fixture
def rings(hass: HomeAssistant) -> Rings:
    """Return what will be told of rings."""
    return Rings(hass)


async def press(hass: HomeAssistant) -> None:
    """Press the bell of the demonstration."""
    await hass.services.async_call(
        "button",
        "press",
        {"entity_id": "button.demonstration_ring_the_bell"},
        blocking=True,
    )


async def tap(hass: HomeAssistant, action: object, user: User | None) -> None:
    """Tap an action of a notification, as the companion app reports it."""
    hass.bus.async_fire(
        "mobile_app_notification_action",
        {"action": action},
        context=context_of(user) if user else Context(),
    )
    await hass.async_block_till_done()


def opened(hass: HomeAssistant) -> bool:
    """Whether the door of the demonstration is released."""
    state = hass.states.get(LOCK)
    assert state is not None
    return state.state == "open"


async def test_the_doctor_opens_from_a_notification(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User], rings: Rings
) -> None:
    await press(hass)
    await tap(hass, rings.action("open"), people["doctor"])
    assert opened(hass)
    assert rings.events == ["started", "opened", "ended"]
    assert rings.told[1]["answered_by"] == "doctor"
    assert rings.told[1]["door_name"] == "Démo"
    assert rings.told[1]["image_entity"] == "image.demo_visitor"
    assert rings.told[1]["lock_entity"] == LOCK


async def test_the_first_answer_wins_and_the_second_is_told_who_was_faster(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User], rings: Rings
) -> None:
    await press(hass)
    await tap(hass, rings.action("refuse"), people["manager"])
    await tap(hass, rings.action("open"), people["doctor"])
    assert not opened(hass)
    assert rings.events == ["started", "refused", "ended", "answer_rejected"]
    rejected = rings.told[-1]
    assert rejected["reason"] == "over"
    assert rejected["by"] == "doctor"
    assert rejected["answered_by"] == "manager"


async def test_an_answer_is_good_once(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User], rings: Rings
) -> None:
    await press(hass)
    action = rings.action("open")
    for _ in range(100):
        await tap(hass, action, people["doctor"])
    assert rings.events.count("opened") == 1
    assert rings.events.count("answer_rejected") == 99


@pytest.mark.parametrize("who", ["cleaner", None])
async def test_a_tap_by_somebody_who_may_not_open_is_refused_and_recorded(
    hass: HomeAssistant,
    demo: MockConfigEntry,
    people: dict[str, User],
    rings: Rings,
    who: str | None,
) -> None:
    await press(hass)
    await tap(hass, rings.action("open"), people[who] if who else None)
    assert not opened(hass)
    assert rings.told[-1]["event"] == "answer_rejected"
    assert rings.told[-1]["reason"] == "not_allowed"
    access = hass.states.get("event.demo_access")
    assert access is not None
    assert access.attributes["event_type"] == "denied"
    # The right person still can: the token was not spent by the wrong one.
    await tap(hass, rings.action("open"), people["doctor"])
    assert opened(hass)


async def test_forged_and_odd_answers_open_nothing(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User], rings: Rings
) -> None:
    await press(hass)
    right = rings.action("open")
    prefix = right[: right.rindex("_", 0, len("CABINET_SECURE_") + 27) + 1]
    for forged in (
        f"{prefix}x",
        f"{prefix}",
        f"{right}x",
        right[:-1],
        right.lower(),
        prefix + "A" * 100_000,
        "CABINET_SECURE_other_token",
        "OPEN_DOOR",
        None,
        17,
        ["open"],
    ):
        await tap(hass, forged, people["doctor"])
    assert not opened(hass)
    await tap(hass, right, people["doctor"])
    assert opened(hass)


async def test_an_answer_after_the_end_of_the_ring_is_too_late(
    hass: HomeAssistant,
    demo: MockConfigEntry,
    people: dict[str, User],
    rings: Rings,
    freezer: Any,
) -> None:
    await press(hass)
    action = rings.action("open")
    freezer.tick(121)
    # The timer of the ring has not fired yet: the answer itself finds it too late.
    await tap(hass, action, people["doctor"])
    assert not opened(hass)
    assert rings.events == ["started", "missed", "ended", "answer_rejected"]


async def test_a_ring_that_nobody_answers_escalates_and_is_missed(
    hass: HomeAssistant, demo: MockConfigEntry, rings: Rings, freezer: Any
) -> None:
    await press(hass)
    for seconds in (20, 25, 75):
        freezer.tick(seconds)
        async_fire_time_changed(hass, dt_util.utcnow())
        await hass.async_block_till_done()
    assert rings.events == ["started", "escalated", "escalated", "missed", "ended"]
    assert [told["step"] for told in rings.told[:3]] == [1, 2, 3]
    assert len({told["actions"]["open"] for told in rings.told[:3]}) == 3


async def test_an_answer_works_after_a_restart_in_mid_ring(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User], rings: Rings
) -> None:
    await press(hass)
    action = rings.action("open")
    await hass.config_entries.async_reload(demo.entry_id)
    await hass.async_block_till_done()
    assert rings.events == ["started"]
    await tap(hass, action, people["doctor"])
    assert opened(hass)


async def test_an_answer_that_was_used_stays_used_after_a_restart(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User], rings: Rings
) -> None:
    await press(hass)
    action = rings.action("open")
    await tap(hass, action, people["doctor"])
    await hass.config_entries.async_reload(demo.entry_id)
    await hass.async_block_till_done()
    assert not opened(hass)
    await tap(hass, action, people["doctor"])
    assert not opened(hass)


async def test_taking_the_ring_leaves_the_door_to_whoever_took_it(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User], rings: Rings
) -> None:
    await press(hass)
    await tap(hass, rings.action("take"), people["doctor"])
    state = hass.states.get("sensor.cabinet_ring")
    assert state is not None
    assert state.state == "answered"
    await tap(hass, rings.action("open"), people["manager"])
    assert not opened(hass)
    assert rings.told[-1]["reason"] == "answered"
    await tap(hass, rings.action("open"), people["doctor"])
    assert opened(hass)
