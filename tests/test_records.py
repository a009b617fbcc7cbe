"""What happens in a practice is on record, and repairs say when it cannot be."""

import asyncio
import sqlite3
import time
from typing import Any
from unittest.mock import patch

from homeassistant.auth.models import User
from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.cabinet_secure.const import DOMAIN
from custom_components.cabinet_secure.records import Records
from custom_components.cabinet_secure.register import Entry, Found, Query
from custom_components.cabinet_secure.register_files import register_file
from custom_components.cabinet_secure.register_repairs import LeftFileRepairFlow
from tests.practices import context_of, demo_subentry, practice_entry, set_up
from tests.register.registers import held
from tests.test_demonstration import lock, state_of


async def on_record(practice: MockConfigEntry, **query: Any) -> list[Entry]:
    """Return what is on record, the first thing first."""
    records: Records = practice.runtime_data.records
    page = await records.register.query(Query(newest_first=False, **query))
    return list(page.entries)


async def press_bell(hass: HomeAssistant) -> None:
    await hass.services.async_call(
        "button",
        "press",
        {"entity_id": "button.demonstration_ring_the_bell"},
        blocking=True,
    )


async def issue_comes(
    hass: HomeAssistant, issue_id: str, *, there: bool = True
) -> None:
    registry = ir.async_get(hass)
    deadline = time.monotonic() + 15
    while (registry.async_get_issue(DOMAIN, issue_id) is not None) is not there:
        assert time.monotonic() < deadline, issue_id
        await asyncio.sleep(0.02)


async def test_an_opening_is_on_record_with_who_and_why(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User]
) -> None:
    await press_bell(hass)
    (ring,) = demo.runtime_data.state.rings
    await hass.services.async_call(
        DOMAIN,
        "answer_ring",
        {"ring": ring.id, "answer": "open"},
        blocking=True,
        context=context_of(people["doctor"]),
    )
    entries = await on_record(demo, session=ring.id)
    assert [(each.type, each.event) for each in entries] == [
        ("ring", "started"),
        ("access", "open_commanded"),
        ("access", "granted"),
        ("ring", "opened"),
        ("ring", "ended"),
    ]
    for each in entries[1:4]:
        assert each.actor is not None
        assert each.actor.id == people["doctor"].id
        assert each.place is not None
        assert each.place.name == "Démo"
    assert entries[2].details == {"method": "ring"}


async def test_a_refusal_a_hold_and_a_mode_are_on_record(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User]
) -> None:
    with pytest.raises(ServiceValidationError):
        await lock(hass, "open", people["cleaner"])
    await lock(hass, "unlock", people["doctor"])
    await lock(hass, "lock", people["cleaner"])
    await hass.services.async_call(
        "select",
        "select_option",
        {"entity_id": "select.cabinet_mode", "option": "closed"},
        blocking=True,
        context=context_of(people["manager"]),
    )
    seen = [
        (each.event, each.outcome, each.actor.name if each.actor else None)
        for each in await on_record(demo)
    ]
    assert ("denied", "not_allowed", "cleaner") in seen
    assert ("hold_commanded", None, "doctor") in seen
    assert ("lock_commanded", None, "cleaner") in seen
    assert ("changed", "closed", "manager") in seen


async def test_the_record_goes_on_after_a_reload(
    hass: HomeAssistant, demo: MockConfigEntry
) -> None:
    await press_bell(hass)
    await hass.config_entries.async_reload(demo.entry_id)
    await press_bell(hass)
    records: Records = demo.runtime_data.records
    verified = await records.register.verify()
    assert verified.intact
    assert verified.interruptions == ()
    assert [each.event for each in await on_record(demo)][:1] == ["started"]


