"""A station found on the network is offered to a practice."""

from collections.abc import Generator
from ipaddress import ip_address
import ssl
from unittest.mock import patch

from homeassistant.auth.models import User
from homeassistant.config_entries import (
    SOURCE_DHCP,
    SOURCE_IGNORE,
    SOURCE_USER,
    SOURCE_ZEROCONF,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cabinet_secure.const import DOMAIN
from tests.flows.steps import (
    DOOR,
    MAC,
    PANIC_BUTTON,
    ROLES,
    SERIAL,
    add_station,
    connection,
    describe_panic_buttons,
    station_data,
    suggested,
)
from tests.flows.test_practice_flow import PRACTICE
from tests.simulators.two_n import ServiceConfig, StationConfig, TwoNSimulator

LEASE = DhcpServiceInfo(
    ip="127.0.0.1", hostname="2nipstyle", macaddress=MAC.replace(":", "")
)
ANNOUNCEMENT = ZeroconfServiceInfo(
    ip_address=ip_address("127.0.0.1"),
    ip_addresses=[ip_address("127.0.0.1")],
    port=80,
    hostname="2nipstyle.local.",
    type="_http._tcp.local.",
    name="2N IP Style._http._tcp.local.",
    properties={},
)


@pytest.fixture
def listening(sim: TwoNSimulator) -> Generator[None]:
    """Let the station answer where found devices are looked for, over HTTP only."""
    with patch(
        "custom_components.cabinet_secure.station_survey.LISTENING",
        ((True, sim.port), (False, sim.port)),
    ):
        yield


async def found(
    hass: HomeAssistant,
    source: str = SOURCE_DHCP,
    data: DhcpServiceInfo | ZeroconfServiceInfo = LEASE,
) -> dict:
    return await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": source}, data=data
    )


async def go_on(hass: HomeAssistant, flow: dict, values: dict[str, object]) -> dict:
    manager = hass.config_entries.flow
    return await describe_panic_buttons(
        manager, await manager.async_configure(flow["flow_id"], values)
    )


@pytest.mark.parametrize(
    ("source", "data"), [(SOURCE_DHCP, LEASE), (SOURCE_ZEROCONF, ANNOUNCEMENT)]
)
async def test_the_only_practice_gets_a_found_station_with_its_address_filled_in(
    hass: HomeAssistant,
    practice: MockConfigEntry,
    sim: TwoNSimulator,
    listening: None,
    source: str,
    data: DhcpServiceInfo | ZeroconfServiceInfo,
) -> None:
    flow = await found(hass, source, data)
    assert flow["step_id"] == "station"
    assert flow["description_placeholders"] == {"name": "Entrance", "host": sim.host}
    assert suggested(flow)["host"] == sim.host
    assert suggested(flow)["ssl"] is False
    (progress,) = hass.config_entries.flow.async_progress()
    assert progress["context"]["unique_id"] == MAC
    assert progress["context"]["title_placeholders"] == {"name": "Entrance"}

    flow = await go_on(hass, flow, connection(sim))
    flow = await go_on(hass, flow, ROLES)
    flow = await go_on(hass, flow, {**DOOR, "buttons": ["%1"]})
    assert flow["type"] is FlowResultType.ABORT
    assert flow["reason"] == "station_added"
    assert flow["description_placeholders"] == {
        "station": "Entrance",
        "practice": "Cabinet des Lilas",
    }
    (station,) = practice.subentries.values()
    assert station.unique_id == SERIAL
    assert station.title == "Entrance"
    assert station.data == station_data(sim)


