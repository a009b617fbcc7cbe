"""The phone against Home Assistant's own `mobile_app`, over real connections."""

from collections.abc import AsyncIterator
from pathlib import Path
import time
from typing import Any

from aiohttp import ClientResponseError
from homeassistant.auth.providers.homeassistant import HassAuthProvider
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from tests.simulators.companion import (
    ConnectionState,
    LockedError,
    NotDeliveredError,
    Os,
    Phone,
)
from tests.simulators.companion.house import (
    ACTION_EVENT,
    CLEARED_EVENT,
    IMAGE_PATH,
    PICTURE,
    House,
    living_in,
)
from tests.simulators.companion.notification import Json

pytestmark = [
    pytest.mark.usefixtures("socket_enabled"),
    # Home Assistant's own http component.
    pytest.mark.filterwarnings("ignore::aiohttp.web_exceptions.NotAppKeyWarning"),
]

RING: Json = {
    "tag": "ring-1",
    "image": IMAGE_PATH,
    "channel": "Ring",
    "ttl": 0,
    "priority": "high",
    "visibility": "private",
    "push": {"interruption-level": "time-sensitive"},
    "action_data": {"ring": "1"},
    "actions": [
        {"action": "OPEN_x", "title": "Open", "authenticationRequired": True},
        {"action": "REFUSE_x", "title": "Refuse", "destructive": True},
    ],
}


@pytest.fixture
async def house(
    hass: HomeAssistant, local_auth: HassAuthProvider
) -> AsyncIterator[House]:
    async with living_in(hass) as house:
        yield house


def doctor(house: House, token: str, **more: Any) -> Phone:
    return Phone(house.url, token, device_name="Doctor's phone", **more)


async def ring(house: House, phone: Phone) -> None:
    await house.notify(phone, "At the entrance", title="Ring", data=RING)


@pytest.mark.parametrize("os", list(Os))
async def test_registering_makes_a_device_and_a_notify_action(
    house: House, os: Os
) -> None:
    user, token = await house.person("Doctor")
    async with doctor(house, token, os=os, app_version="2026.9.0") as phone:
        entry = house.entry(phone)
        assert entry is not None
        assert entry.data["user_id"] == user.id
        assert entry.data["os_name"] == os.value
        assert entry.data["app_version"] == "2026.9.0"
        device = house.device(phone)
        assert device is not None
        assert device.name == "Doctor's phone"
        assert house.hass.services.has_service("notify", "mobile_app_doctor_s_phone")
        assert phone.state is ConnectionState.CONNECTED


async def test_a_notification_arrives_as_sent_stamped_and_confirmed(
    house: House,
) -> None:
    _, token = await house.person("Doctor")
    async with doctor(house, token) as phone:
        before = time.monotonic()
        await ring(house, phone)
        got = await phone.next_notification()
        assert before < got.received_at <= time.monotonic()
        assert (got.title, got.message, got.tag) == (
            "Ring",
            "At the entrance",
            "ring-1",
        )
        assert got.data == RING
        assert (got.image, got.channel, got.visibility) == (
            IMAGE_PATH,
            "Ring",
            "private",
        )
        assert [action.id for action in got.actions] == ["OPEN_x", "REFUSE_x"]
        assert phone.shown == {"ring-1": got}
        await phone.until(lambda phone: len(phone.confirmed) == 1)
        assert house.unconfirmed(phone) == {}


async def test_a_phone_that_does_not_confirm_leaves_the_push_pending(
    house: House,
) -> None:
    _, token = await house.person("Doctor")
    async with doctor(house, token, confirms=False) as phone:
        await ring(house, phone)
        await phone.next_notification()
        pending = house.unconfirmed(phone)
        assert len(pending) == 1
        for push in pending.values():
            push["unsub_scheduled_push_failed"]()
        pending.clear()


async def test_a_notification_with_the_same_tag_takes_the_place_of_the_former(
    house: House,
) -> None:
    _, token = await house.person("Doctor")
    async with doctor(house, token) as phone:
        await ring(house, phone)
        await house.notify(phone, "Something else")
        await house.notify(phone, "Opened by the doctor", data={"tag": "ring-1"})
        await phone.until(lambda phone: len(phone.notifications) == 3)
        assert [one.message for one in phone.shown.values()] == [
            "Something else",
            "Opened by the doctor",
        ]


