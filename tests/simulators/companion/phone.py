"""The phone: what tests hold in their hand."""

import asyncio
from collections.abc import Callable, Coroutine
import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import aiohttp

from .android import AndroidApp
from .app import App, AppEvent, Cleared, Command, Os
from .errors import CompanionError, LockedError
from .ios import IosApp
from .link import ConnectionState, Link
from .notification import Json, Notification
from .registration import Device, Registration, StateFile, new_device_id
from .screen import Happening, HistoryEntry, Screen
from .sign_in import Credential, Token


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture as Home Assistant sent it."""

    content: bytes
    content_type: str


class Phone:
    """A phone with the companion app: `async with Phone(url, token) as phone`.

    It registers (or takes up the registration of `state_file`), opens the push
    channel, and opens it again whenever the connection ends. `app_version` decides
    what an Android app knows; `confirms=False` is a phone that is connected and never
    confirms a push; `locked` is the lock screen; with `keep_pictures` it loads
    pictures on arrival, as the apps do. The iOS app encrypts what it posts, the
    Android app does not, unless `encrypted` says otherwise.
    """

    def __init__(
        self,
        base_url: str,
        access_token: str | Credential,
        *,
        device_name: str,
        os: Os | str = Os.ANDROID,
        app_version: str | None = None,
        state_file: Path | None = None,
        encrypted: bool | None = None,
        confirms: bool = True,
        locked: bool = False,
        keep_pictures: bool = False,
    ) -> None:
        self.device_name = device_name
        self.app: App = AndroidApp() if Os(os) is Os.ANDROID else IosApp()
        self.locked = locked
        self.confirms = confirms
        self.screen = Screen()
        self.opened: list[str] = []
        self.pictures: dict[str, Picture] = {}
        self._link = Link(
            base_url,
            Token(access_token) if isinstance(access_token, str) else access_token,
            Device(
                name=device_name,
                app=self.app,
                app_version=app_version or self.app.default_version,
                device_id=new_device_id(),
                encrypted=self.app.encrypts if encrypted is None else encrypted,
            ),
            StateFile(state_file),
            confirms=confirms,
            on_push=self._receive,
            on_change=self.screen.changed,
        )
        self._keep_pictures = keep_pictures
        self._errands: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        """Switch on, and wait for the push channel; raises what kept it closed."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Switch off."""
        await self.stop()

    @property
    def os(self) -> Os:
        """Return which app this is."""
        return self.app.os_name

    @property
    def base_url(self) -> str:
        """Return the address of Home Assistant, without a slash at its end."""
        return self._link.base_url

    @property
    def state(self) -> ConnectionState:
        """Return whether a push would arrive."""
        return self._link.state

    @property
    def trouble(self) -> str:
        """Return why the phone is not connected, in English; may be empty."""
        return self._link.trouble

    @property
    def registration(self) -> Registration:
        """Return the registration; raises CompanionError before there is one."""
        return self._link.registration

    @property
    def confirmed(self) -> list[str]:
        """Return the ids of the pushes whose confirmation was accepted."""
        return self._link.confirmed

    @property
    def notifications(self) -> list[Notification]:
        """Return every notification that came, in order."""
        return self.screen.notifications

    @property
    def shown(self) -> dict[str, Notification]:
        """Return what lies on the screen, the latest last, by tag or own id."""
        return self.screen.shown

    @property
    def commands(self) -> list[Command]:
        """Return the commands that came, such as `command_dnd`."""
        return self.screen.commands

    @property
    def history(self) -> list[HistoryEntry]:
        """Return what happened, the oldest first."""
        return list(self.screen.history)

    # Switching on and off

    async def start(self, *, patient: bool = False) -> None:
        """Switch on and wait for the push channel; see `Link.start`."""
        await self._link.start(patient=patient)

    async def stop(self) -> None:
        """Switch off; the registration stays."""
        for errand in list(self._errands):
            errand.cancel()
        await asyncio.gather(*self._errands, return_exceptions=True)
        await self._link.stop()

    async def go_offline(self) -> None:
        """Lose the network: a push that comes now is lost, a tap not delivered."""
        await self._link.hang_up()

    async def go_online(self) -> None:
        """Have the network again, and wait until connected."""
        await self._link.start(patient=True)

    def reconnect(self) -> None:
        """Have the network again, without waiting."""
        self._errand(self.go_online())

    # Waiting

    async def next_notification(self, timeout: float = 5.0) -> Notification:  # noqa: ASYNC109
        """Return the oldest notification not returned yet; raises TimeoutError."""
        return await self.screen.next(timeout)

    async def until(
        self,
        condition: Callable[[Phone], bool],
        timeout: float = 5.0,  # noqa: ASYNC109
    ) -> None:
        """Wait until something holds for this phone; raises TimeoutError."""
        await self.screen.until(lambda: condition(self), timeout)

    # Hands on the screen

    async def tap(
        self, notification: Notification, action_id: str, reply: str | None = None
    ) -> bool:
        """Tap a button, also of a notification that is no longer shown.

        False: Home Assistant answered well and nobody heard it, because it was still
        starting; the app does not notice. Raises KeyError for a button that is not
        shown, LockedError, NotDeliveredError, RegistrationGoneError.
        """
        action = notification.action(action_id)
        if action.authentication_required and self.locked:
            raise LockedError(f"unlock the phone for {action.title}")
        events = self.app.on_tap(notification, action, reply, self._link.identity)
        heard = await self._fire(notification, events)
        if (uri := self.app.opens(action)) is not None:
            self.opened.append(uri)
        self.screen.tell(Happening.TAPPED, notification, action.title)
        if not self.app.stays(notification, action):
            await self.screen.remove(notification)
        await self.screen.changed()
        return heard

    async def open(self, notification: Notification) -> str | None:
        """Tap the notification itself; returns what it opens, None for the app."""
        if notification.opens is not None:
            self.opened.append(notification.opens)
        self.screen.tell(Happening.OPENED, notification, notification.opens or "")
        if not self.app.stays(notification, None):
            await self.screen.remove(notification)
        await self.screen.changed()
        return notification.opens

    async def dismiss(self, notification: Notification) -> None:
        """Swipe a notification away, where it is still shown.

        The Android app tells Home Assistant, the iOS app nobody. Raises
        NotDeliveredError; it is gone from the screen all the same.
        """
        await self._withdraw(notification, Happening.DISMISSED)

    async def fetch_picture(
        self, notification: Notification, *, authenticated: bool | None = None
    ) -> Picture:
        """Load the picture; by default only Home Assistant is given the token.

        Raises ValueError where there is no picture, aiohttp.ClientResponseError.
        """
        if not (image := notification.image):
            raise ValueError("this notification has no picture")
        own = image.startswith("/")
        content, content_type = await self._link.get(
            self.base_url + image if own else image,
            authenticated=own if authenticated is None else authenticated,
        )
        return Picture(content=content, content_type=content_type)

    # Inside

    async def _receive(self, event: Json, received_at: float) -> None:
        identity = self._link.identity
        match self.app.receive(event, received_at, identity):
            case Notification() as notification:
                await self.screen.show(notification)
                if self._keep_pictures and notification.image:
                    self._errand(self._keep_picture(notification))
                if notification.timeout_s is not None:
                    self._errand(self._time_out(notification, notification.timeout_s))
            case Cleared(key=key):
                await self.screen.clear(key)
            case Command() as command:
                await self.screen.obey(command)
        for answer in self.app.on_arrival(event, identity):
            self._errand(self._report(answer))

    def _errand(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    async def _keep_picture(self, notification: Notification) -> None:
        try:
            self.pictures[notification.id] = await self.fetch_picture(notification)
        except (aiohttp.ClientError, TimeoutError, CompanionError) as err:
            self.screen.tell(Happening.FAILED, notification, str(err))
        await self.screen.changed()

    async def _time_out(self, notification: Notification, timeout_s: float) -> None:
        await asyncio.sleep(timeout_s)
        with contextlib.suppress(CompanionError):
            await self._withdraw(notification, Happening.TIMED_OUT)

    async def _report(self, event: AppEvent) -> None:
        with contextlib.suppress(CompanionError):
            await self._post_event(event)

    async def _withdraw(self, notification: Notification, why: Happening) -> None:
        if await self.screen.remove(notification):
            self.screen.tell(why, notification)
            await self._fire(
                notification, self.app.on_dismiss(notification, self._link.identity)
            )
            await self.screen.changed()

    async def _fire(self, notification: Notification, events: list[AppEvent]) -> bool:
        try:
            heard = [await self._post_event(event) for event in events]
        except CompanionError as err:
            self.screen.tell(Happening.FAILED, notification, str(err))
            await self.screen.changed()
            raise
        return all(heard)

    async def _post_event(self, event: AppEvent) -> bool:
        return await self._link.post(
            "fire_event", {"event_type": event.event_type, "event_data": event.data}
        )
