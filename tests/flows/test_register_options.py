"""Changing for how long the register keeps what, and where."""

from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cabinet_secure import register_options
from custom_components.cabinet_secure.register import Trouble
from tests.flows.steps import suggested
from tests.flows.test_options_flow import choose
from tests.register.postgresql import postgresql

DAYS = {"access_days": 30, "incident_days": 400, "other_days": 200}
SERVER = "postgresql://account:secret@localhost/register"


async def answer(
    hass: HomeAssistant, flow: dict[str, object], **values: object
) -> dict[str, object]:
    return await hass.config_entries.options.async_configure(
        flow["flow_id"], {**DAYS, "where": "server", **values}
    )


async def test_days_change_and_the_rest_stays(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    before = dict(practice.options)
    flow = await choose(hass, practice, "register")
    assert suggested(flow) == {
        "access_days": 90,
        "incident_days": 2192,
        "other_days": 365,
        "where": "file",
        "db_url": None,
    }
    flow = await answer(hass, flow, where="file", access_days=30.0)
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert practice.options == {**before, **DAYS, "db_url": ""}
    assert isinstance(practice.options["access_days"], int)


@pytest.mark.parametrize(
    "wrong", [{"access_days": 91}, {"access_days": 0}, {"other_days": 5000}]
)
async def test_no_more_days_than_are_allowed(
    hass: HomeAssistant, practice: MockConfigEntry, wrong: dict[str, int]
) -> None:
    flow = await choose(hass, practice, "register")
    with pytest.raises(InvalidData):
        await answer(hass, flow, where="file", **wrong)


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("", "address_missing"),
        ("nonsense", "address_wrong"),
        ("sqlite:////tmp/register.db", "address_wrong"),
        ("postgresql+pg8000://localhost/register", "driver_missing"),
    ],
)
async def test_an_address_that_is_none_is_refused_and_can_be_mended(
    hass: HomeAssistant, practice: MockConfigEntry, address: str, error: str
) -> None:
    flow = await choose(hass, practice, "register")
    flow = await answer(hass, flow, db_url=address)
    assert flow["errors"] == {"db_url": error}
    assert suggested(flow)["access_days"] == 30
    flow = await answer(hass, flow, where="file")
    assert flow["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (Trouble.NOT_OURS, "another_register"),
        (Trouble.UNREACHABLE, "address_unreachable"),
        (Trouble.FULL, "address_refuses"),
    ],
)
async def test_a_database_that_cannot_be_used_is_refused(
    hass: HomeAssistant,
    practice: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    trouble: Trouble,
    error: str,
) -> None:
    monkeypatch.setattr(register_options, "probe", lambda *_: trouble)
    flow = await choose(hass, practice, "register")
    flow = await answer(hass, flow, db_url=SERVER)
    assert flow["errors"] == {"db_url": error}
    monkeypatch.setattr(register_options, "probe", lambda *_: None)
    flow = await answer(hass, flow, db_url=SERVER)
    assert flow["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.usefixtures("socket_enabled")
async def test_a_real_server_is_accepted_and_its_address_is_never_shown_again(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    with postgresql() as server:
        address = server.database("register")
        flow = await choose(hass, practice, "register")
        flow = await answer(hass, flow, db_url=address)
        assert flow["type"] is FlowResultType.CREATE_ENTRY
        assert practice.options["db_url"] == address

        flow = await choose(hass, practice, "register")
        assert suggested(flow)["db_url"] is None
        assert suggested(flow)["where"] == "server"
        flow = await answer(hass, flow, access_days=10)
    assert practice.options["db_url"] == address
    assert practice.options["access_days"] == 10


async def test_the_file_is_taken_again(
    hass: HomeAssistant, practice: MockConfigEntry, tmp_path: Path
) -> None:
    hass.config_entries.async_update_entry(
        practice, options={**practice.options, "db_url": SERVER}
    )
    flow = await choose(hass, practice, "register")
    flow = await answer(hass, flow, where="file")
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert practice.options["db_url"] == ""