async def test_a_changed_configuration_is_on_record_without_any_text_of_it(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User]
) -> None:
    hass.config_entries.async_update_entry(
        demo,
        options={
            **demo.options,
            "may_open": [people["doctor"].id],
            "ring_life": 90,
            "db_url": "",
        },
    )
    await hass.async_block_till_done()
    hass.config_entries.async_add_subentry(
        demo,
        ConfigSubentry(
            data={"name": "Cave"},  # type: ignore[arg-type]
            subentry_type="demo",
            title="Cave",
            unique_id="cellar",
        ),
    )
    await hass.async_block_till_done()
    (added,) = [each for each in demo.subentries.values() if each.unique_id == "cellar"]
    hass.config_entries.async_update_subentry(
        demo, added, data={"name": "secret place"}
    )
    await hass.async_block_till_done()
    hass.config_entries.async_remove_subentry(demo, added.subentry_id)
    await hass.async_block_till_done()
    changes = [
        (each.place.name if each.place else None, each.details)
        for each in await on_record(demo)
        if each.type == "configuration"
    ]
    assert changes == [
        (
            None,
            {
                "changed": {
                    "db_url": {},
                    "may_open": {"added": [], "removed": [people["manager"].id]},
                    "ring_life": {"to": 90},
                }
            },
        ),
        ("Cave", {"added": True}),
        ("Cave", {"changed": {"name": {}}}),
        ("Cave", {"removed": True}),
    ]


async def test_who_changed_the_configuration_is_on_record(
    hass: HomeAssistant,
    demo: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    hass_admin_user: User,
) -> None:
    await async_setup_component(hass, "config", {})
    client = await hass_client()
    url = "/api/config/config_entries/options/flow"
    flow = await (await client.post(url, json={"handler": demo.entry_id})).json()
    flow = await (
        await client.post(f"{url}/{flow['flow_id']}", json={"next_step_id": "ring"})
    ).json()
    await client.post(
        f"{url}/{flow['flow_id']}",
        json={
            "ring_life": 60,
            "second_step_after": 10,
            "third_step_after": 20,
            "automations_may_open": False,
        },
    )
    await hass.async_block_till_done()
    (changed,) = [e for e in await on_record(demo) if e.type == "configuration"]
    assert changed.actor is not None
    assert changed.actor.id == hass_admin_user.id
    assert changed.details["changed"]["ring_life"] == {"to": 60}


async def test_a_locked_register_raises_a_repair_and_stops_no_ring(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User]
) -> None:
    holder = await hass.async_add_executor_job(
        lambda: sqlite3.connect(
            register_file(hass, demo.entry_id),
            isolation_level=None,
            check_same_thread=False,
        )
    )
    holder.execute("BEGIN IMMEDIATE")
    await press_bell(hass)
    await lock(hass, "open", people["doctor"])
    assert state_of(hass, "lock.demo") == "open"
    await issue_comes(hass, f"register-{demo.entry_id}")
    issue = ir.async_get(hass).async_get_issue(DOMAIN, f"register-{demo.entry_id}")
    assert issue is not None
    assert issue.translation_key == "register_locked"
    assert len(demo.runtime_data.records.register.kept.outbox) >= 2
    holder.execute("ROLLBACK")
    holder.close()
    await issue_comes(hass, f"register-{demo.entry_id}", there=False)
    events = [each.event for each in await on_record(demo)]
    assert events[0] == "started"
    assert "granted" in events


async def test_a_set_up_that_fails_leaves_nothing_open(
    hass: HomeAssistant, people: dict[str, User]
) -> None:
    entry = practice_entry(people, demo_subentry())
    entry.add_to_hass(hass)
    with patch(
        "custom_components.cabinet_secure.async_follow_devices",
        side_effect=RuntimeError("one that nobody thought of"),
    ):
        assert not await hass.config_entries.async_setup(entry.entry_id)
    file = register_file(hass, entry.entry_id)
    assert file.exists()
    assert held(file) == []