async def test_clear_notification_clears_its_tag_and_nothing_else(
    house: House,
) -> None:
    _, token = await house.person("Doctor")
    async with doctor(house, token) as phone:
        await ring(house, phone)
        await house.notify(phone, "Other", data={"tag": "ring-2"})
        await house.notify(phone, "clear_notification", data={"tag": "ring-1"})
        await phone.until(
            lambda phone: bool(phone.notifications) and "ring-1" not in phone.shown
        )
        assert list(phone.shown) == ["ring-2"]


async def test_a_tap_on_android_tells_everything_that_the_notification_had(
    house: House,
) -> None:
    user, token = await house.person("Doctor")
    answers = house.events(ACTION_EVENT)
    async with doctor(house, token) as phone:
        await ring(house, phone)
        got = await phone.next_notification()
        assert await phone.tap(got, "OPEN_x") is True
        await house.hass.async_block_till_done()
        (answer,) = answers
        assert answer.context.user_id == user.id
        assert answer.data == {
            "action": "OPEN_x",
            "title": "Ring",
            "message": "At the entrance",
            "tag": "ring-1",
            "image": IMAGE_PATH,
            "channel": "Ring",
            "ttl": "0",
            "priority": "high",
            "visibility": "private",
            "push": "{interruption-level=time-sensitive}",
            "action_data": "{ring=1}",
            "action_1_key": "OPEN_x",
            "action_1_title": "Open",
            "action_1_authenticationRequired": "true",
            "action_2_key": "REFUSE_x",
            "action_2_title": "Refuse",
            "device_id": phone.registration.device_id,
            "webhook_id": phone.registration.webhook_id,
            "server_id": "1",
        }
        assert phone.shown == {}


async def test_a_tap_on_ios_tells_the_action_and_its_data_alone_and_is_encrypted(
    house: House,
) -> None:
    user, token = await house.person("Doctor")
    answers = house.events(ACTION_EVENT)
    legacy = house.events("ios.notification_action_fired")
    async with doctor(house, token, os="iOS") as phone:
        assert phone.registration.secret is not None
        await ring(house, phone)
        assert await phone.tap(await phone.next_notification(), "REFUSE_x") is True
        await house.hass.async_block_till_done()
        (answer,) = answers
        assert answer.context.user_id == user.id
        assert answer.data == {"action": "REFUSE_x", "action_data": {"ring": "1"}}
        assert legacy[0].data["actionName"] == "REFUSE_x"
        assert legacy[0].data["sourceDeviceName"] == "Doctor's phone"


async def test_each_phone_answers_as_its_own_person(house: House) -> None:
    answers = house.events(ACTION_EVENT)
    people = [await house.person(name) for name in ("Doctor", "Secretary")]
    for number, (user, token) in enumerate(people):
        phone = Phone(house.url, token, device_name=f"Phone {number}")
        async with phone:
            await ring(house, phone)
            await phone.tap(await phone.next_notification(), "OPEN_x")
        await house.hass.async_block_till_done()
        assert answers[-1].context.user_id == user.id


async def test_a_reply_goes_with_the_answer(house: House) -> None:
    _, token = await house.person("Doctor")
    answers = house.events(ACTION_EVENT)
    async with doctor(house, token) as phone:
        actions = [{"action": "SAY", "title": "Say", "behavior": "textInput"}]
        await house.notify(phone, "Visitor", data={"actions": actions})
        got = await phone.next_notification()
        await phone.tap(got, "SAY", "One minute")
        await house.hass.async_block_till_done()
        assert answers[0].data["reply_text"] == "One minute"
        assert got.key in phone.shown


async def test_a_swipe_is_told_by_android_and_not_by_ios(house: House) -> None:
    user, token = await house.person("Doctor")
    cleared = house.events(CLEARED_EVENT)
    for os in (Os.IOS, Os.ANDROID):
        async with Phone(house.url, token, device_name=os.value, os=os) as phone:
            await ring(house, phone)
            await phone.dismiss(await phone.next_notification())
            assert phone.shown == {}
    await house.hass.async_block_till_done()
    (event,) = cleared
    assert event.context.user_id == user.id
    assert event.data["tag"] == "ring-1"
    assert "action" not in event.data


async def test_android_takes_a_notification_back_when_its_time_is_over(
    house: House,
) -> None:
    _, token = await house.person("Doctor")
    cleared = house.events(CLEARED_EVENT)
    async with doctor(house, token) as phone:
        await house.notify(phone, "Short", data={"timeout": 0})
        await phone.until(lambda phone: bool(phone.notifications) and not phone.shown)
        await phone.until(lambda _: bool(cleared))


