"""The hours in Home Assistant: set-up, sensor, calendar, actions, schedules, triggers."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.auth.models import User
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.cabinet_secure.hours_setup import public_holidays, regions
from custom_components.cabinet_secure.practice.events import AccessGranted
from tests.practices import context_of, demo_subentry, practice_entry, set_up
from tests.test_automations import automate
from tests.test_records import on_record

MODE = "select.cabinet_mode"
NEXT = "sensor.cabinet_next_mode_change"
CALENDAR = "calendar.cabinet_hours"
PARIS = ZoneInfo("Europe/Paris")
WEEK = [*([[["08:00", "12:00"], ["14:00", "19:00"]]] * 5), [], []]


def hours(**changes: Any) -> dict[str, Any]:
    return {"kind": "weekly", "week": WEEK} | changes


@pytest.fixture(autouse=True)
async def monday_morning(hass: HomeAssistant, freezer: Any) -> None:
    """Begin on a Monday, at half past seven, in France."""
    await hass.config.async_set_time_zone("Europe/Paris")
    freezer.move_to(datetime(2026, 3, 2, 7, 30, tzinfo=PARIS))


async def practice(
    hass: HomeAssistant, people: dict[str, User], **changes: Any
) -> MockConfigEntry:
    entry = practice_entry(people, demo_subentry(), hours=hours(**changes))
    await set_up(hass, entry)
    return entry


async def go_to(hass: HomeAssistant, freezer: Any, at: str) -> None:
    """Let time go by until then, by every clock."""
    freezer.move_to(datetime.fromisoformat(f"2026-03-02T{at}").replace(tzinfo=PARIS))
    async_fire_time_changed(hass)
    await hass.async_block_till_done()


def state(hass: HomeAssistant, entity: str) -> str:
    known = hass.states.get(entity)
    assert known is not None
    return known.state


async def test_the_hours_choose_the_mode_and_tell_when_they_do_next(
    hass: HomeAssistant, people: dict[str, User], freezer: Any
) -> None:
    await practice(hass, people)
    assert state(hass, MODE) == "on_call"
    assert state(hass, NEXT) == "2026-03-02T07:00:00+00:00"
    changes = await automate(hass, {"trigger": "cabinet_secure.mode_changed"})
    await go_to(hass, freezer, "08:00")
    assert state(hass, MODE) == "open"
    assert state(hass, CALENDAR) == "on"
    assert hass.states.get(NEXT).attributes["mode"] == "staff_only"
    (call,) = changes
    told = call.data["payload"]["mode"]
    assert (told["from_mode"], told["to_mode"]) == ("on_call", "open")
    assert told["source"] == "schedule"


async def test_a_person_chooses_until_the_next_change(
    hass: HomeAssistant, people: dict[str, User], freezer: Any
) -> None:
    await practice(hass, people)
    await hass.services.async_call(
        "select",
        "select_option",
        {"entity_id": MODE, "option": "staff_only"},
        blocking=True,
        context=context_of(people["doctor"]),
    )
    assert state(hass, MODE) == "staff_only"
    assert state(hass, NEXT) == "2026-03-02T07:00:00+00:00"
    assert hass.states.get(NEXT).attributes["mode"] == "open"
    await go_to(hass, freezer, "08:00")
    assert state(hass, MODE) == "open"


async def set_mode(hass: HomeAssistant, user: User | None = None, **data: Any) -> None:
    await hass.services.async_call(
        "cabinet_secure",
        "set_mode",
        data,
        blocking=True,
        context=context_of(user) if user else None,
    )


async def test_an_action_chooses_until_a_time_or_for_good(
    hass: HomeAssistant, people: dict[str, User], freezer: Any
) -> None:
    entry = await practice(hass, people)
    await set_mode(hass, people["doctor"], mode="closed", until="2026-03-02 09:00:00")
    assert state(hass, NEXT) == "2026-03-02T08:00:00+00:00"
    assert hass.states.get(NEXT).attributes["mode"] is None
    await go_to(hass, freezer, "09:00")
    assert state(hass, MODE) == "open"
    await set_mode(
        hass, people["doctor"], practice=entry.entry_id, mode="closed", for_good=True
    )
    assert state(hass, NEXT) == "unknown"
    await go_to(hass, freezer, "12:00")
    assert state(hass, MODE) == "closed"
    await set_mode(hass, people["doctor"], mode="lockdown")
    assert state(hass, NEXT) == "unknown"
    with pytest.raises(ServiceValidationError, match="over already"):
        await set_mode(
            hass, people["doctor"], mode="closed", until="2026-03-02 09:00:00"
        )
    with pytest.raises(ServiceValidationError, match="not among the people"):
        await set_mode(hass, people["cleaner"], mode="open")
    with pytest.raises(ServiceValidationError, match="which practice"):
        await set_mode(hass, people["doctor"], practice="?", mode="open")


async def test_without_a_practice_there_is_no_mode_to_choose(
    hass: HomeAssistant,
) -> None:
    assert await async_setup_component(hass, "cabinet_secure", {})
    with pytest.raises(ServiceValidationError, match="No practice"):
        await set_mode(hass, mode="open")


async def test_a_choice_with_an_end_tells_its_end_without_hours_too(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User]
) -> None:
    assert state(hass, NEXT) == "unknown"
    assert state(hass, CALENDAR) == "off"
    await set_mode(hass, people["doctor"], mode="open", until="2026-03-02 09:00:00")
    assert state(hass, NEXT) == "2026-03-02T08:00:00+00:00"
    assert hass.states.get(NEXT).attributes["mode"] == "staff_only"


# --- the calendar ----------------------------------------------------------------------


async def events(hass: HomeAssistant, begin: str, end: str) -> list[tuple[str, str]]:
    answer = await hass.services.async_call(
        "calendar",
        "get_events",
        {"entity_id": CALENDAR, "start_date_time": begin, "end_date_time": end},
        blocking=True,
        return_response=True,
    )
    return [
        (event["start"][5:16], event["summary"]) for event in answer[CALENDAR]["events"]
    ]


async def test_the_calendar_shows_the_hours_and_takes_closures(
    hass: HomeAssistant,
    people: dict[str, User],
    hass_ws_client: WebSocketGenerator,
    hass_storage: dict[str, Any],
) -> None:
    entry = await practice(hass, people)
    assert await events(hass, "2026-03-02 08:00:00", "2026-03-02 21:00:00") == [
        ("03-02T08:00", "Ouvert"),
        ("03-02T12:00", "Personnel seul"),
        ("03-02T14:00", "Ouvert"),
        ("03-02T20:00", "Garde"),
    ]
    client = await hass_ws_client(hass)
    await client.send_json_auto_id(
        {
            "type": "calendar/event/create",
            "entity_id": CALENDAR,
            "event": {
                "dtstart": "2026-03-03",
                "dtend": "2026-03-04",
                "summary": "Mme Martin",
            },
        }
    )
    assert (await client.receive_json())["success"]
    (period,) = entry.runtime_data.state.hours.exceptions
    assert period.begin == datetime(2026, 3, 2, 23, tzinfo=UTC)
    assert period.end - period.begin == timedelta(days=1)
    assert ("03-03T00:00", "Fermé") in await events(
        hass, "2026-03-03 00:00:00", "2026-03-03 21:00:00"
    )
    await hass.config_entries.async_reload(entry.entry_id)
    (kept,) = entry.runtime_data.state.hours.exceptions
    assert kept == period
    assert "Martin" not in str(hass_storage[f"cabinet_secure.{entry.entry_id}"])
    await client.send_json_auto_id(
        {"type": "calendar/event/delete", "entity_id": CALENDAR, "uid": kept.id}
    )
    assert (await client.receive_json())["success"]
    assert entry.runtime_data.state.hours.exceptions == ()


@pytest.mark.parametrize(
    ("summary", "mode"),
    [
        ("Garde de nuit", "on_call"),
        ("on call", "on_call"),
        ("Équipe seule", "staff_only"),
        ("Fermé", "closed"),
        ("", "closed"),
    ],
)
async def test_what_a_closure_is_called_decides_on_the_mode(
    hass: HomeAssistant, people: dict[str, User], summary: str, mode: str
) -> None:
    entry = await practice(hass, people)
    await create(hass, summary=summary)
    (period,) = entry.runtime_data.state.hours.exceptions
    assert period.mode == mode


async def create(hass: HomeAssistant, user: User | None = None, **data: Any) -> None:
    await hass.services.async_call(
        "calendar",
        "create_event",
        {
            "entity_id": CALENDAR,
            "start_date_time": "2026-03-02 22:00:00",
            "end_date_time": "2026-03-02 23:00:00",
            "summary": "Fermé",
        }
        | data,
        blocking=True,
        context=context_of(user) if user else None,
    )


async def test_the_calendar_opens_no_practice_whoever_uses_it(
    hass: HomeAssistant, people: dict[str, User], hass_ws_client: WebSocketGenerator
) -> None:
    entry = await practice(hass, people)
    with pytest.raises(ServiceValidationError, match="not among the people"):
        await create(hass, people["manager"], summary="Ouvert")
    client = await hass_ws_client(hass)
    await client.send_json_auto_id(
        {
            "type": "calendar/event/create",
            "entity_id": CALENDAR,
            "event": {
                "dtstart": "2026-03-03",
                "dtend": "2026-03-04",
                "summary": "Fermé",
                "rrule": "FREQ=WEEKLY",
            },
        }
    )
    assert "repeat" in (await client.receive_json())["error"]["message"]
    assert entry.runtime_data.state.hours.exceptions == ()


async def test_whoever_manages_enters_an_exceptional_opening(
    hass: HomeAssistant, people: dict[str, User], freezer: Any
) -> None:
    await practice(hass, people)
    told = await automate(
        hass,
        {"trigger": "cabinet_secure.hours", "options": {"events": ["period_added"]}},
    )
    opening = {
        "mode": "open",
        "begin": "2026-03-02 21:00:00",
        "end": "2026-03-02 22:00:00",
    }
    for person, works in (("doctor", False), ("manager", True)):
        call = hass.services.async_call(
            "cabinet_secure",
            "add_exceptional_hours",
            opening,
            blocking=True,
            context=context_of(people[person]),
        )
        if works:
            await call
        else:
            with pytest.raises(ServiceValidationError, match="not among the people"):
                await call
    await hass.async_block_till_done()
    (call_,) = told
    payload = call_.data["payload"]["hours"]
    assert payload["mode"] == "open"
    assert payload["by"] == "manager"
    await go_to(hass, freezer, "21:30")
    assert state(hass, MODE) == "open"


async def test_a_practice_without_hours_has_an_empty_calendar(
    hass: HomeAssistant, demo: MockConfigEntry
) -> None:
    assert await events(hass, "2026-03-02 08:00:00", "2026-03-02 21:00:00") == []
    with pytest.raises(ServiceValidationError, match="no hours"):
        await create(hass)


async def test_hours_that_never_open_show_no_next_opening(
    hass: HomeAssistant, people: dict[str, User]
) -> None:
    await practice(hass, people, week=[[]] * 7, on_call_hours=False)
    assert state(hass, CALENDAR) == "off"
    assert state(hass, NEXT) == "unknown"


# --- the first of the staff --------------------------------------------------------------


async def test_nobody_came_is_told_to_whoever_manages(
    hass: HomeAssistant, people: dict[str, User], freezer: Any
) -> None:
    entry = await practice(hass, people, first_person_in=True)
    told = await automate(hass, {"trigger": "cabinet_secure.hours"})
    await go_to(hass, freezer, "08:00")
    assert state(hass, MODE) == "staff_only"
    await go_to(hass, freezer, "08:15")
    (call,) = told
    payload = call.data["payload"]["hours"]
    assert payload["event"] == "nobody_came"
    assert payload["manager_devices"] == []
    (door,) = entry.runtime_data.doors
    entry.runtime_data.hear(
        AccessGranted(
            equipment=entry.runtime_data.config.doors[door].equipment,
            door=door,
            label="Dr",
            method="code",
        )
    )
    await hass.async_block_till_done()
    assert state(hass, MODE) == "open"
    assert told[-1].data["payload"]["hours"]["event"] == "staff_came"
    recorded = [
        (each.event, each.outcome, each.actor.name if each.actor else None)
        for each in await on_record(entry)
        if each.type == "mode"
    ]
    assert recorded[-4:] == [
        ("changed", "staff_only", "schedule"),
        ("nobody_came", None, None),
        ("staff_came", None, "Dr"),
        ("changed", "open", "schedule"),
    ]


# --- a schedule that is followed ---------------------------------------------------------


@pytest.mark.parametrize("expected_lingering_timers", [True])
async def test_a_schedule_helper_runs_the_practice(
    hass: HomeAssistant, people: dict[str, User], freezer: Any
) -> None:
    assert await async_setup_component(
        hass,
        "schedule",
        {
            "schedule": {
                "cabinet": {
                    "name": "Cabinet",
                    "monday": [{"from": "08:00:00", "to": "12:00:00"}],
                }
            }
        },
    )
    entry = await practice(
        hass, people, kind="followed", followed_entity="schedule.cabinet"
    )
    assert state(hass, MODE) == "on_call"
    await go_to(hass, freezer, "08:00")
    assert state(hass, MODE) == "open"
    assert state(hass, NEXT) == "2026-03-02T11:00:00+00:00"
    hass.states.async_set("schedule.cabinet", "unavailable")
    await hass.async_block_till_done()
    assert state(hass, MODE) == "closed"
    assert await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.parametrize("end", ["2026-03-02 09:00:00", "nonsense", None])
async def test_a_calendar_is_followed_while_it_is_on(
    hass: HomeAssistant, people: dict[str, User], end: str | None
) -> None:
    hass.states.async_set("calendar.team", "on", {"end_time": end})
    await practice(hass, people, kind="followed", followed_entity="calendar.team")
    assert state(hass, MODE) == "open"
    # An end that cannot be understood is none; then it is open while it says so.
    told = state(hass, NEXT) == "2026-03-02T08:00:00+00:00"
    assert told is (end == "2026-03-02 09:00:00")


async def test_a_schedule_is_waited_for_until_home_assistant_has_started(
    hass: HomeAssistant, people: dict[str, User], freezer: Any
) -> None:
    hass.states.async_set(
        "schedule.cabinet",
        "on",
        {"next_event": datetime(2026, 3, 2, 12, tzinfo=PARIS)},
    )
    entry = await practice(
        hass, people, kind="followed", followed_entity="schedule.cabinet"
    )
    assert state(hass, MODE) == "open"
    await hass.config_entries.async_unload(entry.entry_id)
    hass.states.async_remove("schedule.cabinet")
    hass.set_state(CoreState.starting)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert state(hass, MODE) == "open"
    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await hass.async_block_till_done()
    assert state(hass, MODE) == "on_call"


# --- holidays and time zones -------------------------------------------------------------


async def test_a_public_holiday_closes_the_practice(
    hass: HomeAssistant, people: dict[str, User], freezer: Any
) -> None:
    freezer.move_to(datetime(2026, 5, 1, 9, tzinfo=PARIS))
    await practice(hass, people, on_call_holidays=False)
    assert state(hass, MODE) == "closed"


async def test_holidays_may_be_ordinary_days(
    hass: HomeAssistant, people: dict[str, User], freezer: Any
) -> None:
    freezer.move_to(datetime(2026, 5, 1, 9, tzinfo=PARIS))
    await practice(hass, people, holidays=False)
    assert state(hass, MODE) == "open"


def test_a_region_has_its_own_holidays(caplog: pytest.LogCaptureFixture) -> None:
    second_day_of_christmas = date(2026, 12, 26)
    assert second_day_of_christmas in public_holidays("FR", "57", 2026)
    assert second_day_of_christmas not in public_holidays("FR", None, 2026)
    assert second_day_of_christmas not in public_holidays("FR", "Bayern", 2026)
    assert date(2031, 1, 1) not in public_holidays("XX", None, 2026)
    assert "not known" in caplog.text
    assert regions("XX") == []


async def test_a_practice_that_moves_to_another_time_zone_goes_by_its_clock(
    hass: HomeAssistant, people: dict[str, User]
) -> None:
    await practice(hass, people)
    assert state(hass, MODE) == "on_call"
    await hass.config.async_update(latitude=1)
    await hass.async_block_till_done()
    assert state(hass, MODE) == "on_call"
    await hass.config.async_update(time_zone="Europe/Athens")
    await hass.async_block_till_done()
    assert state(hass, MODE) == "open"