async def test_without_a_practice_one_is_set_up_first(
    hass: HomeAssistant, owner: User, sim: TwoNSimulator, listening: None
) -> None:
    flow = await found(hass)
    assert flow["step_id"] == "user"
    flow = await go_on(hass, flow, {**PRACTICE, "language": "en"})
    assert flow["step_id"] == "people"
    flow = await go_on(hass, flow, {"may_open": [owner.id], "may_manage": [owner.id]})
    assert flow["step_id"] == "station"
    flow = await go_on(hass, flow, connection(sim))
    flow = await go_on(hass, flow, ROLES)
    assert flow["data_schema"]({"contact": "none"})["name"] == "Entrance"
    flow = await go_on(hass, flow, {**DOOR, "buttons": ["%1"]})
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    entry = flow["result"]
    assert entry.title == "Cabinet du Parc"
    assert entry.unique_id is None
    assert entry.options["may_open"] == [owner.id]
    (station,) = entry.subentries.values()
    assert station.subentry_type == "station"
    assert station.unique_id == SERIAL
    assert station.data == station_data(sim)


async def test_with_several_practices_one_is_chosen(
    hass: HomeAssistant, practice: MockConfigEntry, sim: TwoNSimulator, listening: None
) -> None:
    other = MockConfigEntry(
        domain=DOMAIN, title="Cabinet du Parc", data={"country": "FR", "language": "en"}
    )
    other.add_to_hass(hass)
    flow = await found(hass)
    assert flow["step_id"] == "practice"
    flow = await go_on(hass, flow, {"practice": other.entry_id})
    assert flow["step_id"] == "station"
    flow = await go_on(hass, flow, connection(sim))
    flow = await go_on(hass, flow, ROLES)
    flow = await go_on(hass, flow, DOOR)
    assert flow["reason"] == "station_added"
    assert [station.unique_id for station in other.subentries.values()] == [SERIAL]
    assert practice.subentries == {}


async def test_errors_of_a_found_station_can_be_put_right(
    hass: HomeAssistant, practice: MockConfigEntry, sim: TwoNSimulator, listening: None
) -> None:
    sim.set_service("io", ServiceConfig(enabled=False))
    flow = await go_on(hass, await found(hass), connection(sim))
    assert flow["step_id"] == "station"
    assert flow["errors"] == {"base": "service_disabled"}
    sim.set_service("io", ServiceConfig())
    flow = await go_on(hass, flow, connection(sim))
    assert flow["step_id"] == "roles"


@pytest.mark.parametrize(
    ("source", "data"), [(SOURCE_DHCP, LEASE), (SOURCE_ZEROCONF, ANNOUNCEMENT)]
)
async def test_a_station_that_a_practice_has_is_followed_to_its_new_address(
    hass: HomeAssistant,
    practice: MockConfigEntry,
    sim: TwoNSimulator,
    listening: None,
    source: str,
    data: DhcpServiceInfo | ZeroconfServiceInfo,
) -> None:
    station_id = add_station(hass, practice, station_data(sim, host="192.0.2.1"))
    flow = await found(hass, source, data)
    assert flow["reason"] == "already_configured"
    assert practice.subentries[station_id].data == station_data(sim)


async def test_another_device_at_the_address_of_a_station_is_offered(
    hass: HomeAssistant, practice: MockConfigEntry, sim: TwoNSimulator, listening: None
) -> None:
    sub_id = add_station(hass, practice, station_data(sim))
    hass.config_entries.async_update_subentry(
        practice, practice.subentries[sub_id], unique_id="54-0000-0001"
    )
    flow = await found(hass)
    assert flow["step_id"] == "station"
    assert practice.subentries[sub_id].data == station_data(sim)


async def test_a_station_that_wants_a_password_first_is_offered_by_its_mac_address(
    hass: HomeAssistant, practice: MockConfigEntry, socket_enabled: None
) -> None:
    async with TwoNSimulator(StationConfig(open_info=False)) as sim:
        with patch(
            "custom_components.cabinet_secure.station_survey.LISTENING",
            ((False, sim.port),),
        ):
            flow = await found(hass)
            assert flow["step_id"] == "station"
            assert flow["description_placeholders"]["name"] == "127.0.0.1"
            # No guess at a password, which might have locked somebody out.
            assert sim.gatekeeper.wrong == 0
            hass.config_entries.flow.async_abort(flow["flow_id"])

            zeroconf = await found(hass, SOURCE_ZEROCONF, ANNOUNCEMENT)
            assert zeroconf["reason"] == "not_two_n"

            add_station(hass, practice, station_data(sim))
            flow = await found(hass)
            assert flow["reason"] == "already_configured"


