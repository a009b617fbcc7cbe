"""Writing incidents and fetching files without YAML, as a manager does."""

import re
from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from custom_components.cabinet_secure import register_reading
from custom_components.cabinet_secure.register import (
    EntryType,
    Register,
    RegisterError,
    Trouble,
)
from custom_components.cabinet_secure.register.incident import Status
from tests.incident_home import Browser, Home

FLOW = "/api/config/config_entries/options/flow"
FORM = {
    "at": "2026-11-20 14:05:00",
    "kinds": ["break_in"],
    "account": "Porte forcée, rien de volé.",
    "status": "complete",
}


async def choose(home: Home, browser: Browser, step: str) -> dict[str, Any]:
    """Begin with the menu, as the page of the integration does."""
    flow = await browser.post(FLOW, handler=home.entry.entry_id)
    assert flow["type"] == "menu"
    return await go_on(browser, flow, next_step_id=step)


async def go_on(browser: Browser, flow: dict[str, Any], **given: Any) -> dict[str, Any]:
    return await browser.post(f"{FLOW}/{flow['flow_id']}", **given)


def suggested(flow: dict[str, Any]) -> dict[str, Any]:
    """Return what the form shows at first."""
    return {
        field["name"]: field["description"]["suggested_value"]
        for field in flow["data_schema"]
        if "suggested_value" in (field.get("description") or {})
    }


def field(flow: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = (each for each in flow["data_schema"] if each["name"] == name)
    return dict(found)


def choices(flow: dict[str, Any], name: str) -> dict[str, str]:
    """Return the labels of a list by its values."""
    options = field(flow, name)["selector"]["select"]["options"]
    return {option["value"]: option["label"] for option in options}


def link(flow: dict[str, Any]) -> str:
    """Return where the link that is shown leads."""
    shown = flow["description_placeholders"]["link"]
    found = re.fullmatch(r'<a href="([^"]+)" target="_blank">[\w.-]+</a>', shown)
    assert found, shown
    return found[1]


async def test_a_draft_is_completed_in_plain_words(
    home: Home, browsers: dict[str, Browser]
) -> None:
    await home.log("doctor")
    await home.force_door()
    manager = browsers["manager"]
    flow = await choose(home, manager, "incidents")
    offered = choices(flow, "incident")
    draft, *_ = (key for key in offered if key != "new")
    assert field(flow, "incident")["default"] == draft
    assert offered[draft].endswith("Une porte forcée · Démo · Brouillon, à compléter")
    assert offered["new"] == "Un nouvel incident"

    flow = await go_on(manager, flow, incident=draft, task="write")
    assert flow["step_id"] == "incident"
    assert suggested(flow)["status"] == "complete"
    flow = await go_on(manager, flow, **FORM)
    assert (flow["type"], flow["reason"]) == ("abort", "incident_saved")
    incident = home.incident(draft)
    assert incident.status is Status.COMPLETE
    assert incident.facts.severity_property == 2
    assert incident.changed_by == "manager"
    assert dict(home.entry.options).keys() == {
        "may_open",
        "may_manage",
        "on_call",
    }


async def test_a_new_incident_is_written_and_then_corrected(
    home: Home, browsers: dict[str, Browser]
) -> None:
    manager = browsers["manager"]
    flow = await choose(home, manager, "incidents")
    assert field(flow, "incident")["default"] == "new"
    flow = await go_on(manager, flow, incident="new", task="write")
    said = {**FORM, "severity_persons": "3", "work_stoppage": 4.0, "drill": True}
    flow = await go_on(manager, flow, **said)
    assert flow["reason"] == "incident_saved"
    (incident,) = home.coordinator.incidents.newest_first()
    assert incident.facts.severity_persons == 3
    assert incident.facts.work_stoppage == 4
    assert incident.facts.drill is True

    # What is emptied is not said any more.
    flow = await choose(home, manager, "incidents")
    flow = await go_on(manager, flow, incident=incident.id, task="write")
    shown = suggested(flow)
    assert shown["severity_persons"] == "3"
    assert shown["at"] == "2026-11-20 14:05:00"
    del shown["work_stoppage"], shown["account"]
    flow = await go_on(manager, flow, **{**shown, "status": "void"})
    assert flow["reason"] == "incident_saved"
    corrected = home.incident(incident.id)
    assert corrected.status is Status.VOID
    assert (corrected.facts.work_stoppage, corrected.facts.account) == (None, "")
    assert corrected.facts.at == incident.facts.at

    flow = await choose(home, manager, "incidents")
    flow = await go_on(manager, flow, incident=incident.id, task="write")
    assert suggested(flow)["status"] == "void"


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"account": "Mme Dupont"}, {"account": "looks_like_a_name"}),
        ({"kinds": []}, {"kinds": "kinds_missing"}),
        ({"evidence": ["a"] * 5}, {"evidence": "too_many"}),
    ],
)
async def test_what_is_wrong_is_said_at_its_field_and_can_be_mended(
    home: Home,
    browsers: dict[str, Browser],
    changes: dict[str, Any],
    errors: dict[str, str],
) -> None:
    manager = browsers["manager"]
    flow = await choose(home, manager, "incidents")
    flow = await go_on(manager, flow, incident="new", task="write")
    flow = await go_on(manager, flow, **{**FORM, **changes})
    assert flow["errors"] == errors
    assert suggested(flow)["at"] == FORM["at"]
    assert await home.on_record(EntryType.INCIDENT) == []
    flow = await go_on(manager, flow, **FORM)
    assert flow["reason"] == "incident_saved"


