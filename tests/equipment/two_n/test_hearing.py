"""What a device's log means to the practice."""

from datetime import UTC, datetime
from typing import Any

import pytest

from custom_components.cabinet_secure.equipment.two_n.events import LogEvent
from custom_components.cabinet_secure.equipment.two_n.hearing import (
    Hearing,
    call_id,
    session_of,
)
from custom_components.cabinet_secure.equipment.two_n.log import HeardEvent
from custom_components.cabinet_secure.equipment.two_n.roles import (
    DoorRole,
    StationRoles,
)
from custom_components.cabinet_secure.practice.events import (
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
from custom_components.cabinet_secure.practice.lockdown.events import FireReported
from custom_components.cabinet_secure.practice.panic.config import PanicSource

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
STREET, STORE = "S-switch1", "S-switch2"
ROLES = StationRoles(
    doors=(
        DoorRole(switch=1, name="Street", buttons=frozenset({"%1"}), contact="station"),
        DoorRole(switch=2, name="Store", buttons=frozenset({"%2"}), contact="input2"),
    ),
    panic_inputs={"input1": PanicSource()},
    tamper_inputs=frozenset({"tamper"}),
    fire_inputs=frozenset({"input3"}),
)


def hear(
    hearing: Hearing,
    name: str,
    /,
    age: float | None = 0.0,
    late: bool = False,
    **params: Any,
) -> list[EquipmentEvent]:
    """Let the log report something."""
    event = LogEvent.from_json(
        {"id": 1, "event": name, "utcTime": 0, "upTime": 0, "params": params}
    )
    return hearing.translate(
        HeardEvent(
            event=event,
            boot=0,
            received_at=NOW,
            device_time=event.device_time,
            age=age,
            resumed=late,
            late=late,
        )
    )


@pytest.fixture
def hearing() -> Hearing:
    """Return what listens to a station with two doors."""
    return Hearing("S", ROLES)


DOOR_EVENTS = [
    ("KeyPressed", {"key": "%1"}, BellPressed, {"door": STREET}),
    ("KeyPressed", {"key": "%2"}, BellPressed, {"door": STORE}),
    (
        "SwitchStateChanged",
        {"switch": 2, "state": True, "originator": "dtmf"},
        StrikeReleased,
        {"door": STORE, "originator": Originator.PHONE},
    ),
    (
        "SwitchStateChanged",
        {"switch": 1, "state": True, "originator": "new in 2030"},
        StrikeReleased,
        {"door": STREET, "originator": Originator.UNKNOWN},
    ),
    ("SwitchStateChanged", {"switch": 1, "state": False}, StrikeSecured, {}),
    ("DoorStateChanged", {"state": "opened"}, DoorOpened, {"door": STREET}),
    ("DoorStateChanged", {"state": "closed"}, DoorClosed, {"door": STREET}),
    ("InputChanged", {"port": "input2", "state": True}, DoorOpened, {"door": STORE}),
    ("InputChanged", {"port": "input2", "state": False}, DoorClosed, {"door": STORE}),
    ("DoorOpenTooLong", {"state": "in"}, DoorHeldOpen, {"door": STREET}),
    ("UnauthorizedDoorOpen", {"state": "in"}, DoorForced, {"door": STREET}),
    ("RexActivated", {"ap": 1, "session": 4}, ExitButtonPressed, {"door": STREET}),
    (
        "UserAuthenticated",
        {"ap": "0", "session": 4, "name": "locum", "uuid": "u"},
        AccessGranted,
        {"label": "locum", "method": "unknown"},
    ),
    (
        "UserRejected",
        {"ap": 0, "session": 4, "name": "locum", "reason": "invalidTime"},
        AccessDenied,
        {"label": "locum", "reason": "invalidTime"},
    ),
    (
        "CardEntered",
        {"ap": 0, "session": 9, "uid": "00", "valid": False},
        AccessDenied,
        {"label": "", "reason": "invalid"},
    ),
    ("InputChanged", {"port": "input1", "state": True}, PanicPressed, {}),
    ("SilentAlarm", {"ap": 0, "name": "x"}, PanicPressed, {"button": "S-panic-duress"}),
    ("TamperSwitchActivated", {"state": "in"}, FaultRaised, {"fault": Fault.TAMPER}),
    ("TamperSwitchActivated", {"state": "out"}, FaultCleared, {"fault": Fault.TAMPER}),
    (
        "InputChanged",
        {"port": "tamper", "state": True},
        FaultRaised,
        {"fault": Fault.TAMPER},
    ),
    (
        "InputChanged",
        {"port": "input3", "state": True},
        FireReported,
        {"source": "S-fire-input3", "active": True},
    ),
    (
        "InputChanged",
        {"port": "input3", "state": False},
        FireReported,
        {"source": "S-fire-input3", "active": False},
    ),
    ("SwitchesBlocked", {"state": "in"}, FaultRaised, {"fault": Fault.BLOCKED}),
    (
        "RegistrationStateChanged",
        {"state": "unregistered"},
        FaultRaised,
        {"fault": Fault.UNREGISTERED},
    ),
    (
        "RegistrationStateChanged",
        {"state": "registered"},
        FaultCleared,
        {"fault": Fault.UNREGISTERED},
    ),
]


@pytest.mark.parametrize(("name", "params", "kind", "details"), DOOR_EVENTS)
def test_a_report_is_heard_as_what_it_means(
    hearing: Hearing,
    name: str,
    params: dict[str, Any],
    kind: type[EquipmentEvent],
    details: dict[str, Any],
) -> None:
    (event,) = hear(hearing, name, **params)
    assert type(event) is kind
    assert event.equipment == "S"
    assert not event.late
    for detail, value in details.items():
        assert getattr(event, detail) == value


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("KeyPressed", {"key": "5"}),
        ("KeyPressed", {"key": "#"}),
        ("KeyPressed", {"key": "%7"}),
        ("KeyPressed", {}),
        (
            "CallStateChanged",
            {"state": "ringing", "direction": "incoming", "session": 1},
        ),
        ("CallStateChanged", {"state": "ringing", "direction": "outgoing"}),
        ("SwitchStateChanged", {"switch": 9, "state": True}),
        ("SwitchStateChanged", {"state": True}),
        ("InputChanged", {"port": "input9", "state": True}),
        ("InputChanged", {}),
        ("DoorOpenTooLong", {"state": "out"}),
        ("UnauthorizedDoorOpen", {"state": "out"}),
        ("RegistrationStateChanged", {"state": "registering"}),
        ("CodeEntered", {"ap": 0, "session": 1, "code": "1234", "valid": True}),
        ("InventedIn2031", {"state": "in"}),
    ],
)
def test_what_means_nothing_to_the_practice_is_not_heard(
    hearing: Hearing, name: str, params: dict[str, Any]
) -> None:
    assert hear(hearing, name, **params) == []


