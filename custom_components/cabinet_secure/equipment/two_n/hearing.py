"""From the log of a 2N device to what the practice can hear (PROTOCOL_2N, *Events*)."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from ...practice.events import (
    AccessDenied,
    AccessGranted,
    BellPressed,
    CallAnswered,
    CallEnded,
    CallStarted,
    DoorClosed,
    DoorForced,
    DoorHeldOpen,
    DoorOpened,
    EquipmentEvent,
    ExitButtonPressed,
    Fault,
    FaultCleared,
    FaultRaised,
    Originator,
    PanicPressed,
    PanicReleased,
    StrikeReleased,
    StrikeSecured,
)
from ...practice.lockdown.events import FireReported
from .events import LogEvent
from .log import LATE, HeardEvent
from .roles import STATION_CONTACT, StationRoles

# What stands for the duress code among the panic inputs.
DURESS: Final = "duress"

WANTED: Final = frozenset(
    {
        "CallStateChanged",
        "CardEntered",
        "CodeEntered",
        "DeviceState",
        "DoorOpenTooLong",
        "DoorStateChanged",
        "FingerEntered",
        "InputChanged",
        "KeyPressed",
        "MobKeyEntered",
        "OutputChanged",
        "RegistrationStateChanged",
        "RexActivated",
        "SilentAlarm",
        "SwitchStateChanged",
        "SwitchesBlocked",
        "TamperSwitchActivated",
        "UnauthorizedDoorOpen",
        "UserAuthenticated",
        "UserRejected",
    }
)

_ORIGINATORS: Final = {
    "api": Originator.REQUEST,
    "ap": Originator.CODE,
    "auth": Originator.CODE,
    "uni": Originator.CODE,
    "dtmf": Originator.PHONE,
    "idt": Originator.PHONE,
    "rex": Originator.EXIT_BUTTON,
    "profile": Originator.DEVICE,
    "zone": Originator.DEVICE,
    "automation": Originator.DEVICE,
}

# What somebody showed, by the event that reports it.
_METHODS: Final = {
    "CodeEntered": "code",
    "CardEntered": "card",
    "FingerEntered": "finger",
    "MobKeyEntered": "phone_key",
}


class Hearing:
    """Translates one station's log.

    `door_id`, `panic_id` and `call_id` name what is the practice's by what is the
    device's.
    """

    def __init__(self, station: str, roles: StationRoles) -> None:
        self._station = station
        self._roles = roles
        self._doors = {
            door.switch: door_id(station, door.switch) for door in roles.doors
        }
        # The door of the last press: the call that follows belongs to it.
        self._rung = next(iter(self._doors.values()), None)
        self._shown: tuple[int | None, str] | None = None
        self._denied: int | None = None

    def translate(self, heard: HeardEvent) -> list[EquipmentEvent]:
        """Return what the practice hears of an event; often nothing."""
        # A visitor who rang during a gap of a few seconds still stands there.
        late = heard.late if heard.age is None else heard.age > LATE
        happened_at = heard.device_time
        if heard.age is not None:
            # By our clock: the device's own may be wrong.
            happened_at = heard.received_at - timedelta(seconds=heard.age)
        tell = _Common(self._station, happened_at, late=late)
        return list(self._translate(heard.event, tell))

    def _translate(self, event: LogEvent, tell: _Common) -> Iterator[EquipmentEvent]:
        match event.name:
            case "KeyPressed":
                yield from self._key(event, tell)
            case "CallStateChanged":
                yield from self._call(event, tell)
            case "SwitchStateChanged":
                yield from self._switch(event, tell)
            case "InputChanged":
                yield from self._input(event, tell)
            case "DoorStateChanged":
                opened = event.text("state") == "opened"
                for door in self._with_contact(STATION_CONTACT):
                    yield tell(DoorOpened if opened else DoorClosed, door=door)
            case "DoorOpenTooLong" if _begins(event):
                yield from self._main_door(tell, DoorHeldOpen)
            case "UnauthorizedDoorOpen" if _begins(event):
                yield from self._main_door(tell, DoorForced)
            case "TamperSwitchActivated":
                yield tell.fault(Fault.TAMPER, raised=_begins(event))
            case "SwitchesBlocked":
                yield tell.fault(Fault.BLOCKED, raised=_begins(event))
            case "RegistrationStateChanged" if event.text("state") in (
                "registered",
                "unregistered",
            ):
                yield tell.fault(
                    Fault.UNREGISTERED, raised=event.text("state") == "unregistered"
                )
            case "RexActivated":
                yield from self._main_door(tell, ExitButtonPressed)
            case "SilentAlarm":
                yield tell(PanicPressed, button=panic_id(self._station, DURESS))
            case _:
                yield from self._credential(event, tell)

    def _key(self, event: LogEvent, tell: _Common) -> Iterator[EquipmentEvent]:
        key = event.text("key")
        if key is None or not key.startswith("%"):
            return
        for door in self._roles.doors:
            if not door.buttons or key in door.buttons:
                self._rung = self._doors[door.switch]
                yield tell(BellPressed, door=self._rung)
                return

    def _call(self, event: LogEvent, tell: _Common) -> Iterator[EquipmentEvent]:
        session = event.number("session")
        if session is None or self._rung is None:
            return
        call = call_id(self._station, session)
        match event.text("state"), event.text("direction"):
            case "connecting" | "ringing", "outgoing":
                yield tell(CallStarted, door=self._rung, call=call)
            case "connected", "outgoing":
                yield tell(CallAnswered, call=call)
            case "terminated", _:
                yield tell(CallEnded, call=call)

    def _switch(self, event: LogEvent, tell: _Common) -> Iterator[EquipmentEvent]:
        if (door := self._doors.get(event.number("switch") or 0)) is None:
            return
        if event.flag("state"):
            yield tell(
                StrikeReleased,
                door=door,
                originator=_ORIGINATORS.get(
                    event.text("originator") or "", Originator.UNKNOWN
                ),
            )
        else:
            yield tell(StrikeSecured, door=door)

    def _input(self, event: LogEvent, tell: _Common) -> Iterator[EquipmentEvent]:
        port, on = event.text("port"), event.flag("state")
        if port is None or on is None:
            return
        for door in self._with_contact(port):
            yield tell(DoorOpened if on else DoorClosed, door=door)
        if port in self._roles.panic_inputs:
            yield tell(
                PanicPressed if on else PanicReleased,
                button=panic_id(self._station, port),
            )
        if port in self._roles.fire_inputs:
            yield tell(FireReported, source=fire_id(self._station, port), active=on)
        if port in self._roles.tamper_inputs:
            yield tell.fault(Fault.TAMPER, raised=on)

    def _credential(self, event: LogEvent, tell: _Common) -> Iterator[EquipmentEvent]:
        session = event.number("session")
        if method := _METHODS.get(event.name):
            self._shown = (session, method)
            # Of somebody whom the device knows, what came of it tells more.
            if event.flag("valid") is False and not event.text("uuid"):
                yield from self._deny(session, "", "invalid", tell)
        elif event.name == "UserAuthenticated":
            shown = self._shown
            known = shown is not None and shown[0] == session
            yield from self._main_door(
                tell,
                AccessGranted,
                label=event.text("name") or "",
                method=shown[1] if shown is not None and known else "unknown",
                grant=_grant(event),
            )
        elif event.name == "UserRejected":
            yield from self._deny(
                session,
                event.text("name") or "",
                event.text("reason") or "unknown",
                tell,
                grant=_grant(event),
            )

    def _deny(
        self,
        session: int | None,
        label: str,
        reason: str,
        tell: _Common,
        *,
        grant: str | None = None,
    ) -> Iterator[EquipmentEvent]:
        # One refusal is reported by what was shown and again by what came of it.
        if session is not None and session == self._denied:
            return
        self._denied = session
        yield from self._main_door(
            tell, AccessDenied, label=label, reason=reason, grant=grant
        )

    def _main_door(
        self, tell: _Common, kind: type[EquipmentEvent], **details: str | None
    ) -> Iterator[EquipmentEvent]:
        """Tell of what the device reports without a door: it means its first."""
        if self._roles.doors:
            yield tell(kind, door=self._doors[self._roles.doors[0].switch], **details)

    def _with_contact(self, contact: str) -> Iterator[str]:
        return (
            self._doors[door.switch]
            for door in self._roles.doors
            if door.contact == contact
        )


class _Common:
    """What every event of one report has in common."""

    def __init__(
        self, station: str, device_time: datetime | None, *, late: bool
    ) -> None:
        self._station = station
        self._device_time = device_time
        self._late = late

    def __call__[E: EquipmentEvent](
        self, kind: Callable[..., E], **details: object
    ) -> E:
        return kind(
            equipment=self._station,
            device_time=self._device_time,
            late=self._late,
            **details,
        )

    def fault(self, fault: Fault, *, raised: bool) -> FaultRaised | FaultCleared:
        """Return that a fault begins or ends."""
        if raised:
            return self(FaultRaised, fault=fault)
        return self(FaultCleared, fault=fault)


def _grant(event: LogEvent) -> str | None:
    """Return the device's identifier of whom the event is about."""
    uuid = event.text("uuid")
    return uuid.upper() if uuid else None


def _begins(event: LogEvent) -> bool:
    return event.text("state") == "in"


def door_id(station: str, switch: int) -> str:
    """Return the identifier of the door that a switch of a station releases."""
    return f"{station}-switch{switch}"


def panic_id(station: str, source: str) -> str:
    """Return the identifier of a panic input, or of the duress code."""
    return f"{station}-panic-{source}"


def fire_id(station: str, port: str) -> str:
    """Return the identifier of a fire input."""
    return f"{station}-fire-{port}"


def call_id(station: str, session: int) -> str:
    """Return the identifier of a call session, unique among all stations."""
    return f"{station}/{session}"


def session_of(call: str) -> int:
    """Return the device's own number of a call."""
    return int(call.rpartition("/")[2])
