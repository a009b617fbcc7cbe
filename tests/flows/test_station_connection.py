"""What keeps a door station from being connected, and the way out of it."""

import ssl
from unittest.mock import patch

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cabinet_secure.equipment.two_n.client import TwoNClient
from tests.flows.conftest import handshakes_may_fail
from tests.flows.steps import (
    DOOR,
    ROLES,
    connection,
    defaults,
    go_on,
    only_station,
    start,
    suggested,
    to_roles,
)
from tests.simulators.two_n import AuthMode, Privilege, ServiceConfig, TwoNSimulator


def without(*privileges: Privilege) -> list[str]:
    return [one for one in Privilege if one not in privileges]


@pytest.mark.parametrize(
    ("trouble", "error", "service"),
    [
        ("network", "cannot_connect", None),
        ("not_json", "not_two_n", None),
        ("password", "invalid_auth", None),
        ("privilege", "missing_privilege", "Switch API"),
        ("camera privilege", "missing_privilege", "Camera API"),
        ("disabled", "service_disabled", "I/O API"),
        ("no log", "service_disabled", "Logging API"),
        ("refusal", "refused", None),
        ("https", "service_connection", "Switch API"),
        ("camera https", "service_connection", "Camera API"),
    ],
)
async def test_what_keeps_a_station_away_is_named_and_can_be_put_right(
    hass: HomeAssistant,
    practice: MockConfigEntry,
    sim: TwoNSimulator,
    trouble: str,
    error: str,
    service: str | None,
) -> None:
    match trouble:
        case "network":
            sim.set_network(up=False)
        case "not_json":
            sim.answer_wrongly("html", times=None)
        case "password":
            sim.set_account(password="another")
        case "privilege":
            sim.set_account(
                privileges=without(
                    Privilege.SWITCH_MONITORING, Privilege.SWITCH_CONTROL
                )
            )
        case "camera privilege":
            sim.set_account(privileges=without(Privilege.CAMERA_MONITORING))
        case "disabled":
            sim.set_service("io", ServiceConfig(enabled=False))
        case "refusal":
            sim.answer_wrongly("error", path="/api/switch/", times=None, code=14)
        case "no log":
            sim.set_service("log", ServiceConfig(enabled=False))
        case "https":
            sim.set_service("switch", ServiceConfig(https_only=True))
        case "camera https":
            sim.set_service("camera", ServiceConfig(https_only=True))

    flow = await go_on(hass, await start(hass, practice), connection(sim))
    assert flow["step_id"] == "user"
    assert flow["errors"] == {"base": error}
    assert flow["description_placeholders"].get("service") == service
    # What was typed is still there, the password excepted.
    shown = suggested(flow)
    assert shown["host"] == sim.host
    assert shown["username"] == "cabinet"
    assert shown["password"] is None

    sim.set_network(up=True)
    sim.clear_faults()
    sim.set_account(password="cabinet-2n", privileges=list(Privilege))
    for name in ("io", "log", "switch", "camera"):
        sim.set_service(name, ServiceConfig())
    flow = await go_on(hass, flow, connection(sim))
    assert flow["step_id"] == "roles"


async def test_a_wrong_password_is_tried_once(
    hass: HomeAssistant, practice: MockConfigEntry, sim: TwoNSimulator
) -> None:
    flow = await go_on(
        hass, await start(hass, practice), connection(sim, password="wrong")
    )
    assert flow["errors"] == {"base": "invalid_auth"}
    assert sim.gatekeeper.wrong == 1


async def test_a_camera_whose_service_is_switched_off_is_not_offered(
    hass: HomeAssistant, practice: MockConfigEntry, sim: TwoNSimulator
) -> None:
    sim.set_service("camera", ServiceConfig(enabled=False))
    flow = await to_roles(hass, practice, sim)
    assert "camera" not in defaults(flow)


async def test_basic_authentication_is_accepted_where_the_device_asks_for_it(
    hass: HomeAssistant, practice: MockConfigEntry, sim: TwoNSimulator
) -> None:
    for name in ("switch", "io", "log", "camera"):
        sim.set_service(name, ServiceConfig(auth=AuthMode.BASIC))
    await to_roles(hass, practice, sim)


@pytest.mark.parametrize("host", ["", "http://192.168.1.20/", "front door"])
async def test_what_is_not_an_address_is_refused_before_anything_is_sent(
    hass: HomeAssistant, practice: MockConfigEntry, host: str, sim: TwoNSimulator
) -> None:
    flow = await go_on(hass, await start(hass, practice), connection(sim, host=host))
    assert flow["errors"] == {"host": "invalid_host"}
    assert sim.commands == []
    flow = await go_on(hass, flow, connection(sim))
    assert flow["step_id"] == "roles"


async def test_a_certificate_nobody_trusts_is_refused_until_the_check_is_off(
    hass: HomeAssistant,
    practice: MockConfigEntry,
    socket_enabled: None,
    self_signed: ssl.SSLContext,
) -> None:
    async with TwoNSimulator(ssl_context=self_signed) as sim:
        with handshakes_may_fail():
            flow = await go_on(
                hass, await start(hass, practice), connection(sim, ssl=True)
            )
            assert flow["errors"] == {"base": "certificate"}
            flow = await go_on(hass, flow, connection(sim, ssl=True, verify_ssl=False))
            assert flow["step_id"] == "roles"


async def test_the_port_is_stored_only_where_one_was_given(
    hass: HomeAssistant, practice: MockConfigEntry, sim: TwoNSimulator
) -> None:
    asked: list[int | None] = []

    class Elsewhere:
        def __init__(self, *args: object, port: int | None, **kwargs: object) -> None:
            asked.append(port)
            self._client = TwoNClient(*args, port=sim.port, **kwargs)

        def __getattr__(self, name: str) -> object:
            return getattr(self._client, name)

    values = connection(sim)
    del values["port"]
    with patch("custom_components.cabinet_secure.station_survey.TwoNClient", Elsewhere):
        flow = await go_on(hass, await start(hass, practice), values)
    assert asked == [None]
    flow = await go_on(hass, flow, ROLES)
    await go_on(hass, flow, DOOR)
    assert only_station(practice).data["port"] is None