def test_a_call_belongs_to_the_door_that_rang_last(hearing: Hearing) -> None:
    hear(hearing, "KeyPressed", key="%2")
    told = [
        hear(hearing, "CallStateChanged", state=state, direction="outgoing", session=3)[
            0
        ]
        for state in ("connecting", "ringing", "connected", "terminated")
    ]
    assert [type(event) for event in told] == [
        CallStarted,
        CallStarted,
        CallAnswered,
        CallEnded,
    ]
    assert isinstance(told[0], CallStarted)
    assert told[0].door == STORE
    assert told[0].call == call_id("S", 3)
    assert session_of(told[0].call) == 3


def test_what_was_shown_tells_how_somebody_came_in(hearing: Hearing) -> None:
    hear(hearing, "CardEntered", ap=0, session=7, uid="00", valid=True)
    (granted,) = hear(hearing, "UserAuthenticated", ap=0, session=7, name="locum")
    assert isinstance(granted, AccessGranted)
    assert granted.method == "card"


def test_one_refusal_is_told_once(hearing: Hearing) -> None:
    first = hear(hearing, "CodeEntered", ap=0, session=7, code="1", valid=False)
    second = hear(hearing, "UserRejected", ap=0, session=7, reason="invalidCredential")
    third = hear(hearing, "CodeEntered", ap=0, session=8, code="1", valid=False)
    assert [len(told) for told in (first, second, third)] == [1, 0, 1]


@pytest.mark.parametrize(
    ("age", "replayed", "late"),
    [(0.0, False, False), (2.0, True, False), (10.5, True, True), (None, True, True)],
)
def test_late_goes_by_age_where_it_is_known(
    hearing: Hearing, age: float | None, replayed: bool, late: bool
) -> None:
    (event,) = hear(hearing, "KeyPressed", age=age, late=replayed, key="%1")
    assert event.late is late


def test_a_panic_button_is_heard_when_it_is_pressed_and_when_it_is_let_go(
    hearing: Hearing,
) -> None:
    (pressed,) = hear(hearing, "InputChanged", port="input1", state=True)
    (released,) = hear(hearing, "InputChanged", port="input1", state=False)
    assert isinstance(pressed, PanicPressed)
    assert isinstance(released, PanicReleased)
    assert pressed.button == released.button


def test_a_station_without_doors_still_hears_its_panic_button() -> None:
    hearing = Hearing(
        "S", StationRoles(doors=(), panic_inputs={"input1": PanicSource()})
    )
    assert hear(hearing, "KeyPressed", key="%1") == []
    assert hear(hearing, "RexActivated", ap=0) == []
    assert (
        hear(
            hearing,
            "CallStateChanged",
            state="ringing",
            direction="outgoing",
            session=1,
        )
        == []
    )
    assert len(hear(hearing, "InputChanged", port="input1", state=True)) == 1
