"""Incidents in Home Assistant: who may write what, and where it is seen."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.translation import async_load_integrations
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed
import voluptuous as vol

from custom_components.cabinet_secure.announcements import (
    SIGNAL_ANNOUNCEMENT,
    Announcement,
)
from custom_components.cabinet_secure.const import DOMAIN
from custom_components.cabinet_secure.logbook_events import EVENT_LOGGED
from custom_components.cabinet_secure.practice.intrusion.effects import (
    AnnounceIntrusion,
    IntrusionEvent,
)
from custom_components.cabinet_secure.practice.intrusion.state import (
    AlarmPhase,
    ArmMode,
)
from custom_components.cabinet_secure.register import (
    EntryType,
    Register,
    RegisterError,
    Trouble,
)
from custom_components.cabinet_secure.register.incident import (
    Cause,
    IncidentKind,
    Status,
)
from tests.incident_home import SAID, Home

RECENT = "sensor.cabinet_incidents_in_30_days"
LAST = "sensor.cabinet_last_incident"
CALENDAR = "calendar.cabinet_incidents_and_drills"


def state_of(home: Home, entity_id: str) -> str:
    state = home.hass.states.get(entity_id)
    assert state is not None, entity_id
    return state.state


async def events(home: Home) -> list[dict[str, Any]]:
    now = dt_util.now()
    response = await home.hass.services.async_call(
        "calendar",
        "get_events",
        {
            "entity_id": CALENDAR,
            "start_date_time": now - timedelta(days=60),
            "end_date_time": now + timedelta(days=1),
        },
        blocking=True,
        return_response=True,
    )
    assert response is not None
    return list(response[CALENDAR]["events"])


# --- writing -------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["manager", "doctor"])
async def test_everybody_of_the_practice_logs_an_incident(home: Home, who: str) -> None:
    response = await home.log(who)
    incident = home.incident(response["incident"])
    assert incident.status is Status.COMPLETE
    assert incident.cause is Cause.PERSON
    assert incident.facts.kinds == (IncidentKind.INSULTS, IncidentKind.THREATS)
    assert response["severity_persons"] == 2
    assert response["severity_property"] is None
    assert incident.opened_by == who
    (entry,) = await home.on_record(EntryType.INCIDENT)
    assert (entry.event, entry.session) == ("opened", incident.id)
    assert entry.actor is not None
    assert entry.actor.id == home.people[who].id


async def test_somebody_without_a_role_logs_nothing(home: Home) -> None:
    with pytest.raises(ServiceValidationError) as raised:
        await home.log("cleaner")
    assert raised.value.translation_key == "refused_not_allowed"
    assert await home.on_record(EntryType.INCIDENT) == []


async def test_an_automation_opens_a_draft_and_no_more(home: Home) -> None:
    response = await home.log(None)
    incident = home.incident(response["incident"])
    assert (incident.status, incident.cause) == (Status.DRAFT, Cause.AUTOMATION)
    with pytest.raises(ServiceValidationError):
        await home.call(
            None, "correct_incident", incident=incident.id, status="complete"
        )


async def test_only_who_manages_corrects_and_the_first_entry_stays(home: Home) -> None:
    logged = await home.log("doctor", draft=True)
    with pytest.raises(ServiceValidationError) as raised:
        await home.call("doctor", "correct_incident", incident=logged["incident"])
    assert raised.value.translation_key == "refused_not_allowed"

    response = await home.call(
        "manager",
        "correct_incident",
        incident=logged["incident"],
        status="complete",
        weapon="blade",
        kinds=["insults", "armed_assault"],
        severity_persons=4,
    )
    assert response["corrections"] == 1
    incident = home.incident(logged["incident"])
    assert incident.status is Status.COMPLETE
    assert incident.facts.severity_persons == 4
    assert incident.facts.account == SAID["account"]
    first, second = await home.on_record(EntryType.INCIDENT)
    assert first.details["facts"]["kinds"] == ["insults", "threats"]
    assert second.details["corrects"] == first.id
    assert second.details["facts"].keys() == {"weapon", "kinds", "severity_persons"}
    assert (await home.coordinator.records.register.verify()).faults == ()


async def test_a_correction_that_changes_nothing_writes_nothing(home: Home) -> None:
    logged = await home.log()
    await home.call(
        "manager", "correct_incident", incident=logged["incident"], author="patient"
    )
    assert len(await home.on_record(EntryType.INCIDENT)) == 1


@pytest.mark.parametrize(
    ("changes", "key", "field"),
    [
        ({"account": "M. Dupont a crié"}, "incident_looks_like_a_name", "Récit"),
        (
            {"measures": "NIR 1 84 12 76 451 089 46"},
            "incident_looks_like_a_social_security_number",
            "Mesures prises",
        ),
        (
            {"lessons": "né le 12/03/1985"},
            "incident_looks_like_a_date_of_birth",
            "Enseignements",
        ),
        (
            {"evidence": ["06 12 34 56 78"]},
            "incident_looks_like_a_telephone_number",
            "Preuves conservées",
        ),
        ({"kinds": []}, "incident_kinds_missing", "Faits"),
        ({"account": "x" * 1001}, "incident_too_long", "Récit"),
        ({"at": "2100-01-01 10:00:00"}, "incident_in_the_future", "Quand"),
    ],
)
async def test_what_is_wrong_is_refused_in_words_and_not_kept(
    home: Home, changes: dict[str, Any], key: str, field: str
) -> None:
    with pytest.raises(ServiceValidationError) as raised:
        await home.log(**changes)
    assert raised.value.translation_key == key
    assert raised.value.translation_placeholders == {"field": field}
    logged = await home.log()
    with pytest.raises(ServiceValidationError):
        await home.call(
            "manager", "correct_incident", incident=logged["incident"], **changes
        )
    (entry,) = await home.on_record(EntryType.INCIDENT)
    assert entry.session == logged["incident"]


@pytest.mark.parametrize(
    "changes",
    [
        {"kinds": ["weather"]},
        {"kinds": ["insults", "insults"]},
        {"author": "M. Dupont"},
        {"severity_persons": 5},
        {"severity_property": 0},
        {"work_stoppage": -1},
        {"name": "Dupont"},
    ],
)
async def test_what_is_no_field_or_no_choice_is_refused(
    home: Home, changes: dict[str, Any]
) -> None:
    with pytest.raises(vol.Invalid):
        await home.log(**changes)


async def test_an_incident_that_is_not_there_is_not_corrected(home: Home) -> None:
    with pytest.raises(ServiceValidationError) as raised:
        await home.call("manager", "correct_incident", incident="nothing")
    assert raised.value.translation_key == "unknown_incident"


async def test_a_time_without_a_zone_is_that_of_the_practice(home: Home) -> None:
    await home.hass.config.async_set_time_zone("Europe/Paris")
    logged = await home.log(at="2026-11-20 14:05:00")
    at = home.incident(logged["incident"]).facts.at
    assert at.isoformat() == "2026-11-20T14:05:00+01:00"


async def test_a_register_that_takes_nothing_is_said_to_who_writes(home: Home) -> None:
    logged = await home.log()

    with patch.object(
        home.coordinator.incidents, "_written", side_effect=RegisterError(Trouble.OTHER)
    ):
        for who, action, data in (
            ("doctor", "log_incident", SAID),
            (
                "manager",
                "correct_incident",
                {"incident": logged["incident"], "weapon": "dog"},
            ),
        ):
            with pytest.raises(HomeAssistantError) as raised:
                await home.call(who, action, **data)
            assert raised.value.translation_key == "register_unavailable"


# --- drafts --------------------------------------------------------------------------


async def test_a_forced_door_opens_one_draft_whatever_the_contact_does(
    home: Home,
) -> None:
    await home.force_door()
    await home.force_door()
    (incident,) = home.coordinator.incidents.newest_first()
    assert (incident.status, incident.cause) == (Status.DRAFT, Cause.FORCED_DOOR)
    assert incident.door is not None
    assert incident.door.name == "Démo"
    assert state_of(home, RECENT) == "1"

    # Once it is completed, the next one is another.
    await home.call(
        "manager",
        "correct_incident",
        incident=incident.id,
        status="complete",
        kinds=["break_in"],
    )
    await home.force_door()
    assert len(home.coordinator.incidents.newest_first()) == 2


async def test_a_call_for_help_opens_a_draft_that_no_screen_shows_at_first(
    home: Home,
) -> None:
    told: list[Any] = []
    home.hass.bus.async_listen(EVENT_LOGGED, told.append)
    await home.hass.services.async_call(
        DOMAIN,
        "raise_panic",
        {"kind": "hold_up", "confirmed": True},
        blocking=True,
        context=Context(user_id=home.people["doctor"].id),
    )
    await home.hass.async_block_till_done()
    (incident,) = home.coordinator.incidents.newest_first()
    assert (incident.status, incident.cause) == (Status.DRAFT, Cause.PANIC)
    (panic,) = home.coordinator.state.panic.panics
    assert incident.began_with == panic.id
    assert (state_of(home, RECENT), state_of(home, LAST)) == ("0", "unknown")
    assert await events(home) == []
    assert told == []

    # Once somebody who manages has looked at it, it is an incident like any other.
    await home.call(
        "manager",
        "correct_incident",
        incident=incident.id,
        status="complete",
        kinds=["threats"],
    )
    await home.hass.async_block_till_done()
    assert state_of(home, RECENT) == "1"
    assert len(await events(home)) == 1
    assert told == []


async def test_a_drill_opens_no_incident(home: Home) -> None:
    await home.hass.services.async_call(
        DOMAIN,
        "start_drill",
        {},
        blocking=True,
        context=Context(user_id=home.people["manager"].id),
    )
    await home.hass.async_block_till_done()
    assert home.coordinator.incidents.newest_first() == []


async def test_an_alarm_that_nobody_ends_opens_a_draft(home: Home) -> None:
    async_dispatcher_send(
        home.hass,
        SIGNAL_ANNOUNCEMENT,
        Announcement(
            coordinator=home.coordinator,
            effect=AnnounceIntrusion(
                event=IntrusionEvent.TRIGGERED,
                arm_mode=ArmMode.AWAY,
                was=AlarmPhase.ARMED,
                sensors=tuple(home.coordinator.doors),
            ),
        ),
    )
    await home.force_door()
    (incident,) = home.coordinator.incidents.newest_first()
    assert incident.cause is Cause.INTRUSION
    assert incident.door is not None
    assert incident.door.name == "Démo"


async def test_drafts_and_corrections_are_there_after_a_restart(home: Home) -> None:
    await home.force_door()
    logged = await home.log(draft=True)
    await home.call(
        "manager", "correct_incident", incident=logged["incident"], status="void"
    )
    before = home.coordinator.incidents.known
    assert await home.hass.config_entries.async_reload(home.entry.entry_id)
    await home.until_read()
    assert home.coordinator.incidents.known == before


async def test_incidents_are_unknown_until_the_register_can_be_read(home: Home) -> None:
    await home.log()
    with patch.object(Register, "query", side_effect=RegisterError(Trouble.OTHER)):
        assert await home.hass.config_entries.async_reload(home.entry.entry_id)
        await home.hass.async_block_till_done()
        assert home.coordinator.incidents.known is None
        assert state_of(home, RECENT) == "unknown"
        # A door that is forced meanwhile opens its draft all the same.
        await home.force_door()
        with pytest.raises(HomeAssistantError) as raised:
            await home.call("manager", "correct_incident", incident="any")
        assert raised.value.translation_key == "register_unavailable"
    await home.coordinator.incidents.async_read()
    await home.hass.async_block_till_done()
    assert state_of(home, RECENT) == "2"


async def test_what_is_written_while_the_register_is_read_is_not_missed(
    home: Home,
) -> None:
    incidents = home.coordinator.incidents
    register = home.coordinator.records.register
    read = register.query
    written = False

    async def slow(query: Any) -> Any:
        nonlocal written
        page = await read(query)
        if not written:
            written = True
            await home.log()
        return page

    with patch.object(register, "query", slow):
        await incidents.async_read()
    assert len(incidents.newest_first()) == 1


# --- where it is seen ----------------------------------------------------------------


async def test_sensors_count_what_counts(home: Home) -> None:
    assert (state_of(home, RECENT), state_of(home, LAST)) == ("0", "unknown")
    at = dt_util.now().replace(microsecond=0) - timedelta(days=29, hours=12)
    await home.log(at=at.isoformat())
    await home.log(drill=True)
    mistake = await home.log()
    await home.call(
        "manager", "correct_incident", incident=mistake["incident"], status="void"
    )
    await home.hass.async_block_till_done()
    assert state_of(home, RECENT) == "1"
    assert dt_util.parse_datetime(state_of(home, LAST)) == at


async def test_an_incident_leaves_the_last_thirty_days_by_itself(
    home: Home, freezer: Any
) -> None:
    await home.log(at=(dt_util.now() - timedelta(days=29, hours=12)).isoformat())
    await home.hass.async_block_till_done()
    assert state_of(home, RECENT) == "1"
    midnight = dt_util.start_of_local_day() + timedelta(days=2, seconds=11)
    freezer.move_to(midnight)
    async_fire_time_changed(home.hass, midnight)
    await home.hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(home, RECENT) == "0"


async def test_the_calendar_shows_incidents_and_drills_and_nobody(home: Home) -> None:
    assert await events(home) == []
    now = dt_util.now().replace(microsecond=0)
    await home.log(at=(now - timedelta(days=3)).isoformat())
    await home.log(
        at=(now - timedelta(days=2)).isoformat(), drill=True, kinds=["cyber"]
    )
    await home.log(at=(now - timedelta(days=1)).isoformat(), draft=True, kinds=[])
    mistake = await home.log()
    await home.call(
        "manager", "correct_incident", incident=mistake["incident"], status="void"
    )
    await home.hass.async_block_till_done()
    shown = await events(home)
    assert [event["summary"] for event in shown] == [
        "Incident – Insultes, provocations, Menaces",
        "Exercice – Cybermalveillance",
        "Incident",
    ]
    assert shown[-1]["description"] == "Brouillon, à compléter"
    assert SAID["account"] not in str(shown)
    state = home.hass.states.get(CALENDAR)
    assert state is not None
    assert state.attributes["message"] == "Incident"


# --- the logbook ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", ["a été forcée", "un incident a été inscrit au registre"]),
        ("en", ["was forced open", "an incident was put on record"]),
        ("de", ["was forced open", "an incident was put on record"]),
    ],
)
async def test_the_logbook_says_what_happened_in_words_and_never_who(
    home: Home, language: str, said: list[str]
) -> None:
    hass: HomeAssistant = home.hass
    hass.config.language = language
    await async_load_integrations(hass, {DOMAIN})
    described: dict[str, Any] = {}

    def describe(_domain: str, event: str, function: Any) -> None:
        described[event] = function

    from custom_components.cabinet_secure import logbook

    logbook.async_describe_events(hass, describe)
    told: list[tuple[str, str]] = []
    ((event_type, function),) = described.items()

    def heard(event: Any) -> None:
        lines = function(event)
        told.append((lines["name"], lines["message"]))
        assert "doctor" not in str(event.data)

    hass.bus.async_listen(event_type, heard)
    await home.force_door()
    await hass.async_block_till_done()
    assert told == [("Cabinet", said[1]), ("Démo", said[0])] or told == [
        ("Démo", said[0]),
        ("Cabinet", said[1]),
    ]
