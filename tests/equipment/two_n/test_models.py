"""Reading what a device answers."""

from datetime import UTC, datetime

from hypothesis import given, strategies as st
import pytest

from custom_components.cabinet_secure.equipment.two_n.directory import DirectoryOutcome
from custom_components.cabinet_secure.equipment.two_n.errors import (
    DisabledReason,
    MalformedAnswer,
    MissingPrivilege,
    Refused,
    ServiceDisabled,
    TwoNError,
    Unsupported,
    WrongCredentials,
    error_for,
)
from custom_components.cabinet_secure.equipment.two_n.events import DIGIT_KEY, LogEvent
from custom_components.cabinet_secure.equipment.two_n.json_reading import decode
from custom_components.cabinet_secure.equipment.two_n.models import (
    AccessGrant,
    AccessPointStatus,
    CallSession,
    CallState,
    CameraCapabilities,
    GrantRefusal,
    IoKind,
    IoPort,
    IoState,
    PhoneAccount,
    SwitchCapability,
    SwitchKind,
    SwitchMode,
    SwitchStatus,
    SystemInfo,
    SystemStatus,
)

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=10),
    lambda children: (
        st.lists(children, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "switches",
                    "switch",
                    "ports",
                    "port",
                    "state",
                    "sessions",
                    "calls",
                    "session",
                    "accounts",
                    "account",
                    "accessPoints",
                    "id",
                    "blocked",
                    "event",
                    "params",
                    "key",
                    "code",
                    "upTime",
                    "utcTime",
                    "enabled",
                    "switchOnDuration",
                    "jpegResolution",
                    "sources",
                    "serialNumber",
                ]
            ),
            children,
            max_size=6,
        )
    ),
    max_leaves=20,
)
KINDS = [
    AccessGrant,
    AccessPointStatus,
    CallSession,
    CameraCapabilities,
    IoPort,
    IoState,
    LogEvent,
    PhoneAccount,
    SwitchCapability,
    SwitchStatus,
    SystemInfo,
    SystemStatus,
]


@given(st.dictionaries(st.text(max_size=8), JSON, max_size=4) | JSON)
def test_whatever_a_device_answers_is_read_or_called_malformed(document) -> None:
    if not isinstance(document, dict):
        document = {"switches": document, "ports": document, "sessions": document}
    for kind in KINDS:
        try:
            kind.from_json(document)
        except MalformedAnswer:
            continue


def test_a_disabled_switch_tells_nothing_else() -> None:
    capabilities = SwitchCapability.from_json(
        {
            "switches": [
                {
                    "switch": 1,
                    "enabled": True,
                    "mode": "monostable",
                    "switchOnDuration": 5,
                    "type": "security",
                },
                {"switch": 3, "enabled": False},
                {
                    "switch": 4,
                    "enabled": True,
                    "mode": "new",
                    "switchOnDuration": 1e999,
                },
            ]
        }
    )

    assert capabilities[0] == SwitchCapability(
        switch=1,
        enabled=True,
        mode=SwitchMode.MONOSTABLE,
        kind=SwitchKind.SECURITY,
        on_duration=5.0,
    )
    assert capabilities[1].mode is capabilities[1].kind is None
    assert capabilities[2].mode is capabilities[2].on_duration is None


def test_old_firmware_leaves_locked_and_held_unknown() -> None:
    (status,) = SwitchStatus.from_json({"switches": [{"switch": 1, "active": False}]})

    assert status.locked is None
    assert status.held is None


def test_port_states_are_read_as_numbers_and_as_truth_values() -> None:
    states = IoState.from_json(
        {"ports": [{"port": "relay1", "state": 1}, {"port": "input1", "state": False}]}
    )

    assert [state.on for state in states] == [True, False]
    ports = {"ports": [{"port": "relay1", "type": "output"}]}
    assert IoPort.from_json(ports) == (IoPort(port="relay1", kind=IoKind.OUTPUT),)


def test_a_state_that_is_neither_true_nor_false_is_malformed() -> None:
    with pytest.raises(MalformedAnswer):
        IoState.from_json({"ports": [{"port": "relay1", "state": 7}]})


def test_a_call_is_read_with_its_legs() -> None:
    (call,) = CallSession.from_json(
        {
            "sessions": [
                {
                    "session": 3,
                    "direction": "outgoing",
                    "state": "ringing",
                    "calls": [{"id": 1, "state": "connected", "peer": "sip:desk"}],
                }
            ]
        }
    )

    assert call.state is CallState.RINGING
    assert call.legs[0].state is CallState.CONNECTED
    assert call.legs[0].peer == "sip:desk"


def test_a_refused_grant_tells_why() -> None:
    grant = AccessGrant.from_json({"accessGranted": False, "reason": "accessBlocked"})

    assert not grant.granted
    assert grant.reason is GrantRefusal.ACCESS_BLOCKED


