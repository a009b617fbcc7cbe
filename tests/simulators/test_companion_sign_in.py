"""Who uses the phone: name and password, a token, and what is refused."""

from collections.abc import AsyncIterator

import aiohttp
from homeassistant.auth.providers.homeassistant import HassAuthProvider
from homeassistant.core import HomeAssistant
import pytest

from tests.simulators.companion import Phone, SignIn, SignInError
from tests.simulators.companion.house import House, living_in

pytestmark = [
    pytest.mark.usefixtures("socket_enabled"),
    # Home Assistant's own http component.
    pytest.mark.filterwarnings("ignore::aiohttp.web_exceptions.NotAppKeyWarning"),
]


@pytest.fixture
async def house(
    hass: HomeAssistant, local_auth: HassAuthProvider
) -> AsyncIterator[House]:
    async with living_in(hass) as house:
        yield house


async def test_name_and_password_sign_in_as_the_app_does(
    house: House, local_auth: HassAuthProvider
) -> None:
    user, _ = await house.person("Doctor")
    assert local_auth.data is not None
    await house.hass.async_add_executor_job(
        local_auth.data.add_auth, "doctor", "a good password"
    )
    await house.hass.auth.async_link_user(
        user, await local_auth.async_get_or_create_credentials({"username": "doctor"})
    )
    good = SignIn(house.url, "doctor", "a good password")
    async with Phone(house.url, good, device_name="Doctor") as phone:
        entry = house.entry(phone)
        assert entry is not None
        assert entry.data["user_id"] == user.id
    with pytest.raises(SignInError, match="doctor"):
        await Phone(
            house.url, SignIn(house.url, "doctor", "wrong"), device_name="Thief"
        ).start()


async def test_a_wrong_token_is_refused_at_once(house: House) -> None:
    with pytest.raises(SignInError):
        await Phone(house.url, "no token", device_name="Thief").start(patient=True)


async def test_an_access_token_that_ends_is_refreshed_without_signing_in_again(
    house: House, local_auth: HassAuthProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, _ = await house.person("Doctor")
    assert local_auth.data is not None
    await house.hass.async_add_executor_job(
        local_auth.data.add_auth, "doctor", "a good password"
    )
    await house.hass.auth.async_link_user(
        user, await local_auth.async_get_or_create_credentials({"username": "doctor"})
    )
    sign_in = SignIn(house.url, "doctor", "a good password")
    async with aiohttp.ClientSession() as session:
        first = await sign_in.token(session)
        assert await sign_in.token(session) == first
        before = len(user.refresh_tokens)
        monkeypatch.setattr(sign_in, "_expires", 0.0)
        second = await sign_in.token(session)
    assert house.hass.auth.async_validate_access_token(second) is not None
    assert len(user.refresh_tokens) == before