async def test_a_locked_phone_does_not_answer_what_asks_for_its_owner(
    house: House,
) -> None:
    _, token = await house.person("Doctor")
    answers = house.events(ACTION_EVENT)
    async with doctor(house, token, locked=True) as phone:
        await ring(house, phone)
        got = await phone.next_notification()
        with pytest.raises(LockedError):
            await phone.tap(got, "OPEN_x")
        await house.hass.async_block_till_done()
        assert answers == []
        await phone.tap(got, "REFUSE_x")
        await house.hass.async_block_till_done()
        assert len(answers) == 1


async def test_the_picture_is_given_to_the_phones_token_and_to_nobody_else(
    house: House,
) -> None:
    _, token = await house.person("Doctor")
    async with doctor(house, token, keep_pictures=True) as phone:
        await ring(house, phone)
        got = await phone.next_notification()
        picture = await phone.fetch_picture(got)
        assert (picture.content, picture.content_type) == (PICTURE, "image/jpeg")
        with pytest.raises(ClientResponseError) as refusal:
            await phone.fetch_picture(got, authenticated=False)
        assert refusal.value.status in {401, 403}
        await phone.until(lambda phone: phone.pictures.get(got.id) == picture)


async def test_the_channel_opens_again_after_home_assistant_was_away(
    house: House,
) -> None:
    _, token = await house.person("Doctor")
    async with doctor(house, token) as phone:
        await ring(house, phone)
        got = await phone.next_notification()
        await house.stop()
        await phone.until(lambda phone: phone.state is ConnectionState.CONNECTING)
        with pytest.raises(NotDeliveredError):
            await phone.tap(got, "OPEN_x")
        assert phone.shown == {"ring-1": got}
        await house.start()
        await phone.until(lambda phone: phone.state is ConnectionState.CONNECTED)
        await house.notify(phone, "Back again")
        assert (await phone.next_notification()).message == "Back again"
        assert len(house.hass.config_entries.async_entries("mobile_app")) == 1


async def test_a_phone_waits_for_its_registration_while_home_assistant_starts(
    house: House,
) -> None:
    _, token = await house.person("Doctor")
    async with doctor(house, token) as phone:
        await ring(house, phone)
        got = await phone.next_notification()
        webhook_id = phone.registration.webhook_id
        entry = house.entry(phone)
        assert entry is not None
        await house.stop()
        house.hass.set_state(CoreState.starting)
        await house.hass.config_entries.async_unload(entry.entry_id)
        await house.start()
        await phone.until(lambda phone: "no push channel yet" in phone.trouble)
        assert await phone.tap(got, "REFUSE_x") is False
        await house.hass.config_entries.async_setup(entry.entry_id)
        house.hass.set_state(CoreState.running)
        await phone.until(lambda phone: phone.state is ConnectionState.CONNECTED)
        assert phone.registration.webhook_id == webhook_id


async def test_a_phone_that_was_removed_registers_again(house: House) -> None:
    _, token = await house.person("Doctor")
    async with doctor(house, token) as phone:
        await ring(house, phone)
        got = await phone.next_notification()
        former = phone.registration
        entry = house.entry(phone)
        assert entry is not None
        await house.hass.config_entries.async_remove(entry.entry_id)
        # Home Assistant says 410 only after its next start.
        assert await phone.tap(got, "OPEN_x") is False
        await phone.go_offline()
        await phone.go_online()
        assert phone.registration.webhook_id != former.webhook_id
        assert phone.registration.device_id == former.device_id
        await house.notify(phone, "Known again")
        await phone.until(
            lambda phone: phone.notifications[-1].message == "Known again"
        )


async def test_a_stored_registration_is_taken_up_and_brought_up_to_date(
    house: House, tmp_path: Path
) -> None:
    _, token = await house.person("Doctor")
    state = tmp_path / "phone.json"
    async with doctor(house, token, state_file=state) as phone:
        webhook_id = phone.registration.webhook_id
    assert state.stat().st_mode & 0o077 == 0
    renamed = Phone(house.url, token, device_name="New name", state_file=state)
    async with renamed as phone:
        assert phone.registration.webhook_id == webhook_id
        entry = house.entry(phone)
        assert entry is not None
        assert entry.data["device_name"] == "New name"
        assert house.hass.services.has_service("notify", "mobile_app_new_name")


async def test_a_push_to_a_phone_without_network_is_an_error_to_the_sender(
    house: House,
) -> None:
    _, token = await house.person("Doctor")
    async with doctor(house, token) as phone:
        await phone.go_offline()
        await house.until_gone(phone)
        with pytest.raises(HomeAssistantError):
            await ring(house, phone)
