"""Opening links under every attack on them that we know of."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.cabinet_secure import opening_view
from custom_components.cabinet_secure.const import DOMAIN
from custom_components.cabinet_secure.equipment.demo import Demonstration
from custom_components.cabinet_secure.opening_links import new_link
from tests.opening_visitor import HOST, PRESSED, Visitor, visitor

__all__ = ["visitor"]


async def test_a_forged_link_is_unknown_whatever_was_changed(visitor: Visitor) -> None:
    await visitor.look()
    path, _, token = visitor.link.rpartition("/")
    signed = urlsafe_b64decode(token)
    forged = [
        urlsafe_b64encode(
            signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]
        ).decode()
        for place in (0, 9, 10, 17, 18, 33, 34, 65)
    ]
    for wrong in (*forged, token[:-4], "é" * len(token), "!" * len(token)):
        for status, said in (
            await visitor.look(f"{path}/{wrong}"),
            await visitor.press(f"{path}/{wrong}"),
        ):
            assert status in (HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS)
            assert said.startswith(("This link is not valid.", "Too many"))
    await visitor.nothing_opened()
    assert await visitor.recorded() == ["grant:granted", "grant:visited"]


async def test_a_link_with_a_genuine_signature_that_nobody_was_given_opens_nothing(
    visitor: Visitor,
) -> None:
    await visitor.look()
    coordinator = visitor.home.coordinator
    stolen, _ = new_link(
        coordinator, next(iter(coordinator.doors)), dt_util.utcnow() + timedelta(1)
    )
    stolen = stolen.removeprefix(f"https://{HOST}")
    assert (await visitor.look(stolen))[0] == HTTPStatus.NOT_FOUND
    assert (await visitor.press(stolen))[0] == HTTPStatus.NOT_FOUND
    await visitor.nothing_opened()


async def test_an_expired_link_opens_nothing_and_is_still_recorded(
    visitor: Visitor, freezer: FrozenDateTimeFactory
) -> None:
    await visitor.look()
    freezer.tick(timedelta(hours=2))
    for status, said in (await visitor.press(), await visitor.look()):
        assert status == HTTPStatus.GONE
        assert said == "This link is not valid any more."
    await visitor.nothing_opened()
    assert (await visitor.recorded()).count("grant:visited") == 3


async def test_a_press_that_is_replayed_opens_nothing_twice(visitor: Visitor) -> None:
    await visitor.send_link(uses=5)
    await visitor.look()
    visit = visitor.visit
    assert (await visitor.press(visit=visit))[0] == HTTPStatus.OK
    for _ in range(3):
        assert await visitor.press(visit=visit) == (
            HTTPStatus.CONFLICT,
            "Please press again: the page was too old.",
        )
    assert (await visitor.recorded()).count("access:granted") == 1


async def test_a_link_that_is_used_up_opens_nothing(visitor: Visitor) -> None:
    await visitor.look()
    first = visitor.visit
    await visitor.look()
    assert (await visitor.press())[0] == HTTPStatus.OK
    assert (await visitor.press(visit=first))[0] == HTTPStatus.GONE
    assert (await visitor.look())[0] == HTTPStatus.GONE
    assert (await visitor.recorded()).count("access:granted") == 1


async def test_a_press_too_long_after_the_page_was_loaded_opens_nothing(
    visitor: Visitor,
) -> None:
    await visitor.look()
    with patch.object(
        opening_view.time,
        "monotonic",
        return_value=opening_view.time.monotonic() + opening_view.VISIT_LIFE,
    ):
        assert (await visitor.press())[0] == HTTPStatus.CONFLICT
    await visitor.nothing_opened()
    # The page that answers is new, and works.
    assert (await visitor.press())[0] == HTTPStatus.OK


async def test_a_link_opens_no_other_door(
    hass: HomeAssistant, visitor: Visitor
) -> None:
    other = Demonstration("other", "Autre", "Cour")
    coordinator = visitor.home.coordinator
    coordinator.doors[other.doors[0].id] = other.doors[0]
    stolen, _ = new_link(
        coordinator, other.doors[0].id, dt_util.utcnow() + timedelta(1)
    )
    path, _, token = visitor.link.rpartition("/")
    signed = urlsafe_b64decode(token)
    # The mark of the other door, on the link of this one.
    mark = urlsafe_b64decode(stolen.rpartition("/")[2])[:10]
    moved = urlsafe_b64encode(mark + signed[10:]).decode()
    await visitor.look()
    assert (await visitor.look(f"{path}/{moved}"))[0] == HTTPStatus.NOT_FOUND
    assert (await visitor.press(f"{path}/{moved}"))[0] == HTTPStatus.NOT_FOUND
    # Nor by what else is sent along.
    body = f"door={other.doors[0].id}&visit={visitor.visit}"
    assert (await visitor.press(body=body))[0] == HTTPStatus.OK
    assert visitor.door == "open"
    assert coordinator.state.door(other.doors[0].id).released is None


@pytest.mark.parametrize(
    "host", ["evil.example", f"{HOST}.evil.example", f"{HOST}:8443", "127.0.0.1", "["]
)
async def test_a_link_is_unknown_at_an_address_it_was_not_made_for(
    visitor: Visitor, host: str
) -> None:
    await visitor.look()
    assert (await visitor.look(host=host))[0] == HTTPStatus.NOT_FOUND
    assert (await visitor.press(host=host))[0] == HTTPStatus.NOT_FOUND
    await visitor.nothing_opened()
    # What is the same address, is the same.
    assert (await visitor.look(host=f"{HOST.upper()}:443"))[0] == HTTPStatus.OK


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT"])
@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "WhatsApp/2.23.20.0"},
        {"User-Agent": "facebookexternalhit/1.1"},
        {"Sec-Purpose": "prefetch;prerender", "Purpose": "prefetch"},
        {"X-HTTP-Method-Override": "POST"},
    ],
)
async def test_a_program_that_previews_a_message_opens_nothing(
    visitor: Visitor, method: str, headers: dict[str, str]
) -> None:
    for _ in range(3):
        await visitor.client.request(
            method, visitor.link, headers={"Host": HOST, **headers}
        )
    await visitor.nothing_opened()
    # And what it did has not used the link up.
    await visitor.look()
    assert (await visitor.press())[0] == HTTPStatus.OK


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": f"https://{HOST}.evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
        {"Sec-Fetch-Site": "same-site", "Origin": f"https://{HOST}"},
        {"Sec-Fetch-Site": "none"},
    ],
)
async def test_a_form_on_another_site_opens_nothing(
    visitor: Visitor, headers: dict[str, str]
) -> None:
    await visitor.look()
    assert (await visitor.press(headers=headers))[0] == HTTPStatus.CONFLICT
    await visitor.nothing_opened()


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, "visit="),
        ({}, "visit=made-up"),
        ({}, "something=else"),
        ({}, "visit={visit}" + "&x" * 200),
        ({"Content-Type": "text/plain"}, "visit={visit}"),
        ({"Content-Type": "application/json"}, '{{"visit":"{visit}"}}'),
    ],
)
async def test_a_press_that_does_not_come_from_our_page_opens_nothing(
    visitor: Visitor, headers: dict[str, str], body: str
) -> None:
    await visitor.look()
    status, _ = await visitor.press(
        headers=headers, body=body.format(visit=visitor.visit)
    )
    assert status == HTTPStatus.CONFLICT
    await visitor.nothing_opened()


async def test_the_page_of_one_link_presses_no_other(visitor: Visitor) -> None:
    await visitor.look()
    visit = visitor.visit
    await visitor.send_link(label="Coursier")
    assert (await visitor.press(visit=visit))[0] == HTTPStatus.CONFLICT
    await visitor.nothing_opened()


async def test_guessing_is_answered_ever_more_rarely_and_keeps_nobody_out(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    await visitor.look()
    path = visitor.link.rpartition("/")[0]
    statuses = [
        (await visitor.press(f"{path}/{urlsafe_b64encode(bytes([n] * 66)).decode()}"))[
            0
        ]
        for n in range(40)
    ]
    assert statuses.count(HTTPStatus.NOT_FOUND) < 20
    assert statuses[-1] == HTTPStatus.TOO_MANY_REQUESTS
    assert caplog.text.count("Many wrong opening links") == 1
    await visitor.nothing_opened()
    assert await visitor.recorded() == ["grant:granted", "grant:visited"]
    # The visitor may share the address of whoever guesses.
    assert (await visitor.press())[0] == HTTPStatus.OK


async def test_one_link_does_not_fill_the_register(visitor: Visitor) -> None:
    statuses = [(await visitor.look())[0] for _ in range(40)]
    assert statuses[-1] == HTTPStatus.TOO_MANY_REQUESTS
    assert (await visitor.recorded()).count("grant:visited") < 30


@pytest.mark.parametrize("hours", [-3, -48])
async def test_a_clock_that_is_set_back_brings_no_link_back(
    visitor: Visitor, freezer: FrozenDateTimeFactory, hours: int
) -> None:
    await visitor.look()
    freezer.tick(timedelta(hours=2))
    async_fire_time_changed(visitor.hass)
    await visitor.hass.async_block_till_done()
    freezer.tick(timedelta(hours=hours))
    assert (await visitor.press())[0] in (HTTPStatus.GONE, HTTPStatus.CONFLICT)
    assert (await visitor.look())[0] == HTTPStatus.GONE
    await visitor.nothing_opened()


async def test_what_a_phone_believes_the_time_to_be_changes_nothing(
    visitor: Visitor, freezer: FrozenDateTimeFactory
) -> None:
    await visitor.look()
    freezer.tick(timedelta(hours=3))
    status, _ = await visitor.press(
        headers=PRESSED | {"Date": "Wed, 25 Nov 2020 08:00:00 GMT"}
    )
    assert status == HTTPStatus.GONE
    await visitor.nothing_opened()


async def test_nothing_of_a_link_is_kept_from_which_it_could_be_made_again(
    visitor: Visitor, hass_storage: dict[str, Any]
) -> None:
    await visitor.home.coordinator.async_stop()
    stored = str(hass_storage[f"{DOMAIN}.{visitor.home.entry.entry_id}"])
    assert visitor.link.rpartition("/")[2] not in stored
