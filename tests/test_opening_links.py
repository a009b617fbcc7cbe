"""Opening links: what they are for, and how often they may be asked for."""

from datetime import timedelta
from http import HTTPStatus
import re
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.cabinet_secure import opening_view
from custom_components.cabinet_secure.equipment import EquipmentError, Failure
from custom_components.cabinet_secure.opening_page import Notice, opening_page, spoken
from custom_components.cabinet_secure.rate_limit import RateLimit, neighbourhood
from tests.opening_visitor import HOST, Visitor, visitor
from tests.test_grants import act

__all__ = ["visitor"]

# --- what it is for ------------------------------------------------------------------


async def test_a_phone_without_an_account_opens_with_one_button(
    visitor: Visitor,
) -> None:
    status, said = await visitor.look()
    assert status == HTTPStatus.OK
    assert said.startswith("Press only when you stand at the door.")
    assert visitor.door == "locked"
    assert await visitor.press() == (
        HTTPStatus.OK,
        "The door is unlocked for some seconds. Please come in.",
    )
    assert visitor.door == "open"
    state = visitor.hass.states.get("lock.demo")
    assert state is not None
    assert state.attributes["changed_by"] == "Livreur"
    assert sorted(await visitor.recorded()) == [
        "access:granted",
        "access:open_commanded",
        "grant:granted",
        "grant:used_up",
        "grant:visited",
    ]


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        ("en-GB,en;q=0.9,fr;q=0.4", "en"),
        ("de-DE,fr;q=0.5", "fr"),
        ("de", "en"),
        ("fr;q=0, en;q=0.1", "en"),
        ("fr;q=many;fr;v=1", "en"),
        ("fr;level=1", "en"),
    ],
)
async def test_the_page_speaks_the_language_of_the_phone(
    visitor: Visitor, accepted: str, language: str
) -> None:
    assert spoken(accepted, "en") == language
    response = await visitor.client.get(
        visitor.link, headers={"Host": HOST, "Accept-Language": accepted}
    )
    assert f'<html lang="{language}">' in await response.text()


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("notice", Notice)
def test_everything_the_page_says_is_written_in_both_languages(
    language: str, notice: Notice
) -> None:
    page = opening_page(
        language, notice, door="<Entrée>", visit='"', since="1", until="2"
    ).decode()
    assert "&lt;Entrée&gt;" in page
    assert "{" not in re.sub(r"<style>.*</style>", "", page, flags=re.DOTALL)
    if language == "fr":
        assert not re.search(r" [;:!?»]|« |[^\N{NO-BREAK SPACE}]:", _text(page))


def _text(page: str) -> str:
    said = re.search(r'role="status">([^<]*)<', page)
    assert said is not None
    return said[1]


async def test_a_link_needs_an_address_outside_that_nobody_listens_to(
    visitor: Visitor,
) -> None:
    await visitor.hass.config.async_update(external_url=f"http://{HOST}")
    with pytest.raises(ServiceValidationError) as caught:
        await visitor.send_link()
    assert caught.value.translation_key == "no_safe_address"


async def test_links_are_off_unless_turned_on_and_then_lead_nowhere(
    visitor: Visitor,
) -> None:
    await visitor.look()
    options = {**visitor.home.entry.options, "opening_links": False}
    visitor.hass.config_entries.async_update_entry(visitor.home.entry, options=options)
    await visitor.hass.async_block_till_done()
    with pytest.raises(ServiceValidationError) as caught:
        await visitor.send_link()
    assert caught.value.translation_key == "refused_links_off"
    for status, said in (await visitor.look(), await visitor.press()):
        assert status == HTTPStatus.NOT_FOUND
        assert said == "This link is not valid."
    await visitor.nothing_opened()


