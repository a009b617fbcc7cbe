"""Keeping evidence for a complaint, and verifying the register."""

from datetime import timedelta
from typing import Any

from homeassistant.auth.models import User
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cabinet_secure.const import DOMAIN
from custom_components.cabinet_secure.records import UPKEEP_INTERVAL, Records
from custom_components.cabinet_secure.register import (
    EntryType,
    NewEntry,
    Query,
    RegisterError,
    Trouble,
)
from custom_components.cabinet_secure.register_files import register_file
from tests.practices import (
    add_people,
    context_of,
    demo_subentry,
    practice_entry,
    set_up,
)
from tests.register.registers import tamper
from tests.test_records import on_record


async def act(
    hass: HomeAssistant, service: str, who: User | None, **data: Any
) -> dict[str, Any]:
    response = await hass.services.async_call(
        DOMAIN,
        service,
        data,
        blocking=True,
        return_response=True,
        context=context_of(who) if who else Context(),
    )
    assert isinstance(response, dict)
    return response


async def old_entries(demo: MockConfigEntry, *sessions: str) -> None:
    """Put entries on record that are older than is allowed."""
    records: Records = demo.runtime_data.records
    for number, session in enumerate(sessions):
        await records.append(
            NewEntry(
                type=EntryType.ACCESS,
                event=session,
                at=dt_util.now() - timedelta(days=100 + number),
                session=session,
            )
        )


def in_days(days: int) -> str:
    return (dt_util.now() + timedelta(days=days)).date().isoformat()


async def test_frozen_evidence_outlives_its_time(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User]
) -> None:
    await old_entries(demo, "kept", "gone", "kept")
    response = await act(
        hass,
        "freeze_evidence",
        people["manager"],
        sessions=["kept"],
        reason="Complaint 42",
        keep_until=in_days(30),
    )
    assert response["entries"] == 2
    records: Records = demo.runtime_data.records
    await records.async_purge()
    left = await on_record(demo)
    assert [each.event for each in left] == ["kept", "kept", "frozen", "purged"]
    frozen = left[2]
    assert frozen.id == response["freeze"]
    assert frozen.actor is not None
    assert frozen.actor.id == people["manager"].id
    assert frozen.details["why"] == "Complaint 42"
    assert (await records.register.verify()).intact


async def test_single_entries_and_whole_periods_are_frozen(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User]
) -> None:
    await old_entries(demo, "one", "two", "three")
    one, _, three = reversed(await on_record(demo))
    await act(
        hass,
        "freeze_evidence",
        people["manager"],
        entries=[one.id],
        since=(three.at - timedelta(minutes=1)).isoformat(),
        until=(three.at + timedelta(minutes=1)).isoformat(),
        reason="Complaint 42",
        keep_until=in_days(1),
    )
    await demo.runtime_data.records.async_purge()
    assert [each.event for each in await on_record(demo)][:2] == ["three", "one"]


async def test_only_those_who_manage_freeze_evidence(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User]
) -> None:
    await old_entries(demo, "kept")
    for who in (people["doctor"], people["cleaner"], None):
        with pytest.raises(ServiceValidationError, match="not among"):
            await act(
                hass,
                "freeze_evidence",
                who,
                sessions=["kept"],
                reason="Complaint",
                keep_until=in_days(1),
            )


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({}, "freeze_nothing"),
        ({"sessions": ["kept", "misspelt"]}, "freeze_unknown"),
        ({"entries": ["misspelt"]}, "freeze_unknown"),
        (
            {"since": "2000-01-01 00:00:00", "until": "2000-01-02 00:00:00"},
            "freeze_unknown",
        ),
        (
            {"since": "2000-01-02 00:00:00", "until": "2000-01-01 00:00:00"},
            "freeze_period",
        ),
        ({"sessions": ["kept"], "keep_until": "2020-01-01"}, "freeze_until"),
        ({"sessions": ["kept"], "keep_until": "2099-01-01"}, "freeze_until"),
    ],
)
async def test_what_would_keep_nothing_is_refused(
    hass: HomeAssistant,
    demo: MockConfigEntry,
    people: dict[str, User],
    wrong: dict[str, Any],
    key: str,
) -> None:
    await old_entries(demo, "kept")
    with pytest.raises(ServiceValidationError) as refused:
        await act(
            hass,
            "freeze_evidence",
            people["manager"],
            **{"reason": "Complaint", "keep_until": in_days(1)} | wrong,
        )
    assert refused.value.translation_key == key


async def test_a_verification_says_what_is_wrong_and_a_repair_stays_until_nothing_is(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User]
) -> None:
    await old_entries(demo, "one", "two")
    assert (await act(hass, "verify_register", None))["intact"] is True
    file = register_file(hass, demo.entry_id)
    change = "update register_entries set event = ? where sequence = 1"
    await hass.async_add_executor_job(tamper, file, change, "forged")
    response = await act(hass, "verify_register", people["manager"])
    assert response["intact"] is False
    assert response["faults"] == [{"kind": "altered", "entry": 1}]
    issue_id = f"register-{demo.entry_id}-register_faulty"
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    await hass.async_add_executor_job(tamper, file, change, "one")
    await demo.runtime_data.records._daily(dt_util.now() + UPKEEP_INTERVAL)
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None


async def test_somebody_without_a_role_does_not_verify(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User]
) -> None:
    with pytest.raises(ServiceValidationError):
        await act(hass, "verify_register", people["cleaner"])


async def test_a_register_that_cannot_be_reached_is_said_in_words(
    hass: HomeAssistant,
    demo: MockConfigEntry,
    people: dict[str, User],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def unreachable(*_: object) -> None:
        raise RegisterError(Trouble.UNREACHABLE)

    register = demo.runtime_data.records.register
    monkeypatch.setattr(register, "_read", unreachable)
    with pytest.raises(HomeAssistantError, match="cannot be read"):
        await act(hass, "verify_register", people["manager"])
    with pytest.raises(HomeAssistantError, match="cannot be read"):
        await act(
            hass,
            "freeze_evidence",
            people["manager"],
            sessions=["s"],
            reason="Complaint",
            keep_until=in_days(1),
        )
    # The daily upkeep goes on the next day.
    monkeypatch.setattr(register, "purge", unreachable)
    await demo.runtime_data.records._daily(dt_util.now())


async def test_a_practice_has_to_be_named_where_there_are_several(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User]
) -> None:
    other = practice_entry(people)
    await set_up(hass, other)
    with pytest.raises(ServiceValidationError, match="practice"):
        await act(hass, "verify_register", people["manager"])
    response = await act(
        hass, "verify_register", people["manager"], practice=other.entry_id
    )
    assert response["entries"] == 0


async def test_without_a_practice_there_is_nothing_to_verify(
    hass: HomeAssistant,
) -> None:
    people = await add_people(hass)
    entry = practice_entry(people, demo_subentry())
    await set_up(hass, entry)
    await hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(ServiceValidationError, match="practice"):
        await act(hass, "verify_register", people["manager"])


async def test_what_is_too_old_is_removed_at_the_start(
    hass: HomeAssistant, demo: MockConfigEntry
) -> None:
    await old_entries(demo, "one", "two")
    await hass.config_entries.async_reload(demo.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    records: Records = demo.runtime_data.records
    (purged,) = (await records.register.query(Query())).entries
    assert purged.details["count"] == 2
    assert purged.details["types"] == {"access": 2}