async def test_a_damaged_file_is_set_aside_and_a_person_is_told(
    hass: HomeAssistant,
    demo: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    await press_bell(hass)
    await on_record(demo)
    assert await hass.config_entries.async_unload(demo.entry_id)
    file = register_file(hass, demo.entry_id)
    file.write_bytes(b"no database" * 1000)
    assert await hass.config_entries.async_setup(demo.entry_id)
    issue_id = f"register-{demo.entry_id}-{Found.UNREADABLE}"
    await issue_comes(hass, issue_id)
    assert [(each.event, each.outcome) for each in await on_record(demo)] == [
        ("interrupted", "unreadable")
    ]
    (aside,) = file.parent.glob("*.damaged-*")
    assert aside.read_bytes().startswith(b"no database")

    assert await async_setup_component(hass, REPAIRS, {})
    client = await hass_client()
    flow = await (
        await client.post(
            "/api/repairs/issues/fix", json={"handler": DOMAIN, "issue_id": issue_id}
        )
    ).json()
    assert flow["description_placeholders"]["file"] == aside.name
    await client.post(f"/api/repairs/issues/fix/{flow['flow_id']}", json={})
    await issue_comes(hass, issue_id, there=False)


async def test_who_it_was_is_left_out_of_the_history(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User]
) -> None:
    await lock(hass, "open", people["doctor"])
    for entity_id, names in (
        ("event.demo_access", {"by", "by_kind"}),
        ("lock.demo", {"changed_by"}),
    ):
        state = hass.states.get(entity_id)
        assert state is not None
        assert names <= state.attributes.keys()
        assert state.state_info is not None
        assert names <= state.state_info["unrecorded_attributes"]


async def test_the_address_of_a_database_is_in_no_diagnostics_and_no_log(
    hass: HomeAssistant,
    people: dict[str, User],
    hass_client: ClientSessionGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    secret = "postgresql+psycopg://account:very-secret@127.0.0.1:1/nothing"
    entry = practice_entry(people, demo_subentry(), db_url=secret)
    await set_up(hass, entry)
    await press_bell(hass)
    await issue_comes(hass, f"register-{entry.entry_id}")
    diagnostics = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert await async_setup_component(hass, "system_health", {})
    assert diagnostics["entry"]["options"]["db_url"] == "**REDACTED**"
    assert diagnostics["register"]["trouble"] == "unreachable"
    assert "very-secret" not in str(diagnostics)
    assert "very-secret" not in caplog.text
    info = await get_system_health_info(hass, DOMAIN)
    assert info["register_entries"] == "unreachable"


async def test_the_register_outlives_its_practice_until_somebody_deletes_it(
    hass: HomeAssistant,
    demo: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    await press_bell(hass)
    await on_record(demo)
    await hass.config_entries.async_remove(demo.entry_id)
    file = register_file(hass, demo.entry_id)
    assert await hass.async_add_executor_job(file.exists)
    issue_id = f"register-{demo.entry_id}-register_left"
    assert await async_setup_component(hass, REPAIRS, {})
    client = await hass_client()
    flow = await (
        await client.post(
            "/api/repairs/issues/fix", json={"handler": DOMAIN, "issue_id": issue_id}
        )
    ).json()
    await client.post(f"/api/repairs/issues/fix/{flow['flow_id']}", json={})
    await issue_comes(hass, issue_id, there=False)
    assert not await hass.async_add_executor_job(file.exists)


async def test_a_file_that_is_in_use_again_is_not_deleted(
    hass: HomeAssistant, demo: MockConfigEntry
) -> None:
    flow = LeftFileRepairFlow(demo.entry_id)
    flow.hass = hass
    flow.issue_id = "left"
    assert (await flow.async_step_init())["type"] == "form"
    result = await flow.async_step_confirm({})
    assert result["reason"] == "in_use"
    assert await hass.async_add_executor_job(register_file(hass, demo.entry_id).exists)


async def test_a_file_left_by_a_move_is_offered_for_deletion_and_a_failure_is_said(
    hass: HomeAssistant, demo: MockConfigEntry
) -> None:
    await press_bell(hass)
    await on_record(demo)
    hass.config_entries.async_update_entry(
        demo,
        options={**demo.options, "db_url": "postgresql+psycopg://u@127.0.0.1:1/n"},
    )
    await hass.async_block_till_done()
    await issue_comes(hass, f"register-{demo.entry_id}-register_left")
    flow = LeftFileRepairFlow(demo.entry_id)
    flow.hass = hass
    with patch(
        "custom_components.cabinet_secure.register_repairs.async_remove_register_file",
        side_effect=OSError,
    ):
        result = await flow.async_step_confirm({})
    assert result["reason"] == "not_deleted"
    # Back in the file: nothing is left any more.
    hass.config_entries.async_update_entry(demo, options={**demo.options, "db_url": ""})
    await hass.async_block_till_done()
    await issue_comes(hass, f"register-{demo.entry_id}-register_left", there=False)