async def test_a_link_opens_only_in_its_window_and_says_when_that_is(
    visitor: Visitor, freezer: FrozenDateTimeFactory
) -> None:
    start = dt_util.now() + timedelta(hours=1)
    await visitor.send_link(valid_from=start)
    status, said = await visitor.look()
    assert status == HTTPStatus.FORBIDDEN
    assert said == f"You can open from {start:%d %b %Y, %H:%M}."
    # Whoever kept an earlier page, or made one up, gets no further.
    await visitor.send_link()
    await visitor.look()
    visit = visitor.visit
    await visitor.send_link(valid_from=start)
    assert (await visitor.press(visit=visit))[0] == HTTPStatus.FORBIDDEN
    await visitor.nothing_opened()
    freezer.tick(timedelta(hours=1))
    async_fire_time_changed(visitor.hass)
    await visitor.hass.async_block_till_done()
    assert (await visitor.look())[0] == HTTPStatus.OK
    assert (await visitor.press())[0] == HTTPStatus.OK
    assert visitor.door == "open"


async def test_a_link_that_was_revoked_opens_nothing(visitor: Visitor) -> None:
    given = await visitor.send_link()
    await visitor.look()
    await act(
        visitor.hass,
        visitor.home.people["manager"],
        "revoke_access",
        grant=given["grant"],
    )
    assert (await visitor.press())[0] == HTTPStatus.GONE
    assert await visitor.look() == (
        HTTPStatus.GONE,
        "This link is not valid any more.",
    )
    await visitor.nothing_opened()
    assert (await visitor.recorded())[-2:] == ["access:denied", "grant:visited"]


async def test_no_link_opens_in_a_lockdown_and_the_page_does_not_say_why(
    visitor: Visitor,
) -> None:
    await visitor.look()
    await visitor.hass.services.async_call(
        "select",
        "select_option",
        {"entity_id": "select.cabinet_mode", "option": "lockdown"},
        blocking=True,
    )
    assert await visitor.press() == (
        HTTPStatus.FORBIDDEN,
        "The door cannot be opened at the moment. Please ring.",
    )
    await visitor.nothing_opened()


async def test_a_door_that_does_not_obey_is_not_said_to_be_open(
    visitor: Visitor,
) -> None:
    await visitor.look()
    door = next(iter(visitor.home.coordinator.doors.values()))
    with patch.object(
        type(door), "pulse", side_effect=EquipmentError(Failure.UNREACHABLE)
    ):
        assert (await visitor.press())[0] == HTTPStatus.FORBIDDEN
    await visitor.nothing_opened()


async def test_a_door_for_two_waits_for_a_second_link(visitor: Visitor) -> None:
    entry = visitor.home.entry
    options = {**entry.options, "two_people": list(visitor.home.coordinator.doors)}
    visitor.hass.config_entries.async_update_entry(entry, options=options)
    await visitor.hass.async_block_till_done()
    await visitor.look()
    assert await visitor.press() == (
        HTTPStatus.ACCEPTED,
        "A second person has to open within 30 seconds.",
    )
    await visitor.nothing_opened()
    await visitor.send_link(label="Pharmacienne")
    await visitor.look()
    assert (await visitor.press())[0] == HTTPStatus.OK
    assert visitor.door == "open"


# --- how often -----------------------------------------------------------------------


def test_everybody_is_counted_apart_and_the_oldest_are_forgotten() -> None:
    now = [0.0]
    limit = RateLimit(2, 10.0, lambda: now[0])
    assert [limit.allows("a") for _ in range(3)] == [True, True, False]
    assert limit.allows("b")
    now[0] = 10.0
    assert [limit.allows("a") for _ in range(2)] == [True, False]
    for n in range(2000):
        limit.allows(str(n))
    assert limit.allows("a")


@pytest.mark.parametrize(
    ("address", "asker"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3::9", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
        ("unix", "unix"),
        (None, ""),
    ],
)
def test_a_household_asks_as_one(address: str | None, asker: str) -> None:
    assert neighbourhood(address) == asker


def test_no_more_pages_wait_for_a_press_than_there_is_room_for() -> None:
    visits = opening_view.Visits()
    link = opening_view.OpeningLink(
        coordinator=None,  # type: ignore[arg-type]
        door="entrance",
        expires_at=0,
        digest="digest",
    )
    first = visits.begin(link)
    for _ in range(1024):
        last = visits.begin(link)
    assert not visits.end(first, link)
    assert visits.end(last, link)
