"""Home Assistant on a loopback port, for the tests of the phone.

The only module here that knows Home Assistant; the phone never imports it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, override

from aiohttp import web
from homeassistant.components.image import ImageEntity
from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util, slugify
from pytest_homeassistant_custom_component.common import (  # type: ignore[import-untyped]
    CLIENT_ID,
    MockUser,
    async_capture_events,
    setup_test_component_platform,
)

from .notification import Json
from .phone import Phone

if TYPE_CHECKING:
    from homeassistant.auth.models import User
    from homeassistant.config_entries import ConfigEntry

PICTURE = b"\xff\xd8\xff\xe0 a visitor"
IMAGE_PATH = "/api/image_proxy/image.visitor"
ACTION_EVENT = "mobile_app_notification_action"
CLEARED_EVENT = "mobile_app_notification_cleared"


class Visitor(ImageEntity):
    """An image entity as a door has one."""

    _attr_has_entity_name = False
    _attr_name = "Visitor"
    _attr_content_type = "image/jpeg"

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with a picture."""
        super().__init__(hass)
        self._attr_image_last_updated = dt_util.utcnow()

    @override
    async def async_image(self) -> bytes:
        return PICTURE


class House:
    """A Home Assistant with `mobile_app`, reached over real HTTP."""

    def __init__(self, hass: HomeAssistant) -> None:
        self.hass = hass
        self.port = 0
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Return the address."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Listen; a port chosen once is kept."""
        app = self.hass.http.app
        # Home Assistant adds views later.
        app._router.freeze = lambda: None  # type: ignore[method-assign]
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Cut every connection and listen no more."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def person(self, name: str) -> tuple[User, str]:
        """Return a user who is no administrator, and an access token of theirs."""
        group = await self.hass.auth.async_get_group("system-users")
        user = MockUser(name=name, groups=[group]).add_to_hass(self.hass)
        refresh_token = await self.hass.auth.async_create_refresh_token(user, CLIENT_ID)
        return user, self.hass.auth.async_create_access_token(refresh_token)

    async def notify(self, phone: Phone, message: str, **more: object) -> None:
        """Send through `notify.mobile_app_<name>`; `title` and `data` are optional.

        Returns when a phone that confirms has confirmed it.
        """
        confirmed = len(phone.confirmed)
        await self.hass.services.async_call(
            "notify",
            f"mobile_app_{slugify(phone.device_name)}",
            {"message": message} | more,
            blocking=True,
        )
        if phone.confirms:
            await phone.until(lambda phone: len(phone.confirmed) > confirmed)

    def entry(self, phone: Phone) -> ConfigEntry | None:
        """Return the phone's config entry."""
        for entry in self.hass.config_entries.async_entries("mobile_app"):
            if entry.data[CONF_WEBHOOK_ID] == phone.registration.webhook_id:
                return entry
        return None

    def device(self, phone: Phone) -> dr.DeviceEntry | None:
        """Return the phone's device."""
        if (entry := self.entry(phone)) is None:
            return None
        registry = dr.async_get(self.hass)
        (device,) = dr.async_entries_for_config_entry(registry, entry.entry_id)
        return device

    async def until_gone(self, phone: Phone) -> None:
        """Wait until Home Assistant has noticed that a phone is away."""
        async with asyncio.timeout(5):
            while phone.registration.webhook_id in self._channels:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    def unconfirmed(self, phone: Phone) -> Json:
        """Return the pushes that Home Assistant still waits for."""
        channel = self._channels[phone.registration.webhook_id]
        pending: Json = channel.pending_confirms
        return pending

    @property
    def _channels(self) -> Json:
        channels: Json = self.hass.data["mobile_app"]["push_channel"]
        return channels

    def events(self, event_type: str) -> list[Event]:
        """Return a list that grows with every such event."""
        captured: list[Event] = async_capture_events(self.hass, event_type)
        return captured


@asynccontextmanager
async def living_in(hass: HomeAssistant) -> AsyncIterator[House]:
    """Set up what a phone talks to, with one image entity, and listen."""
    for component in ("homeassistant", "auth", "mobile_app"):
        assert await async_setup_component(hass, component, {})
    setup_test_component_platform(hass, "image", [Visitor(hass)])
    assert await async_setup_component(hass, "image", {"image": {"platform": "test"}})
    await hass.async_block_till_done()
    house = House(hass)
    await house.start()
    try:
        yield house
    finally:
        await house.stop()
