"""What each app makes of a push, and what it tells of a tap, without a network."""

from collections.abc import AsyncIterator
import time

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
import pytest

from tests.simulators.companion import (
    NotDeliveredError,
    Notification,
    RegistrationGoneError,
)
from tests.simulators.companion.android import AndroidApp
from tests.simulators.companion.app import App, Cleared, Command, Identity, Received
from tests.simulators.companion.ios import IosApp
from tests.simulators.companion.notification import Json, text
from tests.simulators.companion.registration import Registration, send
from tests.simulators.companion.screen import Screen

FOUR = [{"action": f"A{number}", "title": str(number)} for number in range(1, 5)]
GUARDED = [{"action": "OPEN", "title": "Open", "authenticationRequired": "true"}]


def identity(app_version: str = "2026.9.4-full") -> Identity:
    return Identity(
        device_id="d", device_name="Phone", webhook_id="w", app_version=app_version
    )


def receive(
    app: App, message: str, data: Json | None = None, version: str = "2026.9"
) -> Received:
    event: Json = {"message": message, "title": "T", "data": data}
    return app.receive(event, time.monotonic(), identity(version))


def shown(app: App, data: Json | None = None, version: str = "2026.9") -> Notification:
    got = receive(app, "M", data, version)
    assert isinstance(got, Notification)
    return got


def test_android_shows_three_actions_and_tells_all_of_them() -> None:
    app = AndroidApp()
    notification = shown(app, {"actions": FOUR})
    assert [action.id for action in notification.actions] == ["A1", "A2", "A3"]
    (event,) = app.on_tap(notification, notification.actions[0], None, identity())
    assert event.data["action_4_key"] == "A4"


def test_ios_shows_ten_actions_at_most() -> None:
    many = [{"action": str(number), "title": "x"} for number in range(12)]
    assert len(shown(IosApp(), {"actions": many}).actions) == 10


@pytest.mark.parametrize(
    ("app", "version", "asks"),
    [
        (AndroidApp(), "2026.5.1-full", False),
        (AndroidApp(), "2026.6.0-full", True),
        (AndroidApp(), "unknown", False),
        (IosApp(), "2021.5", True),
    ],
)
def test_who_asks_to_unlock_the_phone(app: App, version: str, *, asks: bool) -> None:
    (action,) = shown(app, {"actions": GUARDED}, version).actions
    assert action.authentication_required is asks


def test_a_uri_opens_without_an_event_on_android_and_with_one_on_ios() -> None:
    uri = {"action": "URI", "title": "See", "uri": "/door"}
    other = {"action": "SEE", "title": "See", "uri": "/door"}
    android = AndroidApp()
    notification = shown(android, {"actions": [uri, other]})
    first, second = notification.actions
    assert android.on_tap(notification, first, None, identity()) == []
    assert (android.opens(first), android.opens(second)) == ("/door", None)
    ios = IosApp()
    notification = shown(ios, {"actions": [other]})
    (action,) = notification.actions
    assert len(ios.on_tap(notification, action, None, identity())) == 2
    assert ios.opens(action) == "/door"


def test_clearing_without_a_tag_is_shown_by_android_and_ignored_by_ios() -> None:
    assert isinstance(receive(AndroidApp(), "clear_notification"), Notification)
    assert receive(IosApp(), "clear_notification") == Cleared(key=None)
    for app in (AndroidApp(), IosApp()):
        assert receive(app, "clear_notification", {"tag": "t"}) == Cleared(key="t")


@pytest.mark.parametrize(
    ("app", "message", "data"),
    [
        (AndroidApp(), "TTS", {"tts_text": "Hello"}),
        (AndroidApp(), "command_dnd", {"command": "off"}),
        (AndroidApp(), "remove_channel", {"channel": "Ring"}),
        (IosApp(), "clear_badge", {}),
    ],
)
def test_commands_are_not_shown(app: App, message: str, data: Json) -> None:
    assert receive(app, message, data) == Command(message=message, data=data)