async def test_a_form_is_printed_from_the_list(
    home: Home, browsers: dict[str, Browser]
) -> None:
    logged = await home.log()
    manager = browsers["manager"]
    flow = await choose(home, manager, "incidents")
    flow = await go_on(manager, flow, incident=logged["incident"], task="print")
    assert flow["step_id"] == "file"
    answer = await manager.client.get(link(flow))
    assert "Fiche de déclaration d’incident" in await answer.text()
    flow = await go_on(manager, flow)
    assert flow["step_id"] == "incidents"

    # There is nothing to print of a new one: it is written first.
    flow = await go_on(manager, flow, incident="new", task="print")
    assert flow["step_id"] == "incident"


@pytest.mark.parametrize(
    ("task", "content"),
    [("summary", "Bilan du mois"), ("csv", "Incidents;Ouverte")],
)
async def test_files_are_fetched_by_their_link(
    home: Home, browsers: dict[str, Browser], task: str, content: str
) -> None:
    await home.log()
    manager = browsers["manager"]
    flow = await choose(home, manager, "register_files")
    dates = suggested(flow)
    flow = await go_on(
        manager, flow, **{"task": task, "from": dates["until"], "until": dates["from"]}
    )
    today = dt_util.now().date()
    if today.day > 1:
        assert flow["errors"] == {"until": "ends_before_it_begins"}
        flow = await go_on(manager, flow, **{"task": task, **dates})
    assert flow["step_id"] == "file"
    answer = await manager.client.get(link(flow))
    assert answer.status == 200
    assert content in await answer.text()


async def test_too_many_entries_and_a_register_that_cannot_be_read_are_said(
    home: Home, browsers: dict[str, Browser]
) -> None:
    for _ in range(3):
        await home.log()
    manager = browsers["manager"]

    async def csv() -> dict[str, Any]:
        flow = await choose(home, manager, "register_files")
        return await go_on(manager, flow, **{"task": "csv", **suggested(flow)})

    with (
        patch.object(register_reading, "MOST_IN_A_FILE", 2),
        patch.object(register_reading, "_PAGE", 2),
    ):
        assert (await csv())["reason"] == "too_many_entries"
    with patch.object(Register, "query", side_effect=RegisterError(Trouble.OTHER)):
        assert (await csv())["reason"] == "register_unavailable"


async def test_a_register_that_takes_nothing_is_said_in_the_form(
    home: Home, browsers: dict[str, Browser]
) -> None:
    manager = browsers["manager"]
    flow = await choose(home, manager, "incidents")
    flow = await go_on(manager, flow, incident="new", task="write")
    with patch.object(
        home.coordinator.incidents, "_written", side_effect=RegisterError(Trouble.OTHER)
    ):
        flow = await go_on(manager, flow, **FORM)
    assert flow["errors"] == {"base": "register_unavailable"}


async def test_incidents_wait_until_the_register_was_read(
    home: Home, browsers: dict[str, Browser]
) -> None:
    home.coordinator.incidents.known = None
    flow = await choose(home, browsers["manager"], "incidents")
    assert flow["reason"] == "register_unavailable"


@pytest.mark.parametrize("step", ["incidents", "register_files"])
async def test_an_administrator_who_does_not_manage_gets_no_further(
    home: Home, browsers: dict[str, Browser], step: str
) -> None:
    home.hass.config_entries.async_update_entry(
        home.entry,
        options={**home.entry.options, "may_manage": [home.people["doctor"].id]},
    )
    await home.hass.async_block_till_done()
    flow = await choose(home, browsers["manager"], step)
    assert (flow["type"], flow["reason"]) == ("abort", "not_allowed")


async def test_rights_that_are_taken_away_count_in_the_middle_of_a_form(
    home: Home, browsers: dict[str, Browser]
) -> None:
    manager = browsers["manager"]
    flow = await choose(home, manager, "incidents")
    flow = await go_on(manager, flow, incident="new", task="write")
    home.hass.config_entries.async_update_entry(
        home.entry,
        options={**home.entry.options, "may_manage": [home.people["doctor"].id]},
    )
    await home.hass.async_block_till_done()
    flow = await go_on(manager, flow, **FORM)
    assert flow["reason"] == "not_allowed"
    assert await home.on_record(EntryType.INCIDENT) == []


@pytest.mark.parametrize("step", ["incidents", "register_files"])
async def test_without_a_person_behind_the_request_nothing_is_shown(
    home: Home, hass: HomeAssistant, step: str
) -> None:
    flow = await hass.config_entries.options.async_init(home.entry.entry_id)
    flow = await hass.config_entries.options.async_configure(
        flow["flow_id"], {"next_step_id": step}
    )
    assert flow["reason"] == "not_allowed"


async def test_a_practice_that_does_not_run_shows_nothing(
    home: Home, browsers: dict[str, Browser]
) -> None:
    assert await home.hass.config_entries.async_unload(home.entry.entry_id)
    flow = await choose(home, browsers["manager"], "incidents")
    assert flow["reason"] == "not_allowed"
