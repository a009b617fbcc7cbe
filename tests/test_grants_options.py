"""Giving and ending access without YAML, and seeing who may come in."""

from datetime import timedelta
from typing import Any

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.util import dt as dt_util
import pytest

from custom_components.cabinet_secure import grants_options
from custom_components.cabinet_secure.practice.people import Actor, ActorKind
from tests.practices import Station
from tests.test_grants import act, give, last_access

CALENDAR = "calendar.cabinet_access"


@pytest.fixture
def at_work(
    monkeypatch: pytest.MonkeyPatch, people: dict[str, User]
) -> dict[str, User]:
    """Let the manager be who fills in the forms."""
    sit_down(monkeypatch, people["manager"])
    return people


def sit_down(monkeypatch: pytest.MonkeyPatch, user: User | None) -> None:
    actor = user and Actor(kind=ActorKind.USER, id=user.id, name=user.name or "")
    monkeypatch.setattr(grants_options, "async_person_at_work", lambda: actor)


async def choose(station: Station, step: str) -> dict[str, Any]:
    flows = station.hass.config_entries.options
    flow = await flows.async_init(station.entry.entry_id)
    for menu in ("access", step):
        flow = await flows.async_configure(flow["flow_id"], {"next_step_id": menu})
    return dict(flow)


async def go_on(station: Station, flow: dict[str, Any], **given: Any) -> dict[str, Any]:
    flows = station.hass.config_entries.options
    return dict(await flows.async_configure(flow["flow_id"], given))


def form(station: Station, **changes: Any) -> dict[str, Any]:
    door = next(iter(station.entry.runtime_data.doors))
    ends = dt_util.now() + timedelta(days=7)
    return {
        "label": "Dr Martin",
        "role": "locum",
        "doors": [door],
        "valid_to": ends.strftime("%Y-%m-%d %H:%M:%S"),
        "means": "code",
    } | changes


@pytest.mark.usefixtures("at_work")
async def test_a_code_is_given_in_a_form_shown_once_and_opens(station: Station) -> None:
    flow = await choose(station, "access_give")
    flow = await go_on(station, flow, **form(station))
    assert flow["step_id"] == "access_given"
    shown = flow["description_placeholders"]
    assert shown["code"] in shown["english"]
    assert shown["code"] in shown["french"]
    runs = station.entry.runtime_data
    flow = await go_on(station, flow)
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert station.entry.runtime_data is runs, "nothing is set up anew for that"

    station.sim.type_code(f"{shown['code']}#")
    await station.wait_until(
        lambda: last_access(station.hass).get("by") == "Dr Martin", "the locum"
    )


@pytest.mark.usefixtures("at_work")
@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"label": "  "}, {"label": "no_label"}),
        ({"days": ["mon"]}, {"days": "half_a_window"}),
        ({"start": "08:00:00", "end": "09:00:00"}, {"days": "half_a_window"}),
        ({"valid_to": "2020-01-01 08:00:00"}, {"valid_to": "grant_times"}),
        ({"means": "card", "card": "my card"}, {"card": "not_a_card"}),
        ({"doors": []}, {"base": "access_refused"}),
    ],
)
async def test_what_cannot_be_meant_is_said_at_its_field(
    station: Station, changes: dict[str, Any], errors: dict[str, str]
) -> None:
    flow = await choose(station, "access_give")
    flow = await go_on(station, flow, **form(station, **changes))
    assert flow["errors"] == errors
    assert station.entry.runtime_data.state.grants.grants == ()


async def test_a_card_with_weekly_windows_and_uses_is_given_and_ended(
    station: Station, at_work: dict[str, User]
) -> None:
    flow = await choose(station, "access_give")
    flow = await go_on(
        station,
        flow,
        **form(
            station,
            means="card",
            card="04A1B2C3",
            valid_from=dt_util.now().strftime("%Y-%m-%d %H:%M:%S"),
            days=["mon", "fri"],
            start="08:00:00",
            end="19:00:00",
            uses=3,
        ),
    )
    assert flow["description_placeholders"]["code"] == "–"
    await go_on(station, flow)
    (grant,) = station.entry.runtime_data.state.grants.grants
    assert (grant.uses, grant.windows[0].days) == (3, (0, 4))

    await give(station.hass, at_work["manager"])
    flow = await choose(station, "access_end")
    options = flow["data_schema"].schema["grant"].config["options"]
    assert [option["label"].partition(" ·")[0] for option in options] == [
        "Dr Martin (×2)",
        "Dr Martin",
        "Dr Martin",
    ]
    flow = await go_on(station, flow, grant=options[0]["value"])
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    directory = station.sim.station.directory
    await station.wait_until(lambda: not directory.active(), "the removal")
    flow = await choose(station, "access_end")
    assert flow["reason"] == "nobody_has_access"