async def test_a_station_that_does_not_answer_yet_is_offered_all_the_same(
    hass: HomeAssistant, practice: MockConfigEntry, sim: TwoNSimulator, listening: None
) -> None:
    add_station(hass, practice, station_data(sim, host="192.0.2.1"))
    sim.set_network(up=False)
    flow = await found(hass)
    assert flow["step_id"] == "station"
    assert suggested(flow)["ssl"] is True


async def test_something_else_at_the_address_is_not_offered(
    hass: HomeAssistant, practice: MockConfigEntry, sim: TwoNSimulator, listening: None
) -> None:
    sim.answer_wrongly("html", times=None)
    for source, data in ((SOURCE_DHCP, LEASE), (SOURCE_ZEROCONF, ANNOUNCEMENT)):
        flow = await found(hass, source, data)
        assert flow["type"] is FlowResultType.ABORT
        assert flow["reason"] == "not_two_n"


async def test_a_found_station_is_asked_over_tls_first_whatever_its_certificate(
    hass: HomeAssistant,
    practice: MockConfigEntry,
    socket_enabled: None,
    self_signed: ssl.SSLContext,
) -> None:
    async with TwoNSimulator(ssl_context=self_signed) as sim:
        with patch(
            "custom_components.cabinet_secure.station_survey.LISTENING",
            ((True, sim.port), (False, 1)),
        ):
            flow = await found(hass)
    assert suggested(flow)["ssl"] is True
    assert flow["description_placeholders"]["name"] == "Entrance"


async def test_a_station_is_offered_once_however_it_is_found(
    hass: HomeAssistant, practice: MockConfigEntry, sim: TwoNSimulator, listening: None
) -> None:
    await found(hass)
    for source, data in ((SOURCE_DHCP, LEASE), (SOURCE_ZEROCONF, ANNOUNCEMENT)):
        flow = await found(hass, source, data)
        assert flow["reason"] == "already_in_progress"


async def test_an_ignored_station_stays_ignored_and_is_no_practice(
    hass: HomeAssistant, sim: TwoNSimulator, listening: None
) -> None:
    MockConfigEntry(
        domain=DOMAIN, source=SOURCE_IGNORE, unique_id=MAC, title="Entrance"
    ).add_to_hass(hass)
    for source, data in ((SOURCE_DHCP, LEASE), (SOURCE_ZEROCONF, ANNOUNCEMENT)):
        flow = await found(hass, source, data)
        assert flow["reason"] == "already_configured"


async def test_a_station_added_by_hand_is_no_longer_offered(
    hass: HomeAssistant, practice: MockConfigEntry, sim: TwoNSimulator, listening: None
) -> None:
    await found(hass)
    subentries = hass.config_entries.subentries
    flow = await subentries.async_init(
        (practice.entry_id, "station"), context={"source": SOURCE_USER}
    )
    for values in (connection(sim), ROLES, PANIC_BUTTON, DOOR):
        flow = await subentries.async_configure(flow["flow_id"], values)
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert hass.config_entries.flow.async_progress() == []


async def test_a_practice_removed_in_the_meantime_gets_no_station(
    hass: HomeAssistant, practice: MockConfigEntry, sim: TwoNSimulator, listening: None
) -> None:
    flow = await go_on(hass, await found(hass), connection(sim))
    flow = await go_on(hass, flow, ROLES)
    await hass.config_entries.async_remove(practice.entry_id)
    flow = await go_on(hass, flow, DOOR)
    assert flow["reason"] == "practice_removed"
