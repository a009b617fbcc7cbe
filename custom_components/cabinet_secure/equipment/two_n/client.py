"""Everything that a 2N intercom or access unit can be asked for over HTTP.

The contract is the vendor's HTTP API manual (2.37). Every method may raise any
`TwoNError`; a value out of range raises `ValueError` before anything is sent.
"""

from collections.abc import Iterable, Sequence
import logging
from typing import Final

import aiohttp

from .auth import Credentials
from .connection import Connection
from .directory import Directory
from .errors import MalformedAnswer
from .events import LogEvent
from .json_reading import integer
from .models import (
    AccessGrant,
    AccessPointStatus,
    CallSession,
    CameraCapabilities,
    HangupReason,
    IoPort,
    IoState,
    PhoneAccount,
    SwitchAction,
    SwitchCapability,
    SwitchStatus,
    SystemInfo,
    SystemStatus,
)

_LOGGER = logging.getLogger(__name__)

LONGEST_HOLD: Final = 86_400
LONGEST_HISTORY: Final = 3600
LONGEST_CHANNEL: Final = 3600
BATCH: Final = 128
"""Most events that one pull gives."""

_LONGEST_LOOK_BACK = 30
_FASTEST_STREAM = 15


class TwoNClient:
    """One device, reached with one account."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        host: str,
        username: str,
        password: str,
        *,
        tls: bool = True,
        verify_certificate: bool = True,
        port: int | None = None,
        timeout: float = 10.0,
    ) -> None:
        """Take a session that verifies certificates unless told otherwise here.

        `timeout` in seconds bounds each call from its start to the last byte of
        the answer, signing in included. Nothing is sent yet.
        """
        self._timeout = timeout
        self._connection = Connection(
            session,
            host,
            Credentials(username, password),
            tls=tls,
            verify_certificate=verify_certificate,
            port=port,
            timeout=timeout,
        )
        self.directory = Directory(self._connection)

    async def system_info(self) -> SystemInfo:
        """Return who the device is."""
        return SystemInfo.from_json(await self._connection.read("system/info"))

    async def system_status(self) -> SystemStatus:
        """Return the device's clocks."""
        return SystemStatus.from_json(await self._connection.read("system/status"))

    async def switch_caps(self) -> tuple[SwitchCapability, ...]:
        """Return what the switches are, disabled ones too."""
        return SwitchCapability.from_json(await self._connection.read("switch/caps"))

    async def switch_status(self) -> tuple[SwitchStatus, ...]:
        """Return what the switches are doing."""
        return SwitchStatus.from_json(await self._connection.read("switch/status"))

    async def switch_control(
        self,
        switch: int,
        action: SwitchAction,
        *,
        timeout: int | None = None,  # noqa: ASYNC109 -- the device's own parameter
    ) -> None:
        """Command a switch, at most once.

        `timeout`, 1 to 86400 s, goes with `hold` only: the device itself ends the
        hold after it. Success means that the command was taken, not that a door
        is open.
        """
        query: dict[str, str | int] = {"switch": switch, "action": action}
        if timeout is not None:
            if action is not SwitchAction.HOLD:
                raise ValueError("only a hold can have a timeout")
            query["timeout"] = _within(timeout, 1, LONGEST_HOLD, "timeout")
        await self._connection.command("switch/ctrl", query)

    async def io_caps(self) -> tuple[IoPort, ...]:
        """Return the inputs and outputs that the device has."""
        return IoPort.from_json(await self._connection.read("io/caps"))

    async def io_status(self) -> tuple[IoState, ...]:
        """Return the states of the inputs and outputs."""
        return IoState.from_json(await self._connection.read("io/status"))

    async def io_control(self, port: str, *, on: bool) -> None:
        """Switch an output, at most once."""
        await self._connection.command(
            "io/ctrl", {"port": port, "action": _on_off(on=on)}
        )

    async def camera_caps(self) -> CameraCapabilities:
        """Return the pictures that the device can give."""
        return CameraCapabilities.from_json(await self._connection.read("camera/caps"))

    async def snapshot(
        self,
        width: int,
        height: int,
        *,
        source: str | None = None,
        seconds_before: int = 0,
    ) -> bytes:
        """Return a JPEG picture, of now or from up to 30 s before."""
        query: dict[str, str | int] = {"width": width, "height": height}
        if source is not None:
            query["source"] = source
        if seconds_before:
            query["time"] = -_within(
                seconds_before, 0, _LONGEST_LOOK_BACK, "seconds_before"
            )
        return await self._connection.picture("camera/snapshot", query)

    async def mjpeg(
        self, width: int, height: int, fps: int, *, source: str | None = None
    ) -> aiohttp.ClientResponse:
        """Return a running stream of JPEG pictures, 1 to 15 a second.

        Its type is `multipart/x-mixed-replace`. The caller closes the response.
        """
        query: dict[str, str | int] = {
            "width": width,
            "height": height,
            "fps": _within(fps, 1, _FASTEST_STREAM, "fps"),
        }
        if source is not None:
            query["source"] = source
        return await self._connection.stream(
            "camera/snapshot", query, "multipart/x-mixed-replace"
        )

    async def call_status(self) -> tuple[CallSession, ...]:
        """Return the calls in progress."""
        return CallSession.from_json(await self._connection.read("call/status"))

    async def call_dial(
        self, *, number: str | None = None, users: Sequence[str] = ()
    ) -> int:
        """Call a number, or users of the directory by uuid; return the session."""
        if (number is None) == (not users):
            raise ValueError("either a number or users must be given")
        query: dict[str, str | int] = (
            {"users": ",".join(users)} if number is None else {"number": number}
        )
        return integer(await self._connection.command("call/dial", query), "session")

    async def call_answer(self, session: int) -> None:
        """Answer an incoming call."""
        await self._connection.command("call/answer", {"session": session})

    async def call_hangup(
        self, session: int, reason: HangupReason = HangupReason.NORMAL
    ) -> None:
        """End a call."""
        await self._connection.command(
            "call/hangup", {"session": session, "reason": reason}
        )

    async def phone_status(self) -> tuple[PhoneAccount, ...]:
        """Return the SIP accounts."""
        return PhoneAccount.from_json(await self._connection.read("phone/status"))

    async def log_caps(self) -> frozenset[str]:
        """Return the names of the events that the device can report."""
        events = (await self._connection.read("log/caps")).get("events")
        if not isinstance(events, list):
            raise MalformedAnswer("events is not a list")
        return frozenset(name for name in events if isinstance(name, str))

    async def log_subscribe(
        self, events: Iterable[str], *, since: int | None = None, duration: int = 90
    ) -> int:
        """Open a channel for the named events; return its number.

        `since` is how many seconds of history to begin with, 1 to 3600; None
        begins with what happens from now on. The device closes the channel
        `duration` seconds (at most 3600) after the last pull.
        """
        query: dict[str, str | int] = {
            "include": "new"
            if since is None
            else f"-{_within(since, 1, LONGEST_HISTORY, 'since')}",
            "filter": ",".join(sorted(events)),
            "duration": _within(duration, 1, LONGEST_CHANNEL, "duration"),
        }
        return integer(await self._connection.command("log/subscribe", query), "id")

    async def log_pull(
        self,
        channel: int,
        timeout: int = 0,  # noqa: ASYNC109 -- the device's own parameter
    ) -> list[LogEvent]:
        """Take up to 128 events out of a channel, waiting up to `timeout` seconds.

        Events come in the order in which the device logged them; one that cannot
        be read is left out. Raises `Refused` with code 12 where the channel is
        gone. Never repeated by itself: what an answer held is out of the channel.
        """
        result = await self._connection.command(
            "log/pull",
            {"id": channel, "timeout": timeout},
            seconds=timeout + self._timeout,
        )
        entries = result.get("events")
        if not isinstance(entries, list):
            raise MalformedAnswer("events is not a list")
        events: list[LogEvent] = []
        for entry in entries:
            try:
                events.append(LogEvent.from_json(entry))
            except MalformedAnswer as err:
                _LOGGER.debug("Left out an unreadable event: %s", err)
        return events

    async def log_unsubscribe(self, channel: int) -> None:
        """Close a channel."""
        await self._connection.command("log/unsubscribe", {"id": channel})

    async def access_point_block(self, access_point: int, *, on: bool) -> None:
        """Let nobody through an access point: 0 is the entry, 1 the exit.

        Raises `Refused` with code 18 where the access point is disabled.
        """
        await self._connection.command(
            "accesspoint/blocking/ctrl",
            {"id": _within(access_point, 0, 1, "id"), "action": _on_off(on=on)},
            method="POST",
        )

    async def access_point_status(self) -> tuple[AccessPointStatus, ...]:
        """Return which access points are blocked."""
        return AccessPointStatus.from_json(
            await self._connection.read("accesspoint/blocking/status")
        )

    async def grant_access(self, access_point: int, user: str) -> AccessGrant:
        """Let a user of the directory (uuid) through, as if they had a card."""
        return AccessGrant.from_json(
            await self._connection.command(
                "accesspoint/grantaccess",
                {"id": _within(access_point, 0, 1, "id"), "user": user},
            )
        )


def _within(value: int, low: int, high: int, what: str) -> int:
    if not low <= value <= high:
        raise ValueError(f"{what} must be between {low} and {high}")
    return value


def _on_off(*, on: bool) -> str:
    return "on" if on else "off"