async def test_an_access_that_ended_meanwhile_is_not_ended_again(
    station: Station, at_work: dict[str, User]
) -> None:
    given = await give(station.hass, at_work["manager"])
    await give(station.hass, at_work["manager"], label="Another")
    flow = await choose(station, "access_end")
    await act(station.hass, at_work["manager"], "revoke_access", grant=given["grant"])
    coordinator = station.entry.runtime_data
    with pytest.MonkeyPatch.context() as patched:
        # The form still offers it.
        state = coordinator.state
        kept = given["grant"]
        flows = station.hass.config_entries.options
        patched.setattr(grants_options, "_holders", lambda _: {kept: ("Gone", 2)})
        flow = await choose(station, "access_end")
        flow = dict(
            await flows.async_configure(flow["flow_id"], {"grant": f"person:{kept}"})
        )
    assert flow["errors"] == {"grant": "access_over"}
    assert coordinator.state.grants == state.grants


@pytest.mark.parametrize(
    "step", ["access_give", "access_end", "access_doors", "access_links"]
)
@pytest.mark.parametrize("who", ["doctor", None])
async def test_only_who_manages_gives_and_ends_access(
    station: Station,
    monkeypatch: pytest.MonkeyPatch,
    people: dict[str, User],
    who: str | None,
    step: str,
) -> None:
    sit_down(monkeypatch, people[who] if who else None)
    flow = await choose(station, step)
    assert flow["reason"] == "only_managers_give_access"


async def test_a_door_for_two_people_opens_for_two(
    station: Station, at_work: dict[str, User]
) -> None:
    hass, sim = station.hass, station.sim
    flow = await choose(station, "access_doors")
    door = next(iter(station.entry.runtime_data.doors))
    await go_on(station, flow, two_people=[door])
    await hass.async_block_till_done()
    await station.wait_for("binary_sensor.platine_connection", "on")
    await station.wait_for("lock.entree", "locked")
    codes = [
        (await give(hass, at_work["manager"], label=label))["code"]
        for label in ("Dr Martin", "Secretary")
    ]
    sim.type_code(f"{codes[0]}#")
    await station.wait_until(
        lambda: station.entry.runtime_data.state.grants.first_people, "the first"
    )
    assert station.commands() == []
    sim.type_code(f"{codes[1]}#")
    await station.wait_until(lambda: station.commands() == ["trigger"], "the strike")
    await station.wait_until(
        lambda: last_access(hass).get("by") == "Secretary", "the second"
    )


@pytest.mark.usefixtures("at_work")
async def test_a_link_is_offered_once_links_are_turned_on(station: Station) -> None:
    await station.hass.config.async_update(external_url="https://practice.example")
    flow = await choose(station, "access_links")
    flow = await go_on(station, flow, opening_links=True)
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    await station.hass.async_block_till_done()
    await station.wait_for("binary_sensor.platine_connection", "on")
    flow = await choose(station, "access_give")
    ends = (dt_util.now() + timedelta(days=7)).strftime("%Y-%m-%d %H:%M:%S")
    flow = await go_on(station, flow, **form(station, means="link", valid_to=ends))
    assert flow["step_id"] == "access_given"
    shown = flow["description_placeholders"]
    assert shown["code"].startswith("https://practice.example/api/")
    assert shown["code"] in shown["english"]
    assert shown["code"] in shown["french"]


async def test_a_calendar_shows_who_may_come_in(
    station: Station, at_work: dict[str, User], hass: HomeAssistant
) -> None:
    assert station.state(CALENDAR) == "off"
    await give(hass, at_work["manager"])
    await give(
        hass,
        at_work["manager"],
        label="Cleaner",
        role="cleaner",
        valid_from=dt_util.now() + timedelta(days=1),
        valid_to=dt_util.now() + timedelta(days=22),
        windows=[{"days": ["tue"], "start": "18:00", "end": "20:00"}],
    )
    await station.wait_for(CALENDAR, "on")
    response = await hass.services.async_call(
        "calendar",
        "get_events",
        {
            "entity_id": CALENDAR,
            "start_date_time": dt_util.now(),
            "end_date_time": dt_util.now() + timedelta(days=30),
        },
        blocking=True,
        return_response=True,
    )
    names = [event["summary"] for event in response[CALENDAR]["events"]]
    assert sorted(names) == ["Cleaner"] * 3 + ["Dr Martin"]
    assert response[CALENDAR]["events"][0]["location"] == "Entrée"