def test_a_camera_without_sources_is_a_camera() -> None:
    caps = CameraCapabilities.from_json({"jpegResolution": [{"width": 1, "height": 2}]})

    assert caps.sources == ()


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"{", b"\xff\xfe", b"NaN", b"[" * 200_000, b"9" * 5000],
)
def test_what_is_not_json_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedAnswer):
        decode(body)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (1, Unsupported),
        (2, Unsupported),
        (3, Unsupported),
        (4, ServiceDisabled),
        (7, ServiceDisabled),
        (8, ServiceDisabled),
        (9, WrongCredentials),
        (10, MissingPrivilege),
        (12, Refused),
        (18, Refused),
        (99, Refused),
    ],
)
def test_each_code_has_its_error(code: int, kind: type[TwoNError]) -> None:
    assert type(error_for(code, service="switch")) is kind


def test_errors_name_the_service_and_the_reason() -> None:
    disabled = error_for(7, service="log")
    missing = error_for(10, service="log")

    assert isinstance(disabled, ServiceDisabled)
    assert (disabled.service, disabled.reason) == (
        "log",
        DisabledReason.WRONG_CONNECTION_TYPE,
    )
    assert isinstance(missing, MissingPrivilege)
    assert missing.service == "log"


def test_what_the_device_says_of_an_error_is_bounded_and_not_in_its_text() -> None:
    error = error_for(
        12, service="switch", param="code=1234; x", description="1234" * 1000
    )

    assert isinstance(error, Refused)
    assert error.param is None
    assert error.description is not None
    assert len(error.description) <= 200
    assert "1234" not in str(error)
    assert str(error_for(12, service="s", param="port")).endswith("(parameter port)")


def _event(kind: str = "KeyPressed", /, **params: object) -> LogEvent:
    return LogEvent.from_json(
        {
            "id": 1,
            "utcTime": 1_700_000_000,
            "upTime": 8,
            "event": kind,
            "params": params,
        }
    )


def test_an_event_is_read_with_its_times() -> None:
    event = _event(key="%1")

    assert event.name == "KeyPressed"
    assert event.text("key") == "%1"
    assert event.device_time == datetime.fromtimestamp(1_700_000_000, UTC)
    assert event.up_time == 8


@pytest.mark.parametrize("name", ["CodeEntered", "DtmfEntered", "SomethingNew"])
def test_codes_are_dropped_from_every_event(name: str) -> None:
    event = _event(name, code="4711", type="user", more={"code": "4711", "x": 1})

    assert "4711" not in repr(event) + repr(event.params)
    assert event.text("type") == "user"
    assert event.params["more"] == {"x": 1}


@pytest.mark.parametrize("key", ["0", "7", 7])
def test_digits_of_the_keypad_are_not_told_apart(key: object) -> None:
    assert _event("KeyPressed", key=key).text("key") == DIGIT_KEY
    assert _event("KeyReleased", key=key).text("key") == DIGIT_KEY


@pytest.mark.parametrize("key", ["%1", "%150", "*", "#"])
def test_other_keys_are_told(key: str) -> None:
    assert _event(key=key).text("key") == key


@pytest.mark.parametrize("access_point", [1, "1"])
def test_an_access_point_may_be_a_number_or_a_text(access_point: object) -> None:
    assert _event("UserAuthenticated", ap=access_point).access_point == 1


def test_an_event_without_params_or_times_is_an_event() -> None:
    event = LogEvent.from_json({"id": 4, "event": "New", "params": None})

    assert event.params == {}
    assert event.device_time is None
    assert event.flag("state") is None


def test_a_time_beyond_all_calendars_is_unknown() -> None:
    assert (
        LogEvent.from_json({"id": 4, "event": "N", "utcTime": 10**18}).device_time
        is None
    )


def test_names_and_card_numbers_are_not_in_the_repr_of_an_event() -> None:
    event = _event("CardEntered", uid="0A1B2C3D", name="Somebody")

    assert "0A1B2C3D" not in repr(event)
    assert "Somebody" not in repr(event)


@pytest.mark.parametrize(
    ("written", "read"), [(7, 7), (7.0, 7), ("7", 7), (7.5, None), (True, None)]
)
def test_a_whole_number_is_read_however_it_is_written(
    written: object, read: int | None
) -> None:
    assert SystemStatus.from_json({"upTime": written}).up_time == read


def test_the_error_of_one_directory_entry_is_read_in_either_form() -> None:
    one = DirectoryOutcome.from_json({"uuid": "u", "error": "EDIR_FULL"})
    several = DirectoryOutcome.from_json(
        {"errors": [{"code": "EDIR_FIELD_VALUE_ERROR", "field": "access.pin"}]}
    )

    assert one.errors == ("EDIR_FULL",)
    assert several.errors == ("EDIR_FIELD_VALUE_ERROR",)