def test_what_each_app_takes_for_loud() -> None:
    assert shown(AndroidApp(), {"channel": "alarm_stream"}).critical
    assert shown(IosApp(), {"push": {"sound": {"critical": 1}}}).critical
    assert shown(IosApp(), {"push": {"interruption-level": "critical"}}).critical
    ring = shown(IosApp(), {"push": {"interruption-level": "time-sensitive"}})
    assert (ring.critical, ring.time_sensitive) == (False, True)
    assert not shown(
        AndroidApp(), {"push": {"interruption-level": "critical"}}
    ).critical


def test_where_ios_takes_the_picture_and_the_link_from() -> None:
    ios = IosApp()
    assert shown(ios, {"entity_id": "camera.door"}).image == (
        "/api/camera_proxy/camera.door"
    )
    assert shown(ios, {"image": "/a", "entity_id": "camera.door"}).image == "/a"
    assert shown(ios, {"attachment": {"url": "/b"}, "image": "/a"}).image == "/b"
    assert shown(AndroidApp(), {"entity_id": "camera.door"}).image is None
    both = {"url": "/ios", "clickAction": "/android"}
    assert shown(ios, both).opens == "/ios"
    assert shown(AndroidApp(), both).opens == "/android"


def test_ios_replaces_by_collapse_id_before_tag() -> None:
    headers = {"apns_headers": {"apns-collapse-id": "c"}, "tag": "t"}
    assert shown(IosApp(), headers).key == "c"
    assert shown(IosApp(), {"tag": "t"}).key == "t"


def test_a_reply_and_the_category_are_told_by_ios() -> None:
    ios = IosApp()
    notification = shown(
        ios,
        {"push": {"category": "ring"}, "actions": [{"action": "REPLY", "title": "R"}]},
    )
    legacy, modern = ios.on_tap(
        notification, notification.actions[0], "Coming", identity()
    )
    assert modern.data == {"action": "REPLY", "reply_text": "Coming"}
    assert legacy.data["categoryName"] == "RING"
    assert legacy.data["textInput"] == "Coming"


def test_android_says_that_a_notification_came_where_it_is_asked_to() -> None:
    app = AndroidApp()
    event: Json = {"message": "M", "data": {"confirmation": True}}
    (told,) = app.on_arrival(event, identity())
    assert told.event_type == "mobile_app_notification_received"
    assert told.data["device_id"] == "d"
    assert app.on_arrival({"message": "M"}, identity()) == []
    assert IosApp().on_arrival(event, identity()) == []


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (None, "null"),
        (True, "true"),
        (0, "0"),
        (1.5, "1.5"),
        ({"a": {"b": False}, "c": 1}, "{a={b=false}, c=1}"),
        (["x", None], "[x, null]"),
    ],
)
def test_android_prints_values_as_kotlin_does(value: object, printed: str) -> None:
    assert text(value) == printed


async def test_a_notification_that_was_replaced_is_not_removed_by_a_late_hand() -> None:
    screen = Screen()
    first, second = (shown(AndroidApp(), {"tag": "t"}) for _ in range(2))
    await screen.show(first)
    await screen.show(second)
    assert not await screen.remove(first)
    assert screen.shown == {"t": second}


@pytest.fixture
async def answering(socket_enabled: None) -> AsyncIterator[str]:
    """Answer a webhook with the status that is its id."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=int(request.match_info["status"]))

    app = web.Application()
    app.router.add_post("/api/webhook/{status}", answer)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


@pytest.mark.parametrize(
    ("webhook_id", "error"),
    [("410", RegistrationGoneError), ("500", NotDeliveredError)],
)
async def test_a_webhook_that_fails_is_told_apart(
    answering: str, webhook_id: str, error: type[Exception]
) -> None:
    registration = Registration(webhook_id=webhook_id, device_id="d", device_name="P")
    async with aiohttp.ClientSession() as session:
        with pytest.raises(error):
            await send(session, answering, registration, "x", {})


async def test_waiting_for_what_does_not_come_ends() -> None:
    with pytest.raises(TimeoutError):
        await Screen().next(0.01)
