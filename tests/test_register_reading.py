"""Reading the register: who may, what they get, and that it is on record."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest

from custom_components.cabinet_secure import register_reading
from custom_components.cabinet_secure.const import DOMAIN
from custom_components.cabinet_secure.handout import HANDOUTS, LIFE
from custom_components.cabinet_secure.register import (
    EntryType,
    Register,
    RegisterError,
    Trouble,
)
from tests.incident_home import Browser, Home

READING = [
    ("query_register", {}),
    ("export_register", {"format": "csv"}),
    ("export_register", {"format": "incident_form", "incident": "x"}),
    ("summarize_register", {}),
]


# --- who -----------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["doctor", "cleaner", None])
@pytest.mark.parametrize(("action", "data"), READING)
async def test_only_who_manages_reads(
    home: Home, who: str | None, action: str, data: dict[str, Any]
) -> None:
    with pytest.raises(ServiceValidationError) as raised:
        await home.call(who, action, **data)
    assert raised.value.translation_key == "refused_not_allowed"
    assert await home.on_record(EntryType.VIEWING, EntryType.EXPORT) == []


# --- queries -------------------------------------------------------------------------


async def test_entries_come_page_by_page_and_each_reading_is_on_record(
    home: Home,
) -> None:
    for _ in range(5):
        await home.log()
    query = {"types": ["incident"], "limit": 2}
    first = await home.call("manager", "query_register", **query)
    second = await home.call(
        "manager", "query_register", **query, cursor=first["cursor"]
    )
    third = await home.call(
        "manager", "query_register", **query, cursor=second["cursor"]
    )
    numbers = [
        entry["number"] for page in (first, second, third) for entry in page["entries"]
    ]
    assert len(numbers) == 5
    assert numbers == sorted(numbers, reverse=True)
    assert third["cursor"] is None
    entry = first["entries"][0]
    assert (entry["type"], entry["event"], entry["by"]) == (
        "incident",
        "opened",
        "doctor",
    )
    assert entry["details"]["facts"]["kinds"] == ["insults", "threats"]
    viewings = await home.on_record(EntryType.VIEWING)
    assert [viewing.details["entries"] for viewing in viewings] == [2, 2, 1]
    assert viewings[0].details["types"] == ["incident"]
    assert viewings[0].actor is not None
    assert viewings[0].actor.name == "manager"


async def test_a_query_is_narrowed_by_period_door_and_person(home: Home) -> None:
    await home.force_door()
    await home.log("doctor")
    await home.log("manager")

    async def asked(**query: Any) -> set[tuple[str, str | None]]:
        found = await home.call("manager", "query_register", **query)
        return {(entry["event"], entry["by"]) for entry in found["entries"]}

    (door,) = home.coordinator.doors
    device = home.coordinator.devices[door]
    assert {event for event, _ in await asked(door=device)} == {"forced", "opened"}
    assert {event for event, _ in await asked(door="Démo")} == {"forced", "opened"}
    assert await asked(person="doctor") == {("opened", "doctor")}
    assert await asked(person=home.people["doctor"].id) == {("opened", "doctor")}
    now = dt_util.now()
    tomorrow = (now + timedelta(days=1)).replace(tzinfo=None).isoformat(" ")
    assert await asked(start=tomorrow, types=["incident"]) == set()
    assert len(await asked(end=tomorrow, types=["incident"])) == 3


async def test_a_cursor_that_nobody_gave_is_refused(home: Home) -> None:
    for cursor in ("", "1", "a-b", "1-2-3"):
        with pytest.raises(ServiceValidationError) as raised:
            await home.call("manager", "query_register", cursor=cursor)
        assert raised.value.translation_key == "unknown_cursor"


async def test_a_register_that_cannot_be_read_is_said(home: Home) -> None:
    with patch.object(Register, "query", side_effect=RegisterError(Trouble.OTHER)):
        for action, data in (READING[0], READING[1], READING[3]):
            with pytest.raises(HomeAssistantError) as raised:
                await home.call("manager", action, **data)
            assert raised.value.translation_key == "register_unavailable"


async def test_more_entries_than_a_file_takes_are_refused(home: Home) -> None:
    for _ in range(4):
        await home.log()
    with (
        patch.object(register_reading, "MOST_IN_A_FILE", 2),
        patch.object(register_reading, "_PAGE", 2),
        pytest.raises(ServiceValidationError) as raised,
    ):
        await home.call("manager", "export_register", format="csv")
    assert raised.value.translation_key == "too_many_entries"


async def test_a_form_is_that_of_a_known_incident(home: Home) -> None:
    for data, key in (
        ({}, "incident_not_named"),
        ({"incident": "x"}, "unknown_incident"),
    ):
        with pytest.raises(ServiceValidationError) as raised:
            await home.call(
                "manager", "export_register", format="incident_form", **data
            )
        assert raised.value.translation_key == key


# --- files ---------------------------------------------------------------------------


async def fetch(browser: Browser, path: str) -> tuple[bytes, Any]:
    """Fetch a file by its signed link alone, as a new tab does."""
    answer = await browser.client.get(path)
    assert answer.status == 200
    return await answer.read(), answer.headers


async def test_a_file_for_spreadsheets_is_fetched_by_its_link(
    home: Home, browsers: dict[str, Browser]
) -> None:
    await home.log()
    given = await browsers["manager"].act(
        "export_register", format="csv", language="en"
    )
    assert given["entries"] == 1
    content, headers = await fetch(browsers["manager"], given["path"])
    assert content.startswith("\ufeffNo.;Date;Time".encode())
    assert b"Incidents;Opened;Person;doctor" in content
    assert headers["Content-Type"] == "text/csv; charset=utf-8"
    assert headers["Content-Disposition"].startswith('attachment; filename="cabinet-')
    exported, fetched = await home.on_record(EntryType.EXPORT)
    assert (exported.event, fetched.event) == ("exported", "fetched")
    assert exported.details == fetched.details
    assert exported.details["entries"] == 1
    assert len(exported.details["sha256"]) == 64


async def test_the_form_is_shown_with_everything_else_forbidden(
    home: Home, browsers: dict[str, Browser]
) -> None:
    logged = await home.log()
    given = await browsers["manager"].act(
        "export_register", format="incident_form", incident=logged["incident"]
    )
    assert given["facts"]["author"] == "patient"
    content, headers = await fetch(browsers["manager"], given["path"])
    assert "Fiche de déclaration d’incident" in content.decode()
    assert logged["reference"] in content.decode()
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert headers["Cache-Control"] == "no-store, private"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Content-Disposition"].startswith("inline")


async def test_the_summary_is_answered_and_shown(
    home: Home, browsers: dict[str, Browser]
) -> None:
    await home.log()
    now = dt_util.now()
    given = await browsers["manager"].act(
        "summarize_register", month=now.date().isoformat()
    )
    assert given["incidents"] == 1
    assert given["kinds"] == {"insults": 1, "threats": 1}
    content, _ = await fetch(browsers["manager"], given["path"])
    assert "Bilan du mois" in content.decode()
    assert (await browsers["manager"].act("summarize_register"))["month"] == (
        f"{now:%Y-%m}"
    )


# --- attacks -------------------------------------------------------------------------


async def link(browsers: dict[str, Browser]) -> str:
    given = await browsers["manager"].act("export_register", format="csv")
    return str(given["path"])


def bare(path: str) -> str:
    """Return a path without its signature."""
    return path.partition("?")[0]


async def test_the_file_of_another_person_is_not_found(
    home: Home, browsers: dict[str, Browser]
) -> None:
    path = await link(browsers)
    for who in ("doctor", "cleaner"):
        assert await browsers[who].status(bare(path)) == 404
    assert await browsers["manager"].status(bare(path)) == 200


async def test_without_signing_in_or_a_signature_there_is_nothing(
    home: Home, browsers: dict[str, Browser]
) -> None:
    path = await link(browsers)
    stranger = browsers["stranger"]
    assert await stranger.status(bare(path)) == 401
    assert await stranger.status(f"{path}x") == 401
    assert await stranger.status(f"{path}&more=1") == 401
    other = await link(browsers)
    signature = path.partition("?")[2]
    assert await stranger.status(f"{bare(other)}?{signature}") == 401
    assert await stranger.status(path) == 200


@pytest.mark.parametrize(
    "tail",
    [
        "",
        "x",
        "..",
        "%2e%2e%2f%2e%2e%2fconfiguration.yaml",
        "../../../../etc/passwd",
        "..%2fsecrets.yaml",
        "%00",
        "a" * 4000,
    ],
)
async def test_a_guess_and_a_way_out_of_the_folder_find_nothing(
    home: Home, browsers: dict[str, Browser], tail: str
) -> None:
    await link(browsers)
    status = await browsers["manager"].status(f"/api/{DOMAIN}/handout/{tail}")
    assert status in (400, 404)


async def test_a_link_is_dead_after_some_minutes(
    home: Home, browsers: dict[str, Browser]
) -> None:
    path = await link(browsers)
    handouts = home.hass.data[HANDOUTS]
    with patch("custom_components.cabinet_secure.handout.time") as clock:
        clock.monotonic.return_value = float("inf")
        assert await browsers["manager"].status(bare(path)) == 404
    assert (
        handouts.find(bare(path).rpartition("/")[2], home.people["manager"].id) is None
    )


async def test_a_signature_is_dead_after_some_minutes_too(
    home: Home, browsers: dict[str, Browser], freezer: FrozenDateTimeFactory
) -> None:
    path = await link(browsers)
    freezer.tick(LIFE + timedelta(seconds=30))
    assert await browsers["stranger"].status(path) == 401


async def test_who_may_no_longer_manage_fetches_nothing(
    home: Home, browsers: dict[str, Browser]
) -> None:
    path = await link(browsers)
    home.hass.config_entries.async_update_entry(
        home.entry,
        options={**home.entry.options, "may_manage": [home.people["doctor"].id]},
    )
    await home.hass.async_block_till_done()
    assert await browsers["manager"].status(bare(path)) == 404


async def test_a_link_is_dead_once_its_owner_has_signed_out(
    home: Home, browsers: dict[str, Browser]
) -> None:
    path = await link(browsers)
    for token in list(home.people["manager"].refresh_tokens.values()):
        home.hass.auth.async_remove_refresh_token(token)
    assert await browsers["stranger"].status(path) == 401


async def test_nothing_is_left_after_the_practice_is_unloaded(
    home: Home, browsers: dict[str, Browser]
) -> None:
    path = await link(browsers)
    assert await home.hass.config_entries.async_unload(home.entry.entry_id)
    assert await browsers["manager"].status(bare(path)) == 404
    assert await browsers["stranger"].status(path) == 404


async def test_memory_holds_a_few_files_and_the_oldest_goes(
    home: Home, browsers: dict[str, Browser]
) -> None:
    paths = [await link(browsers) for _ in range(17)]
    manager = browsers["manager"]
    assert await manager.status(bare(paths[0])) == 404
    assert await manager.status(bare(paths[1])) == 200


async def test_no_file_is_written_anywhere(
    home: Home, browsers: dict[str, Browser]
) -> None:
    def files() -> set[str]:
        from pathlib import Path

        return {str(path) for path in Path(home.hass.config.config_dir).rglob("*")}

    before = await home.hass.async_add_executor_job(files)
    await link(browsers)
    after = await home.hass.async_add_executor_job(files)
    assert {name for name in after - before if "www" in name or "csv" in name} == set()


async def test_what_no_person_asked_for_over_the_network_is_signed_for_nobody(
    home: Home, browsers: dict[str, Browser]
) -> None:
    """A script that a person started has no session: its link needs them signed in."""
    given = await home.call("manager", "export_register", format="csv")
    assert await browsers["stranger"].status(given["path"]) == 404
    assert await browsers["manager"].status(bare(given["path"])) == 200
